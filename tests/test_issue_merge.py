"""An issue's file merged by story: what the desk wants on top of what people did to the file."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from renderers.issue_document import IssueDocument
from renderers.issue_merge import Fate, MergedIssue, WantedIssue, WantedStory, merge_issue
from renderers.issue_page import PageStory
from renderers.labelled_issue import StoryNotSetError
from renderers.layout import load_layout
from renderers.new_issue import begin_issue
from tests.merge_histories import as_it_is, faults, history

LAYOUT = load_layout("embedded-ai-report")
LAYOUTS = ("embedded-ai-report", "plain")
ARCHIVE = Path(__file__).parents[1].parent / "shared" / "archive"
HISTORIES = 1000 if os.environ.get("CI") else 100
"""Of our own documents; past issues get a tenth."""
MOON = PageStory("news", "Moon", "Site", "https://site.test/moon", "It is round.")
MARS = PageStory("news", "Mars", "", "https://site.test/mars", "It is red.\nVery red.")
SUN = PageStory(
    "papers", "Sun", "", "https://site.test/sun", "It is hot.", meta=(("代码", "https://c.test/x"),)
)
NAMES = {MOON.url: "moon", MARS.url: "mars", SUN.url: "sun"}


def issue_of(*pages: PageStory) -> IssueDocument:
    document = begin_issue(LAYOUT, date=date(2020, 5, 15))
    for page in pages:
        document = document.with_story(page)
    return document


BASE = issue_of(MOON, MARS, SUN)


def edited(change: Callable[[str], str], document: IssueDocument = BASE) -> IssueDocument:
    text = change(document.text)
    assert text != document.text
    return IssueDocument.of(text, document.layout)


def merged(theirs: IssueDocument, *pages: PageStory, base: IssueDocument = BASE) -> MergedIssue:
    wanted = tuple(WantedStory(NAMES.get(page.url, page.title), page) for page in pages)
    return merge_issue(base, theirs, WantedIssue(wanted, whole=True), as_it_is)


def codes(result: MergedIssue) -> list[str]:
    return [note.code for note in result.notes]


def test_a_file_that_nobody_touched_takes_the_desks_changes_and_nothing_else() -> None:
    result = merged(BASE, replace(MOON, title="Luna"), MARS, SUN)

    assert result.document.text == BASE.text.replace("[Moon |", "[Luna |") and not result.notes
    assert result.fates == {"moon": Fate.CHANGED, "mars": Fate.SAME, "sun": Fate.SAME}


def test_a_persons_words_win_where_both_changed_a_field_and_a_note_says_what_gave_way() -> None:
    theirs = edited(lambda text: text.replace("It is round.", "It is a ball."))

    result = merged(theirs, replace(MOON, summary="It is an orb."), MARS, SUN)

    [note] = result.notes
    assert result.document == theirs
    assert (note.code, note.name, note.field) == ("both-edited", "moon", "summary")
    assert (note.stands, note.wanted) == ("It is a ball.", "It is an orb.")


def test_a_persons_field_and_the_desks_other_field_both_stand() -> None:
    theirs = edited(lambda text: text.replace("It is round.", "It is a ball."))

    result = merged(theirs, replace(MOON, title="Luna", source="Press"), MARS, SUN)

    assert "- [Luna | Press](https://site.test/moon)" in result.document.text
    assert "It is a ball." in result.document.text and not result.notes


def test_the_same_change_on_both_sides_is_no_clash() -> None:
    theirs = edited(lambda text: text.replace("It is round.", "It is a ball."))

    result = merged(theirs, replace(MOON, summary="It is a ball."), MARS, SUN)

    assert result.document == theirs and not result.notes and not result.edited["moon"]


def test_a_story_that_people_removed_stays_removed() -> None:
    theirs = BASE.without(BASE.stories[0])

    quiet, told = merged(theirs, MOON, MARS, SUN), merged(theirs, replace(MOON, title="Luna"), MARS, SUN)

    assert quiet.document == told.document == theirs and quiet.fates["moon"] == Fate.KEPT_OUT
    assert codes(quiet) == [] and codes(told) == ["changed-here-deleted-there"]


def test_a_moved_story_stays_where_it_is_and_takes_its_new_words() -> None:
    theirs = BASE.with_moved(BASE.stories[0], section="posts")

    result = merged(theirs, replace(MOON, title="Luna"), MARS, SUN)

    assert [(s.title, s.section) for s in result.document.stories] == [
        ("Mars", "news"),
        ("Sun", "papers"),
        ("Luna", "posts"),
    ]


def test_a_story_moved_on_both_sides_stays_where_people_put_it() -> None:
    theirs = BASE.with_moved(BASE.stories[0], section="posts")

    result = merged(theirs, MARS, replace(MOON, section="projects"), SUN)

    assert result.document == theirs and codes(result) == ["both-moved"]


def test_a_dropped_story_goes_unless_people_edited_it() -> None:
    theirs = edited(lambda text: text.replace("It is red.", "It is rusty."))

    result = merged(theirs, SUN)

    assert [s.title for s in result.document.stories] == ["Mars", "Sun"]
    assert codes(result) == ["removed-here-edited-there"]


def test_a_corrected_link_makes_no_second_story() -> None:
    theirs = edited(lambda text: text.replace(MOON.url, "https://elsewhere.test/the-moon"))

    result = merged(theirs, replace(MOON, title="Luna"), MARS, SUN)

    assert "- [Luna | Site](https://elsewhere.test/the-moon)" in result.document.text
    assert MOON.url not in result.document.text and codes(result) == ["relinked-there"]


def test_another_story_in_the_place_of_a_removed_one_is_not_taken_for_it() -> None:
    other = "- [Venus is next | Press](https://site.test/venus)  \n摘要：A planet near us.  \n"
    theirs = edited(lambda text: text.replace(BASE.stories[0].text, other))

    result = merged(theirs, replace(MOON, summary="It is an orb."), MARS, SUN)

    assert result.document == theirs and codes(result) == ["changed-here-deleted-there"]


def test_a_new_story_goes_behind_the_one_that_it_follows_in_the_wanted_order() -> None:
    venus = PageStory("news", "Venus", "", "https://site.test/venus", "")

    result = merged(BASE, MOON, venus, MARS, SUN)

    assert [s.title for s in result.document.stories] == ["Moon", "Venus", "Mars", "Sun"]


def test_the_desks_new_order_is_followed_where_people_moved_nothing() -> None:
    assert [s.title for s in merged(BASE, MARS, MOON, SUN).document.stories] == ["Mars", "Moon", "Sun"]


def test_a_renamed_heading_stays_and_takes_new_stories() -> None:
    theirs = edited(lambda text: text.replace("## 业界新闻", "## 行业动态"))
    venus = PageStory("news", "Venus", "", "https://site.test/venus", "")

    result = merged(theirs, MOON, MARS, venus, SUN)

    assert [(s.title, s.section) for s in result.document.stories][2] == ("Venus", "行业动态")
    assert "业界新闻" not in result.document.text and result.sections["moon"] == "news"


def test_stripped_blanks_are_no_change_and_stay_stripped() -> None:
    theirs = edited(lambda text: "\n".join(line.rstrip() for line in text.split("\n")))

    result = merged(theirs, replace(MOON, summary="It is an orb."), SUN)

    assert not result.notes and "Mars" not in result.document.text
    assert "摘要：It is an orb.  \n" in result.document.text and "[Sun](https://site.test/sun)\n" in (
        result.document.text
    )


def test_a_copy_that_people_made_on_purpose_survives() -> None:
    theirs = BASE.with_story(replace(MOON, section="posts"))

    result = merged(theirs, replace(MOON, title="Luna"), MARS, SUN)

    assert [s.title for s in result.document.stories] == ["Luna", "Mars", "Sun", "Moon"]


def test_a_story_that_people_set_before_the_desk_did_stays_as_it_is() -> None:
    theirs = BASE.with_story(PageStory("posts", "Venus, by hand", "", "https://site.test/venus", ""))
    venus = PageStory("news", "Venus", "", "https://site.test/venus", "")

    result = merged(theirs, MOON, MARS, SUN, venus)

    assert result.document == theirs and codes(result) == ["set-by-hand"]
    assert result.edited["Venus"] == ("title",)


def test_a_lead_that_people_wrote_stands_and_one_they_left_alone_follows() -> None:
    base = BASE.with_lead("本次2条。旧的。")
    theirs = base.with_lead("本次2条。手写的。")
    wanted = WantedIssue(
        tuple(WantedStory(p.title, p) for p in (MOON, MARS, SUN)),
        lead="本次9条。新的。",
        lead_was="本次2条。旧的。",
    )

    kept, followed = (merge_issue(base, file, wanted, as_it_is) for file in (theirs, base))

    assert kept.document == theirs and codes(kept) == ["lead-kept"]
    assert followed.document.lead == "本次3条。新的。" and not followed.notes


def test_a_field_that_the_desk_says_nothing_of_stays() -> None:
    silent = WantedStory("sun", replace(SUN, meta=()), silent=frozenset({"meta"}))

    result = merge_issue(BASE, BASE, WantedIssue((silent,)), as_it_is)

    assert result.document == BASE


def test_a_section_that_can_hold_no_story_is_refused() -> None:
    with pytest.raises(StoryNotSetError):
        merged(BASE, MOON, MARS, SUN, PageStory("往期回顾", "Old", "", "https://site.test/old", ""))


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("name", LAYOUTS)
def test_no_history_of_edits_on_both_sides_loses_or_doubles_anything(name: str, part: int) -> None:
    layout, share = load_layout(name), HISTORIES // 8
    for seed in range(part * share, (part + 1) * share):
        made = history(seed, layout)
        result = made.merge()
        assert faults(made, result) == [], f"history {seed} of {name}"


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("plain", 751),
        ("plain", 1426),
        ("plain", 2974),
        ("embedded-ai-report", 5691),
        ("embedded-ai-report", 5937),
    ],
)
def test_a_link_that_stands_twice_settles_at_once(name: str, seed: int) -> None:
    made = history(seed, load_layout(name))

    assert faults(made, made.merge()) == []


@pytest.mark.skipif(not ARCHIVE.is_dir(), reason="the newsletter's past issues are not beside the project")
def test_nor_does_a_history_that_begins_with_a_past_issue() -> None:
    issues = [path.read_bytes() for path in sorted(ARCHIVE.glob("2*.md"))]
    for seed in range(HISTORIES // 10):
        made = history(seed, LAYOUT, IssueDocument.parse(issues[seed % len(issues)], LAYOUT))
        assert faults(made, made.merge()) == [], f"history {seed}"


def test_the_desks_whole_order_is_followed_where_people_moved_nothing() -> None:
    venus = PageStory("news", "Venus", "", "https://site.test/venus", "")
    base = issue_of(MOON, MARS, venus)

    result = merged(base, venus, MARS, MOON, base=base)

    assert [s.title for s in result.document.stories] == ["Venus", "Mars", "Moon"]


def test_two_new_orders_of_a_section_settle_at_once() -> None:
    pages = [PageStory("news", f"T{n}", "", f"https://site.test/{n}", "") for n in range(7)]
    base, theirs = issue_of(*pages), issue_of(*(pages[n] for n in (2, 4, 5, 6, 0, 3)))
    wanted = WantedIssue(
        tuple(WantedStory(pages[n].title, pages[n]) for n in (1, 2, 5, 0, 6, 4, 3)), whole=True
    )

    once = merge_issue(base, theirs, wanted, as_it_is)

    assert merge_issue(base, once.document, wanted, as_it_is).document == once.document
    assert sorted(s.title for s in once.document.stories) == ["T0", "T2", "T3", "T4", "T5", "T6"]
