"""A post of Zhihu's: out of the state that the page carries for its own script, or off its blocks."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from bot.reading.markup.dates import BEIJING, as_published
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.markup.linked_data import as_mapping
from bot.reading.sources.block_text import block_text

_STATE = re.compile(r"""<script\b[^<>]*\bid=["']js-initialData["'][^<>]*>""")
_COUNTS = re.compile(r"^[(（]\s*\d+\+?\s*(?:封私信|条消息)[^()（）]*[)）]\s*")
_SITE = re.compile(r"\s*[-–—|_]\s*知乎(?:专栏)?\s*$")
_SILENT = re.compile("script|style|svg|noscript|button|iframe|video")


@dataclass(frozen=True, slots=True)
class Post:
    """What a page says of one article, answer or question; empty where it does not say."""

    title: str
    author: str
    published: str | None
    text: str


def post_in_state(page: HtmlPage, kind: str, number: str) -> Post | None:
    """Return the post out of `entities`, by the address's number, or else the only one of its kind."""
    state = _entities(page.html)
    found = as_mapping(state.get(kind))
    entity = as_mapping(found.get(number) or (next(iter(found.values())) if len(found) == 1 else None))
    match kind:
        case _ if not entity:
            return None
        case "articles":
            return _article_of(entity)
        case "answers":
            return _answer_of(entity)
        case _:
            return _question_of(entity, as_mapping(state.get("answers")))


def _entities(markup: str) -> Mapping[str, Any]:
    opening = _STATE.search(markup)
    end = markup.find("</script>", opening.end()) if opening else -1
    try:
        state = json.loads(markup[opening.end() : end]) if opening and end > 0 else {}
    except (ValueError, RecursionError):
        return {}
    return as_mapping(as_mapping(as_mapping(state).get("initialState")).get("entities"))


def _article_of(entity: Mapping[str, Any]) -> Post:
    return Post(
        title=_title(entity.get("title")),
        author=_name_in(entity),
        published=_moment(entity.get("created") or entity.get("createdTime")),
        text=_text(entity.get("content")),
    )


def _answer_of(entity: Mapping[str, Any]) -> Post:
    """Return an answer: its title is the question's."""
    return Post(
        title=_title(as_mapping(entity.get("question")).get("title")),
        author=_name_in(entity),
        published=_moment(entity.get("createdTime") or entity.get("created")),
        text=_text(entity.get("content")),
    )


def _question_of(entity: Mapping[str, Any], answers: Mapping[str, Any]) -> Post:
    """Return a question with what was asked and the answer that the page shows first."""
    first = next((as_mapping(answer) for answer in answers.values()), {})
    paragraphs = (_text(entity.get("detail")), _text(first.get("content")))
    return Post(
        title=_title(entity.get("title")),
        author="",
        published=_moment(entity.get("created") or entity.get("createdTime")),
        text="\n".join(filter(None, paragraphs)),
    )


_BODY = (
    "//*[contains(@class, 'Post-RichText') or contains(@class, 'AnswerItem')"
    " or contains(@class, 'RichContent-inner')]/descendant-or-self::*[contains(@class, 'RichText')"
    " and not(contains(@class, 'Container'))]"
)
_HEADING = "//h1[contains(@class, 'Post-Title') or contains(@class, 'QuestionHeader-title')]"
_NAME = "//*[contains(@class, 'AuthorInfo')]//meta[@itemprop='name']/@content"
_NAME_SHOWN = "//*[contains(@class, 'AuthorInfo-name') or contains(@class, 'UserLink-link')]"
_TIME = "//*[contains(@class, 'ContentItem-time')]"


def post_in_blocks(page: HtmlPage) -> Post | None:
    """Return the post off the page's blocks, where the state is missing: on archived and older pages."""
    bodies, headings = page.tree.xpath(_BODY), page.tree.xpath(_HEADING)
    if not (bodies and headings):
        return None
    names = page.tree.xpath(_NAME) or page.tree.xpath(_NAME_SHOWN)
    return Post(
        title=_title(headings[0].text_content()),
        author=_words(names[0]) if names else "",
        published=_day_shown(page),
        text=block_text(bodies[0], is_silent=_is_silent),
    )


def _day_shown(page: HtmlPage) -> str | None:
    """Return when it was posted, in Beijing's time; the line under a post says "发布于" or "编辑于"."""
    times = page.tree.xpath(_TIME)
    shown = re.search(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?", times[0].text_content()) if times else None
    stated = page.metas.get("datepublished") or page.metas.get("datecreated") or (shown[0] if shown else "")
    moment = as_published(stated, chinese=True)
    if moment is None or "T" not in moment:
        return moment
    return datetime.fromisoformat(moment).astimezone(BEIJING).isoformat()


def _name_in(entity: Mapping[str, Any]) -> str:
    return str(as_mapping(entity.get("author")).get("name") or "")


def _title(said: object) -> str:
    """Return a title without the reader's messages before it and the site's name behind."""
    return _SITE.sub("", _COUNTS.sub("", collapsed(html.unescape(str(said or "")))))


def _moment(second: object) -> str | None:
    if not isinstance(second, int | float) or not 1e9 < second < 1e10:
        return None
    return datetime.fromtimestamp(int(second), BEIJING).isoformat()


def _words(found: HtmlElement | str) -> str:
    return collapsed(found if isinstance(found, str) else found.text_content())


def _text(markup: object) -> str:
    if not isinstance(markup, str) or not markup.strip():
        return ""
    return block_text(lxml.html.fromstring(f"<div>{markup}</div>"), is_silent=_is_silent)


def _is_silent(element: HtmlElement) -> bool:
    """Tell whether an element holds no words: cards of other posts, films, and where to read on."""
    classes = element.get("class") or ""
    return bool(
        _SILENT.fullmatch(element.tag)
        or element.get("data-draft-type")
        or re.search(r"LinkCard|RichText-LinkCard|video-box|ContentItem-(?:more|expand)", classes)
    )
