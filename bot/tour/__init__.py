"""A scripted day at the desk, offline, through the very same program."""
