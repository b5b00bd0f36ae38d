"""`python -m bot render`: an issue's file as readers get it, without desk or database."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.masthead import name_in
from bot.picture_images import with_images_beside
from renderers.issue_document import IssueDocument
from renderers.issue_view import IssueView, Masthead, view_of
from renderers.layout import Layout, LayoutNotFoundError, load_layout
from renderers.markdown import clean, link_target
from renderers.outputs.email_message import message_kind
from renderers.outputs.output import CannotRenderError, InvalidOutputError, Output, OutputKind
from renderers.outputs.registry import OUTPUTS, WITH_IMAGES, render_checked

INVALID, UNREADABLE = 1, 2  # exit codes: it cannot be shown; what was asked for could not be read or written
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_AROUND_DATE = " \t()（）[]【】:：-—–·|,，."


def render(
    file: Annotated[Path, typer.Argument(help="An issue file.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help=f"{', '.join(sorted(OUTPUTS))}.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write it; else standard output.")
    ] = None,
    layout: Annotated[str, typer.Option("--layout", help="The house format.")] = "embedded-ai-report",
    title: Annotated[str, typer.Option("--title", help="The newsletter's name.")] = "",
    site: Annotated[str, typer.Option("--site", help="Where readers find it, https://…")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Say what was written as JSON.")] = False,
) -> None:
    """Set an issue's file in a format of its readers and check it.

    Several parts are written as OUT, OUT-2 and so on. Exit 1 if the issue cannot be set, or not soundly; 2
    if something could not be read or written.
    """
    kind = _kind(to, out)
    house = _layout(layout)
    issue = read_issue(file, house, title=title, site=_site(site))
    issue = with_images_beside(issue, file, house) if kind.name in WITH_IMAGES else issue
    try:
        outputs = render_checked(kind, issue)
    except CannotRenderError as reason:
        _stop([str(reason)], INVALID)
    except InvalidOutputError as invalid:
        lines = [
            json.dumps(asdict(one)) if as_json else f"{one.code}: {one.message}" for one in invalid.faults
        ]
        _stop(lines, INVALID)
    _hand_out(outputs, out, as_json=as_json)


def read_issue(file: Path, layout: Layout, *, title: str = "", site: str = "") -> IssueView:
    """Read an issue's file as its outputs show it.

    The newsletter's name is `title`, else what stands before the date in the issue's title, else the
    layout's. A date that the title lacks is taken from the file's name. Exits with 2 if the file cannot be
    read.
    """
    try:
        document = IssueDocument.parse(file.read_bytes(), layout)
    except OSError as problem:
        _stop([f"{file}: {problem.strerror}"], UNREADABLE)
    said = view_of(document, Masthead(""))
    named = _DATE.search(file.name)
    date = said.date or (named.group() if named else "")
    before, _, behind = said.title.partition(date) if date else (said.title, "", "")
    name = clean(title) or before.strip(_AROUND_DATE) or behind.strip(_AROUND_DATE) or name_in(layout)
    home = f"{site.rstrip('/')}/" if site else ""
    address = f"{home}{layout.page_address(layout.path(date))}" if home and date else home
    view = view_of(document, Masthead(name, language=layout.language, home=home, address=address))
    return replace(view, date=date, title=said.title or f"{name} {date}".strip())


def _kind(to: str, out: Path | None) -> OutputKind:
    if to not in OUTPUTS:
        _stop([f"There is no format {to!r}. Known: {', '.join(sorted(OUTPUTS))}."], UNREADABLE)
    whole_message = to == "email" and out is not None and out.suffix.lower() == ".eml"
    return message_kind() if whole_message else OUTPUTS[to]


def _layout(name: str) -> Layout:
    try:
        return load_layout(name)
    except LayoutNotFoundError as problem:
        _stop([str(problem)], UNREADABLE)


def _site(given: str) -> str:
    if given and not link_target(given):
        _stop([f"--site: {given!r} is no web address; write one such as https://example.org/."], UNREADABLE)
    return link_target(given)


def _hand_out(outputs: Sequence[Output], out: Path | None, *, as_json: bool) -> None:
    """Write each part to its place, say what was written and what an editor should know."""
    if out is None and (len(outputs) > 1 or as_json):
        why = f"It has {len(outputs)} parts" if len(outputs) > 1 else "Standard output is for the JSON"
        _stop([f"{why}: say with -o where to write."], UNREADABLE)
    for number, output in enumerate(outputs, 1):
        place = _place(out, number) if out else None
        if place is None:
            sys.stdout.buffer.write(output.content)
            sys.stdout.buffer.flush()
        else:
            _write(place, output.content)
        if as_json:
            said = {"file": str(place), "media_type": output.media_type, "bytes": len(output.content)}
            typer.echo(
                json.dumps({**said, "notes": [note.message for note in output.notes]}, ensure_ascii=False)
            )
        else:
            for note in output.notes:
                typer.echo(note.message, err=True)


def _place(out: Path, number: int) -> Path:
    return out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")


def _write(place: Path, content: bytes) -> None:
    try:
        place.write_bytes(content)
    except OSError as problem:
        _stop([f"{place}: {problem.strerror}"], UNREADABLE)


def _stop(lines: Sequence[str], code: int) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(code)
