import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.git import Git, git_environment
from storage.git_commit import CommitNote, check_path, fast_import_stream
from storage.newsletter_repo import Change, Commit, NewsletterRepo, Signature, Snapshot
from storage.repo_errors import (
    AccessDeniedError,
    BadRemoteError,
    CheckedOutBranchError,
    GitTimeoutError,
    NoRightError,
    NoSuchBranchError,
    NoSuchRepositoryError,
    NotARepositoryError,
    NothingToWriteError,
    NoTokenError,
    PushRefusedError,
    RepoError,
    RevertConflictError,
    UnknownCommitError,
    UnreachableRemoteError,
    UnsafePathError,
)
from tests.newsletter_repo_fixtures import (
    EDITOR,
    NOON,
    SKELETON,
    adding_line,
    bare_repository,
    git,
    git_server,
    opened,
    person_commits,
    writing,
)

ISSUE = "嵌入式/2026-05-13.md"
TOKEN = "s3cr3t-t0ken"


async def publish(repo: NewsletterRepo, change: Change, publish_id: str = "one") -> Commit:
    return await repo.commit(
        change, message=f"Publish {publish_id}", author=EDITOR, when=NOON, publish_id=publish_id
    )


async def undo(repo: NewsletterRepo, commit: Commit, publish_id: str = "undo") -> Commit:
    return await repo.revert(commit.id, message="Undo", author=EDITOR, when=NOON, publish_id=publish_id)


def commits(repository: Path) -> list[str]:
    return git(repository, "log", "--format=%s", "--reverse", "main").split("\n")


def content(repository: Path, path: str) -> str:
    return git(repository, "show", f"main:{path}")


def hook(repository: Path, script: str, *, name: str = "pre-receive") -> None:
    file = repository / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare_repository(tmp_path / "remote.git")


# Beginning


async def test_an_empty_folder_becomes_a_repository_begun_from_the_skeleton(tmp_path: Path) -> None:
    repo = await opened(tmp_path / "repo")

    now = await repo.snapshot()
    assert {path: await now.read(path) for path in SKELETON} == SKELETON
    assert commits(tmp_path / "repo") == ["Begin the newsletter"]
    assert git(tmp_path / "repo", "log", "-1", "--format=%an <%ae> %aI") == (
        "主编 Ada <ada@newsletter.test> 2026-05-13T12:00:00+00:00"
    )


@pytest.mark.parametrize("spelling", ["{}", "file://{}"])
async def test_an_empty_remote_gets_the_skeleton_and_every_commit(
    tmp_path: Path, remote: Path, spelling: str
) -> None:
    repo = await opened(tmp_path / "cache", spelling.format(remote))

    commit = await publish(repo, writing({ISSUE: "第一条\n".encode()}))

    assert commits(remote) == ["Begin the newsletter", "Publish one"]
    assert git(remote, "rev-parse", "main") == commit.id
    assert commit.created
    assert commit.pushed
    assert commit.paths == (ISSUE,)
    assert "+第一条" in commit.diff
    assert ISSUE in commit.diff
    assert content(remote, ISSUE) == "第一条"


async def test_opening_again_goes_on_where_it_was(tmp_path: Path, remote: Path) -> None:
    for folder, address in ((tmp_path / "repo", None), (tmp_path / "cache", remote)):
        first = await publish(await opened(folder, address), writing({ISSUE: b"1\n"}))

        now = await (await opened(folder, address)).snapshot()

        assert now.id == first.id


async def test_a_remote_with_a_history_keeps_it(tmp_path: Path, remote: Path) -> None:
    person_commits(remote, {"README.md": b"theirs\n"}, tmp_path / "ben")

    repo = await opened(tmp_path / "cache", remote)
    await publish(repo, writing({ISSUE: b"ours\n"}))

    assert commits(remote) == ["Edit by hand", "Publish one"]
    assert content(remote, "README.md") == "theirs"


async def test_a_thrown_away_cache_is_made_again(tmp_path: Path, remote: Path) -> None:
    first = await publish(await opened(tmp_path / "cache", remote), writing({ISSUE: b"1\n"}))

    again = await publish(await opened(tmp_path / "other", remote), writing({ISSUE: b"1\n"}))

    assert (again.id, again.created) == (first.id, False)


@pytest.mark.parametrize("inside", [".git/HEAD", "letters.txt"])
async def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, inside: str) -> None:
    (tmp_path / inside).parent.mkdir(exist_ok=True)
    (tmp_path / inside).write_text("mine")

    with pytest.raises(NotARepositoryError):
        await opened(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [inside.split("/")[0]]


async def test_a_repository_inside_a_project_is_not_taken_for_the_project(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")

    await publish(await opened(tmp_path / "var" / "newsletter"), writing({ISSUE: b"1\n"}))

    assert git(tmp_path, "for-each-ref") == ""


async def test_without_a_skeleton_the_first_commit_is_the_root(tmp_path: Path, remote: Path) -> None:
    for folder, address in ((tmp_path / "repo", None), (tmp_path / "cache", str(remote))):
        repo = NewsletterRepo(folder, remote=address, branch="main")
        await repo.open({}, EDITOR, NOON)
        with pytest.raises(NothingToWriteError):
            await publish(repo, writing({}))

        commit = await publish(repo, writing({ISSUE: b"1\n"}))

        assert commit.parent is None
        assert commit.paths == (ISSUE,)
        assert (await repo.snapshot()).id == commit.id


# Committing


async def test_the_same_files_again_give_no_commit(tmp_path: Path) -> None:
    repo = await opened(tmp_path)
    first = await publish(repo, writing({ISSUE: b"1\n"}), "one")

    second = await publish(repo, writing({ISSUE: b"1\n"}), "two")

    assert (second.id, second.created, second.paths, second.diff) == (first.id, False, (), "")
    assert len(commits(tmp_path)) == 2


async def test_a_publish_id_is_committed_once_however_often_it_is_tried(tmp_path: Path, remote: Path) -> None:
    repo = await opened(tmp_path / "cache", remote)
    first = await publish(repo, adding_line(ISSUE, "1"), "issue-7:1")
    await publish(repo, adding_line(ISSUE, "2"), "issue-7:10")

    again = await publish(repo, adding_line(ISSUE, "1"), "issue-7:1")

    assert again == replace(first, created=False)
    assert content(remote, ISSUE) == "1\n2"


async def test_publish_ids_that_resemble_each_other_are_two(tmp_path: Path) -> None:
    repo = await opened(tmp_path)
    for publish_id in ("v1x0", "v1.0:10", "xv1.0", "v1.0"):
        assert (await publish(repo, adding_line(ISSUE, publish_id), publish_id)).created


async def test_a_commit_says_who_when_and_why(tmp_path: Path) -> None:
    repo = await opened(tmp_path)

    await repo.commit(
        writing({ISSUE: b"1\n"}),
        message="Draft of 2026-05-13\n\nFive stories.\n\nIssue: 2026-05-13",
        author=Signature("Eve <root>\n", "eve@x.test>\nparent 0"),
        when=NOON,
        publish_id="one",
    )

    assert git(tmp_path, "log", "-1", "--format=%an|%ae|%cn", "main") == "Eve root|eve@x.testparent0|Eve root"
    assert git(tmp_path, "log", "-1", "--format=%B", "main").strip() == (
        "Draft of 2026-05-13\n\nFive stories.\n\nIssue: 2026-05-13\nPublish-Id: one"
    )
    assert (
        git(tmp_path, "log", "-1", "--format=%(trailers:key=Publish-Id,valueonly)", "main").strip() == "one"
    )
    assert await repo.fsck() == ()


async def test_the_same_commit_has_the_same_id_in_every_repository(tmp_path: Path) -> None:
    ids = {
        (await publish(await opened(tmp_path / name), writing({ISSUE: b"1\n", "a.md": b"2"}))).id
        for name in ("one", "two", "three")
    }

    assert len(ids) == 1


async def test_a_path_set_to_nothing_is_deleted(tmp_path: Path) -> None:
    repo = await opened(tmp_path)

    commit = await publish(repo, writing({"README.md": None, "never/was.md": None}))

    assert commit.paths == ("README.md",)
    now = await repo.snapshot()
    assert await now.read("README.md") is None
    assert await now.list("") == ()
    assert await now.list("嵌入式") == await now.list("/嵌入式/") == ("嵌入式/README.md",)


async def test_a_snapshot_stays_as_it_was(tmp_path: Path, remote: Path) -> None:
    repo = await opened(tmp_path / "cache", remote)
    before = await repo.snapshot()

    await publish(repo, writing({"README.md": b"new\n"}))

    assert await before.read("README.md") == SKELETON["README.md"]
    assert await (await repo.snapshot()).read("README.md") == b"new\n"


@pytest.mark.parametrize(
    "path", ["nothing.md", "嵌入式", "./README.md", "../x", "", "a\nb", "a\0b", "README.md/x"]
)
async def test_a_name_that_is_no_file_reads_as_nothing(tmp_path: Path, path: str) -> None:
    now = await (await opened(tmp_path)).snapshot()

    assert await now.read(path) is None
    for folder in ("nothing", "README.md", "..", "a\nb", "*", ":(glob)*", ":/"):
        assert await now.list(folder) == ()


async def test_bytes_come_back_as_they_went(tmp_path: Path) -> None:
    repo = await opened(tmp_path)
    files = {"crlf.md": b"a\r\nb  \r\n", "bytes.bin": bytes(range(256)), "empty": b"", "end": b"no newline"}

    await publish(repo, writing(files))

    now = await repo.snapshot()
    assert {path: await now.read(path) for path in files} == files


async def test_an_executable_file_stays_executable(tmp_path: Path, remote: Path) -> None:
    workplace = tmp_path / "ben"
    person_commits(remote, {"build.sh": b"1\n", "plain.sh": b"1\n"}, workplace)
    git(workplace, "update-index", "--chmod=+x", "build.sh")
    git(workplace, "commit", "-q", "-m", "Make it run")
    git(workplace, "push", "-q", "origin", "main")
    repo = await opened(tmp_path / "cache", remote)

    await publish(repo, writing({"build.sh": b"2\n", "plain.sh": b"2\n"}))

    modes = git(remote, "ls-tree", "--format=%(objectmode) %(path)", "main").split("\n")
    assert modes == ["100755 build.sh", "100644 plain.sh"]


async def test_a_long_difference_is_cut_at_a_line(tmp_path: Path) -> None:
    commit = await publish(await opened(tmp_path), writing({"long.md": b"0123456789\n" * 20_000}))

    assert len(commit.diff) <= 66_000
    assert commit.diff.endswith("+0123456789\n…\n")


UNSAFE = [
    "../x.md",
    "a/../x.md",
    ".git/config",
    "a/.GIT/x",
    ".g\u200cit/config",
    "git~1/config",
    ".git. /config",
    "a/./b.md",
    "a//b.md",
    "/etc/passwd",
    "a/",
    "",
    "a\0b",
    "a\nM 100644 inline b",
    "a\rb",
    'a"b',
    "a\\b",
    "C:x",
    "a\u2028b",
    "\ud800",
    " a",
    "a ",
    "a.",
    "长" * 90,
    "a/" * 130 + "b",
]


@pytest.mark.parametrize("path", UNSAFE)
async def test_an_unsafe_path_is_refused_and_nothing_is_written(tmp_path: Path, path: str) -> None:
    repo = await opened(tmp_path)

    with pytest.raises(UnsafePathError):
        await publish(repo, writing({"fine.md": b"1", path: b"2"}))

    assert commits(tmp_path) == ["Begin the newsletter"]


@pytest.mark.parametrize("files", [{"嵌入式": b"x"}, {"README.md/x.md": b"x"}, {"嵌入式": None}])
async def test_a_file_never_takes_the_place_of_a_folder(
    tmp_path: Path, files: Mapping[str, bytes | None]
) -> None:
    repo = await opened(tmp_path)

    with pytest.raises(UnsafePathError):
        await publish(repo, writing(files))

    assert commits(tmp_path) == ["Begin the newsletter"]


@given(path=st.text(), content=st.binary())
def test_an_accepted_path_cannot_break_out_of_its_line(path: str, content: bytes) -> None:
    note = CommitNote("m", EDITOR, NOON, "one")
    try:
        check_path(path)
    except UnsafePathError:
        return

    stream = fast_import_stream(note, parent=None, files={path: content}, executable=frozenset())

    assert f"\nM 100644 inline {path}\ndata {len(content)}\n".encode() + content in stream
    assert not set(path.split("/")) & {"", ".", "..", ".git"}


@pytest.mark.parametrize("publish_id", ["", "a b", "a\nb", "-a", ".*", "x" * 201])
def test_a_publish_id_is_one_plain_word(publish_id: str) -> None:
    with pytest.raises(ValueError, match="publish id"):
        CommitNote("m", EDITOR, NOON, publish_id)


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        EDITOR.at(NOON.replace(tzinfo=None))


async def test_damage_is_found_and_named_without_a_path(tmp_path: Path) -> None:
    repo = await opened(tmp_path / "repo")
    (tmp_path / "repo" / "refs" / "heads" / "lost").write_text("1" * 40 + "\n")
    assert await repo.fsck() != ()
    assert str(tmp_path) not in " ".join(await repo.fsck())

    (tmp_path / "repo" / "refs" / "heads" / "lost").unlink()
    assert await repo.fsck() == ()
    blob = git(tmp_path / "repo", "rev-parse", "main:README.md")
    (tmp_path / "repo" / "objects" / blob[:2] / blob[2:]).unlink()
    assert f"missing blob {blob}" in await repo.fsck()


# Others commit too


@pytest.mark.parametrize("own", [True, False])
async def test_what_others_push_between_our_look_and_our_commit_is_kept(tmp_path: Path, own: bool) -> None:
    shared = tmp_path / "repo" if own else bare_repository(tmp_path / "remote.git")
    repo = await opened(shared) if own else await opened(tmp_path / "cache", shared)
    seen: list[str | None] = []

    async def change(now: Snapshot) -> Mapping[str, bytes | None]:
        seen.append(now.id)
        text = await now.read("lines.md") or b""
        if len(seen) <= 2:
            person_commits(shared, {"lines.md": text + b"theirs %d\n" % len(seen)}, tmp_path / "ben")
        return {"lines.md": text + b"ours\n"}

    await publish(repo, change)

    assert content(shared, "lines.md") == "theirs 1\ntheirs 2\nours"
    assert len(set(seen)) == 3
    assert commits(shared) == ["Begin the newsletter", "Edit by hand", "Edit by hand", "Publish one"]


async def test_a_branch_set_back_by_somebody_meanwhile_is_not_set_forward_again(
    tmp_path: Path, remote: Path
) -> None:
    repo = await opened(tmp_path / "cache", remote)
    await publish(repo, writing({"wrong.md": b"1\n"}), "wrong")
    tries = 0

    async def change(now: Snapshot) -> Mapping[str, bytes | None]:
        nonlocal tries
        tries += 1
        if tries == 1:
            git(remote, "update-ref", "refs/heads/main", "main~1")
        return {ISSUE: b"1\n"}

    await publish(repo, change, "right")

    assert commits(remote) == ["Begin the newsletter", "Publish right"]


async def test_of_many_at_once_every_commit_lands_once(tmp_path: Path, remote: Path) -> None:
    caches = [await opened(tmp_path / name, remote) for name in ("one", "two")]
    names = [f"{cache}-{number}" for cache in range(2) for number in range(6)]

    made = await asyncio.gather(
        *(publish(caches[int(name[0])], adding_line("lines.md", name), name) for name in names)
    )

    assert len({commit.id for commit in made}) == len(names)
    assert all(commit.created for commit in made)
    assert sorted(content(remote, "lines.md").split("\n")) == names
    assert sorted(commits(remote)) == sorted(["Begin the newsletter", *(f"Publish {name}" for name in names)])
    assert [await cache.fsck() for cache in caches] == [(), ()]


async def test_two_objects_on_one_repository_take_turns(tmp_path: Path) -> None:
    repos = [await opened(tmp_path), await opened(tmp_path)]

    await asyncio.gather(*(publish(repos[n % 2], adding_line("lines.md", str(n)), f"p{n}") for n in range(8)))

    assert sorted(content(tmp_path, "lines.md").split("\n")) == [str(n) for n in range(8)]
    assert len(commits(tmp_path)) == 9


async def test_locks_of_killed_programs_are_swept(tmp_path: Path, remote: Path) -> None:
    own, cached = await opened(tmp_path / "repo"), await opened(tmp_path / "cache", remote)
    long_ago = time.time() - 60
    for folder in (tmp_path / "repo", tmp_path / "cache", remote):
        for name in ("refs/heads/main.lock", "packed-refs.lock", "HEAD.lock", "refs/copydesk/pending.lock"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
            os.utime(folder / name, (long_ago, long_ago))

    assert (await publish(own, writing({ISSUE: b"1\n"}))).created
    assert (await publish(cached, writing({ISSUE: b"1\n"}))).created


async def test_a_lock_that_somebody_holds_now_is_waited_for(tmp_path: Path) -> None:
    repo = await opened(tmp_path)
    lock = tmp_path / "refs" / "heads" / "main.lock"
    lock.touch()

    publication = asyncio.create_task(publish(repo, writing({ISSUE: b"1\n"})))
    await asyncio.sleep(0.3)
    there = lock.exists()
    lock.unlink()

    assert there
    assert (await publication).created


# Undoing


async def test_an_undo_puts_back_what_was_there(tmp_path: Path, remote: Path) -> None:
    repo = await opened(tmp_path / "cache", remote)
    commit = await publish(repo, writing({"README.md": b"new\n", ISSUE: b"1\n"}))
    await publish(repo, writing({"later.md": b"stays\n"}), "two")

    undone = await undo(repo, commit)

    assert undone.created
    assert undone.pushed
    assert set(undone.paths) == {"README.md", ISSUE}
    now = await repo.snapshot()
    assert await now.read("README.md") == SKELETON["README.md"]
    assert await now.read(ISSUE) is None
    assert await now.read("later.md") == b"stays\n"
    assert commits(remote)[-1] == "Undo"


async def test_an_undo_of_an_undo_does_it_again_and_twice_the_same_undo_does_nothing(tmp_path: Path) -> None:
    repo = await opened(tmp_path)
    commit = await publish(repo, writing({ISSUE: b"1\n"}))
    undone = await undo(repo, commit)

    assert (await undo(repo, commit, "undo")).id == undone.id
    assert not (await undo(repo, commit, "undo-again")).created
    await undo(repo, undone, "redo")

    assert content(tmp_path, ISSUE) == "1"


async def test_an_undo_keeps_later_edits_of_other_lines(tmp_path: Path) -> None:
    repo = await opened(tmp_path)
    lines = [f"line {n}\n" for n in range(9)]
    await publish(repo, writing({ISSUE: "".join(lines).encode()}), "one")
    ours = await publish(repo, writing({ISSUE: "".join(["ours\n", *lines[1:]]).encode()}), "two")
    await publish(repo, writing({ISSUE: "".join(["ours\n", *lines[1:-1], "theirs\n"]).encode()}), "three")

    await undo(repo, ours)

    assert content(tmp_path, ISSUE).split("\n") == [*"".join(lines[:-1]).split("\n")[:-1], "theirs"]


async def test_a_merge_by_hand_is_undone_against_its_first_parent(tmp_path: Path, remote: Path) -> None:
    person_commits(remote, {"README.md": b"1\n"}, tmp_path / "ben")
    git(tmp_path / "ben", "checkout", "-q", "-b", "side")
    (tmp_path / "ben" / "side.md").write_text("merged")
    git(tmp_path / "ben", "add", "-A")
    git(tmp_path / "ben", "commit", "-q", "-m", "Side")
    git(tmp_path / "ben", "checkout", "-q", "main")
    git(tmp_path / "ben", "merge", "-q", "--no-ff", "-m", "Merge", "side")
    git(tmp_path / "ben", "push", "-q", "origin", "main")
    repo = await opened(tmp_path / "cache", remote)

    undone = await repo.revert(
        git(remote, "rev-parse", "main"), message="Undo", author=EDITOR, when=NOON, publish_id="undo"
    )

    assert undone.paths == ("side.md",)
    assert await (await repo.snapshot()).read("side.md") is None


@pytest.mark.parametrize("later", [b"both\n", None])
async def test_an_undo_of_lines_that_were_edited_since_names_the_file(
    tmp_path: Path, later: bytes | None
) -> None:
    repo = await opened(tmp_path)
    commit = await publish(repo, writing({"README.md": b"ours\n"}))
    await publish(repo, writing({"README.md": later}), "two")

    with pytest.raises(RevertConflictError, match=r"README\.md") as refused:
        await undo(repo, commit)

    assert refused.value.path == "README.md"
    assert len(commits(tmp_path)) == 3


def page(**changed: str) -> bytes:
    return "".join(changed.get(f"line{n}", f"line {n}\n") for n in range(12)).encode()


@pytest.mark.parametrize(
    ("renamed_by_us", "now_called", "edited", "expected"),
    [
        (False, "b.md", True, {"b.md": page(line9="By hand\n")}),
        (True, "b.md", True, {"a.md": page(line9="By hand\n")}),
        (True, None, False, {"a.md": page()}),
    ],
    ids=["theirs", "both", "ours-deleted"],
)
async def test_an_undo_follows_a_renamed_file_and_keeps_what_people_wrote(
    tmp_path: Path, renamed_by_us: bool, now_called: str | None, edited: bool, expected: dict[str, bytes]
) -> None:
    repo = await opened(tmp_path)
    await publish(repo, writing({"a.md": page()}), "draft")
    ours = "final.md" if renamed_by_us else "a.md"
    commit = await publish(repo, writing({"a.md": None, ours: page(line1="Released\n")}), "release")
    theirs = page(line1="Released\n", **({"line9": "By hand\n"} if edited else {}))
    await publish(repo, writing({ours: None} | ({now_called: theirs} if now_called else {})), "hand")

    await undo(repo, commit)

    snapshot = await repo.snapshot()
    left = {path: await snapshot.read(path) for path in ("a.md", "b.md", "final.md")}
    assert {path: content for path, content in left.items() if content is not None} == expected


@pytest.mark.parametrize("way", ["same lines", "name taken"])
async def test_an_undo_of_a_renamed_file_is_refused_where_it_would_lose_words(
    tmp_path: Path, way: str
) -> None:
    repo = await opened(tmp_path)
    await publish(repo, writing({"a.md": page()}), "draft")
    commit = await publish(repo, writing({"a.md": None, "final.md": page(line1="Released\n")}), "release")
    hand = (
        {"final.md": None, "b.md": page(line1="By hand\n")} if way == "same lines" else {"a.md": b"Another\n"}
    )
    await publish(repo, writing(hand), "hand")

    with pytest.raises(RevertConflictError):
        await undo(repo, commit)


@pytest.mark.parametrize("commit_id", ["0" * 40, "main", "--all", "HEAD~1", ""])
async def test_only_a_commit_of_the_branch_can_be_undone(tmp_path: Path, commit_id: str) -> None:
    repo = await opened(tmp_path)

    with pytest.raises(UnknownCommitError):
        await repo.revert(commit_id, message="Undo", author=EDITOR, when=NOON, publish_id="undo")


# What the other side says


async def test_a_refusal_by_the_servers_hook_is_told_in_its_own_words(tmp_path: Path, remote: Path) -> None:
    repo = await opened(tmp_path / "cache", remote)
    hook(remote, f"echo 'Only chiefs may write here, see {remote}/rules or /srv/git/rules.txt' >&2; exit 1")

    with pytest.raises(PushRefusedError, match="Only chiefs may write here") as refused:
        await publish(repo, writing({ISSUE: b"1\n"}))

    assert str(tmp_path) not in str(refused.value)
    assert "/srv" not in str(refused.value)
    assert commits(remote) == ["Begin the newsletter"]
    (remote / "hooks" / "pre-receive").unlink()
    assert (await publish(repo, writing({ISSUE: b"1\n"}))).created
    assert commits(remote) == ["Begin the newsletter", "Publish one"]


async def test_a_silent_hook_is_a_refusal_too(tmp_path: Path, remote: Path) -> None:
    repo = await opened(tmp_path / "cache", remote)
    hook(remote, "exit 1")

    with pytest.raises(PushRefusedError, match="pre-receive hook declined"):
        await publish(repo, writing({ISSUE: b"1\n"}))


async def test_a_checked_out_branch_is_explained(tmp_path: Path) -> None:
    person_commits(bare_repository(tmp_path / "origin.git"), {"README.md": b"1\n"}, tmp_path / "tree")
    repo = await opened(tmp_path / "cache", tmp_path / "tree")

    with pytest.raises(CheckedOutBranchError, match="updateInstead"):
        await publish(repo, writing({ISSUE: b"1\n"}))


async def test_a_missing_remote_or_branch_is_said_without_its_path(tmp_path: Path, remote: Path) -> None:
    with pytest.raises(NoSuchRepositoryError) as missing:
        await opened(tmp_path / "cache", tmp_path / "nowhere.git")
    assert str(tmp_path) not in str(missing.value)

    await opened(tmp_path / "cache", remote)
    elsewhere = NewsletterRepo(tmp_path / "other", remote=str(remote), branch="drafts")
    with pytest.raises(NoSuchBranchError, match="drafts"):
        await elsewhere.open(SKELETON, EDITOR, NOON)


@pytest.mark.parametrize(
    "address", ["https://bot:pass@forge.test/x.git", "ext::sh -c id", "https://[::1", " ", "a\nb"]
)
async def test_a_dangerous_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadRemoteError) as refused:
        await opened(tmp_path / "cache", address)

    assert "pass@" not in str(refused.value)


@pytest.mark.parametrize("branch", ["", "a..b", "-", "a b", "x.lock"])
async def test_an_impossible_branch_is_refused(tmp_path: Path, branch: str) -> None:
    repo = NewsletterRepo(tmp_path / "repo", remote=None, branch=branch)
    if branch == "-":
        await repo.open({}, EDITOR, NOON)
        return

    with pytest.raises(BadRemoteError):
        await repo.open({}, EDITOR, NOON)


async def test_the_users_git_settings_change_nothing(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".gitconfig").write_text(
        "[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n[diff]\n\tnoprefix = true\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Mallory")

    repo = NewsletterRepo(tmp_path / "cache", remote=str(remote), branch="main")
    await repo.open(SKELETON, EDITOR, NOON)
    commit = await publish(repo, writing({ISSUE: b"a\r\n"}))

    assert "b/" in commit.diff
    assert await (await repo.snapshot()).read(ISSUE) == b"a\r\n"


# Over HTTP, with a token


async def test_a_token_opens_an_http_remote_and_shows_nowhere(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_TOKEN", TOKEN)
    async with git_server(tmp_path, TOKEN) as server:
        address = f"{server.address}/remote.git"
        repo = await opened(tmp_path / "cache", address, token_variable="NEWSLETTER_TOKEN")
        for number in range(12):
            await publish(repo, adding_line("lines.md", "x" * 200 + str(number)), f"p{number}")
        fresh = await opened(tmp_path / "fresh", address, token_variable="NEWSLETTER_TOKEN")
        lines = await (await fresh.snapshot()).read("lines.md")
        await undo(fresh, await publish(fresh, writing({"README.md": b"1"}), "last"))
        problems = await fresh.fsck()

    assert (lines or b"").count(b"\n") == 12
    assert len(commits(remote)) == 15
    assert problems == ()
    shown = "\n".join(server.command_lines)
    assert "git" in shown
    assert TOKEN not in shown
    assert TOKEN not in repr(vars(repo))
    for file in [*(tmp_path / "cache").rglob("*"), *(tmp_path / "fresh").rglob("*")]:
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()
    assert (tmp_path / "cache" / "copydesk-askpass").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("token", "path", "error"),
    [
        ("", "remote.git", NoTokenError),
        ("wr0ng-t0ken", "remote.git", AccessDeniedError),
        (TOKEN, "nowhere.git", NoSuchRepositoryError),
    ],
)
async def test_a_closed_http_remote_says_why(
    tmp_path: Path,
    remote: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    path: str,
    error: type[RepoError],
) -> None:
    monkeypatch.setenv("NEWSLETTER_TOKEN", token)
    async with git_server(tmp_path, TOKEN) as server:
        with pytest.raises(error) as refused:
            await opened(tmp_path / "cache", f"{server.address}/{path}", token_variable="NEWSLETTER_TOKEN")

    assert not token or token not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


async def test_a_reader_cannot_write_and_a_server_that_is_down_loses_nothing(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_TOKEN", TOKEN)
    async with git_server(tmp_path, TOKEN) as server:
        address = f"{server.address}/remote.git"
        repo = await opened(tmp_path / "cache", address, token_variable="NEWSLETTER_TOKEN")
        server.read_only = True
        with pytest.raises(NoRightError):
            await publish(repo, writing({ISSUE: b"1\n"}))
    with pytest.raises(UnreachableRemoteError):
        await publish(repo, writing({ISSUE: b"1\n"}))

    direct = await opened(tmp_path / "direct", remote)
    assert (await publish(direct, writing({ISSUE: b"1\n"}))).created


async def test_the_token_is_given_to_the_configured_server_only(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_TOKEN", TOKEN)
    async with git_server(tmp_path, TOKEN) as server:
        repo = await opened(
            tmp_path / "cache", f"{server.address}/remote.git", token_variable="NEWSLETTER_TOKEN"
        )
    environment = repo._git.environment
    askpass = environment["GIT_ASKPASS"]

    def ask(prompt: str) -> str:
        done = subprocess.run([askpass, prompt], env=environment, capture_output=True, text=True)
        return done.stdout.strip()

    assert ask(f"Username for '{server.address}': ") == "x-access-token"
    assert ask(f"Password for '{server.address.replace('//', '//x-access-token@')}': ") == TOKEN
    assert ask("Password for 'http://x-access-token@elsewhere.test': ") == ""
    assert ask(f"Password for '{server.address.replace('//', '//x@')}.elsewhere.test': ") == ""


# Stopped in the middle


@pytest.mark.parametrize("way", ["cancelled", "timed out"])
async def test_a_stopped_publication_leaves_no_git_behind_and_can_be_repeated(
    tmp_path: Path, remote: Path, way: str
) -> None:
    await opened(tmp_path / "cache", remote)
    repo = await opened(tmp_path / "cache", remote, timeout=1 if way == "timed out" else 60)
    hook(remote, f"echo $$ > {tmp_path}/hook.pid; exec sleep 60")
    publication = asyncio.create_task(publish(repo, writing({ISSUE: b"1\n"})))
    while not (tmp_path / "hook.pid").exists() or not (tmp_path / "hook.pid").read_text():
        await asyncio.sleep(0.01)

    if way == "cancelled":
        publication.cancel()
    with pytest.raises(asyncio.CancelledError if way == "cancelled" else GitTimeoutError):
        await publication

    await until_dead(int((tmp_path / "hook.pid").read_text()))
    (remote / "hooks" / "pre-receive").unlink()
    again = await opened(tmp_path / "cache", remote)
    assert (await publish(again, writing({ISSUE: b"1\n"}))).created
    assert commits(remote) == ["Begin the newsletter", "Publish one"]
    assert await again.fsck() == ()


@pytest.mark.parametrize("own", [True, False])
async def test_a_daemon_that_a_hook_leaves_behind_holds_nobody_up(
    tmp_path: Path, remote: Path, own: bool
) -> None:
    repo = await opened(tmp_path / "cache", None if own else remote)
    name = "reference-transaction" if own else "pre-receive"
    daemon = f"setsid sleep 60 </dev/null >/dev/null 2>&1 & echo $! >> {tmp_path}/daemons"
    hook(tmp_path / "cache" if own else remote, daemon, name=name)
    try:
        async with asyncio.timeout(20):
            assert (await publish(repo, writing({ISSUE: b"1\n"}), "p1")).created
            other = await opened(tmp_path / "cache", None if own else remote)
            assert (await publish(other, writing({ISSUE: b"2\n"}), "p2")).created
    finally:
        for process in (tmp_path / "daemons").read_text().split():
            os.kill(int(process), signal.SIGKILL)


@pytest.mark.parametrize("way", ["failed", "timed out"])
async def test_git_is_not_waited_for_longer_than_it_runs_where_a_daemon_holds_its_output(
    tmp_path: Path, remote: Path, way: str
) -> None:
    patience = 0.3 if way == "timed out" else 20
    git_there = Git(remote, patience, git_environment(remote, timeout=patience, extra={}))
    ends = {"failed": "echo Permission denied >&2; exit 128", "timed out": "sleep 60"}
    script = f"!setsid sleep 60 & echo $! > {tmp_path}/daemon; {ends[way]}"
    try:
        async with asyncio.timeout(20):
            with pytest.raises(NoRightError if way == "failed" else GitTimeoutError):
                await git_there.run("-c", f"alias.hold={script}", "hold")
    finally:
        os.kill(int((tmp_path / "daemon").read_text()), signal.SIGKILL)


async def until_dead(process: int) -> None:
    """Wait until a process is gone or only waits to be buried."""
    while True:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state in {"Z", "X"}:
            return
        await asyncio.sleep(0.01)


async def test_a_push_that_outlives_its_publisher_keeps_others_out(tmp_path: Path, remote: Path) -> None:
    await opened(tmp_path / "cache", remote)
    hook(remote, f"touch {tmp_path}/begun; sleep 1; touch {tmp_path}/done")
    with start_publisher(tmp_path / "cache", str(remote), first=0) as publisher:
        while not (tmp_path / "begun").exists():
            await asyncio.sleep(0.01)
        publisher.kill()

    next_one = await opened(tmp_path / "cache", remote)

    assert (tmp_path / "done").exists()
    assert not (await publish(next_one, adding_line("lines.md", "0"), "p0")).created
    assert content(remote, "lines.md") == "0"


@pytest.mark.parametrize("own", [True, False])
async def test_a_publisher_killed_at_random_moments_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, own: bool
) -> None:
    repository = tmp_path / "repo" if own else bare_repository(tmp_path / "remote.git")
    chance = random.Random(20260513)
    acknowledged = [-1]

    folder, address = (repository, None) if own else (tmp_path / "cache", str(repository))
    for _ in range(int(os.environ.get("COPYDESK_TEST_KILLS", "10"))):
        acknowledged += publish_until_killed(
            folder,
            address or "-",
            first=acknowledged[-1] + 1,
            seconds=chance.uniform(0, 0.5),
        )
    # The last git may have outlived its publisher; opening waits for it.
    repo = await opened(folder, address)

    lines = content(repository, "lines.md").split("\n")
    assert lines == [str(number) for number in range(len(lines))]
    assert len(lines) - acknowledged[-1] in {1, 2}
    ids = re.findall(r"^Publish-Id: (p\d+)$", git(repository, "log", "--format=%B", "main"), re.MULTILINE)
    assert sorted(ids) == sorted(f"p{number}" for number in range(len(lines)))
    assert git(repository, "fsck", "--full", "--no-dangling") == ""
    assert await repo.fsck() == ()


def publish_until_killed(folder: Path, remote: str, *, first: int, seconds: float) -> list[int]:
    """Start the publisher, kill it some seconds after it has opened, and give what it acknowledged."""
    with start_publisher(folder, remote, first=first) as publisher:
        assert publisher.stdout is not None
        assert publisher.stdout.readline() == "open\n"
        time.sleep(seconds)
        publisher.kill()
        return [int(line) for line in publisher.stdout.read().split()]


def start_publisher(folder: Path, remote: str, *, first: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.newsletter_repo_publisher", str(folder), remote, str(first)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
