"""An issue as one HTML page that needs nothing beside it: for sites without a page builder."""

from renderers.issue_view import IssueView
from renderers.markdown import clean
from renderers.outputs.html import page
from renderers.outputs.html_check import html_faults
from renderers.outputs.output import Fault, Output, file_name
from renderers.outputs.words import words_of
from renderers.prose import plain
from renderers.shortening import shorten

MEDIA_TYPE = "text/html; charset=utf-8"
_DESCRIPTION = 150  # characters; about what search engines show of a description


def render(issue: IssueView) -> tuple[Output, ...]:
    """Set an issue as a page: readable on a phone and on paper, light and dark, without a script."""
    html = page("site.html.j2", issue, title=title_of(issue), description=description_of(issue))
    return (Output(file_name(issue, ".html"), MEDIA_TYPE, html.encode("utf-8")),)


def faults(output: Output) -> tuple[Fault, ...]:
    """Check that the page is well-formed, and that nothing in it acts or is fetched but pictures."""
    return html_faults(output.text)


def title_of(issue: IssueView) -> str:
    """Return an issue's title as text, or the newsletter's name with the date."""
    named = f"{clean(issue.masthead.name)} {issue.date}".strip()
    return clean(issue.title) or named or words_of(issue.masthead.language).untitled


def description_of(issue: IssueView) -> str:
    """Return the beginning of the lead, or of what the newsletter says of itself, as one line."""
    said = clean(plain(issue.lead)) or clean(issue.masthead.tagline)
    return shorten(said, _DESCRIPTION)
