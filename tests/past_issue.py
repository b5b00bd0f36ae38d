"""A story of a past issue, as an import leaves it."""

from datetime import UTC, datetime

from bot.desk import Desk
from storage.issues import imported_issue
from storage.records import Author, StoryStatus
from storage.stories import add_story, write_field


async def ran_before(desk: Desk, url: str, title: str) -> None:
    """Let a story have run in an earlier issue, as an import does."""
    when = datetime(2020, 4, 30, tzinfo=UTC)
    async with desk.database.transaction() as session:
        issue = await imported_issue(session, desk.settings.name, when.date(), path="issues/2020-04-30.md")
        story = await add_story(session, desk=desk.settings.name, key=url, url=url, pitched_by=None, now=when)
        assert story is not None
        story.status, story.issue_id, story.section = StoryStatus.PUBLISHED, issue.id, "news"
        await write_field(session, story.id, "title", title, author=Author.GIT, curator_id=None, now=when)
