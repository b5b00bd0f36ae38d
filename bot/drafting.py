"""A model drafts the summary of what was read; whatever goes wrong, the sentences of the article stand."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.hearing import DeskSettings
from bot.model.breaker import Breaker
from bot.model.endpoint import Endpoint
from bot.model.judging import judge
from bot.model.no_draft import OF_ENDPOINT, NoDraft, NoDraftError
from bot.model.prompt import Message, Wanted, gives_orders, messages_for
from bot.reading.article import Article, Reading, Summary
from bot.reading.workers import ReadingWorkers, WorkFailedError
from bot.settling import READ
from bot.summary_tables import ModelConfig
from storage.database import Database, is_passing
from storage.model_calls import count_call

log = logging.getLogger(__name__)

_AT_ONCE = 2
"""Questions: a model on a machine of one's own answers one after another anyway."""
_TRIES = 2
_JUDGING_SECONDS = 10.0
_MOST_JUDGED = 200_000
"""Characters of an article that an answer is held against: no more of it is ever sent. A second's work."""


class Drafter:
    """Asks a model for drafts, as often as the config allows, and lets through what its article bears out."""

    def __init__(
        self,
        database: Database,
        settings: DeskSettings,
        workers: ReadingWorkers,
        *,
        model: ModelConfig,
        key: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Prepare to ask; nothing is opened before the first question. `key` may be empty."""
        self._database, self._settings, self._workers = database, settings, workers
        self._model, self._clock = model, clock
        self._endpoint = Endpoint(model, key)
        self._breaker = Breaker()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def draft(self, reading: Reading) -> Reading:
        """Return the reading with a model's draft, or with its own and the reason why."""
        article = reading.article
        if reading.verdict not in READ or article is None or not article.text or reading.summary is None:
            return reading
        try:
            summary = await self._drafted(article)
        except NoDraftError as none:
            log.warning("no draft by the model", extra={"reason": none.reason.value})
            return replace(reading, summary=_fallback(reading.summary, none.reason))
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("drafting failed")
            return replace(reading, summary=_fallback(reading.summary, NoDraft.BROKEN))
        return replace(reading, summary=summary)

    async def _drafted(self, article: Article) -> Summary:
        summary = self._settings.config.summary
        wanted = Wanted(summary.language or article.language, summary.characters)
        given = replace(article, text=article.text[: self._model.input_characters])
        if gives_orders(f"{given.title}\n{given.text}"):
            raise NoDraftError(NoDraft.ORDERED)
        messages = messages_for(given, wanted, fence=f"ARTICLE-{secrets.token_hex(8)}")
        async with self._turn:
            return await self._asked(messages, article, wanted)

    async def _asked(self, messages: list[Message], article: Article, wanted: Wanted) -> Summary:
        """Ask, and tell the breaker how it ended."""
        time = asyncio.get_running_loop().time
        if self._breaker.rests(time()):
            raise NoDraftError(NoDraft.RESTING)
        try:
            body = await self._answer(messages)
            held_against = replace(article, text=article.text[:_MOST_JUDGED])
            judged = await self._workers.do(judge, body, held_against, wanted, seconds=_JUDGING_SECONDS)
        except WorkFailedError:
            judged = NoDraft.UNCHECKED
        except NoDraftError as none:
            judged = none.reason
        if judged is not NoDraft.SPENT:
            self._breaker.note(time(), failed=judged in OF_ENDPOINT)
        if isinstance(judged, NoDraft):
            raise NoDraftError(judged)
        return judged

    async def _answer(self, messages: list[Message]) -> bytes:
        """Return an answer's bytes within the time of one draft; what may pass is tried a second time."""
        until = asyncio.get_running_loop().time() + self._model.seconds
        tries = _TRIES
        while True:
            await self._count()  # outside the time limit: a transaction cut short may keep its lock
            try:
                async with asyncio.timeout_at(until):
                    return await self._endpoint.ask(messages)
            except TimeoutError:
                raise NoDraftError(NoDraft.TOO_SLOW) from None
            except NoDraftError as none:
                tries -= not none.otherwise
                now = asyncio.get_running_loop().time()
                if none.pause is None or tries < 1 or now + none.pause >= until:
                    raise
                await asyncio.sleep(none.pause)

    async def _count(self) -> None:
        """Count a question before it is asked, so that no crash makes the day's bound a larger one."""
        today = self._clock().astimezone(self._settings.config.zone).date()
        async with self._database.transaction() as session:
            count = await count_call(session, self._settings.name, today)
        if count > self._model.most_per_day:
            raise NoDraftError(NoDraft.SPENT)

    async def close(self) -> None:
        """Close every connection."""
        await self._endpoint.close()


def _fallback(summary: Summary, reason: NoDraft) -> Summary:
    return replace(summary, drafted_by="fallback", no_draft=reason.value)
