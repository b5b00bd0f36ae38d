"""Who may do what: asked here and nowhere else. A refusal says which rule said no and who can help."""

from bot.hearing import Hearing, SaidError
from storage.people_records import Curator
from storage.records import Author, Story, StoryStatus

EDITORS_ONLY = frozenset(
    {
        "spike",
        "restore",
        "again",
        "merge",
        "move",
        "lead",
        "picture",
        "publish",
        "release",
        "unrelease",
        "send",
        "invite",
    }
)
"""Commands that only an editor may use."""
PERSONAL = frozenset({"link"})
"""Commands that mean nothing unless it is known who gives them."""


class NobodyKnownError(Exception):
    """An admin who speaks as the chat wants what not everybody may do: one of them must say who it is."""


async def require_right(hearing: Hearing, command: str) -> None:
    """Raise a refusal where the curator may not use the command.

    Here and below, an anonymous admin is not refused: NobodyKnownError is raised.
    """
    if command in PERSONAL and hearing.anonymous:
        raise NobodyKnownError
    if command in EDITORS_ONLY and not hearing.curator.is_editor:
        raise await _refused(hearing, "refused_editors_only", command=command)


async def _refused(hearing: Hearing, key: str, **fields: object) -> SaidError | NobodyKnownError:
    if hearing.anonymous:
        return NobodyKnownError()
    return hearing.refusal(key, editors=await hearing.editors(), **fields)


async def require_field(hearing: Hearing, story: Story, field: str) -> None:
    """Raise a refusal where the curator may not change a field.

    Anyone may put the machine's words right, and their own; other people's only an editor. The link is
    its pitcher's.
    """
    if field == "url":
        await _require_link(hearing, story)
        return
    written = next((f for f in story.fields if f.name == field), None)
    if hearing.curator.is_editor or written is None or written.author == Author.MACHINE:
        return
    if written.curator_id == hearing.curator.id:
        return
    owner = await hearing.session.get(Curator, written.curator_id) if written.curator_id else None
    raise await _refused(
        hearing,
        "refused_not_yours",
        field=hearing.wording.say(f"field_{field}"),
        owner=owner.name if owner else hearing.wording.say("desk_itself"),
    )


async def _require_link(hearing: Hearing, story: Story) -> None:
    if hearing.curator.is_editor or hearing.curator.id == story.pitched_by:
        return
    owner = await hearing.session.get(Curator, story.pitched_by) if story.pitched_by else None
    raise await _refused(
        hearing,
        "refused_link_not_yours",
        number=story.number,
        owner=owner.name if owner else hearing.wording.say("desk_itself"),
    )


def require_open(hearing: Hearing, story: Story) -> None:
    """Raise a refusal where the story ran already."""
    if story.status == StoryStatus.PUBLISHED:
        issue = str(story.issue.date) if story.issue else ""
        raise hearing.refusal("refused_story_done", number=story.number, issue=issue)
