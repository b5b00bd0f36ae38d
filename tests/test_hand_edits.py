"""What people do to a draft in git by hand, and what the desk makes of it at the next publish."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import ClassVar

import pytest

from bot.draft import Plan
from bot.press import Press
from bot.printed import Printed
from storage.issue_records import Issue
from storage.newsletter_repo import Snapshot
from storage.records import Author
from tests.publishing import OUTSIDE, PublishingDesk, config_of
from tests.test_publication import commits

MOON, MARS, SUN = "https://site.test/moon", "https://site.test/mars", "https://site.test/sun"
FOLDER = "embedded-ai-report"
PATH = f"{FOLDER}/2020-05-15.md"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path, language="en")).open()
    yield desk
    await desk.close()


async def three_stories(desk: PublishingDesk) -> tuple[int, int, int]:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon", source="Site", summary="It is round.")
    mars = await desk.pitch("lin", MARS, section="news", title="Mars", summary="It is red.")
    sun = await desk.pitch("lin", SUN, section="papers", title="Sun", summary="It is hot.")
    await desk.say("editor", "/publish 2020-05-15")
    return moon, mars, sun


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda file: file.replace(old.encode(), new.encode(), 1)


async def test_words_edited_in_git_come_back_into_the_story_and_stay(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("It is round.", "It is a ball."))
    by_hand = await desk.file(PATH)

    answer = await desk.say("editor", "/publish 2020-05-15")
    again = await desk.say("editor", "/publish 2020-05-15")

    story = await desk.story(MOON)
    why = await desk.say("lin", f"/why {moon}")
    assert story.field("summary") == "It is a ball." and story.author_of("summary") == Author.GIT
    assert "took over from git: summary" in why and "git: summary." in why
    assert await desk.file(PATH) == by_hand and "says all that already" in answer
    assert "Kept" not in again


async def test_a_field_edited_in_git_and_another_at_the_desk_both_stand(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("It is round.", "It is a ball."))
    await desk.say("editor", f"/amend {moon} title Luna")

    answer = await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert "- [Luna | Site](https://site.test/moon)" in file and "It is a ball." in file
    assert f"± #{moon} Luna" in answer and "Kept" not in answer


async def test_a_field_edited_on_both_sides_says_which_stands_and_how_to_have_the_other(
    desk: PublishingDesk,
) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("It is round.", "It is a ball."))
    await desk.say("editor", f"/amend {moon} summary It is an orb.")

    answer = await desk.say("editor", "/publish 2020-05-15")
    stood = (await desk.file(PATH)).decode()
    quiet = await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/amend {moon} summary It is an orb.")
    await desk.say("editor", "/publish 2020-05-15")

    assert (
        f"#{moon}, summary: changed in git and here; git's stands: “It is a ball.”. "
        f"Here it said “It is an orb.”. To have that: /amend {moon} summary …"
    ) in answer
    assert "It is a ball." in stood and "orb" not in stood and "<<<<" not in stood
    assert "both" not in quiet and "Kept" not in quiet
    assert "It is an orb." in (await desk.file(PATH)).decode()


async def test_a_story_moved_in_git_stays_there_while_its_new_words_come_through(
    desk: PublishingDesk,
) -> None:
    moon, _, _ = await three_stories(desk)

    def to_the_end(file: bytes) -> bytes:
        text = file.decode()
        start = text.index("- [Moon")
        stop = text.index("- [Mars")
        moved = text[start:stop]
        return (text[:start] + text[stop:]).replace("## 博文\n\n", f"## 博文\n\n{moved}", 1).encode()

    await desk.edit_by_hand(PATH, to_the_end)
    await desk.say("editor", f"/amend {moon} title Luna")

    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert file.index("## 博文") < file.index("[Luna") and file.count("site.test/moon") == 1
    assert (await desk.story(MOON)).section == "posts"


async def test_a_story_changed_here_and_deleted_in_git_stays_out_and_is_said(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(
        PATH,
        lambda file: b"".join(
            line for line in file.splitlines(True) if b"moon" not in line and b"round" not in line
        ),
    )
    await desk.say("editor", f"/amend {moon} title Luna")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"Luna" not in await desk.file(PATH)
    assert f"#{moon} was changed here (title) and deleted in git; it stays out." in answer


async def test_a_corrected_link_is_the_same_story_and_is_not_set_again(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced(MOON, "https://other.test/the-moon"))
    await desk.pitch("lin", "https://site.test/venus", section="posts", title="Venus")

    first = await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/amend {moon} title Luna")
    await desk.say("editor", "/publish 2020-05-15")
    pitched = await desk.say("zhe", "https://other.test/the-moon")

    file = (await desk.file(PATH)).decode()
    assert "[Luna | Site](https://other.test/the-moon)" in file and MOON not in file
    assert f"#{moon} has another link in git now" in first and f"#{moon}" in pitched


async def test_blanks_that_an_editor_stripped_are_no_edit(desk: PublishingDesk) -> None:
    moon, mars, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, lambda file: b"\n".join(line.rstrip() for line in file.split(b"\n")))
    await desk.say("editor", f"/amend {moon} summary It is an orb.")
    await desk.say("editor", f"/spike {mars} not ours")

    answer = await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert "Kept" not in answer and "1 removed" in answer
    assert "摘要：It is an orb.  \n" in file and "Mars" not in file
    assert "- [Sun](https://site.test/sun)\n摘要：It is hot.\n" in file


async def test_a_renamed_heading_keeps_its_stories_and_takes_new_ones(desk: PublishingDesk) -> None:
    await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("## 业界新闻", "## 行业动态"))

    for url, title in (("https://site.test/venus", "Venus"), ("https://site.test/pluto", "Pluto")):
        await desk.pitch("lin", url, section="news", title=title)
        await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert "业界新闻" not in file and file.count("## 行业动态") == 1
    assert file.index("## 行业动态") < file.index("[Venus]") < file.index("[Pluto]") < file.index("## 论文")
    assert (await desk.story(MOON)).section == "news"


async def test_a_draft_renamed_twice_and_rewritten_is_followed(desk: PublishingDesk) -> None:
    await three_stories(desk)
    half, final = f"{FOLDER}/2020-05-xy.md", f"{FOLDER}/the-may-issue.md"
    await desk.edit_by_hand(PATH, replaced("(2020-05-15)", "(2020-05-16)"), rename=half)
    await desk.edit_by_hand(half, replaced("It is hot.", "It is very hot indeed."), rename=final)
    await desk.pitch("lin", "https://site.test/venus", section="posts", title="Venus")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert final in answer and b"[Venus]" in await desk.file(final)
    assert await (await desk.repo.snapshot()).read(PATH) is None


async def test_a_renamed_draft_without_its_stories_is_still_followed(desk: PublishingDesk) -> None:
    moon, mars, sun = await three_stories(desk)
    name = f"{FOLDER}/notes/may.md"

    def emptied(file: bytes) -> bytes:
        gone = (b"site.test", b"It is ")
        return b"".join(line for line in file.splitlines(True) if not any(one in line for one in gone))

    await desk.edit_by_hand(PATH, emptied, rename=name)
    await desk.pitch("lin", "https://site.test/venus", section="posts", title="Venus")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"[Venus]" in await desk.file(name) and b"[Moon" not in await desk.file(name)
    assert f"Removed by hand in git, so left out: #{moon}, #{mars}, #{sun}" in answer


async def test_a_lead_edited_in_git_becomes_the_desks(desk: PublishingDesk) -> None:
    await desk.say("editor", "/lead A quiet week.")
    await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("A quiet week.", "A very quiet week."))
    await desk.say("editor", "/lead A loud week.")

    kept = await desk.say("editor", "/publish 2020-05-15")
    quiet = await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", "/lead A loud week.")
    await desk.say("editor", "/publish 2020-05-15")

    assert "The lead was edited by hand in git and stays." in kept and "lead" not in quiet
    assert "> 导读：A loud week." in (await desk.file(PATH)).decode()


async def test_undo_of_a_publish_gives_a_field_its_words_back_and_the_next_publish_finds_gits_again(
    desk: PublishingDesk,
) -> None:
    await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("It is round.", "It is a ball."))
    await desk.pitch("lin", "https://site.test/venus", section="posts", title="Venus")
    await desk.say("editor", "/publish 2020-05-15")

    await desk.say("editor", "/undo publish")
    undone = await desk.story(MOON)
    file = await desk.file(PATH)
    await desk.say("editor", "/publish 2020-05-15")

    assert undone.field("summary") == "It is round." and undone.author_of("summary") == Author.MACHINE
    assert b"It is a ball." in file and b"Venus" not in file
    assert (await desk.story(MOON)).field("summary") == "It is a ball."
    assert b"It is a ball." in await desk.file(PATH) and b"Venus" in await desk.file(PATH)


async def test_a_spiked_story_that_was_edited_in_git_stays_at_every_publish(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("It is round.", "It is a ball."))
    await desk.say("editor", f"/spike {moon} not ours")

    answers = [await desk.say("editor", "/publish 2020-05-15") for _ in range(2)]

    assert b"It is a ball." in await desk.file(PATH)
    assert all(f"#{moon} is spiked, but was edited in git" in answer for answer in answers)


async def test_labelled_lines_edited_in_git_come_back(desk: PublishingDesk) -> None:
    number = await desk.pitch(
        "lin", MOON, section="papers", title="Moon", summary="It is round.", code="https://code.test/old"
    )
    await desk.say("editor", "/publish 2020-05-15")
    await desk.edit_by_hand(PATH, replaced("https://code.test/old", "https://code.test/new"))

    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/amend {number} title Luna")
    await desk.say("editor", "/publish 2020-05-15")

    story = await desk.story(MOON)
    file = (await desk.file(PATH)).decode()
    assert story.field("code") == "https://code.test/new" and story.author_of("code") == Author.GIT
    assert "[Luna](" in file and file.count("https://code.test/new") == 1


async def test_an_amend_made_while_a_publish_is_under_way_is_set_by_the_next(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, replaced("It is round.", "It is a ball."))
    await desk.say_without_errands("editor", "/publish 2020-05-15")
    await desk.say_without_errands("editor", f"/amend {moon} summary It is an orb.")
    await desk.run_errands()
    under_way = await desk.story(MOON)

    await desk.say("editor", "/publish 2020-05-15")

    assert under_way.field("summary") == "It is an orb."
    assert "It is an orb." in (await desk.file(PATH)).decode()


class RacedPress(Press):
    """A press under which somebody pushes once, after it has read and before it pushes."""

    before_push: ClassVar[list[Callable[[], Awaitable[None]]]] = []

    async def print(self, snapshot: Snapshot, issue: Issue, plan: Plan) -> Printed:
        """Set the plan, and let the other one push."""
        printed = await super().print(snapshot, issue, plan)
        while self.before_push:
            await self.before_push.pop()()
        return printed


async def test_a_push_between_fetch_and_push_is_merged_as_well(tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    own = await PublishingDesk(config_of(tmp_path / "people", language="en")).open()
    own.repo = type(own.repo)(remote, remote=None, branch=own.config.newsletter.branch)
    await own.repo.open({"README.md": b"x\n"}, OUTSIDE, own.now)
    desk = await PublishingDesk(config_of(tmp_path / "desk", remote=str(remote), language="en")).open()
    moon, _, _ = await three_stories(desk)
    await desk.say("editor", f"/amend {moon} title Luna")
    press = desk.press
    desk.press = RacedPress(press.database, press.settings, press.repo, press.layout, press.clock)
    desk.press.before_push.append(lambda: own.edit_by_hand(PATH, replaced("It is red.", "It is rusty.")))
    await desk.say("editor", "/publish 2020-05-15")

    file = (await own.file(PATH)).decode()
    assert "[Luna | Site]" in file and "It is rusty." in file
    assert (await desk.story(MARS)).field("summary") == "It is rusty."
    await desk.close()
    await own.close()


async def test_a_file_in_another_line_end_is_edited_in_its_own(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, lambda file: file.replace(b"\n", b"\r\n"))
    await desk.say("editor", f"/amend {moon} title Luna")
    before = await commits(desk)

    answer = await desk.say("editor", "/publish 2020-05-15")

    file = await desk.file(PATH)
    assert file.count(b"\n") == file.count(b"\r\n") and b"[Luna | Site]" in file
    assert "Kept" not in answer and await commits(desk) == before + 1


async def test_a_story_set_by_hand_in_git_is_known_to_stand_in_the_draft(desk: PublishingDesk) -> None:
    await three_stories(desk)
    own = "- [Venus, by hand | Press](https://www.site.test/venus?utm_source=x)  \n摘要：It is near.  \n"
    await desk.edit_by_hand(PATH, replaced("- [Mars]", own + "- [Mars]"))
    by_hand = await desk.file(PATH)

    answer = await desk.say("editor", "/publish 2020-05-15")
    pitched = await desk.say("zhe", "https://site.test/venus")
    again = await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", "/amend 4 title Venus")
    await desk.say("editor", "/publish 2020-05-15")

    venus = await desk.story("https://site.test/venus")
    assert "Set by hand in git, known here from now on: #4." in answer and "#4" not in again
    assert "#4" in pitched and "draft" in pitched and venus.author_of("source") == Author.GIT
    assert await desk.file(PATH) == by_hand.replace(b"[Venus, by hand |", b"[Venus |")


async def test_bytes_that_are_no_text_stay_in_the_file_and_trouble_nobody(desk: PublishingDesk) -> None:
    moon, _, _ = await three_stories(desk)
    await desk.edit_by_hand(PATH, lambda file: file.replace(b"It is round.", b"It is \xff\xfe round.", 1))

    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/amend {moon} title Luna")
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"[Luna | Site]" in await desk.file(PATH) and b"It is \xff\xfe round." in await desk.file(PATH)
    assert "Kept" not in answer and (await desk.story(MOON)).field("summary") == "It is  round."


async def test_a_file_deleted_in_git_is_written_again_as_it_stood_and_no_story_is_spiked(
    desk: PublishingDesk,
) -> None:
    moon, mars, _ = await three_stories(desk)
    await desk.say("editor", "/short A line of news.")
    await desk.edit_by_hand(PATH, replaced("It is red.", "It is rusty."))
    await desk.say("editor", "/publish 2020-05-15")
    before = await desk.file(PATH)

    async def nothing(_: Snapshot) -> dict[str, bytes | None]:
        return {PATH: None}

    await desk.repo.commit(
        nothing, message="Delete", author=OUTSIDE, when=desk.now, publish_id="deleted-by-hand"
    )
    await desk.say("editor", f"/amend {moon} title Luna")
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert f"{PATH} was gone from the repository; it is written again" in answer
    assert await desk.file(PATH) == before.replace(b"[Moon |", b"[Luna |")
    assert b"It is rusty." in before and b"A line of news." in before
    assert "gone" not in await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/spike {mars} old")
    await desk.say("editor", "/publish 2020-05-15")
    assert b"[Luna |" in await desk.file(PATH) and b"Mars" not in await desk.file(PATH)


@pytest.mark.parametrize("desk_too", [False, True], ids=["in git", "on both sides"])
async def test_a_lead_written_in_git_keeps_its_own_count_at_every_publish(
    desk: PublishingDesk, desk_too: bool
) -> None:
    await desk.say("editor", "/lead 本次9条，好。")
    await three_stories(desk)
    assert "本次3条，好。".encode() in await desk.file(PATH)
    await desk.edit_by_hand(PATH, replaced("本次3条，好。", "本次8条，手写。"))
    if desk_too:
        await desk.say("editor", "/lead 本次3条，新。")

    for _ in range(2):
        await desk.say("editor", "/publish 2020-05-15")
        assert "本次8条，手写。".encode() in await desk.file(PATH)
