"""The durable steps; the only home of the workflow engine.

An errand in the database becomes a workflow whose id is the errand's, so that starting it again starts
nothing twice. A step that is recorded never runs again; one that was interrupted does, and so each is
written to do no harm twice. On SQLite the engine's tables stand in a file of their own beside the desk's,
since in one file the two would wait for each other's write lock. The version is pinned: the take-over of
a dead worker's workflows uses an internal call of this release.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from bot.press import TakeBack
from bot.works import Works, or_trouble, show_preview, trouble_in, trouble_of
from storage.database import Database
from storage.engine_file import engine_url, prepare_engine_file
from storage.executors import beat, forget
from storage.outbox import mark_started, waiting_errands

log = logging.getLogger(__name__)

APPLICATION = "copydesk"
VERSION = "1"  # fixed: the engine's default is a hash of the source, and would strand work at each change
READING, PRESS = "reading", "press"
QUEUE_OF = {"read": READING, "read_text": READING, "publish": PRESS, "unpublish": PRESS, "preview": PRESS}
_POLL = 0.1  # seconds; enqueue to start is then about 60 ms, for 6 % of one core when idle
_MOST_RECOVERIES = 1000  # a workflow may be interrupted by that many crashes
_TRIES = 8  # of a step that the database failed, over about a minute
DEAD_AFTER = 30.0
"""Seconds of silence after which a worker counts as dead, and others take its workflows over."""
_BEATS = 6  # heartbeats in that time
_AT_ONCE = 20  # errands; what an editor asks for meanwhile comes first in the next round


class Starter:
    """Starts workflows from any process; it does not run them."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime], at_once: int) -> None:
        self._database, self._clock, self._at_once = database, clock, at_once
        self._client: DBOSClient | None = None

    async def open(self) -> None:
        """Prepare the engine's tables and queues."""
        prepare_engine_file(self._database.url)
        url = engine_url(self._database.url)
        await asyncio.to_thread(DBOS.migrate, url)
        self._client = DBOSClient(
            system_database_url=url,
            application_name=APPLICATION,
            serializer=DBOSPortableJSONSerializer(),
        )
        await self._client.register_queue_async(
            READING, worker_concurrency=self._at_once, polling_interval_sec=_POLL
        )
        await self._client.register_queue_async(PRESS, global_concurrency=1, polling_interval_sec=_POLL)

    async def start_errands(self) -> int:
        """Start the workflows that are asked for; return how many."""
        if self._client is None:
            raise RuntimeError("the starter is not open")
        async with self._database.reading() as session:
            errands = await waiting_errands(session, last=("read", "read_text"), limit=_AT_ONCE)
        for errand in errands:
            await self._client.enqueue_async(
                {
                    "workflow_name": errand.workflow,
                    "queue_name": QUEUE_OF[errand.workflow],
                    "workflow_id": errand.id,
                    "app_version": VERSION,
                    "delay_seconds": errand.delay,
                },
                errand.id,
                *errand.arguments,
            )
        if errands:
            async with self._database.transaction() as session:
                await mark_started(session, [errand.id for errand in errands], self._clock())
        return len(errands)

    async def close(self) -> None:
        """Let the engine's database go."""
        if self._client is not None:
            await asyncio.to_thread(self._client.destroy)
            self._client = None


class Engine:
    """Runs workflows in this process: one a process, since the library keeps one registry."""

    def __init__(
        self, database: Database, works: Works, *, executor: str, dead_after: float = DEAD_AFTER
    ) -> None:
        """Prepare; `dead_after` are the seconds of a worker's silence that others wait."""
        self._database, self._works, self._executor = database, works, executor
        self._dead_after = dead_after
        self._heart: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Launch in the running loop, on which the workflows run too; take up what was interrupted."""
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": engine_url(self._database.url),
                "application_version": VERSION,
                "executor_id": self._executor,
                "serializer": DBOSPortableJSONSerializer(),
                "max_executor_threads": 16,
                "sys_db_pool_size": 5,
                "log_level": "WARNING",
            }
        )
        _register(self._works)
        if not self._database.is_sqlite:
            await beat(self._database, self._executor, dead_after=self._dead_after)
        DBOS.launch()
        if not self._database.is_sqlite:
            self._heart = asyncio.create_task(self._beat_on())

    async def _beat_on(self) -> None:
        """Say that this worker lives, and take over the workflows of those that do not."""
        while True:
            await asyncio.sleep(self._dead_after / _BEATS)
            try:
                dead = await beat(self._database, self._executor, dead_after=self._dead_after)
                if dead:
                    taken = await asyncio.to_thread(DBOS._recover_pending_workflows, dead)
                    log.warning("took over workflows", extra={"dead": dead, "workflows": len(taken)})
                    await forget(self._database, dead)
            except Exception:  # the next beat tries again; a worker does not die of a lost connection
                log.exception("heartbeat failed")

    async def close(self) -> None:
        """Stop running workflows; what is under way is taken up at the next start."""
        if self._heart is not None:
            self._heart.cancel()
            with suppress(asyncio.CancelledError):
                await self._heart
        # The engine lends the loop its threads and ends them with itself; the rest of the closing needs some.
        destroying = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-close")
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(destroying, lambda: DBOS.destroy(destroy_registry=True))
        destroying.shutdown(wait=False)
        loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="asyncio"))


def _register(works: Works) -> None:
    """Tell the engine its workflows. Arguments and results are JSON."""
    _register_reading(works)
    _register_publish(works)
    _register_undo(works)
    _register_preview(works)


def _step(function: Callable[..., Any]) -> Callable[..., Any]:
    return DBOS.step(retries_allowed=True, max_attempts=_TRIES, interval_seconds=0.5)(function)


def _workflow(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return DBOS.workflow(name=name, max_recovery_attempts=_MOST_RECOVERIES)


def _register_reading(works: Works) -> None:
    @_step
    async def read_page(story_id: int) -> dict[str, Any]:
        return await works.reader.read_page(story_id)

    @_step
    async def read_pasted(story_id: int) -> dict[str, Any]:
        return await works.reader.read_text(story_id)

    @_step
    async def settle(story_id: int, read: dict[str, Any], errand: str, tries: int) -> None:
        await works.reader.settle(story_id, read, errand=errand, tries=tries)
        works.wake()

    @_workflow("read")
    async def read(errand: str, story_id: str, tries: str = "0") -> None:
        await settle(int(story_id), await read_page(int(story_id)), errand, int(tries))

    @_workflow("read_text")
    async def read_text(errand: str, story_id: str) -> None:
        await settle(int(story_id), await read_pasted(int(story_id)), errand, 0)


def _register_publish(works: Works) -> None:
    @_step
    async def commit(publication_id: str) -> dict[str, Any]:
        return await or_trouble(works, works.press.print_publication(publication_id))

    @_step
    async def report(publication_id: str, result: dict[str, Any]) -> None:
        if (trouble := trouble_in(result)) is not None:
            await works.report.failed(publication_id, trouble)
        else:
            await works.report.published(publication_id, result)
        works.wake()

    @_workflow("publish")
    async def publish(errand: str, publication_id: str) -> None:
        await report(publication_id, await _or_given_up(works, commit(publication_id)))


def _register_undo(works: Works) -> None:
    @_step
    async def revert(asked_for: dict[str, Any]) -> dict[str, Any]:
        return await or_trouble(works, works.press.take_back(TakeBack(**asked_for)))

    @_step
    async def report_revert(asked_for: dict[str, Any], result: dict[str, Any], errand: str) -> None:
        if (trouble := trouble_in(result)) is not None:
            await works.report.not_taken_back(TakeBack(**asked_for), trouble, errand)
        else:
            await works.report.taken_back(TakeBack(**asked_for), result, errand)
        works.wake()

    @_workflow("unpublish")
    async def unpublish(errand: str, publication_id: str, line_id: str, curator_id: str, *where: str) -> None:
        at, room, message_id = where
        asked = TakeBack(publication_id, int(line_id), int(curator_id), at, room, message_id)
        await report_revert(asdict(asked), await _or_given_up(works, revert(asdict(asked))), errand)


def _register_preview(works: Works) -> None:
    @_step
    async def show(errand: str, room: str, message_id: str) -> dict[str, Any]:
        return await or_trouble(works, show_preview(works, errand, room, message_id))

    @_workflow("preview")
    async def preview(errand: str, room: str, message_id: str) -> None:
        result = await _or_given_up(works, show(errand, room, message_id))
        if (trouble := trouble_in(result)) is not None:
            say = works.report.settings.wording.say
            text = say("preview_failed", problem=trouble.problem, advice=trouble.advice)
            await works.report.say(room, message_id, errand, text)
        works.wake()


async def _or_given_up(works: Works, step: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Return a step's result, or the trouble with which its last try ended; an editor is always answered."""
    try:
        return await step
    except Exception as given_up:
        errors = getattr(given_up, "errors", None) or [given_up]
        return trouble_of(works, errors[-1])
