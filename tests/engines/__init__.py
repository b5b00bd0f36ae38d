"""The Markdown engines that readers meet, real ones, behind one small interface.

Each engine turns many documents into HTML in one run, since starting Ruby alone costs a second. HTML in a
document is let through, as GitHub Pages does: what should stay inert must do so where nothing else guards it.
"""

from tests.engines.cmark_gfm import CmarkGfm
from tests.engines.engine import BuildError, Engine
from tests.engines.hugo import Hugo
from tests.engines.jekyll import Jekyll
from tests.engines.markdown_it import CommonMark, MarkdownItGfm

__all__ = ["ENGINES", "BuildError", "Engine"]

ENGINES: tuple[Engine, ...] = (Jekyll(), CmarkGfm(), Hugo(), MarkdownItGfm(), CommonMark())
