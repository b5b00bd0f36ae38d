"""Where sentences begin and end, and which lines of a text hold any."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.summarising.article_sentences import sentences_of
from bot.reading.summarising.line_kinds import LineKind, kinds_of
from bot.reading.summarising.sentences import sentence_spans

BITS = st.sampled_from(
    [
        "3.14",
        "v2.1",
        "「",
        "」",
        "。",
        "“",
        "”",
        '"',
        ". ",
        "! ",
        "\n",
        " ",
        "Fig. 3",
        "（",
        ")",
        "1. ",
        "ก",
        "https://a.b/c.d?e=f",
    ]
)
TEXTS = st.lists(BITS | st.text(max_size=12), max_size=30).map("".join)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句话。又一句！真的？是的……好", ["一句话。", "又一句！", "真的？", "是的……", "好"]),
        ("One thing. Another thing! Really? Yes.", ["One thing.", "Another thing!", "Really?", "Yes."]),
        (
            "Version 2.5 is out. See a.test/x.html for it.",
            ["Version 2.5 is out.", "See a.test/x.html for it."],
        ),
        (
            "It is v2.1. Ask https://a.test/b?c=d.e! Good.",
            ["It is v2.1.", "Ask https://a.test/b?c=d.e!", "Good."],
        ),
        ("Dr. Okafor of Bench Inc. agreed. So did we.", ["Dr. Okafor of Bench Inc. agreed.", "So did we."]),
        ("Take e.g. Fig. 3 of it. Then stop.", ["Take e.g. Fig. 3 of it.", "Then stop."]),
        ("他说：“好。走吧。”然后走了。", ["他说：“好。走吧。”", "然后走了。"]),
        ("《你好。再见》是一本书。很薄。", ["《你好。再见》是一本书。", "很薄。"]),
        ('She said "Stop. Go!" and left. Nobody saw.', ['She said "Stop. Go!" and left.', "Nobody saw."]),
        ('"Stop!" he said. He left.', ['"Stop!" he said.', "He left."]),
        ("1. First do this.\n2. Then do that.", ["1. First do this.", "2. Then do that."]),
        ("支持 TensorFlow. 也支持别的。", ["支持 TensorFlow.", "也支持别的。"]),
        ("GPT-4 v2.1。很好用。", ["GPT-4 v2.1。", "很好用。"]),
        ("标题\n正文。", ["标题", "正文。"]),
        ("今日は晴れです。「行く。」と言った。", ["今日は晴れです。", "「行く。」", "と言った。"]),
        ("첫 문장입니다. 두 번째입니다.", ["첫 문장입니다.", "두 번째입니다."]),
        ("Он пришёл, т.е. вернулся. И ушёл.", ["Он пришёл, т.е. вернулся.", "И ушёл."]),
        ("Das ist z.B. gut. Ja.", ["Das ist z.B. gut.", "Ja."]),
        ("Das reicht, z. B. im Schild. Ja.", ["Das reicht, z. B. im Schild.", "Ja."]),
        ("Gemessen u. a. in Köln, i. d. R. nachts. Ja.", ["Gemessen u. a. in Köln, i. d. R. nachts.", "Ja."]),
        ("Er kam am 13. Mai 2020 an. Ja.", ["Er kam am 13. Mai 2020 an.", "Ja."]),
        ("Es war im Mai 2019. Juli war schön.", ["Es war im Mai 2019.", "Juli war schön."]),
        ("Это т. е. Москва. Да.", ["Это т. е. Москва.", "Да."]),
        ("Take plan b. Then stop.", ["Take plan b.", "Then stop."]),
        ("هل هذا جيد؟ نعم.", ["هل هذا جيد؟", "نعم."]),
        ("這是一句。那是一句！", ["這是一句。", "那是一句！"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_language_without_full_stops_is_parted_at_its_blanks() -> None:
    text = "วันนี้อากาศดีมากและเราจะไปเที่ยวทะเลกันในตอนบ่าย " * 40

    found = sentences(text)

    assert len(found) == 40
    assert max(map(len, found)) < 100


def test_a_quotation_that_never_closes_holds_nothing_together() -> None:
    assert sentences("“一句。二句。三句。") == ["“一句。", "二句。", "三句。"]


@given(TEXTS)
def test_sentences_leave_nothing_out_but_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(TEXTS)
def test_spans_follow_each_other_and_hold_no_blanks_around_them(text: str) -> None:
    spans = list(sentence_spans(text))

    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("The board sleeps at 0.9 mA.", LineKind.PROSE),
        ("图 2 展示了这块板子的电流。", LineKind.PROSE),
        ("Figure 2 shows what the board draws.", LineKind.PROSE),
        ("class sizes grew in every town this year.", LineKind.PROSE),
        ("支持更多数据库（例如 issue(#11)）。", LineKind.PROSE),
        ("- a cheaper battery", LineKind.ITEM),
        ("1. 先量一遍电流。", LineKind.ITEM),
        ("③ 换掉稳压器", LineKind.ITEM),
        ("## How it works", LineKind.HEADING),
        ("为什么要休眠", LineKind.HEADING),
        ("| board | current |", LineKind.TABLE),
        ("Ours\t0.9\t38", LineKind.TABLE),
        ("model = Net(width=32)", LineKind.CODE),
        ("$ pip install tiny-ears", LineKind.CODE),
        ("for (int i = 0; i < n; i++) {", LineKind.CODE),
        ("SELECT name FROM boards WHERE current < 1", LineKind.CODE),
        ("图 2：电流随时间的变化", LineKind.CAPTION),
        ("Figure 2. The board on the bench.", LineKind.CAPTION),
        ("（图片来源：小满实验室）", LineKind.CAPTION),
        ("![board](https://a.test/board.png)", LineKind.MARK),
        ("https://a.test/board", LineKind.MARK),
        ("3.", LineKind.MARK),
        ("-----", LineKind.MARK),
    ],
)
def test_a_line_is_what_its_shape_says(line: str, kind: LineKind) -> None:
    assert list(kinds_of([line])) == [kind]


def test_between_fences_all_is_code() -> None:
    lines = ["Before it.", "```python", "Looks like a sentence.", "```", "After it.", "```"]

    assert list(kinds_of(lines)) == [
        *(LineKind.PROSE, LineKind.CODE, LineKind.CODE, LineKind.CODE, LineKind.PROSE),
        LineKind.MARK,
    ]


def test_a_bullet_is_no_part_of_a_sentence_but_a_number_is() -> None:
    found = sentences_of("- It is cheap.\n2. It is small.")

    assert [sentence.text for sentence in found] == ["It is cheap.", "2. It is small."]


def test_what_runs_on_without_a_full_stop_is_parted_into_clauses() -> None:
    text = (
        "我们量了这块板子在三种温度下的电流并且和上一版做了仔细的比较和分析工作还写了一份完整的报告给大家看，"
        * 40
    )

    found = sentences_of(text)

    assert found
    assert max(len(sentence.text) for sentence in found) <= 1_000


@given(TEXTS)
def test_each_sentence_stands_where_its_span_says(text: str) -> None:
    for sentence in sentences_of(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert any(character.isalpha() for character in sentence.text)


def test_a_sign_that_is_neither_letter_nor_figure_is_no_sentence() -> None:
    assert sentences_of("²\n③\n3.\n***") == []
