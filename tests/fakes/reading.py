"""What pages say, made up: stories are settled by the real reader's last step, without fetching."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.desk import Desk
from bot.reader import StoryReader
from bot.reading.fetch import Fetcher
from bot.reading.workers import ReadingWorkers
from storage.event_records import Errand
from storage.outbox import mark_started, waiting_errands
from storage.stories import story_by_id


def reading(
    title: str = "",
    *,
    verdict: str = "fine",
    passing: bool = False,
    final_url: str = "",
    pasted: bool = False,
    **fields: str,
) -> dict[str, Any]:
    """Return what a page said, as the reader's first step returns it."""
    return {
        "verdict": verdict,
        "reason": "" if verdict == "fine" else f"made-up-{verdict}",
        "passing": passing,
        "final_url": final_url,
        "fields": {"title": title, **fields} if title else dict(fields),
        **({"pasted": True} if pasted else {}),
    }


def page_at(url: str) -> dict[str, Any]:
    """Return a readable page whose title is the last word of its address: ``/wet-moon`` → Wet moon."""
    parts = urlsplit(url)
    title = (parts.path.strip("/").rpartition("/")[2] or parts.netloc).replace("-", " ").capitalize()
    return reading(
        title, source=parts.netloc, language="en", summary=f"{title} in short.", published="2020-04-30"
    )


@dataclass
class Readings:
    """What is found at each address; any other has a readable page."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    pasted: dict[str, Any] = field(default_factory=lambda: reading("Pasted words", summary="As pasted."))
    read_urls: list[str] = field(default_factory=list)

    async def read(self, desk: Desk) -> int:
        """Read the page of each story that the desk sends for; return how many."""
        async with desk.database.reading() as session:
            waiting = await waiting_errands(session, limit=100)
        errands = [errand for errand in waiting if errand.workflow.startswith("read") and not errand.delay]
        for errand in errands:
            await self._settle(desk, errand)
        if errands:
            async with desk.database.transaction() as session:
                await mark_started(session, [errand.id for errand in errands], desk.clock())
        return len(errands)

    async def _settle(self, desk: Desk, errand: Errand) -> None:
        story_id, tries = int(errand.arguments[0]), int([*errand.arguments, "0"][1])
        async with desk.database.reading() as session:
            url = (await story_by_id(session, story_id)).url
        self.read_urls.append(url)
        if errand.workflow == "read_text":
            read = self.pasted | {"pasted": True, "final_url": url}
        else:
            read = self.found.get(url) or page_at(url)
        read = read | {"final_url": read["final_url"] or url}
        reader = StoryReader(desk.database, desk.settings, Fetcher(), ReadingWorkers(processes=1), desk.clock)
        await reader.settle(story_id, read, errand=errand.id, tries=tries)
