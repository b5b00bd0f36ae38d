"""An issue in every format, on real pages in a real Chromium; the issue stands in a real repository."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.issue_shelf import IssueShelf
from bot.pages.issue_pages import kinds
from bot.reading.workers import ReadingWorkers
from tests.browser.conftest import listen
from tests.publishing import PublishingDesk, config_of
from tests.web_desk import WebDesk

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOWN_AS = {"pdf": "application/pdf"} | dict.fromkeys(
    ("site", "email", "wechat", "telegram", "discord"), "text/html"
)
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)> 量化"


@pytest_asyncio.fixture(loop_scope="session")
async def publishing(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path)).open()
    for number, title in enumerate(("TFRT：全新的运行时", HOSTILE, "Arm Compute Library"), 1):
        await desk.pitch(
            "lin",
            f"https://site.test/{number}",
            section="news",
            title=title,
            source="某号",
            summary="一句话。" * 9,
        )
    await desk.say("editor", "/publish 2020-05-15")
    yield desk
    await desk.close()


@pytest_asyncio.fixture(loop_scope="session")
async def web(publishing: PublishingDesk) -> AsyncIterator[WebDesk]:
    workers = ReadingWorkers(processes=1)
    desk = WebDesk(publishing.database, shelf=IssueShelf(publishing.press, workers))
    await desk.open()
    yield desk
    await desk.close()
    await workers.close()


@pytest_asyncio.fixture(loop_scope="session")
async def ada(chromium: Browser, web: WebDesk, complaints: list[str]) -> AsyncIterator[Page]:
    """Ada before a phone, signed in."""
    # without "null" the look is made up for every frame, whatever its page says
    context = await chromium.new_context(viewport={"width": 390, "height": 800}, color_scheme="null")
    cookies = web.cookie(await web.person("Ada"))
    await context.add_cookies([{"name": k, "value": v, "url": web.address} for k, v in cookies.items()])
    page = await context.new_page()
    listen(page, web, complaints)
    yield page
    await context.close()


async def is_wider_than_the_screen(page: Page) -> bool:
    wider: bool = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wider


async def test_the_keyboard_leads_from_the_issues_to_each_format(ada: Page, web: WebDesk) -> None:
    await ada.goto(f"{web.address}/issues")
    await expect(ada.get_by_text("embedded-ai-report/2020-05-15.md")).to_be_visible()
    await ada.get_by_role("link", name="2020-05-15").focus()
    await ada.keyboard.press("Enter")

    for kind in kinds():
        name = web.front.text(f"outputs.{kind}")
        formats = ada.get_by_role("navigation", name="Formats")
        await formats.get_by_role("link", name=name, exact=True).focus()
        await ada.keyboard.press("Enter")
        await expect(ada.get_by_role("region", name=name, exact=True)).to_be_visible()
        assert not await is_wider_than_the_screen(ada)


async def test_what_runs_in_an_issue_does_not_run_in_its_frame(ada: Page, web: WebDesk) -> None:
    await ada.goto(f"{web.address}/issues/1?show=email")
    frame = ada.frame_locator("iframe")
    await expect(frame.get_by_text("TFRT").first).to_be_visible()
    await expect(frame.get_by_text("onerror").first).to_be_visible()

    assert await ada.locator("iframe").get_attribute("sandbox") == ""
    [inner] = [one for one in ada.frames if one != ada.main_frame]
    assert await inner.evaluate("window.origin") == "null"


async def test_an_e_mail_is_seen_in_light_and_in_dark(ada: Page, web: WebDesk) -> None:
    looks = []
    for look in ("light", "dark"):
        await ada.goto(f"{web.address}/issues/next?show=email&look={look}")
        await expect(ada.frame_locator("iframe").get_by_text("TFRT").first).to_be_visible()
        [inner] = [one for one in ada.frames if one != ada.main_frame]
        looks.append(await inner.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))

    assert looks == [False, True]


async def test_a_stranger_sees_no_issue(publishing: PublishingDesk, web: WebDesk) -> None:
    async with aiohttp.ClientSession() as nobody:
        for path in ("/issues", "/issues/1", "/issues/next", "/issues/1/email/1", "/issues/1/text/1/file"):
            async with nobody.get(web.address + path) as answer:
                assert answer.status == 401
                assert "TFRT" not in await answer.text()


async def test_a_format_opened_by_itself_is_a_sandbox_too(publishing: PublishingDesk, web: WebDesk) -> None:
    cookies = web.cookie(await web.person("Ben"))
    async with aiohttp.ClientSession(cookies=cookies, cookie_jar=aiohttp.CookieJar(unsafe=True)) as ben:
        async with ben.get(f"{web.address}/issues/1/email/1") as framed:
            policy = framed.headers["Content-Security-Policy"]
            assert policy.startswith("sandbox; default-src 'none'")
            assert "script" not in policy
        for kind in kinds():
            async with ben.get(f"{web.address}/issues/1/{kind}/1") as shown:
                policy = shown.headers["Content-Security-Policy"]
                assert (shown.status, shown.content_type) == (200, SHOWN_AS.get(kind, "text/plain")), kind
                assert "default-src 'none'" in policy and "script" not in policy
                assert policy.startswith("sandbox") or kind == "pdf"
                assert shown.headers["X-Content-Type-Options"] == "nosniff"
            async with ben.get(f"{web.address}/issues/1/{kind}/1/file") as file:
                assert (file.status, file.content_type) == (
                    200,
                    "application/pdf" if kind == "pdf" else "text/plain",
                )
                assert file.headers["Content-Disposition"].startswith("attachment")
        async with ben.get(f"{web.address}/issues/1/email/1/file") as file:
            assert file.headers["Content-Disposition"].startswith("attachment")
            assert file.content_type == "text/plain"
        for path in ("/issues/99", "/issues/1?show=virus", "/issues/1/virus/1", "/issues/1/email/9"):
            async with ben.get(web.address + path) as missing:
                assert missing.status == 404
