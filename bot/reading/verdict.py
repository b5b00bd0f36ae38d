"""How a reading ended."""

from enum import StrEnum


class Verdict(StrEnum):
    """What came of reading a link. Only FINE and THIN carry an article."""

    FINE = "fine"
    THIN = "thin"
    """An article, but so short that somebody should look whether it is all."""
    GONE = "gone"
    LOGIN = "login"
    VERIFICATION = "verification"
    NOT_ARTICLE = "not-article"
    BLOCKED = "blocked"
    TOO_BIG = "too-big"
    TOO_SLOW = "too-slow"
    UNREADABLE = "unreadable"
