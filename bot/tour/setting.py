"""Where the tour plays: a newsroom of its own in a folder, with four people in the room."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config, parse_config
from bot.newsroom import Newsroom
from bot.operator_tasks import invitation_link
from bot.tour.day_clock import DayClock
from bot.tour.lines import Lines
from bot.tour.sample_site import sample_site
from bot.tour.visitor import Visitor
from storage.people_records import Role

DAY = date(2026, 5, 15)
"""A Friday. The articles are of that week, so that the day always looks the same."""
ZONE = "Asia/Shanghai"
CAST = {"lin": Role.CURATOR, "ada": Role.CURATOR, "ben": Role.CURATOR, "zhou": Role.EDITOR}
SECTIONS = {"news": "⚡", "papers": "🤓", "projects": "👨‍💻", "posts": "✍"}
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Setting:
    """An open newsroom, the people in its room by their part, and the address of the sample site."""

    config: Config
    people: Mapping[str, Visitor]
    articles: str
    clock: DayClock


@asynccontextmanager
async def setting(folder: Path, lines: Lines) -> AsyncIterator[Setting]:
    """Open the newsroom in an empty folder and let everyone sign in by invitation."""
    clock = DayClock(DAY, ZoneInfo(ZONE))
    clock.turn_to(9, 0)
    async with AsyncExitStack() as stack:
        articles = await stack.enter_async_context(sample_site(_HOST))
        config = tour_config(folder, lines, web_port=free_port(), articles=articles)
        await stack.enter_async_context(Newsroom(config, clock=clock))
        people = {part: await _invited(config, role, lines.line(part)) for part, role in CAST.items()}
        for visitor in people.values():
            await stack.enter_async_context(visitor)
        yield Setting(config, people, f"http://{articles}", clock)


def tour_config(folder: Path, lines: Lines, *, web_port: int, articles: str) -> Config:
    """Return a config as an operator would write it, with the sample site as the only host allowed."""
    sections = [
        {"key": key, "name": lines.line(f"section_{key}"), "emoji": emoji} for key, emoji in SECTIONS.items()
    ]
    return parse_config(
        {
            "newsroom": {
                "database": f"sqlite:///{folder / 'copydesk.db'}",
                "state": folder,
                "language": lines.language,
                "timezone": ZONE,
            },
            "desk": {"name": "embedded-ai", "threshold": 2, "sections": sections},
            "newsletter": {"layout": "embedded-ai-report", "repository": folder / "newsletter.git"},
            "web": {"host": _HOST, "port": web_port},
            "reading": {"allowed_hosts": (articles,)},
        }
    )


def free_port() -> int:
    """Return a port that nobody listens at: links to the room must name it before the room is open."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


async def _invited(config: Config, role: Role, name: str) -> Visitor:
    link = await invitation_link(config, role, name=name)
    return Visitor(config.web.address, link.rpartition("/")[2], name)
