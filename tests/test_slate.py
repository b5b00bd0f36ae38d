"""The slate: which stories would run, in what order."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.slate import make_slate
from bot.standing import Rules, standing
from storage.people_records import Curator, Role
from storage.records import Author, Field, Story, StoryStatus, Tag, Vote

RULES = Rules(("news", "papers"), threshold=2)
NOON = datetime(2020, 5, 13, 12, tzinfo=UTC)
PEOPLE = [Curator(id=n, name=f"c{n}", role=Role.CURATOR, since=NOON) for n in range(5)]
EDITOR = Curator(id=9, name="nora", role=Role.EDITOR, since=NOON)


def story(
    number: int,
    section: str | None = "news",
    *,
    votes: int = 2,
    title: str = "A title",
    place: int | None = None,
    advice: str | None = None,
    status: StoryStatus = StoryStatus.PITCHED,
    tagged: int = 1,
) -> Story:
    """A story with so many votes, tagged by the first of those who voted."""
    return Story(
        id=number,
        desk="gazette",
        number=number,
        status=status,
        url=f"https://site.test/{number}",
        pitched_at=NOON + timedelta(minutes=number),
        place=place,
        advice=advice,
        fields=[Field(name="title", value=title, author=Author.MACHINE)],
        votes=[Vote(curator_id=p.id, curator=p, weight=1, cast_at=NOON) for p in PEOPLE[:votes]],
        tags=[
            Tag(curator_id=p.id, curator=p, section=section, cast_at=NOON)
            for p in PEOPLE[:tagged]
            if section is not None
        ],
        pitches=[],
    )


def numbers(stories: list[Story]) -> dict[str, list[int]]:
    return {section.key: [one.number for one in section.stories] for section in make_slate(stories, RULES)}


def test_sections_keep_the_order_of_the_config_and_empty_ones_are_left_out() -> None:
    assert numbers([story(1, "papers"), story(2, "news")]) == {"news": [2], "papers": [1]}
    assert numbers([story(1, "papers")]) == {"papers": [1]}


def test_a_section_that_the_config_does_not_know_comes_last() -> None:
    assert list(numbers([story(1, "gossip"), story(2, "papers")])) == ["papers", "gossip"]


def test_more_votes_run_first_then_who_has_waited_longest() -> None:
    assert numbers([story(1), story(2, votes=4), story(3, votes=3), story(4)]) == {"news": [2, 3, 1, 4]}


def test_an_editors_place_goes_before_votes() -> None:
    assert numbers([story(1, votes=5), story(2, place=2), story(3, place=1)]) == {"news": [3, 2, 1]}


def test_what_lacks_votes_title_or_section_or_is_not_open_waits() -> None:
    waiting = [
        story(1, votes=1),
        story(2, title=" "),
        story(3, None),
        story(4, status=StoryStatus.SPIKED),
        story(5, status=StoryStatus.PUBLISHED),
    ]

    assert numbers(waiting) == {}


def test_an_editors_vote_against_keeps_a_story_off_while_it_stands() -> None:
    vetoed = story(1, votes=5)
    vetoed.votes.append(Vote(curator_id=9, curator=EDITOR, weight=-1, cast_at=NOON))
    assert numbers([vetoed]) == {}

    vetoed.votes[-1].weight = 0
    assert numbers([vetoed]) == {"news": [1]}


def test_votes_without_a_section_accept_the_advice() -> None:
    advised = story(1, None, advice="papers")

    assert numbers([advised]) == {"papers": [1]}


def test_a_vote_taken_back_accepts_nothing() -> None:
    advised = story(1, "news", votes=3, advice="papers")
    for vote in advised.votes[1:]:
        vote.weight = 0

    assert standing(advised, RULES).section == "news"


def test_more_accepted_advice_outweighs_one_tag() -> None:
    assert numbers([story(1, "news", votes=3, advice="papers")]) == {"papers": [1]}


SOME = st.builds(
    story,
    st.integers(1, 50),
    st.sampled_from(["news", "papers", "gossip", None]),
    votes=st.integers(0, 5),
    place=st.none() | st.integers(1, 5),
    advice=st.sampled_from([None, "news", "papers"]),
)


@given(
    st.lists(SOME, unique_by=lambda one: one.number).flatmap(
        lambda s: st.tuples(st.just(s), st.permutations(s))
    )
)
def test_the_slate_is_the_same_in_whichever_order_stories_come(both: tuple[list[Story], list[Story]]) -> None:
    stories, shuffled = both

    assert list(numbers(stories).items()) == list(numbers(shuffled).items())
    assert sum(len(found) for found in numbers(stories).values()) == sum(
        standing(one, RULES).approved for one in stories
    )
