import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.publishing import PublishingDesk, config_of

SHARED = Path(__file__).parents[1].parent / "shared"
MOON, MARS, SUN = "https://site.test/moon", "https://site.test/mars", "https://site.test/sun"
PATH = "embedded-ai-report/2020-05-15.md"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path)).open()
    yield desk
    await desk.close()


async def commits(desk: PublishingDesk) -> int:
    where = desk.config.newsletter.repository
    git = await asyncio.create_subprocess_exec(
        "git", "-C", str(where), "rev-list", "--count", "main", stdout=asyncio.subprocess.PIPE
    )
    counted, _ = await git.communicate()
    return int(counted)


async def test_the_seed_comes_out_byte_for_byte_through_desk_database_and_git(tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("the newsletter's own draft is not beside the project")
    seed = SHARED / "seed"
    path = "embedded-ai-report/2020-05-xx.md"
    files = {"README.md": (seed / "README-2020-05-11.md").read_bytes()}
    files[path] = (seed / "empty-draft-2020-05.md").read_bytes()
    desk = await PublishingDesk(config_of(tmp_path)).open(files)

    for line in (seed / "stories.jsonl").read_text().splitlines():
        story = json.loads(line)
        number = await desk.pitch(
            "lin",
            story["url"],
            section=story["section"],
            title="网页标题",
            source="网站",
            summary="机器写的。",
        )
        for name in ("title", "source", "summary"):
            await desk.say("zhe", f"/amend {number} {name} {story[name]}")
    answer = await desk.say("editor", "/publish 2020-05-13")

    assert await desk.file(path) == (seed / "issue-draft-2020-05-13.md").read_bytes()
    assert f"已写入 {path}（新增 5 条" in answer
    await desk.close()


async def test_a_publish_names_the_models_drafts_that_nobody_has_checked(desk: PublishingDesk) -> None:
    words = {"title": "Moon", "source": "Site", "summary": "It grew by 37 %."}
    await desk.pitch("lin", MOON, section="news", doubts=["37%"], **words)
    checked = await desk.pitch("lin", MARS, section="news", doubts=["37%"], **words)
    await desk.say("editor", f"/amend {checked} summary It grew.")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert "待核对：#1 的模型草稿里有文中没有的内容" in answer


async def test_publishing_twice_makes_one_commit(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon", source="Site", summary="It is round.")
    await desk.say("editor", "/publish 2020-05-15")
    before, file = await commits(desk), await desk.file(PATH)

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert (await commits(desk), await desk.file(PATH)) == (before, file)
    assert "没有新提交" in answer


async def test_the_answer_names_what_came_what_changed_and_what_went(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    mars = await desk.pitch("lin", MARS, section="news", title="Mars")
    first = await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/amend {moon} title Luna")
    await desk.say("editor", f"/spike {mars} not ours")

    second = await desk.say("editor", "/publish 2020-05-15")

    assert f"+ #{moon} Moon" in first and f"+ #{mars} Mars" in first
    assert f"± #{moon} Luna" in second and f"− #{mars} Mars" in second


async def test_a_story_that_came_too_late_stays_for_the_next_publish(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("zhe", MARS)

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert "1 条留到下期" in answer
    assert MARS.encode() not in await desk.file(PATH)


async def test_what_people_changed_by_hand_stays_and_is_said(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon", summary="It is round.")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.edit_by_hand(PATH, lambda old: old.replace(b"It is round.", b"It is a ball."))
    await desk.pitch("lin", MARS, section="papers", title="Mars")

    await desk.say("editor", f"/amend {moon} summary It is very round.")
    answer = await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert "It is a ball." in file and "very round" not in file and "[Mars]" in file
    assert f"手改过，保留：#{moon}" in answer


async def test_an_amended_story_is_changed_in_the_draft_when_nobody_touched_it(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon", summary="It is round.")
    await desk.say("editor", "/publish 2020-05-15")

    await desk.say("editor", f"/amend {moon} title The moon")
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"- [The moon](https://site.test/moon)" in await desk.file(PATH)
    assert "改动 1 条" in answer


async def test_a_story_taken_out_by_hand_is_not_put_back(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.edit_by_hand(
        PATH, lambda old: b"".join(line for line in old.splitlines(True) if b"moon" not in line)
    )

    await desk.say("editor", f"/amend {moon} title The moon")
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"moon" not in await desk.file(PATH)
    assert f"手删了，不再加回：#{moon}" in answer


async def test_a_spiked_story_leaves_the_draft_unless_somebody_edited_it(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon", summary="It is round.")
    mars = await desk.pitch("lin", MARS, section="news", title="Mars", summary="It is red.")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.edit_by_hand(PATH, lambda old: old.replace(b"It is red.", b"It is rusty."))

    for number in (moon, mars):
        await desk.say("editor", f"/spike {number} not ours")
    answer = await desk.say("editor", "/publish 2020-05-15")

    file = await desk.file(PATH)
    assert b"Moon" not in file and b"It is rusty." in file
    assert "撤下 1 条" in answer and f"保留：#{mars}" in answer


async def test_a_new_section_moves_the_story_in_the_draft(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")

    await desk.say("editor", f"/section {moon} posts")
    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert file.index("## 博文") < file.index("[Moon]")


async def test_a_draft_renamed_by_hand_is_followed(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    renamed = "embedded-ai-report/2020-05-xx.md"
    await desk.edit_by_hand(PATH, lambda old: old, rename=renamed)
    await desk.pitch("lin", MARS, section="news", title="Mars")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"[Mars]" in await desk.file(renamed) and renamed in answer
    assert await (await desk.repo.snapshot()).read(PATH) is None


async def test_lines_nobody_asked_about_keep_their_bytes(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    odd = b"\n\n- [An  odd | head](https://elsewhere.test/x)    \n  1. a list \t\n\n\n"
    await desk.edit_by_hand(
        PATH, lambda old: old.replace(b"\n\n## \xe8\xae\xba", odd + b"## \xe8\xae\xba", 1)
    )

    await desk.pitch("lin", MARS, section="posts", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")

    assert odd.strip() in await desk.file(PATH)


async def test_a_link_somebody_set_by_hand_is_not_set_twice(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")
    own = b"- [Moon, by hand](https://www.site.test/moon/?utm_source=x)  \n"
    await desk.edit_by_hand(PATH, lambda old: old.replace(b"- [Mars]", own + b"- [Mars]"))
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert (await desk.file(PATH)).count(b"/moon") == 1
    assert f"#{moon}" in answer


async def test_undo_publish_is_a_commit_that_takes_it_back(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    before = await commits(desk)

    answer = await desk.say("editor", "/undo publish")

    assert await commits(desk) == before + 1
    assert await (await desk.repo.snapshot()).read(PATH) is None
    assert "1 条回到稿单" in answer
    assert f"#{moon} Moon" in await desk.say("lin", "/slate")


async def test_a_publish_that_was_undone_can_be_made_again(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", "/undo publish")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert "新增 1 条" in answer and b"[Moon]" in await desk.file(PATH)


async def test_the_lead_and_its_count_are_set_and_hand_edits_of_it_win(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/lead 本次9条。月亮与火星。")
    await desk.say("editor", "/publish 2020-05-15")
    counted = await desk.file(PATH)
    await desk.edit_by_hand(PATH, lambda old: old.replace("月亮与火星".encode(), "天上的事".encode()))
    await desk.say("editor", "/lead 别的导读")

    answer = await desk.say("editor", "/publish 2020-05-15")

    assert "> 导读：本次2条。月亮与火星。" in counted.decode()
    assert "天上的事" in (await desk.file(PATH)).decode() and "导读在 git 里手改过" in answer


async def test_a_short_is_set_once(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("lin", "/short 一句话新闻；")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("lin", "/short 又一句；")

    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert file.count("- 一句话新闻；") == 1 and file.count("- 又一句；") == 1


async def test_stories_run_in_the_order_an_editor_gave_them(desk: PublishingDesk) -> None:
    numbers = [
        await desk.pitch("lin", url, section="news", title=title)
        for url, title in ((MOON, "Moon"), (MARS, "Mars"), (SUN, "Sun"))
    ]
    await desk.say("editor", f"/move {numbers[2]} before {numbers[0]}")

    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert file.index("[Sun]") < file.index("[Moon]") < file.index("[Mars]")


async def test_the_next_issue_begins_from_the_layout_and_knows_the_one_before(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.pitch("lin", MARS, section="news", title="Mars")

    await desk.say("editor", "/publish 2020-06-03")

    file = (await desk.file("embedded-ai-report/2020-06-03.md")).decode()
    assert "(2020-06-03)" in file and "[2020-05-15](../embedded-ai-report/2020-05-15.md)" in file
    assert "[Moon]" not in file and "[Mars]" in file


async def test_hostile_words_of_a_page_are_inert_in_the_issue(desk: PublishingDesk) -> None:
    hostile = "{{ site.github }} [x](javascript:alert(1)) <script>alert(1)</script> | 表"
    await desk.pitch("lin", MOON, section="news", title=hostile, summary=f"## 论文\n- {hostile}")

    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    html = MarkdownIt("commonmark", {"html": True}).render(file)
    assert "{{" not in file and "javascript:" not in str(re.findall(r'href="[^"]*"', html))
    assert "<script" not in html and html.count("<h2>论文</h2>") == 1
    assert "[x](javascript:alert(1)) &lt;script&gt;alert(1)&lt;/script&gt; | 表" in html


async def test_a_persons_markdown_stays_and_a_pages_words_are_escaped(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="*Page*", summary="It is [round](x).")

    await desk.say("editor", f"/amend {moon} title The **moon** [2020]")
    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert "- [The **moon** ［2020］](https://site.test/moon)" in file
    assert r"It is \[round\](x)." in file


async def test_a_section_that_the_layout_lacks_goes_by_its_own_name(tmp_path: Path) -> None:
    config = config_of(tmp_path, more_sections=[("tools", "工具", "🏆")])
    desk = await PublishingDesk(config).open()
    moon = await desk.pitch("lin", MOON, section="tools", title="Moon")

    await desk.say("editor", "/publish 2020-05-15")
    await desk.pitch("lin", MARS, section="tools", title="Mars")
    again = await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert file.count("## 工具") == 1 and file.index("## 工具") < file.index("[Moon]") < file.index("[Mars]")
    assert "新增 1 条，改动 0 条" in again
    assert "已在 2020-05-15 草稿 · 工具" in await desk.say("lin", f"/story {moon}")
    await desk.close()


async def test_an_empty_slate_is_not_published(desk: PublishingDesk) -> None:
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert "稿单是空的" in answer
    assert await commits(desk) == 1


async def test_a_curator_may_not_publish_and_is_told_who_may(desk: PublishingDesk) -> None:
    answer = await desk.say("lin", "/publish")

    assert answer == "只有编辑能用 /publish。可以找：editor、second。"


async def test_another_layout_publishes_in_its_own_format(tmp_path: Path) -> None:
    desk = await PublishingDesk(config_of(tmp_path, layout="plain", language="en")).open()
    await desk.pitch("lin", MOON, section="news", title="Moon", source="Site", summary="It is round.")

    answer = await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file("issues/2020-05-15.md")).decode()
    assert "[Moon](https://site.test/moon)" in file and "Written to issues/2020-05-15.md" in answer
    await desk.close()
