"""How a moment of the tour looks on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.emoji import TAKEN
from bot.tour.lines import Lines
from bot.tour.moments import Answered, Changed, Drawn, Moment, Narrated, Reacted, Received, Said
from bot.tour.prose import Prose

_COLOURS = ("cyan", "magenta", "yellow", "green", "blue")
_WAITING = "yellow"
_STATES = {
    "slate": "green",
    "drafted": "bright_green",
    "published": "bright_green",
    "spiked": "red",
    "vetoed": "red",
}
_INDENT = 4
_LONGEST_MESSAGE = 320  # cells
_LONGEST_SUMMARY = 200


class Drawings:
    """Draws moments; everyone keeps the colour in which they first spoke."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._colours: dict[str, str] = {}

    def of(self, moment: Moment) -> RenderableType:
        """Draw a moment."""
        drawn: RenderableType
        match moment:
            case Narrated():
                drawn = _narration(moment)
            case Said():
                drawn = self._spoken(moment.name, shortened(moment.text, _LONGEST_MESSAGE))
            case Received():
                drawn = _indented(Text(TAKEN))
            case Answered():
                drawn = _indented(_answer(moment))
            case Drawn():
                drawn = _indented(_card(moment.card))
            case Reacted():
                drawn = self._reaction(moment)
            case Changed():
                drawn = _indented(_change(moment))
            case _:
                drawn = Text()
        return drawn

    def of_file(self, text: str) -> Text:
        """Colour what stands out in Markdown and in git's log."""
        drawn = Text(text.strip("\n"))
        drawn.highlight_regex(r"(?m)^(#+ .*|commit [0-9a-f]+)$", "bold")
        drawn.highlight_regex(r"\[[^\]\n]+\]\([^)\n]+\)", "cyan")
        drawn.highlight_regex(r"(?m)^>.*$", "italic")
        drawn.highlight_regex(r"\++$", "green")
        return drawn

    def _spoken(self, name: str, text: str) -> Group:
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        return Group(Text(), Prose(text, head=Text(f"{name}  ", style=f"bold {colour}")))

    def _reaction(self, moment: Reacted) -> Group:
        key = "pressed" if moment.pressed else "reacted"
        return self._spoken(
            moment.name, self._lines.line(key, number=moment.number, emojis=" ".join(moment.emojis))
        )


def shortened(text: str, cells: int) -> str:
    """Return a text on one line, cut where it is wider than so many cells of a terminal."""
    text = " ".join(text.split())
    if cell_len(text) <= cells:
        return text
    cut = Text(text)
    cut.truncate(cells, overflow="ellipsis")
    return cut.plain


def _narration(moment: Narrated) -> Group:
    head = Rule(Text(moment.clock, style="dim"), align="left", style="dim")
    return Group(Text(), head, Prose(moment.text, style="italic"))


def _answer(moment: Answered) -> Group:
    text = Prose(moment.text, head=Text("Copydesk  ", style="bold"))
    return Group(text, Text(f"📎 {moment.file}", style="dim")) if moment.file else Group(text)


def _card(card: Mapping[str, Any]) -> Group:
    colour = _STATES.get(card["state"], _WAITING)
    facts = (card["source"], card["authors"], card["date"], card["pitched_by"])
    body: list[RenderableType] = [
        Prose(card["title"], style="bold"),
        Prose(" · ".join(fact for fact in facts if fact), style="dim"),
    ]
    if card["problem"]:
        body.append(Prose(card["problem"]))
    elif card["summary"]:
        label = Text(f"{card['summary_label']}  ", style="dim")
        body.append(Prose(shortened(card["summary"], _LONGEST_SUMMARY), head=label))
    body.append(Prose(card["standing"], style=colour))
    number = Text(f"#{card['number']}", style="bold")
    panel = Panel(Group(*body), title=number, title_align="left", box=box.ROUNDED, border_style=colour)
    # Terminals disagree about the width of 👨‍💻, which would bend a border around the buttons.
    return Group(panel, Text(f"  {_buttons(card)}"))


def _buttons(card: Mapping[str, Any]) -> str:
    return "   ".join(f"{b['emoji']} {b['count'] or ''}".rstrip() for b in card["buttons"])


def _change(moment: Changed) -> Text:
    score = f"{moment.score:+d}" if moment.score else "0"
    colour = _STATES.get(moment.state, _WAITING)
    return Text.assemble((f"#{moment.number} → {moment.standing}", colour), (f"  ({score})", "dim"))


def _indented(drawn: RenderableType) -> Padding:
    return Padding(drawn, (0, 0, 0, _INDENT))
