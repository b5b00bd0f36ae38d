"""The same article at another address, and the same text in another article. Found here; never decided.

The rules, as an editor would read them:

- Where a link leads, and the addresses that a page gives as its own on its own site, name the story too.
- Another site's address that a page gives as its own is a claim. It names nothing: else any page could take
  a link that somebody is yet to pitch. It is told where nothing speaks against it.
- Texts are the same from a likeness of 0.3, similar from 0.2. Where two stories have texts, these outweigh
  what addresses say.
- Of two stories that are alike the one read later says so, once.
- Of several the one that ran is told, then one that is open, then the likest, then the oldest.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.reading.link import Link, NotALinkError, link
from bot.reading.spelling.address import is_front_page, is_same_site
from bot.reading.text_signature import SAME, SIMILAR, bands_of, likeness_of
from storage.database import Session
from storage.likeness import (
    Candidate,
    candidates,
    forget_signature,
    keep_signature,
    owner_of,
    part_from,
    signature_of,
    stories_in_bands,
)
from storage.records import Story, StoryStatus
from storage.stories import add_link, touch
from storage.upsert import count_up

BY_ADDRESS, BY_CLAIM = 1.0, 0.0
"""Likenesses of stories whose texts cannot be compared: one address leads to both, or one page says so."""
_MOST_OF_A_BAND, _MOST_COMPARED = 100, 50
_MOST_ALIASES = 8


async def find_duplicate(session: Session, story: Story, read: Mapping[str, Any]) -> None:
    """Let a page's addresses and text name the story, and note which other story it is the same as.

    One reading of a desk after another: so one of two sees the other, and two pages that give the same
    addresses don't wait for each other.
    """
    await count_up(session, f"signatures:{story.desk}")
    named = await _join_addresses(session, story, read)
    signature = bytes.fromhex(read.get("signature") or "")
    await _renew_signature(session, story, signature)
    twin = _best(await _alike(session, story, signature, named))
    story.same_as, story.likeness = (twin[0].id, twin[1]) if twin else (None, 0.0)


async def forget_text(session: Session, story: Story) -> None:
    """Forget what a story's text was like: it has another link now."""
    await _renew_signature(session, story, b"")
    story.same_as, story.likeness = None, 0.0
    for parted in await part_from(session, story.id):
        await touch(session, parted)


async def _join_addresses(session: Session, story: Story, read: Mapping[str, Any]) -> dict[int, float]:
    """Give a story its page's addresses; return the other stories that have one, and how sure that is."""
    own = [(read["final_url"], True)]
    own += [(alias, _is_its_own(alias, story.url, read)) for alias in read.get("aliases", ())[:_MOST_ALIASES]]
    named: dict[int, float] = {}
    for address, is_its_own in own:
        one = _joinable(address)
        if one is None or (is_its_own and await add_link(session, story, one.key)):
            continue
        owner = await owner_of(session, story.desk, one.key)
        if owner not in (None, story.id):
            sureness = BY_ADDRESS if is_its_own else BY_CLAIM
            named[owner] = max(sureness, named.get(owner, BY_CLAIM))
    return named


def _is_its_own(alias: str, url: str, read: Mapping[str, Any]) -> bool:
    return is_same_site(alias, url) or is_same_site(alias, read["final_url"])


def _joinable(address: str) -> Link | None:
    """Return an address that can name a story: no front page, to which many lead, nor one that expires."""
    try:
        one = link(address)
    except NotALinkError:
        return None
    return None if one.temporary or is_front_page(one.url) else one


async def _renew_signature(session: Session, story: Story, signature: bytes) -> None:
    known = await signature_of(session, story.id)
    if known == signature:
        return
    if known:
        await forget_signature(session, story.id, bands_of(known, story.desk))
    if signature:
        await keep_signature(session, story.id, signature, bands_of(signature, story.desk))


async def _alike(
    session: Session, story: Story, signature: bytes, named: Mapping[int, float]
) -> list[tuple[Candidate, float]]:
    """Return the stories with a text like this one, and those named by address that have none to compare."""
    bands = bands_of(signature, story.desk) if signature else []
    found = await stories_in_bands(session, bands, besides=story.id, limit=_MOST_OF_A_BAND) if bands else []
    ids = {*named, *likeliest(found, most=_MOST_COMPARED)}
    alike = []
    for other in await candidates(session, story.desk, ids) if ids else ():
        if other.same_as == story.id:
            continue  # it says so itself
        if signature and other.signature:
            likeness = likeness_of(signature, other.signature)
            if likeness >= SIMILAR:
                alike.append((other, likeness))
        elif other.id in named:
            alike.append((other, named[other.id]))
    return alike


def likeliest(found: Iterable[Sequence[int]], *, most: int) -> list[int]:
    """Return the stories that share the rarest bands, the likeliest first; `found` are those in each band.

    A band full of stories is boilerplate, and says little of any of them.
    """
    weights: dict[int, float] = {}
    for stories in found:
        for story_id in stories:
            weights[story_id] = weights.get(story_id, 0.0) + 1 / len(stories)
    return sorted(weights, key=lambda story_id: (-weights[story_id], story_id))[:most]


def _best(alike: Iterable[tuple[Candidate, float]]) -> tuple[Candidate, float] | None:
    def rank(found: tuple[Candidate, float]) -> tuple[bool, bool, bool, float, int]:
        other, likeness = found
        ran, spiked = other.status == StoryStatus.PUBLISHED, other.status == StoryStatus.SPIKED
        return (likeness >= SAME, ran, not spiked, likeness, -other.id)

    return max(alike, key=rank, default=None)
