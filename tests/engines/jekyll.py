"""Jekyll as GitHub Pages runs it: Liquid first, then kramdown with GitHub's dialect."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engines.engine import BuildError

FRONT_MATTER = "---\nlayout: default\n---\n\n"
_LAYOUT = "{{ content }}"
# Ids of headings are made from their text, and would make of each heading a page of its own.
_CONFIG = "markdown: kramdown\nkramdown:\n  input: GFM\n  auto_ids: false\n  hard_wrap: false\n"


class Jekyll:
    """Debian's jekyll with kramdown and kramdown-parser-gfm."""

    name = "jekyll"

    def missing(self) -> str:
        return "" if shutil.which("jekyll") else "jekyll is not installed"

    def pages(self, documents: Sequence[str]) -> list[str]:
        """Build a site of these pages; one without front matter, which Jekyll only copies, gets some."""
        with TemporaryDirectory(prefix="copydesk-jekyll-") as name:
            site = Path(name)
            for number, document in enumerate(documents):
                whole = document if document.startswith("---\n") else FRONT_MATTER + document
                (site / f"page-{number}.md").write_text(whole, encoding="utf-8", newline="")
            build_site(site)
            return [
                (site / "_site" / f"page-{number}.html").read_text(encoding="utf-8")
                for number in range(len(documents))
            ]


def build_site(site: Path) -> None:
    """Build a folder strictly into its `_site`; what it lacks of a layout and a config is made."""
    (site / "_layouts").mkdir(exist_ok=True)
    (site / "_layouts" / "default.html").write_text(_LAYOUT, encoding="utf-8")
    (site / "_config.yml").write_text(_CONFIG, encoding="utf-8")
    done = subprocess.run(
        ["jekyll", "build", "--strict_front_matter", "--disable-disk-cache", "--quiet"],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=_environment(site),
    )
    if done.returncode or "Error" in done.stderr or "Warning" in done.stderr:
        raise BuildError(done.stderr[-2000:])


def _environment(site: Path) -> dict[str, str]:
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(site), "JEKYLL_NO_BUNDLER_REQUIRE": "1"}
