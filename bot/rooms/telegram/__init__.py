"""Rooms on Telegram, on python-telegram-bot. Start at platform.py; room.py is what the desk says there."""
