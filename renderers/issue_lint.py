"""What an editor should look at before an issue goes out."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from renderers.issue_document import IssueDocument
from renderers.story_style import DocumentStory

# CommonMark takes `**` for no end of bold between a punctuation mark and a letter: **「量化」**技术.
_DEAD_BOLD = re.compile(r"\*\*[^*]*[^\w\s*]\*\*(?=\w)")


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding: a code for machines, the line (from 1), a sentence for people."""

    code: str
    line: int
    message: str


def as_written(url: str) -> str:
    """Take two links for the same when they are spelled the same."""
    return url


def lint(document: IssueDocument, key: Callable[[str], str] = as_written) -> tuple[LintFinding, ...]:
    """Return the findings in order of line.

    `key` gives a link's one spelling: links with the same key are the same link. Codes: `no-date`,
    `broken-head`, `no-link`, `empty-link`, `unsafe-link`, `temporary-link`, `repeated-link`, `no-title`,
    `missing-summary`, `dead-bold`, `wrong-count`, `empty-section`.
    """
    findings = [
        *_about_the_issue(document),
        *(finding for story in document.stories for finding in _about_a_story(story)),
        *_repeated_links(document.stories, key),
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.code)))


def _about_the_issue(document: IssueDocument) -> Iterable[LintFinding]:
    if document.date is None:
        yield LintFinding("no-date", 1, "The issue's title names no date.")
    if document.with_story_count() != document:
        line = document.outline.lead.start + 1
        yield LintFinding("wrong-count", line, f"The lead's count is not {len(document.stories)}.")
    for section in document.sections:
        if not section.stories:
            yield LintFinding("empty-section", section.start + 1, f"{section.heading!r} has no story.")


def _about_a_story(story: DocumentStory) -> Iterable[LintFinding]:
    """Check a story by itself, its head first."""
    said = story.fields
    if said.broken:
        yield LintFinding("broken-head", story.line, "The brackets of the link do not close.")
    elif not said.linked:
        yield LintFinding("no-link", story.line, f"{said.title!r} has no link.")
    elif not said.url:
        yield LintFinding("empty-link", story.line, f"{said.title!r} has an empty link.")
    elif not said.url.startswith(("http://", "https://")):
        yield LintFinding("unsafe-link", story.line, f"{said.title!r} links to no web address.")
    elif is_temporary(said.url):
        yield LintFinding("temporary-link", story.line, f"The WeChat link of {said.title!r} expires.")
    if not said.title:
        yield LintFinding("no-title", story.line, "The story has no title.")
    for offset, line in enumerate(story.text.split("\n")):
        if _DEAD_BOLD.search(line):
            yield LintFinding(
                "dead-bold", story.line + offset, "Bold that ends in a mark shows its asterisks."
            )
    if not said.summary:
        yield LintFinding("missing-summary", story.line, f"{said.title!r} has no summary.")


def is_temporary(url: str) -> bool:
    """Tell whether a WeChat link carries a signature, and so expires within hours."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.hostname == "mp.weixin.qq.com" and "signature" in parse_qs(parts.query)


def _repeated_links(stories: Iterable[DocumentStory], key: Callable[[str], str]) -> Iterable[LintFinding]:
    first: dict[str, DocumentStory] = {}
    for story in stories:
        if not story.url:
            continue
        before = first.setdefault(key(story.url), story)
        if before is not story:
            message = f"{story.title!r} has the link of line {before.line}."
            yield LintFinding("repeated-link", story.line, message)
