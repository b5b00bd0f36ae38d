"""An issue in pieces, and the pieces in as few parts as WeChat's limit allows, cut where a reader would."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from renderers.issue_view import IssueView, StoryView
from renderers.markdown import clean
from renderers.outputs.cutting import cut
from renderers.outputs.seen import seen_blocks, seen_line, seen_spans
from renderers.outputs.wechat_html import HostedPicture, html_units
from renderers.prose import Block, Span

_PIECE = 3000
"""Units of a piece at most, as set; only a link with a very long address takes more."""
AT_SECTION, AT_STORY, AT_BLOCK = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of an issue, or a picture in its stead.

    `border` says what begins with it, `section` under which heading it stands.
    """

    block: Block
    border: int = AT_BLOCK
    section: str = ""
    picture: HostedPicture | None = None


def pieces(issue: IssueView, pictures: Mapping[str, str]) -> tuple[Piece, ...]:
    """Return an issue piece by piece: tagline, lead, shorts, then the stories of each section.

    `pictures` are the addresses at which WeChat keeps pictures, by their paths; others are left out.
    """
    found: list[Piece] = []
    for blocks in _opening(issue):
        found += _in_pieces(blocks, "", AT_STORY if found else AT_SECTION)
    for section in issue.sections:
        heading = seen_line(section.heading)
        for number, story in enumerate(section.stories):
            found += _in_pieces(_story(story), heading, AT_STORY if number else AT_SECTION)
            found += _pictures(story, heading, pictures)
    return tuple(found)


def _in_pieces(blocks: Iterator[Block], section: str, border: int) -> Iterator[Piece]:
    for block in blocks:
        for number, spans in enumerate(cut(block.spans, _PIECE, html_units)):
            mark = "" if number else block.mark
            yield Piece(replace(block, spans=spans, mark=mark), border, section)
            border = AT_BLOCK
        if block.kind == "rule":
            yield Piece(block, border, section)
            border = AT_BLOCK


def _opening(issue: IssueView) -> Iterator[Iterator[Block]]:
    """Give what stands before the first section: tagline, lead, shorts."""
    tagline = seen_line(issue.masthead.tagline)
    yield iter([Block("paragraph", (Span(tagline, bold=True),))] if tagline else [])
    yield (
        replace(block, kind="quote", level=1) if block.kind == "paragraph" else block
        for block in seen_blocks(issue.lead)
    )
    yield (Block("item", spans, 1, "•") for short in issue.shorts if (spans := seen_spans(short)))


def _story(story: StoryView) -> Iterator[Block]:
    """Give a story's blocks: its title with tags and source, its lines of labels, its summary."""
    tags = "".join(f"[{tag}] " for tag in map(seen_line, story.tags) if tag)
    title = seen_spans(story.title) or (Span(seen_line(story.source) or story.url or "—"),)
    linked = [replace(span, bold=True, url=story.url or span.url) for span in title]
    source = seen_line(story.source) if seen_spans(story.title) else ""
    end = [Span(f" | {source}")] if source else []
    yield Block("paragraph", (*([Span(tags)] if tags else []), *linked, *end))
    for label, value in story.meta:
        if spans := seen_spans(value):
            yield Block("paragraph", (Span(f"{seen_line(label)}："), *spans))
    yield from seen_blocks(story.summary)


def _pictures(story: StoryView, section: str, pictures: Mapping[str, str]) -> Iterator[Piece]:
    """Give a story's pictures as far as WeChat keeps them, as on the site: below its summary."""
    for one in story.pictures:
        if address := pictures.get(one.path):
            shown = HostedPicture(address, seen_line(story.title) or "—", clean(one.credit))
            yield Piece(Block("paragraph"), AT_BLOCK, section, shown)


def packed(found: Sequence[Piece], price: Callable[[Piece], int], room: int) -> tuple[tuple[Piece, ...], ...]:
    """Return pieces in as few parts as hold at most `room` each, of about the same size.

    They are cut between sections where that needs no more parts, else between stories, else anywhere. No
    piece may cost more than the room.
    """
    prices = {id(piece): price(piece) for piece in found}  # each is asked for many times

    def cost(piece: Piece) -> int:
        return prices[id(piece)]

    fewest = len(_filled(_groups(found, AT_BLOCK), cost, room))
    for border in (AT_SECTION, AT_STORY, AT_BLOCK):
        groups = _groups(found, border)
        largest = max(sum(map(cost, group)) for group in groups)
        if largest <= room and len(_filled(groups, cost, room)) == fewest:
            return _even(groups, cost, largest, room)
    raise ValueError(f"a piece costs more than {room}")


def _groups(found: Sequence[Piece], border: int) -> list[tuple[Piece, ...]]:
    """Return the pieces between which no cut is made."""
    groups: list[list[Piece]] = []
    for piece in found:
        if not groups or piece.border <= border:
            groups.append([])
        groups[-1].append(piece)
    return [tuple(group) for group in groups]


def _filled(
    groups: Sequence[tuple[Piece, ...]], cost: Callable[[Piece], int], room: int
) -> list[tuple[Piece, ...]]:
    """Fill one part after the other."""
    parts: list[tuple[Piece, ...]] = []
    used = 0
    for group in groups:
        price = sum(map(cost, group))
        if parts and used + price <= room:
            parts[-1] += group
        else:
            parts.append(group)
            used = 0
        used += price
    return parts


def _even(
    groups: Sequence[tuple[Piece, ...]], cost: Callable[[Piece], int], smallest: int, room: int
) -> tuple[tuple[Piece, ...], ...]:
    """Find the least room that needs no more parts, so that the last part is no crumb."""
    count, low, high = len(_filled(groups, cost, room)), smallest, room
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(_filled(groups, cost, middle)) <= count else (middle + 1, high)
    return tuple(_filled(groups, cost, low))
