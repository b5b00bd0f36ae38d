"""A post by its page's metadata: JSON-LD, Open Graph, and the data that Weibo's mobile page carries."""

import html
import json
import re
from dataclasses import dataclass

import lxml.html

from bot.reading.markup.dates import as_published, published_of
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.markup.linked_data import as_mapping, name_in, things_of
from bot.reading.sources.block_text import block_text

_NETWORK = r"(?:X|Twitter|Threads|LinkedIn|Facebook|Instagram|Bluesky|Mastodon|微博)"
_SAYS = re.compile(
    rf"(?P<name>.{{1,80}}?) (?:\((?P<handle>@[^()]+)\) )?(?:on|auf|sur|en|在) {_NETWORK}\s*[:：]\s*"
    rf"[\"“„«「]?(?P<text>.*?)[\"”»」]?(?:\s*/\s*{_NETWORK})?",
    re.DOTALL,
)
"""A post's title as X and Threads write it: Name on X: "text" / X."""
_NAMED = re.compile(rf"(?P<name>.{{1,80}}?) \((?P<handle>@[^()]+)\)(?:\s*(?:[•·]|on|-)\s*{_NETWORK}.*)?")
"""As Mastodon, Bluesky and the mirrors of X do: Name (@handle). The description holds the text."""
_LINKS = re.compile(r"\s*(?:https?://t\.co/\w+|pic\.(?:twitter|x)\.com/\w+)")
_QUOTED = re.compile(r"^[\"“„«「](.*)[\"”»」]$", re.DOTALL)
_CUT = re.compile(r"(?:…|\.\.\.|全文)$")
_SENTENCE = re.compile(r".{8,}?(?:[。！？!?]|\.(?=\s|$))")
_LONGEST_TITLE = 80
_WEIBO_DATA = re.compile(r"\$render_data\s*=\s*\[")


@dataclass(frozen=True, slots=True)
class SocialPost:
    """What a page says of a post."""

    name: str
    """Whoever wrote it, as readers know them."""
    text: str
    published: str | None
    is_cut: bool
    """Whether the metadata ends before the post does."""

    @property
    def title(self) -> str:
        """The post's first sentence, or as much of it as a headline holds."""
        opening = collapsed(self.text.splitlines()[0]) if self.text else ""
        sentence = _SENTENCE.match(opening)
        title = sentence[0] if sentence else opening
        if len(title) <= _LONGEST_TITLE:
            return title
        return title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,，、") + "…"


def post_on(page: HtmlPage) -> SocialPost | None:
    """Return the page's post; None where the page tells of none."""
    return _in_weibo_data(page.html) or _in_linked_data(page) or _in_open_graph(page)


def _in_linked_data(page: HtmlPage) -> SocialPost | None:
    for thing in things_of(page, "SocialMediaPosting", "DiscussionForumPosting"):
        said = next((thing[name] for name in ("articleBody", "text", "headline") if thing.get(name)), "")
        if isinstance(said, str) and said.strip():
            day = thing.get("datePublished")
            return _post(name_in(thing, "author", "creator"), said, as_published(str(day or "")))
    return None


def _in_open_graph(page: HtmlPage) -> SocialPost | None:
    title = page.metas.get("og:title") or page.metas.get("twitter:title") or page.document_title
    described = page.metas.get("og:description") or page.metas.get("twitter:description", "")
    moment = published_of(page, None)
    if found := _SAYS.fullmatch(title):
        text = described if len(described) > len(found["text"]) else found["text"]
        return _post(found["name"], text, moment)
    if found := _NAMED.fullmatch(title):
        return _post(found["name"], described, moment)
    if page.metas.get("og:site_name") in ("Telegram", "LinkedIn") and described:
        return _post(title.split(" on LinkedIn")[0], described, moment)
    return None


def _in_weibo_data(markup: str) -> SocialPost | None:
    """Return the post that Weibo's mobile page gives its script."""
    found = _WEIBO_DATA.search(markup)
    try:
        data = json.JSONDecoder(strict=False).raw_decode(markup, found.end())[0] if found else None
    except (ValueError, RecursionError):
        return None
    status = as_mapping(as_mapping(data).get("status"))
    said = str(status.get("text") or "")
    if not said.strip():
        return None
    body = lxml.html.fromstring(f"<div>{said}</div>")
    text = block_text(body, is_silent=lambda _: False, breaks_are_lines=True)
    name = str(as_mapping(status.get("user")).get("screen_name") or "")
    return _post(name, text, as_published(_in_order(str(status.get("created_at") or "")), chinese=True))


def _in_order(written: str) -> str:
    """Turn Weibo's "Thu Apr 30 10:22:33 +0800 2020" into the order of JavaScript's dates."""
    found = re.fullmatch(r"(\w{3} \w{3} \d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", written)
    return f"{found[1]} {found[4]} {found[2]} GMT{found[3]}" if found else written


def _post(name: str, said: str, published: str | None) -> SocialPost | None:
    text = _QUOTED.sub(r"\1", _LINKS.sub("", html.unescape(said)).strip())
    lines = (" ".join(line.split()) for line in text.splitlines())
    kept = "\n".join(line for line in lines if line)
    if not kept or not name.strip():
        return None
    return SocialPost(
        name=collapsed(name), text=kept, published=published, is_cut=_CUT.search(kept) is not None
    )
