"""HTML looked at before it is shown or sent: well-formed, nothing that acts, links to the web only."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from renderers.outputs.output import Fault

_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
_ACTIVE = frozenset(
    {
        "applet",
        "audio",
        "base",
        "button",
        "canvas",
        "embed",
        "form",
        "frame",
        "frameset",
        "iframe",
        "input",
        "math",
        "object",
        "portal",
        "script",
        "select",
        "svg",
        "template",
        "textarea",
        "video",
    }
)
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "background", "poster", "srcset", "data"})
_OUTSIDE_STYLE = re.compile(r"@import|url\s*\(|expression\s*\(|javascript:|(?<!-)behavior\s*:", re.IGNORECASE)


def html_faults(html: str, *, anchors: bool = True) -> tuple[Fault, ...]:
    """Check a document or a fragment of HTML.

    Tags are closed in order; there is no script, form or frame, no handler, no style from elsewhere; links
    and pictures lead to http and https, or with `anchors` to a place within, which must be there once.
    """
    look = _Look()
    look.feed(html)
    look.close()
    return tuple(dict.fromkeys(look.found(anchors=anchors)))


class _Look(HTMLParser):
    """Walks through the tags and notes what is wrong."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._faults: list[Fault] = []
        self._ids: list[str] = []
        self._anchors: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append(tag)
        if tag in _ACTIVE:
            self._fault("active", f"<{tag}> stands in it.")
        names = [name for name, _ in attributes]
        if len(set(names)) < len(names):
            self._fault("twice", f"<{tag}> has an attribute twice.")
        for name, value in attributes:
            self._attribute(tag, name, value or "")
        if tag == "link" and ("rel", "canonical") not in attributes:
            self._fault("active", "The page takes something from elsewhere.")
        if tag == "img" and "alt" not in names:
            self._fault("no-alt", "A picture has no text in its place.")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._fault("unbalanced", f"</{tag}> closes what is not open.")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"] and _OUTSIDE_STYLE.search(data):
            self._fault("outside-style", "The style takes something from elsewhere.")
        if any(mark < " " and mark not in "\n\t" for mark in data):
            self._fault("control", "The text holds control characters.")

    def found(self, *, anchors: bool) -> Iterator[Fault]:
        yield from self._faults
        if self._open:
            yield Fault("unbalanced", f"<{self._open[-1]}> is not closed.")
        if len(set(self._ids)) < len(self._ids):
            yield Fault("id-twice", "Two places have the same id.")
        for anchor in self._anchors:
            if not anchors or anchor not in self._ids:
                yield Fault("anchor", f"A link leads to #{anchor}, which is not there.")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "srcdoc":
            self._fault("handler", f"<{tag}> has the handler {name}.")
        if name == "style" and _OUTSIDE_STYLE.search(value):
            self._fault("outside-style", "A style takes something from elsewhere.")
        if name == "id":
            self._ids.append(value)
        if tag == "meta" and value.lower() == "refresh":
            self._fault("active", "The page leads elsewhere by itself.")
        if name in _ADDRESSES and value.startswith("#"):
            self._anchors.append(value[1:])
        elif name in _ADDRESSES and not _on_the_web(value):
            self._fault("address", f"<{tag} {name}> does not lead to the web: {value[:80]!r}.")

    def _fault(self, code: str, message: str) -> None:
        self._faults.append(Fault(code, message))


def _on_the_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
