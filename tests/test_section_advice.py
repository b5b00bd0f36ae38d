"""Section advice: by site, else by where the same source ran before, else silence."""

from collections import Counter

from bot.reading.section_advice import advise

SECTIONS = ("news", "papers", "projects", "posts")


def test_code_hosts_and_paper_servers_decide_by_address() -> None:
    by_url = {
        url: advise(url=url, source="", history={}, sections=SECTIONS).section
        for url in ("https://github.com/a/b", "https://www.arxiv.org/abs/2005.01234")
    }

    assert list(by_url.values()) == ["projects", "papers"]


def test_a_section_that_the_newsletter_lacks_is_never_advised() -> None:
    history = {"Bench Notes": Counter({"rumours": 9, "news": 1})}

    by_site = advise(url="https://github.com/a/b", source="", history={}, sections=("news",))
    by_source = advise(url="https://a.test/", source="Bench Notes", history=history, sections=("news",))

    assert by_site.section is None
    assert by_source.section == "news"


def test_a_source_goes_where_most_of_its_stories_went() -> None:
    history = {"Bench Notes": Counter(posts=3, news=1)}

    advice = advise(url="https://a.test/", source="Bench Notes", history=history, sections=SECTIONS)

    assert advice.section == "posts"
    assert 0.5 < advice.confidence < 0.75


def test_a_tie_falls_to_the_earlier_section() -> None:
    history = {"Bench Notes": Counter(posts=2, papers=2)}

    assert (
        advise(url="https://a.test/", source="Bench Notes", history=history, sections=SECTIONS).section
        == "papers"
    )


def test_more_of_the_same_makes_it_surer() -> None:
    sure = [
        advise(
            url="https://a.test/", source="s", history={"s": Counter(news=count)}, sections=SECTIONS
        ).confidence
        for count in (1, 2, 8)
    ]

    assert sure == sorted(sure)
    assert sure[-1] < 1


def test_it_is_silent_when_it_knows_nothing() -> None:
    advice = advise(url="https://a.test/", source="Nobody", history={}, sections=SECTIONS)

    assert (advice.section, advice.confidence) == (None, 0.0)
