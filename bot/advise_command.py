"""The operator's `advise`: the sections that past issues advise for new stories, without a desk."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import DeskError
from bot.json_lines import JsonLine, json_line, json_lines
from bot.past_issues import one_spelling, past_stories
from bot.reading.section_advice import NO_ADVICE, Advice
from bot.reading.sections.features import PastStory, StoryWords
from bot.reading.sections.work import advise_all, learn
from bot.reading.workers import ReadingWorkers, WorkFailedError
from renderers.layout import Layout, LayoutNotFoundError, load_layout

_LEARNING_SECONDS = 300.0
_AT_ONCE, _SECONDS = 50, 60.0
_MEMORY = 3_000_000_000


class UnadvisableError(DeskError):
    """What the command was given cannot be used."""


def advise_(
    train: Annotated[Path, typer.Option(help="A folder of past issues.", exists=True, show_default=False)],
    jsonl: Annotated[
        Path,
        typer.Option(
            help="Stories, one a line: title, source, url, text; - is standard input.",
            allow_dash=True,
            show_default=False,
        ),
    ],
    layout: Annotated[str, typer.Option(help="The house format of the issues.")] = "embedded-ai-report",
) -> None:
    """Learn from past issues, and say for each new story in which section it would run, how surely.

    A line that is no story has no section, and is named on standard error.
    """
    try:
        house = load_layout(layout)
    except LayoutNotFoundError as missing:
        raise UnadvisableError(str(missing), advice="Name one of them with --layout.") from None
    past = past_stories(house, train)
    if not past:
        raise UnadvisableError(f"There are no past stories in {train}.", advice="Name a folder of issues.")
    asyncio.run(_print_advice(house, past, map(_story, json_lines(jsonl))))


async def _print_advice(layout: Layout, past: list[PastStory], stories: Iterator[StoryWords | None]) -> None:
    sections = [section.key for section in layout.sections]
    workers = ReadingWorkers(processes=1, memory=_MEMORY)
    try:
        model = await workers.do(learn, past, seconds=_LEARNING_SECONDS)
        while some := list(islice(stories, _AT_ONCE)):
            asked = (model, [story for story in some if story is not None], _history(past), sections)
            advices = iter(await workers.do(advise_all, *asked, seconds=_SECONDS))
            for story in some:
                typer.echo(json_line(_fields(NO_ADVICE if story is None else next(advices))))
    except WorkFailedError as failed:
        raise UnadvisableError(f"The work came to nothing: {failed.reason}.", advice="Try fewer.") from None
    finally:
        await workers.close()


def _history(past: list[PastStory]) -> dict[str, Counter[str]]:
    history: dict[str, Counter[str]] = {}
    for story in past:
        if story.words.source:
            history.setdefault(story.words.source, Counter())[story.section] += 1
    return history


def _fields(advice: Advice) -> dict[str, Any]:
    return {
        "section": advice.section,
        "confidence": round(advice.confidence, 3),
        "second": advice.second,
    }


def _story(line: JsonLine) -> StoryWords | None:
    """Return a line's story, None for what is none; a field that is missing is empty."""
    if line.fields is None:
        typer.echo(f"line {line.number}: it is no JSON object with title, source, url, text", err=True)
        return None
    title, source, url, text = (
        str(line.fields.get(name) or "") for name in ("title", "source", "url", "text")
    )
    return StoryWords(title, source, one_spelling(url), text)
