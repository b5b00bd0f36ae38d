"""What the preview page shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The issue as `/publish` would write it now.

    `html` is put into the page as it is, so the caller has sanitised it. `difference` is a unified diff to
    what is committed, one line each without its newline; empty where nothing would change.
    """

    title: str
    path: str
    html: str
    markdown: str
    difference: tuple[str, ...]
