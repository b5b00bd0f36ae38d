"""In one process nobody waits for the next look: whoever stores something wakes those who act on it."""

import asyncio
from pathlib import Path

from bot.newsroom import Newsroom
from storage.people_records import Role
from tests.fakes.newsroom import config_of, signed_in
from tests.fakes.web import local_web


async def test_a_day_goes_by_without_anyone_looking(tmp_path: Path, database_url: str) -> None:
    async with local_web() as site:
        config = config_of(tmp_path, database_url, site.host)
        an_hour = 3600.0
        async with Newsroom(config, look_every=an_hour), signed_in(config, "nora", Role.EDITOR) as nora:
            await asyncio.sleep(0.3)  # the first looks are over
            await nora.say(site.url("/english"))
            card = await nora.card_of(site.url("/english"))
            await nora.react(card["id"], "⚡")
            await nora.until(
                lambda: nora.messages[card["id"]]["card"]["state"] == "slate", "the card redrawn"
            )

            assert "1 added" in await nora.ask("/preview")
            assert "1 added" in await nora.ask("/publish 2020-05-15")
