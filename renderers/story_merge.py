"""One story that people changed in the file and the desk changed as well: field by field."""

from dataclasses import dataclass, replace

from renderers.issue_page import PageStory
from renderers.story_match import plain
from renderers.story_style import (
    DocumentStory,
    StoryFields,
    StoryStyle,
    as_page_story,
    printed_title,
    settled,
)

FIELDS = ("title", "source", "url", "tags", "meta", "summary", "pictures")
"""What is merged by itself; a repository is part of its title."""


@dataclass(frozen=True, slots=True)
class FieldClash:
    """A field that both sides changed: what stands in the file, and what the desk wanted, as Markdown."""

    field: str
    stands: str
    wanted: str


@dataclass(frozen=True, slots=True)
class MergedFields:
    """What a story is to say, which of its fields the desk gave it, and which both sides changed."""

    page: PageStory
    taken: tuple[str, ...]
    clashes: tuple[FieldClash, ...]


def changed_fields(
    style: StoryStyle, base: DocumentStory, page: PageStory, was: PageStory | None
) -> tuple[str, ...]:
    """Return the fields in which a story is wanted otherwise than it was, or without `was` than it stands.

    Told twice: as given, and as both read once they are set, for what is set need not read as it was given.
    """
    before = base.fields if was is None else as_said(was)
    set_before, set_now = settled(style, was or as_page_story(base.fields)), settled(style, page)
    given = as_said(page)
    return tuple(
        name
        for name in FIELDS
        if value_of(given, name) != value_of(before, name)
        and value_of(set_now, name) != value_of(set_before, name)
    )


def edited_fields(base: DocumentStory, theirs: DocumentStory) -> tuple[str, ...]:
    """Return the fields that people changed in the file."""
    return differing_fields(base.fields, theirs.fields)


def differing_fields(first: StoryFields, second: StoryFields) -> tuple[str, ...]:
    """Return the fields in which two stories say something else."""
    return tuple(name for name in FIELDS if value_of(first, name) != value_of(second, name))


def merged_fields(
    style: StoryStyle,
    theirs: DocumentStory,
    page: PageStory,
    *,
    changed: tuple[str, ...],
    edited: tuple[str, ...],
) -> MergedFields:
    """Give a story of the file the desk's changes, where people left the field alone."""
    now = settled(style, page)
    taken = tuple(name for name in changed if name not in edited)
    clashes = tuple(
        FieldClash(name, as_text(theirs.fields, name), as_text(now, name))
        for name in changed
        if name in edited and value_of(theirs.fields, name) != value_of(now, name)
    )
    values = {name: getattr(page, name) for name in taken}
    if "title" in values:
        values["repo"] = page.repo
    from_page = tuple(name for name in taken if not page.is_markdown(name))
    return MergedFields(replace(theirs.page_story(), **values, from_page=from_page), taken, clashes)


def value_of(fields: StoryFields, name: str) -> object:
    """Return a field as it is compared: blanks at the ends of lines are no words."""
    value = getattr(fields, name)
    return plain(value) if isinstance(value, str) else value


def as_text(fields: StoryFields, name: str) -> str:
    """Return a field as text, for people."""
    value = getattr(fields, name)
    if name == "tags":
        return " ".join(f"[{tag}]" for tag in value)
    return plain(value) if isinstance(value, str) else "; ".join(f"{label}: {said}" for label, said in value)


def as_said(page: PageStory) -> StoryFields:
    """Return a page story's fields as they were given, the repository before the title."""
    return StoryFields(
        title=printed_title(page),
        source=page.source,
        url=page.url,
        tags=page.tags,
        meta=page.meta,
        summary=page.summary,
        pictures=page.pictures,
    )
