"""Cards: which message shows which story, and which must be drawn anew. The caller holds the session."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import Card, Story
from storage.upsert import insert_new


async def order_card(session: AsyncSession, story_id: int, room: str) -> None:
    """Ask for a story's card in a room; it has one there at most."""
    await insert_new(session, Card, story_id=story_id, room=room)


async def undrawn_cards(
    session: AsyncSession, desk: str, *, rooms: Collection[str], limit: int
) -> Sequence[tuple[Card, int]]:
    """Return cards in these rooms that show less than their story knows, each with the version to draw.

    An index holds nothing but such cards, since this is asked several times a second.
    """
    query = (
        select(Card)
        .join(Story, Story.id == Card.story_id)
        .where(Story.desk == desk, Card.room.in_(rooms), Card.drawn < Card.version)
        .order_by(Card.story_id, Card.room)
        .limit(limit)
    )
    return [(card, card.version) for card in (await session.scalars(query)).all()]


async def mark_drawn(
    session: AsyncSession, card: Card, *, message_id: str | None, version: int, emoji: str
) -> None:
    """Record that a card stands in this message, shows this version of its story, and the bot's emoji."""
    await session.execute(
        update(Card)
        .where(Card.story_id == card.story_id, Card.room == card.room)
        .values(message_id=message_id, drawn=version, emoji=emoji)
    )


async def story_shown_by(session: AsyncSession, room: str, message_id: str) -> int | None:
    """Return the id of the story whose card is this message.

    Where it is not known yet, the cards just being posted are waited for: one of them may be this message.
    """
    query = select(Card.story_id).where(Card.room == room, Card.message_id == message_id)
    known = await session.scalar(query)
    if known is not None:
        return known
    unposted = select(Card.story_id).where(Card.room == room, Card.message_id.is_(None)).with_for_update()
    await session.execute(unposted)
    return await session.scalar(query)


async def count_cards(session: AsyncSession, desk: str) -> int:
    """Count the cards that stand in rooms."""
    query = (
        select(func.count())
        .select_from(Card)
        .join(Story, Story.id == Card.story_id)
        .where(Story.desk == desk, Card.message_id.is_not(None))
    )
    return await session.scalar(query) or 0
