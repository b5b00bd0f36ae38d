"""A newsroom process whose desk meets in three rooms: the browser, a Telegram group, a Discord channel.

Both platforms are this project's own servers, which outlive the newsroom that is killed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config, load_config
from tests.discord_server import Channel, DiscordServer, User, until
from tests.discord_server import Message as DiscordMessage
from tests.newsroom_process import NewsroomProcess, free_port
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.world import Chat, Json

SECTIONS = {"⚡": "news", "🤓": "papers", "👨‍💻": "projects", "✍": "posts"}
_CONFIG = """
[newsroom]
database = "{database}"
state = "{folder}/var"
language = "en"
[desk]
name = "board"
threshold = {threshold}
editors = [{editors}]
{sections}
[newsletter]
repository = "{folder}/newsletter.git"
[web]
port = {port}
[telegram]
api = "{telegram_api}"
messages_per_minute = {messages_per_minute}
[[telegram.rooms]]
chat = {chat}
[discord]
api = "{discord_api}"
gateway = "{gateway}"
[[discord.rooms]]
channel = {channel}
[reading]
allowed_hosts = [{hosts}]
"""


@dataclass(slots=True)
class ThreeRooms:
    """The servers, the rooms on them, and the newsroom that serves them."""

    telegram: TelegramServer
    discord: DiscordServer
    group: Chat
    channel: Channel
    config: Config
    newsroom: NewsroomProcess
    on_telegram: dict[str, Person]
    on_discord: dict[str, User]

    def telegram_cards(self) -> dict[str, list[Json]]:
        """The bot's messages in the group that link a story's title, by its link."""
        found: dict[str, list[Json]] = {}
        for message in self.telegram.bot_messages(self.group):
            if len(message.get("reply_markup", {}).get("inline_keyboard", ())) > 1:
                links = [e["url"] for e in message.get("entities", ()) if e["type"] == "text_link"]
                found.setdefault(links[0] if links else "", []).append(message)
        return found

    def discord_cards(self) -> dict[str, list[DiscordMessage]]:
        """The bot's messages in the channel that link a story's title, by its link."""
        found: dict[str, list[DiscordMessage]] = {}
        for message in self.discord.from_bot(self.channel):
            if message.components and message.embeds:
                found.setdefault(str(message.embeds[0].get("url")), []).append(message)
        return found


def three_rooms_config(
    folder: Path,
    telegram: TelegramServer,
    discord: DiscordServer,
    group: Chat,
    channel: Channel,
    *,
    hosts: tuple[str, ...] = (),
    editors: tuple[str, ...] = (),
    threshold: int = 2,
    messages_per_minute: int = 600,
    database: str = "",
) -> Path:
    """Write the config of a desk in these rooms."""
    sections = "".join(
        f'[[desk.sections]]\nkey = "{key}"\nname = "{key.title()}"\nemoji = "{emoji}"\n'
        for emoji, key in SECTIONS.items()
    )
    path = folder / "config.toml"
    path.write_text(
        _CONFIG.format(
            folder=folder,
            database=database or f"sqlite:///{folder}/var/copydesk.db",
            sections=sections,
            threshold=threshold,
            editors=", ".join(f'"{editor}"' for editor in editors),
            port=free_port(),
            telegram_api=telegram.url,
            messages_per_minute=messages_per_minute,
            chat=group.id,
            discord_api=discord.api,
            gateway=discord.gateway,
            channel=channel.id,
            hosts=", ".join(f'"{host}"' for host in hosts),
        )
    )
    return path


@asynccontextmanager
async def three_rooms(
    folder: Path,
    *,
    people: tuple[str, ...] = (),
    editors: tuple[str, ...] = (),
    hosts: tuple[str, ...] = (),
    messages_per_minute: int = 600,
    threshold: int = 2,
) -> AsyncIterator[ThreeRooms]:
    """Bring up both platforms, with people of these names; some are editors wherever they are.

    The newsroom is the test's to start, and is killed at the end.
    """
    async with TelegramServer() as telegram, DiscordServer() as discord:
        group, channel = telegram.group("Newsroom"), discord.channel("newsroom")
        on_telegram = {name: telegram.user(name) for name in people}
        on_discord = {name: discord.user(name) for name in people}
        identities = [(f"telegram:{on_telegram[n].id}", f"discord:{on_discord[n].id}") for n in editors]
        path = three_rooms_config(
            folder,
            telegram,
            discord,
            group,
            channel,
            hosts=hosts,
            editors=tuple(identity for both in identities for identity in both),
            messages_per_minute=messages_per_minute,
            threshold=threshold,
        )
        config = load_config(path)
        newsroom = NewsroomProcess(
            path,
            address=config.web.address,
            log=folder / "newsroom.log",
            environment={"TELEGRAM_TOKEN": telegram.token, "DISCORD_TOKEN": discord.token},
        )
        try:
            yield ThreeRooms(telegram, discord, group, channel, config, newsroom, on_telegram, on_discord)
        finally:
            await newsroom.kill()


async def open_for_the_first_time(rooms: ThreeRooms) -> None:
    """Start the newsroom and wait until each platform is heard: what was said before is not the desk's."""
    await rooms.newsroom.start()
    await rooms.newsroom.ready()
    polls = len(rooms.telegram.calls_of("getUpdates"))
    await until(lambda: len(rooms.telegram.calls_of("getUpdates")) > polls, seconds=30)
    await until(lambda: rooms.discord.connected, seconds=30)
    visitor = rooms.discord.user("early bird")
    greeting = await rooms.discord.say(rooms.channel, visitor, "/help slate")
    answers = rooms.discord.from_bot
    await until(lambda: any(m.reply_to == greeting.id for m in answers(rooms.channel)), seconds=30)
