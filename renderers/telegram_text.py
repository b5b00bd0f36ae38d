"""Words inside Telegram's HTML: a stranger's made inert, the bot's own sent as they are.

Telegram makes entities of plain text by itself: "@name" pings that person, "/word" is sent when tapped, and
"tg://user?id=1" opens a profile. What it takes for one is written in TDLib's MessageEntity.cpp. A word
joiner, which nobody sees and at which no line breaks, keeps each from being found. http and https addresses
stay links.
"""

import re
from html import escape

from renderers.markdown import clean
from renderers.shortening import split, units

TEXT_LIMIT = 4096  # UTF-16 units, counted after Telegram has read the HTML

BREAK = "\u2060"

# An address that Telegram surely takes for one, as nothing stands before it and its host is plain. A name in
# its path is then no mention. TDLib takes no address of the one host named here.
_ADDRESS = (
    r"(?<!\S)https?://(?!teiegram\.org)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,60}"
    r"/[a-z0-9/_@.~%=&?#+:-]*"
)
# Telegram reads on through full-width punctuation, which Chinese sets right behind an address.
_ADDRESS_END = re.compile(r"(https?://[!-;=?-~]+)(?=[\u2018-\u201d\u3001-\u303f\uff01-\uff0f\uff1a-\uff20])")
_MENTION = r"(?<![a-z0-9_])@(?=[a-z0-9_])"
_COMMAND = r"(?<![a-z0-9_/])/(?=[a-z0-9_])"
_APP_LINK = r"(?:tg|ton):(?=//)"
_FLAGS = re.IGNORECASE | re.ASCII
_ACTIVE = re.compile(f"({_ADDRESS})|{_MENTION}|{_COMMAND}|{_APP_LINK}", _FLAGS)
_ACTIVE_IN_OUR_WORDS = re.compile(f"({_ADDRESS})|{_MENTION}|{_APP_LINK}", _FLAGS)


def inert(text: str) -> str:
    """Return a stranger's words as one line in which nothing pings, runs or opens but a web address."""
    return _ended(_ACTIVE.sub(_broken, clean(text)))


def own_words(text: str) -> str:
    """Return a sentence of the bot's as one line: its commands can be tapped, a name in it does not ping."""
    return _ended(_ACTIVE_IN_OUR_WORDS.sub(_broken, clean(text)))


def _broken(found: re.Match[str]) -> str:
    return found.group(1) or found.group() + BREAK


def _ended(text: str) -> str:
    return _ADDRESS_END.sub(rf"\1{BREAK}", text)


def html(text: str) -> str:
    """Escape text for Telegram's HTML, outside of tags."""
    return escape(text, quote=False)


def telegram_text(text: str, *, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Set an answer of the bot's as HTML, in as many messages of at most `limit` units as it needs.

    Line ends stay, and messages are cut there. Text without anything to see gives no message.
    """
    lines = "\n".join(clean(line) for line in text.splitlines())
    parts = split(lines, limit, lambda part: units(own_words(part)))
    return tuple("\n".join(html(own_words(line)) for line in part.split("\n")) for part in parts)
