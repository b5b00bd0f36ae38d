"""`read`: the article as the desk would read it, for a person and for a machine."""

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.reading.link import NotALinkError
from bot.reading_commands import read

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
        *("published", "language", "text", "summary", "section"),
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
