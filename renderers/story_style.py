"""How a house format sets a story, and what a story set by anybody says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from renderers.issue_page import PageStory
from renderers.markdown import defuse, escape, link_target

HARD_BREAK = "  "  # two trailing blanks: Markdown's line break


@dataclass(frozen=True, slots=True)
class StoryFields:
    """What the lines of a story say, as Markdown.

    `title` holds the `repo` prefix; `summary` keeps the blanks within but not the last ones; `pictures` are
    credits and paths. `linked` tells
    whether the head has a link at all, be its URL empty; `broken` whether its brackets don't close.
    """

    title: str
    source: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    repo: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    summary: str = ""
    pictures: tuple[tuple[str, str], ...] = ()
    linked: bool = True
    broken: bool = False


@dataclass(frozen=True, slots=True)
class DocumentStory:
    """A story as it stands in a document; `text` is its exact text, `line` its first line, from 1."""

    section: str
    fields: StoryFields
    text: str
    line: int
    links: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title with its repository prefix."""
        return self.fields.title

    @property
    def source(self) -> str:
        """Who published it, or nothing."""
        return self.fields.source

    @property
    def url(self) -> str:
        """The main link as written, or nothing."""
        return self.fields.url

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags before the link: arXiv ids, venues."""
        return self.fields.tags

    @property
    def repo(self) -> str:
        """The `owner/name` that the title begins with, or nothing."""
        return self.fields.repo

    @property
    def meta(self) -> tuple[tuple[str, str], ...]:
        """The labelled lines before the summary."""
        return self.fields.meta

    @property
    def summary(self) -> str:
        """The summary's Markdown without its marker and its last blanks."""
        return self.fields.summary

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """Credit (Markdown) and path of each picture below the summary."""
        return self.fields.pictures

    def page_story(self) -> PageStory:
        """Return the story as it would be handed in again."""
        return as_page_story(self.fields, self.section)


class StoryStyle(Protocol):
    """One way to set a story. Lines come and go without their line ends."""

    def starts(self, line: str) -> bool:
        """Tell whether a line is the head of a story."""
        ...

    def ends(self, lines: Sequence[str], place: int) -> bool:
        """Tell whether the line at a place, which starts nothing else, is no more part of the story above."""
        ...

    def read(self, lines: Sequence[str]) -> StoryFields:
        """Read the fields of a story from its lines; never fail."""
        ...

    def write(self, story: PageStory) -> list[str]:
        """Set a story by the canonical profile."""
        ...

    def rewrite(self, lines: Sequence[str], story: PageStory) -> list[str]:
        """Set only the lines whose fields changed; give the others back as they are."""
        ...


def as_page_story(said: StoryFields, section: str = "") -> PageStory:
    """Return the story that says what was read."""
    return PageStory(
        section=section,
        title=said.title,
        source=said.source,
        url=said.url,
        summary=said.summary,
        tags=said.tags,
        repo=said.repo,
        meta=said.meta,
        pictures=said.pictures,
    )


def settled(style: StoryStyle, story: PageStory) -> StoryFields:
    """Return what a story says once it has been set: the form in which two stories are compared."""
    return style.read(style.write(story))


def inert(text: str, *, markdown: bool, among: str = "") -> str:
    """Return words within a line fit for the document: a person's kept, a page's escaped.

    `among` is what the whole story says, of which marks that pair are counted.
    """
    return " ".join(defuse(text).split()) if markdown else escape(text, starts_line=False, among=among)


def words_of(story: PageStory) -> str:
    """Return all that a story says, its link apart."""
    labelled = (part for line in story.meta for part in line)
    return "\n".join((*story.tags, story.repo, story.title, story.source, *labelled, story.summary))


def printed_title(story: PageStory) -> str:
    """Put the repository before the title, unless the title begins with it."""
    if story.repo and not story.title.startswith(story.repo):
        return f"{story.repo}: {story.title}"
    return story.title


def fitting(story: PageStory) -> PageStory:
    """Return the story with a link that may stand in a document (empty when it may not)."""
    return replace(story, url=link_target(story.url))


def same_words(old: str, new: str) -> bool:
    """Compare lines without regard to the blanks that end them."""
    return [line.rstrip() for line in old.splitlines()] == [line.rstrip() for line in new.splitlines()]


def kept_lines(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the new lines, taking the old spelling of each that differs only in the blanks at its end."""
    spelling = {line.rstrip(): line for line in old}
    return [spelling.get(line.rstrip(), line) for line in new]
