"""Links: the spellings by which stories are recognised. The caller holds the session."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import LinkKey, Story


async def keys_of(
    session: AsyncSession, story_ids: Sequence[int], *, issue_id: int
) -> dict[int, frozenset[str]]:
    """Return the link keys of these stories, leaving out those that another issue has taken meanwhile."""
    query = (
        select(LinkKey.story_id, LinkKey.key)
        .join(Story, Story.id == LinkKey.story_id)
        .where(LinkKey.story_id.in_(story_ids), or_(Story.issue_id.is_(None), Story.issue_id == issue_id))
    )
    keys: dict[int, set[str]] = {}
    for story_id, key in (await session.execute(query)).all():
        keys.setdefault(story_id, set()).add(key)
    return {story_id: frozenset(found) for story_id, found in keys.items()}


async def move_links(session: AsyncSession, story: Story, other: Story) -> list[str]:
    """Let all spellings of a story's links lead to another story; return them."""
    keys = sorted(await session.scalars(select(LinkKey.key).where(LinkKey.story_id == story.id)))
    await give_links(session, keys, giver=story, taker=other)
    return keys


async def give_links(session: AsyncSession, keys: Sequence[str], *, giver: Story, taker: Story) -> bool:
    """Let spellings that lead to one story lead to another; tell whether all of them did."""
    given = (
        update(LinkKey)
        .where(LinkKey.desk == giver.desk, LinkKey.key.in_(keys), LinkKey.story_id == giver.id)
        .values(story_id=taker.id)
        .returning(LinkKey.key)
        .execution_options(synchronize_session=False)
    )
    return len((await session.scalars(given)).all()) == len(keys)
