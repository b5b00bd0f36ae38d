"""A title as its author wrote it, out of all the places where a page says what it is called."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import reading_titles
from bot.reading.markup.titles import TitleCandidates, best_title

SHARED = Path(__file__).parents[1].parent / "shared"
TITLE = "A kiln that listens for cracks"


@pytest.mark.parametrize(
    ("candidates", "title"),
    [
        (TitleCandidates(document=f"{TITLE} | The Kiln", host="kiln.test"), TITLE),
        (
            TitleCandidates(document="会听的窑炉：一年后的回顾-新华网", host="xinhuanet.test"),
            "会听的窑炉：一年后的回顾",
        ),
        (
            TitleCandidates(document="会听的窑炉：一年后的回顾_腾讯新闻", host="qq.test"),
            "会听的窑炉：一年后的回顾",
        ),
        (TitleCandidates(document="窑炉如何接入工业-物联网", host="kiln.test"), "窑炉如何接入工业-物联网"),
        # The one heading is what a reader sees; the rest was written for sharing.
        (
            TitleCandidates(
                open_graph="You won't believe this kiln", document="Kiln news", headings=(TITLE,)
            ),
            TITLE,
        ),
        (
            TitleCandidates(document="About us", headings=("The potters of the harbour",)),
            "The potters of the harbour",
        ),
        # A heading that names the site, a column, or next to nothing is not the title.
        (
            TitleCandidates(open_graph=TITLE, headings=("The Kiln Magazine",), site_name="The Kiln Magazine"),
            TITLE,
        ),
        (TitleCandidates(open_graph=TITLE, headings=("News",)), TITLE),
        (
            TitleCandidates(open_graph="会听的窑炉：一年后的回顾", headings=("陶艺爱好者的精神家园",)),
            "会听的窑炉：一年后的回顾",
        ),
        # Of two headings neither is the only one.
        (TitleCandidates(open_graph=TITLE, headings=("Latest from the harbour", "Our workshops")), TITLE),
        # A heading with its column's name in front is no better than the title without.
        (
            TitleCandidates(
                open_graph=TITLE, document=TITLE, headings=(f"Pottery {TITLE}", "Comments of readers")
            ),
            TITLE,
        ),
        # What follows the topic is the heading.
        (
            TitleCandidates(
                open_graph="Pottery and machine learning: Cracks heard early",
                headings=("Cracks heard early", "More from the harbour"),
            ),
            "Cracks heard early",
        ),
        (TitleCandidates(document=f"{TITLE} | Clay and fire", headings=("Clay and fire",)), TITLE),
        (TitleCandidates(), ""),
    ],
)
def test_the_title_is_what_a_reader_sees_without_the_site(candidates: TitleCandidates, title: str) -> None:
    assert best_title(candidates) == title


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_candidates_give_one_line_out_of_them(shared: str, document: str, headings: list[str]) -> None:
    title = best_title(TitleCandidates(open_graph=shared, document=document, headings=tuple(headings)))

    assert "\n" not in title
    assert len(title) <= max(map(len, (shared, document, *headings)))


@pytest.mark.skipif(
    not (SHARED / "data" / "titles").is_dir(), reason="the titles stand beside the project only"
)
def test_known_titles_are_found_as_often_as_the_bar_asks() -> None:
    [bar] = reading_titles.rows(SHARED)

    assert bar.holds, bar.ours
    assert json.loads((SHARED / "data" / "titles" / "titles.json").read_text(encoding="utf-8"))
