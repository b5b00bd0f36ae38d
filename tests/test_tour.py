import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.tour.command import FolderInUseError, tour
from bot.tour.day import PAGES
from bot.tour.lines import Lines, written
from bot.tour.setting import SECTIONS
from renderers.issue_document import IssueDocument
from renderers.layout import load_layout

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Toured:
    language: str
    events: list[Mapping[str, Any]]
    figures: Mapping[str, Any]
    newsletter: Path

    def git(self, *arguments: str) -> str:
        command = ["git", "--git-dir", str(self.newsletter), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def cards_of(self, number: int) -> list[Mapping[str, Any]]:
        drawn = [event["card"] for event in self.events if event["event"] == "drawn"]
        return [card for card in drawn if card["number"] == number]


@dataclass(frozen=True)
class Ran:
    folder: Path
    output: str


def start(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    """Start the program from another folder than its own, as someone who has installed it does."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "bot", "tour", "--fast", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True)


def finish(process: subprocess.Popen[str], folder: Path) -> Ran:
    output, complaints = process.communicate(timeout=200)
    assert (process.returncode, complaints) == (0, "")
    return Ran(folder, output)


@pytest.fixture(scope="module")
def tours(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ran]:
    """Run three tours at once: two for a machine, one for a person."""
    arguments = {
        "en": ("--json", "--language", "en", "--keep", "kept/tour"),
        "zh": ("--json", "--language", "zh", "--keep", "kept/tour"),
        "screen": (),
    }
    folders = {name: tmp_path_factory.mktemp(name) for name in arguments}
    started = {name: start(*given, folder=folders[name]) for name, given in arguments.items()}
    try:
        return {name: finish(process, folders[name]) for name, process in started.items()}
    finally:
        for process in started.values():
            process.kill()
            process.wait()


@pytest.fixture(scope="module", params=["en", "zh"])
def toured(request: pytest.FixtureRequest, tours: Mapping[str, Ran]) -> Toured:
    ran = tours[request.param]
    *events, figures = [json.loads(line) for line in ran.output.splitlines()]
    return Toured(request.param, events, figures, ran.folder / "kept" / "tour" / "newsletter.git")


def test_the_figures_are_those_of_the_repository(toured: Toured) -> None:
    committed = toured.git("show", f"main:{toured.figures['path']}")

    issue = IssueDocument.parse(committed.encode(), load_layout("embedded-ai-report"))

    assert toured.figures["commit"] == toured.git("rev-parse", "main").strip()
    assert toured.figures["published"] == len(issue.stories) == 6


def test_the_figures_are_those_of_the_room(toured: Toured) -> None:
    drawn = {event["card"]["number"] for event in toured.events if event["event"] == "drawn"}
    pitches = [event for event in toured.events if event["event"] == "said" and "http://" in event["text"]]

    assert set(toured.figures) == {"commit", "path", "stories", "published", "receipts", "cards"}
    assert toured.figures["stories"] == toured.figures["cards"] == len(drawn) == 8
    assert toured.figures["receipts"] >= len(pitches) == 9


def test_publishing_twice_makes_one_commit(toured: Toured) -> None:
    said = [event["text"] for event in toured.events if event["event"] == "said"]

    subjects = toured.git("log", "--format=%s", "main").splitlines()

    assert said.count("/publish") == 3  # a curator is refused, the editor asks twice
    assert subjects == ["Draft 2026-05-15: add 6 stories", "Begin the newsletter"]


def test_the_repository_is_sound(toured: Toured) -> None:
    assert toured.git("fsck", "--full", "--strict", "--no-dangling") == ""


def test_people_s_words_the_lead_and_the_short_stand_in_the_issue(toured: Toured) -> None:
    committed = toured.git("show", f"main:{toured.figures['path']}")
    lines = Lines("zh" if toured.language == "zh" else "en")

    for key in ("amend", "lead", "short"):
        words = lines.line(key, number=1).removeprefix(f"/{key} ").removeprefix("1 summary ")
        assert words in committed


def test_what_was_spiked_or_came_too_late_is_not_in_the_issue(toured: Toured) -> None:
    committed = toured.git("show", f"main:{toured.figures['path']}")

    assert toured.cards_of(7)[-1]["url"] not in committed
    assert toured.cards_of(8)[-1]["url"] not in committed


def test_a_dead_link_is_mended_by_its_text(toured: Toured) -> None:
    before, after = toured.cards_of(6)

    assert before["problem"] and not before["summary"]
    assert after["summary"] and not after["problem"]


def test_each_story_of_a_readable_page_shows_title_source_and_summary(toured: Toured) -> None:
    for number in (1, 2, 3, 4, 5, 7, 8):
        card = toured.cards_of(number)[0]
        assert card["title"] and card["source"] and card["date"] and card["summary"]
        assert card["source"] not in card["title"]


def test_a_person_sees_a_chat_the_commit_and_the_markdown(tours: Mapping[str, Ran]) -> None:
    chat, _, ending = tours["screen"].output.partition("git log -1 --stat")

    assert "Lin  " in chat and "👀" in chat and "╭─ #1 ─" in chat
    assert "Publish-Id: " in ending and "# 嵌入式AI简报 (2026-05-15)" in ending


def test_a_tour_that_is_not_kept_leaves_nothing_where_it_was_started(tours: Mapping[str, Ran]) -> None:
    assert list(tours["screen"].folder.iterdir()) == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(FolderInUseError, match="not an empty folder"):
        tour(fast=True, keep=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_room_that_does_otherwise_than_the_script_ends_the_tour_with_status_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PAGES, "npu", "not-there.html")
    command = typer.Typer()
    command.command()(tour)

    result = CliRunner().invoke(command, ["--fast", "--json"])

    assert result.exit_code == 1
    assert "The tour stopped: expected: a card that could be read" in result.stderr


def test_every_line_is_written_in_both_languages_with_the_same_fields() -> None:
    for key, both in written().items():
        assert set(both) == {"en", "zh"}, key
        english, chinese = (
            {field: f"<{field}>" for field in ("url", "number", "emojis") if f"{{{field}}}" in both[language]}
            for language in ("en", "zh")
        )
        assert english == chinese, key
    assert {f"section_{key}" for key in SECTIONS} <= set(written())
