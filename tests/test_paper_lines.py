"""What an issue prints under a paper's headline: its title, its text, its code."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.publishing import PublishingDesk, config_of

PATH = "embedded-ai-report/2020-05-15.md"
ABSTRACT, PDF = "https://arxiv.org/abs/2003.07777", "https://arxiv.org/pdf/2003.07777"
CODE = "https://github.com/thin-air/wake"
TITLE = "Thin Air: Wake Words at Less Energy"
LINES = [["title", TITLE], ["link", PDF], ["code", CODE]]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path)).open()
    yield desk
    await desk.close()


async def read(desk: PublishingDesk, url: str, *, lines: list[list[str]], title: str = TITLE) -> int:
    """Let someone drop a link to a page that shows a paper; return the story's number."""
    number = await desk.pitch("lin", url, section="papers", title=title, summary="短。")
    await read_again(desk, url, lines=lines, title=title)
    return number


async def read_again(desk: PublishingDesk, url: str, **said: object) -> None:
    story = await desk.story(url)
    fields = {"title": said.get("title", TITLE), "summary": "短。"}
    found = {"verdict": said.get("verdict", "fine"), "reason": "", "passing": False, "final_url": url}
    read = found | {"fields": fields, "lines": said.get("lines", [])}
    await desk.reader.settle(story.id, read, errand=f"again-{story.id}", tries=0)


async def published(desk: PublishingDesk) -> list[str]:
    await desk.say("editor", "/publish 2020-05-15")
    lines = [line.strip() for line in (await desk.file(PATH)).decode().splitlines()]
    start = next(place for place, line in enumerate(lines) if line.startswith("- ["))
    return lines[start : lines.index("摘要：短。", start) + 1]


async def test_a_paper_under_its_own_headline_has_only_its_code_below(desk: PublishingDesk) -> None:
    await read(desk, ABSTRACT, lines=LINES)

    assert await published(desk) == [f"- [{TITLE}]({ABSTRACT})", f"代码：{CODE}", "摘要：短。"]


async def test_a_paper_under_an_editors_headline_keeps_its_title_below(desk: PublishingDesk) -> None:
    number = await read(desk, ABSTRACT, lines=LINES)

    await desk.say("editor", f"/amend {number} title 唤醒词：能耗降低十倍")

    assert (await published(desk))[:3] == [
        f"- [唤醒词：能耗降低十倍]({ABSTRACT})",
        f"标题：{TITLE}",
        f"代码：{CODE}",
    ]


async def test_an_article_about_a_paper_has_all_three_lines_in_order(desk: PublishingDesk) -> None:
    await read(desk, "https://mp.weixin.qq.com/s/wake", lines=LINES, title="小满：省电十倍")

    assert (await published(desk))[1:4] == [f"标题：{TITLE}", f"链接：{PDF}", f"代码：{CODE}"]


async def test_a_repository_is_not_named_again_below_its_headline(desk: PublishingDesk) -> None:
    await read(desk, CODE, lines=[["code", f"{CODE}.git"]], title="thin-air/wake")

    assert await published(desk) == [f"- [thin-air/wake]({CODE})", "摘要：短。"]


async def test_peoples_words_stand_over_what_the_page_says(desk: PublishingDesk) -> None:
    number = await read(desk, ABSTRACT, lines=LINES)
    await desk.say("editor", f"/amend {number} code https://gitee.com/thin/air")
    await desk.say("editor", f"/amend {number} paper_link https://sea.test/paper")

    await read_again(desk, ABSTRACT, lines=LINES)

    below = (await published(desk))[1:3]
    assert below == ["链接：https://sea.test/paper", "代码：https://gitee.com/thin/air"]


async def test_a_line_that_somebody_struck_out_is_not_printed(desk: PublishingDesk) -> None:
    number = await read(desk, ABSTRACT, lines=LINES)

    await desk.say("editor", f"/amend {number} code -")

    assert await published(desk) == [f"- [{TITLE}]({ABSTRACT})", "摘要：短。"]


async def test_a_page_that_shows_the_paper_no_more_takes_its_lines_along(desk: PublishingDesk) -> None:
    await read(desk, ABSTRACT, lines=LINES)

    await read_again(desk, ABSTRACT, lines=[])

    assert await published(desk) == [f"- [{TITLE}]({ABSTRACT})", "摘要：短。"]


async def test_a_page_that_could_not_be_read_again_takes_nothing_along(desk: PublishingDesk) -> None:
    await read(desk, ABSTRACT, lines=LINES)

    await read_again(desk, ABSTRACT, verdict="too-slow", lines=[])

    assert f"代码：{CODE}" in await published(desk)


async def test_strangers_words_in_a_line_are_inert(desk: PublishingDesk) -> None:
    hostile = "{{ site.github }} <script>alert(1)</script> [x](javascript:alert(1))"
    await read(
        desk, "https://a.test/1", lines=[["title", hostile], ["code", "javascript:alert(1)"]], title="讲解"
    )

    written = "\n".join(await published(desk))
    shown = MarkdownIt("js-default").render(written)
    assert "{{" not in written
    assert "<script" not in shown
    assert 'href="javascript' not in shown


async def test_a_story_shows_its_papers_lines(desk: PublishingDesk) -> None:
    number = await read(desk, ABSTRACT, lines=LINES)

    answer = await desk.say("zhe", f"/story {number}")

    assert f"论文标题：{TITLE}" in answer
    assert f"论文链接：{PDF}" in answer
