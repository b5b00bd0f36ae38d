"""A newsroom of its own for a measurement: a process on an empty folder, with people at its sockets."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.config import Config, load_config
from bot.operator_tasks import invitation_link
from bot.tour.visitor import Message, Visitor
from storage.people_records import Role
from tests.newsroom_process import NewsroomProcess, free_port

PER_MESSAGE = 10  # links; 30 messages at once are what one person may send

_CONFIG = """
[newsroom]
database = "sqlite:///{folder}/var/copydesk.db"
state = "{folder}/var"
[desk]
name = "measured"
threshold = 1
{sections}
[newsletter]
repository = "{folder}/newsletter.git"
[web]
port = {port}
[reading]
allowed_hosts = ["{host}"]
"""
_SECTIONS = (("news", "⚡"), ("papers", "🤓"), ("projects", "👨‍💻"), ("posts", "✍"))


class Watcher(Visitor):
    """A visitor who notes when each receipt and each card was first seen."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.receipt_at: dict[int, float] = {}
        self.card_at: dict[str, float] = {}

    def _take(self, said: Any) -> None:
        super()._take(said)
        now = time.perf_counter()
        for message in said.get("messages", ()):
            if message["card"]:
                self.card_at.setdefault(message["card"]["url"], now)
            elif _has_receipt(message):
                self.receipt_at.setdefault(message["id"], now)

    async def see_cards(self, urls: Sequence[str], patience: float = 600.0) -> float:
        """Wait until every link has its card; return when the last came."""
        await self.until(lambda: all(url in self.card_at for url in urls), f"{len(urls)} cards", patience)
        return max(self.card_at[url] for url in urls)


def _has_receipt(message: Message) -> bool:
    return any(reaction["bot"] for reaction in message["reactions"])


@dataclass(slots=True)
class MeasuredDesk:
    """A running newsroom."""

    config: Config
    process: NewsroomProcess
    folder: Path
    _people: list[Watcher] = field(default_factory=list)

    async def person(self, name: str, role: Role = Role.CURATOR) -> Watcher:
        """Let someone in."""
        token = (await invitation_link(self.config, role, name=name)).rpartition("/")[2]
        watcher = Watcher(self.config.web.address, token, name)
        self._people.append(watcher)
        await watcher.sign_in()
        await watcher.connect()
        return watcher

    async def close(self) -> None:
        """Let everyone leave, and stop."""
        for person in self._people:
            await person.leave()
        await self.process.stop()


def write_config(folder: Path, host: str) -> Path:
    """Write the config of a desk in this folder that may read from this host."""
    sections = "".join(f'[[desk.sections]]\nkey = "{k}"\nname = "{k}"\nemoji = "{e}"\n' for k, e in _SECTIONS)
    path = folder / "config.toml"
    path.write_text(_CONFIG.format(folder=folder, host=host, port=free_port(), sections=sections))
    return path


@asynccontextmanager
async def running_desk(host: str, folder: Path | None = None) -> AsyncIterator[MeasuredDesk]:
    """Run a newsroom in an empty folder, or in one that was prepared."""
    with TemporaryDirectory(prefix="copydesk-measured-") as name:
        folder = folder or Path(name)
        path = write_config(folder, host)
        config = load_config(path)
        process = NewsroomProcess(path, address=config.web.address, log=folder / "newsroom.log")
        await process.start()
        await process.ready()
        desk = MeasuredDesk(config, process, folder)
        try:
            yield desk
        finally:
            await desk.close()


async def drop(person: Watcher, urls: Sequence[str], words: str = "") -> None:
    """Pitch links, several to a message, as fast as the room takes them."""
    batches = [urls[n : n + PER_MESSAGE] for n in range(0, len(urls), PER_MESSAGE)]
    await asyncio.gather(
        *(person.do("say", text=" ".join([*batch, words]), patience=120) for batch in batches)
    )
