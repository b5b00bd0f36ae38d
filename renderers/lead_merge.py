"""Lead and shorts of an issue that people may have changed in the file."""

from collections.abc import Sequence

from renderers.issue_document import IssueDocument
from renderers.layout import Layout
from renderers.markdown import defuse
from renderers.wanted_issue import MergeNote, WantedIssue


def merge_lead(
    base: IssueDocument, document: IssueDocument, wanted: WantedIssue
) -> tuple[IssueDocument, tuple[MergeNote, ...]]:
    """Set the lead where the desk changed it and people left it alone; its count follows the stories.

    The count in a lead is no word of anybody's. A lead that people wrote keeps theirs, also once it is the
    desk's: a count that was not the stories' in the base is not made theirs.
    """
    ours, was = _as_read(document, wanted.lead), _as_read(document, wanted.lead_was)
    stands, stood = _counted(document.lead, document.layout), _counted(base.lead, document.layout)
    if ours != was and stands not in (stood, ours):
        note = MergeNote("lead-kept", stands=document.lead or "", wanted=(wanted.lead or "").strip())
        return document, (note,)
    if wanted.lead is None:
        taken_back = bool(was) and stands == was
        return document.with_lead("") if taken_back else document, ()
    if ours not in (was, stands):
        document = document.with_lead(_bare(wanted.lead, document.layout))
    elif stands != ours or base.with_story_count().text != base.text:
        return document, ()
    return document.with_story_count(), ()


def lead_says(document: IssueDocument, lead: str) -> bool:
    """Tell whether a document's lead says this, whatever its count."""
    return _counted(document.lead, document.layout) == _as_read(document, lead)


def merge_shorts(document: IssueDocument, wanted: Sequence[str]) -> IssueDocument:
    """Add the one-line news that the document lacks."""
    for text in wanted:
        if " ".join(defuse(text).split()) not in document.shorts:
            document = document.with_short(text)
    return document


def _as_read(document: IssueDocument, lead: str | None) -> str:
    """Return a lead as the document would read it, without its count."""
    if not lead or not lead.strip():
        return ""
    return _counted(document.with_lead(_bare(lead, document.layout)).lead, document.layout)


def _bare(lead: str, layout: Layout) -> str:
    return lead.strip().removeprefix(layout.labels.lead).strip()


def _counted(lead: str | None, layout: Layout) -> str:
    """Return a lead with its first count left blank."""
    said = lead or ""
    start, stop = layout.labels.count_in(said) or (0, 0)
    return f"{said[:start]}{said[stop:]}".strip()
