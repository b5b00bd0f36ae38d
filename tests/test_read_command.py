"""`read`: the article as the desk would read it, for a person and for a machine."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.errors import DeskError
from bot.json_lines import in_order
from bot.read_batch import Wanted, read_batch
from bot.reading.fetch import Fetcher
from bot.reading.link import NotALinkError
from bot.reading_commands import read
from tests.fakes.web import local_web

PAGES = Path(__file__).parent / "pages"
WECHAT = "https://mp.weixin.qq.com/s/sample"


@pytest.fixture
def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(read)
    return app


def test_a_machine_gets_one_line(command: typer.Typer) -> None:
    file = PAGES / "wechat_article.html"

    result = CliRunner().invoke(command, [WECHAT, "--html", str(file), "--json"])

    assert result.exit_code == 0, result.output
    [line] = result.stdout.splitlines()
    answer = json.loads(line)
    assert list(answer) == [
        *("url", "verdict", "reason", "title", "source", "authors"),
        *("published", "language", "text", "summary", "section", "lines"),
    ]
    assert (answer["verdict"], answer["source"], answer["authors"]) == ("fine", "小满实验室", ["沈小满"])
    assert answer["summary"]


def test_the_file_may_be_packed(command: typer.Typer, tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress((PAGES / "github_repository.html").read_bytes()))

    result = CliRunner().invoke(
        command, ["https://github.com/tiny-ears/kws", "--html", str(packed), "--json"]
    )

    answer = json.loads(result.stdout)
    assert (answer["title"], answer["section"]) == (
        "tiny-ears/kws: Keyword spotting for coin cells",
        "projects",
    )


def test_a_page_without_an_article_has_a_verdict_and_no_text(command: typer.Typer) -> None:
    result = CliRunner().invoke(command, [WECHAT, "--html", str(PAGES / "wechat_deleted.html"), "--json"])

    answer = json.loads(result.stdout)
    assert (answer["verdict"], answer["reason"], answer["text"]) == ("gone", "deleted-by-author", None)


def test_an_address_inside_is_refused(command: typer.Typer) -> None:
    result = CliRunner().invoke(command, ["http://127.0.0.1:1/", "--json"])

    assert json.loads(result.stdout)["reason"] == "private-address"


def test_a_person_gets_it_readable(command: typer.Typer) -> None:
    result = CliRunner().invoke(command, [WECHAT, "--html", str(PAGES / "wechat_article.html")])

    assert result.exit_code == 0
    assert "把关键词识别装进一枚纽扣电池" in result.stdout


def test_what_is_no_link_is_said(command: typer.Typer) -> None:
    result = CliRunner().invoke(command, ["hello"])

    assert isinstance(result.exception, NotALinkError)


def manifest(folder: Path, *lines: object) -> Path:
    """Write a manifest; what is no text already becomes JSON."""
    file = folder / "manifest.jsonl"
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(written) + "\n", errors="surrogatepass")
    return file


def batch(command: typer.Typer, file: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, ["--batch", str(file), "--json"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_batch_is_answered_in_its_order_as_single_pages_are(command: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "wechat.html").write_bytes((PAGES / "wechat_article.html").read_bytes())
    (tmp_path / "packed").mkdir()
    packed = tmp_path / "packed" / "blog.gz"
    packed.write_bytes(gzip.compress((PAGES / "blog_english.html").read_bytes()))
    blog = "https://bench.test/sleep"
    file = manifest(
        tmp_path,
        *({"url": f"{WECHAT}?{number}", "html_file": "wechat.html"} for number in range(5)),
        {"url": blog, "html_file": "packed/blog.gz", "text": "what else a line says is its own"},
    )

    answers = batch(command, file)

    assert [answer["url"] for answer in answers] == [*(f"{WECHAT}?{number}" for number in range(5)), blog]
    assert {answer["title"] for answer in answers[:5]} == {"把关键词识别装进一枚纽扣电池"}
    alone = CliRunner().invoke(command, [blog, "--html", str(packed), "--json"])
    assert json.loads(alone.stdout) == answers[5]


def test_a_line_that_cannot_be_read_is_answered_and_stops_nothing(
    command: typer.Typer, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_bytes((PAGES / "wechat_article.html").read_bytes())
    (tmp_path / "broken.gz").write_bytes(gzip.compress(b"<p>x</p>" * 99)[:20])
    (tmp_path / "false.gz").write_bytes(b"\x1f\x8b what")
    (tmp_path / "big.gz").write_bytes(gzip.compress(b"<p>" * 4_000_000))
    file = manifest(
        tmp_path,
        {"url": WECHAT, "html_file": "missing.html"},
        {"url": WECHAT, "html_file": "broken.gz"},
        {"url": WECHAT, "html_file": "false.gz"},
        {"url": WECHAT, "html_file": "big.gz"},
        {"url": WECHAT, "html_file": "."},
        {"url": WECHAT, "html_file": "a\0b"},
        "not json",
        "[" * 100_000,
        "[1, 2]",
        {"html_file": "page.html"},
        {"url": 7, "html_file": "page.html"},
        {"url": WECHAT, "html_file": 7},
        {"url": "hello", "html_file": "page.html"},
        {"url": "http://[", "html_file": "page.html"},
        "",
        {"url": WECHAT + "/\ud800", "html_file": "page.html"},
        {"url": "http://127.0.0.1:1/"},
        {"url": WECHAT, "html_file": "page.html"},
    )

    answers = batch(command, file)

    assert [(answer["verdict"], answer["reason"]) for answer in answers[:14]] == [
        *(("unreadable", "no-file"), ("unreadable", "broken-file"), ("unreadable", "broken-file")),
        *(("too-big", "body-size"), ("unreadable", "no-file"), ("unreadable", "no-file")),
        *((("unreadable", "bad-line"),) * 6),
        *((("unreadable", "not-a-web-address"),) * 2),
    ]
    assert len(answers) == 17
    assert answers[15]["reason"] == "private-address"
    assert answers[16]["verdict"] == "fine"
    assert all(list(answer) == list(answers[16]) for answer in answers)


def test_a_manifest_that_is_not_there_is_said(command: typer.Typer, tmp_path: Path) -> None:
    for missing in (tmp_path / "nothing.jsonl", tmp_path):
        result = CliRunner().invoke(command, ["--batch", str(missing), "--json"])

        assert isinstance(result.exception, DeskError)
        assert str(missing) in str(result.exception)


def test_a_batch_and_a_page_are_not_read_together(command: typer.Typer, tmp_path: Path) -> None:
    for arguments in ([], [WECHAT, "--batch", str(manifest(tmp_path))]):
        assert CliRunner().invoke(command, arguments).exit_code == 2


async def test_only_some_of_a_long_manifest_is_held_at_a_time(tmp_path: Path) -> None:
    begun = 0

    def lines() -> Iterator[Wanted]:
        nonlocal begun
        for number in range(100_000):
            begun += 1
            yield Wanted(f"https://a.test/{number}", None)

    async def read_one(wanted: Wanted) -> str:
        await asyncio.sleep(0)
        return wanted.url

    found = in_order(lines(), read_one, ahead=50)
    seen = [await anext(found) for _ in range(10)]
    await found.aclose()

    assert seen == [f"https://a.test/{number}" for number in range(10)]
    assert begun <= 61


async def test_pages_of_a_batch_are_fetched_where_no_file_is_named(tmp_path: Path) -> None:
    async with local_web() as site:
        file = manifest(tmp_path, {"url": site.url("/english")}, {"url": site.url("/gone")})
        fetcher = Fetcher(allowed_hosts={site.host})

        found = [reading async for _, reading in read_batch(file, processes=1, fetcher=fetcher)]

    assert [(reading.verdict, reading.reason) for reading in found] == [("fine", ""), ("gone", "http-410")]
