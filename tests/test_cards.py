"""Which cards are to be drawn anew: a change that comes meanwhile is never lost."""

from bot.desk import Desk
from storage.cards import mark_drawn, undrawn_cards
from storage.records import Card
from storage.stories import story_by_number, touch
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


async def undrawn(desk: Desk) -> list[tuple[Card, int]]:
    async with desk.database.reading() as session:
        cards = await undrawn_cards(session, desk.settings.name, room="web", limit=10)
        return [(card, card.version) for card in cards]


async def story_of(desk: Desk, number: int) -> int:
    async with desk.database.reading() as session:
        story = await story_by_number(session, desk.settings.name, number)
    assert story is not None
    return story.id


async def change(desk: Desk, story_id: int) -> None:
    async with desk.database.transaction() as session:
        await touch(session, story_id)


async def draw(desk: Desk, card: Card, version: int) -> None:
    async with desk.database.transaction() as session:
        await mark_drawn(session, card, version=version, emoji="👀")


async def test_only_the_cards_of_a_changed_story_are_drawn_anew(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ada", SUN)
    assert await undrawn(desk) == []

    moon = await story_of(desk, 1)
    await change(desk, moon)

    assert [card.story_id for card, _ in await undrawn(desk)] == [moon]


async def test_a_change_that_comes_while_a_card_is_drawn_is_drawn_too(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await change(desk, await story_of(desk, 1))
    [(card, version)] = await undrawn(desk)

    await change(desk, card.story_id)
    await draw(desk, card, version)

    [(card, newer)] = await undrawn(desk)
    assert newer == version + 1
    await draw(desk, card, newer)
    assert await undrawn(desk) == []
