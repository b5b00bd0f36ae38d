"""Taking a picture for a story: found on its page, fetched with the reader's guard, opened in a worker."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.hearing import DeskSettings, SaidError
from bot.page_problem import reason_in_words
from bot.reading.fetch import PICTURES, Fetcher, FetchFailedError
from bot.reading.page_pictures import pictures_on
from bot.reading.picture_file import PictureFile, PictureProblem, open_picture
from bot.reading.sources import page_to_read
from bot.reading.workers import ReadingWorkers, WorkFailedError
from storage.database import Database, Session
from storage.issues import issue_by_id, issue_in_preparation
from storage.journal import write_line_once
from storage.outbox import order_delivery
from storage.pictures import FIELD, NewPicture, keep_picture, name_for
from storage.records import Author, Story, StoryStatus
from storage.stories import story_with_fields, touch, write_field


@dataclass(frozen=True, slots=True)
class PictureWish:
    """Who wants a picture for which story; `url` is empty for the story's own. `errand` names the asking."""

    errand: str
    story_id: int
    url: str
    curator_id: int
    room: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that was opened, and where it was found."""

    url: str
    file: PictureFile


@dataclass(frozen=True, slots=True)
class PictureTaker:
    """Takes pictures and gives them to stories."""

    database: Database
    settings: DeskSettings
    fetcher: Fetcher
    workers: ReadingWorkers
    clock: Callable[[], datetime]

    async def take(self, wish: PictureWish) -> None:
        """Give a story its picture and answer; run again it changes nothing.

        Raises SaidError, in the bot's words, where there is none to be had.
        """
        async with self.database.reading() as session:
            story = await story_with_fields(session, wish.story_id)
        taken = await self._open(wish.url) if wish.url else await self._own(story)
        async with self.database.transaction() as session:
            await self._give(session, wish, taken)

    async def complain(self, wish: PictureWish, sentence: str) -> None:
        """Say why there is no picture."""
        async with self.database.transaction() as session:
            await self._answer(session, wish, sentence)

    async def _own(self, story: Story) -> Taken:
        """Take the first of the page's pictures that is one."""
        try:
            page = await self.fetcher.fetch(page_to_read(story.url))
            addresses = await self.workers.do(pictures_on, page)
        except (FetchFailedError, WorkFailedError):
            raise self._problem("picture_no_page", number=story.number) from None
        last = self._problem("picture_none_on_page", number=story.number)
        for address in addresses:
            try:
                return await self._open(address)
            except SaidError as problem:
                last = problem
        raise last

    async def _open(self, url: str) -> Taken:
        try:
            fetched = await self.fetcher.fetch(url, PICTURES)
            opened = await self.workers.do(open_picture, fetched.body)
        except FetchFailedError as failed:
            why = reason_in_words(failed.verdict, failed.reason, self.settings.wording)
            raise self._problem("picture_not_fetched", url=url, reason=why) from None
        except WorkFailedError:
            raise self._problem("picture_not_opened") from None
        if isinstance(opened, PictureProblem):
            raise SaidError(self.settings.wording.say(f"picture_{opened}"))
        return Taken(url, opened)

    def _problem(self, key: str, **fields: object) -> SaidError:
        return SaidError(self.settings.wording.say(key, **fields))

    async def _give(self, session: Session, wish: PictureWish, taken: Taken) -> None:
        story = await story_with_fields(session, wish.story_id)
        if story.status == StoryStatus.PUBLISHED:
            raise self._problem("picture_too_late", number=story.number)
        stem = f"{await self._day(session, story)}-{story.number}"
        name = await name_for(session, story.id, stem=stem, extension=taken.file.extension)
        if not await self._note(session, wish, story, name):
            return  # given before, by a run that was interrupted
        file, now = taken.file, self.clock()
        credit = self.settings.wording.say("picture_credit", name=_credited(story, wish))
        new = NewPicture(taken.url, credit, file.width, file.height, file.data)
        await keep_picture(session, story.id, name, new, curator_id=wish.curator_id, now=now)
        await write_field(
            session, story.id, FIELD, name, author=Author.EDITOR, curator_id=wish.curator_id, now=now
        )
        await touch(session, story.id)
        await self._answer(session, wish, self._said(story, new))

    async def _note(self, session: Session, wish: PictureWish, story: Story, name: str) -> bool:
        """Write the deed into the journal, once; tell whether it is new."""
        return await write_line_once(
            session,
            wish.errand,
            desk=self.settings.name,
            deed="amend",
            details={"field": FIELD, "before": known_picture(story), "after": name},
            now=self.clock(),
            curator_id=wish.curator_id,
            room=wish.room,
            story_id=story.id,
        )

    async def _day(self, session: Session, story: Story) -> dt.date:
        """Return the date of the issue that the story stands in, or will; today's where it has none yet."""
        today = self.clock().astimezone(self.settings.config.zone).date()
        if story.issue_id is not None:
            return (await issue_by_id(session, story.issue_id)).date or today
        return (await issue_in_preparation(session, self.settings.name, today=today)).date or today

    def _said(self, story: Story, new: NewPicture) -> str:
        return self.settings.wording.say(
            "picture_taken",
            number=story.number,
            width=new.width,
            height=new.height,
            size=max(1, round(len(new.data) / 1000)),
            credit=new.credit,
        )

    async def _answer(self, session: Session, wish: PictureWish, text: str) -> None:
        await order_delivery(
            session,
            desk=self.settings.name,
            room=wish.room,
            key=wish.errand,
            kind="reply",
            payload={"text": text, "reply_to": wish.message_id},
            now=self.clock(),
        )


def known_picture(story: Story) -> dict[str, object] | None:
    """Return which picture a story carries and by whom, as the journal keeps it for an undo."""
    known = next((field for field in story.fields if field.name == FIELD), None)
    if known is None:
        return None
    return {"value": known.value, "author": str(known.author), "curator_id": known.curator_id}


def _credited(story: Story, wish: PictureWish) -> str:
    """Name whom a picture is from: the article's source; one from elsewhere, the site it was found on."""
    host, own = (urlsplit(url).hostname or "" for url in (wish.url, story.url))
    if wish.url and host != own:
        return host.removeprefix("www.")
    return story.field("source") or story.field("authors") or own.removeprefix("www.")
