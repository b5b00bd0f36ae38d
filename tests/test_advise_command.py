"""`python -m bot advise`: sections for new stories, from a folder of past issues alone."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.advise_command import UnadvisableError
from bot.cli import app
from bot.errors import DeskError
from tests.made_up_archive import archive, write_issues

LAYOUT = "embedded-ai-report"


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    folder = tmp_path / "issues"
    folder.mkdir()
    write_issues(folder, archive(60), layout=LAYOUT)
    (folder / "README.md").write_text("# Not an issue\n")
    return folder


def asked(folder: Path, *lines: Mapping[str, object] | str) -> Path:
    """Write a file of stories; a string is a line as it is."""
    file = folder.parent / "stories.jsonl"
    written = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join(written) + "\n")
    return file


def advised(issues: Path, stories: Path, *words: str) -> list[dict[str, object]]:
    """Type the command; return its lines."""
    typed = ["advise", "--train", str(issues), "--jsonl", str(stories), *words]
    result = CliRunner().invoke(app, typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_answered_in_its_order_with_keys_of_the_layout(issues: Path) -> None:
    marsh = {
        "title": "The heron keeps time",
        "source": "Marsh Weekly",
        "url": "https://new.test/1",
        "text": "Reeds and snail.",
    }
    engine = marsh | {
        "title": "A piston and a valve",
        "text": "The boiler has a gear, a crank and a flywheel. " * 40,
    }
    link_alone = {"title": "Frog, moss and otter in the mist", "source": None, "url": "no link"}
    on_github = {"title": "a/b", "source": "", "url": "https://github.com/a/b", "text": ""}

    lines = advised(issues, asked(issues, marsh, "", engine, link_alone, on_github, {}))

    assert [line["section"] for line in lines] == ["posts", "news", "posts", "projects", None]
    assert [line["second"] for line in lines[:3]] == ["news", "posts", "news"]
    assert [list(line) for line in lines] == [["section", "confidence", "second"]] * 5
    assert all(0 <= float(str(line["confidence"])) <= 1 for line in lines)


def test_a_few_issues_advise_by_site_and_source(tmp_path: Path) -> None:
    folder = tmp_path / "issues"
    folder.mkdir()
    write_issues(folder, archive(3, machines="news", marsh="news"), layout=LAYOUT)
    sources = {story.words.source for story in archive(3)}

    lines = advised(
        folder, asked(folder, *({"title": "T", "source": source, "url": ""} for source in sources))
    )

    assert {line["section"] for line in lines} == {"news"}


def test_a_line_that_is_no_story_is_named_and_has_no_section(issues: Path) -> None:
    marsh = {"title": "Frog, moss and otter in the mist"}
    stories = asked(issues, marsh, "[1]", "{", "null", "[" * 100_000, marsh)

    result = CliRunner().invoke(app, ["advise", "--train", str(issues), "--jsonl", str(stories)])

    sections = [json.loads(line)["section"] for line in result.stdout.splitlines()]
    assert (result.exit_code, sections) == (0, ["posts", None, None, None, None, "posts"])
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [f"line {n}" for n in (2, 3, 4, 5)]


def test_stories_may_come_by_standard_input_as_windows_writes_them(issues: Path) -> None:
    lines = '\ufeff{"title": "Frog, moss and otter in the mist"}\r\n\r\n{"title": "A piston and a valve"}'

    result = CliRunner().invoke(app, ["advise", "--train", str(issues), "--jsonl", "-"], input=lines)

    assert [json.loads(line)["section"] for line in result.stdout.splitlines()] == ["posts", "news"]


def test_a_file_that_is_not_there_is_refused(issues: Path) -> None:
    with pytest.raises(DeskError, match="cannot be read"):
        advised(issues, issues.parent / "none.jsonl")


def test_issues_may_lie_in_folders_of_their_years(issues: Path) -> None:
    (issues / "old").mkdir()
    (issues / "not-one.md").mkdir()
    for issue in issues.glob("20*.md"):
        issue.rename(issues / "old" / issue.name)

    (line,) = advised(issues, asked(issues, {"title": "Frog, moss and otter in the mist"}))

    assert line["section"] == "posts"


def test_a_folder_without_issues_is_refused(tmp_path: Path, issues: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(UnadvisableError, match="no past stories"):
        advised(tmp_path / "empty", asked(issues, {"title": "T"}))


def test_an_unknown_house_format_is_refused(issues: Path) -> None:
    with pytest.raises(UnadvisableError, match="Known layouts"):
        advised(issues, asked(issues, {"title": "T"}), "--layout", "broadsheet")
