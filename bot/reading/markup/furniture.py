"""What stands around an article on its page: teasers of others, blocks of recommendations, lines of links.

Extractors judge a block by its text, and a teaser's text is an article's. Its links give it away. Each rule
was kept only where it gained, or cost nothing, on both halves of 202 pages whose texts are known.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import deepcopy

from lxml.html import HtmlElement

from bot.reading.markup.html_page import collapsed

_HEADINGS = ("h2", "h3", "h4", "h5")
_NAMED = re.compile(
    r"recommend|recirc|related|more-?stories|next-?article|also-?like|read-?next|trending"
    r"|most-?(?:read|popular)|newsletter|outbrain|taboola",
    re.IGNORECASE,
)
"""Classes and ids by which page makers themselves call a block no part of the article."""
_BLOCKS = ("div", "section", "aside", "ul", "ol", "li")
_MOST_OF_PAGE = 0.6
"""A block with more of the page's text than this is the page, whatever its class says of it."""
_FEWEST_TEASERS = 3
_MOST_TEASERS = 1_000
"""A page with more is an index, and nothing else."""
_LONGEST_TEASER = 1_500
_SHORTEST_HEADLINE = 8
_LONGEST_LINE = 250
_LINKED_LINE = 0.7
_LINKED_ITEM = 0.95
"""Share of the letters that are links to the same site. Of 61 such paragraphs 10 % belonged to the article,
of 358 such list items 2 %."""
_LETTERS = re.compile(r"[^\W_]+")


def without_furniture(tree: HtmlElement, host: str) -> HtmlElement:
    """Return a copy of a page without what stands around its article."""
    article: HtmlElement = deepcopy(tree)
    site = _site(host)
    _cut_teasers(article, site)
    _cut_named_blocks(article)
    return article


def linked_lines(tree: HtmlElement, host: str) -> list[str]:
    """Return the lines that are a link to elsewhere on the site: "Related: …", "SEE ALSO …", a menu's items.

    They are left in the tree: extractors tell a menu by them.
    """
    site = _site(host)
    return [
        collapsed(line.text_content())
        for line in tree.iter("p", "li", *_HEADINGS)
        if _is_linked_line(line, site)
    ]


def _cut_teasers(tree: HtmlElement, site: str) -> None:
    """Cut three or more blocks side by side that each have one headline, a link within the site."""
    headlines = [heading for heading in tree.iter(*_HEADINGS) if _is_linked_headline(heading, site)]
    if not _FEWEST_TEASERS <= len(headlines) <= _MOST_TEASERS:
        return
    held = Counter(holder for headline in headlines for holder in _with_ancestors(headline))
    cards: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for headline in headlines:
        card = headline
        while (holder := card.getparent()) is not None and held[holder] == 1:
            card = holder
        if card is not headline and holder is not None:
            cards[holder].append(card)
    for side_by_side in cards.values():
        if len(side_by_side) >= _FEWEST_TEASERS:
            for card in side_by_side:
                if len(card.text_content()) <= _LONGEST_TEASER:
                    _cut(card)


def _is_linked_headline(heading: HtmlElement, site: str) -> bool:
    parent = heading.getparent()
    if parent is not None and parent.tag == "a":
        return _is_within(parent, site) and len(_letters(heading)) >= _SHORTEST_HEADLINE
    link = next(heading.iter("a"), None)
    if link is None or not _is_within(link, site):
        return False
    letters = len(_letters(heading))
    return letters >= _SHORTEST_HEADLINE and len(_letters(link)) >= 0.8 * letters


def _with_ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _cut_named_blocks(tree: HtmlElement) -> None:
    named = [
        block
        for block in tree.iter(*_BLOCKS)
        if block.attrib and _NAMED.search(f"{block.get('class', '')} {block.get('id', '')}")
    ]
    if not named:
        return
    most = _MOST_OF_PAGE * len(tree.text_content())
    cut: set[HtmlElement] = set()
    first_heading = next(tree.iter("h1"), None)
    keeping = set() if first_heading is None else set(first_heading.iterancestors())
    for block in named:
        if block in keeping or any(holder in cut for holder in block.iterancestors()):
            continue
        if len(block.text_content()) <= most:
            cut.add(block)
    for block in cut:
        _cut(block)


def _is_linked_line(line: HtmlElement, site: str) -> bool:
    links = list(line.iter("a"))
    if not links or (line.tag == "li" and next(line.iter("p", "ul", "ol"), None) is not None):
        return False
    letters = len(_letters(line))
    linked = sum(len(_letters(link)) for link in links)
    share = _LINKED_ITEM if line.tag == "li" else _LINKED_LINE
    return (
        0 < letters <= _LONGEST_LINE
        and linked >= share * letters
        and all(_is_within(link, site) for link in links)
    )


def _letters(element: HtmlElement) -> str:
    return "".join(_LETTERS.findall(collapsed(element.text_content())))


def _is_within(link: HtmlElement, site: str) -> bool:
    """Tell whether a link leads to another page of the same site."""
    address = (link.get("href") or "").strip()
    if "//" not in address[:8]:
        return bool(address) and not re.match(r"#|(?!https?:)[a-z]+:", address, re.IGNORECASE)
    host = re.split(r"[/?#:]", address.partition("//")[2], maxsplit=1)[0]
    return _site(host) == site


def _site(host: str) -> str:
    """Return a host's last two labels: enough to tell a site from others it links to."""
    return ".".join(host.lower().split(".")[-2:])


def _cut(element: HtmlElement) -> None:
    """Take an element out; the text after it stays."""
    holder = element.getparent()
    if holder is not None:
        element.drop_tree()
