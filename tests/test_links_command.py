"""`python -m bot links`: lists of links, each in its one spelling."""

import json

from typer.testing import CliRunner

from bot.cli import app
from bot.links_command import spellings

GIVEN = """http://mp.weixin.qq.com/s/62Ea5iF?scene=1#rd
https://www.a.test/moon/?utm_source=x
not a link

https://a.test/moon
https://arxiv.org/pdf/2005.01234v2.pdf
https://a.test/嵌入式"""
LINKS = [
    "https://mp.weixin.qq.com/s/62Ea5iF",
    "https://a.test/moon",
    None,
    None,
    "https://a.test/moon",
    "https://arxiv.org/abs/2005.01234",
    "https://a.test/%E5%B5%8C%E5%85%A5%E5%BC%8F",
]


def test_each_line_is_answered_in_order_by_the_one_spelling() -> None:
    printed = CliRunner().invoke(app, ["links", "--json"], input=GIVEN)

    assert printed.exit_code == 0
    answers = [json.loads(line) for line in printed.stdout.splitlines()]
    assert [answer["given"] for answer in answers] == GIVEN.split("\n")
    assert [answer["link"] for answer in answers] == LINKS


def test_a_person_gets_the_spellings_alone() -> None:
    printed = CliRunner().invoke(app, ["links"], input=GIVEN)

    assert printed.stdout.split("\n")[:-1] == [link or "" for link in LINKS]


def test_bytes_that_are_no_text_are_no_link() -> None:
    printed = CliRunner().invoke(app, ["links", "--json"], input=b"\xff\xfe\r\nhttps://a.test/moon\r\n")

    assert [json.loads(line)["link"] for line in printed.stdout.splitlines()] == [None, "https://a.test/moon"]


def test_the_one_spelling_of_the_one_spelling_is_itself() -> None:
    found = [link for _, link in spellings(GIVEN.splitlines()) if link]

    assert [link for _, link in spellings(found)] == found
