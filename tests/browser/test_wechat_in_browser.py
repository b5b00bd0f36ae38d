"""An issue copied from its page as rich text, in a real Chromium with a real clipboard."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from renderers.issue_view import IssueView
from renderers.outputs.wechat import articles
from tests.browser.conftest import listen
from tests.golden_issue import OneIssue, golden_issue, long_issue
from tests.web_desk import WebDesk

pytestmark = pytest.mark.asyncio(loop_scope="session")

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const said = async (type) => (await item.getType(type)).text();
  return {html: await said("text/html"), text: await said("text/plain")};
}"""
NOT_ALLOWED = """() => {
  navigator.clipboard.write = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""
NO_EVENT = "document.execCommand = () => false"
SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1100, "height": 800},
    "phone": {"width": 390, "height": 844},
}


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(
    chromium: Browser, desk: WebDesk, complaints: list[str], request: pytest.FixtureRequest
) -> AsyncIterator[BrowserContext]:
    """The browser of a curator who may use the clipboard."""
    context = await chromium.new_context(
        permissions=["clipboard-read", "clipboard-write"], viewport=SIZES[request.param]
    )
    context.on("page", lambda page: listen(page, desk, complaints))
    cookies = desk.cookie(await desk.person("Ada"))
    await context.add_cookies([{"name": k, "value": v, "url": desk.address} for k, v in cookies.items()])
    yield context
    await context.close()


async def opened(context: BrowserContext, desk: WebDesk, issue: IssueView) -> Page:
    await desk.close()
    desk.shelf = OneIssue.of(issue)
    await desk.open()
    page = await context.new_page()
    await page.goto(f"{desk.address}/issues/1?show=wechat")
    return page


@pytest.mark.parametrize("browsing", ["desktop", "phone"], indirect=True)
async def test_the_copied_issue_is_the_article_as_rich_text(
    browsing: BrowserContext, desk: WebDesk, tmp_path: Path
) -> None:
    issue = golden_issue()
    page = await opened(browsing, desk, issue)

    await page.get_by_role("button", name="Copy for WeChat").click()

    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = await page.evaluate(READ)
    assert copied["html"] == articles(issue)[0].content
    assert "引用链接\n[1] 灯塔日志: https://tide.example/log?a=1&b=2\n" in copied["text"]
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.screenshot(path=tmp_path / "wechat.png", full_page=True)


@pytest.mark.parametrize("browsing", ["desktop"], indirect=True)
async def test_each_part_of_a_long_issue_is_copied_by_itself_where_the_event_does_nothing(
    browsing: BrowserContext, desk: WebDesk, complaints: list[str]
) -> None:
    parts = articles(long_issue())
    page = await opened(browsing, desk, long_issue())
    reader = await browsing.new_page()
    await reader.goto(f"{desk.address}/issues/1?show=wechat")
    await page.bring_to_front()
    await page.evaluate(NO_EVENT)

    await expect(page.get_by_role("button", name="Copy for WeChat")).to_have_count(len(parts))
    await page.get_by_role("button", name="Copy for WeChat").last.click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    await reader.bring_to_front()

    assert len(parts) > 1
    complaints.clear()  # Chromium's newer clipboard complains of each style, and copies it all the same
    assert (await reader.evaluate(READ))["html"] == parts[-1].content


@pytest.mark.parametrize("browsing", ["phone"], indirect=True)
async def test_where_nothing_may_be_copied_the_button_says_what_to_do(
    browsing: BrowserContext, desk: WebDesk
) -> None:
    page = await opened(browsing, desk, golden_issue())
    await page.evaluate(NO_EVENT)
    await page.evaluate(NOT_ALLOWED)

    await page.get_by_role("button", name="Copy for WeChat").click()
    await expect(page.get_by_role("button", name="Not copied. Open it in a tab of its own")).to_be_visible()
    async with page.expect_popup() as opening:
        await page.get_by_role("link", name="Open in a tab of its own").click()
    by_itself = await opening.value

    await expect(by_itself.get_by_text("灯塔换灯记").first).to_be_visible()
    assert await by_itself.evaluate("document.documentElement.lang") == "zh-CN"
    assert await by_itself.evaluate("window.origin") == "null"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
