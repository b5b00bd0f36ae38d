"""The lossless document: what it reads, and that an edit touches nothing else."""

import datetime
import difflib
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renderers.issue_document import IssueDocument, StoryNotInDocumentError, story_markdown
from renderers.issue_lint import lint
from renderers.issue_page import PageStory
from renderers.layout import Layout, StorySetting, load_layout
from renderers.markdown import link_target
from renderers.new_issue import begin_issue

SHARED = Path(__file__).parents[1].parent / "shared"
HOUSE = load_layout("embedded-ai-report")
PLAIN = load_layout("plain")
HUGO = load_layout("hugo")
# As a folder of one's own may have it: links with the summary beside or below, sections a level deeper.
BESIDE = replace(PLAIN, name="beside", style="beside", story=StorySetting("* ", separator=""))
BELOW = replace(PLAIN, name="below", style="listed", story=StorySetting("- ", indent=2))
DEEP = replace(
    HUGO,
    name="deep",
    section_mark="###",
    story=StorySetting("#### "),
    templates={name: text.replace("## ", "### ") for name, text in HUGO.templates.items()},
)
STARRED = replace(HOUSE, name="starred", story=StorySetting("* "))
LAYOUTS = [HOUSE, PLAIN, HUGO, BESIDE, BELOW, DEEP, STARRED]

needs_archive = pytest.mark.skipif(not SHARED.is_dir(), reason="the newsletter's archive is not here")

ISSUE = """---
layout: default
---

# 嵌入式AI简报 (2031-02-03)：一个标题

**口号**\x20\x20

> 导读：本次3条。第一段。\x20\x20
第二段没有引号。

好了，先是一些热身小新闻：

- 甲公司发布新芯片；
– [乙公司](https://b.test/x)开源；
丙公司忘了横线。

> 注：个别链接打不开，请点击文末【阅读原文】跳转

## 业界新闻\x20

- [甲 | 某报](https://a.test/1)\x20\x20
摘要：一段话：
1. 甲；\x20\x20
2. 乙。\x20\x20
尾段见 https://b.test/2 。
- [CVPR2031][2101.00001v2] [模型 | 压缩 丨 某刊](https://a.test/3) [[解读]](https://c.test/4)\x20\x20
标题：A Paper: Twice\x20\x20
代码：https://github.com/o/r\x20\x20
摘要:半角冒号
    - 缩进条目\x20\x20

## 论文


## 应用\x20\x20

- 没有链接的一条 | 某站\x20\x20

一段散落的话。

## 开源项目

> 注：前缀为仓库名。

- [owner/repo：全新运行时](https://mp.weixin.qq.com/s?timestamp=1&signature=x*y=)\x20\x20\x20
没有标记的正文
演示：https://d.test/5

## 博文
- [断开的标题 |\x20

- [空链接]()
----

尾注
"""


def page(number: int = 1, **fields: object) -> PageStory:
    story = PageStory("news", f"题目{number}", "某号", f"https://n.test/{number}", f"第{number}条。")
    return replace(story, **fields)  # type: ignore[arg-type]


def issue(text: str = ISSUE) -> IssueDocument:
    return IssueDocument.of(text, HOUSE)


def added_lines(before: str, after: str) -> list[str]:
    """Return the lines that an edit put in, having checked that it took none out."""
    moves = difflib.ndiff(before.split("\n"), after.split("\n"))
    changes = [line for line in moves if line[0] in "+-"]
    assert not [line for line in changes if line[0] == "-"]
    return [line[2:] for line in changes]


# --- reading -----------------------------------------------------------------------------------------------


def test_the_parts_of_a_messy_issue_are_found() -> None:
    read = issue()

    assert read.date == "2031-02-03"
    assert read.lead == "本次3条。第一段。\n第二段没有引号。"
    assert read.shorts == ("甲公司发布新芯片；", "[乙公司](https://b.test/x)开源；", "丙公司忘了横线。")
    assert [(section.key, len(section.stories)) for section in read.sections] == [
        ("news", 2),
        ("papers", 0),
        ("应用", 1),
        ("projects", 1),
        ("posts", 2),
    ]
    assert read.sections[3].note == "注：前缀为仓库名。"


def test_the_fields_of_stories_are_read_as_editors_write_them() -> None:
    first, second, unlinked, project, broken, empty = issue().stories

    assert (first.title, first.source, first.url) == ("甲", "某报", "https://a.test/1")
    assert first.summary == "一段话：\n1. 甲；  \n2. 乙。  \n尾段见 https://b.test/2 。"
    assert first.links == ("https://a.test/1", "https://b.test/2")
    assert second.tags == ("CVPR2031", "2101.00001v2")
    assert (second.title, second.source) == ("模型 | 压缩", "某刊")
    assert second.meta == (("标题", "A Paper: Twice"), ("代码", "https://github.com/o/r"))
    assert second.summary == "半角冒号\n    - 缩进条目"
    assert second.links[:2] == ("https://a.test/3", "https://c.test/4")
    assert (unlinked.title, unlinked.source, unlinked.url, unlinked.summary) == (
        "没有链接的一条",
        "某站",
        "",
        "",
    )
    assert (project.repo, project.meta) == ("owner/repo", (("演示", "https://d.test/5"),))
    assert project.summary == "没有标记的正文"
    assert broken.title == "断开的标题"
    assert (empty.title, empty.url) == ("空链接", "")


@pytest.mark.parametrize("mark", ["-\t", "- \t", "-   ", "* ", "*\t", "+ ", "+  ", " - ", " *\t"])
def test_a_story_begins_with_any_mark_that_markdown_shows_as_one(mark: str) -> None:
    text = f"## 业界新闻\n\n- [甲](https://a.test/1)\n摘要：一\n{mark}[标签] [乙 | 某报](https://a.test/2)\n摘要：二\n"
    _, story = issue(text).stories

    assert (story.title, story.source, story.tags, story.summary) == ("乙", "某报", ("标签",), "二")
    assert story.text.startswith(mark) and story.line == 5
    changed = issue(text).with_changes(story, replace(story.page_story(), title="丙"))
    assert changed.text == text.replace("乙", "丙")
    assert issue(text).without(story).text == text[: text.index(mark + "[标签")]
    assert lint(issue(text)) and not [one for one in lint(issue(text)) if one.code.endswith("-head")]


@pytest.mark.parametrize(
    "line", ["* 要点", "+ 要点", "*没有空格", "  - [乙](https://a.test/2)", "\t- [乙](u)", "- - -"]
)
def test_what_markdown_shows_within_a_story_or_as_a_rule_begins_none(line: str) -> None:
    text = f"## 业界新闻\n\n- [甲](https://a.test/1)\n摘要：一\n{line}\n"

    assert [story.title for story in issue(text).stories] == ["甲"]


STORIES = "- [甲](https://a.test/1)\n摘要：一\n{}\n- [乙](https://a.test/2)\n摘要：二\n"


@pytest.mark.parametrize("line", ["---", "\n---\n", "\n* * *\n", " - - -\n"])
def test_a_rule_between_stories_belongs_to_neither_and_ends_no_section(line: str) -> None:
    text = f"## 业界新闻\n\n{STORIES.format(line)}\n## 论文\n"
    first, second = issue(text).stories

    assert (first.summary, second.summary) == ("一", "二")
    emptied = issue(text).without(second).without(first).text
    assert emptied.split() == ["##", "业界新闻", *line.split(), "##", "论文"]


def test_small_print_below_the_last_rule_is_no_story() -> None:
    text = (
        f"## 博文\n\n{STORIES.format('---')}\n----\n\n- [编辑](https://e.test/)\n- [项目](https://p.test/)\n"
    )

    assert [story.title for story in issue(text).stories] == ["甲", "乙"]
    added = issue(text).with_story(page(section="posts")).text
    assert added.index("二") < added.index("题目1") < added.index("\n----")


@pytest.mark.parametrize(
    "hidden",
    ["<!--\n{}-->", "  <!-- 留到下期\n{}\n-->", "```\n{}```", "~~~ md\n\n# 大标题\n## 论文\n---\n{}~~~"],
    ids=["comment", "note", "code", "headings"],
)
def test_what_stands_in_a_comment_or_in_code_is_no_story_and_no_section(hidden: str) -> None:
    block = hidden.format("- [丙](https://a.test/3)\n摘要：三\n")
    text = f"## 业界新闻\n\n{STORIES.format(block)}"
    first, second = issue(text).stories

    assert (first.title, first.summary, second.title) == ("甲", "一", "乙")
    assert [section.heading for section in issue(text).sections] == ["业界新闻"]
    assert block in issue(text).without(first).without(second).text
    assert len(issue(text.replace(block, block.partition("\n")[0])).stories) == 2  # it never closes


def test_a_heading_may_be_closed() -> None:
    assert [section.key for section in issue("## 论文 ##\n\n## C#\n").sections] == ["papers", "C#"]


def test_a_story_says_on_which_line_it_stands_and_what_its_bytes_are() -> None:
    lines = ISSUE.splitlines(keepends=True)

    for story in issue().stories:
        assert "".join(lines[story.line - 1 :]).startswith(story.text)


def test_lint_names_what_an_editor_should_look_at() -> None:
    found = {(finding.code, finding.line) for finding in lint(issue())}
    lines = [story.line for story in issue().stories]

    assert {code for code, line in found if line == lines[2]} >= {"no-link", "missing-summary"}
    assert {code for code, line in found if line == lines[3]} == {"temporary-link"}
    assert {code for code, line in found if line == lines[4]} >= {"broken-head", "missing-summary"}
    assert {code for code, line in found if line == lines[5]} >= {"empty-link", "missing-summary"}
    assert {code for code, _ in found} >= {"empty-section", "wrong-count"}


def test_lint_knows_one_link_by_two_spellings() -> None:
    twice = issue().with_story(page(url="https://A.test/1/"))

    found = lint(twice, key=lambda url: url.lower().rstrip("/"))

    assert [finding.line for finding in found if finding.code == "repeated-link"] == [twice.stories[2].line]
    assert not [finding for finding in lint(twice) if finding.code == "repeated-link"]


# --- losing nothing ----------------------------------------------------------------------------------------

SCRAPS = [
    *ISSUE.splitlines(keepends=True),
    *[
        "\n",
        "  \n",
        "\r\n",
        "\r",
        "- ",
        "## ",
        "### [a](b)\n",
        "----\n",
        "|---|\n",
        "| - | |\n",
        "---\n",
        "> 导读：\n",
    ],
    *["- [2031-01-01](x)\n", "摘要：", "[[a]](", "*s*\n", "```\n", "\t", "\x85", "# 2031-01-01\n", "\\"],
    *["## [往期回顾](x)\n", "> \n", "In short:\n", "**a:** b\n"],
]
MARKDOWN = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=6), max_size=25).map("".join)
TEXT = st.lists(
    st.sampled_from([*SCRAPS, *"[]()|｜丨`*_{}%<>\\:：#-", " ", "{{", "<!--"]) | st.text(max_size=8)
).map("".join)
PAGES = st.builds(
    PageStory,
    section=st.sampled_from(["news", "papers", "projects", "posts", "应用", "Odd one"]),
    title=TEXT,
    source=TEXT,
    url=st.text(max_size=20).map("https://s.test/".__add__),
    summary=TEXT,
    tags=st.lists(TEXT, max_size=2).map(tuple),
    repo=st.sampled_from(["", "", "owner/name"]),
    meta=st.lists(st.tuples(st.sampled_from(["链接", "Code"]), TEXT), max_size=2).map(tuple),
    markdown=st.booleans(),
)


@given(st.binary() | MARKDOWN.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_come_back(data: bytes) -> None:
    for layout in LAYOUTS:
        assert IssueDocument.parse(data, layout).render() == data


@given(MARKDOWN, PAGES)
def test_adding_a_story_puts_in_one_story_and_removing_it_gives_the_bytes_back(
    text: str, story: PageStory
) -> None:
    for layout in LAYOUTS:
        before = IssueDocument.of(text, layout)
        known = {section.key for section in before.sections}

        after = before.with_story(story)

        assert len(after.stories) == len(before.stories) + 1
        new = next(
            found
            for found in after.stories
            if found not in before.stories and found.url == link_target(story.url)
        )
        if new.section in known:
            assert after.without(new) == before


@given(PAGES)
@example(page(source="\\\n|---|\n", markdown=False))
@example(page(source="| - | |\n", tags=("\\\\[",)))
@example(page(source="丨", title="a 丨 b丨 c", markdown=False))
@example(page(tags=("\x1b|0",), summary="> \n"))
def test_a_story_reads_back_as_it_was_set(story: PageStory) -> None:
    for layout in LAYOUTS:
        empty = begin_issue(layout, date=datetime.date(2031, 1, 2))

        [found] = empty.with_story(story).stories
        [again] = empty.with_story(found.page_story()).stories

        assert found.url == link_target(story.url)
        assert again.fields == found.fields
        for said in (found.title, found.source, found.summary, *found.tags):
            assert "{{" not in said
            assert "{%" not in said


PLAIN_WORDS = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Nd"], include_characters=" ，。：（）“”+!?%&;~/"), min_size=1
).map(lambda text: " ".join(text.split()))


@given(
    PLAIN_WORDS.filter(lambda text: text not in ("", "x", "X")),
    PLAIN_WORDS,
    st.lists(PLAIN_WORDS.filter(bool), max_size=4),
)
def test_ordinary_words_read_back_word_for_word(title: str, source: str, paragraphs: list[str]) -> None:
    """All but a title that is an x, which would be a task that is done."""
    story = page(title=title, source=source, summary="  \n".join(paragraphs))
    for layout in LAYOUTS:
        [found] = begin_issue(layout, date=datetime.date(2031, 1, 2)).with_story(story).stories

        printed = source if layout.story.separator else ""
        assert (found.title, found.source, found.summary) == (title, printed, story.summary)


@given(st.sampled_from(LAYOUTS), MARKDOWN, st.data())
@settings(max_examples=250)
def test_edits_keep_every_line_they_do_not_concern(layout: Layout, text: str, data: st.DataObject) -> None:
    now = IssueDocument.of(text, layout)
    for _ in range(4):
        now = one_edit(now, data)


def one_edit(before: IssueDocument, data: st.DataObject) -> IssueDocument:
    """Make one edit and check that all stories but its own kept their bytes and order."""
    others = list(before.stories)
    old = data.draw(st.sampled_from(others)) if others else None
    kind = data.draw(
        st.sampled_from(["add", "change", "move", "remove", "date", "lead", "shorts", "cell", "count"])
    )
    if kind == "add" or old is None:
        after = before.with_story(data.draw(PAGES), before=old)
        assert kept(before, after) == texts(before)
        return after
    rest = [story.text.strip() for story in others if story is not old]
    if kind == "remove":
        after = before.without(old)
        assert texts(after) == rest
    elif kind == "change":
        after = before.with_changes(old, data.draw(PAGES))
        assert [text for place, text in enumerate(texts(after)) if place != others.index(old)] == rest
    elif kind == "move":
        after = before.with_moved(old, section=data.draw(st.sampled_from(["news", "posts", "Odd"])))
        assert sorted(texts(after)) == sorted(texts(before))
    else:
        after = one_edit_above(before, kind, data)
        assert texts(after) == texts(before)
    return after


def one_edit_above(before: IssueDocument, kind: str, data: st.DataObject) -> IssueDocument:
    if kind == "date":
        return before.with_date("2031-05-06")
    if kind == "lead":
        return before.with_lead(data.draw(TEXT))
    if kind == "shorts":
        return before.with_shorts(data.draw(st.lists(TEXT, max_size=2)))
    return before.with_archive_cell("2031-05-06") if kind == "cell" else before.with_story_count()


def texts(document: IssueDocument) -> list[str]:
    return [story.text.strip() for story in document.stories]


def kept(before: IssueDocument, after: IssueDocument) -> list[str]:
    """Return the stories of `after` without the one that came in."""
    new, old = texts(after), texts(before)
    place = next((place for place, (a, b) in enumerate(zip(new, old, strict=False)) if a != b), len(old))
    return new[:place] + new[place + 1 :]


# --- stories in and out ------------------------------------------------------------------------------------


def test_an_added_story_stands_at_the_end_of_its_section_and_changes_nothing_else() -> None:
    after = issue().with_story(page())

    assert added_lines(ISSUE, after.text) == ["- [题目1 | 某号](https://n.test/1)  ", "摘要：第1条。  "]
    assert [story.title for story in after.sections[0].stories] == ["甲", "模型 | 压缩", "题目1"]


def test_a_story_can_be_put_before_another() -> None:
    first = issue().stories[0]

    after = issue().with_story(page(), before=first)

    assert [story.title for story in after.stories][:2] == ["题目1", "甲"]
    assert after.without(after.stories[0]).text == ISSUE


def test_the_first_story_of_a_section_leaves_two_blank_lines_behind_it() -> None:
    begun = begin_issue(HOUSE, date=datetime.date(2031, 1, 2))

    after = begun.with_story(page(section="papers")).with_story(page(2, section="projects"))

    assert (
        "## 论文\n\n- [题目1 | 某号](https://n.test/1)  \n摘要：第1条。  \n\n\n## 开源项目\n\n> 注"
        in after.text
    )
    assert (
        "`。\n\n- [题目2 | 某号](https://n.test/2)  \n摘要：第2条。  \n\n\n## 博文\n\n\n## 往期" in after.text
    )


def test_a_section_that_the_document_lacks_gets_its_heading_in_the_layouts_order() -> None:
    without = ISSUE.replace("## 论文\n\n\n", "")

    after = issue(without).with_story(page(section="papers")).with_story(page(2, section="人物"))

    headings = [section.heading for section in after.sections]
    assert headings == ["业界新闻", "应用", "论文", "开源项目", "博文", "人物"]


def test_the_first_of_moved_lines_keeps_its_bytes() -> None:
    before = issue()
    story = before.stories[1]

    after = before.with_moved(story, section="posts", before=before.stories[5])

    assert [found.text for found in after.stories].index(story.text) == 4
    assert sorted(after.text) == sorted(ISSUE)
    assert after.with_moved(after.stories[4], section="news").text == ISSUE


def test_only_the_lines_whose_fields_changed_are_rewritten() -> None:
    before = issue()
    old = before.stories[1]

    renamed = before.with_changes(old, replace(old.page_story(), title="新题"))
    rewritten = before.with_changes(old, replace(old.page_story(), summary="半角冒号\n新的一行"))

    lines = old.text.split("\n")
    assert renamed.stories[1].text.split("\n")[1:] == lines[1:]
    assert renamed.stories[1].text.startswith(
        "- [CVPR2031] [2101.00001v2] [新题 | 某刊](https://a.test/3) [[解读]]"
    )
    assert rewritten.stories[1].text.split("\n")[:3] == lines[:3]
    assert rewritten.stories[1].summary == "半角冒号\n新的一行"
    assert before.with_changes(old, old.page_story()) == before


def test_a_story_of_another_document_is_refused() -> None:
    stranger = issue().with_story(page()).stories[2]

    with pytest.raises(StoryNotInDocumentError, match="题目1"):
        issue().without(stranger)


def test_new_lines_end_as_the_files_own_do() -> None:
    windows = IssueDocument.parse(ISSUE.replace("\n", "\r\n").encode(), HOUSE)

    after = windows.with_story(page())

    assert after.text == issue().with_story(page()).text.replace("\n", "\r\n")
    first = windows.with_story(page(section="papers"))  # with blank lines around it
    edited = (
        first.with_lead("一\n二").with_shorts(["三"]).with_date("2031-02-04").with_story(page(section="新节"))
    )
    assert "\n" not in edited.text.replace("\r\n", "")


# --- strangers' text ---------------------------------------------------------------------------------------

STRUCTURE = (
    "- [x](https://evil.test)\n## 博文\n> 注：x\n----\n| a | b |\n===\n# h\n```\n<!-- x\n\n- 又一条\n  续行\n"
    "-\t[x](https://evil.test)\n* [x](https://evil.test)\n +  [x](https://evil.test)\n* * *\n- - -\n 尾"
)


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_line_of_a_summary_starts_anything(layout: Layout, markdown: bool) -> None:
    begun = begin_issue(layout, date=datetime.date(2031, 1, 2)).with_story(page(2, section="posts"))

    after = begun.with_story(page(summary=STRUCTURE, markdown=markdown))

    assert len(after.stories) == 2
    assert [section.heading for section in after.sections] == [section.heading for section in begun.sections]


def test_a_persons_list_is_indented_below_its_paragraph() -> None:
    written = story_markdown(page(summary="要点：\n- 一\n  续\n- 二\n完"), HOUSE)

    assert written.splitlines()[1:] == ["摘要：要点：", "    - 一", "      续", "    - 二", "完  "]


def test_a_pages_words_are_escaped_and_a_persons_are_not() -> None:
    title = "**新** {{ site.x }} [a] x | y"

    person = story_markdown(page(title=title), HOUSE)
    machine = story_markdown(page(title=title, markdown=False), HOUSE)

    assert person.startswith("- [**新** &#123;{ site.x }} ［a］ x｜y | 某号](")
    assert machine.startswith("- [\\*\\*新\\*\\* &#123;{ site.x }} ［a］ x｜y | 某号](")


def test_an_unsafe_link_is_left_empty_and_found_by_lint() -> None:
    after = issue().with_story(page(url="javascript:alert(1)"))

    assert "javascript" not in after.text
    assert ("empty-link", after.stories[2].line) in {(found.code, found.line) for found in lint(after)}


# --- title, lead, shorts -----------------------------------------------------------------------------------


def test_the_date_changes_in_the_title_alone() -> None:
    assert issue().with_date("2031-02-09").text == ISSUE.replace("2031-02-03", "2031-02-09")
    assert issue("正文\n").with_date("2031-02-09").text == "# 嵌入式AI简报 (2031-02-09)\n\n正文\n"


def test_the_count_in_the_lead_is_the_number_of_stories_without_the_shorts() -> None:
    assert issue().with_story_count().text == ISSUE.replace("本次3条", "本次6条")
    uncounted = ISSUE.replace("本次3条。", "")
    assert issue(uncounted).with_story_count().text == uncounted


def test_a_new_lead_keeps_the_lines_that_say_the_same() -> None:
    after = issue().with_lead("新的开头。\n第二段没有引号。")

    assert after.lead == "新的开头。\n第二段没有引号。"
    assert after.text == ISSUE.replace("> 导读：本次3条。第一段。  ", "> 导读：新的开头。  ")


def test_a_lead_and_shorts_find_their_place_in_an_issue_without_them() -> None:
    begun = begin_issue(PLAIN, date=datetime.date(2031, 1, 2)).with_story(page())

    after = begun.with_lead("Quiet week: 7 stories.").with_short("One line.").with_story_count()

    assert (after.lead, after.shorts) == ("Quiet week: 1 stories.", ("One line.",))
    assert after.stories[0].title == "题目1"
    assert after.with_shorts(()).shorts == ()


def test_shorts_that_stay_keep_their_bytes() -> None:
    after = issue().with_short("丁公司发布。")

    assert added_lines(ISSUE, after.text) == ["- 丁公司发布。"]
    fewer = after.with_shorts(after.shorts[1:])
    assert fewer.text == after.text.replace("- 甲公司发布新芯片；\n", "")


# --- past issues -------------------------------------------------------------------------------------------


def test_the_table_of_past_issues_fills_from_right_to_left_and_years_part_at_rows() -> None:
    grown = begin_issue(HOUSE, date=datetime.date(2030, 12, 1))
    for date in ["2030-11-01", "2030-11-15", "2030-12-01", "2030-12-15", "2031-01-01", "2031-01-15"]:
        grown = grown.with_archive_cell(date)

    def cell(date: str) -> str:
        return f"[{date}](../embedded-ai-report/{date}.md)"

    assert grown.text.split("## 往期回顾\n\n")[1].splitlines() == [
        "| 2 | 0 | 3 | 1 |",
        "|:---:|:---:|:---:|:---:|",
        f"|  |  | {cell('2031-01-15')} | {cell('2031-01-01')} |  ",
        "| 2 | 0 | 3 | 0 |",
        f"| {cell('2030-12-15')} | {cell('2030-12-01')} | {cell('2030-11-15')} | {cell('2030-11-01')} |  ",
    ]
    assert grown.with_archive_cell("2030-12-01") == grown


def test_an_old_list_of_past_issues_grows_at_the_top() -> None:
    listed = "## [往期回顾](https://x.test)\n\n- [2019-12-02](https://g.test/b/2019-12-02.md)  \n"

    after = issue(ISSUE + listed).with_archive_cell("2019-12-17")

    assert added_lines(ISSUE + listed, after.text) == ["- [2019-12-17](https://g.test/b/2019-12-17.md)  "]


def test_an_issue_without_a_block_of_past_issues_gets_none() -> None:
    assert issue().with_archive_cell("2031-01-01").text == ISSUE


def test_a_new_issue_takes_the_block_and_the_footer_over_from_the_previous_one() -> None:
    previous = begin_issue(HOUSE, date=datetime.date(2031, 1, 2)).with_story(page()).text + "\n----\n\n页脚\n"

    begun = begin_issue(
        HOUSE,
        date=datetime.date(2031, 1, 20),
        previous=previous.encode(),
        previous_date=datetime.date(2031, 1, 2),
    )

    assert begun.date == "2031-01-20"
    assert begun.stories == ()
    assert begun.text.endswith(
        "|  |  |  | [2031-01-02](../embedded-ai-report/2031-01-02.md) |  \n\n----\n\n页脚\n"
    )


# --- the real newsletter -----------------------------------------------------------------------------------


def archive() -> list[Path]:
    return sorted([*(SHARED / "archive").glob("*.md"), *(SHARED / "seed").glob("*.md")])


def read(path: Path) -> IssueDocument:
    return IssueDocument.parse(path.read_bytes(), HOUSE)


@needs_archive
def test_every_real_file_comes_back_byte_for_byte() -> None:
    assert len(archive()) >= 27
    assert [path for path in archive() if read(path).render() != path.read_bytes()] == []


@needs_archive
def test_the_seeds_stories_on_the_empty_draft_give_the_seed() -> None:
    drafted = read(SHARED / "seed/empty-draft-2020-05.md")
    lines = (SHARED / "seed/stories.jsonl").read_text(encoding="utf-8").splitlines()

    for line in lines:
        drafted = drafted.with_story(PageStory(**json.loads(line)))

    assert drafted.render() == (SHARED / "seed/issue-draft-2020-05-13.md").read_bytes()
    for _ in lines:
        drafted = drafted.without(drafted.stories[len(drafted.stories) // 2])
    assert drafted.render() == (SHARED / "seed/empty-draft-2020-05.md").read_bytes()


@needs_archive
def test_the_empty_draft_is_what_an_issue_begins_with_after_the_last_one() -> None:
    begun = begin_issue(
        HOUSE,
        date=datetime.date(2020, 5, 13),
        previous=(SHARED / "archive/2020-04-26.md").read_bytes(),
        previous_date=datetime.date(2020, 4, 26),
    )

    assert begun.render() == (SHARED / "seed/empty-draft-2020-05.md").read_bytes()


@needs_archive
def test_the_index_page_grows_as_its_editor_let_it_grow() -> None:
    [grown] = (SHARED / "archive").glob("README.after-*.md")

    assert read(SHARED / "archive/README.md").with_index_cell("2020-04-26").render() == grown.read_bytes()


@needs_archive
def test_the_stories_of_the_archive_agree_with_the_study_of_it() -> None:
    """Three of 442 differ knowingly: two under a heading of their own, one with meta behind a blank."""
    rows = [
        json.loads(line) for line in (SHARED / "archive/items.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    files = [path for path in archive() if path.stem in {row["issue"] for row in rows}]
    found = [story for path in files for story in read(path).stories]

    assert len(found) == len(rows)
    agreeing = sum(agrees(story, row) for story, row in zip(found, rows, strict=True))
    assert agreeing >= len(rows) - 3


def agrees(story: object, row: dict[str, object]) -> bool:
    fields = ["section", "title", "source", "url", "tags", "repo", "meta", "summary"]
    return all(plain(getattr(story, name)) == plain(row[name]) for name in fields)


def plain(value: object) -> object:
    if isinstance(value, str):
        return [line.rstrip() for line in value.strip().split("\n")]
    return json.loads(json.dumps(value))


@needs_archive
def test_adding_to_a_real_issue_puts_exactly_the_new_lines_in_and_removing_takes_them_out() -> None:
    for path in archive():
        before = read(path)
        for section in before.sections[:6]:
            after = before.with_story(page(section=section.key))
            new = next(story for story in after.stories if story.url == "https://n.test/1")

            added = [line for line in added_lines(before.text, after.text) if line]
            assert added == ["- [题目1 | 某号](https://n.test/1)  ", "摘要：第1条。  "]
            assert after.without(new) == before


@needs_archive
def test_each_past_table_lists_the_issues_that_the_next_one_lists() -> None:
    tables = [
        path for path in archive() if path.stem[:4] == "2020" and "| 2 | 0 | 2 | 0 |" in read(path).text
    ]
    issues = sorted(path for path in tables if path.parent.name == "archive" and path.stem > "2020-02")

    for older, newer in pairwise(path for path in issues if not path.stem.startswith("README")):
        begun = begin_issue(
            HOUSE,
            date=datetime.date.fromisoformat(newer.stem),
            previous=older.read_bytes(),
            previous_date=datetime.date.fromisoformat(older.stem),
        )
        grown = begun.with_archive_cell(newer.stem)
        listed = [word for word in grown.text.split("[") if word[:2] == "20" and word[10:12] == "]("]
        missing = [path.stem for path in issues if path.stem <= newer.stem and path.stem not in str(listed)]
        assert missing == []


def test_an_indented_line_below_a_blank_one_still_belongs_to_the_story() -> None:
    [story] = issue("## 博文\n\n- [a](https://a.test)\n\n  续\n\n散落\n").stories

    assert story.text == "- [a](https://a.test)\n\n  续\n"
