"""A person's name, as it may stand in the room."""

import unicodedata

LONGEST_NAME = 40  # characters


def clean_name(typed: str) -> str:
    """Return the name in its one spelling, or an empty string where it is none.

    Control and format characters (they reverse or hide text, and so forge names) make it none.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(name) > LONGEST_NAME or any(unicodedata.category(letter).startswith("C") for letter in name):
        return ""
    return name if any(letter.isalnum() for letter in name) else ""
