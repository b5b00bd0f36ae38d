"""What ran where teaches which section a new story belongs to; what teaches nothing is not believed."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.sections.features import PastStory, StoryWords, bare_title
from bot.reading.sections.learning import learnt_from
from bot.reading.sections.model import LearntSections, model_from
from bot.reading.sections.work import FEWEST_STORIES, learn, learnt_advice
from tests.made_up_archive import MACHINES, MARSH, archive, story_on

SECTIONS = ("news", "papers", "projects", "posts")
SHARED = Path(__file__).parents[1].parent / "shared"
ANY_TEXT = st.text(st.characters(), max_size=60)  # halves of characters too
NEW = random.Random(7)
ON_MARSH, ON_MACHINES = (story_on(words, NEW, "").words for words in (MARSH, MACHINES))


@pytest.fixture(scope="module")
def model() -> LearntSections:
    learnt = learnt_from(archive(80))
    assert learnt is not None
    return learnt


@pytest.fixture(scope="module")
def stored(model: LearntSections) -> bytes:
    return model.to_bytes()


def test_new_stories_are_advised_where_stories_of_their_kind_ran(model: LearntSections) -> None:
    advised = [model.advise(words, SECTIONS) for words in (ON_MARSH, ON_MACHINES)]

    assert [(advice.section, advice.second) for advice in advised] == [("posts", "news"), ("news", "posts")]
    assert all(advice.confidence > 0.8 and not advice.is_unsure for advice in advised)


def test_a_title_alone_is_enough_but_less_sure(model: LearntSections) -> None:
    link_alone = model.advise(ON_MARSH.without_text(), SECTIONS)

    assert link_alone.section == "posts"
    assert link_alone.confidence < model.advise(ON_MARSH, SECTIONS).confidence


def test_a_story_of_both_kinds_is_shown_with_both_sections(model: LearntSections) -> None:
    mixed = StoryWords(
        title=f"{ON_MARSH.title} {ON_MACHINES.title}",
        source="",
        url="",
        text=f"{ON_MARSH.text}{ON_MACHINES.text}",
    )

    advice = model.advise(mixed, SECTIONS)

    assert advice.is_unsure or advice.section is None
    assert advice.confidence < 0.6


def test_sections_that_mean_nothing_teach_nothing() -> None:
    stories = archive(200)
    chance = random.Random(3)

    assert learnt_from([replace(story, section=chance.choice(SECTIONS)) for story in stories]) is None


def test_too_few_stories_and_a_single_section_teach_nothing() -> None:
    assert learn([]) is None
    assert learn(archive(FEWEST_STORIES - 1)) is None
    assert learn(archive(80, marsh="news", machines="news")) is None


def test_a_desk_learns_its_own_sections_and_is_never_advised_others() -> None:
    model = learnt_from(archive(80, marsh="walks", machines="workshop"))
    assert model is not None

    assert model.advise(ON_MARSH, ("workshop", "walks")).section == "walks"
    assert model.advise(ON_MARSH, ("workshop",)).section is None
    assert model.advise(ON_MACHINES, ("workshop",)).section == "workshop"
    assert model.advise(ON_MARSH, SECTIONS).section is None


def test_of_a_page_without_a_title_nothing_is_said(model: LearntSections) -> None:
    assert model.advise(StoryWords("", "", "https://site1.test/1"), SECTIONS).section is None


def test_the_site_decides_until_stories_of_it_have_run_elsewhere(model: LearntSections) -> None:
    repository = replace(ON_MARSH, url="https://github.com/heron/reeds")
    on_github = [
        replace(story, words=replace(story.words, url=f"https://github.com/a/{number}"))
        for number, story in enumerate(archive(80))
    ]

    ran_elsewhere = learnt_from(on_github)

    assert model.advise(repository, SECTIONS).section == "projects"
    assert ran_elsewhere is not None
    assert ran_elsewhere.advise(repository, SECTIONS).section == "posts"


def test_what_editors_set_before_a_title_is_not_learnt_from() -> None:
    titles = ("heron/reeds: Keeping time", "[CVPR2020] Keeping time", "【论文】[2004.12832] Keeping time")

    assert {bare_title(title) for title in titles} == {"keeping time"}
    assert bare_title("heron/reeds") == "heron/reeds"
    assert bare_title("[Reeds]") == "[reeds]"


def test_a_stored_model_advises_as_the_learnt_one(model: LearntSections, stored: bytes) -> None:
    again = learnt_advice(stored, ON_MARSH, SECTIONS)

    assert again is not None
    assert again.section == "posts"
    assert again.confidence == pytest.approx(model.advise(ON_MARSH, SECTIONS).confidence, abs=0.01)


def test_learning_from_the_same_stories_gives_the_same_bytes(stored: bytes) -> None:
    assert learn(archive(80)) == stored


@pytest.mark.parametrize("part", [0, 1, 19, 100, 0.5, -1])
def test_a_truncated_model_is_none(stored: bytes, part: float) -> None:
    end = int(part * len(stored)) if isinstance(part, float) else part

    assert model_from(stored[:end]) is None


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_model(junk: bytes) -> None:
    assert model_from(junk) is None
    assert model_from(b"copydesk sections 1\n" + junk) is None


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_model_is_none_or_advises_in_bounds(stored: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 300) | st.integers(0, len(stored) - 1))
    damaged = stored[:place] + data.draw(st.binary(min_size=1, max_size=4)) + stored[place + 1 :]

    advice = learnt_advice(damaged, ON_MARSH, SECTIONS)

    assert advice is None or 0 <= advice.confidence <= 1


@pytest.mark.parametrize(
    "header",
    [
        '{"sections": ["a"], "features": 4000000000, "bias": [0], "sharpness": 1}',
        '{"sections": ["a"], "features": -1, "bias": [0], "sharpness": 1}',
        '{"sections": [], "features": 0, "bias": [], "sharpness": 1}',
        '{"sections": ["a"], "features": 0, "bias": [1e999], "sharpness": 1}',
        '{"sections": 5, "features": 0, "bias": [0], "sharpness": 1}',
        "[" * 50_000,
        "null",
    ],
)
def test_a_header_that_lies_is_no_model(header: str) -> None:
    empty = b"x\x9c\x03\x00\x00\x00\x00\x01"  # nothing, packed

    assert model_from(b"copydesk sections 1\n" + header.encode() + b"\n" + empty) is None


@settings(max_examples=60, deadline=None)
@given(title=ANY_TEXT, source=ANY_TEXT, url=ANY_TEXT, text=ANY_TEXT)
def test_any_words_can_be_asked_about(
    model: LearntSections, title: str, source: str, url: str, text: str
) -> None:
    advice = model.advise(StoryWords(title, source, url, text), SECTIONS)

    assert advice.section in (*SECTIONS, None)
    assert 0 <= advice.confidence <= 1


@settings(max_examples=8, deadline=None)
@given(st.lists(st.builds(StoryWords, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT), min_size=1, max_size=4))
def test_any_words_can_be_learnt_from(words: list[StoryWords]) -> None:
    strange = [PastStory(word, "news") for word in words]

    assert learnt_from([*archive(60), *strange]) is not None


def test_the_newsletters_later_issues_are_foretold_from_its_earlier_ones() -> None:
    archived = SHARED / "archive" / "items.jsonl"
    if not archived.is_file():
        pytest.skip("the newsletter's archive is not on this machine")
    lines = [json.loads(line) for line in archived.read_text().splitlines()]
    stories = [
        PastStory(
            StoryWords(line["title_wo_repo"], line["source"], line["url"], line["summary"]), line["section"]
        )
        for line in lines
    ]
    since = next(number for number, line in enumerate(lines) if line["issue"] > "2019-10-03")

    model = learnt_from(stories[:since])
    assert model is not None
    advised = [model.advise(story.words, SECTIONS) for story in stories[since:]]
    at_link_time = [model.advise(story.words.without_text(), SECTIONS) for story in stories[since:]]
    true = [story.section for story in stories[since:]]

    hits = sum(advice.section == section for advice, section in zip(advised, true, strict=True))
    among_two = sum(
        section in (advice.section, advice.second) for advice, section in zip(advised, true, strict=True)
    )
    early_hits = sum(advice.section == section for advice, section in zip(at_link_time, true, strict=True))
    assert hits >= 0.78 * len(true)
    assert among_two >= 0.90 * len(true)
    assert early_hits >= 0.74 * len(true)
