"""Rooms: where the desk meets people."""
