"""Cards and answers as Discord gets them: its Markdown, its limits, nothing that pings."""

import re
from dataclasses import replace

import discord
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renderers.card import CardButton, CardView
from renderers.discord_card import COLOURS, DiscordEmbed, discord_card
from renderers.discord_text import BREAK, TEXT_LIMIT, discord_text
from renderers.markdown import clean
from renderers.shortening import units
from tests.test_telegram_card import BARE, HERON, as_read, cards

MARKS = [
    *"\\*_~`|>#-+[]()<@&:.!1 \n/，。量🙂a",
    "@everyone",
    "@here",
    "<@1>",
    "<@!123456789012345678>",
    "<@&5>",
    "<#1>",
    "<:e:1>",
    "<a:e:1>",
    "<t:1700000000:R>",
    "</publish:1>",
    "<id:customize>",
    "[x](https://site.test/)",
    "https://site.test/a_b_(c)",
    "<https://site.test>",
    "https://site.test/@everyone",
    "||",
    "```",
    "-# ",
    "## ",
    "12. ",
    ":smile:",
    "\u202e",
    "\u200b",
    "\ud83d",
]
HOSTILE = st.lists(st.sampled_from(MARKS), max_size=12).map("".join) | st.text(max_size=40)
LONG = st.tuples(HOSTILE, st.integers(1, 300)).map(lambda one: one[0] * one[1])

READ = re.compile(r"\\(?P<escaped>[^0-9A-Za-z\s])|<(?P<link>https?://[^\s<>]+)>|(?P<raw>.)", re.DOTALL)
BLOCK = re.compile(r"#{1,3} |-# |[-*+] |\d+[.)] |>")
PINGS = re.compile(r"@everyone|@here|<@[!&]?\d", re.IGNORECASE)


def seen(markdown: str) -> str:
    """Read inert Markdown as Discord does; fail where anything in it would be more than text or a link."""
    text = ""
    for found in READ.finditer(markdown):
        assert found["raw"] is None or found["raw"] not in "\\*_~`|<>[]", (found["raw"], markdown)
        text += found["escaped"] or found["link"] or found["raw"]
    assert not PINGS.search(markdown)
    assert not re.search(r"\w://", READ.sub(lambda found: found["raw"] or " ", markdown))
    return text.replace(BREAK, "")


def seen_lines(markdown: str) -> str:
    """Read a card's description: only its quotations and the summary's label are set."""
    lines = []
    for line in markdown.split("\n"):
        plain = re.sub(r"^\*\*((?:\\.|[^\\*])+)\*\* ", r"\1 ", line.removeprefix("> "))
        assert not BLOCK.match(plain)
        lines.append(seen(plain))
    return "\n".join(lines)


def length(embed: DiscordEmbed) -> int:
    return len(discord.Embed.from_dict(embed.as_dict()))


def test_a_card_reads_as_in_the_chat() -> None:
    embed = discord_card(HERON).embed

    assert embed.as_dict() == {
        "title": "#12 小鹤 0.5：把语音唤醒塞进 64 KB 内存",
        "url": "https://marsh.test/heron?a=1&b=2",
        "description": "> 值得一看\n"
        "**草稿摘要** 小鹤是给单片机用的关键词识别库，误唤醒每天不到一次。\n"
        "◔ 建议栏目 👨‍💻 项目 · +1 · 还差 1 票",
        "color": COLOURS["waiting"],
        "footer": {"text": "湿地实验室 · 2026-11-20 · 白鹭、芦苇 · zh · 小禾 提交"},
    }


def test_votes_and_the_way_to_amend_stand_above_the_sections() -> None:
    rows = discord_card(HERON, amend_label="修改").buttons

    assert [[(button.emoji, button.label) for button in row] for row in rows] == [
        [("👍", "2"), ("👎", ""), ("✏", "修改")],
        [("⚡", "新闻"), ("🤓", "论文 1"), ("👨‍💻", "项目"), ("✍", "博文")],
    ]
    assert [button.custom_id for button in rows[0]] == ["up", "down", "amend"]
    assert len(discord_card(HERON).buttons[0]) == 2


def test_what_a_card_does_not_have_it_does_not_show() -> None:
    message = discord_card(BARE)

    assert message.embed.as_dict() == {"title": "#3", "description": "◔", "color": COLOURS["waiting"]}
    assert message.buttons == ()


def test_each_state_has_its_own_colour() -> None:
    colours = {discord_card(replace(HERON, state=state)).embed.colour for state in COLOURS}

    assert len(colours) == 7


@pytest.mark.parametrize("url", ["discord://x", "javascript:alert(1)", "https://a@b.test/", "", "x"])
def test_a_title_links_to_the_web_or_nowhere(url: str) -> None:
    assert "url" not in discord_card(replace(HERON, url=url)).embed.as_dict()


def test_a_long_summary_ends_with_a_sentence_and_leaves_the_rest_whole() -> None:
    view = replace(HERON, summary="小鹤_会飞_🪶。它也会唤醒单片机，" * 400)

    lines = discord_card(view).embed.description.split("\n")

    assert lines[1].endswith("小鹤\\_会飞\\_🪶。…")
    assert lines[0] == "> 值得一看" and lines[-1].endswith("还差 1 票")


def test_an_address_that_was_cut_is_no_link() -> None:
    summary = "https://site.test/" + "a" * 5000

    description = discord_card(replace(BARE, summary=summary)).embed.description

    assert "<http" not in description and description.startswith("https\\://site.test/aaa")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("见 https://site.test/a_b_(c)。", "见 <https://site.test/a_b_(c)>。"),
        ("(https://site.test/x)", "(<https://site.test/x>)"),
        ("tg://user?id=1", "tg\\://user?id=1"),
        ("#9「*小鹤* @everyone」", f"#9「\\*小鹤\\* @{BREAK}everyone」"),
        ("# 大\n- 小\n1. 一\n> 引", "\\# 大\n\\- 小\n1\\. 一\n\\> 引"),
        ("<@1> </publish:1> <t:1>", f"\\<@{BREAK}1\\> \\</publish:1\\> \\<t:1\\>"),
        ("/preview 看全文 · /undo 撤回", "/preview 看全文 · /undo 撤回"),
        ("#9 是 #1，-1 度，2.5 倍", "#9 是 #1，-1 度，2.5 倍"),
        ("-# 小\n12) 二\n+ 三", "\\-# 小\n12\\) 二\n\\+ 三"),
        ("mobilenet_v1 与 C++", "mobilenet\\_v1 与 C++"),
    ],
)
def test_an_answer_shows_as_it_was_said(answer: str, message: str) -> None:
    assert discord_text(answer) == (message,)
    assert "\n".join(seen(line) for line in message.split("\n")) == answer


def test_a_long_answer_is_cut_at_its_line_ends() -> None:
    lines = [f"第 {number} 条 {'小鹤' * 40}" for number in range(60)]

    messages = discord_text("\n".join(lines))

    assert len(messages) > 1 and discord_text("\u200b\n") == ()
    assert "\n".join(messages).split("\n") == lines


@pytest.mark.parametrize("key", ["", "section:" + "x" * 100])
def test_a_key_that_discord_would_refuse_is_refused_here(key: str) -> None:
    with pytest.raises(ValueError, match="100 characters"):
        discord_card(replace(HERON, buttons=(CardButton(key, "⚡", "x", 0),)))


def test_more_sections_than_discord_has_room_for_are_refused() -> None:
    sections = tuple(CardButton(f"section:{number}", "⚡", "x", 0) for number in range(21))
    up = CardButton("up", "👍", "Vote", 0)

    assert len(discord_card(replace(HERON, buttons=(up, *sections[:20]))).buttons) == 5
    with pytest.raises(ValueError, match="5 rows"):
        discord_card(replace(HERON, buttons=(up, *sections)))


@given(HOSTILE | LONG, HOSTILE, st.integers(0, 10**9), st.sampled_from(["up", "section:a"]))
def test_a_button_always_has_a_face(label: str, emoji: str, count: int, key: str) -> None:
    view = replace(HERON, buttons=(CardButton(key, emoji, label, count),))

    [[button]] = discord_card(view).buttons

    assert button.label or button.emoji
    assert units(button.label) <= 80
    assert not PINGS.search(button.label)


@given(cards(HOSTILE | LONG))
@settings(max_examples=60, deadline=None)
@example(replace(HERON, title="*" * 900, summary="_" * 9000, authors="&" * 9000, standing="`" * 9000))
@example(
    replace(HERON, title="👨‍👩‍👧" * 900, problem="|" * 9000, notes=("~" * 9000,) * 9, summary_label="*" * 99)
)
def test_whatever_a_card_holds_discord_takes_it_and_nobody_is_pinged(view: CardView) -> None:
    embed = discord_card(view).embed

    assert units(embed.title) <= 256
    assert 0 < units(embed.description) <= 4096
    assert units(embed.footer) <= 2048
    assert length(embed) <= 6000
    assert embed.url.startswith(("http://", "https://")) or not embed.url
    assert seen(embed.title).startswith(f"#{view.number}")
    assert not PINGS.search(embed.footer)
    seen_lines(embed.description)


@given(cards(HOSTILE.map(lambda text: text[:20])))
@settings(max_examples=100, deadline=None)
def test_a_short_card_shows_every_field_as_it_is(view: CardView) -> None:
    embed = discord_card(view).embed

    description = seen_lines(embed.description)
    below = [view.advice, view.section, view.standing, view.problem, *view.notes[:4]]
    below += [view.summary, view.summary_label] if clean(view.summary) else []
    assert as_read(view.title) in seen(embed.title)
    for field in below:
        assert as_read(field) in description
    for field in (view.source, view.authors, view.date, view.language, view.pitched_by):
        assert as_read(field) in embed.footer.replace(BREAK, "")


@given(HOSTILE | LONG, st.integers(16, 2000))
@settings(max_examples=60, deadline=None)
def test_an_answer_comes_whole_in_messages_that_fit(text: str, limit: int) -> None:
    messages = discord_text(text, limit=limit)

    assert all(0 < units(message) <= limit <= TEXT_LIMIT for message in messages)
    lines = [line for message in messages for line in message.split("\n")]
    assert not any(BLOCK.match(line) for line in lines)
    whole = "".join(as_read(line) for line in text.splitlines())
    assert re.sub(r"\s", "", "".join(map(seen, lines))) == re.sub(r"\s", "", whole)
