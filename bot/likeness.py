"""The same article at another address, and the same text in another article."""

from collections.abc import Mapping
from typing import Any

from bot.hearing import DeskSettings
from bot.reading.link import NotALinkError, link
from storage.database import Session
from storage.records import Story
from storage.stories import add_link


async def join_addresses(session: Session, story: Story, read: Mapping[str, Any]) -> None:
    """Let the addresses that the page gives as its own name the story too, unless another story has them."""
    for address in (read["final_url"], *read.get("aliases", ())):
        try:
            await add_link(session, story, link(address).key)
        except NotALinkError:
            continue


async def compare_text(
    session: Session, settings: DeskSettings, story: Story, read: Mapping[str, Any]
) -> None:
    """Look for a story with the same text."""
