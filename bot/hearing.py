"""One event being heard: who says it, where, in which transaction; and how the desk answers.

All that a deed does goes through the hearing's session and is committed together with the event's being
handled: the answers are stored in the outbox, workflows in the errands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.config import Config
from bot.config_tables import WEB_ROOM
from bot.emoji import plain
from bot.errors import DeskError
from bot.standing import Rules
from bot.wording import Wording
from storage.curators import editor_names
from storage.database import Session
from storage.event_records import JournalLine
from storage.journal import write_line
from storage.outbox import order_delivery, order_errand
from storage.people_records import Curator
from storage.records import Story
from storage.stories import story_by_number


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The desk's rules and voice, and the rooms in which its cards are shown."""

    config: Config
    rooms: tuple[str, ...]

    def room_for_editors(self, *, besides: str = "") -> str:
        """Return the room where editors are told what they should know; another where it is this one."""
        room = self.config.desk.editors_room
        return room if room != besides else WEB_ROOM

    @property
    def name(self) -> str:
        """Return the desk's name."""
        return self.config.desk.name

    @property
    def wording(self) -> Wording:
        """Return the bot's voice."""
        return Wording(self.config.newsroom.language)

    @property
    def rules(self) -> Rules:
        """Return what the desk asks of a story."""
        return Rules(tuple(s.key for s in self.config.desk.sections), self.config.desk.threshold)

    def section_name(self, key: str | None) -> str:
        """Return what people call a section; one that the config does not know is called by its key."""
        return next((s.name for s in self.config.desk.sections if s.key == key), key or "")

    def section_emoji(self, key: str | None) -> str:
        """Return a section's emoji, empty for one that the config does not know."""
        return next((s.emoji for s in self.config.desk.sections if s.key == key), "")

    def section_called(self, word: str) -> str | None:
        """Return the key of the section that people call by this word: key, name or emoji."""
        word = plain(word.lstrip("#")).casefold()
        for section in self.config.desk.sections:
            if word in (section.key.casefold(), section.name.casefold(), plain(section.emoji)):
                return section.key
        return None


class SaidError(DeskError):
    """A refusal or complaint in the bot's own words."""

    def __init__(self, sentence: str) -> None:
        Exception.__init__(self, sentence)
        self.problem, self.advice = sentence, ""


@dataclass(slots=True)
class Hearing:
    """An event and everything a deed needs to answer it."""

    session: Session
    settings: DeskSettings
    curator: Curator
    room: str
    message_id: str
    event_id: int  # in the inbox
    now: datetime
    at: datetime  # when the person did it; earlier than now where the newsroom was down or busy
    reply_to: str | None = None
    thread: str | None = None
    anonymous: bool = False  # an admin who speaks as the chat: nobody knows which
    confirms: bool = False  # somebody else may have typed the command that this person's button confirms
    answers: str = ""  # another name for this event's answers; the same name answers once
    said: list[str] = field(default_factory=list)

    @property
    def event_key(self) -> str:
        """Return what to call this event: the same each time it is heard."""
        return f"event-{self.event_id}"

    @property
    def desk(self) -> str:
        """Return the desk's name."""
        return self.settings.name

    @property
    def wording(self) -> Wording:
        """Return the bot's voice."""
        return self.settings.wording

    @property
    def today(self) -> date:
        """Return the day, as the desk names days."""
        return self.now.astimezone(self.settings.config.zone).date()

    def say(self, key: str, **fields: object) -> None:
        """Answer with a sentence; several become one message."""
        self.said.append(self.wording.say(key, **fields))

    def refusal(self, key: str, **fields: object) -> SaidError:
        """Return an error whose text is one of the bot's sentences."""
        return SaidError(self.wording.say(key, **fields))

    async def deliver(self, kind: str, payload: Mapping[str, Any], *, part: str, room: str = "") -> None:
        """Ask for something to be said in this room, or in another."""
        await order_delivery(
            self.session,
            desk=self.desk,
            room=room or self.room,
            key=f"{self.answers or self.event_key}:{part}",
            kind=kind,
            payload=payload,
            now=self.now,
        )

    async def answer(
        self, text: str = "", *, part: str = "reply", buttons: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Store a text, or what was said, as one reply to the message; buttons are keys with labels."""
        text = text or "\n".join(self.said)
        if text:
            said = {"text": text, "reply_to": self.message_id, "thread": self.thread}
            asked = {"buttons": [list(button) for button in buttons]} if buttons else {}
            await self.deliver("reply", said | asked, part=part)

    async def react(self, emoji: str) -> None:
        """Ask for the bot's own reaction on the message."""
        await self.deliver("react", {"message_id": self.message_id, "emoji": emoji}, part="react")

    async def start(self, workflow: str, *arguments: str, part: str = "") -> None:
        """Ask for a workflow; its id is made from the event's, so that it starts once."""
        await order_errand(
            self.session,
            errand_id=":".join([workflow, self.event_key, *([part] if part else [])]),
            workflow=workflow,
            arguments=arguments,
            now=self.now,
        )

    async def note(self, deed: str, *, story: Story | None = None, **details: Any) -> JournalLine:
        """Write the deed into the journal."""
        return await write_line(
            self.session,
            desk=self.desk,
            deed=deed,
            details=details,
            now=self.now,
            curator_id=self.curator.id,
            room=self.room,
            story_id=story.id if story else None,
        )

    async def story(self, word: str, *, usage: str) -> Story:
        """Return the story that a number names; raises the bot's complaint where there is none."""
        digits = word.lstrip("#＃")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise self.refusal("not_a_number", word=word, usage=usage)
        story = await story_by_number(self.session, self.desk, int(digits))
        if story is None:
            raise self.refusal("no_such_story", number=int(digits))
        return story

    async def editors(self) -> str:
        """Name the people who can do what a curator may not."""
        names = list(await editor_names(self.session))
        return self.wording.listed(names) if names else self.wording.say("nobody")
