"""Stories as JSON lines, as people and other programs write them."""

import json
from pathlib import Path

import pytest

from bot.story_lines import StoryLineError, read_stories

STORY = {"section": "news", "title": "甲", "url": "https://a.test/1"}


def lines(folder: Path, *stories: object) -> Path:
    path = folder / "stories.jsonl"
    path.write_text("".join(json.dumps(story) + "\n" for story in stories), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "meta",
    [
        [["代码", "https://c.test/2"]],
        {"代码": "https://c.test/2"},
        [{"label": "代码", "value": "https://c.test/2"}],
    ],
    ids=["pairs", "object", "objects"],
)
def test_labelled_lines_may_be_pairs_or_objects(tmp_path: Path, meta: object) -> None:
    [story] = read_stories(lines(tmp_path, {**STORY, "meta": meta}))

    assert story.meta == (("代码", "https://c.test/2"),)


def test_null_says_nothing_and_a_single_tag_is_one_tag(tmp_path: Path) -> None:
    [story] = read_stories(lines(tmp_path, {**STORY, "source": None, "meta": None, "tags": "CVPR2020"}))

    assert (story.source, story.meta, story.tags) == ("", (), ("CVPR2020",))


def test_a_heading_may_come_with_its_marks(tmp_path: Path) -> None:
    [story] = read_stories(lines(tmp_path, {**STORY, "section": "## 业界新闻"}))

    assert story.section == "业界新闻"


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_line(tmp_path: Path) -> None:
    path = lines(tmp_path, STORY, STORY)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))

    assert len(list(read_stories(path))) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"section": "caf\xe9"}'.encode("latin-1"), "2: the line is not UTF-8"),
        (b"hello", "2: the line is not JSON (expecting value at character 1)"),
        (b"[" * 100_000, "2: the line is not JSON that can be read"),
        (b"[]", "2: a story is a JSON object, one a line"),
        (json.dumps({**STORY, "title": 5}).encode(), "2: title is not text"),
        (json.dumps({**STORY, "tags": {"a": 1}}).encode(), "2: tags is not a list of texts"),
        (json.dumps({**STORY, "meta": "ab"}).encode(), "2: meta is not a list of pairs of label and value"),
        (json.dumps({**STORY, "url": None}).encode(), "2: the field 'url' is missing"),
        (
            json.dumps({**STORY, "url": "ftp://a.test"}).encode(),
            "2: 'ftp://a.test' is no http or https address",
        ),
    ],
    ids=["latin", "words", "deep", "list", "number", "tags", "meta", "null", "ftp"],
)
def test_a_line_that_is_no_story_is_named_with_the_reason(tmp_path: Path, line: bytes, reason: str) -> None:
    path = lines(tmp_path, STORY)
    path.write_bytes(path.read_bytes() + line)

    with pytest.raises(StoryLineError) as refused:
        list(read_stories(path))

    assert str(refused.value) == f"{path}:{reason}"
