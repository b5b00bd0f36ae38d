"""What WeChat keeps of an article's HTML, and what it refuses: the check before anybody sees it.

The rules are from WeChat's documentation of draft/add and from what its editor does to pasted HTML, as the
makers of mdnice and doocs/md found: it drops classes and ids, takes no link to another site, shows no picture
but those it keeps itself, and breaks the bullets of a list whose entries are no sections.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from renderers.outputs.output import Fault
from renderers.outputs.wechat_html import is_wechat, picture_address
from renderers.shortening import units

CONTENT_LIMIT = 20_000
"""Characters with tags that an article's content must stay below."""
_BYTES_LIMIT = 1 << 20
_SETTING = ("section", "p", "h2", "ul", "ol", "li", "pre", "blockquote", "hr")
_TAGS = frozenset({*_SETTING, "strong", "em", "code", "a", "sup", "br", "img"})
_VOID = frozenset({"br", "hr", "img"})
_ATTRIBUTES = {"a": frozenset({"href", "style"}), "img": frozenset({"src", "alt", "style"})}
_STYLED = frozenset({"style"})
_BAD_STYLE = re.compile(r"position|url\s*\(|var\s*\(|expression|@|javascript", re.IGNORECASE)


def content_faults(content: str) -> tuple[Fault, ...]:
    """Check the content of one article."""
    checked = _Checked()
    checked.feed(content)
    checked.close()
    found = list(dict.fromkeys(checked.found))
    if checked.open:
        found.append(Fault("unclosed", f"The tag <{checked.open[-1]}> is not closed."))
    if not checked.text.strip():
        found.append(Fault("empty", "The article is empty."))
    if units(content) >= CONTENT_LIMIT:
        found.append(
            Fault("too-long", f"The article has {units(content)} characters; WeChat takes {CONTENT_LIMIT}.")
        )
    if len(content.encode("utf-8")) >= _BYTES_LIMIT:
        found.append(Fault("too-large", "The article is larger than 1 MiB."))
    return tuple(found)


class _Checked(HTMLParser):
    """Walks through the HTML and notes what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Fault] = []
        self.open: list[str] = []
        self.text = ""
        self._before = ""  # the tag just opened, where nothing came after it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self._fault("tag", f"<{tag}> is no tag for WeChat.")
        if self._before == "li" and tag != "section":
            self._fault("bare-entry", "An entry of a list does not begin with a section.")
        for name, value in attrs:
            self._check_attribute(tag, name, value or "")
        if tag == "a" and not is_wechat(dict(attrs).get("href") or ""):
            self._fault("link", "A link leads to another site than mp.weixin.qq.com.")
        if tag == "img":
            self._check_picture(dict(attrs))
        if tag not in _VOID:
            self.open.append(tag)
        self._before = tag

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self._fault("order", f"</{tag}> closes another tag.")
        else:
            self.open.pop()
        self._before = ""

    def handle_data(self, data: str) -> None:
        if self._before == "li":
            self._fault("bare-entry", "An entry of a list does not begin with a section.")
        self.text += data
        self._before = ""

    def handle_comment(self, data: str) -> None:
        self._fault("comment", "There is a comment.")

    def handle_decl(self, decl: str) -> None:
        self._fault("comment", "There is a declaration.")

    def unknown_decl(self, data: str) -> None:
        self._fault("comment", "There is a declaration.")

    def handle_pi(self, data: str) -> None:
        self._fault("comment", "There is a processing instruction.")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name not in _ATTRIBUTES.get(tag, _STYLED):
            self._fault("attribute", f"<{tag}> has the attribute {name}.")
        elif name == "style" and _BAD_STYLE.search(value):
            self._fault("style", f"<{tag}> has a style that WeChat takes away.")

    def _check_picture(self, given: Mapping[str, str | None]) -> None:
        source = given.get("src")
        if not source or picture_address(source) != source:
            self._fault("picture", "A picture is not kept by WeChat.")
        if given.get("alt") is None:
            self._fault("no-alt", "A picture has no text.")

    def _fault(self, code: str, message: str) -> None:
        self.found.append(Fault(code, message))
