"""One scripted day at a desk, to be played unchanged in any room, and the desk's state after it.

Only what every platform can give is in `play`: a person has one reaction on a card, and nobody deletes a
message. `play_deletions` has the rest. Commands are typed, as messages of their own.

What a room under test must bring along: a desk of threshold 2 with the sections news ⚡, papers 🤓,
projects 👨‍💻 and posts ✍; people whom the platform calls ada, ben, cyd and nora, nora an editor; and a site
where any path is a page that can be read.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.hearing import DeskSettings
from bot.slate import make_slate
from bot.standing import standing
from bot.telling import state_of
from storage.database import Database, Session
from storage.event_records import JournalLine
from storage.records import Author, Story
from storage.stories import pitched_stories, story_by_number
from storage.votes import reactions_on_cards_of


class RoomUnderTest(Protocol):
    """A room with people in it, who are known by name; stories by number."""

    async def write(self, name: str, text: str) -> str:
        """Write a message; return what `edit` needs to find it."""

    async def edit(self, name: str, message: str, text: str) -> None:
        """Change a message; the same text again is told as an edit where the platform does so."""

    async def react(self, name: str, story: int, emoji: str) -> None:
        """Make this somebody's only reaction on a story's card."""

    async def unreact(self, name: str, story: int) -> None:
        """Take somebody's reaction off a story's card."""

    async def press(self, name: str, story: int, button: str) -> None:
        """Press a button of a story's card: ``up``, ``down`` or ``section:KEY``."""

    async def settled(self) -> None:
        """Wait until all that was done has taken effect, pages are read, and each story has its card."""


class RichRoomUnderTest(RoomUnderTest, Protocol):
    """A room where messages can be deleted and people have several reactions."""

    async def delete(self, name: str, message: str) -> None:
        """Take a message back."""

    async def react_with(self, name: str, story: int, *emojis: str) -> None:
        """Make these somebody's reactions on a story's card, chosen in this order."""


@dataclass(frozen=True)
class StoryState:
    """A story as people see it, without what differs from room to room: ids, times, what pages say.

    The title is empty where no person wrote one.
    """

    path: str
    title: str
    state: str
    section: str | None
    score: int
    votes: tuple[str, ...]
    tags: tuple[str, ...]
    pitched_by: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DeskState:
    """The stories by number, the slate as sections with numbers, and who did what, votes apart."""

    stories: dict[int, StoryState]
    slate: dict[str, tuple[int, ...]]
    deeds: tuple[str, ...]


async def play(room: RoomUnderTest, site: str) -> None:
    """Play the day that every platform can play. `site` begins an address, without a slash at its end."""
    day = _Day(room)
    await day.write("ada", f"look: {site}/wet-moon #papers")
    await day.write("ben", f"{site}/wet-moon?utm_source=chat&fbclid=7 again")
    message = await day.write("ada", f"{site}/loud-sun and {site}/red-mars")
    await _vote(day)
    await day.edit("ada", message, f"{site}/loud-sun and {site}/blue-sea")  # cyd wants red-mars: it stays
    await day.edit("ada", message, f"{site}/loud-sun and {site}/blue-sea")
    hasty = await day.write("cyd", f"{site}/green-tea")
    await day.edit("cyd", hasty, "never mind")
    await _talk(day)
    await _edit_desk(day)


async def play_deletions(room: RichRoomUnderTest, site: str) -> None:
    """Go on with what not every platform can: several reactions of one person, and deletions."""
    day = _Day(room)
    gone = await day.write("ben", f"{site}/grey-fog")
    wanted = await day.write("ben", f"{site}/white-ice")
    await room.react_with("cyd", 7, "⚡", "🤓")
    await room.settled()
    await room.react_with("ada", 7, "🤓", "👎")
    await room.settled()
    await room.react_with("ada", 7, "🤓")
    await room.settled()
    for message in (gone, wanted):
        await room.delete("ben", message)
        await room.settled()


class _Day:
    """A room where each deed has taken effect before the next one is done."""

    def __init__(self, room: RoomUnderTest) -> None:
        self._room = room

    async def write(self, name: str, text: str) -> str:
        message = await self._room.write(name, text)
        await self._room.settled()
        return message

    async def edit(self, name: str, message: str, text: str) -> None:
        await self._room.edit(name, message, text)
        await self._room.settled()

    async def react(self, name: str, story: int, emoji: str) -> None:
        await self._room.react(name, story, emoji)
        await self._room.settled()

    async def unreact(self, name: str, story: int) -> None:
        await self._room.unreact(name, story)
        await self._room.settled()

    async def press(self, name: str, story: int, button: str) -> None:
        await self._room.press(name, story, button)
        await self._room.settled()


async def _vote(day: _Day) -> None:
    await day.react("cyd", 1, "👍")
    await day.react("nora", 1, "👎")  # a veto
    await day.unreact("nora", 1)
    await day.react("ben", 2, "🤓")
    await day.react("ben", 2, "⚡")
    await day.react("cyd", 2, "👍")
    await day.react("cyd", 2, "👎")
    await day.unreact("cyd", 2)
    await day.press("cyd", 2, "section:papers")
    await day.press("cyd", 2, "section:papers")  # taken back
    await day.press("cyd", 3, "up")
    await day.press("nora", 3, "down")
    await day.press("nora", 3, "section:posts")


async def _talk(day: _Day) -> None:
    for name, words in (
        ("ada", "good morning #news"),
        ("ada", "/amend 1 title The moon is wet"),
        ("ben", "/amend 2 title  The sun   is loud"),
        ("ada", "/amend 2 title The sun is mine"),  # refused: these are Ben's words
        ("cyd", "/amend 3 title Mars is red"),
        ("cyd", "/amend 4 title The sea is green"),
        ("cyd", "/amend 4 title The sea is blue"),
        ("cyd", "/undo"),
        ("ben", "/section 4 News"),
        ("ben", "/spike 4 not ours"),  # refused: an editor's
        ("ada", "/short Reeds grow."),
        ("ada", "/slat"),
        ("ada", "/slate"),
        ("ada", "/why 1"),
    ):
        await day.write(name, words)


async def _edit_desk(day: _Day) -> None:
    await day.react("cyd", 4, "👍")
    for words in (
        "/spike 4 an advertisement",
        "/restore 4",
        "/spike 3 old news",
        "/section 2 papers",
        "/lead What the marsh\nread this week.",
        "/move 2 before 1",
        "/undo 3",
    ):
        await day.write("nora", words)


async def desk_state(database: Database, settings: DeskSettings) -> DeskState:
    """Return what can be compared of a desk from room to room."""
    async with database.reading() as session:
        stories, number = {}, 1
        while (story := await story_by_number(session, settings.name, number)) is not None:
            stories[number] = await _state_of(session, story, settings)
            number += 1
        slate = make_slate(await pitched_stories(session, settings.name), settings.rules)
        lines = await session.scalars(
            select(JournalLine)
            .where(JournalLine.desk == settings.name, JournalLine.deed.not_in(("vote", "tag", "read")))
            .options(selectinload(JournalLine.curator), selectinload(JournalLine.story))
            .order_by(JournalLine.id)
        )
        deeds = tuple(_told(line) for line in lines)
    return DeskState(stories, {one.key: tuple(s.number for s in one.stories) for one in slate}, deeds)


async def _state_of(session: Session, story: Story, settings: DeskSettings) -> StoryState:
    reactions = await reactions_on_cards_of(session, story.id)
    states = Counter((state.room, curator.id) for state, curator in reactions)
    assert max(states.values(), default=1) == 1  # one state for each person and card
    return StoryState(
        path=urlsplit(story.url).path,
        title="" if story.author_of("title") == Author.MACHINE else story.field("title"),
        state=state_of(story, settings),
        section=standing(story, settings.rules).section,
        score=standing(story, settings.rules).score,
        votes=tuple(sorted(f"{v.curator.name} {v.weight:+d}" for v in story.votes if v.weight)),
        tags=tuple(sorted(f"{tag.curator.name} {tag.section}" for tag in story.tags)),
        pitched_by=tuple(pitch.curator.name for pitch in story.pitches),
        notes=tuple(pitch.note for pitch in story.pitches if pitch.note),
    )


def _told(line: JournalLine) -> str:
    who = f"{line.curator.name}: " if line.curator else ""
    story = f" #{line.story.number}" if line.story else ""
    return f"{who}{line.deed}{story}{' (undone)' if line.undone_by else ''}"


def _story(path: str, title: str, state: str, section: str | None, **held: tuple[str, ...]) -> StoryState:
    votes = held.get("votes", ())
    return StoryState(
        path=path,
        title=title,
        state=state,
        section=section,
        score=sum(int(vote.rpartition(" ")[2]) for vote in votes),
        votes=votes,
        tags=held.get("tags", ()),
        pitched_by=held.get("pitched_by", ()),
        notes=held.get("notes", ()),
    )


AFTER_THE_DAY = DeskState(
    stories={
        1: _story(
            "/wet-moon",
            "The moon is wet",
            "slate",
            "papers",
            votes=("ada +1", "ben +1", "cyd +1"),
            tags=("ada papers",),
            pitched_by=("ada", "ben"),
            notes=("look:", "again"),
        ),
        2: _story(
            "/loud-sun",
            "The sun is loud",
            "slate",
            "papers",
            votes=("ada +1", "ben +1"),
            tags=("ben news", "nora papers"),
            pitched_by=("ada",),
            notes=("and",),
        ),
        3: _story(
            "/red-mars", "Mars is red", "slate", "posts", votes=("cyd +1", "nora +1"), tags=("nora posts",)
        ),
        4: _story(
            "/blue-sea",
            "The sea is green",
            "slate",
            "news",
            votes=("ada +1", "cyd +1"),
            tags=("ben news",),
            pitched_by=("ada",),
            notes=("and",),
        ),
        5: _story("/green-tea", "", "spiked", None),
    },
    slate={"news": (4,), "papers": (2, 1), "posts": (3,)},
    deeds=(
        "ada: pitch #1",
        "ben: pitch #1",
        "ada: pitch #2",
        "ada: pitch #3 (undone)",
        "ada: pitch #4",
        "ada: withdraw #3",
        "cyd: pitch #5 (undone)",
        "cyd: withdraw #5",
        "ada: amend #1",
        "ben: amend #2",
        "cyd: amend #3",
        "cyd: amend #4",
        "cyd: amend #4 (undone)",
        "cyd: undo #4",
        "ben: section #4",
        "ada: short",
        "nora: spike #4",
        "nora: restore #4",
        "nora: spike #3 (undone)",
        "nora: section #2",
        "nora: lead",
        "nora: move #2",
        "nora: undo #3",
    ),
)
"""The desk after `play`, whichever room it was played in."""

AFTER_DELETIONS = DeskState(
    stories={
        **AFTER_THE_DAY.stories,
        6: _story("/grey-fog", "", "spiked", None),
        7: _story(
            "/white-ice",
            "",
            "slate",
            "papers",
            votes=("ada +1", "cyd +1"),
            tags=("ada papers", "cyd papers"),
        ),
    },
    slate={**AFTER_THE_DAY.slate, "papers": (2, 1, 7)},
    deeds=(
        *AFTER_THE_DAY.deeds,
        "ben: pitch #6 (undone)",
        "ben: pitch #7 (undone)",
        "ben: withdraw #6",
        "ben: withdraw #7",
    ),
)
"""The desk after `play` and `play_deletions`."""
