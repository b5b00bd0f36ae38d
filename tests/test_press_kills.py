"""A press killed at each of its steps: tried again, there is one commit, one pull request and no damage."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channel_tables import AnnounceConfig
from bot.config import Config
from storage.event_records import Delivery, Errand
from storage.press_records import Sending
from storage.records import StoryStatus
from tests.forge_server import PROJECT, TOKEN, ForgeServer, forge_server
from tests.newsletter_repo_fixtures import bare_repository, git
from tests.press_publisher import started_publisher
from tests.publishing import PublishingDesk, config_of
from tests.test_signing import new_key

DAY = "2020-05-15"
BRANCH = f"copydesk/{DAY}"
# Stands before git in the PATH, and kills who called it: before or after a step, or with the step half done.
SHIM = """\
#!/bin/sh
KILL_AT="{step}"
for word; do
    case $word in fetch | fast-import | commit-tree | push) step=$word; break ;; esac
done
[ "$KILL_AT" = "before $step" ] && kill -9 $PPID && exit 1
if [ "$KILL_AT" = "during $step" ]; then
    {git} "$@" &
    sleep 0.03
    kill -9 $PPID
    kill -9 0
fi
{git} "$@"
status=$?
[ "$KILL_AT" = "after $step" ] && kill -9 $PPID
exit $status
"""
STEPS = [
    "before fetch",
    "after fast-import",
    "after commit-tree",
    "during push",
    "after push",
    "before opening",
    "after opening",
]


@pytest.fixture
async def forge(tmp_path: Path) -> AsyncIterator[ForgeServer]:
    async with forge_server("github", bare_repository(tmp_path / "remote.git")) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, forge: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("FORGE_TOKEN", TOKEN)
    place = {"forge": "github", "project": PROJECT, "api": forge.api, "token_env": "FORGE_TOKEN"}
    (tmp_path / "desk").mkdir()
    return config_of(
        tmp_path / "desk",
        remote=str(forge.repository),
        language="en",
        newsletter={
            "way": "pull-request",
            "pull_request": place,
            "signing_key": str(new_key(tmp_path / "keys" / "sign")),
        },
    )


def killing(folder: Path, step: str) -> dict[str, str]:
    """Make a git that kills at the step; return the environment in which a press finds it."""
    shims = folder / "shims"
    shims.mkdir()
    (shims / "git").write_text(SHIM.replace("{git}", str(shutil.which("git"))).replace("{step}", step))
    (shims / "git").chmod(0o755)
    return {"PATH": f"{shims}:{os.environ['PATH']}", "FORGE_TOKEN": TOKEN}


async def run_and_kill(config: Config, folder: Path, forge: ForgeServer, step: str) -> int | None:
    """Run a real press until it is killed at the step; give its exit status."""
    environment = killing(folder, step)
    process = await asyncio.to_thread(started_publisher, config.model_dump_json(), environment)
    forge.kill_at, forge.kill = step, process.kill
    await asyncio.to_thread(process.join)
    forge.kill_at = ""
    return process.exitcode


@pytest.mark.parametrize("step", STEPS)
async def test_a_press_killed_at_a_step_is_tried_again_and_does_all_of_it_once(
    tmp_path: Path, config: Config, forge: ForgeServer, step: str
) -> None:
    desk = await PublishingDesk(config).open()
    await desk.pitch("lin", "https://site.test/a", section="news", title="A", summary="S.")
    message = await desk.say_without_errands("editor", f"/publish {DAY}")

    assert await run_and_kill(config, tmp_path, forge, step) == -signal.SIGKILL
    assert await desk.answer_to(message) == ""
    await desk.run_errands()

    assert "It waits to be merged: https://forge.test/ada/newsletter/pulls/1" in await desk.answer_to(message)
    assert git(forge.repository, "rev-list", "--count", f"main..{BRANCH}") == "1"
    assert [(pull.head, pull.state) for pull in forge.pulls] == [(BRANCH, "open")]
    assert git(forge.repository, "fsck", "--full", "--no-dangling") == ""
    assert await desk.repo.fsck() == ()
    assert [*forge.repository.rglob("*.lock"), *config.newsletter.repository.rglob("*.lock")] == []
    await desk.close()


@pytest.mark.parametrize("step", ["after fast-import", "during push", "after push"])
async def test_a_release_killed_at_a_step_happens_once_and_is_announced_once(
    tmp_path: Path, step: str
) -> None:
    remote = bare_repository(tmp_path / "remote.git")
    (tmp_path / "desk").mkdir()
    plain = config_of(tmp_path / "desk", remote=str(remote), language="en")
    config = plain.model_copy(update={"announce": AnnounceConfig(rooms=("web",))})
    desk = await PublishingDesk(config).open()
    await desk.pitch("lin", "https://site.test/a", section="news", title="A", summary="S.")
    await desk.say("editor", "/publish 2020-05-13")
    await desk.say("editor", f"/release {DAY}")
    message = await desk.say_without_errands("editor", f"/release {DAY} anyway")

    process = await asyncio.to_thread(started_publisher, config.model_dump_json(), killing(tmp_path, step))
    await asyncio.to_thread(process.join)
    assert process.exitcode == -signal.SIGKILL
    assert "Released" not in await desk.answer_to(message)
    await desk.run_errands()

    assert git(remote, "log", "--format=%s", "main").split("\n")[0] == f"Release {DAY}"
    assert git(remote, "rev-list", "--count", "main") == "3"
    assert git(remote, "ls-tree", "--name-only", "main:embedded-ai-report").split() == [f"{DAY}.md"]
    assert (await desk.story("https://site.test/a")).status == StoryStatus.PUBLISHED
    async with desk.database.reading() as session:
        said = (await session.scalars(select(Delivery))).all()
        sent = (await session.scalars(select(Sending))).all()
        errands = (await session.scalars(select(Errand).where(Errand.workflow == "send"))).all()
    assert sum(f"Released {DAY}" in one.payload.get("text", "") for one in said) == 1
    assert (len(sent), len(errands)) == (1, 1)
    assert git(remote, "fsck", "--full", "--no-dangling") == "" and await desk.repo.fsck() == ()
    assert [*remote.rglob("*.lock"), *config.newsletter.repository.rglob("*.lock")] == []
    await desk.close()
