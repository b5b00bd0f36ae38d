"""A card as a message in a Telegram chat: HTML and rows of buttons.

What is always shown has a limit of its own, so that together it stays below Telegram's 4096 units, counted
after the HTML is read; the summary gets what is left. The HTML itself is bounded too: a unit of text takes 5
bytes at most (`&amp;`), the one address 2000 characters, and so the whole less than 32 KiB.
"""

import re
from dataclasses import dataclass
from html import escape, unescape

from renderers.card import CardButton, CardView
from renderers.card_lines import foot, is_section, origin, quotes_people, rows_of
from renderers.markdown import clean, link_target
from renderers.shortening import shorten, units
from renderers.telegram_text import TEXT_LIMIT, html, inert, own_words

DATA_BYTES = 64
BUTTONS = 100
_SECTIONS_A_ROW = 3  # a row may hold 8, but on a telephone names are cut
_BUTTON_UNITS = 64  # Telegram names no limit; a longer text is never seen whole

# UTF-16 units; together with the notes they leave the summary a thousand.
_TITLE, _ORIGIN, _NOTE, _LABEL, _PROBLEM, _FOOT = 400, 400, 240, 60, 500, 500
_NOTES, _REMARKS, _REMARK = 4, 3, 200


@dataclass(frozen=True, slots=True)
class TelegramButton:
    """A button under a message; `data` comes back when it is pressed."""

    text: str
    data: str


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """A message to send with parse mode HTML."""

    html: str
    buttons: tuple[tuple[TelegramButton, ...], ...]


def telegram_card(view: CardView) -> TelegramMessage:
    """Set a card; raises ValueError for more than 100 buttons, or a key that isn't 1 to 64 bytes long."""
    above = [_title(view), html(_fit(origin(view), _ORIGIN)), *_notes(view)]
    below = [*_remarks(view), html(_fit(view.problem, _PROBLEM, own=True)), html(_foot(view))]
    left = TEXT_LIMIT - shown_units("\n".join([*above, *below])) - len("\n")
    lines = [*above, _summary(view, left), *below]
    return TelegramMessage("\n".join(line for line in lines if line), _buttons(view.buttons))


def shown_units(message: str) -> int:
    """Count the units that Telegram counts: those of the text without tags and escapes."""
    return units(unescape(re.sub("<[^>]*>", "", message)))


def _fit(text: str, limit: int, *, own: bool = False) -> str:
    """Make one line inert and short enough."""
    words = own_words if own else inert
    return words(shorten(clean(text), limit, lambda part: units(words(part))))


def _title(view: CardView) -> str:
    head = html(f"#{view.number} {_fit(view.title, _TITLE)}".rstrip())
    target = link_target(view.url)
    return f'<b><a href="{escape(target)}">{head}</a></b>' if target else f"<b>{head}</b>"


def _notes(view: CardView) -> list[str]:
    """Quote the first notes; "…" says that there are more."""
    notes = [fitted for note in view.notes if (fitted := _fit(note, _NOTE))]
    shown = [f"<i>“{html(note)}”</i>" for note in notes[:_NOTES]]
    return [*shown, "…"] if len(notes) > _NOTES else shown


def _remarks(view: CardView) -> list[str]:
    return [html(fitted) for remark in view.remarks[:_REMARKS] if (fitted := _fit(remark, _REMARK))]


def _summary(view: CardView, limit: int) -> str:
    label = _fit(view.summary_label, _LABEL, own=True)
    summary = _fit(view.summary, limit - units(label) - len(" "))
    if not summary:
        return ""
    return f"<b>{html(label)}</b> {html(summary)}" if label else html(summary)


def _foot(view: CardView) -> str:
    return _fit(foot(view), _FOOT, own=not quotes_people(view))


def _buttons(buttons: tuple[CardButton, ...]) -> tuple[tuple[TelegramButton, ...], ...]:
    if len(buttons) > BUTTONS:
        raise ValueError(f"a Telegram message holds {BUTTONS} buttons, not {len(buttons)}")
    votes = [_button(button) for button in buttons if not is_section(button)]
    sections = [_button(button) for button in buttons if is_section(button)]
    return rows_of(votes, 8) + rows_of(sections, _SECTIONS_A_ROW)


def _button(button: CardButton) -> TelegramButton:
    size = len(button.key.encode())
    if not 1 <= size <= DATA_BYTES:
        raise ValueError(f"a Telegram button carries 1 to {DATA_BYTES} bytes, not {size}: {button.key!r}")
    count = str(button.count) if button.count else ""
    label = shorten(clean(button.label), _BUTTON_UNITS) if is_section(button) else ""
    text = " ".join(filter(None, (clean(button.emoji), label, count)))
    return TelegramButton(text or clean(button.label) or button.key, button.key)
