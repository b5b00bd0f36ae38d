"""The table [announce] of the config file: where a released issue is made known."""

from bot.config_tables import Key, Table

EMAIL, WECHAT = "email", "wechat"
CHANNELS = (EMAIL, WECHAT)
"""What the channels are called that are no rooms."""


class AnnounceConfig(Table):
    """The rooms, by the names they have in the config, that get an announcement of each released issue."""

    rooms: tuple[Key, ...] = ()
