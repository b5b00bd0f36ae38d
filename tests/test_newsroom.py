"""The newsroom opens and closes in order, alone or in parts that are processes of their own."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.config import load_config, parse_config
from bot.newsroom import Newsroom, Part
from bot.pages.site import AddressTakenError
from bot.state_folder import AlreadyRunningError
from storage.people_records import Role
from tests.fakes.newsroom import config_of, git, signed_in, tables_of, write_config
from tests.fakes.web import LocalWeb, local_web
from tests.postgres import PostgresServer

PROJECT = Path(__file__).parents[1]


@pytest.fixture
async def site() -> AsyncIterator[LocalWeb]:
    async with local_web() as site:
        yield site


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    return postgres.new_database()


@asynccontextmanager
async def part(config: Path, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m bot run` with these words; end it with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--quiet", "--config", str(config), *words),
        cwd=PROJECT,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_it_says(process: asyncio.subprocess.Process, words: str) -> str:
    """Read what a process says until these words; raises EOFError where it ends without them."""
    said = ""
    async with asyncio.timeout(60):
        assert process.stderr is not None
        while words not in said:
            line = await process.stderr.readline()
            if not line:
                raise EOFError(said)
            said += line.decode()
    return said


async def test_a_newsroom_goes_on_where_it_was(tmp_path: Path, site: LocalWeb, database_url: str) -> None:
    config = config_of(tmp_path, database_url, site.host)
    async with Newsroom(config), signed_in(config, "ada") as ada:
        await ada.say(site.url("/english"))
        await ada.card_of(site.url("/english"))

    async with Newsroom(config), signed_in(config, "ada") as ada:
        card = await ada.card_of(site.url("/english"))
        assert card["card"]["title"] == "The reeds keep time"
    assert site.asked == ["/english"]


async def test_a_newsroom_that_closes_while_it_works_leaves_no_lock_behind(
    tmp_path: Path, site: LocalWeb
) -> None:
    file = tmp_path / "desk.db"
    config = config_of(tmp_path, f"sqlite:///{file}", site.host)

    async with Newsroom(config), signed_in(config, "ada") as ada:
        for number in range(20):
            await ada.send("say", text=f"{site.url('/english')}?page={number}")
        await ada.until(lambda: len(ada.stored) > 2, "some are stored")

    with sqlite3.connect(file, timeout=1) as connection:
        connection.execute("BEGIN IMMEDIATE")


async def test_a_second_newsroom_on_the_same_files_is_refused(tmp_path: Path) -> None:
    config = config_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")

    async with Newsroom(config):
        with pytest.raises(AlreadyRunningError, match="running already in another process"):
            async with Newsroom(config):
                pass

    async with Newsroom(config, frozenset()):
        pass


async def test_a_newsroom_that_cannot_open_leaves_nothing_open(tmp_path: Path) -> None:
    config = config_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    taken = await asyncio.start_server(lambda r, w: None, "127.0.0.1", config.web.port)
    async with taken:
        with pytest.raises(AddressTakenError, match="Free that port"):
            async with Newsroom(config):
                pass

    async with Newsroom(config), aiohttp.ClientSession() as http, http.get(config.web.address) as answer:
        assert answer.status < 500


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_everything(tmp_path: Path, signal_number: signal.Signals) -> None:
    path = tmp_path / "config.toml"
    write_config(path, tables_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}"))

    async with part(path) as process:
        await until_it_says(process, "Ctrl-C closes the newsroom.")
        process.send_signal(signal_number)
        async with asyncio.timeout(20):
            assert await process.wait() == 0
            assert process.stderr is not None
            rest = (await process.stderr.read()).decode()

    assert "Closing" in rest
    assert "Traceback" not in rest


async def test_a_second_process_is_refused_politely(tmp_path: Path) -> None:
    config = config_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    write_config(tmp_path / "config.toml", tables_of(tmp_path, config.newsroom.database))

    async with Newsroom(config), part(tmp_path / "config.toml") as second:
        said = await until_it_says(second, "another folder.")
        assert await second.wait() == 2

    assert "✗ This newsroom is running already in another process." in said
    assert "Traceback" not in said


async def test_parts_alone_need_postgresql(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    write_config(path, tables_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}"))

    async with part(path, "--only", "web") as process:
        assert "On SQLite one process does everything." in await until_it_says(process, "PostgreSQL.")
        assert await process.wait() == 2


async def test_web_bot_and_worker_are_processes_of_their_own(
    tmp_path: Path, postgres_url: str, site: LocalWeb
) -> None:
    tables = tables_of(tmp_path, postgres_url, site.host)
    config, path = parse_config(tables), tmp_path / "config.toml"
    write_config(path, tables)
    async with Newsroom(config, frozenset()):
        pass  # the release makes the tables and the repository

    async with AsyncExitStack() as stack:
        for name in Part:
            process = await stack.enter_async_context(part(path, "--only", name))
            await until_it_says(process, "Ctrl-C closes the newsroom.")
        nora = await stack.enter_async_context(signed_in(config, "nora", Role.EDITOR))
        await nora.say(f"{site.url('/english')} #news")
        await nora.card_of(site.url("/english"))
        await nora.until(lambda: nora.cards()[0]["card"]["state"] == "slate", "the story on the slate")
        assert "1 added" in await nora.ask("/publish 2020-05-15", 60)

    assert "The reeds keep time" in git(config, "show", "main:issues/2020-05-15.md")


WORKER = """
import asyncio, sys
from pathlib import Path
from bot.config import load_config
from bot.newsroom import Newsroom, Part
from bot.pages.site import AddressTakenError

async def work():
    async with Newsroom(load_config(Path(sys.argv[1])), frozenset({Part.WORKER})):
        print("working", flush=True)
        await asyncio.Event().wait()

asyncio.run(work())
"""


async def test_a_dead_workers_pages_are_read_by_another(
    tmp_path: Path, postgres_url: str, site: LocalWeb
) -> None:
    tables = tables_of(tmp_path, postgres_url, site.host)
    config, path = parse_config(tables), tmp_path / "config.toml"
    write_config(path, tables)
    async with Newsroom(config, frozenset({Part.WEB, Part.BOT})), signed_in(config, "ada") as ada:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WORKER, str(path)), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
        )
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"working\n"
        await ada.say(site.url("/held-back"))
        async with asyncio.timeout(30):
            while not site.asked:
                await asyncio.sleep(0.02)
        worker.kill()
        await worker.wait()
        site.released.set()

        async with Newsroom(config, frozenset({Part.WORKER}), dead_after=1.0):
            card = await ada.card_of(site.url("/held-back"))

    assert card["card"]["title"] == "The tides keep time"


def test_the_parts_are_those_of_the_procfile() -> None:
    procfile = PROJECT / "Procfile"
    if not procfile.exists():
        pytest.skip("the Procfile is not written yet")
    words = procfile.read_text()

    assert all(f"--only {name}" in words for name in Part)


def test_a_config_of_these_tests_is_what_an_operator_would_write(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, "sqlite:///x.db", "127.0.0.1:1")
    write_config(tmp_path / "config.toml", tables)

    loaded = load_config(tmp_path / "config.toml")
    assert loaded == parse_config(tables)
