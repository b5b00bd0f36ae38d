"""A Telegram Bot API server for tests: it stands for the platform, over real sockets."""

from tests.telegram_server.server import TelegramServer
from tests.telegram_server.views import Button
from tests.telegram_server.world import Chat, Person

__all__ = ["Button", "Chat", "Person", "TelegramServer"]
