"""What an operator's commands do with the desk's memory, without the newsroom around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.config import Config
from bot.newsroom import utc_now
from storage.cards import count_cards
from storage.curators import count_curators, first_editor
from storage.database import Database
from storage.inbox import count_unhandled, failed_events, take_up_again
from storage.invitations import invite
from storage.issues import dated_issues
from storage.migrate import migrate
from storage.people_records import Role
from storage.story_counts import count_stories, unread_stories


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """Open the database with its tables current."""
    database = Database(config.newsroom.database)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


async def migrate_database(config: Config) -> None:
    """Bring the tables to this release."""
    async with opened(config):
        pass


async def invitation_link(config: Config, role: Role, *, name: str | None) -> str:
    """Make a sign-in link; for an editor without a name, one for the first editor, where there is one."""
    async with opened(config) as database, database.transaction() as session:
        if role == Role.EDITOR and name is None:
            known = await first_editor(session)
            name = known.name if known else None
        token = await invite(session, role, name=name, now=utc_now())
    return f"{config.web.address}/sign-in/{token}"


async def desk_status(config: Config) -> dict[str, Any]:
    """Return how the desk is doing."""
    desk = config.desk.name
    async with opened(config) as database, database.reading() as session:
        counts = await count_stories(session, desk)
        issues = await dated_issues(session, desk)
        failed = await failed_events(session, desk)
        return {
            "desk": desk,
            "stories": {str(status): count for status, count in sorted(counts.items())},
            "being_read": await unread_stories(session, desk),
            "cards": await count_cards(session, desk),
            "curators": await count_curators(session),
            "issues": len(issues),
            "newest_issue": str(issues[0].date) if issues else None,
            "events_waiting": await count_unhandled(session, desk),
            "events_failed": [event.failure for event in failed],
        }


async def retry_failed(config: Config) -> int:
    """Let every event that failed wait to take effect again; return how many."""
    async with opened(config) as database, database.transaction() as session:
        failed = await failed_events(session, config.desk.name)
        for event in failed:
            await take_up_again(session, event.id)
        return len(failed)
