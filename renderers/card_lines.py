"""What the lines of a card say in a chat, before a platform's file sets and escapes them."""

from collections.abc import Sequence
from typing import TypeVar

from renderers.card import CardButton, CardView
from renderers.markdown import clean
from renderers.shortening import shorten

STATE_SIGNS = {
    "waiting": "◔",
    "slate": "✓",
    "drafted": "✎",
    "published": "●",
    "spiked": "✕",
    "vetoed": "⊘",
    "unread": "?",
}
"""How a card's state shows without colour; the web room's card has the same signs."""

Button = TypeVar("Button")

SEPARATOR = " · "
# UTF-16 units: what stands last, the pitcher or the standing, must keep its place.
_SOURCE, _AUTHORS, _WORD, _ADVICE, _SECTION = 60, 120, 40, 120, 60
_PEOPLES_STATES = ("spiked", "vetoed")


def origin(view: CardView) -> str:
    """Say where a story comes from, and through whom."""
    parts = (
        shorten(clean(view.source), _SOURCE),
        shorten(clean(view.date), _WORD),
        shorten(clean(view.authors), _AUTHORS),
        shorten(clean(view.language), _WORD),
        clean(view.pitched_by),
    )
    return SEPARATOR.join(filter(None, parts))


def foot(view: CardView) -> str:
    """Say how a story stands: sign, advice, section and score, what is missing.

    The standing often names the section already; then it isn't named twice.
    """
    advice, section = shorten(clean(view.advice), _ADVICE), shorten(clean(view.section), _SECTION)
    section = "" if section in clean(view.standing) else section
    score = f"{view.score:+d}".replace("-", "−") if view.score else ""
    parts = (advice, " ".join(filter(None, (section, score))), clean(view.standing))
    sign = STATE_SIGNS.get(view.state, "·")
    return f"{sign} " + SEPARATOR.join(filter(None, parts))


def quotes_people(view: CardView) -> bool:
    """Whether the standing holds a reason or a name that somebody typed."""
    return view.state in _PEOPLES_STATES


def is_section(button: CardButton) -> bool:
    """Whether a button chooses a section; the others vote."""
    return button.key.startswith("section:")


def rows_of(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Set buttons in rows of at most `width`."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
