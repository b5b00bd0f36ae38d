"""The draft summary: the article's own sentences, in their order, few enough to print."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.article import Article
from bot.reading.summarising.article_sentences import sentences_of
from bot.reading.summarising.word_weights import length_in
from bot.reading.summary import draft_summary, summary_within

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


def test_one_sentence_that_says_enough_is_all() -> None:
    first = (
        "小满实验室今天开源了一款只用一枚纽扣电池就能连续工作四十天的唤醒词识别板，"
        "连同训练脚本、转换工具和三种开发板的驱动程序。"
    )
    text = first + "昨天下了一场雨。" + "会议室的窗户没有关。" * 5

    assert draft_summary(article(text, title="小满实验室开源唤醒词识别板")).text == first


def test_a_sentence_that_is_too_long_gives_way_to_a_shorter_one() -> None:
    long = "小满实验室发布了唤醒词识别板，" + "它的权重很小，" * 30 + "也很省电。"
    short = "唤醒词识别板是小满实验室发布的一块只用纽扣电池的板子。"

    assert draft_summary(article(long + short, title="唤醒词识别板"), characters=100).text == short
    assert summary_within(article(long + short, title="唤醒词识别板"), 100).text == short


def test_a_sentence_without_a_shorter_one_stands_whole_in_a_draft_and_is_cut_where_it_must_be() -> None:
    only = "小满实验室发布了唤醒词识别板，" + "它的权重很小，" * 30 + "也很省电。"

    draft, bounded = draft_summary(article(only), characters=100), summary_within(article(only), 40)

    assert draft.text == only
    assert bounded.text == "小满实验室发布了唤醒词识别板，它的权重很小，它的权重很小，它的权重很小…"
    assert only[slice(*bounded.spans[0])] + "…" == bounded.text


def test_what_a_page_says_twice_is_said_once() -> None:
    text = f"{CHINESE[0]}\n小满实验室最近发布了一款只用纽扣电池的唤醒词识别板。\n{CHINESE[1]}"

    draft = draft_summary(article(text, title="唤醒词识别板"))

    assert draft.text.count("只用纽扣电池的唤醒词识别板") == 1


def test_neither_a_greeting_nor_the_title_is_a_summary() -> None:
    title = "一款纽扣电池上的唤醒词识别板，连同训练脚本、转换工具和三种开发板的驱动程序今天一起开源"
    text = f"{title}\n大家好，我是小满。\n{CHINESE[0]}{CHINESE[1]}{CHINESE[6]}"

    draft = draft_summary(article(text, title=title))

    assert title not in draft.text
    assert "大家好" not in draft.text


def test_code_tables_captions_and_pictures_are_never_in_a_draft() -> None:
    lines = [
        "![the board](https://a.test/board.png)",
        "Figure 1: the board on the bench",
        ENGLISH[0],
        "```",
        "The keyword spotter runs on a coin cell for 40 days.",
        "```",
        "board = KeywordSpotter(coin_cell=True)",
        "| keyword spotter | coin cell | 40 days |",
        "1.",
        ENGLISH[1],
    ]

    draft = draft_summary(article("\n".join(lines), title="A keyword spotter on a coin cell", language="en"))

    assert draft.text == f"{ENGLISH[0]} {ENGLISH[1]}"


def test_an_article_of_code_alone_has_an_empty_draft() -> None:
    assert draft_summary(article("$ make\nint main() {\nreturn 0;\n}", language="en")).text == ""


def test_a_list_is_told_by_its_introduction_and_its_first_items() -> None:
    items = [f"{number}. 把第 {number} 个任务放到中断里，而不是放在主循环里。" for number in range(1, 9)]
    text = "\n".join(["让单片机更省电有八个办法：", *items])

    draft = draft_summary(article(text, title="让单片机更省电的八个办法"))

    assert draft.text.startswith("让单片机更省电有八个办法：1. 把第 1 个任务")
    assert len(draft.spans) == 4


def test_items_without_a_mark_at_their_end_do_not_run_together() -> None:
    draft = draft_summary(article("Three ways to save power:\n- sleep\n- wait less", language="en"))

    assert draft.text == "Three ways to save power: - sleep - wait less"


def test_chinese_sentences_stand_side_by_side_and_a_latin_full_stop_keeps_its_blank() -> None:
    text = "小满实验室的识别板支持 TensorFlow. 小满实验室的识别板今天开源。"

    assert draft_summary(article(text, title="小满实验室的识别板")).text == text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "小滿實驗室發佈了一款只用鈕扣電池的喚醒詞識別板，可以連續工作四十天。"),
        ("ja", "研究室はボタン電池だけで四十日動くウェイクワード認識ボードを発表しました。"),
        ("ko", "연구실은 단추형 전지로 사십 일 동안 작동하는 보드를 발표했습니다."),
        ("ru", "Лаборатория выпустила плату, которая сорок дней работает от одной батарейки."),
        ("de", "Das Labor hat eine Platine vorgestellt, die vierzig Tage mit einer Knopfzelle läuft."),
        ("ar", "أصدر المختبر لوحة تعمل أربعين يومًا ببطارية واحدة صغيرة."),
        ("th", "ห้องแล็บเปิดตัวบอร์ดที่ทำงานได้สี่สิบวันด้วยถ่านกระดุมเพียงก้อนเดียว "),
    ],
)
def test_every_language_has_a_draft_of_bounded_length(language: str, sentence: str) -> None:
    text = "\n".join(sentence * 3 for _ in range(30))

    draft, bounded = (
        draft_summary(article(text, language=language)),
        summary_within(article(text, language=language), 90),
    )

    assert draft.text.startswith(sentence.strip())
    assert length_in(draft.text) <= 250
    assert 0 < len(bounded.text) <= 90


_BITS = st.sampled_from(
    [
        *(
            "\n",
            " ",
            "3.14",
            "v2.1",
            "2020-05-01",
            "GPT-4",
            "「",
            "。",
            "“",
            "”",
            ". ",
            "，",
            "：\n- ",
            "\n1. ",
            "```\n",
            "| a | b |\n",
        ),
        *("图 1：板子\n", "\n$ make all\n", "## 标题\n", "![x](y)", "https://a.test/?b=c"),
    ]
)
_TEXT = st.lists(st.sampled_from(CHINESE + ENGLISH) | st.text(max_size=40) | _BITS, max_size=25).map("".join)
_LANGUAGES = st.sampled_from(["zh", "en", "ja", "th", "ko"])
_FIGURES = re.compile(r"\d+(?:[.\-]\d+)*|[A-Za-z]+-\d+")


def cuts(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    assert list(spans) == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert len(spans) <= 4
    return [text[start:end] for start, end in spans]


@given(_TEXT, st.text(max_size=20), _LANGUAGES, st.integers(20, 300))
def test_a_draft_is_whole_sentences_of_the_article_in_its_order_and_no_longer_than_asked(
    text: str, title: str, language: str, characters: int
) -> None:
    draft = draft_summary(article(text, title=title, language=language), characters=characters)

    whole = {sentence.text for sentence in sentences_of(text)}
    found = cuts(text, draft.spans)
    assert set(found) <= whole
    assert "".join(draft.text.split()) == "".join("".join(found).split())
    assert all(figure in text for figure in _FIGURES.findall(draft.text))
    most = characters if language in ("zh", "ja", "th") else round(0.3 * characters)
    assert len(found) <= 1 or length_in(draft.text) <= most


@given(_TEXT, st.text(max_size=20), _LANGUAGES, st.integers(1, 300))
def test_a_bounded_summary_is_never_longer_and_never_invents(
    text: str, title: str, language: str, characters: int
) -> None:
    bounded = summary_within(article(text, title=title, language=language), characters)

    found = "".join(cuts(text, bounded.spans))
    assert len(bounded.text) <= characters
    assert "".join(bounded.text.split()) in ("".join(found.split()), "".join(found.split()) + "…")
    assert bool(bounded.text) == bool(sentences_of(text))
