"""From counted habits to the values of a layout.toml, and to sentences about what an operator decides."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from renderers.issue_document import IssueDocument
from renderers.layout import Layout
from renderers.layout_rules import NO_COUNT, Gaps, Labels, StorySetting, TableRule
from renderers.learnt_files import LearntTop, layout_texts
from renderers.learnt_frame import block_lines, foot, top_lines
from renderers.learnt_past import LearntIndex, PastBlock, learn_index
from renderers.learnt_sections import BlankLines, LearntSection, learn_blank_lines, learn_sections
from renderers.learnt_story import LearntStory
from renderers.learnt_top import (
    NEWEST,
    LearntTitle,
    head_matter_lines,
    learn_count,
    learn_draft_mark,
    learn_lead,
    learn_title,
)
from renderers.past_files import PastFiles, most_common
from renderers.summary_lines import blank

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_FOLDER_OF_LINK = re.compile(r"^(?:\.{0,2}/)*([\w-]+(?:/[\w-]+)*)/\{date\}")
_SHORTS = {"zh": "好了，先是一些热身小新闻：", "en": "In short:"}
_NOTES = {"zh": "注", "en": "Note"}


@dataclass(frozen=True, slots=True)
class Habits:
    """What past issues have in common beside how a story is set.

    `rare` are headings and their issues, `lost` keys of front matter that differ, `other_index` a page that
    lists the issues in a way no layout has.
    """

    language: str
    title: LearntTitle
    labels: Labels
    sections: tuple[LearntSection, ...]
    rare: tuple[tuple[str, int], ...]
    gaps: BlankLines
    block: PastBlock | None
    below: tuple[str, ...]
    index: LearntIndex | None
    top: LearntTop
    draft_mark: str
    lost: tuple[str, ...]
    other_index: str


def provisional_layout(past: PastFiles, story: LearntStory, blocks: Sequence[PastBlock | None]) -> Layout:
    """Return a layout good enough to find sections and stories, before it is known which there are."""
    language = _language(past)
    heading, _ = most_common(Counter(block.heading for block in blocks if block))
    return Layout(
        name="provisional",
        language=language,
        folder=past.folder,
        file=past.file,
        title="# {date}",
        style=story.style,
        labels=Labels("", story.summary, _NOTES[language], "", NO_COUNT),
        gaps=Gaps(0, 1, 1, 1),
        sections=(),
        archive=TableRule(heading, "{date}.md", 4, "  "),
        index=TableRule("", "{date}.md", 4, "  "),
        index_file="README.md",
        templates={},
        story=StorySetting(story.mark, story.separator, story.dash, story.indent),
        section_mark=story.section_mark,
    )


def _language(past: PastFiles) -> str:
    text = "".join(past.issues[-1].bare) if past.issues else ""
    return "zh" if 5 * len(_HAN.findall(text)) > len(_LETTER.findall(text)) else "en"


def habits_of(
    past: PastFiles,
    story: LearntStory,
    blocks: Sequence[PastBlock | None],
    documents: Sequence[IssueDocument],
) -> Habits:
    """Count what past issues have in common; how issues begin and end is learnt from the newest alone."""
    language, issues = _language(past), past.issues
    starts = [document.outline.body for document in documents]
    sections, rare = learn_sections(documents, issues)
    title = learn_title(issues, starts)
    lead, leads = learn_lead(issues, starts)
    block = next((one for one in reversed(blocks) if one), None)
    index, other = learn_index(past.others, issues)
    front, lost = head_matter_lines(issues, keyed=not title.pattern.startswith("#"))
    return Habits(
        language=language,
        title=title,
        labels=_labels(lead, story.summary, sections, documents, language),
        sections=sections,
        rare=rare,
        gaps=learn_blank_lines(documents, headed=story.style == "headed"),
        block=block,
        below=_below(documents, blocks),
        index=index,
        top=LearntTop(_front(front, title), title.pattern, top_lines(documents, bool(leads))),
        draft_mark=learn_draft_mark(issues),
        lost=lost,
        other_index=other,
    )


def _labels(
    lead: str,
    summary: str,
    sections: Sequence[LearntSection],
    documents: Sequence[IssueDocument],
    language: str,
) -> Labels:
    return Labels(
        lead=lead,
        summary=summary,
        note=_note_label([section.note for section in sections], language),
        shorts=_shorts_label(documents) or _SHORTS[language],
        count=learn_count([(document.lead or "", len(document.stories)) for document in documents]),
    )


def _below(documents: Sequence[IssueDocument], blocks: Sequence[PastBlock | None]) -> tuple[str, ...]:
    """Return what stands below the sections: past issues, if most of the newest list them, else the foot."""
    newest = [block for block in blocks[-NEWEST:] if block]
    if 2 * len(newest) > len(blocks[-NEWEST:]):
        return block_lines(documents, newest[-1])
    return foot(documents)


def _front(front: Sequence[str], title: LearntTitle) -> list[str]:
    """Give front matter to issues whose title is not a heading, where the past ones have none."""
    if front or title.pattern.startswith("#"):
        return list(front)
    return ["---", "title:", 'date: "{date}"', "---"]


def _note_label(notes: Sequence[str], language: str) -> str:
    """Return how notes begin: the word before a colon, or the whole of one."""
    note = next(filter(None, notes), "")
    return re.split("[：:]", note, maxsplit=1)[0][:20] if note else _NOTES[language]


def _shorts_label(documents: Sequence[IssueDocument]) -> str:
    labels: Counter[str] = Counter()
    for document in documents:
        shorts, bare = document.outline.shorts, document.text.split("\n")
        above = [line.strip() for line in bare[: shorts[0]] if not blank(line)] if shorts else []
        if above and above[-1].endswith(("：", ":")) and not above[-1].startswith((">", "#")):
            labels[above[-1]] += 1
    return most_common(labels)[0]


def drafted_values(past: PastFiles, story: LearntStory, habits: Habits) -> dict[str, object]:
    """Return the values of layout.toml."""
    block, index = habits.block, habits.index
    return {
        "language": habits.language,
        "folder": folder_of(past, habits),
        "file": past.file,
        "title": habits.title.pattern,
        "style": story.style,
        "section_mark": story.section_mark,
        "story": asdict(StorySetting(story.mark, story.separator, story.dash, story.indent)),
        "labels": asdict(habits.labels),
        "gaps": asdict(habits.gaps),
        "sections": [{"key": s.key, "heading": s.heading, "note": s.note} for s in habits.sections],
        "archive": _rule(block, "{date}.md"),
        "index": {
            "file": index.file if index else "README.md",
            **_rule(index.block if index else None, f"{folder_of(past, habits)}/{past.file}"),
        },
    }


def _rule(block: PastBlock | None, link: str) -> dict[str, object]:
    if block is None:
        return {"heading": "", "link": link, "columns": 4, "empty": "  "}
    fits = block.link.count("{date}") and not re.search(r"[{}]", block.link.replace("{date}", ""))
    return {
        "heading": block.heading,
        "link": block.link if fits else link,
        "columns": min(block.columns, 20),
        "empty": block.empty,
    }


def folder_of(past: PastFiles, habits: Habits) -> str:
    """Return the issues' folder; of issues that lie at the top, the one that links to them name."""
    if past.folder != ".":
        return past.folder
    blocks = [habits.index.block if habits.index else None, habits.block]
    found = next((f for block in blocks if block and (f := _FOLDER_OF_LINK.match(block.link))), None)
    return found[1] if found else "issues"


def texts_of(values: dict[str, object], past: PastFiles, habits: Habits) -> dict[str, str]:
    """Return the files of the layout's folder."""
    return layout_texts(values, habits.top, below=habits.below)
