"""A person's name, as it may stand in the room."""

import unicodedata

LONGEST_NAME = 40  # characters
LONGEST_SHOWN = 80
"""Characters of a name that a platform tells: people there choose theirs without asking us."""


def clean_name(typed: str) -> str:
    """Return the name in its one spelling, or an empty string where it is none.

    Control and format characters (they reverse or hide text, and so forge names) make it none.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(name) > LONGEST_NAME or any(unicodedata.category(letter).startswith("C") for letter in name):
        return ""
    return name if any(letter.isalnum() for letter in name) else ""


def shown_name(told: str) -> str:
    """Return what to call somebody whom a platform calls so; empty where nothing can be read of it.

    The characters that make a typed name none are left out here.
    """
    spaced = " ".join(unicodedata.normalize("NFC", told).split())
    kept = "".join(letter for letter in spaced if not unicodedata.category(letter).startswith("C"))
    return " ".join(kept[:LONGEST_SHOWN].split())
