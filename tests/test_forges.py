"""Pull requests on GitHub, GitLab and Gitea: found, opened, edited, looked at; and what goes wrong there."""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.forges.forge import Forge, Proposal, PullState, Standing, find_or_open
from bot.forges.forge_error import (
    AlreadyOpenError,
    ForgeAwayError,
    ForgeBusyError,
    ForgeError,
    ForgeMovedError,
    ForgeRefusedError,
    ForgeStrangeError,
    ForgeTokenError,
    NoForgeRightError,
    NoSuchProjectError,
    NothingToMergeError,
)
from bot.forges.opening import forge_of
from bot.forges.pace import wait_asked_for
from bot.newsletter_tables import NewsletterConfig
from tests.forge_server import KINDS, PROJECT, TOKEN, FakePull, ForgeServer, forge_server
from tests.newsletter_repo_fixtures import bare_repository, git

LIMITS = ("date", "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-reset")
DRAFT = Proposal("copydesk/2020-05-15", "main", "Draft of 2020-05-15", "Stories: 2.")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository: main, the draft's branch with a commit more, and an empty one."""
    folder = tmp_path_factory.mktemp("begun")
    bare, place = bare_repository(folder / "remote.git"), folder / "work"
    git(bare, "clone", "-q", str(bare), str(place))
    for branch in ("main", DRAFT.head):
        git(place, "checkout", "-q", "-B", branch)
        (place / "issue.md").write_text(branch)
        git(place, "add", "-A")
        git(place, "commit", "-q", "-m", "Write")
    git(place, "push", "-q", "origin", "main", DRAFT.head, "main:refs/heads/empty")
    return bare


@pytest.fixture(params=KINDS)
async def server(request: pytest.FixtureRequest, begun: Path, tmp_path: Path) -> AsyncIterator[ForgeServer]:
    """A forge with that repository."""
    bare = Path(shutil.copytree(begun, tmp_path / "remote.git"))
    async with forge_server(request.param, bare) as running:
        yield running


def forge_at(
    server: ForgeServer,
    monkeypatch: pytest.MonkeyPatch,
    token: str = TOKEN,
    *,
    seconds: float = 10,
    **more: str,
) -> Forge:
    monkeypatch.setenv("FORGE_TOKEN", token)
    place = {"forge": server.kind, "project": PROJECT, "api": server.api, "token_env": "FORGE_TOKEN", **more}
    newsletter = NewsletterConfig.model_validate(
        {"way": "pull-request", "remote": "x", "pull_request": place}
    )
    forge = forge_of(newsletter, seconds=seconds)
    assert forge is not None
    return forge


@pytest.fixture
def forge(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> Forge:
    return forge_at(server, monkeypatch)


async def test_a_pull_request_is_opened_once_and_found_again(forge: Forge, server: ForgeServer) -> None:
    assert await forge.find(DRAFT.head, DRAFT.base) is None

    opened = await find_or_open(forge, DRAFT)
    again = await find_or_open(forge, DRAFT)

    assert (opened.number, opened.state, opened.url) == (1, PullState.OPEN, again.url)
    assert again == opened == await forge.look(1)
    assert [(p.head, p.base, p.title, p.body) for p in server.pulls] == [
        (DRAFT.head, DRAFT.base, DRAFT.title, DRAFT.body)
    ]


async def test_an_open_one_gets_the_new_title_and_text(forge: Forge, server: ForgeServer) -> None:
    await find_or_open(forge, DRAFT)

    edited = await find_or_open(forge, Proposal(DRAFT.head, "main", "Draft of 2020-05-16", "Stories: 3."))

    assert (edited.number, edited.title, edited.body) == (1, "Draft of 2020-05-16", "Stories: 3.")
    assert len(server.pulls) == 1


async def test_of_many_who_open_it_at_once_one_does(forge: Forge, server: ForgeServer) -> None:
    pulls = await asyncio.gather(*(find_or_open(forge, DRAFT) for _ in range(8)))

    assert {pull.number for pull in pulls} == {1}
    assert len(server.pulls) == 1
    with pytest.raises(AlreadyOpenError):
        await forge.open(DRAFT)


async def test_one_whose_answer_was_lost_is_found(forge: Forge, server: ForgeServer) -> None:
    server.mischief = ["", "drop"]
    with pytest.raises(ForgeAwayError, match="Nothing is half done"):
        await find_or_open(forge, DRAFT)

    assert (await find_or_open(forge, DRAFT)).number == 1
    assert len(server.pulls) == 1


async def test_an_old_one_that_was_closed_is_not_taken_for_it(forge: Forge, server: ForgeServer) -> None:
    await find_or_open(forge, DRAFT)
    server.pull(1).state = "closed"

    assert (await find_or_open(forge, DRAFT)).number == 2
    assert (await forge.look(1)).state == PullState.CLOSED


async def test_a_merge_shows_and_so_does_one_closed_and_opened_again(
    forge: Forge, server: ForgeServer, tmp_path: Path
) -> None:
    await find_or_open(forge, DRAFT)
    for state in ("closed", "open"):
        server.pull(1).state = state
        assert (await forge.look(1)).state == PullState(state)
    server.merge(1, tmp_path / "merging")

    assert (await forge.look(1)).state == PullState.MERGED
    assert await forge.find(DRAFT.head, DRAFT.base) is None


async def test_an_empty_branch_has_nothing_to_merge_and_a_missing_one_is_refused(forge: Forge) -> None:
    with pytest.raises(NothingToMergeError):
        await find_or_open(forge, Proposal("empty", "main", "T", "B"))
    with pytest.raises((ForgeRefusedError, NoSuchProjectError)):
        await find_or_open(forge, Proposal("nowhere", "main", "T", "B"))


async def test_a_branch_is_found_behind_a_page_of_others(forge: Forge, server: ForgeServer) -> None:
    await find_or_open(forge, DRAFT)
    ours = server.pulls.pop()
    server.page = 3
    for number in range(1, 8):
        server.pulls.append(type(ours)(number, f"other-{number}", "main", "T", "B"))
    server.pulls.append(ours)
    ours.number = 8

    found = await forge.find(DRAFT.head, DRAFT.base)

    assert found is not None
    assert found.number == 8


async def test_forks_with_a_branch_of_that_name_are_not_taken_for_ours(
    forge: Forge, server: ForgeServer
) -> None:
    for fork in [0, *range(100, 130)]:  # 0: a fork that is gone
        server.pulls.append(FakePull(len(server.pulls) + 1, DRAFT.head, DRAFT.base, "Other", "", fork=fork))

    assert await forge.find(DRAFT.head, DRAFT.base) is None
    opened = await find_or_open(forge, DRAFT)

    assert opened.number == 32
    assert await find_or_open(forge, DRAFT) == opened
    assert {pull.title for pull in server.pulls[:31]} == {"Other"}


async def test_the_users_own_password_for_a_host_is_not_sent_there(
    forge: Forge, server: ForgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = tmp_path / "netrc"
    passwords.write_text("default login ada password 0wn-secret\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("NETRC", str(passwords))

    assert (await find_or_open(forge, DRAFT)).number == 1
    assert not any("Basic" in said for said in server.logins)


async def test_a_proxy_of_the_environment_is_asked_with_its_own_login(
    forge: Forge, server: ForgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    async def pass_on(request: web.BaseRequest) -> web.Response:
        asked.append((str(request.url), request.headers.get("Proxy-Authorization", "")))
        return web.json_response([])

    async with RawTestServer(pass_on, host="127.0.0.1") as proxy:
        monkeypatch.setenv("http_proxy", f"http://ada:pa%40ss@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        await forge.find(DRAFT.head, DRAFT.base)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        await forge.find(DRAFT.head, DRAFT.base)

    [(address, login)] = asked
    assert address.startswith(server.api)
    assert base64.b64decode(login.removeprefix("Basic ")) == b"ada:pa@ss"


@pytest.mark.parametrize(
    ("mischief", "error"),
    [
        ("500", ForgeAwayError),
        ("502", ForgeAwayError),
        ("404", NoSuchProjectError),
        ("garbage", ForgeAwayError),
        ("https://elsewhere.test/", ForgeMovedError),
    ],
)
async def test_trouble_is_told_in_plain_words_and_a_second_try_works(
    forge: Forge, server: ForgeServer, mischief: str, error: type[ForgeError]
) -> None:
    server.mischief = [mischief]
    with pytest.raises(error) as told:
        await find_or_open(forge, DRAFT)

    assert TOKEN not in str(told.value)
    assert server.address not in str(told.value)
    assert (await find_or_open(forge, DRAFT)).number == 1


async def test_a_forge_that_was_asked_too_often_is_left_alone_until_then(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with forge_server("github", begun) as server:
        forge = forge_at(server, monkeypatch)
        server.mischief = ["limit 429 X-RateLimit-Remaining=0 X-RateLimit-Reset=1"]
        for _ in range(3):
            with pytest.raises(ForgeBusyError, match="again in 1 min"):
                await forge.find(DRAFT.head, DRAFT.base)
        assert len(server.asked) == 1

        async with asyncio.timeout(30):
            while True:
                with suppress(ForgeBusyError):
                    await forge.find(DRAFT.head, DRAFT.base)
                    break
                await asyncio.sleep(0.05)
        assert len(server.asked) == 2


NOON = 1_589_500_000.0  # seconds since 1970


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "Thu, 14 May 2020 23:48:40 GMT"}, 120),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}, 1),
        ({"retry-after": "99999999"}, 3600),
        ({"retry-after": "soon"}, 60),
        ({"retry-after": "-5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1589500200"}, 200),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1589500200"}, 200),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "1589500200"}, 200),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "45"}, 45),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1589500200"}, 60),
        ({"retry-after": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1589500200"}, 30),
        ({"date": "Thu, 14 May 2020 23:48:20 GMT", "retry-after": "Thu, 14 May 2020 23:48:40 GMT"}, 20),
        ({}, 60),
    ],
)
def test_the_wait_is_read_however_a_forge_says_it(headers: dict[str, str], seconds: float) -> None:
    assert wait_asked_for(headers, now=NOON) == seconds


@given(st.dictionaries(st.sampled_from(LIMITS), st.text() | st.integers().map(str)))
def test_whatever_a_forge_says_the_wait_has_its_bounds(headers: dict[str, str]) -> None:
    assert 1 <= wait_asked_for(headers, now=NOON) <= 3600


STRANGE_PULL = (
    '{"number": %s, "iid": %s, "html_url": "%s", "web_url": "%s", "state": "%s", "title": "t", "body": "", '
    '"description": ""}'
)


@pytest.mark.parametrize(
    "said",
    [
        "1e999",
        '"ok"',
        "[1]",
        "{}",
        STRANGE_PULL % (-5, -5, "https://forge.test/1", "https://forge.test/1", "closed"),
        STRANGE_PULL % ('"1; x"', '"1; x"', "https://forge.test/1", "https://forge.test/1", "closed"),
        STRANGE_PULL % (2**40, 2**40, "https://forge.test/1", "https://forge.test/1", "closed"),
        STRANGE_PULL % (1, 1, "javascript:alert(1)", "javascript:alert(1)", "closed"),
        STRANGE_PULL % (1, 1, "https://forge.test/1", "https://forge.test/1", "nonsuch"),
    ],
    ids=["number", "word", "list", "nothing", "negative", "no-number", "huge", "no-address", "state"],
)
async def test_an_answer_of_another_form_is_trouble_and_not_a_crash(
    forge: Forge, server: ForgeServer, said: str
) -> None:
    server.mischief = [f"says 200 {said}"]

    with pytest.raises(ForgeStrangeError):
        await forge.look(1)


async def test_an_answer_nested_without_end_is_no_answer(forge: Forge, server: ForgeServer) -> None:
    server.mischief = ["says 200 " + "[" * 500_000, "says 422 " + '{"a":' * 900 + "1" + "}" * 900]

    with pytest.raises(ForgeAwayError):
        await forge.look(1)
    with pytest.raises(ForgeRefusedError):
        await forge.look(1)


async def test_a_refusal_that_repeats_the_token_is_told_without_it(forge: Forge, server: ForgeServer) -> None:
    server.mischief = [f'says 422 {{"message": "not with Bearer {TOKEN}, not with {TOKEN}"}}']

    with pytest.raises(ForgeRefusedError, match="not with") as told:
        await forge.look(1)

    assert TOKEN not in str(told.value)


async def test_a_forge_that_does_not_answer_is_not_waited_for(
    server: ForgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.mischief = ["slow"]

    with pytest.raises(ForgeAwayError):
        await forge_at(server, monkeypatch, seconds=0.2).look(1)


async def test_the_token_does_not_follow_a_redirect(
    forge: Forge, server: ForgeServer, tmp_path: Path
) -> None:
    async with forge_server(server.kind, server.repository) as elsewhere:
        server.mischief = [f"{elsewhere.api}/repos/{PROJECT}/pulls"]
        with pytest.raises(ForgeMovedError):
            await forge.find(DRAFT.head, DRAFT.base)

        assert elsewhere.asked == []


@pytest.mark.parametrize("token", ["", "wr0ng"])
async def test_a_wrong_token_is_not_accepted(
    server: ForgeServer, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    with pytest.raises(ForgeTokenError):
        await find_or_open(forge_at(server, monkeypatch, token), DRAFT)


async def test_a_reader_is_told_which_right_is_missing(forge: Forge, server: ForgeServer) -> None:
    assert await forge.standing() == Standing(may_push=True, takes_pull_requests=True)
    server.read_only, server.takes_pulls = True, False

    assert await forge.standing() == Standing(may_push=False, takes_pull_requests=False)
    with pytest.raises(NoForgeRightError):
        await find_or_open(forge, DRAFT)


async def test_another_project_is_not_there(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoSuchProjectError):
        await forge_at(server, monkeypatch, project="ada/other").standing()


async def test_a_forge_that_is_down_is_said(server: ForgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ForgeAwayError, match="cannot reach the forge"):
        await forge_at(server, monkeypatch, api="http://127.0.0.1:1").look(1)
