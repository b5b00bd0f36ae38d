"""What a card says of another story with the same text. Pure."""

from bot.hearing import DeskSettings
from bot.likeness import BY_CLAIM
from bot.reading.text_signature import SAME
from bot.standing import standing
from bot.telling import standing_of
from storage.records import Story, StoryStatus


def twin_remark(story: Story, twin: Story | None, settings: DeskSettings) -> str:
    """Say which story has the same text and what became of it; empty where there is none.

    Where both are open it says how an editor makes one of them.
    """
    if twin is None:
        return ""
    say = settings.wording.say
    named = {"number": twin.number, "standing": _standing(twin, settings)}
    if story.likeness == BY_CLAIM:
        remark = say("remark_claimed", **named)
    elif story.likeness < SAME:
        return say("remark_similar", **named)
    else:
        remark = say("remark_same", **named)
    can_merge = story.status == StoryStatus.PITCHED and twin.status != StoryStatus.SPIKED
    return remark + (say("remark_merge", number=story.number, other=twin.number) if can_merge else "")


def _standing(twin: Story, settings: DeskSettings) -> str:
    """Say how the other story stands; what one that waits still needs is its own card's to say."""
    waits = twin.status == StoryStatus.PITCHED and twin.issue_id is None
    if waits and not standing(twin, settings.rules).approved:
        return settings.wording.say("standing_waiting")
    return standing_of(twin, settings)
