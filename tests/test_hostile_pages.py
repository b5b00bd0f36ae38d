"""Pages and servers that mean harm: each ends in a verdict within its limits, while others are read."""

import asyncio
import gzip
import json
import pickle
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.article import Article, Reading, article_from_text
from bot.reading.bounds import LONGEST_TEXT, bounded
from bot.reading.fetch import Fetcher, FetchFailedError, FetchLimits
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.verdict import Verdict, reason_of
from bot.reading.workers import ReadingWorkers, WorkFailedError
from bot.settling import as_json
from tests.hostile_pages import (
    ARXIV,
    GITHUB,
    HOSTILE,
    WECHAT,
    WORDS,
    article,
    attributes_with_tags_between,
    html,
    huge_fields,
    laughs,
    page,
    scripts_in_every_field,
)

PAGES = Path(__file__).parent / "pages"
SECONDS = 0.5
"""Of a hostile page in a worker here: those that must be killed take so long."""


@pytest.fixture
async def workers() -> AsyncIterator[ReadingWorkers]:
    workers = ReadingWorkers(processes=2, memory=1_000_000_000)
    yield workers
    await workers.close()


def sound(reading: Reading) -> None:
    """Check what the rest of the program takes for granted of any reading."""
    found = reading.article
    assert (found is not None) == (reading.verdict in (Verdict.FINE, Verdict.THIN))
    assert reading.reason == "" or reason_of(reading.reason) is not None
    assert pickle.loads(pickle.dumps(reading)) == reading
    json.dumps(as_json(reading, "https://a.test/", passing=False)).encode()
    if found is None:
        assert (reading.summary, reading.signature) == (None, b"")
        return
    fields = (found.title, found.source, *found.authors, *(value for _, value in found.lines))
    for field in (*fields, found.published or "", found.language):
        assert len(field) <= 1000
        assert field.encode() == field.strip().encode()
        assert not any(ord(sign) < 32 or sign in "\u202e\u2066\x7f" for sign in field)
        assert "<script" not in field.lower()
    assert len(found.authors) <= 50
    assert len(found.text) <= LONGEST_TEXT
    assert (found.text.encode() and "\0" not in found.text) or reading.verdict is Verdict.THIN
    for start, end in reading.summary.spans if reading.summary else ():
        assert 0 <= start < end <= len(found.text)


async def test_every_hostile_page_ends_in_a_verdict_while_others_are_read(workers: ReadingWorkers) -> None:
    good = page((PAGES / "blog_english.html").read_bytes())

    for name, made in HOSTILE.items():
        hostile = asyncio.create_task(workers.do(read_page, made(), seconds=SECONDS))
        assert (await workers.read(good)).verdict is Verdict.FINE, name
        try:
            sound(await hostile)
        except WorkFailedError as failed:
            assert failed.reason == "too-slow", name


async def test_two_pages_that_would_read_for_minutes_are_stopped_and_the_next_is_read() -> None:
    workers = ReadingWorkers(processes=2, seconds=SECONDS)
    bomb = page(attributes_with_tags_between())

    readings = await asyncio.gather(workers.read(bomb), workers.read(bomb))
    after = await workers.do(read_page, page(html(article())), seconds=60)
    await workers.close()

    assert {(reading.verdict, reading.reason) for reading in readings} == {(Verdict.TOO_SLOW, "reading-time")}
    assert after.verdict is Verdict.FINE


@pytest.mark.parametrize(
    "name",
    [
        *("ten megabytes of tags", "a hundred thousand nested elements", "forty thousand attributes"),
        *("forty thousand paragraphs", "two hundred thousand line breaks", "a huge table"),
    ],
)
def test_more_markup_than_can_be_parsed_is_seen_beforehand(name: str) -> None:
    assert read_page(HOSTILE[name]()).reason == "too-many-tags"


def test_an_entity_bomb_is_no_more_than_its_letters() -> None:
    reading = read_page(page(laughs()))

    assert reading.article is not None
    assert "lollol" not in reading.article.text


def test_a_script_in_a_field_is_its_words() -> None:
    reading = read_page(page(scripts_in_every_field()))

    sound(reading)
    assert reading.article is not None
    assert "alert(1)" in reading.article.title
    assert reading.article.published == "2020-05-01"
    assert reading.article.aliases == ()


def test_fields_without_end_are_cut() -> None:
    reading = read_page(page(huge_fields()))

    sound(reading)
    assert reading.article is not None
    assert len(reading.article.title) <= 300
    assert len(reading.article.source) <= 120


FIELD = st.text(
    st.sampled_from("a<>/ \u202e\x00\ud800\n…script") | st.characters(), max_size=60
) | st.sampled_from(
    [
        "<scr<b>ipt>x",
        "<script",
        "x" * 99_999,
        "<" * 9_999,
        "vector<int>",
        "\u202e",
        "2020-05-01",
        "http://[",
        "//",
    ]
)


@settings(deadline=None, max_examples=80)
@given(FIELD, FIELD, st.lists(FIELD, max_size=3), st.none() | FIELD, FIELD, FIELD)
def test_no_field_is_long_or_hides_anything(
    title: str, source: str, authors: list[str], published: str | None, text: str, address: str
) -> None:
    found = Article(
        url="https://a.test/",
        title=title,
        source=source,
        authors=tuple(authors),
        published=published,
        language=source,
        text=text,
        lines=(("title", title), ("link", address), ("code", address)),
        aliases=(address,),
    )

    sound(bounded(Reading(Verdict.FINE, "", found)))
    sound(bounded(Reading(Verdict.THIN, "short-text", found)))
    sound(bounded(Reading(Verdict.GONE, "deleted-by-author", found)))


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("A <b>bold</b> claim", "A bold claim"),
        ("Why vector<int> is a < b", "Why vector<int> is a < b"),
        ("<scr<b>ipt>alert(1)</scr<b>ipt>", "alert(1)"),
        ("moon\u202e.exe\x00", "moon.exe"),
        ("one\r\n\u2028two", "one two"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_a_title_is_one_line_of_words(said: str, title: str) -> None:
    found = bounded(
        Reading(Verdict.FINE, "", replace(article_from_text("https://a.test/", "", WORDS), title=said))
    )

    assert found.article is not None and found.article.title == title


def test_a_book_is_cut_at_the_end_of_a_line() -> None:
    said = "and it says nothing that was not said"
    body = "".join(f"<p>This is paragraph {number}, {said}.</p>" for number in range(4000))

    reading = read_page(page(html(f"<article>{body}</article>")))

    assert reading.article is not None
    assert LONGEST_TEXT - 200 < len(reading.article.text) <= LONGEST_TEXT
    assert reading.article.text.endswith("not said.")


def test_data_that_quotes_a_script_swallows_no_page() -> None:
    data = '<script type="application/ld+json">{"headline": "What <script> does"}</script>'

    reading = read_page(page(html(article(), data)))

    assert reading.article is not None and "joule" in reading.article.text


@pytest.mark.parametrize(
    "label", ["hex", "utf-7", "idna", "punycode", "unicode_escape", "undefined", "\x00", "é"]
)
def test_a_label_that_names_no_character_set_changes_nothing(label: str) -> None:
    body = html(article("Grüße aus dem Moor, wo die Uhren anders gehen. " * 9)).decode().encode("latin-1")

    reading = read_page(page(body, charset=label))

    assert reading.article is not None and "Grüße" in reading.article.text


async def test_reading_never_touches_the_network(workers: ReadingWorkers) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as server:
        near = f"http://{server.host}"
        entity = f'<!ENTITY x SYSTEM "{near}/entity">'
        declared = f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "{near}/dtd" [{entity}]>'
        included = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{near}/include"/>'
        head = (
            f'<base href="{near}/"><link rel="stylesheet" href="s.css"><link rel="canonical" href="{near}/c">'
            f'<meta http-equiv="refresh" content="0; url={near}/r"><script src="{near}/script"></script>'
        )
        body = f'{article()}&x;{included}<img src="{near}/image"><iframe src="{near}/frame"></iframe>'
        for url in (f"{near}/page", ARXIV, GITHUB, WECHAT):
            sound(await workers.read(page(declared.encode() + html(body, head), url)))

    assert server.asked == 0


# Servers


class RawServer:
    """A server that says these bytes to whoever asks, and then whatever `more` does."""

    def __init__(self, said: bytes, more: Callable[[asyncio.StreamWriter], Awaitable[None]] | None) -> None:
        self.said, self.more = said, more
        self.asked = 0
        self.host = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(self.said)
            await writer.drain()
            if self.more is not None:
                await self.more(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def raw_server(
    said: bytes, more: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None
) -> AsyncIterator[RawServer]:
    server = RawServer(said, more)
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.host = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()


async def fetched(server: RawServer, *, seconds: float = 1.0) -> Page | FetchFailedError:
    limits = FetchLimits(read_seconds=seconds / 2, total_seconds=seconds, body_bytes=300_000, redirects=3)
    fetcher = Fetcher(allowed_hosts={server.host}, limits=limits)
    try:
        return await fetcher.fetch(f"http://{server.host}/")
    except FetchFailedError as failed:
        return failed
    finally:
        await fetcher.close()


def answer(body: bytes = b"<p>hello</p>", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


BOMB = gzip.compress(b"\0" * 30_000_000)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (answer(b"<p>short", "Content-Length: 1000"), "unreadable"),
        (answer(b"<p>long</p>" + b"x" * 1000, "Content-Length: 11"), "unreadable"),
        (answer(b"<p>", "Content-Length: -1"), "unreadable"),
        (answer(b"<p>", "Content-Length: many"), "unreadable"),
        (answer(b"<p>", "Content-Length: 3", "Content-Length: 4"), "unreadable"),
        (answer(b"<p>", f"Content-Length: {10**30}"), "unreadable"),
        (answer(b"zz\r\n<p>", "Transfer-Encoding: chunked"), "unreadable"),
        (answer(b"ffffffffffffffff\r\n<p>", "Transfer-Encoding: chunked"), "unreadable"),
        (answer(BOMB, "Content-Encoding: gzip"), "too-big"),
        (answer(zlib.compress(b"\0" * 30_000_000), "Content-Encoding: deflate"), "too-big"),
        (answer(gzip.compress(BOMB), "Content-Encoding: gzip"), None),
        (answer(BOMB, "Content-Encoding: gzip, gzip"), "unreadable"),
        (answer(BOMB, "Content-Encoding: br"), "unreadable"),
        (answer(BOMB, "Content-Encoding: zstd"), "unreadable"),
        (answer(b"", "X: " + "x" * 200_000), "unreadable"),
        (answer(b"", *(f"X{n}: y" for n in range(20_000))), "unreadable"),
        (answer(b"", "Set-Cookie: \xff\xfe=\x01"), None),
        (answer(b"", status="999 what"), "unreadable"),
        (answer(b"", status="99999999 no"), "unreadable"),
        (answer(b"", "Location: http://\xff[\x00/", status="302 Found"), "unreadable"),
        (b"<p>no headers at all</p>", "unreadable"),
        (b"", "unreadable"),
        (b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\xfe"\r\n\r\n<p>x</p>', None),
    ],
)
async def test_a_lying_server_gives_a_page_or_a_verdict(said: bytes, verdict: str | None) -> None:
    async with raw_server(said) as server:
        found = await fetched(server)

    if isinstance(found, FetchFailedError):
        assert found.verdict == verdict
        assert reason_of(found.reason) is not None
    else:
        assert verdict is None
        sound(read_page(found))


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def pour(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x" * 60_000)
        await writer.drain()


async def hints(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("said", "more", "verdict"),
    [
        (answer(b""), drip, "too-slow"),
        (answer(b""), pour, "too-big"),
        (b"HTTP/1.1 200 OK\r\nX: ", drip, "too-slow"),
        (b"HTTP/1.1 200 OK\r\nX: ", pour, "unreadable"),
        (b"", hints, "too-slow"),
        (answer(b"", status="403 Forbidden"), drip, "too-slow"),
    ],
)
async def test_an_endless_server_is_left_while_another_answers(
    said: bytes, more: Callable[[asyncio.StreamWriter], Awaitable[None]], verdict: str
) -> None:
    async with raw_server(said, more) as endless, raw_server(answer()) as good:
        left, found = await asyncio.gather(fetched(endless), fetched(good, seconds=20))

    assert isinstance(left, FetchFailedError) and left.verdict == verdict
    assert isinstance(found, Page) and found.body == b"<p>hello</p>"


# Anything at all

SITES = st.sampled_from(["https://a.test/x", WECHAT, ARXIV, GITHUB, "https://arxiv.org/pdf/2005.09999"])
LABELS = st.sampled_from(
    [None, "utf-8", "gbk", "utf-16", "utf-7", "big5", "hex", "iso-2022-jp", "x-user-defined"]
)
SKELETONS = [(PAGES / name).read_bytes() for name in sorted(path.name for path in PAGES.glob("*.html"))]
PIECES = [
    *(
        b"<p>",
        b"</p>",
        b"<div",
        b"<table><tr><td>",
        b"</html>",
        b"<script>",
        b"</script>",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
    ),
    *(
        b"&#xD800;",
        b"&#0;",
        b"\xed\xa0\x80",
        b"\0",
        b"\xff\xfe",
        b"\xe2\x80\xae",
        b'"',
        b"'",
        b"<svg>",
        b"<plaintext>",
    ),
    *(
        b'<meta charset="utf-16">',
        b'<base href="//[">',
        b"<a href='http://['>",
        b"<time datetime='9999-99-99'>",
    ),
]


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=600), SITES, LABELS)
def test_any_bytes_give_a_sound_reading(body: bytes, url: str, label: str | None) -> None:
    sound(read_page(page(body, url, charset=label)))


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(SKELETONS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 400), st.sampled_from(PIECES)), max_size=12),
    SITES,
    LABELS,
)
def test_any_page_with_pieces_torn_out_and_put_in_gives_a_sound_reading(
    body: bytes, wounds: list[tuple[float, int, bytes]], url: str, label: str | None
) -> None:
    for place, gap, piece in wounds:
        at = int(place * len(body))
        body = body[:at] + piece + body[at + gap :]

    sound(read_page(page(body, url, charset=label)))
