"""A real Chromium, and people who sit before it."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.pages.allowance import Allowance
from storage.people_records import Role
from tests.web_desk import WebDesk, new_file, web_desk

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)

PATIENCE = 30_000  # milliseconds that a test waits for what must come

Enter = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
        expect.set_options(timeout=PATIENCE)
        program = found or playwright.chromium.executable_path
        if not Path(program).exists():
            pytest.skip("no Chromium: install one, or set CHROMIUM to its path")
        browser = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path, migrated_file: Path) -> AsyncIterator[WebDesk]:
    async with web_desk(new_file(tmp_path, migrated_file)) as opened:
        opened.front.allowance = Allowance(lambda: 0.0, burst=1000)
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def complaints() -> AsyncIterator[list[str]]:
    """What browsers complained of: errors in the console, broken policies, requests to other hosts."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest_asyncio.fixture(loop_scope="session")
async def enter(chromium: Browser, desk: WebDesk, complaints: list[str]) -> AsyncIterator[Enter]:
    """Let somebody into the room with a browser of their own."""
    contexts = []

    async def enter(name: str, role: Role = Role.CURATOR, **options: Any) -> Page:
        context = await chromium.new_context(**({"viewport": {"width": 1000, "height": 700}} | options))
        contexts.append(context)
        cookies = desk.cookie(await desk.person(name, role))
        await context.add_cookies(
            [{"name": key, "value": value, "url": desk.address} for key, value in cookies.items()]
        )
        page = await context.new_page()
        listen(page, desk, complaints)
        await page.goto(desk.address)
        await expect(page.locator("#here")).not_to_be_empty()
        return page

    yield enter
    for context in contexts:
        await context.close()


def listen(page: Page, desk: WebDesk, complaints: list[str]) -> None:
    """Write down everything that ought not to happen in a page."""
    page.set_default_timeout(PATIENCE)
    page.on(
        "console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(desk.address) else complaints.append(request.url),
    )
