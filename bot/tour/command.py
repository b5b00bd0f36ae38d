"""`python -m bot tour`: a day at the desk, in a folder of its own, without an account or a network."""

import asyncio
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from bot.errors import DeskError
from bot.tour.day import Day, UnexpectedError
from bot.tour.lines import Lines
from bot.tour.moments import Audience, Figures, Machine
from bot.tour.printed import take_stock
from bot.tour.screen import Screen
from bot.tour.script import play
from bot.tour.setting import setting
from bot.tour.visitor import NotHeardError
from bot.wording import Language


class FolderInUseError(DeskError):
    """The folder to keep the tour in holds something already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not an empty folder.", advice="Name a new one for --keep.")


def tour(
    fast: Annotated[bool, typer.Option("--fast", help="Without pauses.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON line for each event, figures last.")
    ] = False,
    language: Annotated[str, typer.Option(help="What everyone speaks: en or zh.", metavar="en|zh")] = "en",
    keep: Annotated[
        Path | None, typer.Option(help="Keep database and repository in this new folder.", file_okay=False)
    ] = None,
) -> None:
    """Watch a day at the desk: links, cards, votes, a commit. Offline, and gone afterwards unless kept."""
    if language not in ("en", "zh"):
        raise typer.BadParameter("en or zh", param_hint="--language")
    lines = Lines(cast(Language, language))
    audience: Audience = (
        Machine(print) if as_json else Screen(Console(highlight=False), lines, pace=0 if fast else 1)
    )
    with _folder(keep) as name:
        folder = Path(name).absolute()
        try:
            audience.leave(asyncio.run(_play(folder, lines, audience)))
        except (NotHeardError, UnexpectedError) as failure:
            Console(stderr=True).print(f"[bold red]✗[/] The tour stopped: {failure}", soft_wrap=True)
            raise typer.Exit(1) from failure


async def _play(folder: Path, lines: Lines, audience: Audience) -> Figures:
    async with setting(folder, lines) as scenery:
        day = Day(scenery, lines, audience)
        await play(day)
        return await take_stock(day)


def _folder(keep: Path | None) -> AbstractContextManager[Path | str]:
    """Return the folder to play in: a new one to keep, or one that is removed afterwards."""
    if keep is None:
        return tempfile.TemporaryDirectory(prefix="copydesk-tour-", ignore_cleanup_errors=True)
    keep.mkdir(parents=True, exist_ok=True)
    if any(keep.iterdir()):
        raise FolderInUseError(keep)
    return nullcontext(keep)
