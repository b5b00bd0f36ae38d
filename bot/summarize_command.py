"""The operator's `summarize`: draft summaries of texts, with every core, in their order."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import DeskError
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
    asyncio.run(_print_all(jsonl, max_chars))


async def _print_all(jsonl: Path, most: int | None) -> None:
    async for line, summary in _in_order(_lines(jsonl), most):
        if line.wanted is None:
            _complain(line, "it is no object with a text")
        said = json.dumps({"id": line.id, "summary": summary}, ensure_ascii=False)
        typer.echo(_printable(said))


def _lines(jsonl: Path) -> Iterator[_Line]:
    """Yield what each line asks for, without empty ones. Raises DeskError where there is no such file."""
    try:
        with nullcontext(sys.stdin.buffer) if str(jsonl) == "-" else jsonl.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _line(number, line)
    except OSError as error:
        raise DeskError(
            f"{jsonl} cannot be read: {error.strerror or 'it is no file'}.",
            advice="Name a file with one JSON object a line, or - for standard input.",
        ) from error


def _line(number: int, line: bytes) -> _Line:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return _Line(number, None, None)
    if not isinstance(said, dict):
        return _Line(number, None, None)
    language, title, text = (said.get(key) for key in ("lang", "title", "text"))
    if not isinstance(text, str):
        return _Line(number, said.get("id"), None)
    wanted = ToSummarise(
        language[:2].lower() if isinstance(language, str) else "",
        title if isinstance(title, str) else "",
        text,
    )
    return _Line(number, said.get("id"), wanted)


async def _in_order(lines: Iterator[_Line], most: int | None) -> AsyncIterator[tuple[_Line, str]]:
    """Yield each line with its summary; only some batches are held at a time, whatever the number."""
    processes = cores()
    workers = ReadingWorkers(processes=processes)
    begun: deque[asyncio.Future[list[tuple[_Line, str]]]] = deque()
    try:
        while batch := list(islice(lines, _TOGETHER)):
            begun.append(asyncio.ensure_future(_summarised(batch, most, workers)))
            if len(begun) > _AHEAD * processes:
                for each in await begun.popleft():
                    yield each
        while begun:
            for each in await begun.popleft():
                yield each
    finally:
        for waiting in begun:
            waiting.cancel()
        await workers.close()


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


def _printable(text: str) -> str:
    """Replace what JSON can hold and UTF-8 cannot: halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode()
