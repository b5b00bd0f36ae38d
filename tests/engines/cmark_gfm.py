"""cmark-gfm: what github.com shows a file with."""

import shutil
import subprocess
from collections.abc import Sequence

from tests.engines.engine import BuildError

_EXTENSIONS = ("table", "strikethrough", "autolink", "tagfilter", "tasklist")
_COMMAND = ["cmark-gfm", "--unsafe", *(part for name in _EXTENSIONS for part in ("-e", name))]


class CmarkGfm:
    """The cmark-gfm program with all of GitHub's extensions; a process of 2 ms a document."""

    name = "cmark-gfm"

    def missing(self) -> str:
        return "" if shutil.which("cmark-gfm") else "cmark-gfm is not installed"

    def pages(self, documents: Sequence[str]) -> list[str]:
        return [_html(document) for document in documents]


def _html(document: str) -> str:
    done = subprocess.run(_COMMAND, input=document.encode(), capture_output=True, check=False, timeout=60)
    if done.returncode:
        raise BuildError(done.stderr.decode(errors="replace"))
    return done.stdout.decode()
