"""How long a curator waits for the receipt and for the card, with an idle desk and with 300 links waiting."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from benchmarks.desk import Watcher, drop, running_desk
from benchmarks.figure import Figure, figure, percentiles
from benchmarks.pages import pages
from benchmarks.site import serving

_SINGLE = 40  # links dropped one by one
_PACE = 0.5  # seconds between them


async def figures() -> AsyncIterator[Figure]:
    """Measure receipts and cards."""
    async with serving() as host, running_desk(host) as desk:
        ben, ada = await desk.person("Ben"), await desk.person("Ada")
        for found in await _one_by_one(ben, host, "idle desk", prefix="/x"):
            yield found
        waiting = [f"http://{host}{path}?waiting" for path in pages()]
        begun = time.perf_counter()
        await drop(ada, waiting)
        messages = set(ada.stored.values())
        await ada.until(lambda: messages <= ada.receipt_at.keys(), "every receipt", 120)
        yield figure("300 links at once, until the last receipt", time.perf_counter() - begun, "s")
        for found in await _one_by_one(ben, host, "300 links waiting", prefix="/x/x"):
            yield found


async def _one_by_one(person: Watcher, host: str, when: str, *, prefix: str) -> list[Figure]:
    urls = [f"http://{host}{prefix}{path}" for path in list(pages())[:_SINGLE]]
    sent: dict[str, float] = {}
    messages: dict[str, int] = {}
    for url in urls:
        sent[url] = time.perf_counter()
        messages[url] = await person.say(url)
        await asyncio.sleep(_PACE)
    await person.see_cards(urls)
    receipts = [person.receipt_at[messages[url]] - sent[url] for url in urls]
    return [*percentiles(f"receipt, {when}", receipts), *_cards(person, urls, sent, when)]


def _cards(person: Watcher, urls: Sequence[str], sent: dict[str, float], when: str) -> list[Figure]:
    return percentiles(f"card, {when}", [person.card_at[url] - sent[url] for url in urls])
