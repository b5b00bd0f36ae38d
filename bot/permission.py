"""Who may do what: asked here and nowhere else. A refusal says which rule said no and who can help."""

from bot.hearing import Hearing
from storage.people_records import Curator
from storage.records import Author, Story, StoryStatus

EDITORS_ONLY = frozenset({"spike", "restore", "again", "move", "lead", "publish", "invite"})
"""Commands that only an editor may use."""


async def require_right(hearing: Hearing, command: str) -> None:
    """Raise a refusal where the curator may not use the command."""
    if command in EDITORS_ONLY and not hearing.curator.is_editor:
        raise hearing.refusal("refused_editors_only", command=command, editors=await hearing.editors())


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
    raise hearing.refusal(
        "refused_not_yours",
        field=hearing.wording.say(f"field_{field}"),
        owner=owner.name if owner else hearing.wording.say("desk_itself"),
        editors=await hearing.editors(),
    )


async def _require_link(hearing: Hearing, story: Story) -> None:
    if hearing.curator.is_editor or hearing.curator.id == story.pitched_by:
        return
    owner = await hearing.session.get(Curator, story.pitched_by) if story.pitched_by else None
    raise hearing.refusal(
        "refused_link_not_yours",
        number=story.number,
        owner=owner.name if owner else hearing.wording.say("desk_itself"),
        editors=await hearing.editors(),
    )


def require_open(hearing: Hearing, story: Story) -> None:
    """Raise a refusal where the story ran already."""
    if story.status == StoryStatus.PUBLISHED:
        issue = str(story.issue.date) if story.issue else ""
        raise hearing.refusal("refused_story_done", number=story.number, issue=issue)
