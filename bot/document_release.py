"""`python -m bot document release` and `document lint`: a release of files, without desk or database."""

import asyncio
import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.document_commands import UNREADABLE, AsJson, File, Files, LayoutName, document_at, fail, house_format
from bot.issue_check import dated_files, link_key, past_in_folder
from bot.json_lines import json_line
from bot.link_check import LinkCheck, Visit, links_of, live_findings
from bot.reading.workers import ReadingWorkers
from renderers.index_rows import dead_rows, rows_in, with_index_rows
from renderers.issue_document import IssueDocument
from renderers.issue_lint import LintFinding, PastStories, lint
from renderers.issue_release import ReleasedIssue, past_dates, release_document
from renderers.layout import Layout

Day = Annotated[str, typer.Option("--date", help="The day on which it goes out, such as 2020-05-15.")]
Previous = Annotated[
    Path | None,
    typer.Option("--previous", help="The issue before: its past issues are taken over.", show_default=False),
]
Readme = Annotated[
    Path | None,
    typer.Option("--readme", help="The index page; it is rewritten in place.", show_default=False),
]
ReadmeOut = Annotated[
    Path | None, typer.Option("--readme-out", help="Write the index page here instead.", show_default=False)
]
Archive = Annotated[
    Path | None, typer.Option("--archive", help="A folder of past issues.", show_default=False)
]
Live = Annotated[bool, typer.Option("--live", help="Visit each link.")]


def lint_files(
    files: Files,
    layout: LayoutName = "embedded-ai-report",
    archive: Archive = None,
    live: Live = False,
    as_json: AsJson = False,
) -> None:
    """Find what an editor should look at before an issue goes out.

    Exit 1 where there are errors, 0 where there are none, 2 if a file could not be read.
    """
    house, ended = house_format(layout), 0
    for path in files:
        try:
            findings = _findings(path, house, archive, live=live)
        except OSError as problem:
            typer.echo(f"{path}: {problem.strerror}", err=True)
            ended = UNREADABLE
            continue
        _print(path, findings, as_json=as_json)
        ended = max(ended, int(any(found.weight == "error" for found in findings)))
    if ended:
        raise typer.Exit(ended)


def release(
    file: File,
    date: Day,
    previous: Previous = None,
    readme: Readme = None,
    readme_out: ReadmeOut = None,
    layout: LayoutName = "embedded-ai-report",
    as_json: AsJson = False,
) -> None:
    """Write an issue to stdout as it goes out: final date, count, past issues; add its row to the index page.

    The index page gets the rows of all earlier issues that it lacks. What was done, and what an editor should
    look at, goes to stderr. Exit 2 if something could not be read.
    """
    day, house = _day(date), house_format(layout)
    before = document_at(previous, house) if previous else None
    draft = document_at(file, house)
    if not (draft.title or draft.sections or draft.stories):
        fail(f"{file}: this is no issue: it has no title, no section and no story.")
    done = release_document(draft, date=day, previous=before)
    notes = [_released(done, day)]
    if readme is not None:
        notes += _release_in_index(readme, readme_out or readme, done.document, before, day)
    past = past_in_folder({before.date or "": before}) if before else PastStories()
    found = lint(done.document, link_key, name=day, past=past)
    notes += [{"note": "lint", **_fields(one)} for one in found]
    sys.stdout.buffer.write(done.document.render())
    sys.stdout.buffer.flush()
    for note in notes:
        typer.echo(json_line(note) if as_json else _in_words(note), err=True)


def _released(done: ReleasedIssue, day: str) -> dict[str, Any]:
    return {
        "note": "released",
        "date": day,
        "date_before": done.date_before,
        "stories": done.count,
        "count_changed": done.counted,
        "cells": list(done.cells),
        "past_issues": len(past_dates(done.document)),
    }


def _fields(found: LintFinding) -> dict[str, Any]:
    return {"code": found.code, "weight": found.weight, "line": found.line, "message": found.message}


def _findings(path: Path, layout: Layout, archive: Path | None, *, live: bool) -> Sequence[LintFinding]:
    issue = IssueDocument.parse(path.read_bytes(), layout)
    name, past = layout.date_in(str(path)) or path.stem, PastStories()
    if archive is not None:
        files = dated_files(archive, layout)
        past = past_in_folder({day: found for day, found in files.items() if day not in (name, issue.date)})
    findings = lint(issue, link_key, name=name, past=past)
    if not live:
        return findings
    visits = asyncio.run(_visited(issue))
    return sorted([*findings, *live_findings(issue, visits)], key=lambda found: (found.line, found.code))


async def _visited(issue: IssueDocument) -> Mapping[str, Visit]:
    workers = ReadingWorkers(processes=1, seconds=20, memory=1_500_000_000)
    check = LinkCheck(read=workers.read)
    try:
        return await check.check(links_of(issue))
    finally:
        await check.close()
        await workers.close()


def _print(path: Path, findings: Iterable[LintFinding], *, as_json: bool) -> None:
    for found in findings:
        line = {"file": str(path), **_fields(found)}
        said = (
            json_line(line)
            if as_json
            else f"{path}:{found.line}: {found.weight}: {found.code}: {found.message}"
        )
        sys.stdout.buffer.write(said.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.buffer.flush()


def _day(word: str) -> str:
    try:
        return dt.date.fromisoformat(word).isoformat()
    except ValueError:
        fail(f"{word!r} is no date; write it like 2020-05-15.")


def _release_in_index(
    readme: Path, out: Path, issue: IssueDocument, previous: IssueDocument | None, day: str
) -> Iterable[dict[str, Any]]:
    """Write the index page with the rows that it lacks; say which are new, and which lead nowhere.

    Earlier issues are those that the files beside the page, and the issue's own past issues, name.
    """
    layout = issue.layout
    try:
        before = readme.read_bytes().decode("utf-8", "surrogateescape")
        there = _issues_beside(readme, layout)
        text = with_index_rows(before, layout, _listed(issue, previous, there, day))
        out.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as problem:
        fail(f"{problem.filename}: {problem.strerror}")
    old = {row.date for row in rows_in(before, layout.index)}
    rows = [row.date for row in rows_in(text, layout.index) if row.date not in old]
    yield {"note": "index", "file": str(out), "rows": rows, "listed": day in {*old, *rows}}
    if there is not None:
        for row in dead_rows(text, layout, {*there, layout.path(day)}):
            yield {
                "note": "dead-row",
                "file": str(out),
                "line": row.line,
                "date": row.date,
                "target": row.target,
            }


def _issues_beside(readme: Path, layout: Layout) -> frozenset[str] | None:
    """Return the paths of the issues in the repository that the page stands in; None where it is in none."""
    folder = readme.resolve().parent / layout.folder
    if not layout.folder or not folder.is_dir():
        return None
    below = "*/*" if "/" in layout.file else "*"
    return frozenset(f"{layout.folder}/{path.relative_to(folder).as_posix()}" for path in folder.glob(below))


def _listed(
    issue: IssueDocument, previous: IssueDocument | None, there: frozenset[str] | None, day: str
) -> set[str]:
    """Return the dates that the page is to name: this issue, the one before, and all earlier ones known."""
    certain = {day, *([previous.date] if previous is not None and previous.date else [])}
    if there is None:
        return {one for one in {*certain, *past_dates(issue)} if one <= day}
    beside = {found for path in there if (found := issue.layout.date_in(path)) is not None}
    return {one for one in certain | beside if one <= day}


def _in_words(note: dict[str, Any]) -> str:
    match note["note"]:
        case "released":
            was = f" (was {note['date_before']})" if note["date_before"] not in (None, note["date"]) else ""
            cells = f"; past issues: + {', '.join(note['cells'])}" if note["cells"] else ""
            cells = cells if note["past_issues"] else "; no block of past issues, and none to take over"
            return f"Issue of {note['date']}{was}: {note['stories']} stories{cells}."
        case "index" if note["rows"]:
            return f"{note['file']}: new rows for {', '.join(note['rows'])}."
        case "index" if note["listed"]:
            return f"{note['file']}: the issue is listed already."
        case "index":
            return f"{note['file']}: there is no table or list of past issues; nothing was added."
        case "dead-row":
            return (
                f"{note['file']}:{note['line']}: the row of {note['date']} leads to no file: {note['target']}"
            )
    return f"line {note['line']}: {note['weight']}: {note['code']}: {note['message']}"
