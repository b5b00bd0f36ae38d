"""An issue as a PDF with A4 pages, set by typst from `templates/issue.typ`.

The words go to typst as data, so nothing in them is markup. It is set as PDF/A-2b: then typst refuses text
for which there is no font, where it would print empty boxes otherwise. This is CPU work: call it in a thread.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from renderers.issue_view import IssueView
from renderers.markdown import clean
from renderers.outputs.output import CannotRenderError, Fault, Note, Output, file_name
from renderers.outputs.pdf_check import pdf_faults
from renderers.outputs.pdf_data import BREAK, SIZE_LIMIT, data_of, size_of
from renderers.outputs.pdf_fonts import families, missing_in, needs_chinese

MEDIA_TYPE = "application/pdf"
_TRIES = 6
"""How often text without a font is replaced: typst tells of some at a time."""
_NAMED = 12  # characters without a font, and pictures without a file
_NO_FONT = (
    "There is no font for Chinese, Japanese or Korean: install fonts-noto-cjk, or put such a font into "
    "~/.local/share/fonts."
)


def render(issue: IssueView, *, fonts: typst.Fonts | None = None) -> tuple[Output, ...]:
    """Set an issue as one PDF; the same view and fonts give the same bytes.

    `fonts` are those of the system where none are given. Raises CannotRenderError where the issue is too
    long, or there is no font for its script; a rare character without a font is set as its code, and a
    picture whose view has no `image` left out: the notes tell.
    """
    fonts = fonts or typst.Fonts()
    data = data_of(issue, families(issue.masthead.language, fonts))
    content, notes = _set_whatever_fonts(data, fonts)
    return (Output(file_name(issue, ".pdf"), MEDIA_TYPE, content, (*notes, *_left_out(issue))),)


def _set_whatever_fonts(data: Mapping[str, Any], fonts: typst.Fonts) -> tuple[bytes, tuple[Note, ...]]:
    """Set the data, its characters without a font as their codes; return the PDF and the notes."""
    if size_of(data) > SIZE_LIMIT:
        raise CannotRenderError(
            "The issue has more text than a PDF of ours holds; its other outputs do.", code="too-much"
        )
    replaced: frozenset[str] = frozenset()
    for _ in range(_TRIES):
        try:
            return _set(_with_codes(data, replaced), fonts), _notes(replaced)
        except typst.TypstError as error:
            missing = missing_in(error) - replaced
            if needs_chinese(missing):
                raise CannotRenderError(_NO_FONT, code="no-font") from None
            if not missing:
                raise CannotRenderError(
                    f"The PDF could not be set: {error.message}.", code="not-set"
                ) from None
            replaced |= missing
    raise CannotRenderError("Too many characters of the issue have no font here.", code="no-fonts")


def faults(output: Output) -> tuple[Fault, ...]:
    """Check that it opens, has pages with text and a title, and that nothing in it acts."""
    return pdf_faults(output.content)


def _set(data: Mapping[str, Any], fonts: typst.Fonts) -> bytes:
    said = json.dumps(data, ensure_ascii=False)
    return typst.compile(
        _template(),
        sys_inputs={"issue": said},
        font_paths=fonts,
        ignore_system_fonts=True,
        pdf_standards="a-2b",
        timestamp=0,
    )


@cache
def _template() -> bytes:
    return files("renderers.outputs").joinpath("templates/issue.typ").read_bytes()


def _with_codes(data: Mapping[str, Any], replaced: frozenset[str]) -> Mapping[str, Any]:
    """Return the data with the code in place of each character that has no font."""
    if not replaced:
        return data
    said = json.dumps(data, ensure_ascii=False)
    table = {ord(one): "" if one == BREAK else f"[U+{ord(one):04X}]" for one in replaced}
    return json.loads(said.translate(table))  # type: ignore[no-any-return]  # it was a mapping before


def _notes(replaced: frozenset[str]) -> tuple[Note, ...]:
    told = sorted(replaced - {BREAK})
    if not told:
        return ()
    codes = _listed([f"U+{ord(one):04X}" for one in told])
    message = f"No font has these characters, which are set as their codes: {codes}."
    return (Note("no-glyph", message, (("codes", codes),)),)


def _left_out(issue: IssueView) -> tuple[Note, ...]:
    """Tell of pictures that are not in the PDF."""
    found = (one for story in issue.stories for one in story.pictures)
    missing = tuple(dict.fromkeys(clean(one.path) for one in found if one.image is None))
    if not missing:
        return ()
    paths = _listed(missing)
    message = f"Pictures are left out, for their files are not there or cannot be shown: {paths}."
    return (Note("pictures-missing", message, (("paths", paths),)),)


def _listed(names: Sequence[str]) -> str:
    more = f" … +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
