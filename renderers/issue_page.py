"""What a document is to show: frozen data that the desk hands to the renderers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageStory:
    """A story as the document is to show it.

    A person's words are Markdown and kept as typed (Liquid aside); those that came from a page are escaped:
    all of them without `markdown`, else the fields that `from_page` names. `meta` are labelled lines before
    the summary. A `repo` ("owner/name") goes before the title, unless the title begins with it. `pictures`
    are credits and paths, as the document names them; they stand below the summary.
    """

    section: str
    title: str
    source: str
    url: str
    summary: str
    tags: tuple[str, ...] = ()
    repo: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    markdown: bool = True
    from_page: tuple[str, ...] = ()

    def is_markdown(self, field: str) -> bool:
        """Tell whether a field's words are a person's Markdown."""
        return self.markdown and field not in self.from_page
