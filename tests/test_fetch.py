"""Fetching from servers that are slow, endless, packed, lying or gone."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.reading.fetch import Fetcher, FetchFailedError, FetchLimits
from bot.reading.fetching.decompression import CappedBody, TooBigError, UnknownEncodingError
from bot.reading.fetching.robots import RobotsRules
from bot.reading.verdict import Verdict

HTML = {"Content-Type": "text/html; charset=gbk"}
CAP = 300_000
Site = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Web:
    """A site on this machine that answers with what a test gives it, and a fetcher that may read it."""

    def __init__(self) -> None:
        self.seen: list[web.Request] = []
        self.answer: Site = self._hello
        self.host = ""
        self.fetcher = Fetcher()

    async def _hello(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=b"<p>hello</p>", headers=HTML)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        return await self.answer(request)

    def answers(self, status: int = 200, body: bytes = b"<p>hello</p>", **headers: str) -> None:
        named = {"Content-Type": "text/html"} | {k.replace("_", "-"): v for k, v in headers.items()}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers=named)

        self.answer = answer

    async def failure(self, path: str = "/") -> FetchFailedError:
        with pytest.raises(FetchFailedError) as failed:
            await self.fetcher.fetch(f"http://{self.host}{path}")
        return failed.value


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    site = Web()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    site.host = f"127.0.0.1:{listening.name.rpartition(':')[2]}"
    limits = FetchLimits(read_seconds=0.5, total_seconds=1.5, body_bytes=CAP, redirects=3)
    site.fetcher = Fetcher(allowed_hosts={site.host}, limits=limits)
    yield site
    await site.fetcher.close()
    await runner.cleanup()


async def test_a_page_comes_back_with_what_the_server_said(site: Web) -> None:
    page = await site.fetcher.fetch(f"http://{site.host}/a?b=c")

    assert (page.body, page.status, page.content_type, page.charset) == (
        b"<p>hello</p>",
        200,
        "text/html",
        "gbk",
    )
    assert page.final_url == page.url == f"http://{site.host}/a?b=c"


@pytest.mark.parametrize(
    ("status", "verdict", "passing"),
    [
        *(
            (404, "gone", False),
            (410, "gone", False),
            (401, "login", False),
            (402, "login", False),
            (403, "blocked", False),
        ),
        *((451, "blocked", False), (429, "blocked", True), (500, "unreadable", True)),
        *((503, "unreadable", True), (400, "unreadable", False), (304, "unreadable", False)),
    ],
)
async def test_a_status_says_whether_to_try_again(
    site: Web, status: int, verdict: str, passing: bool
) -> None:
    site.answers(status=status, body=b"")

    failure = await site.failure()

    assert (failure.verdict, failure.reason, failure.passing) == (verdict, f"http-{status}", passing)


@pytest.mark.parametrize(
    ("media_type", "reason"),
    [("application/octet-stream", "media-type"), ("image/png", "media-type"), ("video/mp4", "media-type")],
)
async def test_what_is_no_page_is_no_article(site: Web, media_type: str, reason: str) -> None:
    site.answers(Content_Type=media_type)

    failure = await site.failure()

    assert (failure.verdict, failure.reason) == (Verdict.NOT_ARTICLE, reason)


async def test_without_a_media_type_bytes_that_are_no_text_are_no_article(site: Web) -> None:
    site.answers(body=b"\x7fELF\0\0\0", Content_Type="")

    assert (await site.failure()).verdict == "not-article"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/paper", "application/pdf"),
        ("/paper", ""),
        ("/paper", "text/html"),
        ("/paper.PDF", "application/octet-stream"),
    ],
)
async def test_a_pdf_is_known_by_its_bytes(site: Web, path: str, media_type: str) -> None:
    site.answers(body=b"%PDF-1.7 ...", Content_Type=media_type)

    page = await site.fetcher.fetch(f"http://{site.host}{path}")

    assert page.content_type == "application/pdf"


async def test_a_file_that_only_claims_to_be_a_pdf_is_read_as_what_it_is(site: Web) -> None:
    site.answers(body=b"<p>Sign in to see the paper</p>", Content_Type="application/octet-stream")

    page = await site.fetcher.fetch(f"http://{site.host}/paper.pdf")

    assert page.content_type == "text/html"


async def test_redirects_are_followed_and_counted(site: Web) -> None:
    async def hops(request: web.Request) -> web.StreamResponse:
        left = int(request.query["left"])
        if left:
            return web.Response(status=302, headers={"Location": f"?left={left - 1}"})
        return web.Response(body=b"<p>there</p>", headers=HTML)

    site.answer = hops

    page = await site.fetcher.fetch(f"http://{site.host}/?left=3")
    failure = await site.failure("/?left=4")

    assert page.final_url.endswith("?left=0")
    assert failure.reason == "too-many-redirects"


@pytest.mark.parametrize("location", ["http://", "http://[", "ftp://a.test/", "file:///etc/passwd", ""])
async def test_a_redirect_to_nowhere_is_an_answer_too(site: Web, location: str) -> None:
    site.answers(status=302, Location=location)

    assert not (await site.failure()).passing


async def test_no_cookie_comes_back(site: Web) -> None:
    site.answers(Set_Cookie="who=me; Path=/")

    await site.fetcher.fetch(f"http://{site.host}/1")
    await site.fetcher.fetch(f"http://{site.host}/2")

    assert all("Cookie" not in request.headers for request in site.seen)


async def test_a_password_in_a_link_is_not_sent(site: Web) -> None:
    await site.fetcher.fetch(f"http://ann:secret@{site.host}/")

    assert "Authorization" not in site.seen[0].headers


async def test_packed_pages_are_unpacked(site: Web) -> None:
    site.answers(body=gzip.compress(b"<p>packed</p>"), Content_Encoding="gzip")

    page = await site.fetcher.fetch(f"http://{site.host}/")

    assert page.body == b"<p>packed</p>"


async def test_a_decompression_bomb_is_too_big(site: Web) -> None:
    site.answers(body=gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")

    assert (await site.failure()).verdict is Verdict.TOO_BIG


async def test_a_long_body_is_too_big_whether_announced_or_not(site: Web) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers=HTML)
        await stream.prepare(request)
        for _ in range(1000):
            await stream.write(b"x" * 10_000)
        return stream

    site.answers(body=b"x" * (CAP + 1))
    announced = await site.failure()
    site.answer = endless
    unannounced = await site.failure()

    assert (announced.verdict, unannounced.verdict) == (Verdict.TOO_BIG, Verdict.TOO_BIG)


async def test_a_server_that_drips_is_too_slow(site: Web) -> None:
    async def drips(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers=HTML)
        await stream.prepare(request)
        for _ in range(1000):
            await stream.write(b"x")
            await asyncio.sleep(0.1)
        return stream

    site.answer = drips

    failure = await site.failure()

    assert (failure.verdict, failure.passing) == (Verdict.TOO_SLOW, True)


async def test_a_silent_server_is_too_slow(site: Web) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    site.answer = silent

    failure = await site.failure()

    assert (failure.verdict, failure.passing) == (Verdict.TOO_SLOW, True)


@pytest.mark.parametrize(
    ("status", "body", "headers", "verdict"),
    [
        (403, b"<title>Just a moment...</title>", {}, "verification"),
        (503, b"<script>window._cf_chl_opt = {}</script>", {}, "verification"),
        (403, b"", {"cf_mitigated": "challenge"}, "verification"),
        (403, "环境异常，完成验证后即可继续访问".encode(), {}, "verification"),
        (
            403,
            gzip.compress(b"Please verify you are human", mtime=0),
            {"Content_Encoding": "gzip"},
            "verification",
        ),
        (403, b"not packed at all", {"Content_Encoding": "gzip"}, "blocked"),
        (403, b"x" * 200_000 + b"Just a moment...", {}, "blocked"),
        (403, b"<h1>Forbidden</h1>", {}, "blocked"),
        (404, b"<title>Just a moment...</title>", {}, "gone"),
    ],
)
async def test_a_refusal_that_asks_for_a_person_is_told_from_others(
    site: Web, status: int, body: bytes, headers: dict[str, str], verdict: str
) -> None:
    site.answers(status=status, body=body, **headers)

    assert (await site.failure()).verdict == verdict


def asking_robots(site: Web) -> Fetcher:
    return Fetcher(allowed_hosts={site.host}, robots=True)


async def test_robots_txt_is_asked_once_a_day_where_the_newsletter_wants_it(site: Web) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: copydesk\nDisallow: /private\n\nUser-agent: *\nDisallow: /")
        return web.Response(body=b"<p>hello</p>", headers=HTML)

    site.answer = answer
    asking = asking_robots(site)

    page = await asking.fetch(f"http://{site.host}/public")
    with pytest.raises(FetchFailedError) as refused:
        await asking.fetch(f"http://{site.host}/private/1")
    await asking.close()
    unasked = await site.fetcher.fetch(f"http://{site.host}/private/1")

    assert (refused.value.verdict, refused.value.reason) == (Verdict.BLOCKED, "robots")
    assert page.body == unasked.body == b"<p>hello</p>"
    assert [request.path for request in site.seen].count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("status", "robots"),
    [(404, b"Disallow: /"), (500, b""), (200, b"User-agent: *\nDisallow: //["), (200, b"\xff\0" * 600_000)],
)
async def test_a_robots_txt_that_cannot_be_had_allows_everything(
    site: Web, status: int, robots: bytes
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/robots.txt":
            return web.Response(status=status, body=robots)
        return web.Response(body=b"<p>hello</p>", headers=HTML)

    site.answer = answer
    asking = asking_robots(site)

    page = await asking.fetch(f"http://{site.host}/page")
    await asking.close()

    assert page.body == b"<p>hello</p>"


async def test_what_robots_txt_said_is_forgotten_after_a_day() -> None:
    now = 0.0
    said = [b"User-agent: *\nDisallow: /", b""]

    async def fetch(url: str) -> bytes:
        assert url == "https://a.test/robots.txt"
        return said.pop(0)

    rules = RobotsRules(fetch, clock=lambda: now)
    page = URL("https://a.test/x?y")

    assert not await rules.allow(page)
    now = 86_399.0
    assert not await rules.allow(page)
    now = 86_400.0
    assert await rules.allow(page)


async def test_bare_deflate_is_unpacked_too(site: Web) -> None:
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    site.answers(body=bare.compress(b"<p>bare</p>") + bare.flush(), Content_Encoding="deflate")

    assert (await site.fetcher.fetch(f"http://{site.host}/")).body == b"<p>bare</p>"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip"])
async def test_a_body_that_does_not_unpack_is_unreadable(site: Web, encoding: str) -> None:
    site.answers(body=b"not packed at all", Content_Encoding=encoding)

    assert (await site.failure()).verdict is Verdict.UNREADABLE


async def test_a_refused_connection_may_pass(site: Web) -> None:
    closed = "127.0.0.1:1"
    fetcher = Fetcher(allowed_hosts={closed})

    with pytest.raises(FetchFailedError) as failed:
        await fetcher.fetch(f"http://{closed}/")
    await fetcher.close()

    assert failed.value.passing


@given(st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(["", "gzip", "deflate"]))
def test_a_body_comes_out_as_it_went_in(body: bytes, piece: int, encoding: str) -> None:
    packed = {"": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body)}[encoding]
    collected = CappedBody(encoding, cap=10_000)

    for start in range(0, len(packed), piece):
        collected.add(packed[start : start + piece])

    assert collected.whole() == body


@given(st.lists(st.binary(max_size=50), max_size=20), st.sampled_from(["", "gzip", "deflate"]))
def test_any_bytes_end_within_the_cap(chunks: list[bytes], encoding: str) -> None:
    collected = CappedBody(encoding, cap=100)

    try:
        for chunk in chunks:
            collected.add(chunk)
    except (TooBigError, UnknownEncodingError):
        return

    assert len(collected.whole()) <= 100
