"""The first line of a listed story: `- [tag] [title | source](url)`, by a layout's mark and separator."""

import re

from renderers.issue_page import PageStory
from renderers.markdown import clean, defuse
from renderers.story_head import (
    Head,
    backslashed,
    closed,
    read_head,
    repo_of,
    split_source,
    without_separators,
)
from renderers.story_style import StoryFields, fitting, inert, printed_title, words_of
from renderers.summary_lines import RULE

# CommonMark 5.2: a bullet, then blanks or tabs. With one blank before it stands beside the entry above it.
_MARK = re.compile(r" ?[-*+][ \t]+")


class EntryHead:
    """How a layout sets and reads the head of a listed story; without a separator sources are not printed."""

    def __init__(self, mark: str, separator: str) -> None:
        self.mark = mark
        self._separator = separator

    def mark_of(self, line: str) -> str:
        """Return the mark with which a line begins a story as Markdown shows it; empty where it begins none.

        Behind another mark than the layout's own a link is asked for: summaries hold lists as well.
        """
        found = _MARK.match(line)
        if not found or RULE.fullmatch(line):
            return ""
        if line[0] == self.mark[0] or read_head(line[found.end() :]).linked:
            return found[0]
        return ""

    def parse(self, line: str) -> Head:
        """Take a line with its mark apart."""
        return read_head(line[len(self.mark_of(line)) :])

    def fields(self, head: Head) -> StoryFields:
        """Return what a head says."""
        title, source = split_source(head.label) if self._separator else (head.label.strip(), "")
        return StoryFields(
            title=title,
            source=source,
            url=head.url,
            tags=head.tags,
            repo=repo_of(title),
            linked=head.linked,
            broken=head.broken,
        )

    def write(self, story: PageStory) -> str:
        """Set the head of a story, without blanks at its end."""
        story = fitting(story)
        words = (self._words(tag, story, "title") for tag in story.tags)
        tags = "".join(f"[{_no_task(tag)}] " for tag in words if tag)
        return f"{self.mark}{tags}[{_no_task(self._label(story))}]({story.url})"

    def again(self, line: str, story: PageStory, was: StoryFields, now: StoryFields, *, end: str) -> str:
        """Rewrite a head line for what changed in it, keeping the links behind the main one.

        `end` is what a line gets that had no link before.
        """
        same_url = was.url == now.url
        same_label = (was.title, was.source) == (now.title, now.source)
        if same_url and same_label and was.tags == now.tags:
            return line
        old, new = self.parse(line), self.parse(self.write(story))
        label, url = (old.label if same_label else new.label), (old.url if same_url else new.url)
        tags = "".join(f"[{tag}] " for tag in new.tags)
        tail = line[len(line.rstrip()) :] if old.linked else end
        mark = self.mark_of(line) or self.mark
        return f"{mark}{tags}[{label}]({url}){'' if old.broken else old.extra}{tail}"

    def _label(self, story: PageStory) -> str:
        title, source = (
            self._words(printed_title(story), story, "title"),
            self._words(story.source, story, "source"),
        )
        return f"{title}{self._separator}{source}" if source and self._separator else title

    def _words(self, text: str, story: PageStory, field: str) -> str:
        typed = story.is_markdown(field)
        if not self._separator:
            return closed(backslashed(inert(text, markdown=typed, among=words_of(story)), "[]|"))
        seen = defuse(text) if typed else clean(text)
        return closed(inert(without_separators(seen), markdown=typed, among=words_of(story)))


def _no_task(label: str) -> str:
    """Keep goldmark from taking `- [x](…)` for a task that is done."""
    return f"&#{ord(label)};" if label in ("x", "X") else label
