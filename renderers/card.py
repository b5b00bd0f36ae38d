"""A card: what the bot's message about a story shows, on any platform.

Everything a person reads stands here in their language already; a platform's file only sets it.
All text is a stranger's until escaped: each platform's file escapes it for its own format.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardButton:
    """A way to vote or to choose a section."""

    key: str  # up, down, section:KEY
    emoji: str
    label: str
    count: int
    people: tuple[str, ...] = ()  # the names of those who chose it


@dataclass(frozen=True, slots=True)
class CardView:
    """What a card shows. Empty strings are left out."""

    number: int
    title: str
    url: str
    source: str
    authors: str
    date: str
    language: str
    pitched_by: str
    notes: tuple[str, ...]
    summary: str
    summary_label: str  # "draft summary", "summary": says whether a person has touched it
    advice: str
    state: str  # waiting, slate, drafted, published, spiked, vetoed, unread
    standing: str  # what is missing, in words: "1 more vote"
    problem: str  # why the page could not be read, and what to do
    score: int
    section: str
    buttons: tuple[CardButton, ...]
    remarks: tuple[str, ...] = ()  # what the desk noticed: the same text elsewhere, what to check in a draft
