"""What a document is to show: frozen data that the desk hands to the renderers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageStory:
    """A story as the document is to show it.

    With `markdown` the words are a person's Markdown and are kept as typed (Liquid aside); without, they came
    from a page and are escaped. `meta` are labelled lines before the summary. A `repo` ("owner/name") goes
    before the title, unless the title begins with it.
    """

    section: str
    title: str
    source: str
    url: str
    summary: str
    tags: tuple[str, ...] = ()
    repo: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    markdown: bool = True
