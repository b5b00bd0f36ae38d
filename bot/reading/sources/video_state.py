"""A film by what the page gives its player: YouTube's player response, Bilibili's initial state."""

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.reading.article import Reading
from bot.reading.markup.dates import as_published
from bot.reading.markup.html_page import HtmlPage
from bot.reading.markup.linked_data import as_mapping
from bot.reading.sources.video_page import Film, without_boilerplate, without_site
from bot.reading.verdict import Reason, Verdict

_ROBOT = re.compile(r"not a bot|unusual traffic|before you continue|验证|机器人", re.IGNORECASE)
_MOST_TRIES = 5
"""Pages name their state a few times; a hostile one, whose JSON never ends, a million times."""
_NOT_FOUND = frozenset({404, -404, -403, 62002, 62004, 62012})
"""Bilibili's codes of a film that is not there, or that only its maker sees."""


def youtube_film(page: HtmlPage) -> Film | Reading | None:
    """Read the player's response. A private or deleted film is GONE; None where there is no response."""
    if page.host == "consent.youtube.com":
        return Reading(Verdict.VERIFICATION, Reason.VERIFICATION_PAGE)
    response = _assigned(page.html, "ytInitialPlayerResponse")
    details = as_mapping(response.get("videoDetails"))
    if details.get("title"):
        return _youtube_details(details, as_mapping(response.get("microformat")))
    status = as_mapping(response.get("playabilityStatus"))
    said = f"{status.get('status')} {status.get('reason')} {status.get('messages')}"
    if _ROBOT.search(said):
        return Reading(Verdict.VERIFICATION, Reason.VERIFICATION_PAGE)
    if "private" in said or "ERROR" in said or "UNPLAYABLE" in said:
        return Reading(Verdict.GONE, Reason.PAGE_SAYS_GONE)
    return Reading(Verdict.LOGIN, Reason.LOGIN_PAGE) if "LOGIN_REQUIRED" in said else None


def _youtube_details(details: Mapping[str, Any], microformat: Mapping[str, Any]) -> Film:
    more = as_mapping(microformat.get("playerMicroformatRenderer"))
    title = without_site(str(details.get("title")))
    number = str(details.get("videoId") or "")
    return Film(
        title=title,
        channel=str(details.get("author") or more.get("ownerChannelName") or ""),
        published=as_published(str(more.get("publishDate") or more.get("uploadDate") or "")),
        description=without_boilerplate(str(details.get("shortDescription") or ""), title),
        aliases=(f"https://www.youtube.com/watch?v={number}",) if re.fullmatch(r"[\w-]{11}", number) else (),
    )


def bilibili_film(page: HtmlPage) -> Film | Reading | None:
    """Read the page's state; None where there is none."""
    state = _assigned(page.html, "__INITIAL_STATE__")
    details = as_mapping(state.get("videoData") or as_mapping(state.get("video")).get("viewInfo"))
    if not details.get("title"):
        code = as_mapping(state.get("error")).get("code")
        return Reading(Verdict.GONE, Reason.PAGE_SAYS_GONE) if code in _NOT_FOUND else None
    title = without_site(str(details["title"]))
    number = str(details.get("bvid") or "")
    return Film(
        title=title,
        channel=str(as_mapping(details.get("owner")).get("name") or ""),
        published=as_published(str(details.get("pubdate")), chinese=True),
        description=without_boilerplate(str(details.get("desc") or ""), title),
        aliases=(f"https://www.bilibili.com/video/{number}",) if re.fullmatch(r"BV\w{10}", number) else (),
    )


def _assigned(markup: str, name: str) -> Mapping[str, Any]:
    """Return the object that a script gives to a name, `name = {…}`; empty where it is no JSON."""
    for found in islice(re.finditer(rf"\b{name}\"?\]?\s*=\s*(?=\{{)", markup), _MOST_TRIES):
        try:
            return as_mapping(json.JSONDecoder(strict=False).raw_decode(markup, found.end())[0])
        except (ValueError, RecursionError):
            continue
    return {}
