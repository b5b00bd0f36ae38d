"""`python -m bot document …`: look at an issue's file, or add stories to it, without desk or database."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.story_lines import read_stories
from renderers.issue_document import DocumentStory, IssueDocument
from renderers.issue_lint import lint
from renderers.layout import Layout, LayoutNotFoundError, load_layout

UNREADABLE = 2  # exit code: what was asked for could not be read

document = typer.Typer(name="document", help="Look at an issue's Markdown file, or add stories to it.")

Files = Annotated[list[Path], typer.Argument(help="Issue files.", show_default=False)]
File = Annotated[Path, typer.Argument(help="An issue file.", show_default=False)]
LayoutName = Annotated[str, typer.Option("--layout", help="The house format.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Stories = Annotated[
    Path,
    typer.Option("--stories", help="JSON lines: section, title, source, url, summary.", show_default=False),
]


@document.command()
def check(files: Files, layout: LayoutName = "embedded-ai-report", as_json: AsJson = False) -> None:
    """Check that files survive being read and written, and what in them needs an editor's eye.

    Exit 1 if a file does not come back byte for byte, 2 if one could not be read.
    """
    house = house_format(layout)
    results = [_checked(path, house, as_json=as_json) for path in files]
    if None in results:
        raise typer.Exit(UNREADABLE)
    if not all(results):
        raise typer.Exit(1)


@document.command()
def stories(file: File, layout: LayoutName = "embedded-ai-report", as_json: AsJson = False) -> None:
    """List the stories of an issue."""
    for story in document_at(file, house_format(layout)).stories:
        _write(json.dumps(_fields(story), ensure_ascii=False) if as_json else _line(story))


@document.command()
def add(file: File, stories: Stories, layout: LayoutName = "embedded-ai-report") -> None:
    """Add stories at the end of their sections and write the new document to stdout, byte for byte."""
    edited = document_at(file, house_format(layout))
    try:
        for story in read_stories(stories):
            edited = edited.with_story(story)
    except OSError as problem:
        fail(f"{stories}: {problem.strerror}")
    except ValueError as problem:
        fail(str(problem))
    sys.stdout.buffer.write(edited.render())
    sys.stdout.buffer.flush()


def _checked(path: Path, layout: Layout, *, as_json: bool) -> bool | None:
    """Report on one file; return whether its bytes survive, or None if it could not be read."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        typer.echo(f"{path}: {problem.strerror}", err=True)
        return None
    read = IssueDocument.parse(data, layout)
    identical = read.render() == data
    report = {
        "file": str(path),
        "bytes": "identical" if identical else "differ",
        "stories": len(read.stories),
        "sections": len(read.sections),
    }
    findings = lint(read)
    if as_json:
        found = [{"code": one.code, "line": one.line, "message": one.message} for one in findings]
        _write(json.dumps({**report, "lint": found}, ensure_ascii=False))
        return identical
    _write("  ".join([str(path), *(f"{name}: {value}" for name, value in report.items() if name != "file")]))
    for one in findings:
        _write(f"  {path}:{one.line}: {one.code}: {one.message}")
    return identical


def _fields(story: DocumentStory) -> dict[str, object]:
    return {
        "section": story.section,
        "title": story.title,
        "source": story.source,
        "url": story.url,
        "tags": story.tags,
        "repo": story.repo,
        "meta": story.meta,
        "summary": story.summary,
    }


def _line(story: DocumentStory) -> str:
    return f"{story.line}: {story.section}: {story.title}{f' | {story.source}' if story.source else ''}"


def _write(line: str) -> None:
    """Write a line to stdout; bytes of a file that are no UTF-8 come out as they went in."""
    sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.buffer.flush()


def house_format(name: str) -> Layout:
    """Return the layout of that name, or say which there are and exit."""
    try:
        return load_layout(name)
    except LayoutNotFoundError as problem:
        fail(str(problem))


def document_at(path: Path, layout: Layout) -> IssueDocument:
    """Read an issue's file, or say why it cannot be read and exit."""
    try:
        return IssueDocument.parse(path.read_bytes(), layout)
    except OSError as problem:
        fail(f"{path}: {problem.strerror}")


def fail(problem: str) -> NoReturn:
    """Say what could not be read, and exit."""
    typer.echo(problem, err=True)
    raise typer.Exit(UNREADABLE)
