"""An issue announced on Telegram and Discord: what would be sent, within the platforms' limits."""

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

from hypothesis import HealthCheck, given, settings

from renderers.issue_view import IssueView, Masthead, SectionView, StoryView
from renderers.markdown import clean, escape
from renderers.outputs import discord, telegram
from renderers.outputs.discord_rules import payload_faults
from renderers.outputs.output import Output
from renderers.outputs.telegram_rules import message_faults
from renderers.shortening import units
from tests.hostile_issues import issues, large_issues, words

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def issue_of(*stories: StoryView, title: str = "Issue", lead: str = "", address: str = "") -> IssueView:
    section = SectionView("news", "News", stories)
    masthead = Masthead("Gazette", address=address)
    return IssueView(masthead, title, "2026-03-10", lead, (), (section,) if stories else ())


def story(title: str = "Reeds", url: str = "https://marsh.test/reeds", source: str = "Marsh") -> StoryView:
    return StoryView(title, source, url, "They grow.", ("CVPR",))


def shown(message: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", message)).replace("\u2060", "")


def codes(message: str) -> set[str]:
    return {fault.code for fault in message_faults(message)}


def payload(**changes: Any) -> dict[str, Any]:
    return {"content": "x", "embeds": [], "allowed_mentions": {"parse": []}} | changes


def payload_codes(**changes: Any) -> set[str]:
    return {fault.code for fault in payload_faults(payload(**changes))}


def test_telegram_gets_title_date_lead_and_each_sections_linked_titles() -> None:
    issue = issue_of(story(), title="Issue", lead="A **wet** week.", address="https://marsh.test/1")

    [message] = telegram.messages(issue)

    assert message == (
        '<a href="https://marsh.test/1"><b>Issue</b></a>\n2026-03-10\n\nA <b>wet</b> week.\n\n<b>News</b>\n'
        '• [CVPR] <a href="https://marsh.test/reeds">Reeds</a> · Marsh'
    )


def test_telegram_files_are_what_would_be_sent() -> None:
    [output] = telegram.render(issue_of(story()))

    [message] = json.loads(output.content)["messages"]
    assert set(message) == {"text", "parse_mode", "link_preview_options"}
    assert message["parse_mode"] == "HTML"
    assert message["link_preview_options"] == {"is_disabled": True}


def test_many_stories_take_several_messages_and_no_heading_stands_alone_at_an_end() -> None:
    sections = tuple(
        SectionView(f"s{n}", f"Section {n}", tuple(story(f"Story {n}-{i} " + "x" * 40) for i in range(9)))
        for n in range(24)
    )
    messages = telegram.messages(replace(issue_of(), sections=sections))

    assert len(messages) > 2
    assert all(codes(message) == set() for message in messages)
    assert [f"{n}-{i}" for n in range(24) for i in range(9)] == re.findall(
        r"Story (\d+-\d+)", " ".join(messages)
    )
    assert not any(message.endswith("</b>") for message in messages)


def test_what_telegram_would_refuse_or_act_on_is_a_fault() -> None:
    assert codes("fine & well") == set()
    assert codes("<b>x") == {"unclosed"}
    assert codes("<b><i>x</b></i>") >= {"order"}
    assert codes("<u>x</u>") == {"tag"}
    assert codes('<b class="x">x</b>') == {"attribute"}
    assert codes('<a href="tg://user?id=1">x</a>') == {"link"}
    assert codes("x" * 4097) == {"too-long"}
    assert codes("🌊" * 2049) == {"too-long"}
    assert codes("<b>x</b>" * 101) == {"entities"}
    assert codes("ask @name") == {"active"}
    assert codes("then /start") == {"active"}
    assert codes(" ") == {"empty"}
    assert [fault.code for fault in telegram.faults(Output("x", "", b"{}"))] == ["not-messages"]
    assert [fault.code for fault in telegram.faults(Output("x", "", b'{"messages": []}'))] == ["not-messages"]


def test_discord_gets_an_embed_for_the_lead_and_one_for_each_section() -> None:
    [message] = discord.payloads(issue_of(story(), lead="A **wet** week.", address="https://marsh.test/1"))

    assert message["content"] == "**Issue**\n2026-03-10\n<https://marsh.test/1>"
    assert [(e.get("title"), e["description"]) for e in message["embeds"]] == [
        (None, "A **wet** week."),
        ("News", "• \\[CVPR\\] [Reeds](https://marsh.test/reeds) · Marsh"),
    ]
    assert message["allowed_mentions"] == {"parse": []}


def test_a_link_on_discord_holds_no_bracket_and_no_ping() -> None:
    [message] = discord.payloads(issue_of(story("a] [b", "https://e.test/@everyone")))

    assert "[a］ ［b](https://e.test/%40everyone)" in message["embeds"][0]["description"]


def test_a_section_that_is_longer_than_an_embed_goes_on_in_the_next() -> None:
    messages = discord.payloads(issue_of(*(story(f"Story {n} " + "x" * 80) for n in range(120))))

    embeds = [embed for message in messages for embed in message["embeds"]]
    assert len(messages) > 1
    assert [embed.get("title") for embed in embeds] == ["News", *[None] * (len(embeds) - 1)]
    assert all(payload_faults(message) == () for message in messages)
    assert [f"{n}" for n in range(120)] == re.findall(
        r"\[Story (\d+)", "".join(e["description"] for e in embeds)
    )


def test_what_discord_would_refuse_or_act_on_is_a_fault() -> None:
    embed = {"title": "x", "description": "x", "color": 1}
    assert payload_codes() == set()
    assert payload_codes(content="x" * 2001) == {"too-long"}
    assert payload_codes(embeds=[{**embed, "title": "x" * 257}]) == {"too-long"}
    assert payload_codes(embeds=[{**embed, "description": "x" * 4097}]) == {"too-long"}
    assert payload_codes(embeds=[{**embed, "description": "x" * 3000}] * 2) == {"too-long"}
    assert payload_codes(embeds=[embed] * 11) == {"too-long"}
    assert payload_codes(embeds=[{**embed, "image": {}}]) == {"key"}
    assert payload_codes(embeds=[{"title": "x"}]) == {"empty"}
    assert payload_codes(allowed_mentions={"parse": ["everyone"]}) == {"mentions"}
    assert payload_codes(content="@everyone") == {"ping"}
    assert payload_codes(content="[x](javascript:y)") == {"link"}
    assert payload_codes(content="") == {"empty"}
    assert [fault.code for fault in discord.faults(Output("x", "", b"[]"))] == ["not-messages"]


@given(issues)
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
def test_whatever_strangers_write_the_messages_are_sound(issue: IssueView) -> None:
    for kind in (telegram, discord):
        [output] = kind.render(issue)
        assert kind.faults(output) == ()


@given(large_issues())
@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
def test_an_issue_of_any_size_fits_into_messages(issue: IssueView) -> None:
    for kind in (telegram, discord):
        [output] = kind.render(issue)
        assert kind.faults(output) == ()


@given(words)
@settings(max_examples=150, deadline=None)
def test_a_title_from_a_page_shows_on_telegram_as_the_cleaned_text(title: str) -> None:
    [message] = telegram.messages(issue_of(story(escape(title), "https://e.test/", "x")))

    [link] = re.findall(r'<a href="https://e.test/">(.*?)</a>', message, re.DOTALL)
    assert shown(link) == (clean(title) or "x")
    assert units(message) < 4096
