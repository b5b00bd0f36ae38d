"""Rooms on Discord, on discord.py. Start at platform.py; room.py is what the desk says there."""
