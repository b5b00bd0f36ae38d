"""A layout is learnt from past issues, explains them, and begins issues that read as they do."""

import datetime
import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.layout_commands import layout as layout_commands
from bot.layout_learn import FILE_LIMIT, UnreadablePlaceError, files_of
from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.layout import Layout, load_layout
from renderers.layout_check import layout_faults
from renderers.layout_learning import NothingLearntError, Proposal, learn_layout
from renderers.new_issue import begin_issue
from renderers.past_files import NoPastIssuesError
from tests.past_newsletters import DATES, SHAPES, as_bytes
from tests.publishing import PublishingDesk, config_of

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
needs_archive = pytest.mark.skipif(not SHARED.is_dir(), reason="the newsletter's archive is not here")


def learnt(shape: str) -> Proposal:
    return learn_layout(as_bytes(SHAPES[shape]()))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_learnt_explains_every_issue_it_was_learnt_from(shape: str) -> None:
    reading = learnt(shape).reading

    assert reading.found == len(reading.issues) == len(DATES)
    assert [one.why for one in reading.issues] == [""] * len(DATES)
    assert reading.lines_share == 1.0
    assert reading.complete == (0 if shape == "this-week" else reading.stories)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("plain-english", ("letters", "{date}.md", "# The Weekly Probe, {date}", "headed", "### ", "##")),
        ("hugo-posts", ("content/posts", "{date}/index.md", "Kernel Letter {date}", "listed", "- ", "##")),
        (
            "jekyll-posts",
            ("_posts", "{date}-compiler-weekly.md", "Compiler Weekly {date}", "beside", "- ", "##"),
        ),
        ("awesome-weekly", ("archive", "{date}.md", "# Awesome Things ({date})", "beside", "* ", "##")),
        (
            "this-week",
            (
                "content",
                "{date}-this-week-in-ferrous.md",
                "This Week in Ferrous {date}",
                "listed",
                "* ",
                "###",
            ),
        ),
    ],
)
def test_each_shape_is_named_for_what_it_is(shape: str, expected: tuple[str, ...]) -> None:
    layout = learnt(shape).layout

    said = (layout.folder, layout.file, layout.title, layout.style, layout.story.mark, layout.section_mark)
    assert said == expected


def test_what_a_layout_cannot_do_as_past_issues_did_is_said() -> None:
    said = " ".join(note for shape in SHAPES for note in learnt(shape).notes)

    assert "'Elsewhere' (1)" in said
    assert "new files are called {date}-compiler-weekly.md" in said
    assert "new ones say 'This Week in Ferrous {date}'" in said
    assert "Front matter that differs from issue to issue is left out: Number" in said
    assert learnt("jekyll-posts").habits.draft_mark == "published: false"
    assert learnt("hugo-posts").habits.draft_mark == "draft: true"


STORY = PageStory(
    section="",
    title="A [new] thing",
    source="Gazette",
    url="https://new.test/1",
    summary="It is new.\n\n- one\n- two",
    meta=(("Code", "https://code.test"),),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_learnt_layout_begins_issues_and_edits_past_ones_without_losing_a_byte(
    shape: str, tmp_path: Path
) -> None:
    proposal = learnt(shape)
    layout = written(proposal, tmp_path)

    for path, data in as_bytes(SHAPES[shape]()).items():
        assert IssueDocument.parse(data, layout).render() == data
        if layout.date_in(path) is not None:
            edits_come_back(IssueDocument.parse(data, layout))
    begun = begin_issue(layout, date=datetime.date(2031, 2, 10))
    assert begun.date == "2031-02-10"
    assert [section.key for section in begun.sections] == [section.key for section in layout.sections]
    edits_come_back(begun)


def written(proposal: Proposal, folder: Path) -> Layout:
    """Write a proposal as a folder of one's own, and read it as the newsroom does."""
    for name, text in proposal.texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    layout = load_layout(str(folder))
    assert layout_faults(layout) == ()
    return layout


def edits_come_back(before: IssueDocument) -> None:
    """Put a story into each section, move it, take it out, and set another date."""
    for section in before.sections:
        after = before.with_story(replace(STORY, section=section.key))
        [new] = [story for story in after.stories if story.url == STORY.url]
        assert new.section == section.key
        assert len(after.stories) == len(before.stories) + 1
        assert after.without(new) == before
        moved = after.with_moved(new, section=before.sections[0].key)
        assert sorted(one.text.strip() for one in moved.stories) == sorted(
            one.text.strip() for one in after.stories
        )
    dated = before.with_date("2032-03-04").with_lead("A new lead.")
    assert (dated.date, dated.lead) == ("2032-03-04", "A new lead.")
    assert [one.text.strip() for one in dated.stories] == [one.text.strip() for one in before.stories]


async def test_a_learnt_layout_publishes(tmp_path: Path) -> None:
    files = as_bytes(SHAPES["awesome-weekly"]())
    folder = tmp_path / "mine"
    folder.mkdir()
    written(learn_layout(files), folder)
    config = config_of(tmp_path, layout=str(folder), more_sections=[("videos", "Videos", "🔥")])
    desk = await PublishingDesk(config, now=datetime.datetime(2031, 2, 9, tzinfo=datetime.UTC)).open(files)
    try:
        url, fields = "https://video.test/1", {"title": "A talk", "summary": "About it."}
        await desk.pitch("editor", url, section="Videos", **fields)
        await desk.say("editor", "/publish 2031-02-10")
        text = (await desk.file("archive/2031-02-10.md")).decode()
    finally:
        await desk.close()

    assert text.startswith("# Awesome Things (2031-02-10)\n")
    assert "## Videos\n\n* [A talk](https://video.test/1) - About it.\n" in text


# --- where it cannot explain -------------------------------------------------------------------------------


def issues(body: str, count: int = 4) -> dict[str, bytes]:
    return {
        f"issues/{date}.md": f"# Letter {date}\n\n{body.replace('NUMBER', str(number))}\n".encode()
        for number, date in enumerate(DATES[:count])
    }


def test_without_dates_in_names_nothing_is_learnt() -> None:
    with pytest.raises(NoPastIssuesError):
        learn_layout({"issues/issue-12.md": b"# Issue 12\n\n- [a](https://a.test)\n"})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            "Only words, and a link to [some](https://a.test/NUMBER) page.",
            "no line begins with a mark",
        ),
        ("1. [Numbered](https://a.test/NUMBER)", "no line begins with a mark"),
        ("- [No heading](https://a.test/NUMBER) - above it.", "no heading"),
    ],
)
def test_issues_that_no_layout_can_describe_are_not_guessed_at(body: str, why: str) -> None:
    with pytest.raises(NothingLearntError, match=why):
        learn_layout(issues(body))


def test_a_link_that_belongs_to_no_story_is_named_with_its_line() -> None:
    odd = issues("## News\n\n- [Fine](https://a.test/NUMBER): words.\n\n1. [Odd](https://b.test/NUMBER)")
    reading = learn_layout(odd).reading

    assert reading.found == 0
    assert reading.issues[0].why == (
        "line 7 begin with a link that belongs to no story: 1. [Odd](https://b.test/0)"
    )


SCRAPS = [
    *["- [a](https://a.test)", "* [b](https://b.test) - words", "### [c](https://c.test)"],
    *["1. [d](https://d.test)", "## News", "## Papers", "### Deep", "# Letter 2031-01-06", "# 2031-01-06"],
    *["---", "+++", "title: x", "date: 2031-01-06", "Title: x", "Date: 2031-01-13", "", ""],
    *["> Lead: 3 stories", "> 注：x", "摘要：一段", "  indented", "{% if %}", "{{ x }}", "{date}"],
    *["| [2031-01-06](a/2031-01-06.md) | |", "|---|---|", "- [2031-01-06](x.md)"],
    *["- [2031-01-06](2031-01-06.md)", "- [2031-01-13](2031-01-13.md)"],
]
PAGES = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=8), max_size=20).map("\n".join)


NAMES = st.sampled_from(["x/{}.md", "{}.md", "x/{}/index.md", "x/{}-a{{b.md"])


@settings(max_examples=150)
@given(st.lists(PAGES, min_size=1, max_size=4), PAGES, NAMES)
def test_whatever_the_files_hold_a_sound_layout_comes_out_or_a_reason(
    pages: list[str], index: str, name: str
) -> None:
    dated = zip(DATES, pages, strict=False)
    files = {name.format(date): page.encode("utf-8", "replace") for date, page in dated}
    try:
        proposal = learn_layout({**files, "README.md": index.encode("utf-8", "replace")})
    except NothingLearntError as reason:
        assert "makes no sound layout" not in str(reason) or "{{b" in name
        return
    assert layout_faults(proposal.layout) == ()
    assert len(proposal.reading.issues) == len(files)


def test_what_past_issues_gave_up_is_read_but_not_begun_with_again() -> None:
    files = issues("## News\n\n- [Fine](https://a.test/NUMBER): words.", count=5)
    for path in list(files)[:2]:
        files[path] += b"\n## Before\n\n- [2030-12-30](2030-12-30.md)\n- [2030-12-23](2030-12-23.md)\n"

    proposal = learn_layout(files)

    assert proposal.layout.archive.heading == "Before"
    assert "Before" not in proposal.texts["issue.md.j2"]
    assert (proposal.reading.found, proposal.reading.stories) == (5, 5)


# --- the command -------------------------------------------------------------------------------------------


def run(*words: str) -> Result:
    return CliRunner().invoke(layout_commands, list(words))


def written_to(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_an_operator_learns_a_layout_from_a_bare_repository_and_checks_it(tmp_path: Path) -> None:
    clone = written_to(tmp_path / "clone", SHAPES["hugo-posts"]())
    (clone / "2031-12-24.md").write_text("- too large for an issue\n" * (FILE_LIMIT // 20), encoding="utf-8")
    for words in (["init", "-q", "-b", "trunk"], ["add", "."], ["commit", "-qm", "Issues"]):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@site.test", *words], cwd=clone, check=True
        )
    subprocess.run(["git", "clone", "-q", "--bare", clone, tmp_path / "bare.git"], check=True)
    held = files_of(str(tmp_path / "bare.git"), "", tmp_path / "cache")
    assert held and "2031-12-24.md" not in held

    done = run("learn", str(tmp_path / "bare.git"), "--write", str(tmp_path / "mine"), "--json")
    said = json.loads(done.stdout)

    assert said["newsletter"] == {"layout": str(tmp_path / "mine"), "draft_mark": "draft: true"}
    assert said["explains"] == {
        "issues": 5,
        "issues_found": 5,
        "stories": 20,
        "stories_complete": 20,
        "lines_share": 1.0,
    }
    assert run("check", str(tmp_path / "mine")).exit_code == 0
    again = run("learn", str(clone), "--write", str(tmp_path / "mine"))
    assert (again.exit_code, "Name a new folder." in again.stderr) == (2, True)


def test_an_operator_is_told_where_there_is_nothing_to_learn(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Nothing here\n")

    done = run("learn", str(tmp_path))
    gone = run("learn", str(tmp_path / "nonsuch"))

    assert (done.exit_code, done.stdout) == (2, "")
    assert "no Markdown file's name has a date, as 2031-01-02.md has" in done.stderr
    assert isinstance(gone.exception, UnreadablePlaceError)
    assert "Name a folder, a clone or a git repository." in str(gone.exception)


# --- the real newsletter -----------------------------------------------------------------------------------


@needs_archive
def test_the_real_archive_is_explained_and_its_learnt_layout_edits_it(tmp_path: Path) -> None:
    files = {
        (path.name if path.stem == "README" else f"embedded-ai-report/{path.name}"): path.read_bytes()
        for path in sorted((SHARED / "archive").glob("*.md"))
        if not path.name.startswith("README.after")
    }
    proposal = learn_layout(files)
    house, layout = load_layout("embedded-ai-report"), written(proposal, tmp_path)

    assert proposal.reading.found == len(proposal.reading.issues)
    assert proposal.reading.lines_share > 0.97
    for name in ("folder", "file", "title", "style", "story", "section_mark"):
        assert getattr(layout, name) == getattr(house, name)
    assert [(s.key, s.heading) for s in layout.sections] == [(s.key, s.heading) for s in house.sections]
    assert (layout.labels.lead, layout.labels.summary) == (house.labels.lead, house.labels.summary)
    assert (layout.archive.heading, layout.archive.link) == (house.archive.heading, house.archive.link)
    for data in files.values():
        assert IssueDocument.parse(data, layout).stories == IssueDocument.parse(data, house).stories
