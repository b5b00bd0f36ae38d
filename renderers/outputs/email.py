"""An issue as an e-mail: HTML that mail clients keep as it is, beside its plain text."""

from functools import cache

import css_inline

from renderers.issue_view import IssueView
from renderers.outputs.html import page
from renderers.outputs.html_check import html_faults
from renderers.outputs.output import Fault, Note, Output, file_name
from renderers.outputs.site import description_of, title_of

MEDIA_TYPE = "text/html; charset=utf-8"
CLIP = 102 * 1024
"""Bytes of HTML after which Gmail shows a link instead of the rest (observed, not documented)."""
_LARGEST = 1024 * 1024  # bytes; beyond it no mail client shows the message in a time that people wait
_CHARSET = '<meta charset="utf-8">'


def render(issue: IssueView, *, unsubscribe: str = "") -> tuple[Output, ...]:
    """Set an issue as the HTML of an e-mail; `unsubscribe` is a web address for its foot.

    Styles stand on the tags, since Gmail drops them elsewhere in many of its apps; only what cannot stand
    there, for dark mode and narrow screens, stays in the head.
    """
    filled = page(
        "email.html.j2",
        issue,
        title=title_of(issue),
        preheader=description_of(issue),
        unsubscribe=unsubscribe,
    )
    html = _inliner().inline(filled).replace("<head>", f"<head>{_CHARSET}", 1) + "\n"
    content = html.encode("utf-8")
    notes = (_clip_note(len(content)),) if len(content) > CLIP else ()
    return (Output(file_name(issue, ".html"), MEDIA_TYPE, content, notes),)


def faults(output: Output) -> tuple[Fault, ...]:
    """Check the HTML: well-formed, nothing that acts, links to the web, a size that mail clients show."""
    found = html_faults(output.text, anchors=False)
    if len(output.content) > _LARGEST:
        size = len(output.content) // 1024
        found += (Fault("too-large", f"The e-mail has {size} kB; at most {_LARGEST // 1024} kB are shown."),)
    return found


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _clip_note(size: int) -> Note:
    size, limit = size // 1024, CLIP // 1024
    message = f"Gmail cuts the message: it has {size} kB of HTML, and {limit} kB are shown."
    return Note("clipped", message, (("size", size), ("limit", limit)))
