"""Addresses that must be refused, asked of the fetcher; no connection leaves the machine."""

import asyncio
import ipaddress
import json
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from benchmarks.reading_bar import Bar, print_bars
from bot.reading.fetch import Fetcher, FetchFailedError, FetchLimits
from bot.reading.verdict import Verdict


class _Loopback(AbstractResolver):
    """Resolves each name to this machine, as a hostile one may."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


def rows(shared: Path) -> Iterator[Bar]:
    """Yield how many addresses the guard lets through, beside a check of the host's name."""
    urls = json.loads((shared / "data" / "ssrf" / "urls.json").read_text(encoding="utf-8"))
    leaks = asyncio.run(_leaks(urls))
    by_name = sum(_passes_by_name(url) for url in urls)
    yield Bar(
        f"addresses that leak through the fetch guard ({len(urls)})",
        f"check of the host's name {by_name}",
        str(leaks),
        "0",
        leaks == 0,
    )


async def _leaks(urls: Sequence[str]) -> int:
    fetcher = Fetcher(limits=FetchLimits(total_seconds=5), resolver=_Loopback())
    try:
        return sum([await _passes(fetcher, url) for url in urls])
    finally:
        await fetcher.close()


async def _passes(fetcher: Fetcher, url: str) -> bool:
    try:
        await fetcher.fetch(url)
    except FetchFailedError as failed:
        return failed.verdict is not Verdict.BLOCKED
    return True


def _passes_by_name(url: str) -> bool:
    """Tell whether the host would be let through by what Python calls a global address, names unresolved."""
    parts = urlsplit(url)
    try:
        return ipaddress.ip_address(parts.hostname or "").is_global
    except ValueError:
        return parts.scheme in ("http", "https") and bool(parts.hostname)


if __name__ == "__main__":
    print_bars(rows(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
