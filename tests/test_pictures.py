"""A story carries a picture when an editor asks: off a hostile web, kept small, committed with the issue."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
import typer
import typst
from aiohttp import web
from PIL import Image
from pypdf import PdfReader
from typer.testing import CliRunner

from bot.card import card_of
from bot.errors import DeskError
from bot.issue_shelf import IssueShelf
from bot.picture_images import with_images_beside
from bot.picture_taking import PictureTaker, PictureWish
from bot.reading.fetch import Fetcher, FetchLimits
from bot.reading.picture_file import MOST_BYTES, WIDEST, PictureFile, PictureProblem, open_picture
from bot.reading.workers import ReadingWorkers
from bot.render_command import read_issue, render
from renderers.issue_document import IssueDocument
from renderers.issue_view import Masthead, view_of
from renderers.layout import load_layout
from renderers.outputs.pdf_fonts import families
from renderers.outputs.registry import render_checked
from renderers.picture_places import picture_place
from storage.records import Story
from storage.stories import story_by_id
from tests.publishing import PublishingDesk, config_of
from tests.web_desk import free_port

PATH = "embedded-ai-report/2020-05-15.md"
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(form: str = "JPEG", size: tuple[int, int] = (1600, 900), **how: object) -> bytes:
    """A photograph of nothing: noise, which no encoder makes small."""
    image = Image.effect_noise(size, 80).convert("RGB")
    stream = BytesIO()
    image.save(stream, form, **how)
    return stream.getvalue()


def bomb() -> bytes:
    """A PNG of 60,000 by 60,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = (60_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def moving() -> bytes:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    stream = BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return stream.getvalue()


def turned_with_a_place() -> bytes:
    """A photograph that lies on its side, and says where it was taken."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "at home"
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif, comment=b"at home")
    return stream.getvalue()


FILES = {
    "photo.jpg": ("image/jpeg", picture()),
    "small.png": ("image/png", picture("PNG", (32, 32))),
    "bomb.png": ("image/png", bomb()),
    "moving.gif": ("image/gif", moving()),
    "drawing.svg": ("image/svg+xml", SCRIPT),
    "drawing.png": ("image/png", SCRIPT),
    "words.jpg": ("image/jpeg", b"<html>not a picture</html>"),
    "cut.jpg": ("image/jpeg", picture()[:5000]),
}


class Site:
    """A web site with an article, pictures of all kinds, one that never ends, and a way inwards."""

    def __init__(self) -> None:
        self.port = free_port()
        self.article = '<meta property="og:image" content="/photo.jpg">'

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name == "article":
            body = f"<html><head>{self.article}</head><body><p>{'Words. ' * 99}</p></body></html>"
            return web.Response(text=body, content_type="text/html")
        if name == "inwards.jpg":
            raise web.HTTPFound("http://10.0.0.1/secret.jpg")
        if name == "endless.jpg":
            return await self.endless(request)
        kind, data = FILES[name]
        return web.Response(body=data, content_type=kind)

    async def endless(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await stream.prepare(request)
        while True:
            await stream.write(b"\xff" * 65_536)


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    found = Site()
    app = web.Application()
    app.add_routes([web.get("/{name}", found.answer)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", found.port).start()
    try:
        yield found
    finally:
        await runner.cleanup()


class PictureDesk(PublishingDesk):
    """A desk that takes pictures, in this process."""

    taker: PictureTaker

    async def _run(self, errand: str, workflow: str, arguments: list[str]) -> None:
        if workflow != "picture":
            await PublishingDesk._run(self, errand, workflow, arguments)
            return
        story, url, curator, room, message = arguments
        wish = PictureWish(errand, int(story), url, int(curator), room, message)
        for _ in range(2):  # a step may run twice
            try:
                await self.taker.take(wish)
            except DeskError as trouble:
                await self.taker.complain(wish, trouble.problem)

    async def text(self) -> str:
        return (await self.file(PATH)).decode()


@pytest.fixture
async def web_site() -> AsyncIterator[Site]:
    async with site() as found:
        yield found


@pytest.fixture
async def desk(tmp_path: Path, web_site: Site, database_url: str) -> AsyncIterator[PictureDesk]:
    config = config_of(tmp_path, language="en")
    newsroom = config.newsroom.model_copy(update={"database": database_url})
    opened = PictureDesk(config.model_copy(update={"newsroom": newsroom}))
    await opened.open()
    limits = FetchLimits(total_seconds=10, body_bytes=2_000_000)
    fetcher = Fetcher(allowed_hosts=[f"127.0.0.1:{web_site.port}"], limits=limits)
    workers = ReadingWorkers(processes=1, seconds=20)
    opened.taker = PictureTaker(opened.database, opened.desk.settings, fetcher, workers, opened.clock)
    await opened.pitch(
        "lin",
        f"{web_site.address}/article",
        section="news",
        title="Reeds",
        source="Marsh [x](y)",
        summary="S.",
    )
    yield opened
    await fetcher.close()
    await workers.close()
    await opened.close()


async def test_the_articles_own_picture_runs_with_it_in_the_same_commit(desk: PictureDesk) -> None:
    answer = await desk.say("editor", "/picture 1")
    assert "#1 has a picture now: 1200×675 pixels" in answer
    card = card_of(await story_by_id_of(desk), desk.desk.settings)
    assert "Runs with a picture." in card.remarks

    await desk.say("editor", "/publish 2020-05-15")
    name = next(word for word in (await desk.text()).split("(") if word.startswith("pictures/")).split(")")[0]
    assert "摘要：S.  \n![Picture: Marsh \\[x\\](y)](pictures/" in await desk.text()
    kept = await desk.file(f"embedded-ai-report/{name}")
    with Image.open(BytesIO(kept)) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 675))
    tip = await desk.repo.snapshot()
    changed = await tip.git.run("show", "--name-only", "--format=", tip.id or "")
    assert changed.stdout.decode().split() == [PATH, f"embedded-ai-report/{name}"]


async def story_by_id_of(desk: PictureDesk) -> Story:
    async with desk.database.reading() as session:
        return await story_by_id(session, 1)


async def test_off_takes_the_picture_away_and_undo_brings_it_back(desk: PictureDesk) -> None:
    await desk.say("editor", "/picture 1")
    await desk.say("editor", "/publish 2020-05-15")
    before = await desk.text()
    path = "embedded-ai-report/" + before.split("](")[-1].split(")")[0]

    assert "runs without a picture" in await desk.say("editor", "/picture 1 off")
    await desk.say("editor", "/publish")
    assert "![" not in await desk.text()
    assert await (await desk.repo.snapshot()).read(path) is None

    await desk.say("editor", "/undo 1")
    await desk.say("editor", "/publish")
    assert await desk.text() == before
    assert await (await desk.repo.snapshot()).read(path) is not None


async def test_a_picture_line_that_somebody_wrote_by_hand_stays_theirs(desk: PictureDesk) -> None:
    await desk.say("editor", "/picture 1")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.edit_by_hand(PATH, lambda old: old.replace(b"![Picture: ", b"![Photograph by Ada, "))
    await desk.say("editor", "/publish")

    assert "![Photograph by Ada, Marsh" in await desk.text()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("small.png", "smaller than 64 pixels"),
        ("bomb.png", "more than 40 million pixels"),
        ("moving.gif", "moves"),
        ("drawing.svg", "could not get the picture"),
        ("drawing.png", "no picture that I can open"),
        ("words.jpg", "no picture that I can open"),
        ("cut.jpg", "no picture that I can open"),
        ("endless.jpg", "could not get the picture"),
        ("inwards.jpg", "could not get the picture"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_no_picture_to_keep_is_refused_in_words(
    desk: PictureDesk, web_site: Site, name: str, said: str
) -> None:
    answer = await desk.say("editor", f"/picture 1 {web_site.address}/{name}")

    assert said in answer and "/picture N <url>" in answer
    assert "Runs with a picture." not in card_of(await story_by_id_of(desk), desk.desk.settings).remarks


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_page_without_a_picture_says_so_and_a_curator_may_not_ask(
    desk: PictureDesk, web_site: Site
) -> None:
    web_site.article = ""

    assert "names no picture" in await desk.say("editor", "/picture 1")
    assert "editor" in await desk.say("lin", "/picture 1")
    assert "has no picture" in await desk.say("editor", "/picture 1 off")


def test_a_picture_is_turned_upright_and_keeps_nothing_of_its_maker() -> None:
    opened = open_picture(turned_with_a_place())

    assert isinstance(opened, PictureFile)
    assert (opened.width, opened.height) == (200, 400)
    assert b"at home" not in opened.data
    with Image.open(BytesIO(opened.data)) as image:
        assert not image.getexif()
        top, bottom = image.getpixel((100, 50)), image.getpixel((100, 350))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[1] < 60 and bottom[1] > 200


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_becomes_small(form: str) -> None:
    opened = open_picture(picture(form, (2600, 1500)))

    assert isinstance(opened, PictureFile)
    assert len(opened.data) <= MOST_BYTES
    assert opened.width <= WIDEST


def test_what_shines_through_stays_so() -> None:
    stream = BytesIO()
    Image.new("RGBA", (300, 200), (255, 0, 0, 90)).save(stream, "PNG")

    opened = open_picture(stream.getvalue())

    assert isinstance(opened, PictureFile)
    assert opened.extension == "png"


def test_a_drawing_in_fine_greys_keeps_them() -> None:
    stream = BytesIO()
    row = (60_000).to_bytes(2, "little") * 200 + (20_000).to_bytes(2, "little") * 200
    Image.frombytes("I;16", (400, 200), row * 200).save(stream, "PNG")

    opened = open_picture(stream.getvalue())

    assert isinstance(opened, PictureFile)
    with Image.open(BytesIO(opened.data)) as image:
        left, right = image.convert("L").getpixel((50, 100)), image.convert("L").getpixel((350, 100))
    assert isinstance(left, int) and isinstance(right, int)
    assert abs(left - 234) < 3 and abs(right - 78) < 3


def test_a_cameras_file_of_several_pictures_is_its_first() -> None:
    stream = BytesIO()
    Image.new("RGB", (300, 200), "red").save(
        stream, "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200), "blue")]
    )

    opened = open_picture(stream.getvalue())

    assert isinstance(opened, PictureFile)
    with Image.open(BytesIO(opened.data)) as image:
        pixel = image.getpixel((150, 100))
    assert isinstance(pixel, tuple) and pixel[0] > 240 > 20 > pixel[2]


def test_a_stripe_is_too_small_to_be_seen() -> None:
    assert open_picture(picture("PNG", (70, 3000))) is PictureProblem.TOO_SMALL


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 2000])
def test_any_beginning_of_a_file_is_answered(cut: int) -> None:
    assert open_picture(picture()[:cut]) is PictureProblem.NOT_A_PICTURE


@pytest.mark.parametrize("layout", ["plain", "embedded-ai-report"])
def test_a_picture_in_a_file_is_seen_by_every_output(layout: str) -> None:
    folder = load_layout(layout)
    head = (
        "### [A](https://a.test)\n\nS.\n\n"
        if layout == "plain"
        else "- [A | B](https://a.test)  \n摘要：S.  \n"
    )
    heading = folder.sections[0].heading
    text = f"# T 2020-05-15\n\n## {heading}\n\n{head}![Ada \\[x\\]](pictures/a.jpg)  \n"

    view = view_of(IssueDocument.of(text, folder), Masthead("T", address="https://t.test/x/2020-05-15.html"))

    [story] = view.stories
    assert story.summary.strip() == "S."
    assert [(one.credit, one.url) for one in story.pictures] == [
        ("Ada [x]", "https://t.test/x/pictures/a.jpg")
    ]


def images_in(output: bytes) -> list[tuple[int, int]]:
    """The sizes of the pictures of a PDF, in pixels."""
    found = [one.image for page in PdfReader(BytesIO(output)).pages for one in page.images]
    return [one.size for one in found if one is not None]


@pytest.mark.skipif(
    len(families("zh", typst.Fonts())) < 2, reason="no font for Chinese: install fonts-noto-cjk"
)
async def test_a_pdf_holds_the_pictures_before_and_after_they_are_committed(desk: PictureDesk) -> None:
    workers = ReadingWorkers(processes=1)
    shelf = IssueShelf(desk.press, workers)
    await desk.say("editor", "/picture 1")
    _, before = await shelf.open("next", images=True)
    await desk.say("editor", "/publish 2020-05-15")
    _, after = await shelf.open("1", images=True)
    _, without = await shelf.open("1")
    await workers.close()

    [output] = render_checked("pdf", after)
    assert images_in(output.content) == [(1200, 675)]
    assert output.notes == ()
    [waiting], [kept], [unopened] = (view.stories[0].pictures for view in (before, after, without))
    assert waiting.image == kept.image and unopened.image is None


def pictured_file(folder: Path, *paths: str) -> Path:
    """An issue of one story with pictures at these paths."""
    lines = "".join("![Ada](<>)  \n".replace("<>", path) for path in paths)
    file = folder / "2020-05-15.md"
    file.write_text(f"# T 2020-05-15\n\n## News\n\n### [A](https://a.test)\n\nS.\n\n{lines}")
    return file


def test_a_pdf_of_a_file_takes_pictures_from_below_its_folder_or_its_repository_only(tmp_path: Path) -> None:
    issues = tmp_path / "repo" / "issues"
    (issues / "pictures").mkdir(parents=True)
    (tmp_path / "repo" / "logo.png").write_bytes(picture("PNG", (90, 80)))
    (tmp_path / "outside.png").write_bytes(picture("PNG", (90, 80)))
    (issues / "pictures" / "a b.jpg").write_bytes(picture("JPEG", (200, 100)))
    (issues / "pictures" / "broken.jpg").write_bytes(b"no picture")
    (issues / "pictures" / "bomb.png").write_bytes(bomb())
    (issues / "linked.png").symlink_to(tmp_path / "outside.png")
    named = ("pictures/a%20b.jpg", "../logo.png", "../../outside.png", "linked.png", "pictures/broken.jpg")
    file = pictured_file(issues, *named, "pictures/bomb.png", "pictures/none.jpg", "pictures")
    layout = load_layout("plain")
    view = read_issue(file, layout)

    def shown() -> list[str]:
        stories = with_images_beside(view, file, layout).stories
        return [one.path for story in stories for one in story.pictures if one.image]

    assert len(view.picture_paths) == 8
    assert shown() == ["pictures/a%20b.jpg"]
    (tmp_path / "repo" / ".git").mkdir()
    assert shown() == ["pictures/a%20b.jpg", "../logo.png"]


def test_the_command_says_which_pictures_the_pdf_lacks(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.jpg").write_bytes(picture("JPEG", (200, 100)))
    file, out = pictured_file(tmp_path, "pictures/a.jpg", "pictures/none.jpg"), tmp_path / "o.pdf"
    app = typer.Typer()
    app.command()(render)

    result = CliRunner().invoke(app, [str(file), "--to", "pdf", "--layout", "plain", "-o", str(out)])

    assert result.exit_code == 0, result.output
    assert images_in(out.read_bytes()) == [(200, 100)]
    assert "cannot be shown: pictures/none.jpg." in result.output


@pytest.mark.parametrize(
    ("layout", "path", "place"),
    [
        ("embedded-ai-report", "pictures/a.jpg", "embedded-ai-report/pictures/a.jpg"),
        ("embedded-ai-report", "../logo.jpg", "logo.jpg"),
        ("embedded-ai-report", "../../logo.jpg", None),
        ("embedded-ai-report", "%2e%2e/%2E./logo.jpg", None),
        ("embedded-ai-report", "..", None),
        ("hugo", "/pictures/a.jpg", "static/pictures/a.jpg"),
        ("hugo", "/pictures/../../a.jpg", "a.jpg"),
        ("hugo", "/pictures/../../../a.jpg", None),
    ],
)
def test_a_picture_is_looked_for_where_the_layout_keeps_it(layout: str, path: str, place: str | None) -> None:
    assert picture_place(load_layout(layout), "embedded-ai-report/2020-05-15.md", path) == place


def test_reading_ends_though_a_server_never_does() -> None:
    assert asyncio.run(endless()) == "body-size"


async def endless() -> str:
    from bot.reading.fetch import PICTURES, FetchFailedError

    async with site() as found:
        fetcher = Fetcher(allowed_hosts=[f"127.0.0.1:{found.port}"], limits=FetchLimits(body_bytes=500_000))
        try:
            await fetcher.fetch(f"{found.address}/endless.jpg", PICTURES)
        except FetchFailedError as failed:
            return str(failed.reason)
        finally:
            await fetcher.close()
    return ""
