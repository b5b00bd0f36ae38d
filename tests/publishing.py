"""A desk with its press and a real repository, without the engine: errands are run by hand.

Pages are not read: a story gets the fields a test gives it, as a reading would have written them.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.config import Config, parse_config
from bot.desk import Desk
from bot.errors import DeskError
from bot.events import ButtonPressed, Event, MessagePosted, to_payload
from bot.hearing import DeskSettings
from bot.link_check import LinkCheck
from bot.press import Press, TakeBack
from bot.press_report import PressReport
from bot.pull_request_workflows import pulls_of
from bot.pull_requests import PullRequests
from bot.reader import StoryReader
from bot.reading.fetch import Fetcher
from bot.reading.link import link
from bot.reading.workers import ReadingWorkers
from bot.ways import keys_of
from renderers.layout import load_layout
from renderers.new_issue import skeleton
from storage.curators import curator_of
from storage.database import Database
from storage.event_records import Delivery
from storage.inbox import store_event
from storage.newsletter_repo import NewsletterRepo, Signature
from storage.outbox import mark_started, waiting_errands
from storage.people_records import Role
from storage.records import Card, Story
from storage.repo_errors import RepoError
from storage.stories import story_by_key
from tests.desk_files import close_database, open_database
from tests.releasing import RELEASES, nobody_visited, run_release

DESK = "desk"
ROOM = "web"
OUTSIDE = Signature("Somebody", "somebody@site.test")


def config_of(
    folder: Path,
    *,
    remote: str = "",
    language: str = "zh",
    layout: str = "embedded-ai-report",
    more_sections: Sequence[tuple[str, str, str]] = (),
    newsletter: Mapping[str, Any] | None = None,
) -> Config:
    """Return a desk's config with one vote enough and the layout's four sections."""
    sections = [
        ("news", "新闻", "⚡"),
        ("papers", "论文", "🤓"),
        ("projects", "项目", "👨‍💻"),
        ("posts", "博文", "✍"),
        *more_sections,
    ]
    return parse_config(
        {
            "newsroom": {
                "database": f"sqlite:///{folder / 'copydesk.db'}",
                "state": folder,
                "language": language,
                "timezone": "Asia/Shanghai",
            },
            "desk": {
                "name": DESK,
                "threshold": 1,
                "sections": [{"key": key, "name": name, "emoji": emoji} for key, name, emoji in sections],
            },
            "newsletter": {
                "layout": layout,
                "repository": folder / "newsletter.git",
                "remote": remote,
                **(newsletter or {}),
            },
        }
    )


@dataclass(slots=True)
class PublishingDesk:
    """The desk as people at it see it: they say things, and it answers."""

    config: Config
    now: datetime = datetime(2020, 5, 12, 0, 30, tzinfo=UTC)
    links: LinkCheck = field(default_factory=nobody_visited)
    database: Database = field(init=False)
    repo: NewsletterRepo = field(init=False)
    desk: Desk = field(init=False)
    press: Press = field(init=False)
    report: PressReport = field(init=False)
    pulls: PullRequests | None = field(init=False)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def open(self, files: dict[str, bytes] | None = None) -> "PublishingDesk":
        """Open the database, and the repository with these files."""
        self.database = await open_database(self.config.newsroom.database)
        newsletter = self.config.newsletter
        layout = load_layout(newsletter.layout)
        settings = DeskSettings(self.config, (ROOM,))
        self.repo = NewsletterRepo(
            newsletter.repository,
            remote=newsletter.remote or None,
            branch=newsletter.branch,
            keys=keys_of(newsletter),
        )
        await self.repo.open(files or skeleton(layout), OUTSIDE, self.now)
        self.desk = Desk(self.database, settings, self.clock)
        self.press = Press(self.database, settings, self.repo, layout, self.clock)
        self.report = PressReport(self.database, settings, self.clock)
        self.pulls = pulls_of(self.press)
        async with self.database.transaction() as session:
            for name, role in (
                ("editor", Role.EDITOR),
                ("second", Role.EDITOR),
                ("lin", Role.CURATOR),
                ("zhe", Role.CURATOR),
            ):
                await curator_of(session, f"web:{name}", name=name, role=role, now=self.now)
        return self

    async def close(self) -> None:
        """Let the database go."""
        await close_database(self.database)

    def clock(self) -> datetime:
        """Return a time that goes on with each look, so that order is told."""
        self.now += timedelta(seconds=1)
        return self.now

    async def hear(self, event: Event) -> None:
        """Store an event and let it take effect."""
        async with self.database.transaction() as session:
            number = str(next(self.numbers))
            await store_event(
                session, desk=DESK, room=ROOM, event_id=number, payload=to_payload(event), at=self.clock()
            )
        await self.desk.catch_up()

    async def say(self, who: str, text: str) -> str:
        """Let someone write a message, run what follows, and return the bot's answer to it."""
        message_id = await self.say_without_errands(who, text)
        await self.run_errands()
        return await self.answer_to(message_id)

    async def say_without_errands(self, who: str, text: str) -> str:
        """Let someone write a message; return its id, with what follows still to be run."""
        message_id = f"m{next(self.numbers)}"
        await self.hear(MessagePosted(message_id, f"web:{who}", text, self.clock()))
        return message_id

    async def waiting_publication(self) -> str:
        """Take the publish that waits to be run; return its id."""
        async with self.database.transaction() as session:
            [errand] = [e for e in await waiting_errands(session, limit=10) if e.workflow == "publish"]
            await mark_started(session, [errand.id], self.now)
        return errand.arguments[0]

    async def fail_publication(self, publication_id: str, trouble: RepoError) -> None:
        """Let a publish end in trouble."""
        await self.report.failed(publication_id, DeskError(trouble.problem, advice=trouble.advice))

    async def answer_to(self, message_id: str) -> str:
        """Return what the bot answers to a message, the newest last."""
        async with self.database.reading() as session:
            said = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
        return "\n".join(d.payload["text"] for d in said if d.payload.get("reply_to") == message_id)

    async def run_errands(self) -> None:
        """Do what the engine would: commit, revert; pages are left to `pitch`."""
        while True:
            async with self.database.reading() as session:
                errands = await waiting_errands(session, limit=10)
            if not errands:
                return
            for errand in errands:
                await self._run(errand.id, errand.workflow, list(errand.arguments))
            async with self.database.transaction() as session:
                await mark_started(session, [errand.id for errand in errands], self.now)

    async def _run(self, errand: str, workflow: str, arguments: list[str]) -> None:
        if workflow == "publish":
            try:
                if self.pulls is not None:
                    await self.pulls.look()
                result = await self.press.print_publication(arguments[0])
                if self.pulls is not None:
                    result["pull_request"] = await self.pulls.propose(result["issue"], result)
            except (RepoError, DeskError) as trouble:
                error = DeskError(trouble.problem, advice=trouble.advice)
                await self.report.failed(arguments[0], error)
                return
            await self.report.published(arguments[0], result)
        elif workflow == "preview":
            room, message_id = arguments
            await self.report.previewed(room, message_id, errand, await self.press.preview())
        elif workflow == "unpublish":
            publication, line, curator, *where = arguments
            asked = TakeBack(publication, int(line), int(curator), *where)
            if self.pulls is not None:
                await self.pulls.look()
            try:
                result = await self.press.take_back(asked)
            except RepoError as trouble:
                error = DeskError(trouble.problem, advice=trouble.advice)
                await self.report.not_taken_back(asked, error, errand)
                return
            if self.pulls is not None:
                result["pull_request"] = await self.pulls.propose(result["issue"], result)
            await self.report.taken_back(asked, result, errand)
        elif workflow in RELEASES:
            await run_release(self.press, self.links, errand, workflow, arguments)

    async def pitch(
        self, who: str, url: str, *, section: str, doubts: Sequence[str] = (), **fields: str
    ) -> int:
        """Let someone drop a link into a section; return the story's number once it was read.

        With doubts a model drafted the summary, and says what its article does not.
        """
        await self.say(who, f"{url} #{section}")
        story = await self.story(url)
        read = {"verdict": "fine", "reason": "", "passing": False, "final_url": url, "fields": fields}
        read |= {"drafted_by": "model", "doubts": list(doubts)} if doubts else {}
        await self.reader.settle(story.id, read, errand=f"read-{story.id}", tries=0)
        return story.number

    @property
    def reader(self) -> StoryReader:
        """Return the reader, for what it writes down; it fetches nothing here."""
        workers = ReadingWorkers(processes=1, seconds=1, memory=10**9)
        return StoryReader(self.database, self.desk.settings, Fetcher(), workers, self.clock)

    async def story(self, url: str) -> Story:
        """Return the story of a link."""
        async with self.database.reading() as session:
            story = await story_by_key(session, DESK, link(url).key)
        assert story is not None, url
        return story

    async def press_button(self, who: str, number: int, button: str) -> None:
        """Let someone press a button on a story's card."""
        async with self.database.transaction() as session:
            story = (await session.scalars(select(Story).where(Story.number == number))).one()
            card = await session.get_one(Card, (story.id, ROOM))
            card.message_id = card.message_id or f"card-{number}"
            message_id = card.message_id
        await self.hear(ButtonPressed(message_id, f"web:{who}", button, self.clock()))

    async def press_release_button(self, who: str, *, before: int = 0) -> str:
        """Let someone press the button under the newest preview, or one before; return the answer to it."""
        async with self.database.reading() as session:
            said = (await session.scalars(select(Delivery).order_by(Delivery.id.desc()))).all()
        asked = [one for one in said if one.payload.get("buttons")][before]
        await self.hear(ButtonPressed("preview", f"web:{who}", asked.payload["buttons"][0][0], self.clock()))
        await self.run_errands()
        return await self.answer_to(str(asked.payload["reply_to"]))

    async def file(self, path: str) -> bytes:
        """Return a file as it is committed now."""
        content = await (await self.repo.snapshot()).read(path)
        assert content is not None, path
        return content

    async def edit_by_hand(self, path: str, change: Any, *, rename: str | None = None) -> None:
        """Let somebody commit a change of a file, without the desk."""
        old = await self.file(path)

        async def files(_: Any) -> dict[str, bytes | None]:
            return {rename or path: change(old), **({path: None} if rename else {})}

        number = next(self.numbers)
        await self.repo.commit(
            files, message=f"Update {path}", author=OUTSIDE, when=self.now, publish_id=f"by-hand-{number}"
        )
