"""Reading a story's page: the steps of a durable workflow, beside the events and never in their way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.advising import with_learnt_advice
from bot.drafting import Drafter
from bot.hearing import DeskSettings
from bot.reading.article import Article, Reading
from bot.reading.fetch import Fetcher, FetchFailedError
from bot.reading.page import Page
from bot.reading.sources import page_to_read
from bot.reading.workers import ReadingWorkers
from bot.settling import as_json, write_reading
from storage.cards import order_card
from storage.database import Database, Session
from storage.journal import write_line_once
from storage.outbox import order_errand
from storage.records import Author
from storage.stories import story_with_fields, touch, write_machine_fields

RETRY_AFTER = (5.0, 60.0, 600.0)
"""Seconds to wait before each further try at a page that may be readable later."""


@dataclass(frozen=True, slots=True)
class StoryReader:
    """Reads the pages behind links and writes what they say into stories."""

    database: Database
    settings: DeskSettings
    fetcher: Fetcher
    workers: ReadingWorkers
    clock: Callable[[], datetime]
    drafter: Drafter | None = None

    async def read_page(self, story_id: int) -> dict[str, Any]:
        """Fetch and parse a story's page; keep its text; return the rest as JSON.

        Reading again does no harm, so that this step may be interrupted anywhere.
        """
        url = await self._url_of(story_id)
        try:
            page = await self.fetcher.fetch(page_to_read(url))
        except FetchFailedError as failed:
            found = Reading(failed.verdict, failed.reason)
            return as_json(found, url, passing=failed.passing) | {"url": url}
        reading = await self.workers.read(page)
        await self._keep_text(story_id, url, reading.article)
        reading = await self._drafted(story_id, reading)
        return as_json(reading, page.final_url, passing=False) | {"url": url}

    async def read_text(self, story_id: int) -> dict[str, Any]:
        """Make an article of the text that someone pasted."""
        async with self.database.reading() as session:
            story = await story_with_fields(session, story_id)
            body = story.field("text").encode()
        page = Page(story.url, story.url, 200, "text/plain", "utf-8", body)
        reading = await self._drafted(story_id, await self.workers.read(page))
        return as_json(reading, story.url, passing=False) | {"pasted": True}

    async def settle(self, story_id: int, read: Mapping[str, Any], *, errand: str, tries: int) -> None:
        """Write what was read into the story, ask for its cards, and for another try where that may help.

        What was found at a link that the story no longer has is dropped: its new link is being read.
        """
        read = await with_learnt_advice(self.database, self.workers, self.settings, story_id, read)
        async with self.database.transaction() as session:
            story = await story_with_fields(session, story_id)
            if read.get("url", story.url) != story.url:
                return
            story.being_read_since = None
            improved = await write_reading(session, self.settings, story, read, self.clock())
            await write_line_once(
                session,
                f"{errand}:read",
                desk=self.settings.name,
                deed="read",
                details={"verdict": read["verdict"], "reason": read["reason"]},
                now=self.clock(),
                story_id=story_id,
            )
            for room in self.settings.rooms:
                await order_card(session, story_id, room)
            await touch(session, story_id)
            if read["passing"] and not improved and tries < len(RETRY_AFTER):
                await self._try_later(session, story_id, errand, tries)

    async def _try_later(self, session: Session, story_id: int, errand: str, tries: int) -> None:
        base = errand.removesuffix(f":try-{tries}")
        await order_errand(
            session,
            errand_id=f"{base}:try-{tries + 1}",
            workflow="read",
            arguments=[str(story_id), str(tries + 1)],
            now=self.clock(),
            delay=RETRY_AFTER[tries],
        )

    async def _drafted(self, story_id: int, reading: Reading) -> Reading:
        """Let the model draft, where there is one and no person has written the summary."""
        if self.drafter is None:
            return reading
        async with self.database.reading() as session:
            author = (await story_with_fields(session, story_id)).author_of("summary")
        return reading if author not in (None, Author.MACHINE) else await self.drafter.draft(reading)

    async def _url_of(self, story_id: int) -> str:
        async with self.database.reading() as session:
            return (await story_with_fields(session, story_id)).url

    async def _keep_text(self, story_id: int, url: str, article: Article | None) -> None:
        if article is None:
            return
        async with self.database.transaction() as session:
            if (await story_with_fields(session, story_id)).url == url:
                await write_machine_fields(session, story_id, {"text": article.text}, now=self.clock())
