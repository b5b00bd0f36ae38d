"""Which language a text is in."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.language import language_of

SHARED = Path(__file__).parents[2] / "shared" / "data" / "language" / "sentences.json"
BARS = {"zh": 1.0, "en": 1.0, "ja": 0.962}
"""What was measured. Of the Chinese lines those count that hold a Chinese character: articles in Chinese have
lines such as "Raft", which alone are English, and with them it is 0.949."""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("小满实验室发布了一块唤醒词识别板。", "zh"),
        ("小滿實驗室發佈了一塊喚醒詞識別板。", "zh"),
        ("TensorFlow Lite Micro 2.1 在 Cortex-M4 上的移植", "zh"),
        ("The lab has released a board.", "en"),
        ("ボードを発表しました。", "ja"),
        ("새로운 보드를 발표했습니다.", "ko"),
        ("Лаборатория выпустила плату.", "ru"),
        ("أصدر المختبر لوحة جديدة.", "ar"),
        ("ห้องแล็บเปิดตัวบอร์ดใหม่", "th"),
    ],
)
def test_a_text_is_known_by_its_script(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_page_s_word_counts_only_between_languages_of_one_script() -> None:
    assert language_of("Das Labor hat eine Platine gebaut.", "de-AT") == "de"
    assert language_of("小满实验室发布了一块板子。", "en-US") == "zh"
    assert language_of("The lab has released a board.", "zh-CN") == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "The lab has released a board that is made for the garden and runs with the power of this cell.",
            "en",
        ),
        (
            "Das Labor hat eine Platine gebaut, die nicht groß ist und auch im Garten mit der Zelle läuft.",
            "de",
        ),
        (
            "Le labo a fait une carte qui est petite et que les gens du jardin ne voient pas dans la nuit.",
            "fr",
        ),
        ("Papan ini dibuat untuk kebun dan tidak besar, dengan baterai yang tahan lama dalam hujan.", "id"),
    ],
)
def test_common_words_weigh_more_than_what_a_template_declares(text: str, language: str) -> None:
    assert language_of(text, "pl") == language
    assert language_of(text) == language


@given(st.text(max_size=60), st.none() | st.text(max_size=8))
def test_any_text_has_a_language_of_two_letters(text: str, declared: str | None) -> None:
    language = language_of(text, declared)

    assert len(language) == 2 and language.isascii() and language.islower()


@pytest.mark.skipif(not SHARED.exists(), reason="the evaluation data is not part of the project")
@pytest.mark.parametrize("language", BARS)
def test_short_lines_are_told_apart_as_well_as_was_measured(language: str) -> None:
    lines = json.loads(SHARED.read_text())[language]
    if language == "zh":
        lines = [line for line in lines if re.search(r"[\u4e00-\u9fff]", line)]

    right = sum(language_of(line) == language for line in lines)

    assert right / len(lines) >= BARS[language]
