"""The pictures that stories carry. The caller holds the session, and so the transaction.

A story's field `picture` names the one it carries; nothing there, or no such field: it carries none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.press_records import Picture
from storage.records import Field, Story

FIELD = "picture"


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture to keep; its size is in pixels."""

    url: str
    credit: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class CarriedPicture:
    """What a story's picture is called in the repository, and whom it is credited to."""

    name: str
    credit: str


async def name_for(session: AsyncSession, story_id: int, *, stem: str, extension: str) -> str:
    """Return the name of a story's next picture: the stem, for a later one `STEM-2`.

    So each name stands for one content for ever.
    """
    query = select(func.count()).select_from(Picture).where(Picture.story_id == story_id)
    count = int((await session.execute(query)).scalar_one()) + 1
    return f"{stem if count == 1 else f'{stem}-{count}'}.{extension}"


async def keep_picture(
    session: AsyncSession, story_id: int, name: str, picture: NewPicture, *, curator_id: int, now: datetime
) -> None:
    """Keep a picture under its name."""
    session.add(
        Picture(
            story_id=story_id,
            name=name,
            url=picture.url,
            credit=picture.credit,
            width=picture.width,
            height=picture.height,
            data=picture.data,
            curator_id=curator_id,
            asked_at=now,
        )
    )
    await session.flush()


async def carried_pictures(session: AsyncSession, story_ids: Collection[int]) -> Mapping[int, CarriedPicture]:
    """Return the picture of each of these stories that carries one, by the story's id."""
    query = (
        select(Picture.story_id, Picture.name, Picture.credit)
        .join(Field, (Field.story_id == Picture.story_id) & (Field.value == Picture.name))
        .where(Field.name == FIELD, Picture.story_id.in_(story_ids))
    )
    rows = (await session.execute(query)).all()
    return {row.story_id: CarriedPicture(row.name, row.credit) for row in rows}


async def picture_names(session: AsyncSession, story_ids: Collection[int]) -> list[str]:
    """Return the names of all pictures that were ever taken for these stories, sorted."""
    query = select(Picture.name).where(Picture.story_id.in_(story_ids)).order_by(Picture.name)
    return list((await session.scalars(query)).all())


async def picture_data(session: AsyncSession, names: Collection[str]) -> Mapping[str, bytes]:
    """Return the bytes of pictures by their names."""
    query = select(Picture.name, Picture.data).where(Picture.name.in_(names))
    return {row.name: row.data for row in (await session.execute(query)).all()}


async def picture_of_desk(session: AsyncSession, desk: str, name: str) -> bytes | None:
    """Return the bytes of a picture that a desk took for one of its stories, by its name."""
    query = select(Picture.data).join(Story, Story.id == Picture.story_id)
    return await session.scalar(query.where(Story.desk == desk, Picture.name == name).limit(1))
