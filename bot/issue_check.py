"""What an issue is checked against: the links of past issues in one spelling, in files or in the database."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from bot.past_issues import issue_files
from bot.reading.link import NotALinkError, link
from renderers.issue_document import IssueDocument
from renderers.issue_lint import PastStories, past_stories_in
from renderers.layout import Layout


def link_key(url: str) -> str:
    """Return a link's one spelling; what is no link is its own."""
    try:
        return link(url).key
    except NotALinkError:
        return url


def day_named(name: str) -> dt.date | None:
    """Return the day that a file is named after, its ending left out; None where that is no day."""
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return None


def dated_files(place: Path, layout: Layout) -> dict[str, IssueDocument]:
    """Return the issues in a folder, or a work tree, by the names of their files without the ending."""
    return {
        Path(name).stem: IssueDocument.parse(content, layout)
        for name, content in issue_files(layout, place)
        if day_named(Path(name).stem) is not None
    }


def past_in_folder(issues: Mapping[str, IssueDocument]) -> PastStories:
    """Return what ran in past issues."""
    return past_stories_in(issues, link_key)
