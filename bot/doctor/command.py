"""The operator's `doctor`."""

import asyncio
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.doctor.finding import Finding, State
from bot.doctor.newsroom_visit import examine
from bot.doctor.visit import failed
from bot.newsroom import utc_now

_MARKS = {State.FINE: "✓", State.WRONG: "✗", State.WARNING: "!", State.SKIPPED: "–"}
_STYLES = {State.FINE: "green", State.WRONG: "bold red", State.WARNING: "yellow", State.SKIPPED: "dim"}


def doctor(
    config: Annotated[
        Path, typer.Option("--config", "-c", envvar="COPYDESK_CONFIG", help="The config file.")
    ] = Path("var/config.toml"),
    as_json: Annotated[bool, typer.Option("--json", help="For a machine.")] = False,
) -> None:
    """Look at config, platforms, database and repository; say what is wrong and how to mend it.

    It may be called while the newsroom runs. Exit status 1 if something is wrong; warnings are for later.
    """
    logging.getLogger().addHandler(logging.NullHandler())  # libraries' warnings would stand among the lines
    findings = asyncio.run(examine(config, dict(os.environ), utc_now))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        _show(findings)
    if failed(findings):
        raise typer.Exit(1)


def _show(findings: Sequence[Finding]) -> None:
    """Print a line for each finding and one for its cure; cures stay whole, to be copied."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    width = max(len(_name(finding)) for finding in findings)
    for area, group in groupby(findings, key=lambda finding: finding.area):
        console.print(area.capitalize(), style="bold", markup=False)
        for finding in group:
            mark, style = _MARKS[finding.state], _STYLES[finding.state]
            console.print(f"  {mark} ", style=style, end="", markup=False)
            console.print(f"{_name(finding):<{width}}  {finding.said}", markup=False)
            if finding.cure:
                console.print(f"    → {finding.cure}", markup=False)
    console.print(_verdict(findings), style="bold", markup=False)


def _name(finding: Finding) -> str:
    return f"{finding.room}: {finding.check}" if finding.room else finding.check


def _verdict(findings: Sequence[Finding]) -> str:
    wrong = sum(finding.state is State.WRONG for finding in findings)
    warnings = sum(finding.state is State.WARNING for finding in findings)
    if not wrong and not warnings:
        return "All is fine."
    return f"{wrong} wrong, {warnings} to look at."
