"""Signing in, the pages around the room, and what every answer carries."""

import re
import string
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.errors import DeskError
from bot.pages.cookie import COOKIE, LIFETIME, curator_in_cookie, make_cookie
from bot.pages.issue_pages import in_words
from bot.pages.page_settings import PageSettings
from bot.pages.page_text import PageText, all_words
from bot.pages.person_name import LONGEST_NAME, clean_name
from bot.pages.preview_view import PreviewView
from bot.rooms.room import Post, PostFile
from renderers.outputs.output import Fault, Note
from storage.people_records import Curator, Identity, Invitation, Role
from tests.web_desk import PREVIEW, SECRET, SETTINGS, WebDesk, new_file, web_desk

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
PAGES = Path(__file__).parents[1] / "bot" / "pages"


@pytest.fixture
async def desk(tmp_path: Path, migrated_file: Path) -> AsyncIterator[WebDesk]:
    async with web_desk(new_file(tmp_path, migrated_file)) as opened:
        yield opened


@pytest.fixture
async def browser(desk: WebDesk) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that has never been here."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(
        desk.address, cookie_jar=jar, headers={"Origin": desk.address}
    ) as client:
        yield client


@pytest.fixture
async def ada(desk: WebDesk) -> AsyncIterator[aiohttp.ClientSession]:
    """The browser of a curator who is signed in."""
    cookies = desk.cookie(await desk.person("Ada"))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(
        desk.address, cookies=cookies, cookie_jar=jar, headers={"Origin": desk.address}
    ) as client:
        yield client


async def people(desk: WebDesk) -> list[tuple[str, Role]]:
    async with desk.database.reading() as session:
        curators = (await session.scalars(select(Curator).order_by(Curator.id))).all()
    return [(curator.name, Role(curator.role)) for curator in curators]


async def test_an_invitation_lets_somebody_in_under_a_name_of_theirs(
    desk: WebDesk, browser: aiohttp.ClientSession
) -> None:
    token = await desk.invite()

    async with browser.get(f"/sign-in/{token}") as form:
        assert form.status == 200
    async with browser.post(f"/sign-in/{token}", data={"name": "  Ada   Heron "}) as room:
        page = await room.text()

    assert room.url.path == "/"
    assert "Ada Heron" in page
    assert await people(desk) == [("Ada Heron", Role.CURATOR)]


async def test_opening_an_invitation_uses_nothing_up(desk: WebDesk, browser: aiohttp.ClientSession) -> None:
    token = await desk.invite()

    for _ in range(2):
        async with browser.get(f"/sign-in/{token}") as form:
            assert form.status == 200

    assert await people(desk) == []


async def test_only_the_digest_of_a_token_is_kept(desk: WebDesk) -> None:
    token = await desk.invite()

    async with desk.database.reading() as session:
        [kept] = (await session.scalars(select(Invitation))).all()

    assert len(token) >= 43  # 256 bit in base64
    assert token not in repr(vars(kept))


async def test_the_cookie_is_for_this_site_only_and_out_of_reach_for_scripts(
    desk: WebDesk, browser: aiohttp.ClientSession
) -> None:
    token = await desk.invite()

    async with browser.post(f"/sign-in/{token}", data={"name": "Ada"}, allow_redirects=False) as answer:
        cookie = answer.cookies[COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == str(180 * 24 * 3600)
    assert not cookie["secure"]


async def test_a_cookie_of_a_public_site_goes_by_https_only(tmp_path: Path, migrated_file: Path) -> None:
    public = replace(SETTINGS, public_url="https://desk.test")
    async with (
        web_desk(new_file(tmp_path, migrated_file), public) as desk,
        aiohttp.ClientSession(desk.address) as client,
    ):
        token = await desk.invite()
        async with client.post(
            f"/sign-in/{token}",
            data={"name": "Ada"},
            headers={"Origin": "https://desk.test"},
            allow_redirects=False,
        ) as answer:
            assert answer.cookies[COOKIE]["secure"]


async def test_a_taken_name_is_refused_with_a_way_out(desk: WebDesk, browser: aiohttp.ClientSession) -> None:
    await desk.person("Ada")
    token = await desk.invite()

    async with browser.post(f"/sign-in/{token}", data={"name": "ＡＤＡ"}) as form:
        page = await form.text()

    assert form.status == 409
    assert "ask an editor for a link made for that name" in page
    assert 'value="ＡＤＡ"' in page
    assert len(await people(desk)) == 1


async def test_an_invitation_with_a_name_signs_in_the_curator_of_that_name(
    desk: WebDesk, browser: aiohttp.ClientSession
) -> None:
    await desk.person("Ada")
    token = await desk.invite(name="Ada")

    for _ in range(2):
        async with browser.post(f"/sign-in/{token}") as room:
            assert room.url.path == "/"

    assert await people(desk) == [("Ada", Role.CURATOR)]
    async with desk.database.reading() as session:
        assert [found.name for found in (await session.scalars(select(Identity))).all()] == ["web:1"]


async def test_an_editors_invitation_makes_an_editor_and_a_curators_unmakes_none(
    desk: WebDesk, browser: aiohttp.ClientSession
) -> None:
    await desk.person("Ada")
    for role in (Role.EDITOR, Role.CURATOR):
        token = await desk.invite(role, name="Ada")
        async with browser.post(f"/sign-in/{token}"):
            pass

    assert await people(desk) == [("Ada", Role.EDITOR)]


@pytest.mark.parametrize("name", ["", "   ", "…", "x" * (LONGEST_NAME + 1), "copydesk", "\u202eadA"])
async def test_a_name_that_is_none_is_asked_for_again(
    desk: WebDesk, browser: aiohttp.ClientSession, name: str
) -> None:
    token = await desk.invite()

    async with browser.post(f"/sign-in/{token}", data={"name": name}) as form:
        assert form.status == 400
        assert "Please type a name" in await form.text()


async def test_an_expired_and_an_unknown_invitation_say_which_they_are(
    desk: WebDesk, browser: aiohttp.ClientSession
) -> None:
    expired = await desk.invite(days=0)

    async with browser.get(f"/sign-in/{expired}") as page:
        assert (page.status, "has expired" in await page.text()) == (410, True)
    async with browser.post("/sign-in/made-up", data={"name": "Ada"}) as page:
        assert (page.status, "Nobody here made" in await page.text()) == (404, True)


async def test_a_form_from_another_site_signs_nobody_in(
    desk: WebDesk, browser: aiohttp.ClientSession
) -> None:
    token = await desk.invite()

    for origin in ("https://elsewhere.test", "null", ""):
        async with browser.post(
            f"/sign-in/{token}", data={"name": "Ada"}, headers={"Origin": origin}
        ) as answer:
            assert answer.status == 403

    assert await people(desk) == []


async def test_whoever_signs_out_is_outside(desk: WebDesk, browser: aiohttp.ClientSession) -> None:
    async with browser.post(f"/sign-in/{await desk.invite()}", data={"name": "Ada"}) as page:
        assert page.status == 200

    async with browser.post("/sign-out") as page:
        assert page.status == 401
        assert "invitation" in await page.text()


@pytest.mark.parametrize("path", ["/", "/preview", "/preview.md", "/files/1"])
async def test_nothing_is_shown_to_those_outside(browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(path) as page:
        assert page.status == 401
        assert "Gazette" not in await page.text() or path in ("/", "/preview")


async def test_the_preview_shows_the_issue_and_what_would_change(ada: aiohttp.ClientSession) -> None:
    async with ada.get("/preview") as page:
        html = await page.text()

    assert PREVIEW.html in html
    assert '<span class="removed">-Reeds grow.' in html
    assert '<span class="added">+Reeds grow fast.' in html
    assert '<span class="file">--- a' in html


async def test_the_previews_difference_is_escaped(desk: WebDesk, ada: aiohttp.ClientSession) -> None:
    async def hostile() -> PreviewView:
        return replace(PREVIEW, difference=("+<script>alert(1)</script>",), path="<b>.md")

    desk.front.preview = hostile

    async with ada.get("/preview") as page:
        html = await page.text()

    assert "<script>alert" not in html
    assert "&lt;b&gt;.md" in html


async def test_the_previews_markdown_is_a_file_named_like_the_issue(ada: aiohttp.ClientSession) -> None:
    async with ada.get("/preview.md") as answer:
        assert await answer.text() == PREVIEW.markdown
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''2020-05-02.md"


async def test_where_there_is_no_preview_the_page_says_why(desk: WebDesk, ada: aiohttp.ClientSession) -> None:
    async def none_yet() -> PreviewView:
        raise DeskError("The slate is empty.", advice="Vote for a story first.")

    desk.front.preview = none_yet

    for path in ("/preview", "/preview.md"):
        async with ada.get(path) as page:
            text = await page.text()
            assert page.status == 409
            assert "The slate is empty." in text
            assert "Vote for a story first." in text


async def test_a_file_of_a_message_is_downloaded_never_shown(
    desk: WebDesk, ada: aiohttp.ClientSession
) -> None:
    message = await desk.room.post(Post("f", file=PostFile("五月/2.html", "<script>alert(1)</script>")))

    async with ada.get(f"/files/{message}") as answer:
        assert await answer.text() == "<script>alert(1)</script>"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E4%BA%94")
        assert answer.content_type == "text/plain"
    async with ada.get("/files/4711") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/", "/sign-in/x", "/nowhere", "/healthz", "/static/x/room.js"])
async def test_every_answer_carries_the_security_headers(browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_static_files_are_kept_under_the_address_of_their_content_only(
    ada: aiohttp.ClientSession,
) -> None:
    async with ada.get("/") as page:
        [script] = re.findall(r'src="(/static/[^"]+/room\.js)"', await page.text())

    async with ada.get(script) as current:
        assert "immutable" in current.headers["Cache-Control"]
        assert current.content_type == "text/javascript"
    async with ada.get("/static/older/room.js") as other:
        assert other.headers["Cache-Control"] == "no-store"
    async with ada.get("/static/older/..%2Fsite.py") as other:
        assert other.status == 404


async def test_the_room_speaks_the_language_of_the_settings(tmp_path: Path, migrated_file: Path) -> None:
    async with (
        web_desk(new_file(tmp_path, migrated_file), PageSettings(title="<湿地>报", language="zh")) as desk,
        aiohttp.ClientSession(desk.address, cookies=desk.cookie(await desk.person("小林"))) as client,
        client.get("/") as page,
    ):
        html = await page.text()

    assert '<html lang="zh-Hans">' in html
    assert "&lt;湿地&gt;报" in html
    assert "发送" in html


async def test_health_is_told_without_signing_in(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")


def test_every_string_has_both_languages_and_the_same_placeholders() -> None:
    for words in all_words().values():
        for name, spoken in words.items():
            assert set(spoken) == {"en", "zh"}, name
            assert placeholders(spoken["en"]) == placeholders(spoken["zh"]), name


def test_every_note_and_every_reason_against_an_output_has_its_words_on_the_page() -> None:
    found = "".join(
        path.read_text("utf-8") for path in sorted((PAGES.parents[1] / "renderers" / "outputs").rglob("*.py"))
    )
    notes = set(re.findall(r'Note\(\s*"([\w-]+)"', found))
    reasons = set(re.findall(r'\bcode="([\w-]+)"', found)) - {"not-set"}  # typst's own words, in English

    assert notes == set(all_words()["note"]) and len(notes) > 5
    assert reasons == set(all_words()["fault"]) and len(reasons) > 3
    assert in_words(PageText("zh"), Note("clipped", "", (("size", 200), ("limit", 102))))[1] == "zh"
    assert in_words(PageText("zh"), Fault("unbalanced", "Said.")) == ("Said.", "en")


def test_every_string_of_the_scripts_is_written_and_used() -> None:
    scripts = "".join(path.read_text("utf-8") for path in sorted((PAGES / "static").glob("*.js")))
    templates = "".join(path.read_text("utf-8") for path in sorted((PAGES / "templates").glob("*.html")))
    written = set(all_words()["room"])
    used = set(re.findall(r'word\(\s*"(\w+)"', scripts))

    assert used <= written
    for name in written:
        mentioned = f'"{name}"' in scripts or f"room.{name}'" in templates or name.startswith("state_")
        assert mentioned, f"nobody says {name}"


def test_no_script_or_style_is_written_into_a_page_and_none_makes_markup_of_text() -> None:
    for path in sorted((PAGES / "templates").glob("*.html")):
        html = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", html), path.name
    for path in sorted((PAGES / "static").glob("*.js")):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()
        )


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_cookie_names_its_curator_until_it_is_too_old() -> None:
    cookie = make_cookie(7, secret=SECRET, now=NOON)

    assert curator_in_cookie(cookie, secret=SECRET, now=NOON + LIFETIME - timedelta(seconds=1)) == 7
    assert curator_in_cookie(cookie, secret=SECRET, now=NOON + LIFETIME) is None
    assert curator_in_cookie(cookie, secret=b"another", now=NOON) is None


@given(st.text(max_size=60) | st.from_regex(r"[0-9]+\.[0-9]+\.[0-9a-f]{64}", fullmatch=True))
def test_no_made_up_cookie_signs_anybody_in(cookie: str) -> None:
    assert curator_in_cookie(cookie, secret=SECRET, now=NOON) is None


@given(st.text(max_size=60))
def test_a_clean_name_is_its_own_clean_name(typed: str) -> None:
    name = clean_name(typed)

    assert clean_name(name) == name
    assert len(name) <= LONGEST_NAME
