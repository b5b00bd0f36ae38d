"""A story as its card shows it, in the reader's language. Pure."""

from bot.draft_remark import draft_remark, summary_label
from bot.emoji import ON_THE_SLATE, TAKEN, VOTE_DOWN, VOTE_UP
from bot.hearing import DeskSettings
from bot.page_problem import page_problem
from bot.standing import standing
from bot.telling import standing_of, state_of
from bot.twin import twin_remark
from renderers.card import CardButton, CardView
from storage.records import Author, Story

STATE_EMOJI = {
    "waiting": TAKEN,
    "unread": "🤔",
    "slate": ON_THE_SLATE,
    "drafted": "🎉",
    "published": "🎉",
    "spiked": VOTE_DOWN,
    "vetoed": VOTE_DOWN,
}
"""The bot's own reaction on a card, by the card's state; each is in Telegram's palette."""


def card_of(story: Story, settings: DeskSettings, twin: Story | None = None) -> CardView:
    """Compose a story's card; `twin` is the story that `story.same_as` names."""
    now = standing(story, settings.rules)
    return CardView(
        number=story.number,
        title=story.field("title") or story.url,
        url=story.url,
        source=story.field("source"),
        authors=_authors(story),
        date=story.field("published")[:10],
        language=story.field("language"),
        pitched_by=_pitchers(story, settings),
        notes=tuple(dict.fromkeys(pitch.note for pitch in story.pitches if pitch.note)),
        summary=story.field("summary"),
        summary_label=summary_label(story, settings),
        advice=_advice(story, settings),
        state=state_of(story, settings),
        standing=standing_of(story, settings),
        problem=_problem(story, settings),
        score=now.score,
        section=settings.section_name(now.section),
        buttons=_buttons(story, settings),
        remarks=_remarks(story, settings, twin),
    )


def _pitchers(story: Story, settings: DeskSettings) -> str:
    names = list(dict.fromkeys(pitch.curator.name for pitch in story.pitches))
    return settings.wording.say("card_pitched_by", name=settings.wording.listed(names)) if names else ""


def _authors(story: Story) -> str:
    """Name the writers, unless the source is their name: a post's is."""
    authors = story.field("authors")
    return "" if authors == story.field("source") else authors


def _advice(story: Story, settings: DeskSettings) -> str:
    if story.advice is None or story.tags or state_of(story, settings) not in ("waiting", "slate"):
        return ""
    say, first = settings.wording.say, _named(story.advice, settings)
    if story.second_advice is not None:
        return say("card_advice_unsure", first=first, second=_named(story.second_advice, settings))
    return say("card_advice", section=first, percent=round(100 * story.confidence))


def _named(section: str, settings: DeskSettings) -> str:
    return f"{settings.section_emoji(section)} {settings.section_name(section)}".strip()


def _problem(story: Story, settings: DeskSettings) -> str:
    """Say why the page could not be read, unless people have written the story up since."""
    written_up = story.author_of("summary") not in (None, Author.MACHINE)
    if story.verdict is None or story.verdict == "fine" or written_up:
        return ""
    return page_problem(story.verdict, story.reason or "", number=story.number, wording=settings.wording)


def _remarks(story: Story, settings: DeskSettings, twin: Story | None) -> tuple[str, ...]:
    """Say what the desk noticed."""
    picture = settings.wording.say("remark_picture") if story.field("picture") else ""
    return tuple(filter(None, (twin_remark(story, twin, settings), draft_remark(story, settings), picture)))


def _buttons(story: Story, settings: DeskSettings) -> tuple[CardButton, ...]:
    say = settings.wording.say
    voters = [(vote.weight, vote.curator.name) for vote in story.votes]
    up = tuple(person for weight, person in voters if weight > 0)
    down = tuple(person for weight, person in voters if weight < 0)
    sections = [_section_button(story, settings, s.key) for s in settings.config.desk.sections]
    return (
        CardButton("up", VOTE_UP, say("button_up"), len(up), up),
        CardButton("down", VOTE_DOWN, say("button_down"), len(down), down),
        *sections,
    )


def _section_button(story: Story, settings: DeskSettings, key: str) -> CardButton:
    people = tuple(tag.curator.name for tag in story.tags if tag.section == key)
    name, emoji = settings.section_name(key), settings.section_emoji(key)
    return CardButton(f"section:{key}", emoji, name, len(people), people)
