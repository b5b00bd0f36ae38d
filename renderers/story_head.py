"""The head of a story: tags, then a link whose label may name a repository and a source."""

import re
from dataclasses import dataclass

# The last separator wins. A bar counts with a blank on one side at least, so that `｜` can stand in a title.
_BARS = "|｜丨"
_SPACED_STROKE = re.compile(r" 丨|丨 ")  # the Chinese character that stands for a bar, where it does
_BAR = re.compile(r"[|｜]")
_REPO = re.compile(r"([A-Za-z0-9][\w.-]*/[\w.-]+)\s*[:：]", re.ASCII)
_BARE_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&'*+,;=%()]+")
_BROAD = str.maketrans("[]", "［］")


@dataclass(frozen=True, slots=True)
class Head:
    """A head taken apart; `label` is the link's text, and `extra` what stands behind the link, verbatim."""

    tags: tuple[str, ...]
    label: str
    url: str
    extra: str
    linked: bool
    broken: bool


def read_head(text: str) -> Head:
    """Take a head apart, `text` being the line without its mark; a head with no link is all label."""
    rest, tags = text.strip(), list[str]()
    while rest.startswith("["):
        close = _closing(rest, 0, "[]")
        if close < 0:
            return _broken_head(rest, tuple(tags))
        if rest.startswith("(", close + 1):
            return _linked_head(rest, close, tuple(tags))
        tags.append(rest[1:close])
        rest = rest[close + 1 :].lstrip()
    if tags and not rest:
        return Head((), text.strip(), "", "", linked=False, broken=True)
    return Head(tuple(tags), rest, "", "", linked=False, broken=False)


def _linked_head(text: str, close: int, tags: tuple[str, ...]) -> Head:
    end = _closing(text, close + 1, "()")
    broken = end < 0
    end = len(text) if broken else end
    target = text[close + 2 : end].split(maxsplit=1)
    extra = text[end + 1 :]
    return Head(
        tags, text[1:close], target[0] if target else "", extra, True, broken or extra.startswith("(")
    )


def _broken_head(text: str, tags: tuple[str, ...]) -> Head:
    """Make what can be made of a bracket that never closes: up to `](` if there is one, else all of it."""
    label, found, rest = text[1:].partition("](")
    if not found:
        return Head(tags, text[1:].strip(), "", "", linked=False, broken=True)
    url, _, extra = rest.partition(")")
    return Head(tags, label, url.strip(), extra, linked=True, broken=True)


def _closing(text: str, start: int, pair: str) -> int:
    """Return where the bracket at `start` closes, heeding nesting and backslashes, or -1."""
    depth, position = 0, start
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character in pair:
            depth += 1 if character == pair[0] else -1
            if depth == 0:
                return position
        position += 1
    return -1


def split_source(label: str) -> tuple[str, str]:
    """Part a label into title and source at its last separator; without one it is all title."""
    spaced = f" {label} "
    for place in range(len(spaced) - 2, 0, -1):
        beside = spaced[place - 1] + spaced[place + 1]
        if spaced[place] in _BARS and any(character.isspace() for character in beside):
            return spaced[:place].removesuffix("\\").strip(), spaced[place + 1 :].strip()
    return label.strip(), ""


def repo_of(title: str) -> str:
    """Return the `owner/name` that a title begins with, or nothing."""
    found = _REPO.match(title)
    return found[1] if found else ""


def without_separators(text: str) -> str:
    """Take from a title or source what would part them anew, and the square brackets."""
    text = " ".join(text.split()).translate(_BROAD)
    *parts, last = _BAR.split(_SPACED_STROKE.sub("｜", text))
    return "｜".join([*(part.strip(" ").rstrip(" \\") for part in parts), last.strip(" ")]).strip("｜丨 ")


def backslashed(text: str, marks: str) -> str:
    """Put a backslash before each of these marks that has none."""
    return re.sub(rf"\\.|[{re.escape(marks)}]", lambda found: "\\" * (len(found[0]) == 1) + found[0], text)


def closed(text: str) -> str:
    """Keep a last backslash from eating the bracket behind it, and an odd backtick from opening code."""
    if re.sub(r"\\.", "", text).count("`") % 2:
        text = backslashed(text, "`")
    slashes = len(text) - len(text.rstrip("\\"))
    return text + "\\" if slashes % 2 else text


def links_in(text: str) -> tuple[str, ...]:
    """Return every web address in a piece of Markdown once, in order, without the punctuation behind it."""
    return tuple(dict.fromkeys(_trimmed(found.group()) for found in _BARE_URL.finditer(text)))


def _trimmed(url: str) -> str:
    while url and (url[-1] in ".,;:!?'*" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url
