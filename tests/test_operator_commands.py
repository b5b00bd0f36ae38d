"""What an operator types: `python -m bot …`, on a newsroom's files."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.operator_tasks import desk_status, opened, retry_failed
from storage.inbox import mark_handled, store_event, unhandled_events
from storage.repo_errors import RepoError
from tests.fakes.newsroom import config_of, git, tables_of, write_config

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    write_config(path, tables_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}"))
    return path


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Type a command."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )


def typed(*words: str) -> str:
    """Type a command that succeeds, in this process; return its standard output."""
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_config_that_is_wrong_ends_in_a_sentence_and_status_2(config: Path) -> None:
    config.write_text(config.read_text().replace("threshold", "treshold"))

    done = run("check-config", "--config", str(config))

    assert done.returncode == 2
    assert "desk.treshold: there is no such key. Did you mean 'threshold'?" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_config_that_is_right_is_told_to_machines(config: Path) -> None:
    told = json.loads(typed("check-config", "--config", str(config), "--json"))

    assert [section["key"] for section in told["desk"]["sections"]] == ["news", "papers", "projects", "posts"]


def test_init_makes_the_database_and_the_repository_and_may_be_repeated(config: Path, tmp_path: Path) -> None:
    for _ in range(2):
        typed("init", "--config", str(config))

    begun = config_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    assert (tmp_path / "desk.db").exists()
    assert git(begun, "rev-list", "--count", "main") == "1"


def test_migrate_may_be_repeated(config: Path, tmp_path: Path) -> None:
    typed("migrate", "--config", str(config))
    typed("migrate", "--config", str(config))

    assert (tmp_path / "desk.db").exists()


def test_an_invitation_is_a_link(config: Path) -> None:
    link = typed("invite", "editor", "Nora", "--config", str(config)).strip()

    assert link.startswith("http://127.0.0.1:")
    assert "/sign-in/" in link


def test_status_counts_for_machines(config: Path) -> None:
    told = json.loads(typed("status", "--config", str(config), "--json"))

    assert told["stories"] == {}
    assert (told["events_waiting"], told["events_failed"], told["newest_issue"]) == (0, [], None)


async def test_events_that_failed_are_counted_and_let_in_again(config: Path, tmp_path: Path) -> None:
    settings = config_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")
    now = datetime(2020, 5, 13, tzinfo=UTC)
    async with opened(settings) as database, database.transaction() as session:
        await store_event(session, desk="desk", room="web", event_id="1", payload={"kind": "Odd"}, at=now)
        [event] = await unhandled_events(session, "desk", limit=9)
        await mark_handled(session, event, now, failure="c0ffee00")
    assert (await desk_status(settings))["events_failed"] == ["c0ffee00"]

    assert await retry_failed(settings) == 1

    status = await desk_status(settings)
    assert (status["events_waiting"], status["events_failed"]) == (1, [])


def test_import_tells_machines_what_it_did(config: Path, tmp_path: Path) -> None:
    page = tmp_path / "2020-04-30.md"
    page.write_text(
        "# Newsletter of 2020-04-30\n\n## News\n\n### [A story](https://site.test/a)\n\nIt rains.\n"
    )

    told = json.loads(typed("import", str(page), "--config", str(config), "--json"))

    assert told == {"issues": 1, "stories": 1, "known": 0, "complaints": 0}


def test_what_is_not_there_cannot_be_imported(config: Path) -> None:
    with pytest.raises(RepoError, match="There is no repository"):
        typed("import", str(config.parent / "nothing-here" / "x.md"), "--config", str(config))


def test_every_command_explains_itself() -> None:
    told = typed("--help")

    for name in ("run", "init", "migrate", "check-config", "import", "invite", "status", "retry-failed"):
        assert name in told
        assert "Usage" in typed(name, "--help")
