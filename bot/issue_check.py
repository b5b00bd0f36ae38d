"""What an issue is checked against: the links of past issues in one spelling, in files or in the database."""

from collections.abc import Mapping
from pathlib import Path

from bot.past_issues import issue_files
from bot.reading.link import NotALinkError, link
from renderers.issue_document import IssueDocument
from renderers.issue_lint import PastStories, past_stories_in, title_words
from renderers.layout import Layout
from storage.database import Session
from storage.records import StoryStatus
from storage.releases import issue_dates, stories_with_keys, titles_that_ran


def link_key(url: str) -> str:
    """Return a link's one spelling; what is no link is its own."""
    try:
        return link(url).key
    except NotALinkError:
        return url


def dated_files(place: Path, layout: Layout) -> dict[str, IssueDocument]:
    """Return the issues in a folder, or a work tree, by the dates in the names of their files."""
    return {
        day: IssueDocument.parse(content, layout)
        for name, content in issue_files(layout, place)
        if (day := layout.date_in(name)) is not None
    }


def past_in_folder(issues: Mapping[str, IssueDocument]) -> PastStories:
    """Return what ran in past issues."""
    return past_stories_in(issues, link_key)


async def ran_before(session: Session, desk: str, issue_id: int, document: IssueDocument) -> PastStories:
    """Return which links and titles of an issue ran in another one, as the desk's database knows."""
    known = await stories_with_keys(session, desk, {link_key(s.url) for s in document.stories if s.url})
    ran = {
        key: story.issue_id
        for key, story in known.items()
        if story.status == StoryStatus.PUBLISHED and story.issue_id not in (None, issue_id)
    }
    dates = await issue_dates(session, {number for number in ran.values() if number is not None})
    titles = {s.title.encode("utf-8", "replace").decode("utf-8") for s in document.stories if s.title}
    found = await titles_that_ran(session, desk, titles, besides=issue_id)
    return PastStories(
        links={key: str(dates.get(number or 0) or "") for key, number in ran.items()},
        titles={title_words(title): str(date or "") for title, date in found.items()},
    )
