"""`summarize`: lines of texts in, lines of drafts out."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.errors import DeskError
from bot.summarize_command import summarize

CHINESE = (
    "小满实验室发布了一款只用纽扣电池的唤醒词识别板。它的平均电流只有 0.9 毫安，可以连续工作 40 天。"
    "昨天下了一场雨。"
)
ENGLISH = (
    "In this post we present a keyword spotter that runs on a coin cell for 40 days. It rained yesterday."
)


def summarized(file: Path, *options: str, stdin: bytes | None = None) -> Result:
    app = typer.Typer()
    app.command()(summarize)
    return CliRunner().invoke(app, ["--jsonl", str(file), *options], input=stdin)


def lines_of(*articles: object) -> bytes:
    return b"".join(json.dumps(article).encode() + b"\n" for article in articles)


def answers(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_text_has_its_line_in_the_same_order(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    texts = [
        {"id": number, "lang": "zh", "title": "", "text": f"这是第 {number} 篇。"} for number in range(70)
    ]
    file.write_bytes(lines_of(*texts))

    found = answers(summarized(file, "--max-chars", "80"))

    assert found == [{"id": number, "summary": f"这是第 {number} 篇。"} for number in range(70)]


def test_the_length_is_counted_in_characters_in_every_language(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(
        lines_of(
            {"id": "zh", "lang": "zh", "title": "唤醒词识别板", "text": CHINESE},
            {"id": "en", "lang": "en-GB", "title": "A keyword spotter", "text": ENGLISH},
            {"id": "?", "title": "唤醒词识别板", "text": CHINESE},
        )
    )

    chinese, english, unnamed = answers(summarized(file, "--max-chars", "40"))

    assert chinese["summary"] == unnamed["summary"] == "小满实验室发布了一款只用纽扣电池的唤醒词识别板。"
    assert english["summary"] == "In this post we present a keyword…"


def test_without_a_length_a_draft_is_as_long_as_the_desk_makes_it(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(lines_of({"id": 1, "lang": "en", "title": "A keyword spotter", "text": ENGLISH}))

    [found] = answers(summarized(file))

    assert str(found["summary"]).startswith("In this post we present a keyword spotter")


def test_a_line_that_says_nothing_stops_no_other(tmp_path: Path) -> None:
    good = {"id": "good", "lang": "zh", "title": "", "text": CHINESE}
    file = tmp_path / "texts.jsonl"
    file.write_bytes(
        b"no json\n"
        + lines_of({"id": "untold", "lang": "zh"}, ["a list"])
        + b"\n"
        + b'{"id": "\xff"}\n'
        + b"[" * 5_000
        + b"\n"
        + lines_of(good)
    )

    result = summarized(file, "--max-chars", "60")

    found = answers(result)
    assert [each["id"] for each in found] == [None, "untold", None, "\ufffd", None, "good"]
    assert [bool(each["summary"]) for each in found] == [False] * 5 + [True]
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        *("line 1", "line 2", "line 3", "line 5", "line 6"),
    ]


def test_texts_may_come_by_standard_input() -> None:
    given = lines_of({"id": 1, "lang": "zh", "title": "", "text": CHINESE})

    [found] = answers(summarized(Path("-"), "--max-chars", "60", stdin=given))

    assert found["id"] == 1 and found["summary"]


def test_half_a_character_does_not_break_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(b'{"id": "\\ud800", "lang": "zh", "text": "\\u5c0f\\ud800\\u6ee1\\u3002"}\n')

    [found] = answers(summarized(file))

    assert found == {"id": "\ud800", "summary": "小\ud800满。"}  # by its escape


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    result = summarized(tmp_path / "none.jsonl")

    assert isinstance(result.exception, DeskError)
    assert "cannot be read" in str(result.exception)


def test_a_length_of_nothing_is_refused(tmp_path: Path) -> None:
    assert summarized(tmp_path / "texts.jsonl", "--max-chars", "0").exit_code == 2


@pytest.mark.parametrize("text", ["```\nprint(1)\n```", "", "| a | b |\n| 1 | 2 |"])
def test_a_text_without_sentences_has_an_empty_summary(tmp_path: Path, text: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(lines_of({"id": 1, "lang": "en", "title": "T", "text": text}))

    assert answers(summarized(file)) == [{"id": 1, "summary": ""}]
