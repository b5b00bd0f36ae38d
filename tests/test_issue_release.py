"""A document as it goes out: its date, its count, its past issues; every other byte stays."""

from itertools import pairwise
from pathlib import Path

import pytest

from renderers.issue_document import IssueDocument
from renderers.issue_parser import split_lines
from renderers.issue_release import past_dates, release_document
from renderers.layout import load_layout

SHARED = Path(__file__).parents[1].parent / "shared"
LAYOUT = load_layout("embedded-ai-report")
BLOCK = """## [往期回顾](https://site.test)

| 2 | 0 | 3 | 1 |
|:---:|:---:|:---:|:---:|
"""
DRAFT = """---
layout: default
published: false
---

# 嵌入式AI简报 (2031-02-xx)

> 导读：本次9条，都好。

## 业界新闻

- [甲 | 某报](https://a.test/1)\x20\x20
摘要：一段话。


"""


def document(text: str) -> IssueDocument:
    return IssueDocument.of(text, LAYOUT)


def row(*dates: str) -> str:
    cells = ["  "] * (4 - len(dates)) + [f" [{day}](../embedded-ai-report/{day}.md) " for day in dates]
    return f"|{'|'.join(cells)}|  \n"


PREVIOUS = document("# 嵌入式AI简报 (2031-01-15)\n\n" + BLOCK + row("2031-01-01"))


def test_date_count_and_mark_are_final_and_the_rest_stays() -> None:
    done = release_document(document(DRAFT), date="2031-02-03")

    expected = DRAFT.replace("published: false\n", "").replace("2031-02-xx", "2031-02-03")
    assert done.document.text == expected.replace("本次9条", "本次1条")
    assert (done.count, done.counted) == (1, True)


def test_past_issues_grow_from_the_draft_by_the_previous_and_by_itself() -> None:
    done = release_document(document(DRAFT + BLOCK + row("2031-01-01")), date="2031-02-03", previous=PREVIOUS)

    assert done.document.text.endswith(BLOCK + row("2031-02-03", "2031-01-15", "2031-01-01"))
    assert done.cells == ("2031-02-03", "2031-01-15")


@pytest.mark.parametrize("stale", ["", BLOCK, BLOCK + row("2030-12-12")], ids=["none", "empty", "other"])
def test_a_block_that_is_missing_or_stale_is_taken_from_the_previous_issue(stale: str) -> None:
    done = release_document(document(DRAFT + stale), date="2031-02-03", previous=PREVIOUS)

    assert set(past_dates(done.document)) >= {"2031-02-03", "2031-01-15", "2031-01-01"}
    assert done.document.text.count("往期回顾") == 1


@pytest.mark.parametrize(("mine", "theirs"), [("\n", "\r\n"), ("\r\n", "\n"), ("\r\n", "\r\n")])
@pytest.mark.parametrize("block", ["", BLOCK.partition("\n\n")[0] + "\n\n", BLOCK + row("2030-12-31")])
def test_what_is_taken_over_has_the_line_ends_of_the_draft(block: str, mine: str, theirs: str) -> None:
    expected = release_document(document(DRAFT + block), date="2031-02-03", previous=PREVIOUS).document
    previous = document(PREVIOUS.text.replace("\n", theirs))
    done = release_document(
        document((DRAFT + block).replace("\n", mine)), date="2031-02-03", previous=previous
    )

    assert done.document.text == expected.text.replace("\n", mine)


@pytest.mark.parametrize("title", ["# 嵌入式AI简报", "# 嵌入式AI简报 (2031-02-xx)", "没有标题"])
@pytest.mark.parametrize("matter", ["", "---\nlayout: default\n---\n\n", "---\ndraft: true\n---\n\n"])
def test_a_byte_order_mark_stays_in_front_and_hides_nothing(matter: str, title: str) -> None:
    text = f"{matter}{title}\n\n> 导读：\n\n## 业界新闻\n\n- [甲](https://a.test/1)\n摘要：好。\n"
    done, marked = (
        release_document(document(one), date="2031-02-03").document for one in (text, "\ufeff" + text)
    )

    assert marked.text == "\ufeff" + done.text
    assert (marked.date, marked.title, marked.outline) == (done.date, done.title, done.outline)


@pytest.mark.parametrize(
    "heading", ["### 往期回顾", "# 往期回顾", "## 往期回顾 ##", "##\t[往期回顾](https://s.test)"]
)
def test_the_heading_of_past_issues_is_known_however_it_is_set(heading: str) -> None:
    text = DRAFT + heading + "\n\n" + BLOCK.partition("\n\n")[2] + row("2031-01-01")
    done = release_document(document(text), date="2031-02-03", previous=PREVIOUS).document

    assert done.text.count("往期回顾") == 1
    assert past_dates(done) == ("2031-02-03", "2031-01-15", "2031-01-01")


def test_a_block_that_is_taken_over_stands_below_all_stories_and_above_the_small_print() -> None:
    parted = DRAFT.rstrip("\n") + "\n\n---\n\n- [乙](https://a.test/2)\n摘要：又一段。\n"
    done = release_document(document(parted + "\n----\n尾\n"), date="2031-02-03", previous=PREVIOUS).document

    assert len(done.stories) == 2
    assert done.text.index("又一段") < done.text.index("往期回顾") < done.text.index("----\n尾")


def test_the_date_for_which_it_was_planned_becomes_the_final_one_in_its_own_cell() -> None:
    planned = (
        DRAFT.replace("2031-02-xx", "2031-02-01") + BLOCK + row("2031-02-01", "2031-01-15", "2031-01-01")
    )

    done = release_document(document(planned), date="2031-02-03", previous=PREVIOUS)

    assert past_dates(done.document) == ("2031-02-03", "2031-01-15", "2031-01-01")


def test_a_list_of_past_issues_does_not_name_the_issue_itself() -> None:
    listed = "## [往期回顾](https://site.test)\n\n- [2031-01-01](https://git.test/2031-01-01.md)\n"

    done = release_document(document(DRAFT + listed), date="2031-02-03", previous=PREVIOUS)

    assert past_dates(done.document) == ("2031-01-15", "2031-01-01")


@pytest.mark.parametrize(
    ("title", "released"),
    [
        ("# 嵌入式AI简报", "# 嵌入式AI简报 (2031-02-03)"),
        ("# 嵌入式AI简报 (2031/2/1)", "# 嵌入式AI简报 (2031-02-03)"),
        ("# 嵌入式AI简报 2031年2月1日：标题", "# 嵌入式AI简报 2031-02-03：标题"),
        ("# 嵌入式AI简报 (2031-02-01)：标题  ", "# 嵌入式AI简报 (2031-02-03)：标题  "),
    ],
    ids=["none", "slashes", "chinese", "headline"],
)
def test_a_title_gets_the_date_however_it_was_written(title: str, released: str) -> None:
    done = release_document(document(f"{title}\n\n## 业界新闻\n"), date="2031-02-03")

    assert done.document.text == f"{released}\n\n## 业界新闻\n"


def test_a_release_done_twice_changes_nothing() -> None:
    once = release_document(document(DRAFT + BLOCK), date="2031-02-03", previous=PREVIOUS).document

    assert release_document(once, date="2031-02-03", previous=PREVIOUS).document.text == once.text


def test_the_past_issues_of_the_newsletter_grow_as_its_editor_let_them() -> None:
    archive = SHARED / "archive"
    if not archive.is_dir():
        pytest.skip("the newsletter's past issues are not beside the project")
    issues = {path.stem: IssueDocument.parse(path.read_bytes(), LAYOUT) for path in archive.glob("20*.md")}
    named = sorted(issues)
    same = []
    for earlier, later in pairwise(named):
        real, before = issues[later], issues[earlier]
        if real.outline.tail is None or before.outline.tail is None:
            continue
        body = "".join(split_lines(real.text)[: real.outline.tail])
        tail = "".join(split_lines(before.text)[before.outline.tail :])
        grown = release_document(document(body + tail), date=later, previous=before).document
        if set(past_dates(grown)) == set(past_dates(real)):
            same.append(later)
    # 2019-10-03 lists a lost issue, 2020-02-16 turned the list into a table, 2020-04-26 left itself out.
    explained = {"2019-04-13", "2019-10-03", "2020-02-16", "2020-04-26"}
    assert {day for day in named[1:] if day not in same} == explained
