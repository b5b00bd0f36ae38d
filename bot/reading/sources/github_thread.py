"""An issue, a pull request or a discussion on GitHub: its title and what it was opened with."""

import json
import re
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources.github_embedded import embedded, first_of, fragment
from bot.reading.sources.github_text import markdown_text

_TITLES = (
    "//*[@data-testid='issue-title']",
    "//*[contains(@class, 'js-issue-title')]",
    "//*[contains(@class, 'gh-header-title')]//bdi",
)
_BODIES = (
    "//*[@data-testid='issue-body']//*[contains(@class, 'markdown-body')]",
    "//*[contains(@class, 'comment-body')]",
    "//*[contains(@class, 'markdown-body')]",
)
_AUTHORS = ("//*[@data-testid='issue-body-header-author']", "//a[contains(@class, 'author')]")
_DOCUMENT_TITLE = re.compile(
    r"(?P<title>.+?)(?: by (?P<author>[\w-]+))? · (?:Issue|Pull Request|Discussion) #\d+ · .+", re.DOTALL
)
_POSTING = re.compile(r'"@type"\s*:\s*"(?:DiscussionForumPosting|QAPage|Question)"')


@dataclass(frozen=True, slots=True)
class Thread:
    """What opens a thread. Empty where the page does not tell."""

    title: str
    text: str
    author: str
    opened: str
    """ISO 8601."""


def thread_in(page: HtmlPage) -> Thread:
    """Read a thread: out of the page's data of today, its description for machines, or its markup of old."""
    data = embedded(page)
    issue = first_of(data, "issue", dict) or first_of(data, "pullRequest", dict) or {}
    posting = _posting(page)
    titled = _DOCUMENT_TITLE.match(_first(page, ("//head/title",)))
    body = fragment(_said(issue.get("bodyHTML")))
    body = _element(page, _BODIES) if body is None else body
    return Thread(
        title=_said(issue.get("title"))
        or collapsed(_said(posting.get("headline")))
        or _first(page, _TITLES)
        or (titled["title"] if titled else ""),
        text=markdown_text(body) if body is not None else _said(posting.get("articleBody")),
        author=_login(issue)
        or _login(posting)
        or _first(page, _AUTHORS)
        or (titled["author"] or "" if titled else ""),
        opened=_said(issue.get("createdAt")) or _said(posting.get("datePublished")) or moment_in(page),
    )


def moment_in(page: HtmlPage) -> str:
    """Return the first moment that the page shows: when something was opened or released."""
    for shown in page.tree.iter("relative-time", "local-time", "time-ago", "time"):
        if moment := shown.get("datetime"):
            return str(moment)
    return ""


def _posting(page: HtmlPage) -> dict[str, Any]:
    """Return schema.org's description of the thread."""
    for script in page.linked_data:
        if _POSTING.search(script):
            try:
                found: Any = json.loads(script)
            except (ValueError, RecursionError):
                continue
            return found if isinstance(found, dict) else {}
    return {}


def _said(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _login(thread: dict[str, Any]) -> str:
    author = thread.get("author")
    if not isinstance(author, dict):
        return ""
    return _said(author.get("login")) or _said(author.get("name"))


def _element(page: HtmlPage, paths: tuple[str, ...]) -> HtmlElement | None:
    return next((found for path in paths for found in page.tree.xpath(path)), None)


def _first(page: HtmlPage, paths: tuple[str, ...]) -> str:
    found = _element(page, paths)
    return collapsed(found.text_content()) if found is not None else ""
