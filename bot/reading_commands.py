"""The operator's `read`: an article as the desk would read it, or a batch of them."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.json_lines import json_line
from bot.page_problem import reason_in_words
from bot.read_batch import Wanted, read_batch, read_one
from bot.reading.article import Reading
from bot.reading.link import NotALinkError, link
from bot.reading.section_advice import advise
from bot.wording import Wording

_SECTIONS = ("news", "papers", "projects", "posts")
"""The section keys of the house format, advised where no desk says otherwise."""


Address = Annotated[str | None, typer.Argument(help="The article's address.")]
PageFile = Annotated[
    Path | None,
    typer.Option(
        "--html", help="Read these bytes instead of fetching; may be gzipped.", dir_okay=False, exists=True
    ),
]
Manifest = Annotated[
    Path | None,
    typer.Option(
        "--batch", help='Read what this file names: {"url", "html_file"} a line, files relative to it.'
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line for each article.")]


def read(url: Address = None, html: PageFile = None, batch: Manifest = None, as_json: AsJson = False) -> None:
    """Read an article: verdict, title, source, date, text, draft summary, advised section."""
    if batch is None and url is not None:
        _print_page(url, html, as_json=as_json)
    elif batch is not None and url is None and html is None:
        asyncio.run(_print_batch(batch, as_json=as_json))
    else:
        raise typer.BadParameter("name an article's address, or else a --batch.")


def _print_page(url: str, html: Path | None, *, as_json: bool) -> None:
    reading = asyncio.run(read_one(Wanted(link(url).url, html)))
    fields = reading_fields(url, reading)
    if as_json:
        typer.echo(json_line(fields))
    else:
        _show(fields)


async def _print_batch(manifest: Path, *, as_json: bool) -> None:
    async for url, reading in read_batch(manifest):
        fields = reading_fields(url, reading)
        if as_json:
            typer.echo(json_line(fields))
        else:
            typer.echo(f"{reading.verdict:<12}  {fields['title'] or reading.reason}  {url}")


def reading_fields(url: str, reading: Reading) -> dict[str, object]:
    """Name a reading's fields as a machine reads them; an absent article leaves them null."""
    article, summary = reading.article, reading.summary
    return {
        "url": url,
        "verdict": reading.verdict.value,
        "reason": str(reading.reason),
        "title": article and article.title,
        "source": article and article.source,
        "authors": list(article.authors) if article else [],
        "published": article and article.published,
        "language": article and article.language,
        "text": article and article.text,
        "summary": summary and summary.text,
        "section": _section(url, article.source if article else ""),
        "lines": dict(article.lines) if article else {},
    }


def _section(url: str, source: str) -> str | None:
    try:
        return advise(url=link(url).url, source=source, history={}, sections=_SECTIONS).section
    except NotALinkError:
        return None


def _in_words(value: object) -> str:
    match value:
        case list():
            return ", ".join(value)
        case dict():
            return "\n".join(f"{name}: {each}" for name, each in value.items())
        case _:
            return str(value)


def _show(fields: Mapping[str, object]) -> None:
    """Print a reading for a person, the text last."""
    console = Console()
    table = Table(show_header=False, box=None)
    for name, value in fields.items():
        if name == "reason" and value:
            said = reason_in_words(str(fields["verdict"]), str(value), Wording("en"))
            table.add_row(name, f"{value}: {said}")
        elif name != "text" and value:
            table.add_row(name, Text(_in_words(value)))
    console.print(table)
    if fields["text"]:
        console.rule()
        console.print(Text(str(fields["text"])))
