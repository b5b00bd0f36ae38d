"""A text's signature: the same for the same words, alike for reposts, unlike for other texts."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.text_signature import (
    BANDS,
    LEAST_CHARACTERS,
    SAME,
    SIMILAR,
    bands_of,
    likeness_of,
    text_signature,
)
from tests.fakes.articles import chinese, english, reposted

SUMMARIES = Path(__file__).parents[1].parent / "shared" / "data" / "summaries"
TEXTS = [english(1), english(2), chinese(3), chinese(4), chinese(5) + english(6)]


def likeness(one: str, other: str) -> float:
    return likeness_of(text_signature(one), text_signature(other))


@pytest.mark.parametrize("text", TEXTS)
def test_a_repost_is_the_same_text(text: str) -> None:
    assert likeness(text, reposted(text)) >= SAME


@pytest.mark.parametrize("text", TEXTS)
def test_more_than_half_of_a_text_is_the_same_text(text: str) -> None:
    assert likeness(text, text[: len(text) * 6 // 10]) >= SAME


def test_other_texts_are_not_alike() -> None:
    pairs = [(one, other) for one in TEXTS for other in TEXTS if one not in other and other not in one]

    assert max(likeness(one, other) for one, other in pairs) < SIMILAR


def test_width_case_blanks_and_punctuation_make_no_difference() -> None:
    text = english(7)
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text.upper())

    assert text_signature(wide) == text_signature(text)
    assert text_signature(text.replace(" ", "\u3000\n").replace(".", " — ")) == text_signature(text)


def test_a_text_too_short_to_tell_has_no_signature() -> None:
    assert text_signature("月" * (LEAST_CHARACTERS - 1)) == b""
    assert len(text_signature("月" * LEAST_CHARACTERS)) == 512
    assert text_signature("🌕 … " * 1000) == b""


def test_a_book_takes_no_longer_than_its_beginning() -> None:
    book = chinese(8) * 2000

    assert likeness(book, chinese(8)) >= 0.95  # a few grams span the seam of two copies


@given(st.text(max_size=400), st.integers(0, 3))
def test_any_text_has_a_signature_or_none_and_always_the_same(text: str, times: int) -> None:
    signature = text_signature(text * times)

    assert len(signature) in (0, 512)
    assert text_signature(text * times) == signature
    if signature:
        assert likeness_of(signature, signature) == 1.0


def test_texts_that_are_the_same_share_a_band_within_a_desk_only() -> None:
    one, other = (text_signature(text) for text in (TEXTS[0], reposted(TEXTS[0])))

    assert len(set(bands_of(one, "gazette"))) == BANDS
    assert set(bands_of(one, "gazette")) & set(bands_of(other, "gazette"))
    assert not set(bands_of(one, "gazette")) & set(bands_of(one, "courier"))


def test_a_signature_is_what_it_was_when_it_was_stored() -> None:
    """A change here makes every stored signature worthless."""
    assert text_signature(chinese(1))[:8].hex() == "e9d565007bc08601"


def read(markup: str) -> bytes:
    url = "https://site.test/moon"
    return read_page(Page(url, url, 200, "text/html", "utf-8", markup.encode())).signature


def test_a_page_is_signed_where_it_is_an_article() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in english(9).splitlines())

    signature = read(f"<html><body><article><h1>Boats</h1>{paragraphs}</article></body></html>")
    assert likeness_of(signature, text_signature(english(9))) >= 0.9
    assert read("<html><body><form><input type=password></form></body></html>") == b""


def test_public_articles_are_found_again_and_never_mistaken() -> None:
    if not SUMMARIES.exists():
        pytest.skip("the shared summaries are not here")
    with gzip.open(SUMMARIES / "zh_sofa.jsonl.gz", "rt") as lines:
        texts = [json.loads(line)["text"] for line in lines][:30]
    signatures = [text_signature(text) for text in texts]

    for text, signature in zip(texts, signatures, strict=True):
        assert likeness_of(text_signature(reposted(text)), signature) >= SAME
        assert likeness_of(text_signature(text[: len(text) * 6 // 10]), signature) >= SAME
