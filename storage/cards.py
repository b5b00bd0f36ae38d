"""Cards: which message shows which story, and which must be drawn anew. The caller holds the session."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import Card, Story, StoryStatus
from storage.upsert import insert_new


async def order_card(session: AsyncSession, story_id: int, room: str) -> None:
    """Ask for a story's card in a room; it has one there at most."""
    await insert_new(session, Card, story_id=story_id, room=room)


async def order_missing_cards(session: AsyncSession, desk: str, room: str) -> None:
    """Ask for the cards of all stories that may yet run and have been read, in a room that is new."""
    has_card = select(Card.story_id).where(Card.room == room)
    query = select(Story.id).where(
        Story.desk == desk,
        Story.status == StoryStatus.PITCHED,
        Story.issue_id.is_(None),
        Story.read_at.is_not(None),
        Story.id.not_in(has_card),
    )
    for story_id in await session.scalars(query.order_by(Story.id)):
        await order_card(session, story_id, room)


async def undrawn_cards(
    session: AsyncSession, desk: str, *, room: str, limit: int, besides: Collection[int] = ()
) -> Sequence[Card]:
    """Return a room's cards that show less than their story knows, `besides` those of these stories.

    An index holds nothing but such cards, since this is asked several times a second.
    """
    query = (
        select(Card)
        .join(Story, Story.id == Card.story_id)
        .where(Story.desk == desk, Card.room == room, Card.drawn < Card.version)
        .where(Card.story_id.not_in(besides))
        .order_by(Card.story_id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def unsettled_cards(session: AsyncSession, desk: str, *, room: str) -> Sequence[Card]:
    """Return a room's cards whose posting was tried and came to an end that nobody knows yet."""
    query = (
        select(Card)
        .join(Story, Story.id == Card.story_id)
        .where(Story.desk == desk, Card.room == room, Card.drawn < Card.version)
        .where(Card.tried.is_not(None), Card.message_id.is_(None))
        .order_by(Card.story_id)
    )
    return (await session.scalars(query)).all()


async def card_to_draw(session: AsyncSession, card: Card) -> Card | None:
    """Return a card as it is now; None where it shows all that its story knows."""
    now = await session.get_one(Card, (card.story_id, card.room), populate_existing=True)
    return now if now.drawn < now.version else None


async def mark_card_tried(session: AsyncSession, card: Card, bookmark: str) -> None:
    """Record that a card is about to be posted, and where its room stood before."""
    await session.execute(
        update(Card).where(Card.story_id == card.story_id, Card.room == card.room).values(tried=bookmark)
    )


async def mark_posted(session: AsyncSession, card: Card, message_id: str) -> None:
    """Record that a card stands in this message; what it shows is recorded when it is drawn."""
    await session.execute(
        update(Card)
        .where(Card.story_id == card.story_id, Card.room == card.room)
        .values(message_id=message_id)
    )


async def mark_drawn(session: AsyncSession, card: Card, *, version: int, emoji: str) -> None:
    """Record that a card shows this version of its story, and the bot's emoji."""
    await session.execute(
        update(Card)
        .where(Card.story_id == card.story_id, Card.room == card.room)
        .values(drawn=version, emoji=emoji)
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
