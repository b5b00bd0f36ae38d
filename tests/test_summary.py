"""The draft summary: the article's own sentences, in their order, few enough to print."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.article import Article
from bot.reading.sentence_features import length_in
from bot.reading.sentences import sentence_spans
from bot.reading.summary import draft_summary

CHINESE = [
    "小满实验室发布了一款只用纽扣电池的唤醒词识别板。",
    "它的平均电流只有 0.9 毫安，可以连续工作 40 天。",
    "点击阅读原文，关注我们的公众号。",
    "你有没有想过，门铃为什么要插电？",
    "团队提出的模型用八位整数量化，权重一共 38 KB，误唤醒率是每天 0.3 次。",
    "昨天下了一场雨。",
    "整套工程已经开源，包括训练脚本、转换工具和三种开发板的驱动。",
]
ENGLISH = [
    "In this post we present a keyword spotter that runs on a coin cell for 40 days.",
    "It draws 0.9 milliamperes on average, which is a third of what the last version drew.",
    "Click here to subscribe to our newsletter.",
    "Who would have thought of that?",
    "The model is quantised to eight bits and needs 38 KB of weights, and wakes by mistake 0.3 times a day.",
    "It rained yesterday.",
]


def article(text: str, *, title: str = "", language: str = "zh") -> Article:
    return Article(
        url="https://a.test/x",
        title=title,
        source="",
        authors=(),
        published=None,
        language=language,
        text=text,
    )


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
        ("Dr. Okafor of Bench Inc. agreed. So did we.", ["Dr. Okafor of Bench Inc. agreed.", "So did we."]),
        ("他说：“好。走吧。”然后走了。", ["他说：“好。走吧。”", "然后走了。"]),
        ("1. First do this.\n2. Then do that.", ["1. First do this.", "2. Then do that."]),
        ("支持 TensorFlow. 也支持别的。", ["支持 TensorFlow.", "也支持别的。"]),
        ("标题\n正文。", ["标题", "正文。"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_chinese_draft_says_what_was_made_and_leaves_out_the_furniture() -> None:
    draft = draft_summary(article("\n".join(CHINESE), title="一款纽扣电池上的唤醒词识别板"))

    assert CHINESE[0] in draft.text
    assert CHINESE[2] not in draft.text
    assert CHINESE[3] not in draft.text
    assert 2 <= len(draft.spans) <= 4


def test_an_english_draft_keeps_blanks_between_its_sentences() -> None:
    draft = draft_summary(article(" ".join(ENGLISH), title="A keyword spotter on a coin cell", language="en"))

    assert draft.text.startswith(ENGLISH[0] + " ")
    assert ENGLISH[2] not in draft.text
    assert 2 <= len(draft.spans) <= 4


def test_a_draft_keeps_to_the_length_asked_for() -> None:
    text = "".join(f"第{number}句话说的是一件和别的句子都不一样的事情{number * 7}。" for number in range(50))

    short = draft_summary(article(text), characters=60)
    long = draft_summary(article(text), characters=250)

    assert length_in(short.text) <= 66
    assert length_in(short.text) <= length_in(long.text) <= 275


def test_one_sentence_is_its_own_summary() -> None:
    assert draft_summary(article("只有这一句。")).text == "只有这一句。"


def test_no_text_gives_an_empty_draft() -> None:
    assert draft_summary(article("")).spans == ()


def test_a_wall_of_letters_is_no_sentence() -> None:
    assert draft_summary(article("x" * 500_000 + "\n" + CHINESE[0])).text == CHINESE[0]


_TEXT = st.lists(
    st.sampled_from(CHINESE + ENGLISH)
    | st.text(max_size=40)
    | st.sampled_from(["\n", " ", "3.14", "「", "。", "“"]),
    max_size=25,
).map("".join)


@given(_TEXT, st.text(max_size=20), st.sampled_from(["zh", "en", "ja"]))
def test_every_sentence_of_a_draft_stands_in_the_article_in_order(
    text: str, title: str, language: str
) -> None:
    draft = draft_summary(article(text, title=title, language=language))

    cut = [text[start:end] for start, end in draft.spans]
    assert draft.text == ("" if language in ("zh", "ja") else " ").join(cut)
    assert list(draft.spans) == sorted(draft.spans)
    assert all(before[1] <= after[0] for before, after in zip(draft.spans, draft.spans[1:], strict=False))
    assert len(draft.spans) <= 4
    assert set(re.findall(r"\d+", " ".join(cut))) <= set(re.findall(r"\d+", text))


@given(_TEXT)
def test_sentences_leave_nothing_out_but_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
