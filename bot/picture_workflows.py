"""The durable steps of taking a picture for a story."""

from dataclasses import asdict
from typing import Any

from bot.durable import or_given_up, step, workflow
from bot.picture_taking import PictureTaker, PictureWish
from bot.works import Works, or_trouble, trouble_in


def register_pictures(works: Works) -> None:
    """Tell the engine how a picture is taken; arguments and results are JSON."""
    reader = works.reader
    taker = PictureTaker(reader.database, reader.settings, reader.fetcher, reader.workers, reader.clock)

    @step
    async def take(wish: dict[str, Any]) -> dict[str, Any]:
        return await or_trouble(works, _taken(taker, PictureWish(**wish)))

    @step
    async def complain(wish: dict[str, Any], sentence: str) -> None:
        await taker.complain(PictureWish(**wish), sentence)

    @workflow("picture")
    async def picture(errand: str, story_id: str, url: str, curator_id: str, *where: str) -> None:
        room, message_id = where
        wish = asdict(PictureWish(errand, int(story_id), url, int(curator_id), room, message_id))
        result = await or_given_up(works, take(wish))
        if (trouble := trouble_in(result)) is not None:
            await complain(wish, " ".join(filter(None, (trouble.problem, trouble.advice))))
        works.wake()


async def _taken(taker: PictureTaker, wish: PictureWish) -> dict[str, Any]:
    await taker.take(wish)
    return {}
