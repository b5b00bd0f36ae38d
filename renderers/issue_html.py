"""An issue's Markdown as HTML for the preview page, with nothing in it that acts."""

import re

import nh3
from markdown_it import MarkdownIt

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?^---\r?\n", re.DOTALL | re.MULTILINE)
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p"),
    *("pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


def issue_html(markdown: str) -> str:
    """Render an issue as github.com would, without pictures, scripts and styles.

    Pictures are left out since the page shows nothing from other hosts.
    """
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    html = parser.render(_FRONT_MATTER.sub("", markdown))
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )
