"""An issue as articles of a WeChat public account: one, or several parts where it is too long for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from renderers.issue_view import IssueView
from renderers.markdown import clean
from renderers.outputs.output import Fault, Note, Output, file_name
from renderers.outputs.seen import seen_blocks, seen_line
from renderers.outputs.wechat_html import GAP, Notes, blocks_html, heading, picture_html, wrapped
from renderers.outputs.wechat_parts import AT_STORY, Piece, packed, pieces
from renderers.outputs.wechat_rules import CONTENT_LIMIT, content_faults
from renderers.prose import Block
from renderers.shortening import shorten, units

MEDIA_TYPE = "text/html; charset=utf-8"
TITLE_LIMIT, AUTHOR_LIMIT, DIGEST_LIMIT = 32, 16, 128
"""Characters of an article's title, author and digest (WeChat's documentation of draft/add)."""
ARTICLES_LIMIT = 8
"""Articles in one draft."""
_TITLE_IN_NOTE, _NAMED = 40, 12  # units of a story's title, and stories, in the note on pictures
_HEADING_LIMIT = 60  # units of a section's heading
_NO_PICTURES: Mapping[str, str] = MappingProxyType({})
_PART_MARKS = {2: ("（上）", "（下）"), 3: ("（上）", "（中）", "（下）")}


@dataclass(frozen=True, slots=True)
class Article:
    """One article: title and digest are text, `content` is HTML for WeChat's editor or draft/add."""

    title: str
    digest: str
    content: str


def articles(issue: IssueView, pictures: Mapping[str, str] = _NO_PICTURES) -> tuple[Article, ...]:
    """Set an issue as articles, each valid by itself with a list of its own links.

    `pictures` are the addresses at which WeChat keeps the issue's pictures (https, mmbiz.qpic.cn), by their
    paths; the others are left out, for WeChat would show none of them.
    """
    found = pieces(issue, pictures)
    parts = (found,) if units(_content(found)) < CONTENT_LIMIT else _parts(found)
    marks = _marks(len(parts))
    return tuple(
        Article(_title(issue, mark), _digest(issue, part, is_first=number == 0), _content(part))
        for number, (mark, part) in enumerate(zip(marks, parts, strict=True))
    )


def render(issue: IssueView) -> tuple[Output, ...]:
    """Set an issue as HTML files, one for each article; the notes tell the title and the digest."""
    return tuple(
        Output(
            file_name(issue, ".wechat.html", part=number),
            MEDIA_TYPE,
            article.content.encode("utf-8"),
            (*_notes(article), *(_left_out(issue) if number == 1 else ())),
        )
        for number, article in enumerate(articles(issue), 1)
    )


def _notes(article: Article) -> tuple[Note, ...]:
    title = Note("title", f"Title: {article.title}", (("title", article.title),))
    return (title, Note("digest", f"Digest: {article.digest}", (("digest", article.digest),)))


def _left_out(issue: IssueView) -> tuple[Note, ...]:
    """Tell which pictures an editor who pastes must put in by hand: WeChat shows none but those it keeps."""
    pictured = [story for story in issue.stories if story.pictures]
    if not pictured:
        return ()
    titles = [f"“{shorten(seen_line(one.title) or '—', _TITLE_IN_NOTE)}”" for one in pictured[:_NAMED]]
    count, where = sum(len(story.pictures) for story in pictured), ", ".join(titles)
    where += f" … +{len(pictured) - _NAMED}" if len(pictured) > _NAMED else ""
    message = f"Pictures are left out ({count}): put them in with WeChat's editor, below: {where}."
    return (Note("pictures-by-hand", message, (("count", count), ("where", where))),)


def faults(output: Output) -> tuple[Fault, ...]:
    """Check one file."""
    try:
        content = output.text
    except UnicodeDecodeError:
        return (Fault("not-utf-8", "The article is no UTF-8."),)
    return content_faults(content)


def article_faults(article: Article, *, author: str = "") -> tuple[Fault, ...]:
    """Check an article with all that goes with it."""
    limits = (
        ("title", article.title, TITLE_LIMIT),
        ("author", author, AUTHOR_LIMIT),
        ("digest", article.digest, DIGEST_LIMIT),
    )
    found = [
        Fault(f"{name}-too-long", f"The {name} has {units(text)} characters; WeChat takes {limit}.")
        for name, text, limit in limits
        if units(text) > limit
    ]
    if not article.title.strip():
        found.append(Fault("no-title", "The article has no title."))
    return (*found, *content_faults(article.content))


def _content(part: Sequence[Piece]) -> str:
    """Set the pieces of one part, each section under its heading, and the list of links."""
    notes, section = Notes(), ""
    said: list[str] = []
    run: list[Block] = []
    for number, piece in enumerate(part):
        begins_section = piece.section != section or (number == 0 and piece.section)
        if run and (begins_section or piece.border <= AT_STORY):
            said.append(blocks_html(run, notes))
            run = []
        if begins_section:
            said.append(heading(shorten(piece.section, _HEADING_LIMIT)))
        elif number and piece.border <= AT_STORY:
            said.append(GAP)
        section = piece.section
        if piece.picture is None:
            run.append(piece.block)
        else:
            said += [blocks_html(run, notes), picture_html(piece.picture)]
            run = []
    said.append(blocks_html(run, notes))
    return wrapped("".join(said) + notes.html())


def _parts(found: Sequence[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Divide an issue that is too long; a part that begins within a section repeats its heading."""
    room = CONTENT_LIMIT - units(_content(())) - units(heading("&" * _HEADING_LIMIT)) - 200
    return packed(found, _cost, room)


def _cost(piece: Piece) -> int:
    """Return what a piece takes at most, alone in a part with a heading, a gap and its links."""
    notes = Notes()
    content = picture_html(piece.picture) if piece.picture else blocks_html((piece.block,), notes)
    opened = heading(shorten(piece.section, _HEADING_LIMIT)) if piece.border < AT_STORY else GAP
    return units(content) + units(notes.html()) + units(opened) + 10


def _marks(count: int) -> tuple[str, ...]:
    if count == 1:
        return ("",)
    return _PART_MARKS.get(count) or tuple(f"（{number}）" for number in range(1, count + 1))


def _title(issue: IssueView, mark: str) -> str:
    title = seen_line(issue.masthead.name) if not issue.title.strip() else clean(issue.title)
    return shorten(title or issue.date or "—", TITLE_LIMIT - units(mark)) + mark


def _digest(issue: IssueView, part: Sequence[Piece], *, is_first: bool) -> str:
    """Return the lead's text, or the titles of the part's stories."""
    lead = " ".join(block.text for block in seen_blocks(issue.lead)) if is_first else ""
    titles = [_linked_text(piece) for piece in part if piece.section and piece.border <= AT_STORY]
    return shorten(clean(lead) or clean("；".join(titles)), DIGEST_LIMIT)


def _linked_text(piece: Piece) -> str:
    return "".join(span.text for span in piece.block.spans if span.bold)
