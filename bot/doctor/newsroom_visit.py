"""START HERE: everything the doctor looks at, in the order in which it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from bot.doctor.clock_checks import clock_findings
from bot.doctor.config_checks import read_config, variable_findings
from bot.doctor.database_checks import database_findings
from bot.doctor.finding import Check, Finding
from bot.doctor.forge_checks import forge_findings
from bot.doctor.mail_checks import mail_findings
from bot.doctor.reading_checks import reading_findings
from bot.doctor.repository_checks import repository_findings
from bot.doctor.secrecy import secrecy
from bot.doctor.summary_checks import summary_findings
from bot.doctor.visit import PATIENCE, Visit

Area = Callable[[Visit], Awaitable[list[Finding]]]
_CHECKS_AT_MOST = 6  # that an area has one after another, what each has to clear away counted too


async def examine(
    path: Path, environment: dict[str, str], clock: Callable[[], datetime], *, seconds: float = PATIENCE
) -> list[Finding]:
    """Look at a newsroom, whether it runs or not; `seconds` is the limit of each check.

    No finding holds a secret of the config or of the environment that it names.
    """
    config, found = read_config(path)
    covered = secrecy(config, environment)
    if config is not None:
        visit = Visit(config, clock, seconds)
        found += variable_findings(config, environment)
        found += await _look_around(visit, environment)
    return [covered.cover(finding) for finding in found]


async def _look_around(visit: Visit, environment: dict[str, str]) -> list[Finding]:
    """Ask the database first: it knows where rooms have moved. Then all the others at once."""
    stored = await _area("database", database_findings)(visit)
    areas = [
        _area("telegram", lambda visit: _telegram(visit, environment)),
        _area("discord", lambda visit: _discord(visit, environment)),
        _area("repository", repository_findings),
        _area("forge", lambda visit: forge_findings(visit, environment)),
        _area("reading", reading_findings),
        _area("summary", lambda visit: summary_findings(visit, environment)),
        _area("email", lambda visit: mail_findings(visit, environment)),
    ]
    telegram, discord, *rest = await asyncio.gather(*(area(visit) for area in areas))
    clocks = await _area("clock", clock_findings)(visit)
    return [*telegram, *discord, *stored, *(finding for findings in rest for finding in findings), *clocks]


def _area(name: str, area: Area) -> Area:
    """Let an area fail by itself; the limit is for what lies between its checks, such as closing."""

    async def looked(visit: Visit) -> list[Finding]:
        try:
            async with asyncio.timeout(visit.seconds * _CHECKS_AT_MOST):
                return await area(visit)
        except Exception as error:  # whatever it is, the other areas are told
            said = f"these checks failed themselves ({type(error).__name__})"
            return [
                Check(name, "checks").wrong(
                    said, "Report it with this line; the other areas are not touched."
                )
            ]

    return looked


async def _telegram(visit: Visit, environment: dict[str, str]) -> list[Finding]:
    token = environment.get(visit.config.telegram.token_env, "").strip()
    if not visit.config.telegram.rooms:
        return []
    if not token:
        return [Check("telegram", "token").skipped("there is no token to ask with")]
    from bot.rooms.telegram.doctor import telegram_findings  # noqa: PLC0415 - 30 MB that few need

    return await telegram_findings(visit, token)


async def _discord(visit: Visit, environment: dict[str, str]) -> list[Finding]:
    token = environment.get(visit.config.discord.token_env, "").strip()
    if not visit.config.discord.rooms:
        return []
    if not token:
        return [Check("discord", "token").skipped("there is no token to ask with")]
    from bot.rooms.discord.doctor import discord_findings  # noqa: PLC0415 - 35 MB that few need

    return await discord_findings(visit, token)
