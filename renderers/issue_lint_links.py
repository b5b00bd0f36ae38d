"""Links of an issue that cannot be right, seen without going there."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import parse_qs, urlsplit

from renderers.issue_document import IssueDocument
from renderers.issue_lint_codes import LintFinding, found
from renderers.issue_parser import split_lines
from renderers.story_head import links_in
from renderers.story_style import DocumentStory

# A dash of another kind, or one without a blank: no list entry in Markdown, and so no story.
_STRAY_HEAD = re.compile(r"(?:-(?=\[)|[–—·•]\s*(?=\[))\[.*\]\(.*")
_INSIDE = ("localhost", "local", "internal", "lan", "home.arpa", "localdomain")
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+", re.IGNORECASE)


def link_findings(document: IssueDocument) -> Iterable[LintFinding]:
    """Find what is wrong with stories' heads and with any address in the text."""
    lines = split_lines(document.text)
    for story in document.stories:
        yield from _about_a_head(story)
    heads = {story.line - 1 for story in document.stories}
    for section in document.sections:
        for place in sorted({*range(section.start + 1, section.end)} - heads):
            if _STRAY_HEAD.match(lines[place]):
                yield found("stray-head", place + 1, lines[place])
    for place in range(document.outline.start, len(lines)):
        for url in links_in(lines[place]):
            if is_inside(url):
                yield found("private-link", place + 1, url)


def _about_a_head(story: DocumentStory) -> Iterable[LintFinding]:
    said = story.fields
    if said.broken:
        yield found("broken-head", story.line, said.title)
    elif not said.linked:
        yield found("no-link", story.line, said.title)
    elif not said.url or _bare(said.url) in ("#", "http:", "https:", "url"):
        yield found("empty-link", story.line, said.title)
    elif not _is_web(said.url):
        yield found("unsafe-link", story.line, said.title)
    elif is_temporary(said.url):
        yield found("temporary-link", story.line, said.title)


def _bare(url: str) -> str:
    return url.strip("<>/ ").lower()


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url.strip("<>"))
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def is_temporary(url: str) -> bool:
    """Tell whether a link expires: WeChat's with a signature, and Sogou's on the way to one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.hostname == "mp.weixin.qq.com":
        return "signature" in parse_qs(parts.query) or parts.path.startswith("/s/tempkey")
    return parts.hostname == "weixin.sogou.com" and parts.path.startswith(("/link", "/api"))


def is_inside(url: str) -> bool:
    """Tell whether an address belongs to a private network or to the reader's own machine."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    if host in _INSIDE or host.endswith(tuple(f".{end}" for end in _INSIDE)):
        return True
    address = _address_of(host)
    return address is not None and not address.is_global


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    """Read a host as a network address, in the odd spellings that browsers take as well."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        *high, low = [
            int(part, 16 if part[:2] in ("0x", "0X") else 8 if part[0] == "0" else 10) for part in parts
        ]
        return IPv4Address(sum(byte << (24 - 8 * place) for place, byte in enumerate(high)) + low)
    except ValueError:
        return None
