import datetime
from dataclasses import replace

import pytest
from jinja2.exceptions import SecurityError, UndefinedError

from renderers.issue_document import IssueDocument, story_markdown
from renderers.issue_page import PageStory
from renderers.layout import LayoutNotFoundError, layout_names, load_layout
from renderers.new_issue import begin_issue, skeleton

DAY = datetime.date(2031, 1, 2)


def test_the_layouts_that_come_along_are_known_by_name() -> None:
    assert layout_names() == ("embedded-ai-report", "hugo", "plain")


@pytest.mark.parametrize("name", ["nonsuch", "", "../plain", "embedded_ai_report"])
def test_an_unknown_layout_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(LayoutNotFoundError, match="embedded-ai-report, hugo, plain"):
        load_layout(name)


@pytest.mark.parametrize("name", layout_names())
def test_each_layout_begins_an_issue_with_its_date_and_its_empty_sections(name: str) -> None:
    layout = load_layout(name)

    begun = begin_issue(layout, date=DAY)

    assert begun.date == "2031-01-02"
    assert begun.stories == ()
    assert [section.key for section in begun.sections] == ["news", "papers", "projects", "posts"]
    assert [section.note for section in begun.sections] == [section.note for section in layout.sections]


@pytest.mark.parametrize("name", layout_names())
def test_each_layouts_fresh_repository_has_an_index_that_takes_its_first_issue(name: str) -> None:
    layout = load_layout(name)
    [(path, index)] = skeleton(layout).items()

    grown = IssueDocument.parse(index, layout).with_index_cell("2031-01-02")

    assert path == "README.md"
    assert "| 2 | 0 | 3 | 1 |\n" in grown.text
    assert f"[2031-01-02]({layout.index.link.format(date='2031-01-02')}) |" in grown.text


def test_an_issue_lies_where_the_layout_says_placeholders_included() -> None:
    assert load_layout("embedded-ai-report").path("2031-01-xx") == "embedded-ai-report/2031-01-xx.md"
    assert load_layout("plain").path("2031-01-02") == "issues/2031-01-02.md"


STORY = PageStory(
    section="projects",
    title="A new runtime",
    source="Some Weekly",
    url="https://a.test/x (1)",
    summary="First paragraph.\n\nSecond.",
    tags=("CVPR2031",),
    repo="owner/name",
    meta=(("代码", "https://github.com/owner/name"),),
)


def test_the_house_layout_sets_a_story_as_a_list_entry() -> None:
    assert story_markdown(STORY, load_layout("embedded-ai-report")) == (
        "- [CVPR2031] [owner/name: A new runtime | Some Weekly](https://a.test/x%20%281%29)  \n"
        "代码：https://github.com/owner/name  \n"
        "摘要：First paragraph.\n"
        "Second.  \n"
    )


def test_the_plain_layout_sets_a_story_under_a_heading() -> None:
    assert story_markdown(STORY, load_layout("plain")) == (
        "### [CVPR2031] [owner/name: A new runtime](https://a.test/x%20%281%29)\n\n"
        "*Some Weekly*\n\n"
        "**代码:** https://github.com/owner/name  \n\n"
        "First paragraph.\n\nSecond.\n"
    )


def test_the_plain_layouts_stories_come_and_go_with_their_blank_lines() -> None:
    begun = begin_issue(load_layout("plain"), date=DAY)

    one = begun.with_story(STORY)
    two = one.with_story(PageStory("projects", "Other", "", "https://b.test", "*All of it.*"))

    assert "## Projects\n\n### [CVPR2031]" in one.text
    assert "\n\nSecond.\n\n### [Other](https://b.test)\n\n\\*All of it.*\n\n## Posts\n" in two.text
    assert two.without(two.stories[1]) == one
    assert one.without(one.stories[0]) == begun


def test_only_the_changed_part_of_a_plain_story_is_rewritten() -> None:
    begun = begin_issue(load_layout("plain"), date=DAY).with_story(STORY)
    edited = IssueDocument.of(begun.text.replace("First paragraph.", "First *paragraph*.  "), begun.layout)
    [story] = edited.stories

    sourced = edited.with_changes(
        story, PageStory("projects", story.title, "Daily", story.url, story.summary, story.tags)
    )

    assert sourced.stories[0].source == "Daily"
    assert sourced.stories[0].summary == "First *paragraph*.  \n\nSecond."
    assert sourced.stories[0].meta == ()


def test_a_template_can_neither_reach_python_nor_forget_a_value() -> None:
    layout = load_layout("plain")
    curious = replace(layout, templates={"x": "{{ ''.__class__.__mro__ }}"})

    with pytest.raises(UndefinedError):
        layout.render("issue.md.j2")
    with pytest.raises(SecurityError):
        curious.render("x")
