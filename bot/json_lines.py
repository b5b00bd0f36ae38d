"""Files with a JSON object a line, as the operator's commands read and write them."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import DeskError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class JsonLine:
    """A line of a file, counted from 1; `fields` is None where it holds no JSON object."""

    number: int
    fields: Mapping[str, Any] | None


def json_lines(path: Path) -> Iterator[JsonLine]:
    """Yield a file's lines, `-` being standard input; empty ones are left out.

    Raises DeskError where there is no such file.
    """
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield JsonLine(number, _object_in(line))
    except OSError as error:
        raise DeskError(
            f"{path} cannot be read: {error.strerror or 'it is no file'}.",
            advice="Name a file with one JSON object a line, or - for standard input.",
        ) from error


def _object_in(line: bytes) -> dict[str, Any] | None:
    """Read a line; bytes that are no UTF-8 become replacement characters, and a byte order mark goes."""
    try:
        said = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def json_line(fields: Mapping[str, object]) -> str:
    """Return fields as a line that UTF-8 can hold: half a character goes by its escape."""
    line = json.dumps(fields, ensure_ascii=False)
    return line.encode("utf-8", "backslashreplace").decode()


async def in_order(
    items: Iterator[_Item], work: Callable[[_Item], Awaitable[_Result]], *, ahead: int
) -> AsyncGenerator[_Result, None]:
    """Begin the work on so many items ahead, and yield each result when those before it are done."""
    begun: deque[asyncio.Future[_Result]] = deque()
    try:
        for item in items:
            begun.append(asyncio.ensure_future(work(item)))
            if len(begun) > ahead:
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for waiting in begun:
            waiting.cancel()
