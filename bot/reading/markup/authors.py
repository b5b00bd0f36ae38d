"""Who wrote an article: names only, out of what pages call an author."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.reading.markup.html_page import HtmlPage, collapsed

MOST_AUTHORS = 20
_LONGEST_NAME = 60
_MOST_WORDS = 6
_LONGEST_CHINESE_NAME = 20
"""Above these a name is a sentence. A name in the Western manner of more than six words was not met."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_BEFORE = re.compile(
    r"^(?:(?:written|posted|published|reported|edited|interview|text|story|words?|article|artikel)\s+)?"
    r"(?:by|von|par|por|di|door)\b[\s:：]+"
    r"|^(?:authors?|auteure?s?|autore?n?|autorin|written|text|texte|interview)\b\s*[:：/|]?\s+"
    r"|^(?:作者|撰文|撰稿|原创|文|编译|编辑|责任编辑|责编|选稿|记者|采写|整理|翻译|译者?|来源)"
    r"\s*(?:[:：/|｜丨∣]|\s)\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:[-–|·,]\s*)?(?:\bfollow(?:ing)?|\bsays|\bwrites|关注(?:他|她|作者)?|已关注"
    r"|\bView (?:all )?(?:posts|profile)\b.*)\s*[:：]?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\S+@\S+|\b(?:https?://|www[. ])\S*|\b[\w-]+\.(?:com|net|org|de|cn|io|fr|uk)\b/?\S*", re.IGNORECASE
)
_BRACKETED = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_SEVERAL = re.compile(r"\s*[;；、|｜\n]\s*|\s*[,，]\s*(?![JS]r\b)|\s+(?:and|und|et|&)\s+|\s*[/／]\s*")
_SENTENCE = re.compile(r"[。！？!?…]|\.\s+\w+\s+\w+\s+\w+")
_NOBODY = re.compile(
    r"admin(?:istrator)?|author|autor|anonymous|guest|root|webmaster|user|editor(?:ial)?s?|editorial team"
    r"|redaktion|redacci[oó]n|staff|unknown|unbenannt|untitled|datum|date|none|null|undefined|n/?a|human|匿名用户|匿名|佚名|未知|小编|编辑|作者|管理员|字号|时间|日期|来源|分享",
    re.IGNORECASE,
)


_COMPANY = re.compile(
    r"\b(?:GmbH|mbH|Inc|Ltd|LLC|e\.? ?V)\b|(?:有限公司|编辑部|編集部|下载|更新|关注|登录)", re.IGNORECASE
)
"""A legal form marks who runs the site, not who writes; the rest are buttons beside a name."""
_BYLINES = (
    "//*[@rel='author' or @itemprop='author']"
    " | //*[contains(concat(' ', @class, ' '), ' vcard ') and contains(@class, 'author')]"
    " | //byline | //*[@class='byline' or @class='author' or @class='author-name']"
)
"""Where pages put the writer's name, by the microformats, and by the two classes that mean nothing else."""
_SAID = re.compile(
    r"(?:作者|撰文|撰稿|文)\s*[:：/|｜丨]\s*(?P<chinese>[\w·• 、,，&]{2,30})"
    r"|(?:Written by|By|Autor(?:in)?:|Auteur\s?:|Von|Author:)\s+"
    r"(?P<western>[^\W\d_][\w.'-]+(?: (?:[A-Z]\.|v\.|von|van|de|der|[A-Z][\w'-]+)){1,4})"
)
"""A line that is a byline and nothing else."""
_LONGEST_BYLINE = 80
_SMALL = "//p | //span | //em | //i | //address | //small | //h5 | //h6 | //div[not(*)]"
_READ_FOR_BYLINES = 400
"""Small elements from the top among which a byline stands."""


def authors_of(page: HtmlPage, found: str | None, source: str | None) -> tuple[str, ...]:
    """Return the writers: those that a generic reader found ("A; B"), or else those of the page's byline.

    The site's own name, and its host taken for a name ("Finanztreff De"), are no writers.
    """
    labels = page.host.split(".")
    site = {_folded("".join(labels[start:])) for start in range(len(labels))}
    for written in ([found or ""], _marked(page), _said(page)):
        names = clean_authors(written, source=source or "")
        if kept := tuple(name for name in names if _folded(re.sub(r"[\W_]", "", name)) not in site):
            return kept
    return ()


def _marked(page: HtmlPage) -> list[str]:
    """Return what the first of the page's elements for a writer says. Those below belong to comments."""
    elements = page.tree.xpath(f"({_BYLINES})[not(ancestor-or-self::*[contains(@class, 'comment')])]")
    words = (collapsed(element.text_content()) for element in elements)
    return [said for said in words if 0 < len(said) <= _LONGEST_BYLINE][:1]


def _said(page: HtmlPage) -> Iterator[str]:
    """Yield the first byline among the page's small elements."""
    for element in page.tree.xpath(_SMALL)[:_READ_FOR_BYLINES]:
        line = collapsed(element.text_content())
        if len(line) <= _LONGEST_BYLINE and (found := _SAID.fullmatch(line)):
            yield found["chinese"] or found["western"]
            return


def clean_authors(written: Iterable[str], *, source: str = "") -> tuple[str, ...]:
    """Return the names in what a page says of its authors, each once, the site itself left out.

    At most MOST_AUTHORS. What is no name (a sentence, an address, "admin") falls out.
    """
    names = (_name(part) for said in written for part in _SEVERAL.split(_trimmed(said)))
    others = (name for name in names if name and _folded(name) != _folded(source))
    seen: dict[str, str] = {}
    for name in others:
        seen.setdefault(_folded(name), name)
    return tuple(seen.values())[:MOST_AUTHORS]


def _trimmed(said: str) -> str:
    text = " ".join(_ADDRESS.sub(" ", said[:2000]).split())
    return _BEFORE.sub("", text)


def _name(part: str) -> str:
    """Return one name; empty where it is none."""
    name = _BRACKETED.sub("", _AFTER.sub("", _BEFORE.sub("", part.strip(" \t,，.。:：-–—·*'\"“”"))))
    name = name.strip(" \t,，:：-–—·*'\"“”")
    is_chinese = _HAN.match(name) is not None
    if is_chinese:  # has no spaces; what follows one is "关注", "来自甘肃", or the page's code for him
        name = name.split(" ")[0]
    longest = _LONGEST_CHINESE_NAME if is_chinese else _LONGEST_NAME
    if not any(map(str.isalpha, name)) or len(name) > longest or len(name.split()) > _MOST_WORDS:
        return ""
    return "" if _SENTENCE.search(name) or _NOBODY.fullmatch(name) or _COMPANY.search(name) else name


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
