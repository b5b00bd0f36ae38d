"""Front matter: one value changes, and nothing else."""

import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML ships no types, and the lock holds no stubs
from hypothesis import given
from hypothesis import strategies as st

from renderers.front_matter import value_of, with_value

ISSUE = "---\nlayout: default\n---\n\n# 嵌入式AI简报 (2020-05-13)\n"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.one_of(st.booleans(), words)
keys = st.sampled_from(["published", "draft", "title", "x-y", "_z1"])
ends = st.sampled_from(["\n", "\r\n"])
ENTRIES = {
    "layout": ["layout: default", "'layout' : \"a: b # c\""],
    "published": ["published: true", "published:   false   # until the release", '"published": 0'],
    "draft": [
        "draft: yes",
        "draft:",
        "draft: | # folded\n  title: in a block\n\n  draft: true",
        "draft: {a: 1}",
    ],
    "title": [
        "title: 'it''s'",
        "title: plain # and a comment",
        "title: a#b",
        'title: "\\x41"',
        "title: >-\n  x",
    ],
    "x-y": ["x-y:\n  - a\n- b", "x-y: [a, b]", "x-y:\n  draft: 1", "x-y: a\n  goes on"],
    "": ["# draft: true", "drafts: true", "date: 2020-05-15", "", "no key"],
}
entries = st.sampled_from([(key, lines) for key, spellings in ENTRIES.items() for lines in spellings])


@st.composite
def files(draw: st.DrawFn) -> tuple[list[tuple[str, str]], str, str, str]:
    """Make front matter (entries by key), its end of line, the line that closes it, and what follows."""
    front = draw(st.lists(entries, max_size=6))
    body = draw(st.one_of(words, st.sampled_from(["---\n", "# A\n---\ndraft: true\n---\n"])))
    return front, draw(ends), draw(st.sampled_from(["---", "...", "--- "])), body


def text_of(file: tuple[list[tuple[str, str]], str, str, str], *, without: str = "none") -> str:
    front, end, close, body = file
    lines = [lines for key, lines in front if key != without]
    return "\n".join(["---", *lines, close, ""]).replace("\n", end) + body


@given(st.one_of(words, files().map(text_of)), keys, values)
def test_what_is_put_in_is_read_back(text: str, key: str, value: str | bool) -> None:
    put = with_value(text, key, value)

    assert value_of(put, key) == value
    assert type(value_of(put, key)) is type(value)
    assert with_value(put, key, value) == put


@given(files(), keys, values)
def test_the_rest_keeps_every_byte(
    file: tuple[list[tuple[str, str]], str, str, str], key: str, value: str | bool
) -> None:
    text, rest = text_of(file), text_of(file, without=key)

    assert with_value(text, key, None) == rest
    assert with_value(with_value(text, key, value), key, None) == rest
    assert with_value(with_value("\ufeff" + text, key, value), key, None) == "\ufeff" + rest


@given(words.filter(lambda text: "---" not in text[:4]), keys, values)
def test_a_text_without_front_matter_gets_some_before_it(text: str, key: str, value: str | bool) -> None:
    assert with_value(text, key, value).endswith(text.removeprefix("\ufeff"))
    assert with_value(text, key, None) == text


@given(values)
def test_yaml_reads_the_value_as_it_was_meant(value: str | bool) -> None:
    put = with_value(ISSUE, "title", value)

    assert yaml.safe_load(put.split("---\n")[1]) == {"layout": "default", "title": value}


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (ISSUE, False, ISSUE.replace("default\n", "default\npublished: false\n")),
        ("# A\n", False, "---\npublished: false\n---\n# A\n"),
        ("# A\r\n", False, "---\r\npublished: false\r\n---\r\n# A\r\n"),
        ("", False, "---\npublished: false\n---\n"),
        ("---\npublished: false # not yet\n---\n", True, "---\npublished: true # not yet\n---\n"),
        ("---\npublished: false\n---\n", None, "---\n---\n"),
        ("---\npublished:\n  - a\n  - b\nx: 1\n---\n", True, "---\npublished: true\nx: 1\n---\n"),
        ("---\n'published' : false\r\n...\nA", True, "---\n'published' : true\r\n...\nA"),
        ("---\nno end\n", False, "---\npublished: false\n---\n---\nno end\n"),
        ("# A\n\n---\npublished: true\n---\n", None, "# A\n\n---\npublished: true\n---\n"),
    ],
    ids=[
        "added",
        "begun",
        "begun-crlf",
        "empty",
        "comment",
        "taken-out",
        "nested",
        "quoted-key",
        "rule",
        "body",
    ],
)
def test_a_mark_is_set_and_taken_off(before: str, value: bool | None, after: str) -> None:
    assert with_value(before, "published", value) == after


def test_a_key_that_is_not_a_plain_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no plain key"):
        with_value(ISSUE, "a: b\nc", value=True)
