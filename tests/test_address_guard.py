"""No spelling of a private address gets past the guard, whatever the literal or the resolver says."""

import ipaddress
import json
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.fetch import Fetcher, FetchFailedError, FetchLimits
from bot.reading.fetching.address_guard import BlockedAddressError, is_public, open_public_socket
from bot.reading.verdict import Verdict

SHARED_URLS = Path(__file__).parents[1].parent / "shared" / "data" / "ssrf" / "urls.json"

NOT_PUBLIC = re.findall(
    r"\S+",
    """
    0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.192 192.0.2.1
    192.88.99.1 192.168.1.1 198.18.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::7f00:1
    2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1 5f00::1 fc00::1 fd00::1 fe80::1 fe80::1%lo fec0::1 ff02::1
""",
)
PUBLIC = ["8.8.8.8", "1.1.1.1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::1111"]

SPELLINGS = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://localhost:{port}/",
    "http://localhost.:{port}/",
    "http://LOCALHOST:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://ⓛocalhost:{port}/",
    "http://user:pw@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.com",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://inside.test:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
]


class StubResolver(AbstractResolver):
    """Stands in for the web's name servers: answers every name with the next of these addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._addresses[self.asked % len(self._addresses)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None: ...


@pytest.fixture
async def secret_port() -> AsyncIterator[int]:
    """A server inside our own network, and a redirect to wherever one asks."""

    async def secret(_: web.Request) -> web.Response:
        return web.Response(text="SECRET")

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    app = web.Application()
    app.router.add_get("/", secret)
    app.router.add_get("/to", elsewhere)
    runner = web.AppRunner(app)
    await runner.setup()
    first = web.TCPSite(runner, "127.0.0.1", 0)
    await first.start()
    port = int(first.name.rpartition(":")[2])
    yield port
    await runner.cleanup()


async def outcome(fetcher: Fetcher, url: str) -> Verdict:
    try:
        page = await fetcher.fetch(url)
    except FetchFailedError as failure:
        return failure.verdict
    pytest.fail(f"{url} gave {page.body!r}")


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_the_public_internets_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_its_ipv6_disguise(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


def test_only_web_ports_are_connected() -> None:
    with pytest.raises(BlockedAddressError):
        open_public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 6379)))
    open_public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))).close()


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_of_an_inside_address_is_fetched(spelling: str, secret_port: int) -> None:
    fetcher = Fetcher(limits=FetchLimits(total_seconds=5), resolver=StubResolver("127.0.0.1"))

    verdict = await outcome(fetcher, spelling.format(port=secret_port))
    await fetcher.close()

    assert verdict is Verdict.BLOCKED


@pytest.mark.parametrize("target", SPELLINGS)
async def test_no_redirect_leads_inside(target: str, secret_port: int) -> None:
    here = f"desk.test:{secret_port}"
    fetcher = Fetcher(
        allowed_hosts={here}, limits=FetchLimits(total_seconds=5), resolver=StubResolver("127.0.0.1")
    )

    verdict = await outcome(fetcher, f"http://{here}/to?to={target.format(port=secret_port)}")
    await fetcher.close()

    assert verdict is Verdict.BLOCKED


async def test_a_name_that_resolves_differently_the_second_time_is_refused() -> None:
    resolver = StubResolver("192.168.7.7", "127.0.0.1")
    fetcher = Fetcher(resolver=resolver, limits=FetchLimits(total_seconds=5))

    verdicts = [await outcome(fetcher, f"http://rebinding{turn}.test/") for turn in range(4)]
    await fetcher.close()

    assert verdicts == [Verdict.BLOCKED] * 4
    assert resolver.asked == 4


async def test_a_host_is_allowed_by_its_own_name_only(secret_port: int) -> None:
    fetcher = Fetcher(allowed_hosts={f"desk.test:{secret_port}"}, resolver=StubResolver("127.0.0.1"))

    page = await fetcher.fetch(f"http://desk.test:{secret_port}/")
    verdict = await outcome(fetcher, f"http://other.test:{secret_port}/")
    await fetcher.close()

    assert page.body == b"SECRET"
    assert verdict is Verdict.BLOCKED


async def test_a_proxy_in_the_environment_is_not_used(
    secret_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{secret_port}")
    fetcher = Fetcher(limits=FetchLimits(total_seconds=5))

    verdict = await outcome(fetcher, "http://169.254.169.254/")
    await fetcher.close()

    assert verdict is Verdict.BLOCKED


async def test_every_shared_address_is_refused() -> None:
    if not SHARED_URLS.exists():
        pytest.skip("the shared addresses are not here")
    fetcher = Fetcher(limits=FetchLimits(total_seconds=5), resolver=StubResolver("127.0.0.1"))

    for url in json.loads(SHARED_URLS.read_text()):
        assert await outcome(fetcher, url) is Verdict.BLOCKED, url
    await fetcher.close()
