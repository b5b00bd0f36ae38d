"""An issue's Markdown as plain blocks and spans, and the issue as its outputs see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.issue_document import IssueDocument
from renderers.issue_view import Masthead, view_of
from renderers.layout import load_layout
from renderers.prose import Span, blocks, plain, plain_line, spans


def test_a_summary_is_read_into_paragraphs_and_entries() -> None:
    read = blocks("First **line**  \nsecond\n\n1. one\n2. two\n    - deep\n")

    assert [(block.kind, block.level, block.mark, block.text) for block in read] == [
        ("paragraph", 0, "", "First line\nsecond"),
        ("item", 1, "1.", "one"),
        ("item", 1, "2.", "two"),
        ("item", 2, "•", "deep"),
    ]
    assert read[0].spans[1] == Span("line", bold=True)


def test_links_are_kept_where_they_lead_to_the_web_and_nowhere_else() -> None:
    assert spans("see [a](https://site.test/a) and [b](javascript:x)") == (
        Span("see "),
        Span("a", url="https://site.test/a"),
        Span(" and [b](javascript:x)"),
    )


def test_what_a_page_escaped_is_read_as_it_was() -> None:
    assert plain_line(r"a \| b &#123;{ x }} <b>bold</b>") == "a | b {{ x }} bold"


def test_numbers_go_on_where_a_list_begins() -> None:
    assert plain("3. three\n4. four") == "3. three\n4. four"


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(span.text for block in blocks(text) for span in block.spans)
    assert "\n" not in plain_line(text)


def test_an_issue_is_seen_with_its_title_lead_and_stories() -> None:
    layout = load_layout("embedded-ai-report")
    text = (
        "# 嵌入式AI简报 (2020-05-13)：月亮\n\n> 导读：本次1条。\n\n## 业界新闻\n\n"
        "- [湿月亮 | 观测台](https://site.test/moon)  \n链接：https://site.test/more  \n摘要：是湿的。  \n\n"
        "## 论文\n"
    )

    view = view_of(IssueDocument.of(text, layout), Masthead("嵌入式AI简报"))

    assert (view.title, view.date, view.lead) == (
        "嵌入式AI简报 (2020-05-13)：月亮",
        "2020-05-13",
        "本次1条。",
    )
    [section] = view.sections
    [story] = section.stories
    assert (section.heading, story.title, story.source) == ("业界新闻", "湿月亮", "观测台")
    assert story.meta == (("链接", "https://site.test/more"),)
    assert story.summary == "是湿的。"


@pytest.mark.parametrize(
    ("said", "bold"),
    [
        ("读**要点：**先量化", "要点："),
        ("叫**“小核”**的芯片", "“小核”"),
        ("**（注）**见下", "（注）"),
        ("见**《手册》**一章，", "《手册》"),
        ("**要点。**\n再说", "要点。"),
    ],
)
def test_bold_that_ends_at_a_chinese_mark_shows_no_asterisks(said: str, bold: str) -> None:
    (block,) = blocks(said)

    assert "*" not in block.text
    assert [span.text for span in block.spans if span.bold] == [bold]


@pytest.mark.parametrize("said", ["乘方2**10，", r"\*\*要点：\*\*先", "见 ** 注 ** 吧"])
def test_asterisks_that_are_signs_stay_beside_chinese(said: str) -> None:
    assert plain_line(said) == said.replace("\\", "")
