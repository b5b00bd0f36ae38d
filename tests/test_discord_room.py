"""People pitch, vote and talk in a Discord channel; the real client speaks with the project's own server."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.discord_desk import PALETTE, DiscordHouse, discord_house
from tests.discord_server import until

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture(params=["sqlite"])
def shared_database(sqlite_database: Database) -> Database:
    """These tests are about Discord: one database will do."""
    return sqlite_database


@pytest.fixture
async def house(database: Database) -> AsyncIterator[DiscordHouse]:
    async with discord_house(database) as house:
        yield house


async def test_a_link_becomes_a_card_with_the_palette_under_it(house: DiscordHouse) -> None:
    said = await house.server.say(house.channel, "ada", f"look {MOON}")

    card = await house.card()
    assert card.embeds[0]["title"] == "#1 Wet moon"
    assert card.pings == ()
    assert list(card.reactions) == list(PALETTE)
    await until(lambda: house.server.message(said).reactions.get("👀"), what="for the receipt")


async def test_reactions_are_votes_and_tags_and_can_be_taken_back(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    server = house.server

    await server.react("ben", card, "🤓")
    await house.scores(2)
    assert await house.newsroom.people("section:papers") == ("ben",)
    await server.unreact("ben", card, "🤓")
    await house.scores(1)
    await server.react("ben", card, "👎")
    await house.scores(0)
