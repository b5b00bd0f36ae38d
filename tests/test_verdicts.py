"""What a reading that failed leaves behind: a reason in words, advice, and nothing else."""

import ast
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from aiohttp import web

from bot.desk import Desk
from bot.page_problem import page_problem, reason_in_words
from bot.reader import StoryReader
from bot.reading.fetch import Fetcher
from bot.reading.verdict import Reason, Verdict, reason_of
from bot.reading.workers import ReadingWorkers
from bot.wording import Wording
from storage.event_records import Errand
from storage.records import Story
from storage.stories import story_by_number
from tests.fakes.reading import Readings, reading
from tests.fakes.room import FakeRoom
from tests.fakes.web import ENGLISH, LOGIN

PAGES = Path(__file__).parent / "pages"
READING = Path(__file__).parents[1] / "bot" / "reading"
FAILED = [verdict for verdict in Verdict if verdict is not Verdict.FINE]
MOON = "https://site.test/wet-moon"


# Reasons in words


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_words_and_what_to_do(reason: Reason, language: Literal["en", "zh"]) -> None:
    said = page_problem("unreadable", reason, number=12, wording=Wording(language))

    assert said.startswith(reason_in_words("unreadable", reason, Wording(language)))
    assert " 12" in said
    assert len(said) <= 220
    assert "None" not in said and "{" not in said


def test_every_reading_names_its_reason_by_the_register() -> None:
    """A code that is written out where a reading ends may have no words; the register's have."""
    endings = ("Reading", "FetchFailedError")
    loose: list[object] = []
    for path in READING.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[_, ast.Constant(value=code), *_]):
                    loose += [(path.name, code)] if name in endings and code else []
                case ast.Tuple(
                    elts=[*_, ast.Attribute(value=ast.Name(id="Verdict")), ast.Constant(value=code)]
                ):
                    loose.append((path.name, code))

    assert loose == []


@pytest.mark.parametrize("verdict", FAILED)
def test_a_code_of_an_older_release_leaves_the_word_to_the_verdict(verdict: Verdict) -> None:
    said = page_problem(verdict, "cosmic-rays", number=3, wording=Wording("en"))

    assert said.startswith(reason_in_words(verdict, "", Wording("en")))
    assert " 3" in said


async def test_a_card_says_what_was_found_and_what_helps(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="gone") | {"reason": "deleted-by-author"}

    await room.write(desk, "ada", MOON)

    assert room.card.problem == "The author deleted it. Paste the article if you have it: /text 1 <article>"
    assert "read the page: gone. The author deleted it." in await room.ask(desk, "ben", "/why 1")


class TestInChinese:
    @pytest.fixture
    def language(self) -> str:
        return "zh"

    async def test_a_card_says_it_in_chinese(self, desk: Desk, room: FakeRoom) -> None:
        room.pages.found[MOON] = reading(verdict="gone") | {"reason": "deleted-by-author"}

        await room.write(desk, "ada", MOON)

        assert room.card.problem == "作者已经删除了这篇文章。手上有正文就贴上：/text 1 <正文>"


async def test_a_mistake_of_ours_comes_with_a_reference_to_quote(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="unreadable") | {"reason": "bug-1f2e3d4c"}

    await room.write(desk, "ada", MOON)

    assert "Something went wrong on my side. Please quote 1f2e3d4c" in room.card.problem


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        *(("http-404", Reason.HTTP_404), ("http-503", Reason.HTTP), ("bug-00ff", Reason.BUG)),
        *(("deadline", Reason.DEADLINE), ("", None), ("http-", None), ("made-up", None)),
    ],
)
def test_a_stored_code_finds_its_reason(code: str, reason: Reason | None) -> None:
    assert reason_of(code) is reason


# What a bad page leaves behind


class ReadPages(Readings):
    """What stands at each path of a real server, really fetched and read."""

    def __init__(self, fetcher: Fetcher, workers: ReadingWorkers) -> None:
        super().__init__()
        self.fetcher, self.workers = fetcher, workers

    async def _settle(self, desk: Desk, errand: Errand) -> None:
        reader = StoryReader(desk.database, desk.settings, self.fetcher, self.workers, desk.clock)
        story_id = int(errand.arguments[0])
        read_it = reader.read_text if errand.workflow == "read_text" else reader.read_page
        await reader.settle(story_id, await read_it(story_id), errand=errand.id, tries=9)


@dataclass
class Site:
    """A server whose pages change; `serves` maps a path to status, body and other headers."""

    host: str
    serves: dict[str, tuple[int, str, dict[str, str]]]

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def put(self, path: str, body: str, status: int = 200, **headers: str) -> str:
        self.serves[path] = (status, body, headers)
        return self.url(path)

    async def answer(self, request: web.Request) -> web.Response:
        status, body, headers = self.serves.get(request.path, (404, "nothing here", {}))
        return web.Response(status=status, text=body, content_type="text/html", headers=headers)


@pytest.fixture
async def site(room: FakeRoom) -> AsyncIterator[Site]:
    """A site that the room's links lead to."""
    site = Site("", {})
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    site.host = f"127.0.0.1:{listening.name.rpartition(':')[2]}"
    fetcher, workers = Fetcher(allowed_hosts={site.host}), ReadingWorkers(processes=1)
    room.pages = ReadPages(fetcher, workers)
    yield site
    await workers.close()
    await fetcher.close()
    await runner.cleanup()


async def story(desk: Desk, number: int = 1) -> Story:
    async with desk.database.reading() as session:
        found = await story_by_number(session, desk.settings.name, number)
    assert found is not None
    return found


WALLED = ENGLISH.replace("<article>", "<form>Please sign in to continue").replace("</article>", "</form>")
CANONICAL = '<link rel="canonical" href="/the-real-one"><title>'


@pytest.mark.parametrize(
    ("status", "body", "verdict", "reason"),
    [
        (410, ENGLISH, "gone", "http-410"),
        (403, ENGLISH, "blocked", "http-403"),
        (200, LOGIN.replace("<title>", CANONICAL), "login", "login-page"),
        (200, "", "not-article", "empty-page"),
        (
            403,
            "<title>Just a moment...</title><script>_cf_chl_opt={}</script>",
            "verification",
            "verification-page",
        ),
        (503, "<p>环境异常，完成验证后即可继续访问</p>", "verification", "verification-page"),
    ],
)
async def test_a_bad_page_leaves_nothing_but_its_verdict(
    desk: Desk, room: FakeRoom, site: Site, status: int, body: str, verdict: str, reason: str
) -> None:
    link = site.put("/a", body, status)

    await room.write(desk, "ada", link)

    found = await story(desk)
    assert (found.verdict, found.reason) == (verdict, reason)
    assert [field.name for field in found.fields if field.value] == []
    assert (found.same_as, found.likeness, found.drafted_by) == (None, 0.0, None)
    assert room.card.title == link
    message = await room.write(desk, "ben", site.put("/the-real-one", ENGLISH))
    assert room.answer_to(message) == "" and room.card.title == "The reeds keep time"


async def test_a_site_that_recovers_is_read_again(desk: Desk, room: FakeRoom, site: Site) -> None:
    link = site.put("/a", "out of order", 500)
    await room.write(desk, "ada", link)
    assert "The site answered with an error (500)." in room.card.problem

    site.put("/a", ENGLISH)
    await room.ask(desk, "ben", "/retry 1")

    assert (room.card.title, room.card.problem) == ("The reeds keep time", "")


async def test_a_good_reading_outlives_a_bad_one(desk: Desk, room: FakeRoom, site: Site) -> None:
    link = site.put("/a", ENGLISH)
    await room.write(desk, "ada", link)
    good = await story(desk)

    for status, body in ((404, "gone"), (200, LOGIN), (403, "Just a moment...")):
        site.put("/a", body, status)
        await room.ask(desk, "ben", "/retry 1")

    after = await story(desk)
    assert (after.verdict, after.reason) == ("fine", "")
    assert after.field("text") == good.field("text") != ""
    assert (room.card.title, room.card.problem) == ("The reeds keep time", "")


async def test_a_pasted_article_stands_until_the_page_is_better(
    desk: Desk, room: FakeRoom, site: Site
) -> None:
    link = site.put("/a", LOGIN)
    await room.write(desk, "ada", link)
    pasted = "Reeds at night\n\n" + "The reeds bend with every tide, and nobody knew until the spring. " * 8

    await room.ask(desk, "ben", f"/text 1 {pasted}")
    assert (room.card.title, room.card.problem) == ("Reeds at night", "")

    site.put("/a", ENGLISH)
    await room.ask(desk, "ben", "/retry 1")
    assert (room.card.title, room.card.problem) == ("The reeds keep time", "")


async def test_a_redirect_to_a_login_is_a_login(desk: Desk, room: FakeRoom, site: Site) -> None:
    site.put("/login", "<html><body><h1>Hello again</h1><p>Three million readers wait.</p></body></html>")
    link = site.put("/a", "", 302, Location="/login?next=/a")

    await room.write(desk, "ada", link)

    found = await story(desk)
    assert (found.verdict, found.reason, found.field("title")) == ("login", "login-page", "")


async def test_strangers_words_are_kept_as_words(desk: Desk, room: FakeRoom, site: Site) -> None:
    words = "alert(1)&lt;/script&gt;&#1;&#x202e; \ufffe moon"
    link = site.put("/a", ENGLISH.replace("The reeds keep time", f"&lt;script&gt;{words}"))

    await room.write(desk, "ada", link)

    assert room.card.title == "alert(1) moon"
