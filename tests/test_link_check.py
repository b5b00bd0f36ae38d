"""Visiting links on a real server: what lives, moved, died, and what nobody can tell."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.link_check import LinkCheck, LinkState, live_findings
from renderers.issue_document import IssueDocument
from renderers.layout import load_layout
from tests.releasing import LinkSite


@pytest.fixture
async def site() -> AsyncIterator[LinkSite]:
    site = await LinkSite().open()
    yield site
    await site.close()


async def state(site: LinkSite, url: str, check: LinkCheck | None = None) -> LinkState:
    check = check or site.check()
    try:
        return (await check.check([url]))[url].state
    finally:
        await check.close()


async def test_a_page_that_answers_is_fine_and_only_its_head_is_asked_for(site: LinkSite) -> None:
    assert await state(site, site.url("/a")) == LinkState.FINE
    assert site.seen == [("HEAD", "/a")]


async def test_a_server_that_does_not_like_head_is_asked_again(site: LinkSite) -> None:
    async def only_get(request: web.Request) -> web.StreamResponse:
        return web.Response(status=405 if request.method == "HEAD" else 200)

    site.answers["/a"] = only_get

    assert await state(site, site.url("/a")) == LinkState.FINE
    assert [method for method, _ in site.seen] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (404, LinkState.DEAD),
        (410, LinkState.DEAD),
        (403, LinkState.UNSURE),
        (401, LinkState.UNSURE),
        (429, LinkState.UNSURE),
        (500, LinkState.UNSURE),
        (503, LinkState.UNSURE),
    ],
)
async def test_only_what_is_gone_is_called_dead(site: LinkSite, status: int, found: LinkState) -> None:
    site.says("/a", status)

    assert await state(site, site.url("/a")) == found


async def test_a_link_that_leads_elsewhere_has_moved(site: LinkSite) -> None:
    site.says("/old", 301, Location="/new")
    check = site.check()

    visits = await check.check([site.url("/old")])
    await check.close()

    assert visits[site.url("/old")].state == LinkState.MOVED
    assert visits[site.url("/old")].detail == site.url("/new")


async def test_a_way_to_the_login_and_silence_leave_a_link_in_doubt(site: LinkSite) -> None:
    async def silence(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    site.says("/private", 302, Location="/login")
    site.answers["/slow"] = silence

    assert await state(site, site.url("/private")) == LinkState.UNSURE
    assert await state(site, site.url("/slow"), site.check(read_seconds=0.5)) == LinkState.UNSURE


async def test_a_host_that_nobody_knows_is_dead_only_where_others_are_reached(site: LinkSite) -> None:
    nowhere = "http://nowhere.invalid/a"

    alone, check = await state(site, nowhere), site.check()
    visits = await check.check([nowhere, site.url("/a")])
    await check.close()

    assert (alone, visits[nowhere].state) == (LinkState.UNSURE, LinkState.DEAD)


async def test_an_address_inside_our_network_is_not_visited(site: LinkSite) -> None:
    assert await state(site, f"http://127.0.0.1:{site.port}/a") == LinkState.UNSURE
    assert site.seen == []


async def test_a_host_is_asked_two_at_a_time_and_never_again(site: LinkSite) -> None:
    async def slow(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    urls = [site.url(f"/{number}") for number in range(8)]
    for number in range(8):
        site.answers[f"/{number}"] = slow
    check = site.check()

    await check.check(urls)
    await check.check(urls)
    await check.close()

    assert site.most_under_way <= 2 and len(site.seen) == 8


async def test_what_was_found_long_ago_is_looked_at_again(site: LinkSite) -> None:
    check, now = site.check(), [0.0]
    check.clock = lambda: now[0]
    url = site.url("/a")
    assert (await check.check([url]))[url].state == LinkState.FINE
    site.says("/a", 404)

    found = []
    for minute in (9, 11):
        now[0] = minute * 60.0
        found.append((await check.check([url]))[url].state)
    await check.close()

    assert found == [LinkState.FINE, LinkState.DEAD]


async def test_what_was_not_reached_in_time_is_in_doubt(site: LinkSite) -> None:
    assert await state(site, site.url("/a"), site.check(patience=0.0)) == LinkState.UNSURE


async def test_findings_name_the_lines_where_links_stand(site: LinkSite) -> None:
    site.says("/gone", 404)
    text = f"# N (2031-02-03)\n\n## 业界新闻\n\n- [甲]({site.url('/a')})  \n摘要：见 {site.url('/gone')} 。\n"
    issue, check = IssueDocument.of(text, load_layout("embedded-ai-report")), site.check()

    found = live_findings(issue, await check.check([site.url("/a"), site.url("/gone")]))
    await check.close()

    assert [(finding.code, finding.line) for finding in found] == [("dead-link", 6)]
