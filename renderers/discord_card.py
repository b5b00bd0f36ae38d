"""A card as an embed in a Discord channel, with rows of buttons.

Title (256), description (4096) and footer (800) stay below the 6000 units that an embed may hold in all.
Limits count what is sent, escapes included. A footer knows no Markdown, so a story's origin is bare there.
"""

from dataclasses import dataclass
from typing import Any

from renderers.card import CardButton, CardView
from renderers.card_lines import foot, is_section, origin, rows_of
from renderers.discord_text import inert, linked, plain
from renderers.markdown import clean, link_target
from renderers.shortening import shorten, units

TITLE_LIMIT, DESCRIPTION_LIMIT = 256, 4096
LABEL_LIMIT, KEY_LIMIT = 80, 100
ROWS, BUTTONS_A_ROW = 5, 5

# UTF-16 units; together with the notes they leave the summary a thousand.
_ORIGIN, _NOTE, _LABEL, _PROBLEM, _FOOT = 800, 300, 80, 600, 700
_NOTES, _REMARKS, _REMARK = 4, 3, 240

COLOURS = {
    "waiting": 0x8A8F98,  # grey: nothing is decided
    "slate": 0x3B82A0,  # blue
    "drafted": 0x7A6FB0,  # violet
    "published": 0x4C8C5E,  # green
    "spiked": 0x5B5E66,  # dark grey
    "vetoed": 0xA8524E,  # red
    "unread": 0xC29A4B,  # ochre: somebody should look
}
"""The stripe beside an embed, by the card's state."""


@dataclass(frozen=True, slots=True)
class DiscordButton:
    """A button; `custom_id` comes back when it is pressed. A label or an emoji may be empty, not both."""

    custom_id: str
    label: str
    emoji: str


@dataclass(frozen=True, slots=True)
class DiscordEmbed:
    """The framed part of a message. `url` and `footer` may be empty."""

    title: str
    url: str
    description: str
    footer: str
    colour: int

    def as_dict(self) -> dict[str, Any]:
        """Spell the embed as Discord's API does, without what is empty."""
        spelled: dict[str, Any] = {
            "title": self.title,
            "url": self.url,
            "description": self.description,
            "color": self.colour,
            "footer": {"text": self.footer} if self.footer else None,
        }
        return {name: value for name, value in spelled.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A message with an embed and rows of buttons."""

    embed: DiscordEmbed
    buttons: tuple[tuple[DiscordButton, ...], ...]


def discord_card(view: CardView, *, amend_label: str = "") -> DiscordMessage:
    """Set a card; with a label for it, one more button has the key `amend`.

    Raises ValueError for buttons that need more than 5 rows, or a key that isn't 1 to 100 characters long.
    """
    embed = DiscordEmbed(
        title=_title(view),
        url=link_target(view.url),
        description=_description(view),
        footer=shorten(plain(origin(view)), _ORIGIN),
        colour=COLOURS.get(view.state, COLOURS["waiting"]),
    )
    return DiscordMessage(embed, _buttons(view.buttons, amend_label))


def _title(view: CardView) -> str:
    number = f"#{view.number}"
    left = TITLE_LIMIT - units(number) - len(" ")
    title = shorten(clean(view.title), left, lambda part: units(inert(part, starts_line=False)))
    return f"{number} {inert(title, starts_line=False)}".rstrip()


def _description(view: CardView) -> str:
    above = _notes(view)
    remarks = [_fit(remark, _REMARK) for remark in view.remarks[:_REMARKS]]
    below = [*remarks, _fit(view.problem, _PROBLEM), _fit(foot(view), _FOOT)]
    left = DESCRIPTION_LIMIT - units("\n".join([*above, *below])) - len("\n")
    lines = [*above, _summary(view, left), *below]
    return "\n".join(line for line in lines if line)


def _fit(text: str, limit: int, *, starts_line: bool = True) -> str:
    """Make one line inert, its addresses links, and short enough."""
    short = shorten(clean(text), limit, lambda part: units(linked(part, starts_line=starts_line)))
    return linked(short, starts_line=starts_line)


def _notes(view: CardView) -> list[str]:
    """Quote the first notes; "…" says that there are more."""
    notes = [fitted for note in view.notes if (fitted := _fit(note, _NOTE))]
    shown = [f"> {note}" for note in notes[:_NOTES]]
    return [*shown, "> …"] if len(notes) > _NOTES else shown


def _summary(view: CardView, limit: int) -> str:
    label = shorten(clean(view.summary_label), _LABEL, lambda part: units(inert(part)))
    head = f"**{inert(label)}** " if label else ""
    summary = _fit(view.summary, limit - units(head), starts_line=not head)
    return f"{head}{summary}" if summary else ""


def _buttons(buttons: tuple[CardButton, ...], amend_label: str) -> tuple[tuple[DiscordButton, ...], ...]:
    votes = [_button(button) for button in buttons if not is_section(button)]
    if amend_label:
        votes.append(DiscordButton("amend", _label(amend_label), "✏"))
    sections = [_button(button) for button in buttons if is_section(button)]
    rows = rows_of(votes, BUTTONS_A_ROW) + rows_of(sections, BUTTONS_A_ROW)
    if len(rows) > ROWS:
        raise ValueError(f"a Discord message holds {ROWS} rows of buttons, not {len(rows)}")
    return rows


def _button(button: CardButton) -> DiscordButton:
    """Set one button: a section by its name, a vote by its emoji; the count where there is one."""
    size = units(button.key)
    if not 1 <= size <= KEY_LIMIT:
        raise ValueError(f"a Discord button carries 1 to {KEY_LIMIT} characters, not {size}: {button.key!r}")
    count = str(button.count) if button.count else ""
    emoji = clean(button.emoji)
    name = button.label if is_section(button) or not emoji else ""
    return DiscordButton(
        button.key, _label(name, count) or ("" if emoji else button.key[:LABEL_LIMIT]), emoji
    )


def _label(name: str, count: str = "") -> str:
    return " ".join(filter(None, (shorten(plain(name), LABEL_LIMIT - len(count) - 1), count)))
