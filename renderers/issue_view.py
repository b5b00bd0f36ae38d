"""An issue as its outputs show it: frozen data made from the document, Markdown where people wrote it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from renderers.issue_document import IssueDocument
from renderers.issue_parser import split_lines
from renderers.markdown import link_target
from renderers.prose import plain_line
from renderers.story_style import DocumentStory


@dataclass(frozen=True, slots=True)
class PictureImage:
    """A picture itself, for outputs that hold it: JPEG or PNG; its size is in pixels."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture of a story: its path as the document names it, its address on the web, its credit as text.

    `url` is http or https, or empty where the issue's own address is not known. A document does not say how
    large a picture is; `image` is there where somebody has opened it.
    """

    path: str
    url: str
    credit: str
    image: PictureImage | None = None


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as outputs show it; `title`, `source`, `summary` and the values of `meta` are Markdown.

    `url` is http or https, or empty where the document has no such link.
    """

    title: str
    source: str
    url: str
    summary: str
    tags: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    pictures: tuple[PictureView, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its stories; one without stories is left out of a view."""

    key: str
    heading: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class Masthead:
    """What an issue does not say of itself: the newsletter's name and tagline, language, addresses.

    `home` is the newsletter's address, `address` that of this issue on the web; both may be empty.
    """

    name: str
    tagline: str = ""
    language: str = "en"
    home: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue: `date` is ISO, `title` plain text, `lead` and `shorts` Markdown."""

    masthead: Masthead
    title: str
    date: str
    lead: str
    shorts: tuple[str, ...]
    sections: tuple[SectionView, ...]

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """All stories in order."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def picture_paths(self) -> tuple[str, ...]:
        """The paths of all pictures in order, each once."""
        return tuple(dict.fromkeys(one.path for story in self.stories for one in story.pictures))

    def with_images(self, images: Mapping[str, PictureImage]) -> "IssueView":
        """Return the view with pictures themselves, given by their paths."""
        return replace(
            self,
            sections=tuple(
                replace(section, stories=tuple(_with_images(story, images) for story in section.stories))
                for section in self.sections
            ),
        )


def _with_images(story: StoryView, images: Mapping[str, PictureImage]) -> StoryView:
    return replace(story, pictures=tuple(replace(one, image=images.get(one.path)) for one in story.pictures))


def view_of(document: IssueDocument, masthead: Masthead) -> IssueView:
    """Return the document as outputs show it."""
    return IssueView(
        masthead=masthead,
        title=_title(document) or masthead.name,
        date=document.date or "",
        lead=_lead(document),
        shorts=document.shorts,
        sections=tuple(
            SectionView(
                section.key,
                section.heading,
                tuple(
                    _story(one, masthead, listed=document.layout.style == "listed") for one in section.stories
                ),
            )
            for section in document.sections
            if section.stories
        ),
    )


def _title(document: IssueDocument) -> str:
    return plain_line(document.title)


def _lead(document: IssueDocument) -> str:
    """Return the lead with the hard breaks that its lines have in the file."""
    lines = split_lines(document.text)
    ends = [lines[place].rstrip("\r\n").endswith("  ") for place in document.outline.lead]
    said = (document.lead or "").split("\n")
    broken = ends[-len(said) :]
    return "\n".join(f"{line}  " if hard else line for line, hard in zip(said, broken, strict=False)).rstrip()


def _inside(markdown: str) -> str:
    """Take off the indent that makes lines belong to a list entry: two blanks, but on the first line."""
    return re.sub(r"(?<=\n) {1,2}", "", markdown)


def _story(story: DocumentStory, masthead: Masthead, *, listed: bool) -> StoryView:
    return StoryView(
        title=story.title,
        source=story.source,
        url=link_target(story.url),
        summary=_inside(story.summary) if listed else story.summary,
        tags=story.tags,
        meta=story.meta,
        pictures=tuple(_picture(credit, path, masthead) for credit, path in story.pictures),
    )


def _picture(credit: str, path: str, masthead: Masthead) -> PictureView:
    return PictureView(path, link_target(urljoin(masthead.address, path)), plain_line(credit))
