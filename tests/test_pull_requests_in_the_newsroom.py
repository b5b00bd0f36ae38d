"""A pull request in the real engine: opened after a publish, seen merged, told in the room."""

from pathlib import Path

import pytest

from bot.config import parse_config
from bot.newsroom import Newsroom
from storage.people_records import Role
from tests.fakes.newsroom import signed_in, tables_of
from tests.fakes.web import local_web
from tests.forge_server import PROJECT, TOKEN, forge_server
from tests.newsletter_repo_fixtures import bare_repository, git


async def test_an_issue_waits_in_a_pull_request_and_its_merge_is_told(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORGE_TOKEN", TOKEN)
    remote = bare_repository(tmp_path / "remote.git")
    async with local_web() as site, forge_server("gitlab", remote) as forge:
        tables = tables_of(tmp_path / "desk", database_url, site.host)
        place = {"forge": "gitlab", "project": PROJECT, "api": forge.api, "token_env": "FORGE_TOKEN"}
        tables["newsletter"] |= {"remote": str(remote), "way": "pull-request", "pull_request": place}
        config = parse_config(tables)
        async with Newsroom(config), signed_in(config, "nora", Role.EDITOR) as nora:
            await nora.say(site.url("/english"))
            card = await nora.card_of(site.url("/english"))
            await nora.react(card["id"], "⚡")
            await nora.until(lambda: nora.cards()[0]["card"]["state"] == "slate", "the story on the slate")

            said = await nora.ask("/publish 2020-05-13")
            assert "It waits to be merged: https://forge.test/ada/newsletter/pulls/1" in said
            assert site.url("/english") in git(remote, "show", "copydesk/2020-05-13:issues/2020-05-13.md")
            assert git(remote, "rev-list", "--count", "main") == "1"

            forge.merge(1, tmp_path / "merging")
            assert "Waiting to be merged: 2020-05-13" in await nora.ask("/status")
            await nora.until(
                lambda: any("Pull request 1 was merged" in m["text"] for m in nora.messages.values()),
                "the merge told",
                30,
            )
