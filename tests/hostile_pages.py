"""Pages made to hang, exhaust, crash or fool whoever reads them. Each is built when it is asked for."""

from collections.abc import Callable

from bot.reading.page import Page

WORDS = "The meter counts every joule that the board takes, and the board sleeps for a year. "
WECHAT = "https://mp.weixin.qq.com/s/sample"
ARXIV = "https://arxiv.org/abs/2005.09999"
GITHUB = "https://github.com/tiny-ears/kws"
SCRIPT = "<script>alert(1)</script>"


def page(body: bytes, url: str = "https://a.test/x", *, charset: str | None = None) -> Page:
    return Page(url, url, 200, "text/html", charset, body)


def html(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode("utf-8", "surrogatepass")


def article(words: str = WORDS * 20) -> str:
    return f"<article><h1>A year on a coin cell</h1><p>{words}</p></article>"


def table(rows: int) -> str:
    row = f"<tr>{'<td>1</td>' * 20}</tr>"
    return f"<table>{row * rows}</table>"


def attributes_with_tags_between(count: int = 100_000) -> bytes:
    """Attributes that take minutes to parse, on a tag that does not look long."""
    attributes = " ".join(f"a{n}=1" if n % 500 else f'a{n}="<"' for n in range(count))
    return html(f"<p {attributes}>x</p>")


def laughs() -> bytes:
    """A billion laughs: an entity that stands for ten of another, nine times over."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "lol">{entities}]>'
    return (declared + f"<html><body>{article()}<p>&l9;</p></body></html>").encode()


def scripts_in_every_field() -> bytes:
    """A page whose every field, and the text, holds a script."""
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;"
    metas = "".join(
        f'<meta property="{name}" content="{escaped} x"><meta name="{name}" content="{escaped} x">'
        for name in (
            "og:title",
            "og:site_name",
            "author",
            "article:author",
            "og:description",
            "twitter:title",
        )
    )
    dates = f'<meta property="article:published_time" content="2020-05-01{escaped}">'
    data = '{"@type": "Article", "headline": "%s", "author": {"name": "%s"}}' % (
        2 * (SCRIPT.replace("/", "\\/"),)
    )
    linked = (
        f'<script type="application/ld+json">{data}</script><link rel="canonical" href="javascript:alert(1)">'
    )
    return html(
        f"<h1>{escaped}</h1><article><p>{WORDS * 20}{escaped}</p></article>",
        f"<title>{escaped} y</title>{metas}{dates}{linked}",
    )


def huge_fields() -> bytes:
    """A title of a megabyte, five thousand authors, a source without end."""
    authors = "".join(f'<meta name="author" content="Author Number{n}">' for n in range(5000))
    metas = f'<meta property="og:title" content="{"Long " * 200_000}">'
    return html(article(), f'{metas}<meta property="og:site_name" content="{"x" * 500_000}">{authors}')


def wechat(script: str, content: str = "") -> bytes:
    head = '<meta property="og:title" content="题目">'
    return html(
        f'<div id="js_content" style="visibility: hidden">{content}</div><script>{script}</script>', head
    )


HOSTILE: dict[str, Callable[[], Page]] = {
    "ten megabytes of tags": lambda: page(b"<b>" * 3_300_000),
    "a hundred thousand nested elements": lambda: page(html("<div>" * 100_000 + WORDS)),
    "fifty thousand nested elements": lambda: page(html("<div>" * 50_000 + WORDS)),
    "forty thousand attributes": lambda: page(html(f"<p {' '.join(f'a{n}=1' for n in range(40_000))}>x</p>")),
    "attributes with tags between": lambda: page(attributes_with_tags_between()),
    "forty thousand paragraphs": lambda: page(html("<p>words</p>" * 40_000)),
    "paragraphs just below the bound": lambda: page(html("<p>some words" * 59_000)),
    "two hundred thousand line breaks": lambda: page(html("a<br>" * 200_000)),
    "a huge table": lambda: page(html(table(10_000))),
    "a table below the bound": lambda: page(html(table(1_300))),
    "a billion laughs": lambda: page(laughs()),
    "one endless line": lambda: page(html(f"<article><p>{WORDS * 20_000}</p></article>")),
    "one endless word": lambda: page(html(f"<article><p>{'a' * 3_000_000}</p></article>")),
    "a hundred thousand lines": lambda: page(
        html(f"<article><pre>{(WORDS + chr(10)) * 100_000}</pre></article>")
    ),
    "deep data": lambda: page(
        html(article(), f'<script type="application/ld+json">{"[" * 200_000}</script>')
    ),
    "tags that never end": lambda: page(b"<html><body>" + b"<script " * 50_000),
    "comments that never end": lambda: page(b"<html><body>" + b"<!-- " * 50_000),
    "a title of separators": lambda: page(html(article(), f"<title>{'- | _ ' * 100_000}</title>")),
    "an escape that never ends": lambda: page(wechat(f"title: JsDecode('{chr(92) * 1_000_001}"), WECHAT),
    "a string that never ends": lambda: page(
        wechat("content_noencode: JsDecode('" + "x" * 3_000_000), WECHAT
    ),
    "a hundred thousand fields": lambda: page(wechat("title: JsDecode('x'), " * 100_000), WECHAT),
    "a paper by twenty thousand": lambda: page(
        html(article(), '<meta name="citation_author" content="A, B">' * 20_000), ARXIV
    ),
    "a readme of headings": lambda: page(
        html(f'<article class="markdown-body">{"<h2>x</h2>" * 20_000}</article>'), GITHUB
    ),
    "scripts in every field": lambda: page(scripts_in_every_field()),
    "huge fields": lambda: page(huge_fields()),
    "zeros": lambda: page(b"\0" * 5_000_000),
    "half characters": lambda: page(html(article("\ud800 \udfff " + WORDS * 9))),
    "no byte-order mark": lambda: page(html(article()).decode().encode("utf-16-le")),
    "utf-7": lambda: page(html(article("+ADw-script+AD4-" * 99)), charset="utf-7"),
    "a label that is no character set": lambda: page(
        html(article("é")).decode().encode("latin-1"), charset="hex"
    ),
    "gb18030 that calls itself utf-8": lambda: page(
        html(article("电表数着每一焦耳，板子睡上一年。" * 30), '<meta charset="utf-8">')
        .decode()
        .encode("gb18030"),
        charset="utf-8",
    ),
    "a picture": lambda: page(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4000),
    "a broken pdf": lambda: page(b"%PDF-1.7\n" + bytes(range(256)) * 400),
    "a packed page": lambda: page(b"\x1f\x8b\x08" + bytes(range(256)) * 400),
}
