"""Answers to questions: slate, story, why, find, status, help. They change nothing."""

from bot.command import FORMS, Command, NotUnderstood
from bot.draft_remark import draft_remark, summary_label
from bot.hearing import Hearing
from bot.late_draft import lateness, left_behind
from bot.pitch import title_of
from bot.retelling import retold
from bot.slate import make_slate
from bot.standing import on_slate, standing, tags_of
from bot.telling import missing_of, standing_of
from storage.curators import identities_of
from storage.inbox import count_unhandled
from storage.issues import issue_in_preparation
from storage.journal import lines_of_story
from storage.pull_requests import OPEN, followed_pull_requests
from storage.records import Author, Story, StoryStatus
from storage.sendings import last_released
from storage.stories import find_stories, pitched_stories
from storage.story_counts import count_stories, unread_stories

_USAGE = {form.name: form.usage for form in FORMS}
_SHOWN = ("title", "source", "authors", "published", "language", "summary", "paper", "paper_link", "code")
_MOST_FOUND = 10
_MOST_WORDS, _LONGEST_WORD = 8, 64  # more of either would ask too much of a database


async def show_help(hearing: Hearing, command: Command) -> None:
    """List the commands, or say what one does."""
    say = hearing.wording.say
    asked = command.words[0].lstrip("/").lower() if command.words else ""
    forms = [form for form in FORMS if form.name == asked] or FORMS
    lines = [f"{form.usage} — {say(f'help_{form.name}')}" for form in forms]
    if len(forms) == 1:
        hearing.said.append(lines[0])
        return
    sections = hearing.settings.config.desk.sections
    palette = " ".join(f"{section.emoji} {section.name}" for section in sections)
    hearing.say("help", palette=palette, commands="\n".join(lines))


async def show_slate(hearing: Hearing, command: Command) -> None:
    """Show what would run if the issue went out now, and what waits for what."""
    stories = await pitched_stories(hearing.session, hearing.desk)
    rules = hearing.settings.rules
    slate = make_slate(stories, rules)
    waiting = [story for story in stories if not on_slate(story, rules)]
    if slate:
        hearing.say("slate_head", count=sum(len(section.stories) for section in slate))
    else:
        hearing.say("slate_empty", waiting=len(waiting), threshold=rules.threshold)
    for section in slate:
        name, emoji = hearing.settings.section_name(section.key), hearing.settings.section_emoji(section.key)
        hearing.say("slate_section", emoji=emoji, section=name)
        for story in section.stories:
            score = standing(story, rules).score
            hearing.say("slate_story", number=story.number, title=title_of(story), score=score)
    if waiting:
        hearing.say("slate_waiting", stories=hearing.wording.listed(_waiting(hearing, waiting)))


def _waiting(hearing: Hearing, stories: list[Story]) -> list[str]:
    return [
        hearing.wording.say(
            "slate_waiting_story", number=story.number, missing=missing_of(story, hearing.settings)
        )
        for story in stories
    ]


async def show_story(hearing: Hearing, command: Command) -> None:
    """Show everything about a story."""
    story = await hearing.story(command.words[0], usage=_USAGE["story"])
    hearing.say("story_head", number=story.number, title=title_of(story))
    hearing.said.append(standing_of(story, hearing.settings))
    values = {name: story.field(name) for name in _SHOWN if name != "title"}
    values["published"] = values["published"][:10]
    values["url"] = story.url
    values["notes"] = "; ".join(f"{p.curator.name}: {p.note}" for p in story.pitches if p.note)
    for name, value in values.items():
        if value:
            own = name == "summary"
            label = summary_label(story, hearing.settings) if own else hearing.wording.say(f"field_{name}")
            hearing.say("story_line", label=label, value=value)
    if remark := draft_remark(story, hearing.settings):
        hearing.said.append(remark)


async def show_why(hearing: Hearing, command: Command) -> None:
    """Show a story's journal, who wrote what, and which rule decides."""
    story = await hearing.story(command.words[0], usage=_USAGE["why"])
    how = standing_of(story, hearing.settings)
    hearing.say("why_head", number=story.number, title=title_of(story), standing=how)
    for line in await lines_of_story(hearing.session, story.id):
        at = line.at.astimezone(hearing.settings.config.zone).strftime("%m-%d %H:%M")
        who = line.curator.name if line.curator else hearing.wording.say("desk_itself")
        hearing.say("why_line", at=at, who=who, what=retold(line, hearing.settings))
    _say_votes(hearing, story)
    _say_fields(hearing, story)


def _say_votes(hearing: Hearing, story: Story) -> None:
    rules, settings, say = hearing.settings.rules, hearing.settings, hearing.wording.say
    now = standing(story, rules)
    votes = [f"{v.curator.name} {v.weight:+d}" for v in story.votes if v.weight]
    listed = hearing.wording.listed(votes) or say("none")
    hearing.say("why_votes", votes=listed, score=now.score, threshold=rules.threshold)
    tags = [
        f"{settings.section_emoji(key)} {settings.section_name(key)} {count}"
        for key, count in tags_of(story).most_common()
        if count
    ]
    rule = "rule_editor" if now.by_editor else "rule_most" if tags else "rule_none"
    hearing.say("why_tags", tags=hearing.wording.listed(tags) or say("none"), rule=say(rule))


def _say_fields(hearing: Hearing, story: Story) -> None:
    """Say which fields the machine wrote, and which a curator, an editor, or somebody in git."""
    say, listed = hearing.wording.say, hearing.wording.listed
    names = {Author.MACHINE: "author_machine", Author.CURATOR: "role_curator"}
    names |= {Author.EDITOR: "role_editor", Author.GIT: "author_git"}
    written = {
        author: sorted(say(f"field_{f.name}") for f in story.fields if f.value and f.author == author)
        for author in names
    }
    groups = [
        say("why_fields_of", author=say(names[author]), fields=listed(fields))
        for author, fields in written.items()
        if fields
    ]
    if groups:
        hearing.say("why_fields", fields=hearing.wording.clauses(groups))


async def show_found(hearing: Hearing, command: Command) -> None:
    """Search stories and past issues."""
    asked = command.rest.split()
    words = [word[:_LONGEST_WORD] for word in asked[:_MOST_WORDS]]
    if words != asked:
        hearing.say("find_cut", words=_MOST_WORDS, characters=_LONGEST_WORD)
    found, count = await find_stories(hearing.session, hearing.desk, words, limit=_MOST_FOUND)
    if not found:
        hearing.say("find_none", words=" ".join(words))
        return
    hearing.say("find_head", count=count)
    for story in found:
        state = standing_of(story, hearing.settings)
        hearing.say("find_story", number=story.number, title=title_of(story), state=state)
    if count > len(found):
        hearing.say("find_more", count=count - len(found))


async def _show_pull_requests(hearing: Hearing) -> None:
    """Name what waits to be merged, and have the forge asked whether it still does."""
    followed = await followed_pull_requests(hearing.session, hearing.desk, hearing.now)
    for pull, issue in followed:
        if pull.state == OPEN:
            hearing.say("status_pull_request", date=issue.date, url=pull.url)
    if followed:
        await hearing.start("look_at_pull_requests")


async def _show_last_release(hearing: Hearing) -> None:
    issue = await last_released(hearing.session, hearing.desk)
    if issue is not None and issue.released_at is not None:
        day = issue.released_at.astimezone(hearing.settings.config.zone).date()
        hearing.say("status_released", issue=issue.date, path=issue.path, day=day)


async def show_status(hearing: Hearing, command: Command) -> None:
    """Show how the desk is doing."""
    session, desk = hearing.session, hearing.desk
    counts = await count_stories(session, desk)
    stories = await pitched_stories(session, desk)
    slate = sum(on_slate(story, hearing.settings.rules) for story in stories)
    issue = await issue_in_preparation(session, desk, today=hearing.today)
    hearing.say(
        "status",
        open=counts.get(StoryStatus.PITCHED, 0),
        unread=await unread_stories(session, desk),
        slate=slate,
        published=counts.get(StoryStatus.PUBLISHED, 0),
        spiked=counts.get(StoryStatus.SPIKED, 0),
        waiting=max(0, await count_unhandled(session, desk) - 1),
        issue=str(issue.date) if issue.date else hearing.wording.say("issue_undated"),
    )
    hearing.said += lateness(issue, hearing.settings, hearing.today)
    hearing.said += await left_behind(session, hearing.settings, issue, hearing.today)
    await _show_last_release(hearing)
    await _show_pull_requests(hearing)
    hearing.say(
        "status_you",
        name=hearing.curator.name,
        role=hearing.wording.say("role_editor" if hearing.curator.is_editor else "role_curator"),
        identities=hearing.wording.listed(list(await identities_of(session, hearing.curator.id))),
    )


def say_not_understood(hearing: Hearing, typed: NotUnderstood) -> None:
    """Say what was probably meant."""
    if typed.form is not None:
        hearing.say("misspelled_command", usage=typed.form.usage)
    elif typed.nearest is not None:
        hearing.say("not_a_command_nearest", typed=typed.typed, nearest=typed.nearest)
    else:
        hearing.say("not_a_command", typed=typed.typed)
