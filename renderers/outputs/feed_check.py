"""Feeds looked at before they are kept or sent: well-formed, and holding what their standards demand."""

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from renderers.outputs.html_check import html_faults
from renderers.outputs.output import Fault, Output

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def atom_faults(output: Output) -> tuple[Fault, ...]:
    """Check an Atom feed: id, title and updated in feed and entries (RFC 4287, 4.1), an author, a link."""
    root = _parsed(output)
    if isinstance(root, Fault):
        return (root,)
    found = [] if root.tag == f"{_ATOM}feed" else [Fault("root", "The root is no Atom feed.")]
    entries = root.findall(f"{_ATOM}entry")
    for place in (root, *entries):
        found += [
            Fault("missing", f"<{name}> is missing in {etree.QName(place).localname}.")
            for name in ("id", "title", "updated")
            if not (place.findtext(_ATOM + name) or "").strip()
        ]
        found += _dated(place.findtext(f"{_ATOM}updated"), datetime.fromisoformat)
        links = place.findall(f"{_ATOM}link")
        found += [fault for link in links for fault in _addressed(link.get("href"))]
    if root.find(f"{_ATOM}author") is None:
        found.append(Fault("missing", "<author> is missing in feed."))
    found += _twice([entry.findtext(f"{_ATOM}id") or "" for entry in entries])
    for entry in entries:
        found += _content(entry.findtext(f"{_ATOM}content") or "")
    return tuple(found)


def rss_faults(output: Output) -> tuple[Fault, ...]:
    """Check an RSS 2.0 feed: title, link and description; in items a title, a link, a guid and a date."""
    root = _parsed(output)
    if isinstance(root, Fault):
        return (root,)
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return (Fault("root", "The root is no RSS feed."),)
    found = _lacking(channel, ("title", "link", "description"))
    found += _addressed(channel.findtext("link"))
    items = channel.findall("item")
    for item in items:
        found += _lacking(item, ("title", "link", "guid", "pubDate"))
        found += _addressed(item.findtext("link"))
        found += _dated(item.findtext("pubDate"), parsedate_to_datetime)
        found += _content(item.findtext(_CONTENT) or "")
    found += _twice([item.findtext("guid") or "" for item in items])
    return tuple(found)


def json_faults(output: Output) -> tuple[Fault, ...]:
    """Check a JSON feed: version and title; in items an id, content and dates (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(output.content)
    except ValueError as problem:
        return (Fault("not-well-formed", f"The feed is no JSON: {problem}."),)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return (Fault("root", "The root is no JSON feed."),)
    found = (
        []
        if str(feed.get("version", "")).startswith("https://jsonfeed.org/version/")
        else [Fault("missing", "version is missing.")]
    )
    found += [Fault("missing", "title is missing.")] if not feed.get("title") else []
    found += [fault for key in ("home_page_url", "feed_url") for fault in _addressed(feed.get(key))]
    for item in feed["items"]:
        found += _item(item)
    found += _twice([str(item.get("id", "")) for item in feed["items"]])
    return tuple(found)


def _item(item: dict[str, Any]) -> Iterator[Fault]:
    for key in ("id", "content_html"):
        if not item.get(key):
            yield Fault("missing", f"{key} is missing in an item.")
    yield from _addressed(item.get("url"))
    yield from _dated(item.get("date_published"), datetime.fromisoformat)
    yield from _content(item.get("content_html") or "")


def _parsed(output: Output) -> etree._Element | Fault:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(output.content, parser)
    except etree.XMLSyntaxError as problem:
        return Fault("not-well-formed", f"The feed is no well-formed XML: {problem}.")


def _lacking(place: etree._Element, names: tuple[str, ...]) -> list[Fault]:
    return [
        Fault("missing", f"<{name}> is missing in {place.tag}.")
        for name in names
        if not (place.findtext(name) or "").strip()
    ]


def _addressed(address: str | None) -> list[Fault]:
    try:
        parts = urlsplit(address or "")
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    return [] if sound else [Fault("address", f"{(address or '')[:80]!r} is no address on the web.")]


def _dated(written: str | None, read: Any) -> list[Fault]:
    try:
        aware = read(written or "").tzinfo is not None
    except (ValueError, TypeError):
        aware = False
    return [] if aware else [Fault("date", f"{(written or '')[:40]!r} is no date with a zone.")]


def _twice(identities: list[str]) -> list[Fault]:
    return [] if len(set(identities)) == len(identities) else [Fault("id-twice", "Two entries have one id.")]


def _content(html: str) -> list[Fault]:
    return list(html_faults(html, anchors=False))
