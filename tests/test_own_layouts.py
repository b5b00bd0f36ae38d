"""A layout of one's own: what its folder may hold, what is refused, and that values stay words."""

import datetime
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import BaseModel

from bot.config import ConfigError, load_config
from renderers import layout_file
from renderers.issue_document import IssueDocument
from renderers.layout import (
    InvalidLayoutError,
    Labels,
    LayoutNotFoundError,
    LayoutSection,
    TableRule,
    layout_of,
    load_layout,
)
from renderers.layout_check import layout_faults
from renderers.layout_template import FILTERS, OUTPUT_LIMIT, NewIssue, render_template, template_faults
from renderers.markdown import clean
from renderers.new_issue import begin_issue

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reference/layouts.md").read_text(encoding="utf-8")
PLAIN = ROOT / "renderers/layouts/plain"


def texts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(PLAIN.iterdir()) if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one's own that is fine."""
    mine = tmp_path / "mine"
    mine.mkdir()
    for name, text in texts().items():
        (mine / name).write_text(text, encoding="utf-8")
    return mine


# --- the folder --------------------------------------------------------------------------------------------


def test_a_folder_is_a_layout_by_its_path_alone(folder: Path) -> None:
    layout = load_layout(str(folder))

    assert (layout.name, layout.folder, layout_faults(layout)) == ("mine", "issues", ())
    assert begin_issue(layout, date=datetime.date(2031, 1, 2)).date == "2031-01-02"
    with pytest.raises(LayoutNotFoundError, match="the path of a folder of your own"):
        load_layout("mine")


@pytest.mark.parametrize("name", ["plain", "hugo", "embedded-ai-report"])
def test_a_run_of_digits_is_no_count_and_is_passed_over(name: str) -> None:
    labels = load_layout(name).labels
    said = "本期{}条" if name == "embedded-ai-report" else "{} stories"
    digits = "7" * 5000

    line = f"{said.format(digits)}, {said.format(12)}"

    found = labels.count_in(line)
    assert found is not None
    assert line[slice(*found)] == "12"
    assert labels.count_in(digits * 100) is None


def test_the_path_in_the_config_counts_from_the_config_file(folder: Path) -> None:
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    config = folder.parent / "config.toml"
    config.write_text(re.sub('layout = "[^"]+"', 'layout = "mine"', example, count=1), encoding="utf-8")

    assert load_layout(load_config(config).newsletter.layout).name == "mine"
    (folder / "issue.md.j2").write_text("{{ issue.title }}\n")
    with pytest.raises(ConfigError, match=r"newsletter.layout: mine/issue.md.j2: its sections read as none"):
        load_config(config)


@pytest.mark.parametrize(
    ("was", "now", "complaint"),
    [
        ('language = "en"', 'language = "fr"', r"layout.toml:2: language: input should be 'en' or 'zh'"),
        ('folder = "issues"', 'folder = "../.git"', r"layout.toml:3: folder: '..' is no name of a folder"),
        ('file = "{date}.md"', 'file = "{date.year}.md"', r"layout.toml:4: file: write \{date\} where"),
        (
            'title = "# N',
            'title = "# {date.__class__} N',
            r"layout.toml:5: title: only \{date\} can stand in",
        ),
        ('style = "headed"', 'style = "free"', r"layout.toml:6: style: input should be 'listed', 'beside'"),
        ("[gaps]", "[gap]", r"layout.toml:15: gap: there is no such key; did you mean 'gaps'\?"),
        (
            "story = 1",
            "story = -1",
            r"layout.toml:16: gaps.story: input should be greater than or equal to 0",
        ),
        ('key = "papers"', 'key = "news"', r"two sections have the key 'news'; give each its own"),
        ("(\\d+) (?:", "((a+)+)(\\d+) (?:", r"layout.toml:13: labels.count: nothing but \(\\d\+\) can be"),
        (
            "(\\d+) (?:",
            "a?" * 26 + "(\\d+) (?:",
            r"layout.toml:13: labels.count: it leaves more than 8 choices by \| and \?",
        ),
        (
            "(\\d+) (?:",
            "(?:a|a)" * 26 + "(\\d+) (?:",
            r"layout.toml:13: labels.count: it leaves more than 8 choices by \| and \?",
        ),
        ("(\\d+) (?:", r"\\+\\+\\+(\d+) (?:", r"labels.count: nothing but \(\\d\+\) can be repeated"),
        ("[labels]", "[labels", r"layout.toml:8: it is no TOML"),
    ],
)
def test_a_fault_in_layout_toml_is_named_with_line_and_cure(was: str, now: str, complaint: str) -> None:
    files = texts()
    assert was in files["layout.toml"]
    files["layout.toml"] = files["layout.toml"].replace(was, now, 1)

    with pytest.raises(InvalidLayoutError, match=complaint):
        layout_of("mine", files)


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ ''.__class__ }}", "issue.md.j2:1: there is no '__class__'"),
        ("x\n{{ issue.title.format(1) }}", "issue.md.j2:2: a call cannot stand here"),
        ("{% for a in range(9) %}{% endfor %}", "issue.md.j2:1: a loop goes over `sections`"),
        ("{% for a in sections %}{% for b in sections %}{% endfor %}{% endfor %}", "cannot stand in a loop"),
        ("{{ 'a' * 999999999 }}", "issue.md.j2:1: mul cannot stand here"),
        ("{% set x = 1 %}", "an assignment cannot stand here"),
        ("{% include 'layout.toml' %}", "an include cannot stand here"),
        ("{{ issue.title | attr('x') }}", "there is no filter 'attr'; there are: join, json, raw_markdown"),
        ("{{ issue.titel }}", "'renderers.layout_template.NewIssue object' has no attribute 'titel'"),
        ("{{ sections }}", "is no text; name one of its fields"),
        ("{{ nonsuch }}", "'nonsuch' is undefined"),
        ("\n\n{% if %}", "issue.md.j2:3: "),
        ("{{ " + "(" * 5000, "issue.md.j2: it is nested|issue.md.j2:1: "),
        ("{{ issue.date" + " | json" * 39 + " }}", "nested more than 40 deep"),
        ("{{ " + "9" * 5000 + " }}", "issue.md.j2: a number in it is too long; write it as text"),
        ("{{ 1e999 }}", "issue.md.j2:1: a number with a point cannot stand here"),
        ("{% if issue %}" + "{% elif issue %}" * 3900 + "{% endif %}", "nested more than 40 deep"),
        ("{{ issue.title | join('" + "b" * 500 + "') }}", "it gives more than 10000 characters"),
        ("a" * 70_000, "it has more than 64000 characters; make it shorter"),
    ],
)
def test_what_is_not_in_the_language_of_templates_is_refused(template: str, complaint: str) -> None:
    with pytest.raises(InvalidLayoutError, match=re.escape(complaint) if "|" not in complaint else complaint):
        layout_of("mine", {**texts(), "issue.md.j2": template})


def test_a_link_out_of_the_folder_is_not_followed_and_one_within_is(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.env"
    secret.write_text("TOKEN=c4nary")
    template = folder / "issue.md.j2"
    (folder / "real").mkdir()
    template.rename(folder / "real" / "issue.md.j2")
    template.symlink_to("real/issue.md.j2")
    assert load_layout(str(folder)).name == "mine"

    for target in (secret, Path("/dev/zero"), tmp_path):
        template.unlink()
        template.symlink_to(target)
        with pytest.raises(InvalidLayoutError, match=r"issue\.md\.j2: the file is missing") as told:
            load_layout(str(folder))
        assert "c4nary" not in str(told.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "index.md.j2").unlink()
    (folder / "issue.md.j2").write_bytes(b"\xff")

    with pytest.raises(InvalidLayoutError) as refused:
        load_layout(str(folder))

    assert refused.value.faults == (
        "mine/issue.md.j2: the file is missing, no UTF-8, or a link out of the folder; add it.",
        "mine/index.md.j2: the file is missing, no UTF-8, or a link out of the folder; add it.",
    )


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        (
            "{{ issue.title | raw_markdown }}\n",
            "its sections read as none; write a line ## {{ section.heading",
        ),
        (
            "# No date\n\n{% for section in sections %}\n## {{ section.heading }}\n\n{% endfor %}",
            "the issue's date does not read back",
        ),
        (
            "{{ issue.title | raw_markdown }}\n\n## News\n\n### [Always](https://a.test)\n",
            "line 5 of what it gives reads as a story",
        ),
    ],
)
def test_an_issue_that_does_not_read_back_is_a_fault(template: str, fault: str) -> None:
    layout = layout_of("mine", {**texts(), "issue.md.j2": template})

    assert any(fault in one for one in layout_faults(layout))


# --- values stay words -------------------------------------------------------------------------------------

WORDS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["{{", "}}", "{%", "{{<", "*", "_", "[a](b)", "<b>", "`", "#", "> ", "- ", "&lt;", "\\", " "]
    )
).map("".join)


@given(WORDS)
def test_a_value_shows_as_the_words_it_is(words: str) -> None:
    for template in (
        "{{ labels.lead }}",
        "Before {{ labels.lead }} after",
        "> {{ labels.lead }}",
        "## {{ labels.lead }}",
    ):
        rendered = render_template(template, {"labels": Labels(words, "", "", "", "")})
        expected = clean(template.lstrip("># ").replace("{{ labels.lead }}", clean(words)))

        assert visible(rendered) == expected
        assert "{{" not in rendered
        assert "{%" not in rendered


def visible(markdown: str) -> str:
    """Return what a reader sees of one block, by the engine's own reading."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}
    return clean("".join(child.content for child in children))


@given(WORDS)
def test_a_value_in_front_matter_is_one_string(words: str) -> None:
    rendered = render_template("title: {{ labels.lead | json }}", {"labels": Labels(words, "", "", "", "")})

    assert rendered.count("\n") == 0
    assert rendered.startswith('title: "')
    assert rendered.endswith('"')


def test_no_template_gives_more_than_an_issue_may_be_long() -> None:
    files = texts()
    body = "x" * 60_000
    files["issue.md.j2"] = "{% for section in sections %}" + body + "{% endfor %}"
    sections = "".join(f'[[sections]]\nkey = "s{n}"\nheading = "S{n}"\n' for n in range(36))
    files["layout.toml"] = files["layout.toml"].replace("[archive]", sections + "[archive]")

    assert template_faults(files["issue.md.j2"]) == ()
    with pytest.raises(InvalidLayoutError, match=f"gives more than {OUTPUT_LIMIT} characters"):
        layout_of("mine", files)


# --- front matter ------------------------------------------------------------------------------------------

HUGO = load_layout("hugo")


@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: "Letter of 2031-01-02"\ndate: 2031-01-02T08:00:00Z # when\n---\n\n## News\n',
        '+++\ntitle = "Letter"\ndate = 2031-01-02\n+++\n\n## News\n',
        "Title: Letter\nDate: 2031-01-02\n\n## News\n",
        "---\nlayout: post\ndate: 2031-01-02\n---\n\n# Letter (2031-01-02)\n\n## News\n",
    ],
    ids=["yaml", "toml", "pelican", "heading"],
)
def test_the_date_is_read_and_set_wherever_the_top_of_a_file_names_it(text: str) -> None:
    issue = IssueDocument.of(text, HUGO)

    assert issue.date == "2031-01-02"
    assert issue.with_date("2031-01-09").text == text.replace("2031-01-02", "2031-01-09")


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("Words.\n", '---\ntitle: "Newsletter of 2031-01-09"\ndate: "2031-01-09"\n---\n\nWords.\n'),
        ("---\ntitle: x\n---\nWords.\n", '---\ntitle: x\ndate: "2031-01-09"\n---\nWords.\n'),
        ("---\ndate:\n---\nWords.\n", '---\ndate: "2031-01-09"\n---\nWords.\n'),
        ("+++\ntitle = 'x'\n+++\nWords.\n", "+++\ntitle = 'x'\ndate = \"2031-01-09\"\n+++\nWords.\n"),
    ],
)
def test_front_matter_without_a_date_gets_one(text: str, dated: str) -> None:
    assert IssueDocument.of(text, HUGO).with_date("2031-01-09").text == dated


# --- the docs ----------------------------------------------------------------------------------------------


def documented(heading: str) -> list[str]:
    part = PAGE.split(f"\n{heading}\n", 1)[1]
    part = re.split(r"\n#{2,3} ", part, maxsplit=1)[0]
    return re.findall(r"^\| `([\w.]+)` \|", part, re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("## `layout.toml`", layout_file.LayoutTable),
        ("### `[labels]`", layout_file.LabelsTable),
        ("### `[gaps]`", layout_file.GapsTable),
        ("### `[story]`", layout_file.StoryTable),
        ("### `[[sections]]`", layout_file.SectionTable),
        ("### `[archive]`", layout_file.PastTable),
        ("### `[pictures]`", layout_file.PicturesTable),
    ],
)
def test_every_key_of_layout_toml_is_documented_and_no_other(heading: str, table: type[BaseModel]) -> None:
    assert sorted(documented(heading)) == sorted(table.model_fields)


def test_every_variable_and_filter_of_templates_is_documented_and_no_other() -> None:
    said = documented("## Templates")
    known = {"issue": NewIssue, "section": LayoutSection, "labels": Labels, "archive": TableRule}
    variables = [f"{name}.{one.name}" for name, kind in known.items() for one in fields(kind)]

    assert sorted(said) == sorted([*FILTERS, "issue", "sections", "labels", "archive", "index", *variables])
