"""What an editor should look at before an issue goes out."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from renderers.issue_document import IssueDocument
from renderers.issue_lint_codes import CODES, LintFinding, found
from renderers.issue_lint_links import is_temporary, link_findings
from renderers.issue_lint_marks import mark_findings, story_mark_findings
from renderers.issue_lint_page import page_findings
from renderers.issue_parser import split_lines
from renderers.story_style import DocumentStory

__all__ = [
    "CODES",
    "LintFinding",
    "PastStories",
    "as_written",
    "found",
    "is_temporary",
    "lint",
    "past_stories_in",
]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS = re.compile(r"[\W_]+")
_TELLING = 8  # characters of a title, marks aside, that two stories do not share by chance


def as_written(url: str) -> str:
    """Take two links for the same when they are spelled the same."""
    return url


@dataclass(frozen=True, slots=True)
class PastStories:
    """What ran before: in which issue each link (by its key) and each title (by its words) stood."""

    links: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


NOTHING_BEFORE = PastStories()


def title_words(title: str) -> str:
    """Return a title without case, blanks and marks: how two spellings of it are told to be one."""
    return _WORDS.sub("", title).casefold()


def past_stories_in(issues: Mapping[str, IssueDocument], key: Callable[[str], str]) -> PastStories:
    """Return what ran in these issues, which go by their names."""
    ran = [(name, story) for name, issue in issues.items() for story in issue.stories]
    return PastStories(
        links={key(story.url): name for name, story in ran if story.url},
        titles={title_words(story.title): name for name, story in ran},
    )


def lint(
    document: IssueDocument,
    key: Callable[[str], str] = as_written,
    *,
    name: str = "",
    past: PastStories = NOTHING_BEFORE,
) -> tuple[LintFinding, ...]:
    """Return the findings in order of line; the codes and their weights are those of `CODES`.

    `key` gives a link's one spelling: links with the same key are the same link. `name` is the file's name
    without its ending; one that is a date must be the title's. `past` is what ran before.
    """
    findings = {
        *_about_the_issue(document, name),
        *link_findings(document),
        *(finding for story in document.stories for finding in _about_a_story(story)),
        *_repeated(document.stories, key),
        *_ran(document.stories, key, past),
        *page_findings(document),
        *mark_findings(document),
    }
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.code, finding.message)))


def _about_the_issue(document: IssueDocument, name: str) -> Iterable[LintFinding]:
    yield from _about_the_date(document, name)
    if document.with_story_count() != document:
        yield found("wrong-count", document.outline.lead.start + 1, str(len(document.stories)))
    if not document.stories:
        yield found("no-stories", 1)
    seen = set[str]()
    for section in document.sections:
        if not section.stories:
            yield found("empty-section", section.start + 1, section.heading)
        if section.key in seen:
            yield found("repeated-heading", section.start + 1, section.heading)
        seen.add(section.key)
    for wanted in document.layout.sections:
        if wanted.key not in seen:
            yield found("missing-section", len(split_lines(document.text)) or 1, wanted.heading)


def _about_the_date(document: IssueDocument, name: str) -> Iterable[LintFinding]:
    line = (document.outline.title or 0) + 1
    if document.date is None:
        yield found("no-date", 1)
        return
    try:
        dt.date.fromisoformat(document.date)
    except ValueError:
        yield found("wrong-date", line, document.date)
        return
    if _ISO.fullmatch(name) and name != document.date:
        yield found("wrong-date", line, f"{document.date} / {name}")


def _about_a_story(story: DocumentStory) -> Iterable[LintFinding]:
    if not story.title:
        yield found("no-title", story.line)
    if not story.summary:
        yield found("missing-summary", story.line, story.title)
    else:
        yield from story_mark_findings(story)


def _repeated(stories: Iterable[DocumentStory], key: Callable[[str], str]) -> Iterable[LintFinding]:
    """Find links and titles that stand twice; a digest may be meant for two stories, an editor knows."""
    links, titles = set[str](), set[str]()
    for story in stories:
        spelling, words = key(story.url) if story.url else "", title_words(story.title)
        if spelling and spelling in links:
            yield found("repeated-link", story.line, story.title)
        if len(words) >= _TELLING and words in titles:
            yield found("repeated-title", story.line, story.title)
        links.add(spelling)
        titles.add(words)


def _ran(
    stories: Iterable[DocumentStory], key: Callable[[str], str], past: PastStories
) -> Iterable[LintFinding]:
    for story in stories:
        words = title_words(story.title)
        if story.url and (issue := past.links.get(key(story.url))) is not None:
            yield found("ran-before", story.line, f"{issue}: {story.title}")
        elif len(words) >= _TELLING and (issue := past.titles.get(words)) is not None:
            yield found("title-ran-before", story.line, f"{issue}: {story.title}")
