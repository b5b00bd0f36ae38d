"""Who drafted a story's summary, and what a person should look at in it. Pure."""

from bot.hearing import DeskSettings
from storage.records import Author, Story

_MOST_SHOWN = 110
"""Characters of doubts on a card: with the sentence around them a remark holds no more."""


def summary_label(story: Story, settings: DeskSettings) -> str:
    """Say what the words under this label are: a draft, a model's draft, or what a person wrote."""
    say = settings.wording.say
    if _written_by_people(story):
        return say("card_summary")
    return say("card_model_summary" if story.drafted_by == "model" else "card_draft_summary")


def draft_remark(story: Story, settings: DeskSettings) -> str:
    """Say what of a model's draft is not in the article, or why no model drafted; mostly empty."""
    say = settings.wording.say
    if _written_by_people(story) or not story.field("summary"):
        return ""
    if story.drafted_by == "fallback" and story.no_draft:
        return say("remark_no_draft", reason=say(f"no_draft_{story.no_draft}"))
    if story.drafted_by != "model" or not story.doubts:
        return ""
    return say("remark_doubts", doubts=settings.wording.listed(_shown(story.doubts)))


def _written_by_people(story: Story) -> bool:
    return story.author_of("summary") not in (None, Author.MACHINE)


def _shown(doubts: list[str]) -> list[str]:
    """Take as many as a card has room for; "…" says that there are more."""
    shown, used = list[str](), 0
    for doubt in doubts:
        used += len(doubt) + 2
        if used > _MOST_SHOWN:
            return [*shown, "…"]
        shown.append(doubt)
    return shown
