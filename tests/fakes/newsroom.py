"""A whole newsroom on a test's database and the local web, and people who sign in to it."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.config import Config, parse_config
from bot.operator_tasks import invitation_link
from bot.tour.visitor import Visitor
from storage.people_records import Role
from tests.newsroom_process import free_port

SECTIONS = (
    ("news", "News", "⚡"),
    ("papers", "Papers", "🤓"),
    ("projects", "Projects", "🎉"),
    ("posts", "Posts", "✍"),
)


def tables_of(folder: Path, database_url: str, *allowed_hosts: str) -> dict[str, Any]:
    """Return the tables of a config for a newsroom whose files are in a folder."""
    return {
        "newsroom": {"database": database_url, "state": str(folder), "language": "en"},
        "desk": {
            "threshold": 1,
            "sections": [{"key": key, "name": name, "emoji": emoji} for key, name, emoji in SECTIONS],
        },
        "newsletter": {"layout": "plain", "repository": str(folder / "newsletter.git")},
        "web": {"port": free_port()},
        "reading": {"processes": 1, "allowed_hosts": list(allowed_hosts)},
    }


def config_of(folder: Path, database_url: str, *allowed_hosts: str) -> Config:
    return parse_config(tables_of(folder, database_url, *allowed_hosts))


def write_config(path: Path, tables: dict[str, Any]) -> None:
    """Write tables of plain values, and the list of sections, as TOML; JSON's values are TOML's here."""
    lines = []
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items() if key != "sections"]
        for section in table.get("sections", ()):
            lines.append(f"[[{name}.sections]]")
            lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in section.items()]
    path.write_text("\n".join(lines) + "\n")


@asynccontextmanager
async def signed_in(config: Config, name: str, role: Role = Role.CURATOR) -> AsyncIterator[Visitor]:
    """Let somebody into the web room."""
    link = await invitation_link(config, role, name=name)
    async with Visitor(config.web.address, link.rpartition("/")[2], name) as visitor:
        yield visitor


def git(config: Config, *words: str) -> str:
    """Ask git about the newsletter's repository."""
    program = shutil.which("git")
    assert program is not None
    asked = [program, "-C", str(config.newsletter.repository), *words]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
