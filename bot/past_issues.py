"""Past issues as files: where they are, when they ran, what ran in them."""

import datetime as dt
from pathlib import Path

from bot.reading.link import NotALinkError, link
from bot.reading.sections.features import PastStory, StoryWords
from renderers.issue_document import IssueDocument
from renderers.layout import Layout


def issue_files(layout: Layout, place: Path) -> list[tuple[str, bytes]]:
    """Return the names and bytes of the issues of a file, a folder or a work tree, by name."""
    folder = place / layout.folder if (place / layout.folder).is_dir() else place
    if place.is_file():
        return [(place.name, place.read_bytes())]
    paths = sorted(filter(Path.is_file, folder.glob("*/*.md" if "/" in layout.file else "*.md")))
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]


def date_of(document: IssueDocument, path: str) -> dt.date | None:
    """Return the day of an issue by its title, else by its file's name; None where neither is a day."""
    for word in (document.date or "", document.layout.date_in(path) or ""):
        try:
            return dt.date.fromisoformat(word)
        except ValueError:
            continue
    return None


def past_stories(layout: Layout, place: Path) -> list[PastStory]:
    """Return the stories of all issues at a place that ran in the layout's own sections, oldest first.

    Where a folder itself holds no issue, those of the folders in it count.
    """
    dated = _dated(layout, issue_files(layout, place)) or _dated(layout, _files_below(place))
    own = {section.key for section in layout.sections}
    return [
        PastStory(
            StoryWords(story.title, story.source, one_spelling(story.url), story.summary), story.section
        )
        for _, document in sorted(dated, key=lambda pair: pair[0])
        for story in document.stories
        if story.section in own
    ]


def _dated(layout: Layout, files: list[tuple[str, bytes]]) -> list[tuple[dt.date, IssueDocument]]:
    documents = [(IssueDocument.parse(content, layout), name) for name, content in files]
    return [(day, document) for document, name in documents if (day := date_of(document, name)) is not None]


def _files_below(place: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(place.rglob("*.md")) if path.is_file()]


def one_spelling(url: str) -> str:
    """Return an address as the desk would keep it; one that is no link, as it is."""
    try:
        return link(url).url
    except NotALinkError:
        return url
