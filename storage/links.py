"""Links: the spellings by which stories are recognised. The caller holds the session."""

from collections.abc import Sequence

from sqlalchemy import or_, select
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
