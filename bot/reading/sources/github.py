"""GitHub: a repository is its README under "owner/repo: description"; its parts have their own words.

No date is given where generic readers find some commit's: for repositories, folders and files.
"""

import re

from lxml.html import HtmlElement

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources import web
from bot.reading.sources.github_address import GithubPlace, place_at
from bot.reading.sources.github_embedded import embedded, first_of, fragment
from bot.reading.sources.github_text import first_heading, markdown_text
from bot.reading.sources.github_thread import moment_in, thread_in
from bot.reading.verdict import Reason, Verdict

_FURNITURE = re.compile(
    r"\s*(?:Contribute to \S+ development by creating an account on GitHub\.?|[-–] GitHub)\s*$"
)
_SHARED_BY_ALL = re.compile(r"GitHub Gist: instantly share code.*|GitHub is where .*", re.DOTALL)
_SET = "//article[contains(@class, 'markdown-body')]"
_RELEASE_NAMES = (
    "//h1[contains(@class, 'd-inline')]",
    "//*[contains(@class, 'release-header')]//*[contains(@class, 'f1')]",
)
_CODE_LINES = "//td[contains(@class, 'blob-code') or contains(@class, 'js-file-line')]"
_OPENING = 600
"""Characters of a README in which it may say what the description says."""
_MOST_CODE_LINES = 400


def claims(url: str) -> bool:
    """Tell whether an address names a repository, a part of one, or a gist."""
    return place_at(url) is not None


def read(page: HtmlPage) -> Reading | None:
    """Read what the address names; None where the page does not show it."""
    place = place_at(page.url)
    if place is None:
        return None
    if place.kind != "repository":
        page.metas.pop("og:url", None)  # the whole repository's, until 2022: no other address of this part
    reader = {
        "release": _release,
        "issue": _thread,
        "gist": _gist,
        "file": _file,
        "tree": _tree,
        "wiki": _wiki,
    }
    article = reader.get(place.kind, _repository)(page, place)
    if article is None:
        return None
    if web.is_thin(article):
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _article(page: HtmlPage, place: GithubPlace, title: str, text: str, **fields: str) -> Article:
    owner = _spelled(page, place).partition("/")[0]
    author, published = fields.get("author") or owner, fields.get("published")
    return Article(
        url=page.url,
        title=title,
        source="GitHub",
        authors=(author,),
        published=published or None,
        language=language_of(text or title),
        text=text,
    )


def _repository(page: HtmlPage, place: GithubPlace) -> Article | None:
    description, body = _description(page, place), _set_text(page)
    text = markdown_text(body, with_code=False) if body is not None else _plain_readme(page)
    text = _without_name(text, place)
    if not _says(text[:_OPENING], description):
        text = f"{description}\n{text}".strip()
    if not text:
        return None
    name = _spelled(page, place)
    return _article(page, place, f"{name}: {description}" if description else name, text)


def _tree(page: HtmlPage, place: GithubPlace) -> Article | None:
    body = _set_text(page)
    if body is None:
        return _repository(page, place)
    text = markdown_text(body, with_code=False)
    return _article(page, place, f"{_spelled(page, place)}: {first_heading(body) or place.name}", text)


def _file(page: HtmlPage, place: GithubPlace) -> Article | None:
    body = _set_text(page)
    if body is not None:
        title = f"{_spelled(page, place)}: {first_heading(body) or place.name}"
        return _article(page, place, title, markdown_text(body))
    code = _code(page)
    return _article(page, place, f"{_spelled(page, place)}: {place.name}", code) if code else None


def _wiki(page: HtmlPage, place: GithubPlace) -> Article | None:
    body = next(iter(page.tree.xpath("//*[@id='wiki-body']")), None)
    body = _set_text(page) if body is None else body
    if body is None:
        return None
    title = f"{_spelled(page, place)}: {place.name or first_heading(body) or 'Wiki'}"
    return _article(page, place, title, markdown_text(body))


def _release(page: HtmlPage, place: GithubPlace) -> Article | None:
    body = next(iter(page.tree.xpath("//*[contains(@class, 'markdown-body')]")), None)
    heads = (_words(found) for path in _RELEASE_NAMES for found in page.tree.xpath(path))
    shared = re.sub(r"^Release | · [^·]+$", "", page.metas.get("og:title", ""))
    name, tag = next(filter(None, heads), shared), place.name
    title = f"{_spelled(page, place)} {tag}"
    if _letters(name) not in _repeated(place):
        title = f"{title}: {name}"
    text = markdown_text(body) if body is not None else ""
    return _article(page, place, title, text, published=moment_in(page))


def _repeated(place: GithubPlace) -> set[str]:
    """Return the names of a release that only say its tag again."""
    tag = _letters(place.name)
    bare = tag.removeprefix("v")
    own = _letters(place.repository)
    return {"", tag, bare, *(f"{word}{each}" for word in (own, "release", "version") for each in (tag, bare))}


def _thread(page: HtmlPage, place: GithubPlace) -> Article | None:
    thread = thread_in(page)
    if not thread.title:
        return None
    title = f"{_spelled(page, place)}#{place.name}: {thread.title}"
    return _article(page, place, title, thread.text, author=thread.author, published=thread.opened)


def _gist(page: HtmlPage, place: GithubPlace) -> Article | None:
    files = page.tree.xpath("//strong[contains(@class, 'gist-blob-name')]")
    named = _words(files[0]) if files else ""
    described = _SHARED_BY_ALL.sub("", page.metas.get("og:title") or page.metas.get("og:description", ""))
    body = _set_text(page)
    text = markdown_text(body) if body is not None else _code(page)
    title = collapsed(described) or (first_heading(body) if body is not None else "") or named
    if not title or not text:
        return None
    return _article(page, place, title, text, published=moment_in(page))


def _set_text(page: HtmlPage) -> HtmlElement | None:
    """Return the text that GitHub has set: in the page, or since 2023 perhaps in its data only."""
    for body in page.tree.xpath(_SET):
        if body.text_content().strip():
            return body
    return fragment(first_of(embedded(page), "richText", str) or "")


def _plain_readme(page: HtmlPage) -> str:
    """Return a README that is no Markdown, which is shown as it was typed."""
    found = page.tree.xpath("//*[@id='readme']//pre")
    return "\n".join(filter(None, map(collapsed, found[0].text_content().split("\n\n")))) if found else ""


def _code(page: HtmlPage) -> str:
    """Return a file's lines, those of comments without their marks, so that they read as text."""
    raw = first_of(embedded(page), "rawLines", list)
    shown = raw or [line.text_content() for line in page.tree.xpath(_CODE_LINES)]
    lines = [str(line).strip() for line in shown[:_MOST_CODE_LINES]]
    bare = (
        re.sub(r"^(?:/\*+|\*+/?|//+|#+(?!\w|!)|\"\"\"|'''|<!--|--|;+|%+)\s*|\s*(?:\*/|-->|\"\"\")$", "", line)
        for line in lines
    )
    return "\n".join(line for line in bare if re.search(r"\w", line))


def _description(page: HtmlPage, place: GithubPlace) -> str:
    """Return the repository's one line about itself, without GitHub's words around it."""
    for title in (page.metas.get("og:title", ""), *map(_words, page.tree.xpath("//head/title"))):
        named = re.match(rf"(?:GitHub - )?{re.escape(place.full_name)}: (.+)", title, re.IGNORECASE)
        if named:
            return re.sub(r" · GitHub$", "", named[1])
    said = page.metas.get("og:description") or page.metas.get("description") or ""
    said = _FURNITURE.sub("", said)
    ending = re.search(rf"\s+-\s+{re.escape(place.full_name)}(?::.*)?$", said, re.IGNORECASE)
    return collapsed(said[: ending.start()] if ending else said)


def _spelled(page: HtmlPage, place: GithubPlace) -> str:
    """Return owner and repository in the letters that the page has them in."""
    for said in (page.metas.get("octolytics-dimension-repository_nwo", ""), page.metas.get("og:title", "")):
        found = re.search(rf"(?<![\w/.-]){re.escape(place.full_name)}(?![\w-])", said, re.IGNORECASE)
        if found:
            return found[0]
    return place.full_name


def _without_name(text: str, place: GithubPlace) -> str:
    """Drop a first line that is just the repository's name."""
    first, _, rest = text.partition("\n")
    return rest if _letters(first) in (_letters(place.repository), _letters(place.full_name)) else text


def _says(text: str, description: str) -> bool:
    """Tell whether a text says what the description does: most of its words, or all of its characters."""
    if _letters(description) in _letters(text):
        return True
    words = set(re.findall(r"[a-z0-9]{3,}|[\u3400-\u9fff]", description.lower()))
    there = set(re.findall(r"[a-z0-9]{3,}|[\u3400-\u9fff]", text.lower()))
    return bool(words) and len(words & there) >= 0.8 * len(words)


def _words(element: HtmlElement) -> str:
    return collapsed(element.text_content())


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
