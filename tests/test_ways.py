"""By which way drafts go into the repository: marks that keep them off the site, and pull requests."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import DeskError
from bot.issue_shelf import NEXT, IssueShelf
from bot.reading.workers import ReadingWorkers
from bot.release_press import ReleasePress
from bot.release_report import ReleaseReport
from bot.web_settings import preview_view
from renderers.front_matter import value_of
from storage.event_records import Delivery
from storage.issues import dated_issues
from storage.press_records import PullRequest, Release
from storage.records import StoryStatus
from tests.forge_server import KINDS, PROJECT, TOKEN, ForgeServer, forge_server
from tests.newsletter_repo_fixtures import bare_repository, git
from tests.publishing import PublishingDesk, config_of

DAY = "2020-05-15"
BRANCH = f"copydesk/{DAY}"
PATH = f"embedded-ai-report/{DAY}.md"
TITLE = "Fixes #3 and @everyone"


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare_repository(tmp_path / "remote.git")


@pytest.fixture
async def forge(request: pytest.FixtureRequest, remote: Path) -> AsyncIterator[ForgeServer]:
    """GitHub, unless a test asks for others: what git does is the same on every forge."""
    async with forge_server(getattr(request, "param", "github"), remote) as running:
        yield running


@pytest.fixture
async def desk(
    tmp_path: Path, remote: Path, forge: ForgeServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PublishingDesk]:
    """A desk whose drafts wait in pull requests."""
    monkeypatch.setenv("FORGE_TOKEN", TOKEN)
    place = {"forge": forge.kind, "project": PROJECT, "api": forge.api, "token_env": "FORGE_TOKEN"}
    newsletter = {"way": "pull-request", "pull_request": place, "draft_mark": "published: false"}
    config = config_of(tmp_path / "desk", remote=str(remote), language="en", newsletter=newsletter)
    config.newsroom.state.mkdir()
    desk = await PublishingDesk(config).open()
    yield desk
    await desk.close()


every_forge = pytest.mark.parametrize("forge", KINDS, indirect=True)


async def publish(desk: PublishingDesk, url: str = "https://site.test/a", **fields: str) -> str:
    """Let a story be pitched and published."""
    await desk.pitch("lin", url, section="news", **{"title": TITLE, "summary": "S.", **fields})
    return await desk.say("editor", f"/publish {DAY}")


def branches(remote: Path) -> list[str]:
    return git(remote, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()


def on_branch(remote: Path, path: str = PATH, branch: str = BRANCH) -> str:
    return git(remote, "show", f"{branch}:{path}")


def edit_on(remote: Path, folder: Path, branch: str, path: str, **change: Any) -> None:
    """Let somebody edit a file on a branch: put `add` at its end, or `new` in the place of `old`."""
    git(remote, "clone", "-q", "-b", branch, str(remote), str(folder))
    file = folder / path
    text = file.read_text() if file.exists() else ""
    file.write_text(text.replace(change["old"], change["new"]) if "old" in change else text + change["add"])
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Edit by hand")
    git(folder, "push", "-q", "origin", branch)


async def told(desk: PublishingDesk) -> list[str]:
    """What the room was told of pull requests."""
    async with desk.database.reading() as session:
        said = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
    return [one.payload["text"] for one in said if one.key.startswith("pull-request:")]


async def row_of(desk: PublishingDesk) -> PullRequest:
    async with desk.database.reading() as session:
        return (await session.scalars(select(PullRequest))).one()


@every_forge
async def test_a_draft_waits_in_a_pull_request_and_the_main_branch_is_not_touched(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    before = git(remote, "rev-parse", "main")

    said = await publish(desk)

    assert "It waits to be merged: https://forge.test/ada/newsletter/pulls/1" in said
    assert git(remote, "rev-parse", "main") == before == git(remote, "rev-parse", f"{BRANCH}~1")
    assert "https://site.test/a" in on_branch(remote)
    [pull] = forge.pulls
    assert (pull.head, pull.base, pull.title) == (BRANCH, "main", f"Draft of {DAY}")
    assert pull.body.startswith("Stories: 1. Sections still empty: 3.")


async def test_the_next_publish_goes_into_the_same_one(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    await publish(desk)

    said = await publish(desk, "https://site.test/b")
    same = await desk.say("editor", f"/publish {DAY}")

    assert "pulls/1" in said
    assert "pulls/1" in same
    assert len(forge.pulls) == 1
    assert forge.pull(1).body.startswith("Stories: 2.")
    assert git(remote, "rev-list", "--count", f"main..{BRANCH}") == "2"


async def test_no_word_of_a_page_reaches_the_pull_request_or_a_commits_message(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    await publish(desk)

    said = forge.pull(1).title + forge.pull(1).body + git(remote, "log", "--format=%B", BRANCH)
    assert [mark for mark in ("@", "#", "Fixes") if mark in said] == []


async def test_what_people_write_on_the_branch_is_kept(
    desk: PublishingDesk, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    edit_on(remote, tmp_path / "hand", BRANCH, PATH, old="摘要：S.", new="摘要：By hand.")

    await publish(desk, "https://site.test/b")

    assert "By hand." in on_branch(remote)
    assert "https://site.test/b" in on_branch(remote)


async def test_what_the_main_branch_changes_meanwhile_shows_in_the_same_file_only_where_it_fits(
    desk: PublishingDesk, remote: Path, tmp_path: Path
) -> None:
    edit_on(remote, tmp_path / "seed", "main", "index.md", add="one\ntwo\nthree\nfour\n")
    await publish(desk)
    edit_on(remote, tmp_path / "ours", BRANCH, "index.md", old="one", new="ONE")
    edit_on(remote, tmp_path / "theirs", "main", "index.md", old="four", new="FOUR")

    topic = await desk.repo.on(BRANCH).snapshot()

    assert await topic.read("index.md") == b"ONE\ntwo\nthree\nFOUR\n"
    assert await topic.read(PATH) == on_branch(remote).encode() + b"\n"
    edit_on(remote, tmp_path / "again", "main", "index.md", old="one", new="Eins")
    assert await (await desk.repo.on(BRANCH).snapshot()).read("index.md") == b"ONE\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(("squash", "delete"), [(False, True), (True, False)], ids=["merge", "squash"])
async def test_a_merge_is_told_once_and_what_comes_next_goes_into_another(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path, squash: bool, delete: bool
) -> None:
    await publish(desk)
    forge.merge(1, tmp_path / "merging", squash=squash, delete=delete)
    assert desk.pulls is not None

    assert [await desk.pulls.look(), await desk.pulls.look()] == [1, 0]
    assert await told(desk) == [
        f"Pull request 1 was merged: the draft of {DAY} is in main. What comes next gets a new one."
    ]
    same = await desk.say("editor", f"/publish {DAY}")
    said = await publish(desk, "https://site.test/b")

    assert "pulls" not in same
    assert "pulls/2" in said
    assert (forge.pull(2).head, len(forge.pulls)) == (f"{BRANCH}-2", 2)
    text = on_branch(remote, branch=f"{BRANCH}-2")
    assert (text.count("https://site.test/a)"), text.count("https://site.test/b)")) == (1, 1)
    assert git(remote, "merge-base", "main", f"{BRANCH}-2") == git(remote, "rev-parse", "main")


@every_forge
async def test_a_merge_is_seen_before_the_next_publish(
    desk: PublishingDesk, forge: ForgeServer, tmp_path: Path
) -> None:
    await publish(desk)
    forge.merge(1, tmp_path / "merging")

    assert "pulls/2" in await publish(desk, "https://site.test/b")
    assert len(await told(desk)) == 1


async def test_one_closed_without_merging_is_told_and_the_next_publish_opens_another(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    await publish(desk)
    forge.pull(1).state = "closed"

    said = await publish(desk, "https://site.test/b")

    assert "pulls/2" in said
    [news] = await told(desk)
    assert "closed without merging" in news
    assert forge.pull(2).head == BRANCH
    assert on_branch(remote).count("https://site.test/") == 2


async def test_one_closed_whose_branch_is_deleted_begins_anew_with_all_its_stories(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    await publish(desk)
    forge.pull(1).state = "closed"
    git(remote, "update-ref", "-d", f"refs/heads/{BRANCH}")

    said = await publish(desk, "https://site.test/b")

    assert "was gone from the repository" in said and "pulls/2" in said
    assert on_branch(remote).count("https://site.test/") == 2
    assert git(remote, "merge-base", "main", BRANCH) == git(remote, "rev-parse", "main")
    assert (await desk.story("https://site.test/a")).status == StoryStatus.PITCHED


async def test_one_closed_and_opened_again_by_hand_is_followed_to_its_merge(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    forge.pull(1).state = "closed"
    assert "closed without merging" in await look(desk)

    forge.pull(1).state = "open"
    assert desk.pulls is not None
    assert [await desk.pulls.look(), await desk.pulls.look()] == [1, 0]

    again = f"Pull request 1 for {DAY} was opened again. It waits to be merged: https://forge.test/"
    assert (await told(desk))[-1].startswith(again)
    assert f"Waiting to be merged: {DAY}" in await desk.say("lin", "/status")
    forge.merge(1, tmp_path / "merging")
    assert await look(desk) == (
        f"Pull request 1 was merged: the draft of {DAY} is in main. What comes next gets a new one."
    )
    assert len(await told(desk)) == 3


async def test_a_release_is_out_where_its_closed_request_is_opened_and_merged_between_two_looks(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    await release(desk)
    forge.pull(1).state = "closed"
    await look(desk)

    forge.merge(1, tmp_path / "merging", squash=True, delete=True)
    await desk.say("lin", "/status")

    assert "is out" in await look(desk) and await released_at(desk) == [True]


async def test_a_forge_in_trouble_leaves_the_push_and_the_next_publish_opens_it(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    forge.read_only = True
    said = await publish(desk)

    assert "It is pushed to its branch, but the pull request is not open: I have no right" in said
    assert BRANCH in branches(remote)

    forge.read_only = False
    assert "pulls/1" in await desk.say("editor", f"/publish {DAY}")
    assert git(remote, "rev-list", "--count", f"main..{BRANCH}") == "1"


async def test_a_forge_that_wants_a_rest_is_left_alone_and_the_editor_hears_how_long(
    desk: PublishingDesk, forge: ForgeServer
) -> None:
    forge.mischief = ["limit 403 Retry-After=1500"]

    said = await publish(desk)
    again = await desk.say("editor", f"/publish {DAY}")

    assert "the pull request is not open: The forge wants me to ask less often" in said
    assert "I may ask again in 25 min. Nothing is half done: try again then." in said and "25 min" in again
    assert len(forge.asked) == 1


async def test_status_names_what_waits(desk: PublishingDesk) -> None:
    await publish(desk)

    assert f"Waiting to be merged: {DAY}, https://forge.test/" in await desk.say("lin", "/status")


async def test_an_undo_takes_the_stories_off_the_branch(
    desk: PublishingDesk, forge: ForgeServer, remote: Path
) -> None:
    await publish(desk)
    await publish(desk, "https://site.test/b")

    await desk.say("editor", "/undo publish")

    assert "https://site.test/b" not in on_branch(remote)
    assert "https://site.test/a" in on_branch(remote)


async def test_a_new_draft_is_marked_and_one_whose_mark_was_taken_off_is_not_marked_again(
    desk: PublishingDesk, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    assert value_of(on_branch(remote), "published") is False

    edit_on(remote, tmp_path / "hand", BRANCH, PATH, old="published: false\n", new="")
    await publish(desk, "https://site.test/b")

    assert value_of(on_branch(remote), "published") is None


async def test_without_a_mark_and_by_the_branch_a_draft_is_as_ever(tmp_path: Path, remote: Path) -> None:
    desk = await PublishingDesk(config_of(tmp_path, remote=str(remote), language="en")).open()
    said = await publish(desk)
    await desk.close()

    assert "merged" not in said
    assert branches(remote) == ["main"]
    assert value_of(on_branch(remote, branch="main"), "published") is None


async def test_a_release_waits_for_its_merge_and_then_its_stories_have_run(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    await desk.say("editor", f"/release {DAY}")

    said = await desk.say("editor", f"/release {DAY} anyway")

    assert "pulls/1" in await desk.say("lin", "/status")
    assert (forge.pull(1).title, len(forge.pulls)) == (f"Issue of {DAY}", 1), said
    assert value_of(on_branch(remote), "published") is None
    assert (await desk.story("https://site.test/a")).status == StoryStatus.PITCHED

    forge.merge(1, tmp_path / "merging")
    assert desk.pulls is not None
    assert [await desk.pulls.look(), await desk.pulls.look()] == [1, 0]
    assert (await told(desk))[0].startswith(f"Pull request 1 was merged: the issue of {DAY} is out.")
    assert (await desk.story("https://site.test/a")).status == StoryStatus.PUBLISHED


async def release(desk: PublishingDesk) -> str:
    """Let the issue be released, whatever lint says; return the last answer."""
    await desk.say("editor", f"/release {DAY}")
    return await desk.say("editor", f"/release {DAY} anyway")


async def statuses(desk: PublishingDesk, *names: str) -> list[StoryStatus]:
    return [(await desk.story(f"https://site.test/{name}")).status for name in names]


async def look(desk: PublishingDesk) -> str:
    """Look at the pull requests; return what the room was told last."""
    assert desk.pulls is not None
    await desk.pulls.look()
    return (await told(desk))[-1]


async def released_at(desk: PublishingDesk) -> list[bool]:
    async with desk.database.reading() as session:
        return [issue.released_at is not None for issue in await dated_issues(session, "desk")]


@pytest.mark.parametrize(("squash", "delete"), [(False, False), (True, True)], ids=["merge", "squash"])
async def test_an_unrelease_waits_for_its_merge_as_well(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path, squash: bool, delete: bool
) -> None:
    await publish(desk)
    before = on_branch(remote)
    await release(desk)
    forge.merge(1, tmp_path / "out", squash=squash, delete=delete)
    await look(desk)

    said = await desk.say("editor", f"/unrelease {DAY}")

    assert "Until it is merged, the issue is out" in said and "pulls/2" in said
    assert (forge.pull(2).title, forge.pull(2).head) == (
        f"Take back changes to the issue of {DAY}",
        f"{BRANCH}-2",
    )
    assert await statuses(desk, "a") == [StoryStatus.PUBLISHED] and await released_at(desk) == [True]
    assert "pulls/2" in await desk.say("editor", f"/unrelease {DAY}")

    forge.merge(2, tmp_path / "back", squash=squash, delete=delete)
    news = await look(desk)

    assert news.startswith(f"Pull request 2 was merged: the release of {DAY} is taken back")
    assert await statuses(desk, "a") == [StoryStatus.PITCHED] and await released_at(desk) == [False]
    assert on_branch(remote, branch="main") == before
    assert "pulls/3" in await release(desk)


async def test_a_release_that_waits_is_not_made_twice_and_is_taken_back_at_once(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    before = on_branch(remote)
    await release(desk)

    assert "waits to be merged already" in await desk.say("editor", f"/release {DAY}")
    assert "before it was merged" in await desk.say("editor", f"/unrelease {DAY}")
    assert "no release to take back" in await desk.say("editor", f"/unrelease {DAY}")

    assert (forge.pull(1).title, on_branch(remote)) == (f"Draft of {DAY}", before)
    forge.merge(1, tmp_path / "merging")
    assert "the draft of" in await look(desk)
    assert await statuses(desk, "a") == [StoryStatus.PITCHED] and await released_at(desk) == [False]


async def test_what_is_released_is_what_was_merged(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    await publish(desk, "https://site.test/b")
    await release(desk)
    await publish(desk, "https://site.test/c")
    story = "- [Fixes #3 and @everyone](https://site.test/b)  \n摘要：S.  \n"
    hand = "- [By hand](https://site.test/d)  \n摘要：S.  \n"
    edit_on(remote, tmp_path / "hand", BRANCH, PATH, old=story, new=hand)

    forge.merge(1, tmp_path / "merging", squash=True, delete=True)
    await look(desk)

    ran, spiked = StoryStatus.PUBLISHED, StoryStatus.SPIKED
    assert await statuses(desk, "a", "b", "c", "d") == [ran, spiked, ran, ran]


async def test_a_release_lost_with_its_branch_does_not_happen_when_the_draft_is_merged(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    await publish(desk)
    await release(desk)
    forge.pull(1).state = "closed"
    git(remote, "update-ref", "-d", f"refs/heads/{BRANCH}")

    said = await publish(desk, "https://site.test/b")
    forge.merge(2, tmp_path / "merging", squash=True, delete=True)

    assert f"The release of {DAY} is not on this branch any more" in said
    assert "the draft of" in await look(desk)
    assert await statuses(desk, "a", "b") == [StoryStatus.PITCHED] * 2 and await released_at(desk) == [False]


async def test_what_is_pushed_just_after_a_merge_gets_another_pull_request(
    desk: PublishingDesk, forge: ForgeServer, tmp_path: Path
) -> None:
    await publish(desk)
    await desk.say("editor", f"/release {DAY}")
    await desk.say_without_errands("editor", f"/release {DAY} anyway")
    async with desk.database.reading() as session:
        [asked] = (await session.scalars(select(Release))).all()
    press = ReleasePress(desk.press, desk.links)
    forge.merge(1, tmp_path / "merging")

    result = await press.commit(asked.id)
    assert desk.pulls is not None
    pull = await desk.pulls.propose(result["issue"], result)

    assert (pull["number"], forge.pull(2).head) == (2, BRANCH)
    await ReleaseReport(desk.database, desk.press.settings, desk.clock).released(
        asked.id, {**result, "pull_request": pull}
    )
    assert await released_at(desk) == [False]
    forge.merge(2, tmp_path / "again")
    assert "is out" in await look(desk) and await released_at(desk) == [True]


async def test_a_branch_that_was_squashed_and_not_deleted_is_never_taken_up_again(
    desk: PublishingDesk, forge: ForgeServer, remote: Path, tmp_path: Path
) -> None:
    names = ("a", "b", "c")
    for number, name in enumerate(names, 1):
        await publish(desk, f"https://site.test/{name}")
        forge.merge(number, tmp_path / name, squash=True)

    await publish(desk, "https://site.test/d")

    assert [pull.head for pull in forge.pulls] == [BRANCH, *(f"{BRANCH}-{n}" for n in (2, 3, 4))]
    text = on_branch(remote, branch=f"{BRANCH}-4")
    assert [text.count(f"https://site.test/{name})") for name in (*names, "d")] == [1] * 4
    assert await statuses(desk, *names) == [StoryStatus.PITCHED] * 3


async def test_pages_say_in_the_rooms_language_that_the_repository_is_away(
    tmp_path: Path, remote: Path
) -> None:
    desk = await PublishingDesk(config_of(tmp_path, remote=str(remote))).open()
    await desk.pitch("lin", "https://site.test/a", section="news", title="A", summary="S.")
    await desk.say("editor", f"/publish {DAY}")
    shelf = IssueShelf(desk.press, ReadingWorkers(processes=1))
    [shelved] = await shelf.issues()
    remote.rename(tmp_path / "elsewhere.git")

    for page in (shelf.open(shelved.key), shelf.open(NEXT), preview_view(desk.press)):
        with pytest.raises(DeskError, match="配置的地址上没有仓库"):
            await page
    await desk.close()
