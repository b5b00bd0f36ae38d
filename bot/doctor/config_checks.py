"""The config file, and the environment variables that it names."""

from pathlib import Path

from bot.config import Config, ConfigError, load_config
from bot.config_tables import WEB_ROOM
from bot.doctor.finding import Check, Finding
from bot.doctor.secrecy import VARIABLE

AREA = "config"
_FILE = Check(AREA, "file")


def read_config(path: Path) -> tuple[Config | None, list[Finding]]:
    """Read the config file; None where it cannot be followed, with one finding for each complaint."""
    try:
        config = load_config(path)
    except ConfigError as wrong:
        cure = f"Mend {path}, then: python -m bot check-config"
        return None, [_FILE.wrong(complaint, cure) for complaint in wrong.complaints]
    except OSError as trouble:
        said = f"{path} cannot be read ({trouble.strerror or type(trouble).__name__})"
        return None, [_FILE.wrong(said, f"Make it a file that this account may read: ls -l {path}")]
    return config, [_FILE.fine(f"{path}: desk {config.desk.name}, rooms: {', '.join(_rooms(config))}")]


def variable_findings(config: Config, environment: dict[str, str]) -> list[Finding]:
    """Say whether each environment variable that the config needs is set."""
    wanted = {}
    if config.telegram.rooms:
        wanted["telegram.token_env"] = (config.telegram.token_env, _FROM_TELEGRAM)
    if config.discord.rooms:
        wanted["discord.token_env"] = (config.discord.token_env, _FROM_DISCORD)
    if config.newsletter.token_env and config.newsletter.remote.startswith(("http://", "https://")):
        wanted["newsletter.token_env"] = (config.newsletter.token_env, _FROM_FORGE)
    if config.summary.llm and config.summary.llm.key_env:
        wanted["summary.llm.key_env"] = (config.summary.llm.key_env, _FROM_ENDPOINT)
    if config.email and config.email.password_env:
        wanted["email.password_env"] = (config.email.password_env, _FROM_MAIL)
    if config.wechat.enabled:
        wanted["wechat.app_id_env"] = (config.wechat.app_id_env, _FROM_WECHAT)
        wanted["wechat.secret_env"] = (config.wechat.secret_env, _FROM_WECHAT)
    return [
        _variable_finding(key, variable, environment, source) for key, (variable, source) in wanted.items()
    ]


def _variable_finding(key: str, variable: str, environment: dict[str, str], source: str) -> Finding:
    """Never repeat what is no variable's name: people write the token itself there."""
    check = Check(AREA, key)
    if environment.get(variable, "").strip():
        return check.fine(f"{variable if VARIABLE.fullmatch(variable) else 'the variable'} is set")
    if VARIABLE.fullmatch(variable):
        cure = (
            f"{source} Put it into the environment of the newsroom and of this command: export {variable}=…"
        )
        return check.wrong(f"the environment variable {variable} is not set", cure)
    return check.wrong(
        "it names no environment variable that is set; perhaps a token stands there itself",
        f"Write the name of a variable there, such as {_example(key)}, and put the token into that variable. "
        "A token that stood in a file should be replaced by a new one.",
    )


def _example(key: str) -> str:
    return f"{key.partition('.')[0].upper()}_TOKEN"


_FROM_TELEGRAM = "In Telegram, @BotFather → /mybots → your bot → API Token shows it."
_FROM_DISCORD = "https://discord.com/developers/applications → your application → Bot → Reset Token shows it."
_FROM_FORGE = "Make a token that may write to the newsletter's repository and to nothing else."
_FROM_MAIL = "Whoever runs the mail server knows the password, or where one for programs is made."
_FROM_WECHAT = "In WeChat's console, 开发 → 基本配置 shows AppID and AppSecret."
_FROM_ENDPOINT = "The pages of the service that drafts summaries show where its keys are made."


def _rooms(config: Config) -> list[str]:
    return [WEB_ROOM, *(room.name for room in config.platform_rooms)]
