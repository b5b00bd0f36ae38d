"""The workflow engine: starts workflows from any process, runs them in this one.

An errand in the database becomes a workflow whose id is the errand's, so that starting it again starts
nothing twice. On SQLite the engine's tables stand in a file of their own beside the desk's, since in one file
the two would wait for each other's write lock. The version is pinned: the take-over of a dead worker's
workflows uses an internal call of this release.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from bot.workflows import PRESS, QUEUE_OF, READING, SENDING, register_workflows
from bot.works import Works
from storage.database import Database
from storage.engine_file import engine_url, prepare_engine_file
from storage.executors import beat, forget
from storage.outbox import mark_started, waiting_errands

log = logging.getLogger(__name__)

APPLICATION = "copydesk"
VERSION = "1"  # fixed: the engine's default is a hash of the source, and would strand work at each change
_POLL = 0.2  # seconds; enqueue to start is then about 100 ms
_POLL_SENDING = 1.0  # seconds; an issue may go out a little later, and each look costs processor time
DEAD_AFTER = 30.0
"""Seconds of silence after which a worker counts as dead, and others take its workflows over."""
_BEATS = 6  # heartbeats in that time
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]  # the engine's words
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
        for queue, poll in ((PRESS, _POLL), (SENDING, _POLL_SENDING)):
            await self._client.register_queue_async(queue, global_concurrency=1, polling_interval_sec=poll)

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

    async def forget_finished(self, *, before: datetime, limit: int) -> int:
        """Forget up to `limit` workflows that ended before a time, with their steps; return how many."""
        if self._client is None:
            raise RuntimeError("the starter is not open")
        ended = await self._client.list_workflows_async(
            status=_ENDED,
            completed_before=before.isoformat(),
            limit=limit,
            load_input=False,
            load_output=False,
        )
        if ended:
            await self._client.delete_workflows_async([workflow.workflow_id for workflow in ended])
        return len(ended)

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
        register_workflows(self._works)
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
