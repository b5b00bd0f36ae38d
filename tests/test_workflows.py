"""The durable steps in the real engine: pages of every kind are read, issues committed and taken back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Config
from bot.newsroom import Newsroom
from bot.tour.visitor import Message, Visitor
from storage.people_records import Role
from tests.fakes.newsroom import config_of, git, signed_in
from tests.fakes.web import LocalWeb, local_web


@pytest.fixture
async def site() -> AsyncIterator[LocalWeb]:
    async with local_web() as site:
        yield site


@pytest.fixture
def config(tmp_path: Path, database_url: str, site: LocalWeb) -> Config:
    return config_of(tmp_path, database_url, site.host)


@pytest.fixture
async def nora(config: Config) -> AsyncIterator[Visitor]:
    """An editor in the room of a running newsroom."""
    async with Newsroom(config), signed_in(config, "nora", Role.EDITOR) as visitor:
        yield visitor


def shown(visitor: Visitor, site: LocalWeb, path: str) -> Message:
    """What the card of a page shows."""
    [card] = [m["card"] for m in visitor.cards() if m["card"]["url"] == site.url(path)]
    found: Message = card
    return found


async def cards_of(visitor: Visitor, count: int) -> None:
    await visitor.until(lambda: len(visitor.cards()) == count, f"{count} cards", 60)


async def test_pages_of_every_kind_end_in_a_card_that_says_what_to_do(nora: Visitor, site: LocalWeb) -> None:
    paths = (
        "/english",
        "/chinese",
        "/gbk",
        "/moved",
        "/login",
        "/verification",
        "/gone",
        "/picture",
        "/slow",
    )
    odd = ("/inside", "/control-characters", "/flapping")

    await nora.say(" ".join(site.url(path) for path in (*paths, *odd)))
    await cards_of(nora, len(paths) + len(odd))

    assert shown(nora, site, "/english")["title"] == "The reeds keep time"
    assert shown(nora, site, "/english")["source"] == "Marsh Weekly"
    assert "reed" in shown(nora, site, "/english")["summary"]
    for path in ("/chinese", "/gbk"):
        assert (shown(nora, site, path)["title"], shown(nora, site, path)["language"]) == (
            "芦苇也会看时间",
            "zh",
        )
    assert shown(nora, site, "/moved")["title"] == "The reeds keep time"
    assert shown(nora, site, "/slow")["title"] == "The snails keep time"
    assert "many words" in shown(nora, site, "/control-characters")["summary"]
    for path, said in (
        ("/login", "login"),
        ("/verification", "person is reading"),
        ("/gone", "taken the page down"),
        ("/picture", "It is a file"),
        ("/inside", "inside a private network"),
        ("/flapping", "/retry"),
    ):
        assert said in shown(nora, site, path)["problem"], path

    number = shown(nora, site, "/flapping")["number"]
    await nora.say(f"/retry {number}")
    await nora.until(lambda: not shown(nora, site, "/flapping")["problem"], "the page read", 30)
    assert shown(nora, site, "/flapping")["title"] == "The geese keep time"


async def test_a_pasted_article_is_read_like_a_page(nora: Visitor, site: LocalWeb) -> None:
    await nora.say(site.url("/login"))
    await cards_of(nora, 1)

    words = "Herons stand still for 40 minutes. Then they do not. The fish has no say in the matter at all."
    await nora.say(f"/text 1 # How herons fish\n\n{words}\n\n{words.replace('Herons', 'Storks')}")

    await nora.until(lambda: bool(shown(nora, site, "/login")["summary"]), "a summary", 30)
    assert "40 minutes" in shown(nora, site, "/login")["summary"]


async def test_an_issue_is_previewed_committed_and_taken_back(
    nora: Visitor, site: LocalWeb, config: Config
) -> None:
    await nora.say(site.url("/english"))
    card = await nora.card_of(site.url("/english"))
    await nora.react(card["id"], "⚡")
    await nora.until(lambda: shown(nora, site, "/english")["state"] == "slate", "the story on the slate")
    begun = git(config, "rev-parse", "main")

    assert "1 added" in await nora.ask("/preview")
    assert git(config, "rev-parse", "main") == begun

    assert "1 added" in await nora.ask("/publish 2020-05-15")
    published = git(config, "rev-parse", "main")
    assert git(config, "rev-list", "--count", f"{begun}..main") == "1"
    assert "The reeds keep time" in git(config, "show", "main:issues/2020-05-15.md")
    assert "Issue: 2020-05-15" in git(config, "log", "-1", "--format=%B", "main")

    assert "nothing new to commit" in await nora.ask("/publish 2020-05-15")
    assert git(config, "rev-parse", "main") == published

    under_way = await nora.say("/undo publish")
    await nora.until(
        lambda: any(
            m["text"].startswith("Taken back")
            for m in nora.messages.values()
            if m["reply_to"] and m["reply_to"]["id"] == under_way
        ),
        "the publish taken back",
        30,
    )
    assert git(config, "rev-list", "--count", f"{begun}..main") == "2"
    assert git(config, "rev-parse", "main^{tree}") == git(config, "rev-parse", f"{begun}^{{tree}}")
    assert shown(nora, site, "/english")["state"] in ("slate", "drafted")


async def test_an_issue_is_seen_released_and_taken_back(
    nora: Visitor, site: LocalWeb, config: Config
) -> None:
    await nora.say(site.url("/english"))
    card = await nora.card_of(site.url("/english"))
    await nora.react(card["id"], "⚡")
    await nora.until(lambda: shown(nora, site, "/english")["state"] == "slate", "the story on the slate")
    await nora.ask("/publish 2020-05-13")
    drafted = git(config, "rev-parse", "main")

    assert "issues/2020-05-13.md becomes issues/2020-05-15.md" in await nora.ask("/release 2020-05-15")
    assert git(config, "rev-parse", "main") == drafted

    # The site of this test is on this machine, where readers cannot go: an error.
    released = await nora.say("/release 2020-05-15 anyway")
    await answered(nora, released, "Released 2020-05-15")
    assert git(config, "rev-list", "--count", f"{drafted}..main") == "1"
    assert "issues/2020-05-15.md" in git(config, "show", "main:README.md")

    taken_back = await nora.say("/unrelease")
    await answered(nora, taken_back, "is a draft again")
    assert git(config, "rev-parse", "main^{tree}") == git(config, "rev-parse", f"{drafted}^{{tree}}")


async def answered(visitor: Visitor, message: int, beginning: str) -> None:
    """Wait for an answer to a message."""
    await visitor.until(
        lambda: any(
            beginning in m["text"]
            for m in visitor.messages.values()
            if m["reply_to"] and m["reply_to"]["id"] == message
        ),
        beginning,
        30,
    )
