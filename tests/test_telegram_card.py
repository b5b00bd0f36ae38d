"""Cards and answers as Telegram gets them: its HTML, its limits, nothing that pings."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from renderers.card import CardButton, CardView
from renderers.markdown import clean
from renderers.shortening import shorten, units
from renderers.telegram_card import BUTTONS, DATA_BYTES, telegram_card
from renderers.telegram_text import BREAK, TEXT_LIMIT, telegram_text

VOTES = (CardButton("up", "👍", "赞成", 2), CardButton("down", "👎", "反对", 0))
SECTIONS = (
    CardButton("section:news", "⚡", "新闻", 0),
    CardButton("section:papers", "🤓", "论文", 1),
    CardButton("section:projects", "👨‍💻", "项目", 0),
    CardButton("section:blogs", "✍", "博文", 0),
)
HERON = CardView(
    number=12,
    title="小鹤 0.5：把语音唤醒塞进 64 KB 内存",
    url="https://marsh.test/heron?a=1&b=2",
    source="湿地实验室",
    authors="白鹭、芦苇",
    date="2026-11-20",
    language="zh",
    pitched_by="小禾 提交",
    notes=("值得一看",),
    summary="小鹤是给单片机用的关键词识别库，误唤醒每天不到一次。",
    summary_label="草稿摘要",
    advice="建议栏目 👨‍💻 项目",
    state="waiting",
    standing="还差 1 票",
    problem="",
    score=1,
    section="",
    buttons=VOTES + SECTIONS,
)
BARE = CardView(3, "", "", "", "", "", "", "", (), "", "", "", "waiting", "", "", 0, "", ())

# As TDLib's MessageEntity.cpp states them.
MENTION = re.compile(r"(?<!\w)@[a-zA-Z0-9_]{2,32}(?!\w)")
COMMAND = re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])")
APP_LINK = re.compile(r"(?i)(?:tg|ton)://[a-z0-9_-]")
LINK = re.compile(r"(?<![^\s“])https?://(?:[a-z0-9]+\.)+[a-z]{2,9}/[\w/@.~%=&?#+:-]*", re.ASCII)

MARKS = [
    *"@/<>&\"'`*_:.\\ \n#)（，。aZ7é量́🙂",
    "@channel",
    "/publish",
    "/undo@copydesk_bot",
    "tg://user?id=1",
    "TON://x",
    "https://site.test/@ada/x",
    "https://site.test/-/a",
    "http://",
    "</b>",
    "<a href='tg://x'>",
    "&lt;",
    "&#64;ada",
    "\u202e",
    "\u200b",
    "\ud83d",
    "\x00",
    "🇨🇳",
    "👨‍👩‍👧",
]
CHARACTERS = ["👨‍👩‍👧", "é́", "🇨🇳", "🇫🇷", "👍🏽", "❤️", "한", "量", "a", " ", "。", "🙂"]
HOSTILE = st.lists(st.sampled_from(MARKS), max_size=12).map("".join) | st.text(max_size=40)
LONG = st.tuples(HOSTILE, st.integers(1, 300)).map(lambda one: one[0] * one[1])
STATES = st.sampled_from(["waiting", "slate", "drafted", "published", "spiked", "vetoed", "unread", "new"])


def cards(words: st.SearchStrategy[str]) -> st.SearchStrategy[CardView]:
    address = st.sampled_from(["https://site.test/a?b=1&c=2", "https://x.test/" + "&" * 1900]) | words
    return st.builds(
        CardView,
        number=st.integers(1, 99999),
        title=words,
        url=address,
        source=words,
        authors=words,
        date=words,
        language=words,
        pitched_by=words,
        notes=st.lists(words, max_size=7).map(tuple),
        summary=words,
        summary_label=words,
        advice=words,
        state=STATES,
        standing=words,
        problem=words,
        score=st.integers(-99, 99),
        section=words,
        buttons=st.just(()),
    )


class Read(HTMLParser):
    """What Telegram makes of the HTML: its text, its tags, and where the links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.open, self.links = "", list[str](), list[str]()
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "a", "code")
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.links += [value or "" for _, value in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def seen(self) -> str:
        return self.text.replace(BREAK, "")


def as_read(text: str) -> str:
    """Clean a field twice: a letter and a mark may come together once what stood between them is gone."""
    return clean(clean(text))


def pings(text: str) -> list[str]:
    """Find what pings or opens; within an address, which Telegram finds first, nothing does."""
    rest = LINK.sub("", text)
    return MENTION.findall(rest) + APP_LINK.findall(rest)


def test_a_card_reads_as_in_the_chat() -> None:
    read = Read(telegram_card(HERON).html)

    assert read.seen.split("\n") == [
        "#12 小鹤 0.5：把语音唤醒塞进 64 KB 内存",
        "湿地实验室 · 2026-11-20 · 白鹭、芦苇 · zh · 小禾 提交",
        "“值得一看”",
        "草稿摘要 小鹤是给单片机用的关键词识别库，误唤醒每天不到一次。",
        "◔ 建议栏目 👨‍💻 项目 · +1 · 还差 1 票",
    ]
    assert read.links == ["https://marsh.test/heron?a=1&b=2"]


def test_votes_stand_above_sections_three_in_a_row() -> None:
    rows = telegram_card(HERON).buttons

    assert [[button.text for button in row] for row in rows] == [
        ["👍 2", "👎"],
        ["⚡ 新闻", "🤓 论文 1", "👨‍💻 项目"],
        ["✍ 博文"],
    ]
    assert [button.data for button in rows[1]] == ["section:news", "section:papers", "section:projects"]


def test_what_a_card_does_not_have_it_does_not_show() -> None:
    assert telegram_card(BARE).html == "<b>#3</b>\n◔"
    assert telegram_card(BARE).buttons == ()


def test_a_problem_keeps_its_command_and_a_spike_reason_gets_none() -> None:
    unread = replace(BARE, title="t", state="unread", problem="页面没了。贴上正文：/text 3 <正文>")
    spiked = replace(BARE, title="t", state="spiked", standing="已撤：/publish @channel")

    assert COMMAND.findall(Read(telegram_card(unread).html).text) == ["/text"]
    told = Read(telegram_card(spiked).html)
    assert "已撤：/publish @channel" in told.seen
    assert not COMMAND.findall(told.text) and not pings(told.text)


def test_a_section_that_the_standing_names_is_not_named_twice() -> None:
    view = replace(HERON, advice="", state="slate", section="项目", standing="已上稿单 · 项目", score=-1)

    assert Read(telegram_card(view).html).text.split("\n")[-1] == "✓ −1 · 已上稿单 · 项目"


@pytest.mark.parametrize("url", ["tg://user?id=1", "javascript:alert(1)", "https://a@b.test/", "", "x"])
def test_a_title_links_to_the_web_or_nowhere(url: str) -> None:
    assert Read(telegram_card(replace(HERON, url=url)).html).links == []


def test_a_long_summary_ends_with_a_sentence_and_leaves_the_rest_whole() -> None:
    view = replace(HERON, summary="小鹤会飞🪶。它也会唤醒单片机，" * 400)

    read = Read(telegram_card(view).html)

    lines = read.text.split("\n")
    assert lines[3].endswith("小鹤会飞🪶。…")
    assert lines[0] == f"#12 {HERON.title}" and lines[-1].endswith("还差 1 票")
    assert TEXT_LIMIT - 40 < units(read.text) <= TEXT_LIMIT


def test_who_pitched_it_and_what_is_missing_stay_whatever_else_is_long() -> None:
    view = replace(
        HERON, authors="白鹭、" * 200, source="湿地" * 200, advice="栏目" * 400, section="项目" * 200
    )

    lines = Read(telegram_card(view).html).text.split("\n")

    assert lines[1].endswith("… · zh · 小禾 提交")
    assert lines[-1].endswith("… +1 · 还差 1 票")


def test_more_notes_than_fit_are_said_to_be_there() -> None:
    notes = tuple(f"note {count}" for count in range(9))

    lines = Read(telegram_card(replace(BARE, notes=notes)).html).text.split("\n")

    assert lines[1:-1] == ["“note 0”", "“note 1”", "“note 2”", "“note 3”", "…"]


@pytest.mark.parametrize(
    "text",
    [
        "@channel",
        "量@channel",
        "see (@channel)",
        "https://site.test@channel",
        "a.b.https://site.test/@channel",
        "http://site.test/)https://site.test/@channel",
        "https://@channel/x",
        "https://site.test:99999/@channel",
        "https://teiegram.org/@channel",
    ],
)
def test_no_name_pings_whatever_stands_before_it(text: str) -> None:
    read = Read(telegram_card(replace(BARE, summary=text, authors=text)).html)

    assert not MENTION.search(read.text)
    assert text in read.seen


def test_an_address_stays_whole_and_ends_before_chinese_punctuation() -> None:
    answer = "已推送：https://git.test/a_b/commit/c3f9e21。见 https://site.test/@ada/x"

    [html] = telegram_text(answer)

    assert html == f"已推送：https://git.test/a_b/commit/c3f9e21{BREAK}。见 https://site.test/@ada/x"


def test_an_answer_keeps_its_commands_and_its_lines() -> None:
    answer = "缺：#9 <i>没有</i> 摘要，@channel。\n\n/preview 看全文 · /undo 撤回"

    [html] = telegram_text(answer)

    assert html == f"缺：#9 &lt;i&gt;没有&lt;/i&gt; 摘要，@{BREAK}channel。\n\n/preview 看全文 · /undo 撤回"
    assert telegram_text(" \n\u200b\n") == ()


def test_a_long_answer_is_cut_at_its_line_ends() -> None:
    lines = [f"#{number} {'小鹤' * 40}" for number in range(120)]

    messages = telegram_text("\n".join(lines))

    assert len(messages) > 1
    assert "\n".join(messages).split("\n") == lines


@pytest.mark.parametrize("key", ["", "section:" + "长" * 20])
def test_a_key_that_telegram_would_refuse_is_refused_here(key: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        telegram_card(replace(HERON, buttons=(CardButton(key, "⚡", "x", 0),)))


def test_the_limits_are_those_of_the_library() -> None:
    assert TEXT_LIMIT == MessageLimit.MAX_TEXT_LENGTH
    assert DATA_BYTES == InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    with pytest.raises(ValueError, match="100"):
        telegram_card(replace(HERON, buttons=VOTES * (BUTTONS // 2 + 1)))


@given(cards(HOSTILE | LONG))
@settings(max_examples=60, deadline=None)
@example(replace(HERON, title="👨‍👩‍👧" * 900, summary="é́" * 9000, url="https://x.test/" + "&" * 1900))
@example(replace(HERON, authors="&" * 9000, problem="<" * 9000, summary="&" * 9000, standing="/x " * 2000))
def test_whatever_a_card_holds_telegram_takes_it_and_nobody_is_pinged(view: CardView) -> None:
    html = telegram_card(view).html

    read = Read(html)
    assert units(read.text) <= TEXT_LIMIT
    assert len(html.encode()) < 2**15
    assert read.text.startswith(f"#{view.number}")
    assert all(link.startswith(("http://", "https://")) for link in read.links)
    assert not pings(read.text)


@given(cards(HOSTILE.map(lambda text: text[:20])))
@settings(max_examples=100, deadline=None)
def test_a_short_card_shows_every_field_as_it_is(view: CardView) -> None:
    read = Read(telegram_card(view).html)

    fields = [view.title, view.source, view.authors, view.date, view.language, view.pitched_by]
    fields += [view.advice, view.section, view.standing, view.problem, *view.notes[:4]]
    fields += [view.summary, view.summary_label] if clean(view.summary) else []
    for field in fields:
        assert as_read(field) in read.seen


@given(st.lists(st.sampled_from(CHARACTERS), max_size=80), st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_a_cut_never_falls_within_a_character(characters: list[str], limit: int) -> None:
    short = shorten("".join(characters), limit)

    starts = ["".join(characters[:count]) for count in range(len(characters) + 1)]
    assert units(short) <= limit
    assert short in {starts[-1], ""} or short.removesuffix("…") in {start.rstrip() for start in starts}


@given(HOSTILE)
@settings(max_examples=100, deadline=None)
def test_no_word_of_a_page_can_be_tapped_as_a_command(words: str) -> None:
    view = replace(BARE, title=words, source=words, summary=words, notes=(words,))

    assert not COMMAND.findall(LINK.sub("", Read(telegram_card(view).html).text))


@given(HOSTILE | LONG, st.integers(16, 4096))
@settings(max_examples=60, deadline=None)
def test_an_answer_comes_whole_in_messages_that_fit(text: str, limit: int) -> None:
    messages = [Read(html) for html in telegram_text(text, limit=limit)]

    assert all(0 < units(read.text) <= limit for read in messages)
    assert not any(pings(read.text) for read in messages)
    whole = "".join(as_read(line) for line in text.splitlines())
    assert re.sub(r"\s", "", "".join(read.seen for read in messages)) == re.sub(r"\s", "", whole)
