"""The web room over its WebSocket: real sockets, on both databases. The tests play the desk."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.events import ButtonPressed, MessageDeleted, MessageEdited, MessagePosted, ReactionsOf, from_payload
from bot.pages.allowance import Allowance
from bot.pages.ops import LONGEST_TEXT, RefusedError, read_op
from bot.pages.room_sockets import LARGEST_FRAME
from bot.rooms.room import Post, PostFile
from storage.event_records import InboxEvent
from storage.people_records import Role
from storage.room_messages import NewMessage, add_message
from tests.conftest import BOTH
from tests.postgres import PostgresServer
from tests.web_desk import CARD, WebDesk, new_file, voted, web_desk
from tests.web_visitor import Visitor


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[WebDesk]:
    async with web_desk(database_url) as opened:
        yield opened


@pytest.fixture
async def ada(desk: WebDesk) -> AsyncIterator[Visitor]:
    async with Visitor(desk, await desk.person("Ada")) as visitor:
        yield visitor


@pytest.fixture
async def ben(desk: WebDesk) -> AsyncIterator[Visitor]:
    async with Visitor(desk, await desk.person("Ben", Role.EDITOR)) as visitor:
        yield visitor


async def events(desk: WebDesk) -> list[Any]:
    async with desk.database.reading() as session:
        rows = (await session.scalars(select(InboxEvent).order_by(InboxEvent.id))).all()
    return [from_payload(row.payload) for row in rows]


async def talk(desk: WebDesk, many: int) -> list[int]:
    """Post many messages at once; return their ids."""
    async with desk.database.transaction() as session:
        return [
            await add_message(session, "web", NewMessage(f"talk:{number}", "talk"), desk.now())
            for number in range(many)
        ]


async def test_what_one_writes_the_others_see_and_the_desk_finds_in_its_inbox(
    desk: WebDesk, ada: Visitor, ben: Visitor
) -> None:
    message = await ada.do("say", text="https://marsh.test/reeds #news", reply_to=None)
    await ben.see_all()

    shown = ben.messages[message]
    assert (shown["author"]["name"], shown["text"]) == ("Ada", "https://marsh.test/reeds #news")
    [event] = await events(desk)
    assert isinstance(event, MessagePosted)
    assert (event.message_id, event.person) == (str(message), f"web:{ada.curator.id}")
    assert desk.wakes == 1


async def test_an_op_is_on_disk_before_it_is_acknowledged(ada: Visitor, database_url: str) -> None:
    message = await ada.do("say", text="first", reply_to=None)

    async with web_desk(database_url) as after_a_crash:
        [event] = await events(after_a_crash)

    assert event.message_id == str(message)


async def test_the_same_op_sent_again_takes_effect_once(desk: WebDesk, ada: Visitor) -> None:
    for _ in range(3):
        await ada.send(op="say", key="once", text="only once", reply_to=None)
    await ada.hear_until(lambda: "once" in ada.stored)
    message = ada.stored["once"]
    for key, op in [("e", {"op": "edit", "text": "changed"}), ("d", {"op": "delete"})]:
        for _ in range(2):
            ada.outbox.append({"key": key, "message": message, **op})
            await ada.flush()

    kinds = [type(event) for event in await events(desk)]
    assert kinds == [MessagePosted, MessageEdited, MessageDeleted]
    assert ada.refused == []


async def test_two_sockets_that_resend_one_op_at_once_store_it_once(desk: WebDesk, ada: Visitor) -> None:
    async with Visitor(desk, ada.curator) as second:
        await asyncio.gather(
            *(visitor.send(op="say", key="same", text="hello", reply_to=None) for visitor in (ada, second))
        )
        for visitor in (ada, second):
            await visitor.hear_until(lambda visitor=visitor: "same" in visitor.stored)  # type: ignore[misc]

    assert ada.stored == second.stored
    assert len(await events(desk)) == 1


async def test_a_deleted_message_leaves_a_tombstone_without_its_words(ada: Visitor, ben: Visitor) -> None:
    message = await ada.do("say", text="a slip", reply_to=None)
    await ben.do("react", message=message, emojis=["👍"])

    await ada.do("delete", message=message)

    await ben.see_all()
    shown = ben.messages[message]
    assert (shown["text"], shown["reactions"]) == ("", [])


async def test_nobody_edits_or_deletes_the_words_of_another(
    desk: WebDesk, ada: Visitor, ben: Visitor
) -> None:
    message = await ada.do("say", text="mine", reply_to=None)
    bots = int(await desk.room.post(Post("bot:1", "the bot's")))

    await ben.do("edit", message=message, text="yours")
    await ben.do("delete", message=message)
    await ben.do("edit", message=bots, text="yours")

    assert [frame["why"] for frame in ben.refused] == ["Only the author can change a message."] * 3
    assert len(await events(desk)) == 1


async def test_reactions_are_states_kept_in_the_order_chosen(
    desk: WebDesk, ada: Visitor, ben: Visitor
) -> None:
    message = int(await desk.room.post(Post("card:1", card=CARD)))
    await ben.do("react", message=message, emojis=["⚡"])

    await ada.do("react", message=message, emojis=["🤓"])
    await ada.do("react", message=message, emojis=["🤓", "⚡"])

    await ben.see_all()
    mine = [
        (person["place"], pill["emoji"])
        for pill in ben.messages[message]["reactions"]
        for person in pill["people"]
        if person["name"] == "Ada"
    ]
    assert [emoji for _, emoji in sorted(mine)] == ["🤓", "⚡"]
    last = (await events(desk))[-1]
    assert isinstance(last, ReactionsOf)
    assert last.emojis == ("🤓", "⚡")


async def test_an_emoji_outside_the_palette_is_taken_only_where_it_stands_already(
    desk: WebDesk, ada: Visitor
) -> None:
    message = await ada.do("say", text="https://marsh.test", reply_to=None)

    await ada.do("react", message=message, emojis=["👀"])
    await desk.room.react(str(message), "👀")
    await ada.do("react", message=message, emojis=["👀"])

    assert [frame["why"] for frame in ada.refused] == ["This emoji has no meaning in this room."]
    await ada.see_all()
    assert len(ada.messages[message]["reactions"][0]["people"]) == 1


async def test_a_pressed_button_reaches_the_desk_and_the_redrawn_card_reaches_everyone(
    desk: WebDesk, ada: Visitor, ben: Visitor
) -> None:
    message = await desk.room.post(Post("card:1", card=CARD))

    await ada.do("press", message=int(message), button="up")
    await desk.room.redraw(message, voted(CARD, "Ada"))

    [event] = await events(desk)
    assert isinstance(event, ButtonPressed)
    assert event.button == "up"
    await ben.see_all()
    assert ben.messages[int(message)]["card"]["score"] == 1


async def test_a_button_that_the_card_does_not_have_is_refused(desk: WebDesk, ada: Visitor) -> None:
    message = await desk.room.post(Post("card:1", card=CARD))

    await ada.do("press", message=int(message), button="section:sport")

    assert [frame["why"] for frame in ada.refused] == ["This message does not have that button any more."]


async def test_the_desk_posts_each_key_once_and_gives_the_same_id_again(desk: WebDesk, ada: Visitor) -> None:
    first = await desk.room.post(Post("card:1", card=CARD))

    again = await desk.room.post(Post("card:1", text="never shown"))

    assert again == first
    await ada.see_all()
    assert len(ada.messages) == 1


async def test_a_card_drawn_alike_is_no_change(desk: WebDesk, ada: Visitor) -> None:
    message = await desk.room.post(Post("card:1", card=CARD))
    before = await desk.front.feed.last_change()

    await desk.room.redraw(message, replace(CARD))
    await desk.room.react(message, "👍")
    await desk.room.react(message, "👍")

    assert await desk.front.feed.last_change() == before + 1


async def test_the_bot_has_one_reaction_on_a_message(desk: WebDesk, ada: Visitor) -> None:
    message = await ada.do("say", text="https://marsh.test", reply_to=None)

    await desk.room.react(str(message), "👀")
    await desk.room.react(str(message), "👍")

    await ada.see_all()
    assert ada.messages[message]["reactions"] == [{"emoji": "👍", "people": [], "bot": True}]


async def test_the_desk_hears_of_a_message_that_is_not_there(desk: WebDesk) -> None:
    with pytest.raises(LookupError):
        await desk.room.redraw("77", CARD)
    with pytest.raises(LookupError):
        await desk.room.react("77", "👍")


async def test_a_reply_quotes_what_it_answers(desk: WebDesk, ada: Visitor) -> None:
    card = await desk.room.post(Post("card:1", card=CARD))

    message = await ada.do("say", text="/text 1", reply_to=int(card))

    await ada.see_all()
    assert ada.messages[message]["reply_to"]["excerpt"] == CARD.title
    [event] = await events(desk)
    assert event.reply_to == card


async def test_who_comes_back_is_told_exactly_what_they_missed(
    desk: WebDesk, ada: Visitor, ben: Visitor
) -> None:
    await ada.do("say", text="early", reply_to=None)
    await ben.see_all()
    await ben.leave()
    late = await ada.do("say", text="late", reply_to=None)
    await ada.do("edit", message=late, text="later")

    await ben.connect()
    frame = await ben.hear()
    while frame["op"] != "changes":
        frame = await ben.hear()

    assert [(message["id"], message["text"]) for message in frame["messages"]] == [(late, "later")]


async def test_a_browser_that_knows_another_database_begins_anew(desk: WebDesk, ada: Visitor) -> None:
    message = await ada.do("say", text="hello", reply_to=None)
    await ada.leave()
    ada.since, ada.messages = 1000, {999: {"id": 999}}

    await ada.connect()
    await ada.hear_until(lambda: ada.since < 1000)

    assert list(ada.messages) == [message]


async def test_a_newcomer_sees_the_latest_messages_and_every_open_card(desk: WebDesk) -> None:
    open_card = int(await desk.room.post(Post("card:1", card=CARD)))
    await desk.room.post(Post("card:2", card=replace(CARD, number=2, state="spiked")))
    ids = await talk(desk, 210)

    async with Visitor(desk, await desk.person("Cy")) as cy:
        await cy.see_all()

    assert list(cy.messages) == [open_card, *ids[-200:]]


async def test_a_long_absence_is_made_up_page_by_page(desk: WebDesk) -> None:
    await desk.room.post(Post("first", "talk"))
    async with Visitor(desk, await desk.person("Cy")) as cy:
        await cy.catch_up(1)
        await cy.leave()
        await talk(desk, 450)

        await cy.connect()
        await cy.catch_up(451)

        assert len(cy.messages) == 451


async def test_changes_of_another_process_are_noticed(ada: Visitor, database_url: str) -> None:
    async with web_desk(database_url) as worker:
        message = int(await worker.room.post(Post("card:1", card=CARD)))

        await ada.see_all()

    assert ada.messages[message]["card"] == json.loads(json.dumps(asdict(CARD)))


async def test_who_is_here_is_told_when_people_come_and_go(desk: WebDesk, ada: Visitor) -> None:
    ben = Visitor(desk, await desk.person("Ben"))
    await ben.connect()
    await ada.hear_until(lambda: ada.here == ["Ada", "Ben"])

    await ben.leave()

    await ada.hear_until(lambda: ada.here == ["Ada"])


async def test_a_flood_is_refused_with_the_time_to_wait(desk: WebDesk, ada: Visitor) -> None:
    now = [0.0]
    desk.front.allowance = Allowance(lambda: now[0], burst=2, each_second=0.5)

    for _ in range(3):
        await ada.do("say", text="again", reply_to=None)
    [refusal] = ada.refused
    now[0] += refusal["retry"]
    stored = await ada.do("say", text="again", reply_to=None)

    assert refusal["retry"] == 2.0
    assert stored


async def test_a_text_that_is_too_long_is_refused_with_the_limit(desk: WebDesk, ada: Visitor) -> None:
    await ada.do("say", text="长" * LONGEST_TEXT, reply_to=None)

    await ada.do("say", text="长" * (LONGEST_TEXT + 1), reply_to=None)

    assert [frame["why"] for frame in ada.refused] == [
        f"A message has at most {LONGEST_TEXT} characters. Send it in parts."
    ]
    assert len(await events(desk)) == 1


async def test_a_frame_beyond_the_cap_ends_the_connection(ada: Visitor) -> None:
    await ada.send_text("x" * (LARGEST_FRAME + 1))

    with pytest.raises(TypeError):  # a close frame instead of JSON
        await ada.hear_until(lambda: False)


async def test_a_message_that_does_not_exist_is_refused(ada: Visitor) -> None:
    for op in ("delete", "react", "press"):
        await ada.do(op, message=2**31 - 1, emojis=[], button="up")
    await ada.do("say", text="to nobody", reply_to=12)

    assert [frame["why"] for frame in ada.refused] == ["This message is gone."] * 4


@pytest.mark.parametrize("origin", ["https://elsewhere.test", "null"])
async def test_a_page_of_another_site_gets_no_socket(desk: WebDesk, origin: str) -> None:
    visitor = Visitor(desk, await desk.person("Ada"))

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await visitor.connect(origin=origin)

    assert refused.value.status == 403
    assert visitor._client is not None
    await visitor._client.close()


async def test_who_is_not_signed_in_gets_no_socket(desk: WebDesk) -> None:
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(f"{desk.address}/socket", headers={"Origin": desk.address})

    assert refused.value.status == 401


async def test_the_room_survives_whatever_is_sent(ada: Visitor) -> None:
    for text in ["", "{", "[]", "3", '"x"', '{"op":"say"}', "[" * 5000, '{"op":"hello","since":-1}', "{}"]:
        await ada.send_text(text)
    await ada.hear_until(lambda: len(ada.refused) == 9)

    assert await ada.do("say", text="still here", reply_to=None)


async def test_words_that_no_database_takes_are_mended(desk: WebDesk, ada: Visitor) -> None:
    message = await ada.do("say", text="a\x00b \ud800 c\r\nd\x1b", reply_to=None)

    await ada.see_all()
    assert ada.messages[message]["text"] == "ab ? c\nd"


async def test_a_file_is_named_in_the_room_and_kept_out_of_the_frame(desk: WebDesk, ada: Visitor) -> None:
    message = int(await desk.room.post(Post("preview", "Here it is", file=PostFile("2 May.md", "# 五月\n"))))

    await ada.see_all()

    assert ada.messages[message]["file"] == {"name": "2 May.md", "bytes": 9}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
frames = st.fixed_dictionaries(
    {"op": st.sampled_from(["hello", "ping", "say", "edit", "delete", "react", "press", "x"])},
    optional=dict.fromkeys(("key", "since", "message", "text", "reply_to", "emojis", "button"), json_values),
)


@given(st.text(max_size=40) | st.one_of(frames, json_values).map(json.dumps))
def test_any_frame_is_an_op_or_refused(frame: str) -> None:
    try:
        read_op(frame)
    except RefusedError as refused:
        assert refused.word.startswith("refused.")


steps = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(
            ["say", "say", "edit", "delete", "react", "react", "press", "bot", "drop", "vanish", "restart"]
        ),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=25,
)


@pytest.mark.parametrize("kind", BOTH)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=steps)
def test_two_browsers_end_as_the_database_stands_whatever_connections_do(
    kind: str, plan: list[tuple[int, str, int]], request: pytest.FixtureRequest
) -> None:
    with new_database(kind, request) as url:
        asyncio.run(play(url, plan))


@contextmanager
def new_database(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Make a database for one example; a fixture would serve them all with the same."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield new_file(Path(folder), request.getfixturevalue("migrated_file"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


async def play(url: str, plan: list[tuple[int, str, int]]) -> None:
    async with web_desk(url) as desk:
        visitors = [Visitor(desk, await desk.person(name)) for name in ("Ada", "Ben")]
        await desk.room.post(Post("card:0", card=CARD))
        for number, (who, action, choice) in enumerate(plan):
            desk.front.allowance = Allowance(time.monotonic, burst=1000)
            await step(desk, visitors, visitors[who], action, choice, number)
        for visitor in visitors:
            await come_back(visitor)
        for visitor in visitors:
            await visitor.see_all()
        expected = json.loads((await desk.front.feed.first_changes()).frame)["messages"]
        for visitor in visitors:
            assert [visitor.messages[id_] for id_ in sorted(visitor.messages)] == expected
            await visitor.leave()
        posted = [event for event in await events(desk) if isinstance(event, MessagePosted)]
        assert len(posted) == sum(1 for message in expected if message["author"])


async def step(
    desk: WebDesk, visitors: list[Visitor], visitor: Visitor, action: str, choice: int, number: int
) -> None:
    target = 1 + choice % max(1, len(visitor.messages))
    match action:
        case "restart":
            for each in visitors:
                if each.is_connected:
                    await each.vanish()
            await desk.close()
            await desk.open()
            desk.front.allowance = Allowance(time.monotonic, burst=1000)
        case "bot":
            await desk.room.post(Post(f"bot:{number}", f"bot {number}"))
            await desk.room.redraw("1", replace(CARD, score=choice))
            await desk.room.react(str(1), "👀" if choice % 2 else "👍")
        case "drop":
            await visitor.leave()
        case "vanish":
            await come_back(visitor)
            visitor.note("say", text=f"{number} unheard", reply_to=None)
            await visitor.send(**visitor.outbox[0])
            await visitor.vanish()
        case "say":
            await come_back(visitor)
            await visitor.do("say", text=f"says {number}", reply_to=None)
        case "edit" | "delete" | "press":
            await come_back(visitor)
            await visitor.do(action, message=target, text=f"edited {number}", button="up")
        case "react":
            await come_back(visitor)
            await visitor.do("react", message=target, emojis=["👍", "⚡", "🤓"][: choice % 4])


async def come_back(visitor: Visitor) -> None:
    if not visitor.is_connected:
        await visitor.connect()
        await visitor.flush()
