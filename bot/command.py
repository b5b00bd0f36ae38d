"""What people type after a slash, read into a command. Pure.

``/amend 12 title TFRT：全新的运行时`` → ``Command("amend", ("12", "title"), "TFRT：全新的运行时")``.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class CommandForm:
    """How a command is written: `words` are single words, `rest` is the text to the end."""

    name: str
    words: tuple[str, ...] = ()
    rest: str = ""
    optional: bool = False  # the last of words or rest may be left out

    @property
    def usage(self) -> str:
        """Return the command as help shows it: ``/section N key``."""
        parts = [*self.words, *([self.rest] if self.rest else [])]
        if parts and self.optional:
            parts[-1] = f"[{parts[-1]}]"
        return " ".join([f"/{self.name}", *parts])


@dataclass(frozen=True, slots=True)
class Command:
    """A command as typed, split by its form."""

    name: str
    words: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was typed is no command; `nearest` is the one that was probably meant."""

    typed: str
    nearest: str | None
    form: CommandForm | None = None  # set where the name was right and the words were not


FIELDS = ("title", "source", "summary", "url", "authors", "paper", "paper_link", "code")
"""What /amend can change."""

FORMS = (
    CommandForm("help", ("command",), optional=True),
    CommandForm("slate"),
    CommandForm("story", ("N",)),
    CommandForm("why", ("N",)),
    CommandForm("amend", ("N", "|".join(FIELDS)), "text"),
    CommandForm("text", ("N",), "article", optional=True),
    CommandForm("retry", ("N",)),
    CommandForm("section", ("N", "key")),
    CommandForm("spike", ("N",), "reason"),
    CommandForm("restore", ("N",)),
    CommandForm("again", ("url",)),
    CommandForm("picture", ("N", "url|off"), optional=True),
    CommandForm("merge", ("N", "M")),
    CommandForm("move", ("N", "before", "M")),
    CommandForm("lead", (), "text"),
    CommandForm("short", (), "text"),
    CommandForm("preview"),
    CommandForm("publish", ("date",), optional=True),
    CommandForm("release", (), "date", optional=True),
    CommandForm("unrelease", ("date",), optional=True),
    CommandForm("send", (), "channel", optional=True),
    CommandForm("undo", ("N|publish",), optional=True),
    CommandForm("find", (), "words"),
    CommandForm("status"),
    CommandForm("invite"),
    CommandForm("link", ("code",), optional=True),
)
_BY_NAME = {form.name: form for form in FORMS}
_NAME = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?=\s|$)")


def is_command(text: str) -> bool:
    """Tell whether a message is meant as a command: a slash and a word."""
    return _NAME.match(text.lstrip()) is not None


def parse_command(text: str) -> Command | NotUnderstood:
    """Read a message that starts with a slash."""
    text = text.lstrip()
    match = _NAME.match(text)
    if match is None:
        return NotUnderstood(text.split(maxsplit=1)[0] if text else "/", None)
    name = match[1].lower()
    form = _BY_NAME.get(name)
    if form is None:
        return NotUnderstood(f"/{name}", next(iter(get_close_matches(name, _BY_NAME, n=1)), None))
    return _fill(form, text[match.end() :]) or NotUnderstood(f"/{name}", name, form)


def _fill(form: CommandForm, text: str) -> Command | None:
    """Split what follows the name; None where something is missing or too much.

    The rest is kept as typed, trailing blanks too: two at a line's end are a line break in Markdown.
    """
    words: list[str] = []
    for _ in form.words:
        word, text = _first_word(text)
        words += [word] if word else []
    rest = text.lstrip() if text.strip() else ""
    if rest and not form.rest:
        return None
    given, asked = len(words) + bool(rest), len(form.words) + bool(form.rest)
    if given < asked - form.optional:
        return None
    return Command(form.name, tuple(words), rest)


def _first_word(text: str) -> tuple[str, str]:
    word, *others = text.split(maxsplit=1) or [""]
    return word, text.lstrip()[len(word) :] if others else ""
