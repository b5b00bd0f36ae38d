"""The operator's `links`: each link in its one spelling, for those who sort lists of their own."""

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from bot.json_lines import json_line
from bot.reading.link import NotALinkError, link


def links(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON line for each link, in order.")] = False,
) -> None:
    """Read links from standard input, one a line, and print each in its one spelling."""
    for given, spelling in spellings(line.decode(errors="replace") for line in sys.stdin.buffer):
        if as_json:
            typer.echo(json_line({"given": given, "link": spelling}))
        else:
            typer.echo(spelling or "")


def spellings(lines: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Return each line with the one spelling of the link that it is; None for what is no link."""
    for line in lines:
        given = line.rstrip("\r\n")
        try:
            yield given, link(given).whole
        except NotALinkError:
            yield given, None
