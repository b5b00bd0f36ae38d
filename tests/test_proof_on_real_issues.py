"""Each past issue of the newsletter, begun from the one before it, published and released by Copydesk.

The archive lies beside the project where it is measured; elsewhere these tests skip.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bot.draft import Plan, PlannedStory, key_of, set_issue
from renderers.index_rows import with_index_rows
from renderers.issue_document import DocumentStory, IssueDocument, story_markdown
from renderers.issue_parser import split_lines, story_style
from renderers.issue_release import past_dates, release_document
from renderers.layout import Layout, load_layout
from renderers.markdown import link_target
from renderers.new_issue import begin_issue
from renderers.prose import blocks, plain, plain_line
from renderers.story_style import StoryFields, settled
from tests.engines import ENGINES, Engine
from tests.engines.snippets import Tag, html_of, seen, words
from tests.publishing import PublishingDesk, config_of

ARCHIVE = Path(__file__).parents[2] / "shared" / "archive"
INDEX_AFTER = "README.after-2020-05-03-index-commit-5425edc.md"
LAYOUTS = ("embedded-ai-report", "plain", "hugo")
pytestmark = pytest.mark.skipif(not ARCHIVE.is_dir(), reason="the newsletter's archive is not here")

# Where the editor's own block of past issues breaks the rule by which all others were made.
BY_HAND = {
    "2019-10-03": "names an issue that was written, linked and then lost",
    "2020-02-16": "is the first table, made by hand of the list before it",
    "2020-04-26": "was never given the issue's own cell",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """A real issue, what a desk could publish of it, and what Copydesk made of that."""

    real: IssueDocument
    wanted: tuple[DocumentStory, ...]
    draft: IssueDocument
    released: IssueDocument


def archive() -> list[Path]:
    return sorted(ARCHIVE.glob("20??-??-??.md"))


@cache
def proofs() -> dict[str, Proof]:
    """Return a proof for each issue but the first, by its date."""
    return {newer.stem: proof(older, newer) for older, newer in pairwise(archive())}


def proof(older: Path, newer: Path) -> Proof:
    house = house_of(newer)
    real, before = (IssueDocument.parse(path.read_bytes(), house) for path in (newer, older))
    wanted = tuple(publishable(real.stories))
    begun = begin_issue(
        house,
        date=date.fromisoformat(newer.stem),
        previous=older.read_bytes(),
        previous_date=date.fromisoformat(older.stem),
    )
    stories = tuple(
        PlannedStory(id=number, number=number, keys=frozenset({key_of(story.url)}), page=story.page_story())
        for number, story in enumerate(wanted, 1)
    )
    merged, outcome = set_issue(begun, Plan(stories, lead=real.lead or None, shorts=real.shorts))
    assert outcome.added == [story.number for story in stories]
    draft = merged.document
    return Proof(real, wanted, draft, release_document(draft, date=newer.stem, previous=before).document)


def house_of(path: Path) -> Layout:
    """Return the layout with the issue's own sections: one issue has a fifth."""
    house = load_layout("embedded-ai-report")
    sections = IssueDocument.parse(path.read_bytes(), house).sections
    known = {section.key: section for section in house.sections}
    return replace(
        house,
        sections=tuple(
            known.get(section.key) or replace(house.sections[0], key=section.key, heading=section.heading)
            for section in sections
        ),
    )


def publishable(stories: Sequence[DocumentStory]) -> Iterator[DocumentStory]:
    """Leave out what no desk has: a story without a link, and a link's second story."""
    keys = set[str]()
    for story in stories:
        key = key_of(story.url)
        if link_target(story.url) and key not in keys:
            yield story
        keys.add(key)


def test_a_released_issue_parses_to_the_same_stories_in_the_same_order() -> None:
    found = {day: [said(story) for story in proof.released.stories] for day, proof in proofs().items()}

    assert found == {day: [canonical(story) for story in proof.wanted] for day, proof in proofs().items()}
    kept = [story for proof in proofs().values() for story in proof.wanted]
    lost = [s for proof in proofs().values() for s in proof.real.stories if not link_target(s.url)]
    assert len(kept) > 400
    assert len(lost) <= 3


def said(story: DocumentStory) -> tuple[str, StoryFields]:
    return story.section, stripped(story.fields)


def canonical(story: DocumentStory) -> tuple[str, StoryFields]:
    """Return what a story says once it is set: a bar within a title is a broad one, blanks are single."""
    style = story_style(load_layout("embedded-ai-report"))
    return story.section, stripped(settled(style, story.page_story()))


def stripped(fields: StoryFields) -> StoryFields:
    return replace(fields, summary="\n".join(line.rstrip() for line in fields.summary.split("\n")))


def test_setting_a_story_changes_nothing_but_bars_and_blanks_of_its_head() -> None:
    for proof in proofs().values():
        for story in proof.wanted:
            was, now = stripped(story.fields), canonical(story)[1]

            assert bare(was.title) == bare(now.title)
            assert bare(was.source) == bare(now.source)
            assert (was.url, was.tags, was.meta) == (now.url, now.tags, now.meta)
            assert was.summary.split() == now.summary.split()


def bare(text: str) -> str:
    return re.sub(r"[\s|｜]", "", text)


def test_a_released_issue_names_the_past_issues_that_the_editor_named() -> None:
    found = {day: past_dates(proof.released) == past_dates(proof.real) for day, proof in proofs().items()}

    assert [day for day, same in found.items() if not same] == list(BY_HAND)
    assert past_dates(proofs()["2020-04-26"].draft) == past_dates(proofs()["2020-04-26"].real)


def test_its_table_of_past_issues_has_the_editors_bytes() -> None:
    tables = [day for day, proof in proofs().items() if "| 2 | 0 |" in proof.real.text and day not in BY_HAND]

    assert tables == ["2020-03-02", "2020-03-19", "2020-04-04"]
    for day in tables:
        assert past_lines(proofs()[day].released) == past_lines(proofs()[day].real)
    assert past_lines(proofs()["2020-04-26"].draft) == past_lines(proofs()["2020-04-26"].real)


def past_lines(issue: IssueDocument) -> list[str]:
    lines = split_lines(issue.text)[issue.outline.tail :]
    return [line for line in lines if line.startswith("|")]


def test_the_index_gets_the_row_that_the_editor_made() -> None:
    before, after = ((ARCHIVE / name).read_bytes().decode() for name in ("README.md", INDEX_AFTER))

    assert with_index_rows(before, load_layout("embedded-ai-report"), ["2020-04-26"]) == after


def test_jekyll_builds_all_issues_without_a_table_that_nobody_meant() -> None:
    jekyll = ENGINES[0]
    if why := jekyll.missing():
        pytest.skip(why)

    pages = jekyll.pages([proof.released.text for proof in proofs().values()])

    for page, proof in zip(pages, proofs().values(), strict=True):
        tables = sum(part.name == "table" for part in seen(page) if isinstance(part, Tag))
        assert tables == ("| 2 | 0 |" in proof.released.text)
        assert unlinked(page, proof) == []


def unlinked(page: str, proof: Proof) -> list[str]:
    """Return the links of stories that a page does not hold."""
    links = {dict(part.attributes).get("href") for part in seen(page) if isinstance(part, Tag)}
    return [story.url for story in proof.wanted if link_target(story.url) not in links]


def test_hugo_builds_each_issue_in_its_own_layout() -> None:
    hugo = next(engine for engine in ENGINES if engine.name == "hugo")
    if why := hugo.missing():
        pytest.skip(why)
    house = load_layout("hugo")
    issues = []
    for day, proof in proofs().items():
        issue = begin_issue(house, date=date.fromisoformat(day))
        for story in proof.wanted:
            issue = issue.with_story(story.page_story())
        issues.append(release_document(issue, date=day).document.text)

    pages = hugo.pages(issues)

    for page, proof in zip(pages, proofs().values(), strict=True):
        assert unlinked(page, proof) == []


@pytest.mark.parametrize("engine", ENGINES[:3], ids=lambda engine: engine.name)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_story_of_the_archive_shows_the_words_that_its_document_says(engine: Engine, layout: str) -> None:
    if why := engine.missing():
        pytest.skip(why)
    house = load_layout(layout)
    stories = [story for proof in proofs().values() for story in proof.wanted]

    pages = html_of(engine, [story_markdown(story.page_story(), house) for story in stories])

    said = ["".join(block.text for block in blocks(story_markdown(s.page_story(), house))) for s in stories]
    shown = [words(page) for page in pages]
    assert [a for a, b in zip(said, shown, strict=True) if letters(a) != letters(b)] == []


def letters(text: str) -> str:
    """Return the letters that a reader sees: some engines curl marks, or count a list that others don't."""
    return re.sub(r"[\W\d_]", "", text)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    files = {f"embedded-ai-report/{path.name}": path.read_bytes() for path in archive()[:-1]}
    files["README.md"] = (ARCHIVE / "README.md").read_bytes()
    desk = await PublishingDesk(config_of(tmp_path)).open(files)
    yield desk
    await desk.close()


async def test_a_desk_brings_out_the_last_issue_of_the_archive(desk: PublishingDesk) -> None:
    last = proofs()["2020-04-26"]
    for story in last.wanted:
        fields = {"title": plain_line(story.title), "summary": plain(story.summary)}
        source = {"source": plain_line(story.source)} if story.source else {}
        await desk.pitch("lin", story.url, section=story.section, **fields, **source)

    await desk.say("editor", "/publish 2020-04-26")
    await desk.say("editor", "/release 2020-04-26")
    await desk.press_release_button("editor")

    house = load_layout("embedded-ai-report")
    issue = IssueDocument.parse(await desk.file("embedded-ai-report/2020-04-26.md"), house)
    assert [story.url for story in issue.stories] == [link_target(story.url) for story in last.wanted]
    assert [bare(plain_line(s.title)) for s in issue.stories] == [
        bare(plain_line(s.title)) for s in last.wanted
    ]
    assert past_lines(issue) == past_lines(last.released)
    assert (await desk.file("README.md")) == (ARCHIVE / INDEX_AFTER).read_bytes()
