"""What an update means: words with their addresses, rooms and topics, times; nothing trusts its shape."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from telegram import MessageEntity

from bot.config_tables import TelegramRoomConfig
from bot.events import MessageEdited, MessagePosted, ReactionsOf
from bot.reading.link import find_links
from bot.rooms.telegram.places import Places, places_of, split_key
from bot.rooms.telegram.raw import chat_of, date_of, id_of
from bot.rooms.telegram.times import Timekeeper
from bot.rooms.telegram.updates import Identity, News, read_update
from bot.rooms.telegram.words import write_out
from tests.telegram_server.entities import find_entities, units

GROUP, FORUM = -1_001_000_000_001, -1_001_000_000_002
BOT = Identity(123456, "copydesk_bot")
NOW = datetime(2026, 5, 2, 9, tzinfo=UTC)
ANN: dict[str, Any] = {"id": 11, "is_bot": False, "first_name": "Ann", "last_name": "Lee"}
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=20),
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


def rooms() -> Places:
    return places_of(
        [
            TelegramRoomConfig(name="group", chat=GROUP),
            TelegramRoomConfig(name="links", chat=FORUM, topic=7),
            TelegramRoomConfig(name="general", chat=FORUM, topic=1),
        ]
    )


def read(raw: dict[str, Any]) -> News:
    return read_update({"update_id": 5, **raw}, rooms(), BOT, pressed_at=NOW)


def message(text: str = "hello", chat: int = GROUP, **more: Any) -> dict[str, Any]:
    where = {"id": chat, "type": "supergroup", "title": "Desk"}
    date = int(NOW.timestamp())
    return {"message_id": 40, "from": ANN, "chat": where, "date": date, "text": text, **more}


def posted(raw: dict[str, Any]) -> MessagePosted:
    [heard] = read({"message": raw}).heard
    assert isinstance(heard.event, MessagePosted)
    return heard.event


# Words


def entities_of(text: str, links: dict[str, str] | None = None) -> list[MessageEntity]:
    return [MessageEntity(**entity) for entity in find_entities(text, links)]


@pytest.mark.parametrize(
    ("text", "links", "written"),
    [
        ("see site.dev/a now", {}, "see https://site.dev/a now"),
        ("see www.site.dev", {}, "see https://www.site.dev"),
        ("see http://site.dev/a", {}, "see http://site.dev/a"),
        ("see site.dev:8080/a", {}, "see https://site.dev:8080/a"),
        ("look at main.py and README.md", {}, "look at main.py and README.md"),
        ("看这里，不错", {"这里": "https://site.dev/a"}, "看这里 https://site.dev/a ，不错"),
        ("😀😀 here", {"here": "https://site.dev/a"}, "😀😀 here https://site.dev/a "),
        ("https://site.dev/…", {"https://site.dev/…": "https://site.dev/long"}, "https://site.dev/long "),
        ("write to me", {"me": "tg://user?id=7"}, "write to me"),
        ("👨‍💻 a.dev/1 b.dev/2", {}, "👨‍💻 https://a.dev/1 https://b.dev/2"),
    ],
)
def test_addresses_are_written_out(text: str, links: dict[str, str], written: str) -> None:
    assert write_out(text, entities_of(text, links)) == written


@given(some.text(max_size=60), some.text("abc 中😀", min_size=1, max_size=10), some.text(max_size=60))
def test_a_hidden_address_is_found_whatever_stands_around_it(before: str, words: str, after: str) -> None:
    url = "https://site.test/hidden"
    entity = MessageEntity("text_link", units(before), units(words), url=url)

    written = write_out(before + words + after, [entity])

    assert url in [link.url for link in find_links(written)] or "https://" in before
    assert written.startswith(before)
    assert written.endswith(after)


@given(some.text(max_size=30), some.integers(-5, 80), some.integers(-5, 80))
def test_offsets_that_make_no_sense_break_nothing(text: str, offset: int, length: int) -> None:
    write_out(text, [MessageEntity("text_link", offset, length, url="https://site.test/x")])


# Whose, where, when


def test_a_message_says_who_wrote_it_where_and_when() -> None:
    event = posted(message("hello", reply_to_message=message("before") | {"message_id": 39}))

    assert event == MessagePosted(
        f"{GROUP}:40", "telegram:11", "hello", NOW, f"{GROUP}:39", "Ann Lee", None, anonymous=False
    )


def test_a_name_is_cut_to_what_the_desk_can_keep() -> None:
    event = posted(message() | {"from": ANN | {"first_name": "A" * 64, "last_name": "B" * 64}})

    assert len(event.name) == 80


def test_an_answer_in_a_topic_is_none_where_it_answers_only_the_topic() -> None:
    first = message("", FORUM) | {"message_id": 7}
    event = posted(message("x", FORUM, message_thread_id=7, is_topic_message=True, reply_to_message=first))

    assert event.thread == "7"
    assert event.reply_to is None


def test_a_chain_of_replies_in_a_plain_group_is_no_topic() -> None:
    event = posted(message("x", message_thread_id=39, reply_to_message=message("y") | {"message_id": 39}))

    assert event.thread is None
    assert event.reply_to == f"{GROUP}:39"


def test_messages_go_to_the_room_of_their_topic() -> None:
    topic = {"message_thread_id": 7, "is_topic_message": True}
    other = {"message_thread_id": 9, "is_topic_message": True}

    rooms_heard = [
        [heard.room for heard in read({"message": message("x", FORUM, **more)}).heard]
        for more in (topic, other, {})
    ]

    assert rooms_heard == [["links"], [], ["general"]]


def test_a_reaction_is_told_to_each_room_of_its_chat() -> None:
    """Telegram doesn't say in which topic the message stands; the room that knows it lets it count."""
    change = {
        "chat": {"id": FORUM, "type": "supergroup", "title": "F"},
        "message_id": 40,
        "user": ANN,
        "date": int(NOW.timestamp()),
        "old_reaction": [],
        "new_reaction": [
            {"type": "emoji", "emoji": "❤"},
            {"type": "custom_emoji", "custom_emoji_id": "5"},
            {"type": "paid"},
            {"type": "emoji", "emoji": "👨‍💻"},
        ],
    }

    heard = read({"message_reaction": change}).heard

    assert [one.room for one in heard] == ["links", "general"]
    assert {one.event_id for one in heard} == {"123456:5"}
    [event] = {one.event for one in heard}
    assert isinstance(event, ReactionsOf)
    assert event.emojis == ("❤", "👨‍💻")


def test_the_edit_of_a_live_location_is_not_heard() -> None:
    edited = message() | {"location": {"longitude": 1.0, "latitude": 2.0}, "edit_date": 1_777_712_400}
    del edited["text"]

    assert read({"edited_message": edited}).heard == ()


def test_an_edit_bears_the_time_of_the_edit() -> None:
    later = int((NOW + timedelta(hours=1)).timestamp())

    [heard] = read({"edited_message": message() | {"edit_date": later}}).heard

    assert isinstance(heard.event, MessageEdited)
    assert heard.event.at == NOW + timedelta(hours=1)


def test_a_moved_chat_is_known_by_both_its_ids() -> None:
    basic, now = -4001, -1_001_000_000_099
    places = places_of([TelegramRoomConfig(name="group", chat=basic)], {"group": str(now)})

    assert [place.room for place in places.in_chat(basic)] == ["group"]
    assert [place.chat for place in places.in_chat(now)] == [now]


def test_what_is_remembered_of_a_move_does_not_outdo_a_config_that_names_another_group() -> None:
    places = places_of([TelegramRoomConfig(name="group", chat=GROUP)], {"group": "-1001000000099"})

    assert [place.chat for place in places.all] == [GROUP]


@pytest.mark.parametrize("message_id", ["", "12", "a:b", "1:", ":1", "m7"])
def test_an_id_that_is_not_telegrams_names_no_message(message_id: str) -> None:
    with pytest.raises(LookupError):
        split_key(message_id)


# Times of presses, which Telegram does not tell


def reaction_at(time: datetime) -> dict[str, Any]:
    return {"message_reaction": {"date": int(time.timestamp())}}


PRESS = {"callback_query": {"id": "1"}}
HOURS_AGO = NOW - timedelta(hours=3)


def test_a_press_is_now_where_nothing_waited() -> None:
    assert Timekeeper().times_of([PRESS], NOW, is_backlog=False) == [NOW]


def test_a_press_is_not_later_than_what_came_after_it() -> None:
    assert Timekeeper().times_of([PRESS, reaction_at(HOURS_AGO)], NOW, is_backlog=False)[0] == HOURS_AGO


def test_a_press_at_the_end_of_a_full_batch_is_as_old_as_what_came_before_it() -> None:
    updates = [reaction_at(HOURS_AGO), PRESS]

    assert Timekeeper().times_of(updates, NOW, is_backlog=True)[1] == HOURS_AGO
    assert Timekeeper().times_of(updates, NOW, is_backlog=False)[1] == NOW


def test_a_press_that_comes_right_behind_an_old_update_is_as_old() -> None:
    """By webhook updates come one by one, a backlog too."""
    times = Timekeeper()
    times.note([reaction_at(HOURS_AGO)], NOW)

    assert times.times_of([PRESS], NOW + timedelta(seconds=1), is_backlog=False) == [HOURS_AGO]
    assert times.times_of([PRESS], NOW + timedelta(hours=1), is_backlog=False) == [NOW + timedelta(hours=1)]


@pytest.mark.parametrize("seconds", [-20, 0, 20])
def test_a_clock_that_goes_wrong_puts_no_press_out_of_order(seconds: int) -> None:
    """Ben reacts, presses and reacts, a second apart; our clock is ahead or behind."""
    ours, times = timedelta(seconds=seconds), Timekeeper()
    times.note([reaction_at(NOW)], NOW + ours)

    [pressed] = times.times_of([PRESS], NOW + ours + timedelta(seconds=1), is_backlog=False)

    assert NOW <= pressed <= NOW + timedelta(seconds=2)


def test_counts_that_are_told_late_say_nothing_of_a_press() -> None:
    counts = {"message_reaction_count": {"date": int(HOURS_AGO.timestamp())}}

    assert Timekeeper().times_of([PRESS, counts], NOW, is_backlog=False)[0] == NOW


# Nothing trusts its shape


@given(some.dictionaries(some.text(max_size=20), JSON, max_size=4))
def test_what_is_said_of_an_unread_update_trusts_nothing(raw: dict[str, Any]) -> None:
    id_of(raw), chat_of(raw), date_of(raw)


@given(
    some.sampled_from(["message", "edited_message", "message_reaction", "callback_query", "my_chat_member"]),
    some.sampled_from(["chat", "from", "text", "date", "entities", "message_id", "reply_to_message", "user"]),
    JSON,
)
def test_a_broken_update_is_read_or_refused_and_never_heard_of_another_chat(
    kind: str, field: str, wrong: Any
) -> None:
    raw = json.loads(json.dumps({"update_id": 5, kind: message() | {field: wrong}}))

    try:
        news = read_update(raw, rooms(), BOT, pressed_at=NOW)
    except Exception:
        return
    assert {heard.room for heard in news.heard} <= {"group"}
