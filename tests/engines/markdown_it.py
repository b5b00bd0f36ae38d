"""markdown-it-py, which our own previews read with: bare CommonMark, and with GitHub's tables and strikes."""

from collections.abc import Sequence

from markdown_it import MarkdownIt


class CommonMark:
    """CommonMark without extensions."""

    name = "commonmark"

    def missing(self) -> str:
        return ""

    def pages(self, documents: Sequence[str]) -> list[str]:
        engine = MarkdownIt("commonmark", {"html": True})
        return [engine.render(document) for document in documents]


class MarkdownItGfm:
    """CommonMark with tables and strikethrough; to find bare links takes a library we don't use."""

    name = "markdown-it"

    def missing(self) -> str:
        return ""

    def pages(self, documents: Sequence[str]) -> list[str]:
        engine = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        return [engine.render(document) for document in documents]
