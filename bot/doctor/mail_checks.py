"""The mail server that takes released issues: whether it answers, is secured, and accepts the login."""

from collections.abc import Mapping, Sequence

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit
from bot.mail import MailError, greet
from bot.output_tables import EmailConfig

AREA = "email"
_SERVER = Check(AREA, "server")
_EARLIER = 0.9
"""Of the visit's patience: what is too slow is said in words of our own."""


async def mail_findings(visit: Visit, environment: Mapping[str, str]) -> list[Finding]:
    """Greet the server and take leave; nothing is sent, and nothing asked where no server is configured."""
    config = visit.config.email
    if config is None:
        return []
    password = environment.get(config.password_env, "") if config.password_env else ""
    if config.password_env and not password:
        return [_SERVER.skipped("there is no password to log in with")]
    hurried = config.model_copy(update={"seconds": min(config.seconds, visit.seconds * _EARLIER)})
    return await visit.look(_SERVER, lambda: _greeted(hurried, password))


async def _greeted(config: EmailConfig, password: str) -> Sequence[Finding]:
    try:
        await greet(config, password)
    except MailError as trouble:
        return [_SERVER.wrong(trouble.problem.rstrip("."), trouble.advice)]
    how = "in clear" if config.security == "none" else f"by {config.security}"
    login = ", and accepts the login" if config.user else ""
    return [_SERVER.fine(f"{config.host}:{config.server_port} answers {how}{login}")]
