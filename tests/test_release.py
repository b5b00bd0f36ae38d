"""`/release` and `/unrelease`: one commit each, seen before, on real git and a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.release_press import ReleasePress
from storage.event_records import Errand, JournalLine
from storage.issue_records import Issue, Placement
from storage.press_records import Release
from storage.records import Author, StoryStatus
from storage.sendings import sending_of
from tests.publishing import PublishingDesk, config_of
from tests.releasing import LinkSite

MOON, MARS, SUN = "https://site.test/moon", "https://site.test/mars", "https://site.test/sun"
FOLDER = "embedded-ai-report"
DRAFT, FINAL = f"{FOLDER}/2020-05-13.md", f"{FOLDER}/2020-05-15.md"
OLD = "[2020-03-02](./embedded-ai-report/2020-03-02.md)"
README = f"""# Report

| 2 | 0 | 2 | 0 |
|:---:|:---:|:---:|:---:|
| - | - | [2020-03-19](./embedded-ai-report/2020-03-19.md) | {OLD} |
"""


def past(date: str, *, url: str, block: str = "") -> bytes:
    story = f"- [旧闻 {date} | 某报]({url})  \n摘要：说过了。  \n"
    tail = (
        f"\n\n## [往期回顾](https://site.test)\n\n| 2 | 0 | 2 | 0 |\n|:---:|:---:|:---:|:---:|\n{block}"
        if block
        else ""
    )
    return f"# 嵌入式AI简报 ({date})\n\n> 导读：\n\n## 业界新闻\n\n{story}{tail}".encode()


FILES = {
    "README.md": README.encode(),
    f"{FOLDER}/2020-03-19.md": past("2020-03-19", url="https://site.test/19"),
    f"{FOLDER}/2020-04-26.md": past(
        "2020-04-26",
        url="https://site.test/26",
        block="|  |  |  | [2020-03-19](../embedded-ai-report/2020-03-19.md) |  \n",
    ),
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path)).open(dict(FILES))
    yield desk
    await desk.close()


async def drafted(desk: PublishingDesk) -> tuple[int, int]:
    words = {"source": "某报", "summary": "说了一件事。"}
    moon = await desk.pitch("lin", MOON, section="news", title="月亮上的新闻", **words)
    mars = await desk.pitch("lin", MARS, section="papers", title="火星上的论文", **words)
    await desk.say("editor", "/lead 本次9条，都不错。")
    await desk.say("editor", "/publish 2020-05-13")
    return moon, mars


async def commits(desk: PublishingDesk) -> int:
    where = desk.config.newsletter.repository
    git = await asyncio.create_subprocess_exec(
        "git", "-C", str(where), "rev-list", "--count", "main", stdout=asyncio.subprocess.PIPE
    )
    counted, _ = await git.communicate()
    return int(counted)


async def paths(desk: PublishingDesk) -> tuple[str, ...]:
    return await (await desk.repo.snapshot()).list(FOLDER)


async def test_a_release_is_seen_first_and_nothing_is_written_before_it_is_confirmed(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    before = await commits(desk)

    answer = await desk.say("editor", "/release 2020-05-15")

    assert await commits(desk) == before
    assert f"{DRAFT} 改为 {FINAL}" in answer and "共 2 条" in answer
    assert "首页目录新增：2020-05-15、2020-04-26" in answer
    assert "2020-03-02" in answer  # a row that leads to no file
    assert "提醒" in answer and "/release 2020-05-15" in answer


async def test_the_button_releases_in_one_commit(desk: PublishingDesk) -> None:
    moon, mars = await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    before = await commits(desk)

    answer = await desk.press_release_button("second")

    assert await commits(desk) == before + 1
    assert DRAFT not in await paths(desk)
    issue, readme = (await desk.file(FINAL)).decode(), (await desk.file("README.md")).decode()
    assert issue.startswith("---\nlayout: default\n---\n\n# 嵌入式AI简报 (2020-05-15)\n")
    assert "本次2条" in issue
    assert (
        "|  | [2020-05-15](../embedded-ai-report/2020-05-15.md) "
        "| [2020-04-26](../embedded-ai-report/2020-04-26.md) | [2020-03-19]" in issue
    )
    assert (
        "| [2020-05-15](./embedded-ai-report/2020-05-15.md) "
        "| [2020-04-26](./embedded-ai-report/2020-04-26.md) | [2020-03-19]" in readme
    )
    assert "2020-05-15 期已发布" in answer
    stories = [await desk.story(url) for url in (MOON, MARS)]
    assert [(s.status, s.section) for s in stories] == [
        (StoryStatus.PUBLISHED, "news"),
        (StoryStatus.PUBLISHED, "papers"),
    ]
    assert "在 2020-05-15 期登出" in await desk.say("lin", f"/why {moon}")
    assert f"最近发布：2020-05-15 期（{FINAL}）" in await desk.say("lin", "/status")
    assert str(mars)


async def test_saying_it_again_releases_too_and_pressing_twice_commits_once(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    before = await commits(desk)

    answer = await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    assert "正在发布" in answer and "2020-05-15 期已发布" in answer
    assert await commits(desk) == before + 1


async def test_errors_hold_a_release_up_until_an_editor_says_so(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.edit_by_hand(DRAFT, lambda old: old.replace(MOON.encode(), b"http://127.0.0.1/moon"))
    before = await commits(desk)

    seen = await desk.say("editor", "/release 2020-05-15")
    refused = await desk.say("editor", "/release 2020-05-15")

    assert "错误 1 处" in seen and "内网地址" in seen
    assert "anyway" in refused and await commits(desk) == before
    await desk.say("editor", "/release 2020-05-15 anyway")
    assert FINAL in await paths(desk)


async def test_an_error_that_comes_after_the_preview_holds_it_up_as_well(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.edit_by_hand(DRAFT, lambda old: old + b"\n{% include x %}\n")

    answer = await desk.press_release_button("editor")

    assert "没有发布" in answer and FINAL not in await paths(desk)


async def test_an_editors_anyway_is_for_the_errors_they_were_shown_and_the_answer_names_them(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    await desk.edit_by_hand(DRAFT, lambda old: old.replace(MOON.encode(), b"http://127.0.0.1/moon"))
    await desk.say("editor", "/release 2020-05-15")
    await desk.edit_by_hand(DRAFT, lambda old: b"\n" + old + b"\n{% include x %}\n")

    refused = await desk.press_release_button("editor")
    kept_back = FINAL not in await paths(desk)
    await desk.say("editor", "/release 2020-05-15")
    answer = await desk.press_release_button("editor")

    [new] = [line for line in refused.splitlines() if "又有了新的错误" in line]
    assert kept_back and "include" in new and "127.0.0.1" not in new
    [named] = [line for line in answer.splitlines() if "仍然发布了" in line]
    assert FINAL in await paths(desk) and "127.0.0.1" in named and "include" in named
    async with desk.database.reading() as session:
        [line] = (await session.scalars(select(JournalLine).where(JournalLine.deed == "release"))).all()
    assert {code for code, _ in line.details["in_spite_of"]} == {"liquid", "private-link"}


async def test_a_release_without_errors_names_none(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")

    assert "仍然发布了" not in await desk.press_release_button("editor")


async def test_what_was_sent_at_an_earlier_release_is_not_sent_again_and_the_answer_says_so(
    tmp_path: Path,
) -> None:
    plain = config_of(tmp_path, language="en")
    announce = plain.announce.model_copy(update={"rooms": ["web", "elsewhere"]})
    desk = await PublishingDesk(plain.model_copy(update={"announce": announce})).open(dict(FILES))
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    first = await desk.press_release_button("editor")
    async with desk.database.transaction() as session:
        issue = (await session.scalars(select(Issue).where(Issue.released_at.is_not(None)))).one()
        (await sending_of(session, issue.id, "web")).sent_at = desk.now
    await desk.say("editor", "/unrelease")

    await desk.say("editor", "/release 2020-05-15")
    again = await desk.press_release_button("editor")

    assert "It goes out by: web, elsewhere" in first and "earlier release" not in first
    assert "not again: web." in again and "/send web again" in again
    assert "not sent yet: elsewhere." in again and again.count("/send elsewhere") == 1
    await desk.close()


async def test_only_an_editor_releases(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")

    assert "/release" in await desk.say("lin", "/release 2020-05-15")
    await desk.press_release_button("lin")

    assert FINAL not in await paths(desk)


async def test_a_preview_grows_old(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    desk.now += timedelta(hours=1)

    await desk.press_release_button("editor")
    seen = await desk.say("editor", "/release 2020-05-15")

    assert FINAL not in await paths(desk)
    assert "还没有写入" in seen


async def test_the_publish_that_a_preview_asks_for_takes_the_changes_along(desk: PublishingDesk) -> None:
    moon, _ = await drafted(desk)
    await desk.say("editor", f"/amend {moon} summary 后来又改了。")

    assert "请先 /publish 2020-05-13；" in await desk.say("editor", "/release 2020-05-15")
    await desk.say("editor", "/publish 2020-05-13")

    assert "请先 /publish" not in await desk.say("editor", "/release 2020-05-15 new")
    assert "后来又改了。".encode() in await desk.file(DRAFT)


async def test_words_edited_in_git_since_the_publish_come_back_with_the_release(
    desk: PublishingDesk,
) -> None:
    moon, _ = await drafted(desk)
    said, by_hand = "说了一件事。".encode(), "改过的话。".encode()
    await desk.edit_by_hand(DRAFT, lambda old: old.replace(said, by_hand, 1))

    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    story = await desk.story(MOON)
    assert (story.field("summary"), story.author_of("summary")) == ("改过的话。", Author.GIT)
    assert story.status == StoryStatus.PUBLISHED and by_hand in await desk.file(FINAL)
    assert "git" in await desk.say("lin", f"/why {moon}")

    await desk.say("editor", "/unrelease 2020-05-15")
    before = await desk.file(DRAFT)
    await desk.say("editor", "/publish 2020-05-13")
    assert by_hand in before and await desk.file(DRAFT) == before
    assert (await desk.story(MOON)).field("summary") == "改过的话。"


async def test_an_older_preview_of_another_date_does_not_rename_what_was_released(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-16")
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    file = await desk.file(FINAL)

    await desk.press_release_button("editor", before=1)

    assert "已经发布" in await desk.answer_to("preview")
    assert await desk.file(FINAL) == file
    assert not any("2020-05-16" in path for path in await paths(desk))


async def test_a_released_issue_is_closed_and_never_renamed(desk: PublishingDesk) -> None:
    moon, _ = await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    file = await desk.file(FINAL)

    await desk.pitch("lin", SUN, section="news", title="太阳", summary="很热。")
    assert "已发布" in await desk.say("editor", "/publish 2020-05-15")
    assert "已经发布" in await desk.say("editor", "/release 2020-05-15")
    assert "已" in await desk.say("editor", f"/amend {moon} title 别的")
    assert "/unrelease 2020-05-15" in await desk.say("editor", "/undo publish")
    assert await desk.file(FINAL) == file


async def test_the_row_of_a_file_keeps_it_from_being_renamed(desk: PublishingDesk) -> None:
    await drafted(desk)
    row = f"| - | [2020-05-13](./{DRAFT}) | [2020-03-19]".encode()
    await desk.edit_by_hand("README.md", lambda old: old.replace(b"| - | - | [2020-03-19]", row))

    answer = await desk.say("editor", "/release 2020-05-15")

    assert "不能改名" in answer and DRAFT in await paths(desk)


async def test_a_release_is_not_written_over_another_issue(desk: PublishingDesk) -> None:
    await drafted(desk)

    answer = await desk.say("editor", "/release 2020-04-26")

    assert (
        "已经存在" in answer
        and (await desk.file(f"{FOLDER}/2020-04-26.md")) == FILES[f"{FOLDER}/2020-04-26.md"]
    )


async def test_what_people_took_out_is_freed_and_what_they_wrote_in_has_run(desk: PublishingDesk) -> None:
    await drafted(desk)
    mine = "- [手写的一条 | 某报](https://site.test/by-hand)  \n摘要：手写的。  \n"

    def change(old: bytes) -> bytes:
        lines = old.decode().splitlines(keepends=True)
        head = next(place for place, line in enumerate(lines) if MARS in line)
        return "".join([*lines[:head], mine, *lines[head + 2 :]]).encode()

    await desk.edit_by_hand(DRAFT, change)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    mars, hand = await desk.story(MARS), await desk.story("https://site.test/by-hand")
    assert (mars.status, mars.issue_id) == (StoryStatus.SPIKED, None)
    assert hand.status == StoryStatus.PUBLISHED


async def test_unrelease_takes_everything_back(desk: PublishingDesk) -> None:
    await drafted(desk)
    before, readme = await desk.file(DRAFT), await desk.file("README.md")
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    answer = await desk.say("editor", "/unrelease 2020-05-15")

    assert (await desk.file(DRAFT), await desk.file("README.md")) == (before, readme)
    assert FINAL not in await paths(desk) and "又是草稿" in answer and "收不回" in answer
    story = await desk.story(MOON)
    assert story.status == StoryStatus.PITCHED and story.issue_id is not None
    async with desk.database.reading() as session:
        issue = await session.get_one(Issue, story.issue_id)
    assert (str(issue.date), issue.path, issue.released_at) == ("2020-05-13", DRAFT, None)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    assert FINAL in await paths(desk)


async def test_unrelease_follows_a_renamed_file_and_the_next_publish_goes_on_there(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-13")
    await desk.press_release_button("editor")
    theirs = f"{FOLDER}/2020-05-13-moon.md"
    edit = ("说了一件事".encode(), "手改过".encode())
    await desk.edit_by_hand(DRAFT, lambda old: old.replace(*edit, 1), rename=theirs)

    answer = await desk.say("editor", "/unrelease")
    await desk.pitch("lin", SUN, section="news", title="太阳上的新闻", source="某报", summary="热。")
    await desk.say("editor", "/publish 2020-05-13")

    assert "又是草稿" in answer and DRAFT not in await paths(desk)
    text = (await desk.file(theirs)).decode()
    assert "手改过" in text and SUN in text and MOON in text


async def test_unrelease_is_refused_where_the_same_lines_were_edited(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    await desk.edit_by_hand(FINAL, lambda old: old.replace(b"(2020-05-15)", b"(2020-05-15) x"))

    answer = await desk.say("editor", "/unrelease")

    assert "撤不回" in answer and FINAL in await paths(desk)
    assert (await desk.story(MOON)).status == StoryStatus.PUBLISHED


async def test_a_release_that_was_killed_after_its_commit_says_the_same_and_commits_once(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    before = await commits(desk)
    async with desk.database.reading() as session:
        release = (await session.scalars(select(Release))).one()
    press = ReleasePress(desk.press, desk.links)

    first = await press.commit(release.id)
    second = await press.commit(release.id)

    assert first == second and await commits(desk) == before + 1
    answer = await desk.press_release_button("editor")
    assert "已发布" in answer and await commits(desk) == before + 1


async def test_dead_links_are_errors_and_those_in_doubt_are_not(desk: PublishingDesk) -> None:
    site = await LinkSite().open()
    site.says("/gone", 404)
    site.says("/shut", 403)
    desk.links = site.check()
    for number, path in enumerate(("/gone", "/shut", "/fine")):
        await desk.pitch(
            "lin", site.url(path), section="news", title=f"第 {number} 条新闻在这里", summary="说了。"
        )
    await desk.say("editor", "/publish 2020-05-15")

    answer = await desk.say("editor", "/release")

    assert "链接失效" in answer and "/gone" in answer and "错误 1 处" in answer
    assert "没能确认链接" in answer and "/shut" in answer and "/fine" not in answer
    await site.close()


async def test_a_link_that_dies_before_a_late_confirmation_holds_the_release_up(
    desk: PublishingDesk,
) -> None:
    site = await LinkSite().open()
    desk.links = site.check()
    desk.links.clock = lambda: desk.now.timestamp()
    site.says("/gone", 404)
    for path in ("/b", "/gone"):
        await desk.pitch("lin", site.url(path), section="news", title="一条新闻在这里", summary="说了。")
    await desk.say("editor", "/publish 2020-05-15")
    seen = await desk.say("editor", "/release")

    site.says("/b", 410)
    desk.now += timedelta(minutes=12)
    answer = await desk.press_release_button("editor")

    assert "错误 1 处" in seen and "/gone" in seen and "已发布" not in answer
    [held_up] = [line for line in answer.splitlines() if "预览之后又有了新的错误" in line]
    assert "/b (http-410)" in held_up and "/gone" not in held_up
    assert "错误 2 处" in await desk.say("editor", "/release")
    await site.close()


async def test_a_release_orders_what_comes_after_it(desk: PublishingDesk) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    async with desk.database.reading() as session:
        release = (await session.scalars(select(Release))).one()
        errands = [errand.workflow for errand in (await session.scalars(select(Errand))).all()]
    assert release.done_at is not None and release.commit and release.outcome is not None
    assert errands.count("release") == 1


async def test_in_english_too(tmp_path: Path) -> None:
    desk = await PublishingDesk(config_of(tmp_path, language="en", layout="plain")).open()
    await desk.pitch("lin", MOON, section="news", title="Moon", summary="It is round.")
    await desk.say("editor", "/publish 2020-05-15")

    seen = await desk.say("editor", "/release")
    answer = await desk.press_release_button("editor")

    assert "Release of 2020-05-15: issues/2020-05-15.md" in seen
    assert "Released 2020-05-15: issues/2020-05-15.md, stories: 1" in answer
    assert b"(issues/2020-05-15.md)" in await desk.file("README.md")
    await desk.close()


async def test_without_a_draft_there_is_nothing_to_release(desk: PublishingDesk) -> None:
    assert "/publish" in await desk.say("editor", "/release 2020-05-15")
    assert "没有可撤回" in await desk.say("editor", "/unrelease")


async def test_the_feeds_go_with_the_release_and_go_again_with_its_undo(tmp_path: Path) -> None:
    plain = config_of(tmp_path)
    newsletter = plain.newsletter.model_copy(update={"site": "https://news.test/"})
    feeds = plain.feeds.model_copy(update={"enabled": True, "folder": "feeds"})
    config = plain.model_copy(update={"newsletter": newsletter, "feeds": feeds})
    desk = await PublishingDesk(config).open(dict(FILES))
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    atom = (await desk.file("feeds/atom.xml")).decode()
    await desk.say("editor", "/unrelease")

    assert "2020-05-15" in atom and "2020-04-26" in atom and "月亮上的新闻" in atom
    assert await (await desk.repo.snapshot()).list("feeds") == ()
    await desk.close()


async def placed_in_issue(desk: PublishingDesk) -> dict[int, tuple[str, str]]:
    async with desk.database.reading() as session:
        rows = (await session.scalars(select(Placement))).all()
    return {row.story_id: (row.section, row.text) for row in rows}


async def test_unrelease_remembers_again_how_a_story_was_set_that_people_took_out(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    before = await placed_in_issue(desk)
    mine = "- [手写的一条 | 某报](https://site.test/by-hand)  \n摘要：手写的。  \n"

    def change(old: bytes) -> bytes:
        lines = old.decode().splitlines(keepends=True)
        head = next(place for place, line in enumerate(lines) if MARS in line)
        return "".join([*lines[:head], mine, *lines[head + 2 :]]).encode()

    await desk.edit_by_hand(DRAFT, change)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    assert await placed_in_issue(desk) != before

    await desk.say("editor", "/unrelease")

    assert await placed_in_issue(desk) == before
    file = await desk.file(DRAFT)
    answer = await desk.say("editor", "/publish 2020-05-13")
    assert await desk.file(DRAFT) == file
    mars = await desk.story(MARS)
    assert (mars.status, mars.issue_id) == (StoryStatus.SPIKED, None) and f"#{mars.number}" in answer


async def test_a_lead_written_in_git_since_the_publish_comes_back_with_the_release(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    lead, by_hand = "本次2条，都不错。".encode(), "本次2条，手写的导读。".encode()
    await desk.edit_by_hand(DRAFT, lambda old: old.replace(lead, by_hand))

    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")

    async with desk.database.reading() as session:
        issue = (await session.scalars(select(Issue).where(Issue.released_at.is_not(None)))).one()
    assert issue.lead == by_hand.decode()
    assert by_hand in await desk.file(FINAL)
    await desk.say("editor", "/unrelease")
    before = await desk.file(DRAFT)
    await desk.say("editor", "/publish 2020-05-13")
    assert by_hand in before and await desk.file(DRAFT) == before


async def test_a_release_that_had_nothing_to_write_is_taken_back_without_reverting_anybodys_commit(
    desk: PublishingDesk,
) -> None:
    await drafted(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    final, readme = await desk.file(FINAL), await desk.file("README.md")
    await desk.say("editor", "/unrelease")
    await desk.edit_by_hand("README.md", lambda _: readme)
    await desk.edit_by_hand(DRAFT, lambda _: final, rename=FINAL)
    before = await commits(desk)
    await desk.say("editor", "/release 2020-05-15")
    await desk.press_release_button("editor")
    assert (await desk.story(MOON)).status == StoryStatus.PUBLISHED

    answer = await desk.say("editor", "/unrelease")

    assert await commits(desk) == before and await desk.file(FINAL) == final
    assert "已撤回" in answer and "提交" not in answer
    assert (await desk.story(MOON)).status == StoryStatus.PITCHED
