"""Issues as feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, each entry a whole issue."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urljoin, urlsplit

from feedgenerator import Atom1Feed, Rss201rev2Feed
from markupsafe import Markup, escape

from renderers.issue_view import IssueView, Masthead
from renderers.markdown import clean, link_target
from renderers.outputs.feed_check import atom_faults, json_faults, rss_faults
from renderers.outputs.html import page
from renderers.outputs.output import CannotRenderError, InvalidOutputError, Note, Output, OutputKind
from renderers.outputs.site import description_of, title_of

ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
JSON = "application/feed+json; charset=utf-8"
NAMES: Mapping[str, str] = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}

_NOWHERE = "https://newsletter.invalid/"
_PLACEHOLDER = Note(
    "placeholder",
    f"The newsletter's address is not known, so the feed's links lead to {_NOWHERE}. Give it with --site.",
    (("address", _NOWHERE),),
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An issue as a feed holds it; `identity` stays, whatever becomes of the address."""

    identity: str
    address: str
    title: str
    summary: str
    content: str
    day: datetime


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed before it is written; its date is that of its newest entry, never the day of writing."""

    masthead: Masthead
    name: str
    folder: str
    entries: tuple[_Entry, ...]

    def address(self, kind: str) -> str:
        """Return where readers' programs fetch the feed."""
        return urljoin(self.masthead.home, "/".join(filter(None, [self.folder, NAMES[kind]])))

    @property
    def newest(self) -> datetime:
        """The day of the newest entry."""
        return max(entry.day for entry in self.entries)


class _RssWithContent(Rss201rev2Feed):  # type: ignore[misc]  # the library has no types
    """RSS with the whole text in `content:encoded`, as feed readers expect it beside a description."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


def feed_files(issues: Sequence[IssueView], masthead: Masthead, *, folder: str) -> Mapping[str, bytes]:
    """Return the feed files of these issues by path in the repository; none for no issues.

    `folder` is where they stand, below the site's address; empty for its top. The newest issue comes first,
    whatever the order given. Raises CannotRenderError where the site's address or an issue's date is
    missing, InvalidOutputError where a file would not be a sound feed.
    """
    if not issues:
        return {}
    files = {}
    feed = _feed(issues, masthead, folder)
    for kind, output in _outputs(feed).items():
        found = OUTPUT_KINDS[kind].faults(output)
        if found:
            raise InvalidOutputError(kind, found)
        files["/".join(filter(None, [folder, output.name]))] = output.content
    return files


def atom(issue: IssueView) -> tuple[Output, ...]:
    """Set one issue as an Atom feed; raises CannotRenderError for an issue without a date."""
    return _alone(issue, "atom")


def rss(issue: IssueView) -> tuple[Output, ...]:
    """Set one issue as an RSS feed; raises CannotRenderError for an issue without a date."""
    return _alone(issue, "rss")


def json_feed(issue: IssueView) -> tuple[Output, ...]:
    """Set one issue as a JSON feed; raises CannotRenderError for an issue without a date."""
    return _alone(issue, "json")


OUTPUT_KINDS: Mapping[str, OutputKind] = {
    "atom": OutputKind("atom", atom, atom_faults),
    "rss": OutputKind("rss", rss, rss_faults),
    "json": OutputKind("json", json_feed, json_faults),
}


def _alone(issue: IssueView, kind: str) -> tuple[Output, ...]:
    """Set one issue to be looked at; without a site its addresses are placeholders, and a note says so."""
    if link_target(issue.masthead.home):
        return (_outputs(_feed([issue], issue.masthead, ""))[kind],)
    placed = replace(issue.masthead, home=_NOWHERE, address="")
    output = _outputs(_feed([replace(issue, masthead=placed)], placed, ""))[kind]
    return (replace(output, notes=(_PLACEHOLDER,)),)


def _feed(issues: Sequence[IssueView], masthead: Masthead, folder: str) -> _Feed:
    home = link_target(masthead.home)
    if not home:
        raise CannotRenderError(
            "A feed needs the newsletter's address: set newsletter.site in the config.", code="no-site"
        )
    entries = sorted((_entry(issue, home) for issue in issues), key=lambda entry: entry.day, reverse=True)
    name = clean(masthead.name) or entries[0].title
    return _Feed(masthead, name, folder, tuple(entries))


def _entry(issue: IssueView, home: str) -> _Entry:
    try:
        day = datetime.combine(date.fromisoformat(issue.date), time(), UTC)
    except ValueError:
        raise CannotRenderError(
            "A feed needs the issue's date: put one such as 2026-03-10 into its title.", code="no-date"
        ) from None
    return _Entry(
        identity=_identity(home, issue.date),
        address=link_target(issue.masthead.address) or home,
        title=title_of(issue),
        summary=description_of(issue),
        content=page("content.html.j2", issue).strip(),
        day=day,
    )


def _identity(home: str, day: str) -> str:
    """Return the tag URI (RFC 4151) of an issue: the site and its day, which outlive a file's name."""
    parts = urlsplit(home)
    return f"tag:{(parts.hostname or '').lower()},{day}:{parts.path.strip('/') or 'newsletter'}/{day}"


def _outputs(feed: _Feed) -> Mapping[str, Output]:
    return {
        "atom": Output(NAMES["atom"], ATOM, _written(Atom1Feed, feed, "atom")),
        "rss": Output(NAMES["rss"], RSS, _written(_RssWithContent, feed, "rss")),
        "json": Output(NAMES["json"], JSON, _json(feed)),
    }


def _written(made_by: Any, feed: _Feed, kind: str) -> bytes:
    """Write a feed as XML; the library escapes, and refuses what XML cannot hold."""
    written = made_by(
        title=feed.name,
        link=feed.masthead.home,
        description=clean(feed.masthead.tagline) or feed.name,
        language=feed.masthead.language,
        author_name=feed.name,
        feed_url=feed.address(kind),
        feed_guid=feed.masthead.home,
    )
    for entry in feed.entries:
        written.add_item(
            title=entry.title,
            link=entry.address,
            description=str(escape(entry.summary or entry.title)),  # read as HTML in both formats
            content=entry.content,
            pubdate=entry.day,
            updateddate=entry.day,
            unique_id=entry.identity,
            unique_id_is_permalink=False,
        )
    text: str = written.writeString("utf-8")
    return text.encode("utf-8") + b"\n"


def _json(feed: _Feed) -> bytes:
    values = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.name,
        "home_page_url": feed.masthead.home,
        "feed_url": feed.address("json"),
        "description": clean(feed.masthead.tagline),
        "language": feed.masthead.language,
        "authors": [{"name": feed.name}],
        "items": [_item(entry) for entry in feed.entries],
    }
    said = {key: value for key, value in values.items() if value}
    return json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _item(entry: _Entry) -> dict[str, str]:
    values = {
        "id": entry.identity,
        "url": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content or str(Markup("<p>{}</p>").format(entry.title)),
        "date_published": entry.day.isoformat().replace("+00:00", "Z"),
        "date_modified": entry.day.isoformat().replace("+00:00", "Z"),
    }
    return {key: value for key, value in values.items() if value}
