"""One person in two rooms: /link, step by step, and what it makes of their votes, words and rights."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.desk import Desk
from bot.events import Event, MessagePosted, ReactionsOf
from bot.hearing import DeskSettings
from bot.joining import ALPHABET, CODE_LENGTH, MOST_WRONG
from bot.pages.deeds import Deeds
from bot.pages.ops import Say
from storage.curators import count_curators, editor_names, identities_of
from storage.database import Database
from storage.invitations import invitation, invite
from storage.people_records import Identity, JoinCode, Role
from storage.room_messages import NewMessage, add_message, latest_messages, message_to_change, set_reactions
from storage.stories import story_by_number
from storage.web_people import admit, curator_named, curator_of_id, web_identity
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk that meets in two rooms."""
    return Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)


@pytest.fixture
def tower(room: FakeRoom) -> FakeRoom:
    """The other room."""
    tower = FakeRoom("tower", beside=[room])
    room.beside = [tower]
    return tower


def code_in(answer: str) -> str:
    return next(
        word for word in answer.replace(",", " ").split() if len(word) == CODE_LENGTH and word.isupper()
    )


async def become_one(desk: Desk, here: FakeRoom, me: str, there: FakeRoom, other: str) -> str:
    """Take all three steps; return what the bot says to the last."""
    code = code_in(await here.ask(desk, me, "/link"))
    await there.ask(desk, other, f"/link {code}")
    return await here.ask(desk, me, f"/link {code}")


# The three steps


async def test_a_code_answered_and_agreed_to_makes_one_person(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    given = await room.ask(desk, "ada", "/link")
    code = code_in(given)
    assert set(code) <= set(ALPHABET)
    assert "10 minutes" in given

    asked = await tower.ask(desk, "countess", f"/link {code.lower()}")
    assert asked == (
        f"Asked. Once ada agrees where the code comes from (the room web) with /link {code}, you are one "
        "person: what you may do here, ada may do too."
    )
    assert room.last.startswith("ada: countess (tower:countess) gave your code.")

    done = await room.ask(desk, "ada", f"/link {code}")
    assert done.startswith("Done: countess (tower:countess) is ada from now on.")
    async with desk.database.reading() as session:
        assert await count_curators(session) == 1


async def test_a_code_alone_joins_nobody(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    code = code_in(await room.ask(desk, "ada", "/link"))
    await tower.ask(desk, "mallory", f"/link {code}")
    await tower.ask(desk, "mallory", f"/link {code}")
    await tower.ask(desk, "ben", f"/link {code}")

    async with desk.database.reading() as session:
        assert await count_curators(session) == 3


async def test_ones_own_code_given_back_too_early_is_explained(desk: Desk, room: FakeRoom) -> None:
    code = code_in(await room.ask(desk, "ada", "/link"))

    assert f"Nobody has given {code} elsewhere yet." in await room.ask(desk, "ada", f"/link {code}")


async def test_who_gives_the_code_in_place_of_another_is_asked_about_first(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    code = code_in(await room.ask(desk, "ada", "/link"))
    await tower.ask(desk, "countess", f"/link {code}")
    await tower.ask(desk, "mallory", f"/link {code}")
    assert "mallory (tower:mallory) gave your code" in room.last

    waiting = await room.ask(desk, "ada", f"/link {code}")
    assert waiting.startswith("Wait: meanwhile mallory (tower:mallory) gave your code.")
    await tower.ask(desk, "countess", f"/link {code}")
    waiting = await room.ask(desk, "ada", f"/link {code}")
    assert waiting.startswith("Wait: meanwhile countess")

    assert "Done: countess" in await room.ask(desk, "ada", f"/link {code}")
    async with desk.database.reading() as session:
        assert await count_curators(session) == 2


async def test_a_new_code_ends_the_old_one(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    old = code_in(await room.ask(desk, "ada", "/link"))
    new = code_in(await room.ask(desk, "ada", "/link"))

    assert "no such code" in await tower.ask(desk, "countess", f"/link {old}")
    assert "Asked." in await tower.ask(desk, "countess", f"/link {new}")


async def test_a_code_ends_after_ten_minutes(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    code = code_in(await room.ask(desk, "ada", "/link"))
    later = Desk(desk.database, desk.settings, lambda: desk.clock() + timedelta(minutes=10))

    assert "its time is over" in await tower.ask(later, "countess", f"/link {code}")


async def test_guessing_is_stopped_for_a_while(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    moment = desk.clock()
    desk = Desk(desk.database, desk.settings, lambda: moment)
    code = code_in(await room.ask(desk, "ada", "/link"))
    for _ in range(MOST_WRONG):
        assert "no such code" in await tower.ask(desk, "mallory", "/link 000000")

    assert "Too many wrong codes. Try again in 10 minutes." in await tower.ask(
        desk, "mallory", f"/link {code}"
    )
    assert "Asked." in await tower.ask(desk, "countess", f"/link {code}")
    later = Desk(desk.database, desk.settings, lambda: moment + timedelta(minutes=10, seconds=1))
    assert "no such code" in await tower.ask(later, "mallory", "/link 000000")


async def test_a_code_used_is_used_up(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    code = code_in(await room.ask(desk, "ada", "/link"))
    await tower.ask(desk, "countess", f"/link {code}")
    await room.ask(desk, "ada", f"/link {code}")

    assert "no such code" in await tower.ask(desk, "mallory", f"/link {code}")


async def test_three_rooms_become_one_person_pair_by_pair(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    cellar = FakeRoom("cellar", beside=[room, tower])
    room.beside, tower.beside = [tower, cellar], [room, cellar]
    await cellar.write(desk, "lovelace", MOON)
    await become_one(desk, room, "ada", tower, "countess")
    await tower.ask(desk, "countess", "/short Reeds grow.")

    await become_one(desk, cellar, "lovelace", tower, "countess")

    async with desk.database.reading() as session:
        assert await count_curators(session) == 1
        known = await session.get(Identity, "tower:countess")
        assert known is not None
        assert len(await identities_of(session, known.curator_id)) == 4  # with the web room's for who stays
    assert "Undone: added a short" in await room.ask(desk, "ada", "/undo")


# What becomes of what they did


async def test_two_votes_of_one_person_count_once_and_every_card_is_redrawn(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    await room.write(desk, "ada", f"{MOON} {SUN}")
    await tower.react(desk, "countess", "🤓", story=1)
    await room.react(desk, "ben", "⚡", story=2)
    assert (room.card_of(1).score, room.card_of(1).pitched_by) == (2, "pitched by ada")

    await become_one(desk, tower, "countess", room, "ada")

    for place in (room, tower):
        assert (place.card_of(1).score, place.card_of(1).section) == (1, "Papers")
        assert place.card_of(2).score == 2
    assert "ada: became one with countess" in await room.ask(desk, "ben", "/why 1")
    assert "became one" not in await room.ask(desk, "ben", "/why 2")


async def test_after_joining_the_latest_reaction_in_either_room_decides(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    await room.write(desk, "ben", MOON)
    await become_one(desk, room, "ada", tower, "countess")

    await room.react(desk, "ada", "🤓")
    await tower.react(desk, "countess", "⚡")
    assert (room.card.score, room.card.section) == (2, "News")

    await room.unreact(desk, "ada", "🤓")
    assert (room.card.score, tower.card.score) == (1, 1)


async def test_the_same_link_from_both_rooms_is_one_vote(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    await become_one(desk, room, "ada", tower, "countess")
    await room.write(desk, "ada", MOON)

    again = await tower.write(desk, "countess", MOON)

    assert "it stands at 1" in tower.answer_to(again)
    assert (room.card.score, room.card.pitched_by) == (1, "pitched by ada")


async def test_deeds_of_before_are_ones_own_to_undo(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await tower.ask(desk, "countess", "/amend 1 title First words")
    await tower.ask(desk, "countess", "/amend 1 title Better words")
    await tower.ask(desk, "countess", "/section 1 news")

    await become_one(desk, room, "ada", tower, "countess")

    assert "Undone: chose News" in await room.ask(desk, "ada", "/undo")
    assert room.card.section == ""
    assert "Undone: changed title" in await room.ask(desk, "ada", "/undo 1")
    assert "now “Best words”" in await room.ask(desk, "ada", "/amend 1 title Best words")  # hers still
    assert "countess: changed title" in await room.ask(desk, "ada", "/why 1")


async def test_a_pitch_of_before_goes_with_its_message(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    message = await tower.write(desk, "countess", MOON)
    await become_one(desk, room, "ada", tower, "countess")

    assert "#1 is withdrawn" in await tower.delete(desk, "countess", message)


async def test_who_was_an_editor_stays_one_and_only_once(desk: Desk, room: FakeRoom, tower: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.react(desk, "ada", "👎")
    assert "against it" not in room.card.standing

    await become_one(desk, tower, "nora", room, "ada")

    assert "ada, an editor, is against it" in room.card.standing
    assert "is spiked" in await room.ask(desk, "ada", "/spike 1 old news")
    async with desk.database.reading() as session:
        assert await editor_names(session) == ("ada",)


async def test_what_stood_on_a_spiked_card_still_waits_for_it_to_open(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    await room.write(desk, "ben", MOON)
    await room.ask(desk, "nora", "/spike 1 old news")
    await room.react(desk, "ada", "⚡")
    await tower.react(desk, "countess", "🤓")
    await become_one(desk, room, "ada", tower, "countess")

    await room.ask(desk, "nora", "/restore 1")

    assert (room.card.score, room.card.section) == (2, "Papers")


async def test_two_accounts_in_one_room_keep_the_later_reaction(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ben", MOON)
    await room.react(desk, "ada", "👎")
    await room.react(desk, "countess", "🤓")

    await become_one(desk, room, "ada", room, "countess")

    assert (room.card.score, room.card.section) == (2, "Papers")


async def test_what_two_accounts_did_on_a_spiked_card_of_one_room_is_one_state(
    desk: Desk, room: FakeRoom
) -> None:
    await room.write(desk, "ben", MOON)
    await room.ask(desk, "nora", "/spike 1 old news")
    await room.react(desk, "ada", "⚡")
    await room.react(desk, "countess", "🤓")
    await become_one(desk, room, "countess", room, "ada")

    await room.ask(desk, "nora", "/restore 1")

    assert (room.card.score, room.card.section) == (2, "Papers")
    assert "voted +1" in await room.ask(desk, "ben", "/why 1")
    assert "chose News" not in await room.ask(desk, "ben", "/why 1")


@pytest.mark.parametrize(("first", "section"), [("🤓", ""), ("/section 1 papers", "Papers")])
async def test_ones_thumb_in_another_room_replaces_a_reaction_and_keeps_what_was_typed(
    desk: Desk, room: FakeRoom, tower: FakeRoom, first: str, section: str
) -> None:
    await room.write(desk, "ben", MOON)
    await become_one(desk, room, "ada", tower, "countess")
    if first.startswith("/"):
        await room.ask(desk, "ada", first)
    else:
        await room.react(desk, "ada", first)

    await tower.react(desk, "countess", "👍")

    assert (room.card.score, room.card.section) == (2, section)


@pytest.mark.parametrize(
    ("first", "then", "section"),
    [
        ("#papers", "reaction", "Papers"),
        ("/section 1 papers", "button", "Papers"),
        ("🤓", "button", "Papers"),
        ("🤓", "reaction", ""),
    ],
)
async def test_a_thumb_elsewhere_keeps_a_section_unless_both_are_reactions(
    desk: Desk, room: FakeRoom, tower: FakeRoom, first: str, then: str, section: str
) -> None:
    await room.write(desk, "ben", MOON)
    if first == "🤓":
        await room.react(desk, "ada", first)
    else:
        await room.write(desk, "ada", f"{MOON} {first}" if first.startswith("#") else first)
    if then == "button":
        await tower.press(desk, "countess", "up")
    else:
        await tower.react(desk, "countess", "👍")

    await become_one(desk, room, "ada", tower, "countess")

    assert (room.card.score, room.card.section) == (2, section)


# Votes: joined whenever, the same


EMOJIS = ("👍", "👎", "⚡", "🤓", "🔥")
Deed = tuple[int, tuple[str, ...], int]  # in which room, what stands then, when


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Deed], int]:
    """What one person does on a story's cards in two rooms, as it arrives, and when the two are joined."""
    count = draw(st.integers(1, 6))
    moments = draw(st.permutations(range(count))) if draw(st.booleans()) else list(range(count))
    states = st.lists(st.sampled_from(EMOJIS), unique=True, max_size=3).map(tuple)
    deeds = [(draw(st.integers(0, 1)), draw(states), moment) for moment in moments]
    return deeds, draw(st.integers(0, count))


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories())
async def test_whenever_two_are_joined_they_stand_as_one_person_whose_latest_state_counts(
    desk: Desk, room: FakeRoom, tower: FakeRoom, history: tuple[list[Deed], int]
) -> None:
    deeds, joined_at = history
    as_one = await standing_after(desk, (room, tower), deeds, joined_at=0)

    assert await standing_after(desk, (room, tower), deeds, joined_at=joined_at) == as_one


async def standing_after(
    desk: Desk, rooms: tuple[FakeRoom, FakeRoom], deeds: list[Deed], *, joined_at: int
) -> tuple[list[int], list[str]]:
    """Pitch a new story; let somebody new do this, and become one on the way; return votes and tags."""
    here, _ = rooms
    number = len(here.cards) + 1
    await here.write(desk, "ben", f"https://site.test/moon-{number}")
    names = (f"ada {number}", f"countess {number}")
    start = desk.clock() - timedelta(hours=1)
    for at, (place, emojis, moment) in enumerate([*deeds, (0, (), -1)]):
        if at == joined_at:
            await become_one_unseen(desk, rooms, names)
        if moment >= 0:
            room, when = rooms[place], start + timedelta(seconds=moment)
            card, person = room.card_id(number), room.person(names[place])
            event: Event = ReactionsOf(card, person, emojis, when)
            await room.store(desk, names[place], event)
            await desk.catch_up()
    async with desk.database.reading() as session:
        story = await story_by_number(session, desk.settings.name, number)
    assert story is not None
    voters = [vote.curator_id for vote in story.votes]
    assert len(voters) == len(set(voters)) <= 2
    return sorted(vote.weight for vote in story.votes if vote.weight), [tag.section for tag in story.tags]


async def become_one_unseen(desk: Desk, rooms: tuple[FakeRoom, FakeRoom], names: tuple[str, str]) -> None:
    """Take all three steps, without looking at what the bot says."""
    code = ""
    for step in (0, 1, 0):
        room, name = rooms[step], names[step]
        asked = MessagePosted(room.platform.new_id(), room.person(name), f"/link {code}", desk.clock())
        await room.store(desk, name, asked)
        await desk.catch_up()
        async with desk.database.reading() as session:
            code = await session.scalar(select(JoinCode.code)) or ""
    assert code == ""


# In the web room


async def web_person(database: Database, desk: Desk, name: str, role: Role = Role.CURATOR) -> int:
    """Let somebody sign in; return their id."""
    async with database.transaction() as session:
        token = await invite(session, role, name=name, now=desk.clock())
        found = await invitation(session, token)
        assert found is not None
        return (await admit(session, found, name, desk.clock())).id


async def test_who_is_signed_in_stays_so_as_who_they_are_now(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    await tower.write(desk, "countess", "good morning")
    signed_in = await web_person(desk.database, desk, "ada")
    identity = web_identity(signed_in).removeprefix("web:")
    room.people.add(identity)

    assert "Done: ada" in await become_one(desk, tower, "countess", room, identity)

    async with desk.database.reading() as session:
        now = await curator_of_id(session, signed_in)
        named = await curator_named(session, "Ada")
    assert now is not None
    assert named is not None
    assert (now.name, named.id) == ("countess", now.id)  # the name stays theirs: nobody else signs in by it
    await room.write(desk, str(now.id), MOON)
    assert room.card.pitched_by == "pitched by countess"
    async with desk.database.reading() as session:
        assert await count_curators(session) == 1


async def test_messages_and_reactions_in_the_web_room_are_the_one_persons(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    await tower.write(desk, "countess", "good morning")
    ada = await web_person(desk.database, desk, "ada")
    lin = await web_person(desk.database, desk, "lin")
    async with desk.database.transaction() as session:
        said = await add_message(session, "web", NewMessage("k1", "hello", ada), desk.clock())
        for curator, emojis in ((lin, ("👍", "⚡")), (ada, ("👍",))):
            message = await message_to_change(session, "web", said)
            assert message is not None
            await set_reactions(session, message, curator, emojis)
    room.people |= {str(ada), str(lin)}

    await become_one(desk, tower, "countess", room, str(ada))
    await become_one(desk, tower, "countess", room, str(lin))

    async with desk.database.reading() as session:
        [message] = await latest_messages(session, "web", limit=10)
    assert message.curator is not None
    assert message.curator.name == "countess"
    assert [(r.emoji, r.curator.name if r.curator else "") for r in message.reactions] == [("👍", "countess")]
    assert message.change > 3


async def test_a_browser_that_was_open_meanwhile_speaks_as_who_they_are_now(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    await tower.write(desk, "countess", "good morning")
    async with desk.database.reading() as session:
        countess = await session.get(Identity, "tower:countess")
    signed_in = await web_person(desk.database, desk, "ada")
    async with desk.database.reading() as session:
        as_before = await curator_of_id(session, signed_in)
    room.people.add(str(signed_in))
    await become_one(desk, tower, "countess", room, str(signed_in))
    deeds = Deeds(desk.database, desk.settings.name, "web", frozenset(), desk.clock)

    assert as_before is not None
    await deeds.carry_out(as_before, Say("k1", MOON, reply_to=None))
    await room.settle(desk)

    async with desk.database.reading() as session:
        [message] = await latest_messages(session, "web", limit=1)
    assert countess is not None
    assert message.curator_id == countess.curator_id
    assert room.card.pitched_by == "pitched by countess"


async def test_an_invitation_lets_nobody_in_as_a_namesake_from_another_platform(
    desk: Desk, tower: FakeRoom
) -> None:
    await tower.write(desk, "olga the editor", "good morning")

    olga = await web_person(desk.database, desk, "olga the editor", Role.EDITOR)

    async with desk.database.reading() as session:
        assert await identities_of(session, olga) == [f"web:{olga}"]


# Names


async def test_people_are_called_what_their_platform_calls_them_now(
    desk: Desk, room: FakeRoom, tower: FakeRoom
) -> None:
    async def say(name: str, text: str) -> None:
        message = tower.platform.new_id()
        event = MessagePosted(message, "tower:7", text, desk.clock(), name=name)
        tower.people.add("seven")
        await tower.store(desk, "seven", event)
        await tower.settle(desk)

    await say("  Ada\u202e of\n the\x07 Tower ", MOON)
    assert tower.card.pitched_by == "pitched by Ada of the Tower"

    await say("A" * 200, SUN)
    assert tower.card.pitched_by == f"pitched by {'A' * 80}"

    await say("\u202e", "hello")
    await say("Ada", "/short Reeds grow.")
    code = code_in(await room.ask(desk, "ada", "/link"))
    await say("Ada", f"/link {code}")
    assert "Ada (tower:7) gave your code" in room.last
    await room.ask(desk, "ada", f"/link {code}")
    await say("Somebody else", "hello")
    await tower.write(desk, "ben", MOON)
    assert tower.card_of(1).pitched_by == "pitched by Ada, ben"


async def test_somebody_without_a_readable_name_is_called_by_their_number(
    desk: Desk, tower: FakeRoom
) -> None:
    tower.people.add("seven")
    event = MessagePosted("m99", "tower:7", MOON, desk.clock(), name="\u200b\u202e")
    tower.platform.messages["m99"] = MOON
    await tower.store(desk, "seven", event)
    await tower.settle(desk)

    assert tower.card.pitched_by == "pitched by tower:7"
