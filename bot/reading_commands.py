"""The operator's `read`: an article as the desk would read it."""

import asyncio
import gzip
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.reading.article import Reading
from bot.reading.fetch import Fetcher, FetchFailedError
from bot.reading.link import link
from bot.reading.page import Page
from bot.reading.section_advice import advise
from bot.reading.workers import ReadingWorkers

_SECTIONS = ("news", "papers", "projects", "posts")
"""The section keys of the house format, advised where no desk says otherwise."""
_GZIP_MAGIC = b"\x1f\x8b"
_LARGEST_FILE = 50_000_000


def read(
    url: Annotated[str, typer.Argument(help="The article's address.")],
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            help="Read these bytes instead of fetching; may be gzipped.",
            dir_okay=False,
            exists=True,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Read an article: verdict, title, source, date, text, draft summary, advised section."""
    reading = asyncio.run(_reading_of(url, html))
    fields = reading_fields(url, reading)
    if as_json:
        typer.echo(json.dumps(fields, ensure_ascii=False))
    else:
        _show(fields)


async def _reading_of(url: str, html: Path | None) -> Reading:
    address = link(url).url
    workers = ReadingWorkers(processes=1)
    try:
        page = await _fetched(address) if html is None else _page_from(address, html)
        return await workers.read(page)
    except FetchFailedError as failure:
        return Reading(failure.verdict, failure.reason)
    finally:
        await workers.close()


async def _fetched(url: str) -> Page:
    fetcher = Fetcher()
    try:
        return await fetcher.fetch(url)
    finally:
        await fetcher.close()


def _page_from(url: str, file: Path) -> Page:
    body = file.read_bytes()
    if body.startswith(_GZIP_MAGIC):
        with gzip.open(file) as unpacked:
            body = unpacked.read(_LARGEST_FILE)
    return Page(url=url, final_url=url, status=200, content_type="text/html", charset=None, body=body)


def reading_fields(url: str, reading: Reading) -> dict[str, object]:
    """Name a reading's fields as a machine reads them; an absent article leaves them null."""
    article, summary = reading.article, reading.summary
    advice = advise(url=url, source=article.source if article else "", history={}, sections=_SECTIONS)
    return {
        "url": url,
        "verdict": reading.verdict.value,
        "reason": reading.reason,
        "title": article and article.title,
        "source": article and article.source,
        "authors": list(article.authors) if article else [],
        "published": article and article.published,
        "language": article and article.language,
        "text": article and article.text,
        "summary": summary and summary.text,
        "section": advice.section,
    }


def _show(fields: dict[str, object]) -> None:
    """Print a reading for a person, the text last."""
    console = Console()
    table = Table(show_header=False, box=None)
    for name, value in fields.items():
        if name != "text" and value:
            table.add_row(name, Text(", ".join(value) if isinstance(value, list) else str(value)))
    console.print(table)
    if fields["text"]:
        console.rule()
        console.print(Text(str(fields["text"])))
