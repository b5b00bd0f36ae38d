"""Deeds on the issue in preparation: the running order, the lead, the shorts."""

from bot.command import FORMS, Command
from bot.hearing import Hearing
from bot.late_draft import lateness
from bot.permission import require_open
from bot.slate import running_order
from bot.standing import on_slate, standing
from bot.telling import missing_of
from storage.issues import add_short, issue_in_preparation
from storage.records import Story
from storage.stories import pitched_stories, touch

_USAGE = {form.name: form.usage for form in FORMS}


async def move(hearing: Hearing, command: Command) -> None:
    """Let a story run before another of its section; the order of the others stays."""
    word, before, other_word = command.words
    if before not in ("before", "在", "<"):
        raise hearing.refusal("misspelled_command", usage=_USAGE["move"])
    story = await _approved(hearing, word)
    other = await _approved(hearing, other_word)
    section, other_section = _section(hearing, story), _section(hearing, other)
    if section != other_section:
        name = hearing.settings.section_name
        raise hearing.refusal(
            "move_other_section",
            number=story.number,
            section=name(section),
            other=other.number,
            other_section=name(other_section),
        )
    if story.issue_id != other.issue_id:
        raise hearing.refusal("move_drafted_other", number=story.number, other=other.number)
    if story.issue_id is not None and story.id != other.id:
        await _move_in_draft(hearing, story, other)
        return
    if story.id != other.id:
        await _run_before(hearing, story, other, section)
    hearing.say(
        "moved",
        number=story.number,
        other=other.number,
        section=hearing.settings.section_name(section),
    )


async def _move_in_draft(hearing: Hearing, story: Story, other: Story) -> None:
    """Ask the next publish to move a story that is set already; the others stay where people have them."""
    before = story.run_before
    story.run_before = other.id
    await hearing.note("move_in_draft", story=story, other=other.number, before=before, after=other.id)
    hearing.say("moved_in_draft", number=story.number, other=other.number)


async def _run_before(hearing: Hearing, story: Story, other: Story, section: str | None) -> None:
    rules = hearing.settings.rules
    running = sorted(
        (
            s
            for s in await pitched_stories(hearing.session, hearing.desk)
            if s.id != story.id
            and s.issue_id is None
            and on_slate(s, rules)
            and standing(s, rules).section == section
        ),
        key=running_order,
    )
    at = next(i for i, s in enumerate(running) if s.id == other.id)
    order = [*running[:at], story, *running[at:]]
    before = {str(s.id): s.place for s in order}
    after = {str(s.id): place for place, s in enumerate(order, start=1)}
    await hearing.note("move", story=story, other=other.number, before=before, after=after)
    for place, one in enumerate(order, start=1):
        if one.place != place:
            one.place = place
            await touch(hearing.session, one.id)


async def _approved(hearing: Hearing, word: str) -> Story:
    story = await hearing.story(word, usage=_USAGE["move"])
    require_open(hearing, story)
    if not on_slate(story, hearing.settings.rules):
        missing = missing_of(story, hearing.settings)
        raise hearing.refusal("move_needs_slate", number=story.number, missing=missing)
    return story


def _section(hearing: Hearing, story: Story) -> str | None:
    return standing(story, hearing.settings.rules).section


async def set_lead(hearing: Hearing, command: Command) -> None:
    """Set the lead of the issue in preparation."""
    issue = await issue_in_preparation(hearing.session, hearing.desk, today=hearing.today)
    text = command.rest.strip()
    await hearing.note("lead", issue=issue.id, before=issue.lead, after=text)
    issue.lead = text
    hearing.say("lead_set", count=len(text))
    hearing.said += lateness(issue, hearing.settings, hearing.today)


async def add_one_liner(hearing: Hearing, command: Command) -> None:
    """Add a one-line piece of news to the issue in preparation."""
    issue = await issue_in_preparation(hearing.session, hearing.desk, today=hearing.today)
    text = " ".join(command.rest.split())
    short = await add_short(hearing.session, issue, text, hearing.curator.id)
    await hearing.note("short", short=short.id, after=text)
    hearing.say("short_added", count=sum(not s.withdrawn for s in issue.shorts) + 1)
    hearing.said += lateness(issue, hearing.settings, hearing.today)
