"""What the doctor finds of the forge and of the repository's ssh keys."""

from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.doctor.finding import Finding, State
from bot.doctor.forge_checks import forge_findings
from bot.doctor.key_checks import key_findings
from bot.doctor.visit import Visit
from bot.newsroom import utc_now
from tests.forge_server import KINDS, PROJECT, TOKEN, ForgeServer, forge_server
from tests.newsletter_repo_fixtures import bare_repository
from tests.publishing import config_of
from tests.test_signing import new_key


def config_with(folder: Path, **newsletter: Any) -> Config:
    return config_of(folder, language="en", newsletter=newsletter)


async def forge_says(folder: Path, forge: ForgeServer, *, token: str = TOKEN, **place: str) -> list[Finding]:
    table = {"forge": forge.kind, "project": PROJECT, "api": forge.api, "token_env": "FORGE_TOKEN", **place}
    config = config_with(folder, way="pull-request", remote="x", pull_request=table)
    found = await forge_findings(Visit(config, utc_now, seconds=5), {"FORGE_TOKEN": token})
    assert TOKEN not in str(found)
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_a_forge_that_lets_us_is_fine_and_each_thing_missing_has_its_cure(
    tmp_path: Path, kind: str
) -> None:
    async with forge_server(kind, bare_repository(tmp_path / "remote.git")) as forge:
        fine = await forge_says(tmp_path, forge)
        assert [(one.check, one.state) for one in fine] == [("project", "fine"), ("rights", "fine")]

        [wrong] = await forge_says(tmp_path, forge, token="wr0ng")
        assert (wrong.said, wrong.cure[:16]) == ("The forge does not accept my token.", "Make a new token")
        [none] = await forge_says(tmp_path, forge, token="")
        assert none.cure == "Put the token into the variable: export FORGE_TOKEN=…"
        [other] = await forge_says(tmp_path, forge, project="ada/other")
        assert "Compare newsletter.pull_request.project" in other.cure
        forge.read_only = True
        assert "Give the token" in (await forge_says(tmp_path, forge))[1].cure
        forge.takes_pulls = False
        assert "Switch pull requests on" in (await forge_says(tmp_path, forge))[1].cure
        forge.mischief = ["500"]
        assert "reaches the address" in (await forge_says(tmp_path, forge))[0].cure
    down = await forge_says(tmp_path, forge, api="http://git.test/api/v1")
    assert [one.state for one in down] == [State.WARNING, State.WRONG]


async def test_without_pull_requests_no_forge_is_asked(tmp_path: Path) -> None:
    assert await forge_findings(Visit(config_with(tmp_path), utc_now), {}) == []


async def test_keys_that_work_are_fine_and_others_have_their_cure(tmp_path: Path) -> None:
    key, locked = new_key(tmp_path / "keys" / "a"), new_key(tmp_path / "keys" / "b", passphrase="s3cret")
    hosts = tmp_path / "known_hosts"
    hosts.touch()

    async def says(**keys: object) -> list[tuple[str, str, str]]:
        names = {name: str(file) for name, file in keys.items()}
        found = await key_findings(Visit(config_with(tmp_path, **names), utc_now))
        return [(one.check, one.state, one.cure) for one in found]

    fine = await says(ssh_key=key, known_hosts=hosts, signing_key=key)
    assert fine == [(name, "fine", "") for name in ("ssh_key", "known_hosts", "signing_key")]
    assert await says() == []
    missing = tmp_path / "none"
    assert [cure.split()[0] for _, _, cure in await says(ssh_key=missing, known_hosts=missing)] == [
        "Make",
        "Compare",
    ]
    assert (await says(signing_key=locked))[0][
        2
    ] == f"Take the passphrase off: ssh-keygen -p -N '' -f {locked}"
    key.chmod(0o644)
    assert await says(ssh_key=key) == [("ssh_key", "wrong", f"chmod 600 {key}")]
