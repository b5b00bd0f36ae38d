"""The operator's `summarize`: draft summaries of texts, with every core, in their order."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.json_lines import JsonLine, in_order, json_line, json_lines
from bot.read_batch import cores
from bot.reading.summarising.summary_batch import ToSummarise, drafts_of
from bot.reading.workers import ReadingWorkers, WorkFailedError

_TOGETHER = 16
"""Texts handed to a process at once: a summary takes less than the way there and back."""
_AHEAD = 4
"""Batches begun for each process beyond the one whose lines are due."""
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file; `wanted` is None where there is nothing to summarise."""

    number: int
    id: Any
    wanted: ToSummarise | None


def summarize(
    jsonl: Annotated[
        Path,
        typer.Option(
            "--jsonl",
            help='A file of lines {"id", "lang", "title", "text"}; - is standard input.',
            allow_dash=True,
        ),
    ],
    max_chars: Annotated[
        int | None, typer.Option("--max-chars", min=1, help="At most so many characters, in any language.")
    ] = None,
) -> None:
    """Draft a summary of each text: a line {"id", "summary"} for each line, in that order.

    A line that cannot be summarised has an empty summary, and is named on standard error.
    """
    asyncio.run(_print_all(map(_line, json_lines(jsonl)), max_chars))


async def _print_all(lines: Iterator[_Line], most: int | None) -> None:
    """Print the summaries; only some batches are held at a time, whatever the number of lines."""
    processes = cores()
    workers = ReadingWorkers(processes=processes)

    async def summarised(batch: list[_Line]) -> list[tuple[_Line, str]]:
        return await _summarised(batch, most, workers)

    batches = iter(lambda: list(islice(lines, _TOGETHER)), [])
    try:
        async for batch in in_order(batches, summarised, ahead=_AHEAD * processes):
            for line, summary in batch:
                _print(line, summary)
    finally:
        await workers.close()


def _print(line: _Line, summary: str) -> None:
    if line.wanted is None:
        _complain(line, "it is no object with a text")
    typer.echo(json_line({"id": line.id, "summary": summary}))


def _line(line: JsonLine) -> _Line:
    said = line.fields or {}
    language, title, text = (said.get(key) for key in ("lang", "title", "text"))
    if not isinstance(text, str):
        return _Line(line.number, said.get("id"), None)
    wanted = ToSummarise(
        language[:2].lower() if isinstance(language, str) else "",
        title if isinstance(title, str) else "",
        text,
    )
    return _Line(line.number, said.get("id"), wanted)


async def _summarised(
    batch: list[_Line], most: int | None, workers: ReadingWorkers
) -> list[tuple[_Line, str]]:
    """Summarise a batch; where one text breaks it, the texts one by one."""
    wanted = [line.wanted for line in batch if line.wanted is not None]
    try:
        drafts = iter(await workers.do(drafts_of, wanted, most, seconds=_SECONDS))
    except WorkFailedError as failed:
        if len(batch) > 1:
            return [(await _summarised([line], most, workers))[0] for line in batch]
        _complain(batch[0], failed.reason)
        return [(batch[0], "")]
    return [(line, "" if line.wanted is None else next(drafts)) for line in batch]


def _complain(line: _Line, reason: str) -> None:
    typer.echo(f"line {line.number}: {reason}", err=True)
