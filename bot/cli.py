"""What an operator types: `python -m bot …`."""

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.advise_command import advise_
from bot.config import Config, load_config, shown_config
from bot.doctor.command import doctor
from bot.doctor.secrecy import hide_from_logs
from bot.document_commands import document
from bot.document_merge import merge
from bot.document_release import lint_files, release
from bot.errors import DeskError
from bot.import_issues import import_issues
from bot.layout_commands import layout
from bot.links_command import links
from bot.logs import log_to_stderr
from bot.newsroom import Newsroom, Part
from bot.operator_tasks import desk_status, invitation_link, migrate_database, retry_failed
from bot.reading_commands import read
from bot.render_command import render
from bot.summarize_command import summarize
from bot.tour.command import tour
from storage.failures import DatabaseFailure
from storage.people_records import Role
from storage.repo_errors import RepoError

app = typer.Typer(
    name="bot",
    help="Copydesk: a newsroom's copy desk inside a team's chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
document.command()(merge)
document.command()(release)
document.command("lint")(lint_files)
app.add_typer(document)
app.add_typer(layout)
app.command()(doctor)
app.command()(links)
app.command()(read)
app.command("advise")(advise_)
app.command()(render)
app.command()(summarize)
app.command()(tour)

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", envvar="COPYDESK_CONFIG", help="The config file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For a machine.")]
DEFAULT_CONFIG = Path("var/config.toml")
EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
errors = Console(stderr=True, highlight=False)
answers = Console(highlight=False, soft_wrap=True)


@app.command()
def run(
    config: ConfigPath = DEFAULT_CONFIG,
    only: Annotated[
        list[Part] | None, typer.Option(help="Run this part alone (PostgreSQL); may be repeated.")
    ] = None,
    quiet: Annotated[bool, typer.Option(help="Print no sign-in link.")] = False,
) -> None:
    """Start the newsroom, and go on where it was. Ctrl-C or SIGTERM closes everything in order."""
    log_to_stderr()
    settings = load_config(config)
    hide_from_logs(settings, dict(os.environ))
    parts = frozenset(only or Part)
    if parts != frozenset(Part) and settings.newsroom.database.startswith("sqlite"):
        raise DeskError(
            "On SQLite one process does everything.", advice="Leave --only out, or use PostgreSQL."
        )
    asyncio.run(_run(settings, parts, quiet=quiet))


async def _run(config: Config, parts: frozenset[Part], *, quiet: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Newsroom(config, parts):
        if Part.WEB in parts:
            errors.print(f"The room is at [bold]{config.web.address}[/]")
            if not quiet:
                link = await invitation_link(config, Role.EDITOR, name=None)
                errors.print(f"Sign in as an editor: {link}", soft_wrap=True)
        errors.print("Ctrl-C closes the newsroom.")
        await stop.wait()
        errors.print("Closing …")


@app.command()
def init(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make a config file from the example, the database and the newsletter's repository. Safe to repeat."""
    if not config.exists():
        config.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EXAMPLE, config)
        errors.print(f"Made {config}; every key in it is explained there.")
    asyncio.run(_open_once(load_config(config)))


async def _open_once(config: Config) -> None:
    async with Newsroom(config, frozenset()):
        errors.print("Database and newsletter repository are ready.")


@app.command()
def migrate(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Bring the database's tables to this release."""
    asyncio.run(migrate_database(load_config(config)))
    errors.print("The database is current.")


@app.command("check-config")
def check_config(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Read the config file and say what is wrong with it, naming key and cure."""
    settings = load_config(config)
    if as_json:
        typer.echo(shown_config(settings))
    else:
        answers.print(f"{config} is fine: desk {settings.desk.name}, {len(settings.desk.sections)} sections.")


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="An issue file, a folder of them, or a git repository.")],
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Make published stories of past issues, for duplicates, search and advice. Safe to repeat."""
    outcome = asyncio.run(import_issues(load_config(config), source))
    for complaint in outcome.complaints:
        errors.print(complaint, markup=False, soft_wrap=True)
    counts = {"issues": outcome.issues, "stories": outcome.stories, "known": outcome.known}
    if as_json:
        typer.echo(json.dumps(counts | {"complaints": len(outcome.complaints)}))
    else:
        answers.print(
            f"{outcome.issues} issues read: {outcome.stories} stories new, {outcome.known} known already, "
            f"{len(outcome.complaints)} places that could not be read."
        )


@app.command()
def invite(
    role: Annotated[Role, typer.Argument(help="curator or editor")] = Role.CURATOR,
    name: Annotated[str | None, typer.Argument(help="For this person; else whoever opens it.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Print a sign-in link for the web room, good for 7 days."""
    typer.echo(asyncio.run(invitation_link(load_config(config), role, name=name)))


@app.command()
def status(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Say how the desk is doing: stories, events that wait, events that failed."""
    facts = asyncio.run(desk_status(load_config(config)))
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        answers.print(f"{name.replace('_', ' '):>16}  {value}", markup=False)


@app.command("retry-failed")
def retry_failed_(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Let the events that met a bug take effect once more, after it was mended."""
    count = asyncio.run(retry_failed(load_config(config)))
    answers.print(f"{count} events wait to take effect again.")


def main() -> None:
    """Run a command; what people can put right ends in a sentence and exit status 2, not a traceback."""
    try:
        app()
    except (DeskError, RepoError) as trouble:
        _give_up(str(trouble))
    except DatabaseFailure as failure:
        reason = str(getattr(failure, "orig", None) or failure).strip().splitlines()[0]
        _give_up(f"The database does not answer: {reason}. Check newsroom.database, and that it runs.")


def _give_up(sentence: str) -> None:
    errors.print(f"✗ {sentence}", style="bold", soft_wrap=True, markup=False)
    sys.exit(2)
