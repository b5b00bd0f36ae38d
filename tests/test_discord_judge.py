"""The Discord room before an independent judge: simcord's Discord, which we did not write.

simcord takes the place of the network below discord.py. It forgets nonces, and does not say whose message a
reaction is on; it refuses what Discord refuses.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.rooms.discord.client import intents
from bot.rooms.room import Post, RoomTroubleError, Trouble
from storage.database import Database
from tests.discord_desk import PALETTE, DiscordNewsroom, discord_config, eventually
from tests.discord_server import until

simcord = pytest.importorskip("simcord", reason="simcord is not installed")

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture(params=["sqlite"])
def shared_database(sqlite_database: Database) -> Database:
    return sqlite_database


@dataclass
class Court:
    """simcord's guild with #desk, three people, and the newsroom."""

    env: Any
    database: Database
    people: dict[str, Any] = field(default_factory=dict)
    looks: "itertools.count[int]" = field(default_factory=itertools.count)

    async def open(self) -> None:
        self.guild = self.env.create_guild()
        self.channel = self.guild.create_text_channel("desk")
        for name in ("ada", "ben", "cleo"):
            self.people[name] = self.guild.add_member(self.env.create_user(name))
        await self.start()

    def clock(self) -> datetime:
        """Return simcord's time, which stands still by itself, and a little more at each look."""
        now: datetime = self.env.now() + timedelta(seconds=next(self.looks) / 50)
        return now

    async def start(self) -> None:
        config = discord_config(str(self.channel.id))
        self.newsroom = DiscordNewsroom(self.database, config, "token", clock=self.clock)
        await self.env.restart_bot(self.newsroom.platform.new_client())
        with self.env.time_context():  # what answers interactions is simcord's too
            await self.newsroom.start(connect=False)
        await until(lambda: self.newsroom.platform.seen.caught_up, what="for the first look around")

    async def stop(self) -> None:
        await self.newsroom.stop()

    async def say(self, who: str, text: str, **about: Any) -> Any:
        return await self.people[who].send(about.pop("channel", self.channel), text, **about)

    async def react(self, who: str, message: Any, emoji: str) -> None:
        await self.people[who].react(message, emoji)

    def from_bot(self, channel: Any = None) -> list[discord.Message]:
        return [one for one in (channel or self.channel).history() if one.author.bot]

    def cards(self, channel: Any = None) -> list[discord.Message]:
        return [one for one in self.from_bot(channel) if one.embeds]

    async def card(self, number: int = 1, channel: Any = None) -> discord.Message:
        def seeded() -> list[discord.Message]:
            cards = self.cards(channel)[number - 1 : number]
            return [card for card in cards if {str(r.emoji) for r in card.reactions} >= set(PALETTE)]

        return (await until(seeded, what="for a card with its palette"))[0]

    async def scores(self, score: int) -> None:
        async def is_so() -> bool:
            return await self.newsroom.score() == score

        await eventually(is_so, what=f"for the score {score}")

    async def hears(self, word: str) -> discord.Message:
        return (await until(lambda: [m for m in self.from_bot() if word in m.content], what=f"for {word!r}"))[
            0
        ]


@asynccontextmanager
async def courtroom(database: Database) -> AsyncIterator[Court]:
    """Open the court; no fixture, since simcord wants to end in the task in which it began."""
    async with simcord.run(discord.Client(intents=intents())) as env:
        court = Court(env, database)
        await court.open()
        try:
            yield court
        finally:
            await court.stop()


async def test_a_link_becomes_a_seeded_card_and_reactions_are_votes(database: Database) -> None:
    async with courtroom(database) as court:
        said = await court.say("ada", f"look {MOON}")
        card = await court.card()
        assert card.embeds[0].title == "#1 Wet moon"

        await court.react("ben", card, "🤓")
        await court.scores(2)
        await court.people["ben"].unreact(card, "🤓")
        await court.scores(1)
        await court.react("cleo", card, "👎")
        await court.scores(0)
        await until(lambda: "👀" in [str(r.emoji) for r in court.channel.history()[0].reactions])
        assert said.id == court.channel.history()[0].id


async def test_reactions_on_peoples_messages_are_not_stored(database: Database) -> None:
    async with courtroom(database) as court:
        said = await court.say("ada", MOON)
        card = await court.card()

        await court.react("ben", said, "👍")
        await court.react("ben", card, "👍")
        await court.scores(2)

        assert len(await court.newsroom.events("ReactionsOf")) == 1


async def test_edits_and_deletions_change_what_was_pitched(database: Database) -> None:
    async with courtroom(database) as court:
        said = await court.say("ada", MOON)
        await court.card()

        await court.people["ada"].edit(said, SUN)
        await court.card(2)
        await court.hears("#1 is withdrawn")
        await court.people["ada"].delete(said)
        await court.hears("#2 is withdrawn")


async def test_a_thread_is_part_of_its_room(database: Database) -> None:
    async with courtroom(database) as court:
        channel = court.newsroom.platform.client().get_channel(court.channel.id)
        assert isinstance(channel, discord.TextChannel)
        kind = discord.ChannelType.public_thread
        rockets = await channel.create_thread(name="rockets", type=kind)
        [thread] = [one for one in court.channel.threads if one.id == rockets.id]

        await court.say("ada", MOON, channel=thread)
        card = await court.card(channel=thread)
        await court.react("ben", card, "👍")

        await court.scores(2)
        assert court.cards() == []


async def test_slash_commands_are_offered_completed_and_answered(database: Database) -> None:
    async with courtroom(database) as court:
        await court.say("ada", MOON)
        await court.card()
        ben = court.people["ben"]
        await until(lambda: "slate" in ben.available_commands(court.channel))

        offered = await ben.autocomplete(court.channel, "story", "story", "wet")
        assert [(one["name"], one["value"]) for one in offered] == [("#1 Wet moon", 1)]
        result = await ben.slash(court.channel, "story", story=1)
        await until(lambda: result.acknowledged)
        await until(lambda: result.response is not None and "Wet moon" in result.response.content)
        assert not result.ephemeral
        assert [event["text"] for event in await court.newsroom.events("CommandGiven")] == ["/story 1"]


async def test_buttons_survive_a_restart(database: Database) -> None:
    async with courtroom(database) as court:
        await court.say("ada", MOON)
        card = await court.card()
        await court.stop()
        await court.start()

        result = await court.people["ben"].click(card, custom_id="section:papers")

        await court.scores(2)
        assert await court.newsroom.people("section:papers") == ("ben",)
        await until(lambda: result.acknowledged)


async def test_a_story_is_amended_in_a_form_that_survives_a_restart(database: Database) -> None:
    async with courtroom(database) as court:
        await court.say("ada", MOON)
        card = await court.card()
        ben = court.people["ben"]

        shown = await ben.click(card, custom_id="amend")
        assert shown.modal["title"] == "#1 Wet moon"
        submitted = await ben.submit_modal(
            shown, {"title": "Moon, wet", "source": "The Marsh", "summary": "Wet moon in short."}
        )

        await until(lambda: court.cards()[0].embeds[0].title == "#1 Moon, wet")
        await until(lambda: len(submitted.followups) == 1)
        assert [event["text"] for event in await court.newsroom.events("CommandGiven")] == [
            "/amend 1 title Moon, wet",
            "/amend 1 source The Marsh",
        ]


async def test_what_happens_while_the_newsroom_is_down_is_found(database: Database) -> None:
    async with courtroom(database) as court:
        said = await court.say("ada", MOON)
        card = await court.card()
        await court.react("ben", card, "👍")
        await court.scores(2)
        await court.stop()
        await court.env.restart_bot(discord.Client(intents=intents()))

        await court.react("cleo", card, "⚡")
        await court.people["ben"].unreact(card, "👍")
        await court.say("ben", SUN)
        await court.people["ada"].edit(said, f"{MOON} #papers")
        await court.start()

        await court.card(2)
        await court.scores(2)
        await court.hears("found 2 changes of messages and 2 of reactions")
        assert set(await court.newsroom.people("section:news")) == {"cleo"}


async def test_an_unsure_answer_is_not_said_twice(database: Database) -> None:
    async with courtroom(database) as court:
        room = court.newsroom.platform.rooms["discord"]
        mark = await room.bookmark()
        with court.env.time_context():
            first = await room.post(Post("one", "only once"))
            again = await room.post(Post("one", "only once", tried=mark))
            other = await room.post(Post("two", "something else", tried=mark))

        assert again == first != other
        assert [one.content for one in court.from_bot()] == ["only once", "something else"]


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [(403, 50013, Trouble.RIGHT), (403, 50001, Trouble.GONE), (503, 0, Trouble.UNREACHABLE)],
)
async def test_refusals_are_told_apart(database: Database, status: int, code: int, trouble: Trouble) -> None:
    async with courtroom(database) as court:
        court.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
        room = court.newsroom.platform.rooms["discord"]

        with pytest.raises(RoomTroubleError) as raised:
            await room.post(Post("one", "hello"))

        assert raised.value.trouble is trouble


async def test_what_goes_out_keeps_discords_limits(database: Database) -> None:
    async with courtroom(database) as court:
        room = court.newsroom.platform.rooms["discord"]

        await room.post(Post("one", "\n".join(f"{n} @everyone **{'x' * 300}**" for n in range(30))))
        await court.say("ada", MOON)
        await court.card()
        await court.say("ben", f"/amend 1 summary {'word ' * 390}")
        await until(lambda: "word word" in (court.cards()[0].embeds[0].description or ""))

        assert all(len(one.content) <= 2000 for one in court.from_bot())
        assert not any(one.mention_everyone for one in court.from_bot())


async def test_a_missing_intent_is_refused_at_the_door(database: Database) -> None:
    approved = discord.Intents.default()  # without message content

    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with simcord.run(discord.Client(intents=intents()), approved_intents=approved):
            await asyncio.sleep(0)
