"""The table [announce] of the config file: where a released issue is made known."""

from bot.config_tables import Key, Table


class AnnounceConfig(Table):
    """The rooms, by the names they have in the config, that get an announcement of each released issue."""

    rooms: tuple[Key, ...] = ()
