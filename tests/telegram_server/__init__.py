"""A Telegram Bot API server for tests: it stands for the platform, over real sockets.

    async with TelegramServer() as server:
        desk, lin = server.group("Desk"), server.user("Lin")
        # the bot: token server.token, base_url f"{server.url}/bot", base_file_url f"{server.url}/file/bot"
        said = await server.say(desk, lin, "look https://site.test")
        await server.react(desk, said, lin, "👍")
        assert server.bot_reaction(desk, said) == "👀"

`people.py` says what people can do, `mischief.py` what can go wrong, `views.py` what a test can see. The
methods answer in the official server's words (telegram-bot-api's Client.cpp, TDLib). Where the platform gives
no figure, a comment says so. Left out: channels, media other than photos and documents, MarkdownV2.
"""

from tests.telegram_server.server import TelegramServer
from tests.telegram_server.views import Button
from tests.telegram_server.world import Chat, Person

__all__ = ["Button", "Chat", "Person", "TelegramServer"]
