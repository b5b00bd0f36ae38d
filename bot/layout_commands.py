"""`python -m bot layout …`: learn a house format from past issues, or check one's own."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.layout_learn import files_of, learnt_as_json, learnt_as_lines
from renderers.layout import LayoutNotFoundError, layout_names, load_layout
from renderers.layout_check import layout_faults
from renderers.layout_learning import NothingLearntError, learn_layout
from renderers.past_files import NoPastIssuesError

_NOTHING = 2  # exit code: what was asked for cannot be had

layout = typer.Typer(name="layout", help="House formats: learn one from past issues, check your own.")

Repository = Annotated[
    str, typer.Argument(help="A folder, a clone, or a git repository.", show_default=False)
]
Branch = Annotated[str, typer.Option("--branch", help="Of a repository; else its own, or main.")]
Name = Annotated[str, typer.Argument(help="A layout's name, or your layout's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Target = Annotated[
    Path | None,
    typer.Option("--write", help="A new folder for layout.toml and the templates.", show_default=False),
]


@layout.command()
def learn(repository: Repository, branch: Branch = "", write: Target = None, as_json: AsJson = False) -> None:
    """Propose a layout from past issues, and say how many of them its reading explains.

    Exit 2 where there are none, or where no layout can describe them.
    """
    name = str(write) if write else "./layout"
    with tempfile.TemporaryDirectory() as cache:
        files = files_of(repository, branch, Path(cache))
    try:
        proposal = learn_layout(files, name=Path(name).name)
    except NoPastIssuesError:
        _fail("There are no past issues: no Markdown file's name has a date, as 2031-01-02.md has.")
    except NothingLearntError as reason:
        _fail(f"No layout was learnt: {reason}. Write one by hand: docs/how-to/make-your-own-layout.md.")
    if write is not None:
        _write(write, proposal.texts)
    folder = name if "/" in name else f"./{name}"
    if as_json:
        typer.echo(json.dumps(learnt_as_json(proposal, folder), ensure_ascii=False))
    else:
        typer.echo("\n".join(learnt_as_lines(proposal, folder, with_texts=write is None)))


@layout.command()
def check(name: Name, as_json: AsJson = False) -> None:
    """Check that a layout can be read, begins an issue, and reads back what it sets. Exit 1 if not."""
    path = name if name in layout_names() or "/" in name else f"./{name}"
    try:
        faults = layout_faults(load_layout(path))
    except LayoutNotFoundError as problem:
        faults = getattr(problem, "faults", (str(problem),))
    if as_json:
        typer.echo(json.dumps({"layout": name, "faults": list(faults)}, ensure_ascii=False))
    else:
        typer.echo("\n".join(faults) or f"{name} is fine.")
    if faults:
        raise typer.Exit(1)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a layout into a folder that has none of them yet."""
    standing = [name for name in texts if (folder / name).exists()]
    if standing:
        _fail(f"{folder} holds {', '.join(standing)} already. Name a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", errors="replace")
    except OSError as problem:
        _fail(f"{folder}: {problem.strerror}. Name a folder that can be written.")


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(_NOTHING)
