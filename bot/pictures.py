"""Pictures of stories: asking for one, and setting it into the issue with the next publish."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.command import FORMS, Command
from bot.emoji import TAKEN
from bot.hearing import DeskSettings, Hearing
from bot.permission import require_open
from bot.picture_taking import known_picture
from bot.reading.link import NotALinkError, link
from renderers.issue_document import IssueDocument
from renderers.layout import Layout, load_layout
from storage.database import Session
from storage.newsletter_snapshot import Snapshot
from storage.pictures import FIELD, carried_pictures, picture_data, picture_names
from storage.records import Story
from storage.stories import erase_field, touch

_USAGE = {form.name: form.usage for form in FORMS}
OFF = "off"


async def ask_picture(hearing: Hearing, command: Command) -> None:
    """Take a picture for a story from its page, or from an address; `off` takes it away."""
    story = await hearing.story(command.words[0], usage=_USAGE["picture"])
    require_open(hearing, story)
    which = command.words[1] if len(command.words) > 1 else ""
    if which.casefold() == OFF:
        await _take_away(hearing, story)
        return
    await hearing.react(TAKEN)
    who = (str(hearing.curator.id), hearing.room, hearing.message_id)
    await hearing.start("picture", str(story.id), _address(hearing, which), *who)


def _address(hearing: Hearing, word: str) -> str:
    """Return the address that somebody typed, empty for the story's own picture."""
    if not word:
        return ""
    try:
        link(word)
    except NotALinkError as error:
        raise hearing.refusal("not_a_link", url=word) from error
    return word


async def _take_away(hearing: Hearing, story: Story) -> None:
    known = known_picture(story)
    if known is None:
        raise hearing.refusal("picture_none", number=story.number)
    await erase_field(hearing.session, story.id, FIELD)
    await hearing.note("amend", story=story, field=FIELD, before=known, after="")
    await touch(hearing.session, story.id)
    hearing.say("picture_off", number=story.number)


async def with_pictures(
    session: Session, settings: DeskSettings, stories: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Give frozen stories the pictures they carry: credit and path as the issue will name them."""
    carried = await carried_pictures(session, [story["id"] for story in stories])
    layout = load_layout(settings.config.newsletter.layout)
    frozen = []
    for story in stories:
        picture = carried.get(story["id"])
        if picture is None:
            frozen.append(dict(story))
            continue
        page = dict(story["page"])
        page["pictures"] = [[picture.credit, layout.pictures.link.format(name=picture.name)]]
        page["from_page"] = [*page["from_page"], "pictures"]
        frozen.append({**story, "page": page})
    return frozen


async def picture_files(
    session: Session, snapshot: Snapshot, document: IssueDocument, stories: Sequence[Mapping[str, Any]]
) -> dict[str, bytes | None]:
    """Return the files that go into the same commit as the document: pictures that it names.

    One that a story carried when it was last set, and that the document names no more, is taken out (None).
    `stories` are frozen ones.
    """
    layout = document.layout
    ours = await picture_names(session, [story["id"] for story in stories])
    named = [name for name in ours if _is_named(document, layout, name)]
    files: dict[str, bytes | None] = {}
    for name, data in (await picture_data(session, named)).items():
        files[layout.picture_path(name)] = data
    for name in sorted(set(ours) - set(named)):
        if await snapshot.read(layout.picture_path(name)) is not None:
            files[layout.picture_path(name)] = None
    return files


def _is_named(document: IssueDocument, layout: Layout, name: str) -> bool:
    return f"({layout.pictures.link.format(name=name)}" in document.text
