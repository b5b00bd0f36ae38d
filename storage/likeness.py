"""Texts that may be alike: signatures, and the bands under which they are found.

The caller holds the session, and so the transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, TextualSelect, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.reading_records import SignatureBand, TextSignature
from storage.records import LinkKey, Story, StoryStatus
from storage.upsert import insert_new_many, insert_or_change


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be like another."""

    id: int
    status: StoryStatus
    same_as: int | None
    signature: bytes | None


async def owner_of(session: AsyncSession, desk: str, key: str) -> int | None:
    """Return the id of the story to which a link of this spelling belongs."""
    found = await session.get(LinkKey, (desk, key), populate_existing=True)
    return found.story_id if found is not None else None


async def signature_of(session: AsyncSession, story_id: int) -> bytes:
    """Return the signature of a story's text, empty where it has none."""
    query = select(TextSignature.signature).where(TextSignature.story_id == story_id)
    return await session.scalar(query) or b""


async def keep_signature(
    session: AsyncSession, story_id: int, signature: bytes, bands: Collection[int]
) -> None:
    """Let a story's text be found; the bands of an earlier signature must be gone."""
    await insert_or_change(session, TextSignature, key={"story_id": story_id}, signature=signature)
    rows = [{"value": band, "story_id": story_id} for band in bands]
    await insert_new_many(session, SignatureBand, rows)


async def forget_signature(session: AsyncSession, story_id: int, bands: Collection[int]) -> None:
    """Let a story's text be found no more; `bands` are those of its signature."""
    bands_of_it = (SignatureBand.value.in_(bands), SignatureBand.story_id == story_id)
    await session.execute(delete(SignatureBand).where(*bands_of_it))
    await session.execute(delete(TextSignature).where(TextSignature.story_id == story_id))


async def stories_in_bands(
    session: AsyncSession, bands: Sequence[int], *, besides: int, limit: int
) -> list[list[int]]:
    """Return, for each band, the ids of other stories in it, the newest `limit` of them.

    One statement of one look into the key for each band, so that a page of boilerplate which thousands of
    stories share costs no more than another.
    """
    named = {f"band_{place}": band for place, band in enumerate(bands)}
    looked = await session.execute(_looks(len(bands)), {**named, "besides": besides, "most": limit})
    found: list[list[int]] = [[] for _ in bands]
    for place, story_id in looked.all():
        found[place].append(story_id)
    return found


@cache
def _looks(count: int) -> TextualSelect:
    """Return the statement of so many looks, written out: to compose it each time took ten times as long."""
    looks = (
        f"SELECT * FROM (SELECT {place} AS place, story_id FROM signature_bands"  # noqa: S608 - numbers of ours
        f" WHERE value = :band_{place} AND story_id <> :besides"
        f" ORDER BY story_id DESC LIMIT :most) AS look_{place}"
        for place in range(count)
    )
    return text(" UNION ALL ".join(looks)).columns(place=Integer, story_id=Integer)


async def candidates(session: AsyncSession, desk: str, story_ids: Collection[int]) -> Sequence[Candidate]:
    """Return what is to be known of a desk's stories to compare them with another, the oldest first.

    The desk is looked at here: asked for it too, SQLite goes through all its stories instead of these.
    """
    query = (
        select(Story.id, Story.status, Story.same_as, TextSignature.signature, Story.desk)
        .outerjoin(TextSignature, TextSignature.story_id == Story.id)
        .where(Story.id.in_(story_ids))
        .order_by(Story.id)
    )
    found = (await session.execute(query)).all()
    return [Candidate(*row[:4]) for row in found if row.desk == desk]


async def part_from(session: AsyncSession, story_id: int) -> Sequence[int]:
    """Let no story be said to be the same as this one; return the ids of those that were."""
    parted = (
        update(Story)
        .where(Story.same_as == story_id)
        .values(same_as=None, likeness=0.0)
        .returning(Story.id)
        .execution_options(synchronize_session=False)
    )
    return sorted((await session.scalars(parted)).all())
