"""The same text at another address, the same page under several: what the card says, what it never does."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Desk
from bot.likeness import find_duplicate, likeliest
from bot.reading.link import link
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.text_signature import BANDS, bands_of, text_signature
from storage.database import Session
from storage.likeness import keep_signature, owner_of, signature_of, stories_in_bands
from storage.reading_records import SignatureBand
from storage.stories import story_by_number
from storage.upsert import insert_new_many
from tests.fakes.articles import chinese, english, reposted
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom
from tests.past_issue import ran_before

MOON, COPY, OTHER = "https://site.test/moon", "https://mirror.test/moon", "https://site.test/sun"
SHORT = "https://mp.weixin.qq.com/s/62Ea5iFqWxYz"
LONG = "https://mp.weixin.qq.com/s?__biz=MzA5MzQx&mid=26510&idx=1&sn=aa"


def article(title: str, text: str = "", **found: Any) -> dict[str, Any]:
    """What the reader's first step returns for a page with this text."""
    return reading(title, summary="In short.") | {"signature": text_signature(text).hex(), **found}


def remarks(room: FakeRoom, story: int) -> Sequence[str]:
    return room.card_of(story).remarks


async def owner(desk: Desk, url: str) -> int | None:
    async with desk.database.reading() as session:
        return await owner_of(session, desk.settings.name, link(url).key)


async def bands_kept(session: Session, text: str) -> int:
    """How many bands of a text are in the index, under whichever story."""
    bands = bands_of(text_signature(text), "gazette")
    return sum(map(len, await stories_in_bands(session, bands, besides=0, limit=10)))


# The same text


async def test_a_repost_says_which_story_it_is_and_how_to_make_one_of_both(
    desk: Desk, room: FakeRoom
) -> None:
    room.pages.found = {MOON: article("Moon", chinese(1)), COPY: article("月亮", reposted(chinese(1)))}

    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)

    assert remarks(room, 1) == ()
    assert remarks(room, 2) == ("Same text as #1, waiting. Editors can merge: /merge 2 1",)


async def test_whichever_is_read_later_says_so(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: reading(verdict="gone"), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)
    assert remarks(room, 2) == ()

    room.pages.found[MOON] = article("Moon", english(1))
    await room.ask(desk, "ada", "/retry 1")

    assert remarks(room, 1) == ("Same text as #2, waiting. Editors can merge: /merge 1 2",)
    assert remarks(room, 2) == ()


async def test_reading_the_earlier_one_again_makes_no_second_remark(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)

    await room.ask(desk, "ada", "/retry 1")
    await room.ask(desk, "ada", "/retry 2")

    assert (remarks(room, 1), len(remarks(room, 2))) == ((), 1)


async def test_of_two_that_are_read_at_the_same_moment_one_says_so(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {url: reading(verdict="gone") for url in (MOON, COPY)}
    await room.write(desk, "ada", f"{MOON} {COPY}")

    both = asyncio.Barrier(2)

    async def settle(number: int) -> int | None:
        async with desk.database.transaction() as session:
            story = await story_by_number(session, "gazette", number)
            assert story is not None
            if not desk.database.is_sqlite:  # which lets one write at a time
                await both.wait()
            await find_duplicate(session, story, article("Moon", english(1), final_url=story.url))
            return story.same_as

    assert sorted([one is None for one in await asyncio.gather(settle(1), settle(2))]) == [False, True]


async def test_pages_read_at_the_same_moment_may_give_the_same_addresses(desk: Desk, room: FakeRoom) -> None:
    """Each in its own order: they would wait for each other for ever, and the database end one of them."""
    urls = [f"https://site.test/{number}" for number in range(4)]
    aliases = [f"https://site.test/of-all/{number}" for number in range(4)]
    room.pages.found = {url: reading(verdict="gone") for url in urls}
    await room.write(desk, "ada", " ".join(urls))

    async def settle(number: int) -> None:
        given = aliases[number:] + aliases[:number]
        async with desk.database.transaction() as session:
            story = await story_by_number(session, "gazette", number + 1)
            assert story is not None
            await find_duplicate(session, story, article("Moon", aliases=given, final_url=story.url))

    for _ in range(3):
        await asyncio.gather(*(settle(number) for number in range(4)))

    assert len({await owner(desk, alias) for alias in aliases}) == 1


async def test_a_repost_of_what_ran_names_the_issue(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, MOON, "Moon")
    async with desk.database.transaction() as session:
        ran = await story_by_number(session, "gazette", 1)
        assert ran is not None
        signature = text_signature(english(1))
        await keep_signature(session, ran.id, signature, bands_of(signature, "gazette"))
    room.pages.found[COPY] = article("Copy", reposted(english(1)))

    await room.write(desk, "ben", COPY)

    [remark] = remarks(room, 2)
    assert remark.startswith("Same text as #1, ran in 2020-04-30 under News.")


async def test_a_spiked_story_is_named_with_its_reason_and_nothing_is_offered(
    desk: Desk, room: FakeRoom
) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "nora", "/spike 1 an advertisement")

    await room.write(desk, "ben", COPY)

    assert remarks(room, 2) == ("Same text as #1, spiked: an advertisement",)


async def test_a_part_in_common_is_similar_and_other_texts_are_not(desk: Desk, room: FakeRoom) -> None:
    shared = english(23, sentences=18)
    room.pages.found = {
        MOON: article("Moon", shared + english(24)),
        COPY: article("Series", shared + english(25)),
        OTHER: article("Sun", english(6)),
    }

    for url in (MOON, COPY, OTHER):
        await room.write(desk, "ada", url)

    assert remarks(room, 2) == ("Similar to #1, waiting",)
    assert remarks(room, 3) == ()


async def test_of_several_the_one_that_is_open_is_named(desk: Desk, room: FakeRoom) -> None:
    third = "https://third.test/moon"
    room.pages.found = {url: article("Moon", english(1)) for url in (MOON, COPY, third)}
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "nora", "/spike 1 old")
    await room.write(desk, "ada", COPY)

    await room.write(desk, "ada", third)

    assert remarks(room, 3)[0].startswith("Same text as #2, waiting.")


async def test_what_became_of_the_other_story_shows_when_the_card_is_drawn(
    desk: Desk, room: FakeRoom
) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)
    await room.approve(desk, 1)

    await room.react(desk, "ben", "👎", story=2)

    assert remarks(room, 2)[0].startswith("Same text as #1, on the slate under News.")


# What is in the index, and what is not


async def test_a_bad_page_is_never_compared(desk: Desk, room: FakeRoom) -> None:
    wall = {"signature": text_signature(english(1)).hex(), "aliases": [OTHER]}
    room.pages.found = {MOON: reading(verdict="login") | wall, COPY: reading(verdict="verification") | wall}

    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)

    assert (remarks(room, 1), remarks(room, 2)) == ((), ())
    assert await owner(desk, OTHER) is None
    async with desk.database.reading() as session:
        assert await bands_kept(session, english(1)) == 0


async def test_a_pasted_article_is_compared(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: reading(verdict="login")}
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)

    room.pages.pasted = article("Copy", english(1))
    await room.ask(desk, "ben", "/text 2 what ben has pasted")

    assert remarks(room, 2)[0].startswith("Same text as #1")


async def test_another_link_makes_both_forget_the_old_text(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)

    room.pages.found[OTHER] = article("Sun", english(2))
    await room.ask(desk, "ada", f"/amend 1 url {OTHER}")
    assert remarks(room, 2) == ()

    await room.ask(desk, "ada", "/undo")
    assert remarks(room, 1)[0].startswith("Same text as #2")


async def test_a_text_that_changes_is_found_by_what_it_says_now(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = article("Moon", english(1))
    await room.write(desk, "ada", MOON)
    room.pages.found[MOON] = article("Moon", english(2))
    await room.ask(desk, "ada", "/retry 1")

    async with desk.database.reading() as session:
        assert await signature_of(session, (await owner(desk, MOON)) or 0) == text_signature(english(2))
        assert await bands_kept(session, english(2)) == BANDS
        assert await bands_kept(session, english(1)) == 0


async def test_thousands_of_pages_of_one_template_hide_no_repost(desk: Desk, room: FakeRoom) -> None:
    """Of each band the newest hundred are looked at; the bands that are the text's own still lead to it."""
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", reposted(english(1)))}
    await room.write(desk, "ada", MOON)
    boilerplate = bands_of(text_signature(reposted(english(1))), "gazette")[:56]
    crowd = [{"value": band, "story_id": 10**6 + n} for band in boilerplate for n in range(150)]
    async with desk.database.transaction() as session:
        await insert_new_many(session, SignatureBand, crowd)

    await room.write(desk, "ben", COPY)

    assert remarks(room, 2)[0].startswith("Same text as #1")


def test_a_rare_band_weighs_more_than_many_full_ones() -> None:
    crowd = list(range(100, 200))

    assert likeliest([crowd, crowd, crowd, [7]], most=2) == [7, 100]
    assert likeliest([], most=5) == []


@given(st.lists(st.lists(st.integers(1, 30), unique=True, max_size=8), max_size=12), st.randoms())
def test_the_likeliest_are_the_same_in_whatever_order_bands_are_given(found: Any, chance: Any) -> None:
    shuffled = [chance.sample(stories, len(stories)) for stories in chance.sample(found, len(found))]

    assert set(likeliest(shuffled, most=99)) == set(likeliest(found, most=99))


# The same page under several addresses


async def test_the_long_link_of_a_short_one_is_the_same_story(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[SHORT] = article("Moon", english(1), aliases=[LONG])
    await room.write(desk, "ada", SHORT)

    answer = await room.ask(desk, "ben", LONG)

    assert answer.startswith("That is #1 already")


async def test_two_links_pitched_before_they_were_read_are_found_to_be_one(
    desk: Desk, room: FakeRoom
) -> None:
    room.pages.found = {SHORT: reading(verdict="gone"), LONG: article("Moon", aliases=[SHORT])}
    await room.write(desk, "ada", SHORT)
    await room.write(desk, "ben", LONG)
    assert remarks(room, 2) == ("Same text as #1, waiting. Editors can merge: /merge 2 1",)

    room.pages.found[SHORT] = article("Moon", aliases=[LONG])
    await room.ask(desk, "ada", "/retry 1")

    assert (remarks(room, 1), len(remarks(room, 2))) == ((), 1)


async def test_where_a_link_leads_names_the_story_too(desk: Desk, room: FakeRoom) -> None:
    room.pages.found["https://short.test/x1"] = article("Moon", final_url=MOON)
    await room.write(desk, "ada", "https://short.test/x1")

    assert (await room.ask(desk, "ben", MOON)).startswith("That is #1 already")


async def test_a_front_page_names_no_story_nor_does_what_is_no_link(desk: Desk, room: FakeRoom) -> None:
    claims = ["https://site.test", "javascript:alert(1)", "x", "https://[", "https://a.test/" + "x" * 9000]
    front: dict[str, Any] = {"final_url": "https://site.test/", "aliases": claims}
    room.pages.found = {url: article(url, **front) for url in (MOON, OTHER)}

    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", OTHER)

    assert (remarks(room, 1), remarks(room, 2)) == ((), ())


async def test_a_page_cannot_take_another_sites_link(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[COPY] = article("Thief", english(2), aliases=[MOON])
    await room.write(desk, "eve", COPY)

    room.pages.found[MOON] = article("Moon", english(1))
    await room.write(desk, "ada", MOON)

    assert await owner(desk, MOON) != await owner(desk, COPY)
    assert room.card_of(2).title == "Moon"
    assert remarks(room, 2) == ()


async def test_a_claim_is_told_where_no_text_speaks_against_it(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", aliases=[MOON])}
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", COPY)
    assert remarks(room, 2)[0].startswith("The page says that it is #1, waiting")

    room.pages.found[COPY] = article("Copy", english(2), aliases=[MOON])
    await room.ask(desk, "ben", "/retry 2")
    assert remarks(room, 2) == ()


async def test_a_canonical_address_that_a_whole_site_shares_makes_no_duplicates(
    desk: Desk, room: FakeRoom
) -> None:
    blog = "https://site.test/blog"
    room.pages.found = {
        MOON: article("Moon", english(1), aliases=[blog]),
        OTHER: article("Sun", english(2), aliases=[blog]),
    }

    await room.write(desk, "ada", MOON)
    await room.write(desk, "ben", OTHER)

    assert (remarks(room, 1), remarks(room, 2)) == ((), ())


def test_a_page_gives_its_canonical_address_and_that_of_its_preview() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in english(9).splitlines())
    markup = (
        '<html><head><link rel="Canonical" href="/boats"><link rel=canonical href="ftp://site.test/x">'
        '<meta property="og:url" content="https://m.site.test/boats?utm_source=a"></head>'
        f"<body><article><h1>Boats</h1>{paragraphs}</article></body></html>"
    )
    url = "https://www.site.test/boats?id=1"

    found = read_page(Page(url, url, 200, "text/html", "utf-8", markup.encode())).article

    assert found is not None
    assert found.aliases == ("https://www.site.test/boats", "https://m.site.test/boats?utm_source=a")
