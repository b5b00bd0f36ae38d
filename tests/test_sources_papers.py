"""Papers on arXiv: whichever of a paper's addresses somebody drops, the story is the same."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.reader import StoryReader
from bot.reading.article import Article
from bot.reading.fetch import PAGES as WEB_PAGES
from bot.reading.fetch import Fetcher, Wanted
from bot.reading.link import link
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.sources import page_to_read
from bot.reading.sources.arxiv_address import paper_at
from bot.reading.sources.arxiv_code import repository_in
from bot.reading.sources.arxiv_tex import without_tex
from bot.reading.verdict import Verdict
from bot.reading.workers import ReadingWorkers
from tests.publishing import PublishingDesk, config_of
from tests.shared_pages import shared_page

PAGES = Path(__file__).parent / "pages"


def paper_in(file: str, url: str) -> Article:
    body = (PAGES / file).read_bytes()
    reading = read_page(Page(url, url, 200, "text/html", None, body))
    assert reading.verdict is Verdict.FINE, reading.reason
    assert reading.article is not None
    return reading.article


def test_a_paper_comes_with_its_title_its_pdf_and_its_code() -> None:
    paper = paper_in("arxiv_abstract_of_2020.html", "https://arxiv.org/abs/2003.07777v3")

    assert paper.lines == (
        ("title", "Thin Air: Wake Words at 10× Less Energy"),
        ("link", "https://arxiv.org/pdf/2003.07777"),
        ("code", "https://github.com/thin-air/wake"),
    )


def test_a_paper_has_the_day_it_was_first_submitted_whichever_version_is_shown() -> None:
    paper = paper_in("arxiv_abstract_of_2020.html", "https://arxiv.org/abs/2003.07777v3")

    assert paper.published == "2020-03-17"


def test_the_abstract_shows_addresses_and_no_tex() -> None:
    text = paper_in("arxiv_abstract_of_2020.html", "https://arxiv.org/abs/2003.07777").text

    assert text.startswith(
        "A wake word must be heard while everything else sleeps. We train a network of 21 KB"
    )
    assert "spends 10× less energy than the best one before and loses 0.3% of accuracy" in text
    assert "https://huggingface.co/thin-air/wake" in text
    assert "this https URL" not in text


def test_authors_stand_as_one_reads_them() -> None:
    paper = paper_in("arxiv_abstract_of_2020.html", "https://arxiv.org/abs/2003.07777")

    assert paper.authors == ("Åsa Lindqvist", "Jan van der Meer Jr.")


def test_a_paper_shown_as_a_web_page_gives_the_same_facts() -> None:
    paper = paper_in("arxiv_paper_as_html.html", "https://arxiv.org/html/2011.04444v2")

    assert paper.title == "Slow Clocks: Timers for Sensors That Sleep for Years"
    assert paper.authors == ("Mira Oyelaran", "Teo Brandt")
    assert paper.text.startswith("A clock that drifts by 2% a day is useless")
    assert "Buoys" not in paper.text
    assert dict(paper.lines)["link"] == "https://arxiv.org/pdf/2011.04444"


def test_authors_that_run_into_their_addresses_are_left_out() -> None:
    body = (
        (PAGES / "arxiv_paper_as_html.html")
        .read_text()
        .replace("Teo Brandt", "Teo Brandt1, Ada Po2 1Harbour")
    )
    url = "https://arxiv.org/html/2011.04444v2"
    reading = read_page(Page(url, url, 200, "text/html", None, body.encode()))

    assert reading.article is not None
    assert reading.article.authors == ()


NEWEST = "https://arxiv.org/abs/2003.07777"


@pytest.mark.parametrize(
    ("dropped", "read"),
    [
        ("https://arxiv.org/pdf/2003.07777", NEWEST),
        ("http://arxiv.org/pdf/2003.07777v3.pdf", f"{NEWEST}v3"),
        ("https://www.arxiv.org/pdf/2003.07777.pdf#page=2", NEWEST),
        ("https://export.arxiv.org/abs/2003.07777v1", f"{NEWEST}v1"),
        ("https://arxiv.org/html/2003.07777v2", f"{NEWEST}v2"),
        ("https://ar5iv.labs.arxiv.org/html/2003.07777", NEWEST),
        ("https://doi.org/10.48550/arXiv.2003.07777", NEWEST),
        ("https://arxiv.org/pdf/math.GT/0309136", "https://arxiv.org/abs/math/0309136"),
        (NEWEST, NEWEST),
        ("https://arxiv.org/list/cs.SD/new", "https://arxiv.org/list/cs.SD/new"),
        ("https://a.test/pdf/2003.07777", "https://a.test/pdf/2003.07777"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_of_all_a_papers_addresses_its_abstract_page_is_read(dropped: str, read: str) -> None:
    assert page_to_read(dropped) == read


PIECES = (
    *("https://", "arxiv.org", "github.com", "raw.githubusercontent.com", "doi.org", "/", "abs", "pdf"),
    *(
        "2003.07777",
        "v2",
        ".pdf",
        "a",
        "blob",
        "tree",
        "main",
        "README.md",
        "[",
        "%",
        "\ud800",
        "?tab=",
        "#",
        "..",
    ),
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
@example("https://github.com/a/b/blob/main/x.pdf")
def test_any_words_have_a_page_to_read_and_that_page_is_read_itself(url: str) -> None:
    page = page_to_read(url)

    assert page_to_read(page) == page


def test_a_papers_other_addresses_are_the_same_story() -> None:
    paper = paper_in("arxiv_abstract_of_2020.html", "https://arxiv.org/abs/2003.07777v3")

    keys = {link(address).key for address in (paper.url, *paper.aliases)}
    assert keys == {"arxiv:2003.07777"}


@pytest.mark.parametrize("url", ["https://arxiv.org/", "https://arxiv.org/abs/", "https://arxiv.org/abs/new"])
def test_a_page_of_arxivs_that_shows_no_paper_names_none(url: str) -> None:
    assert paper_at(url) is None


@pytest.mark.parametrize(
    ("said", "repository"),
    [
        ("Code: https://github.com/thin-air/wake.", "https://github.com/thin-air/wake"),
        ("see github.com/Thin-Air/wake.git", "https://github.com/Thin-Air/wake"),
        ("at https://gitee.com/thin/air)", "https://gitee.com/thin/air"),
        ("https://huggingface.co/a/w and https://gitlab.com/a/b", "https://gitlab.com/a/b"),
        ("https://huggingface.co/datasets/a/w", "https://huggingface.co/datasets/a/w"),
        (
            "https://github.com/a/b/tree/master/src/cuda, says",
            "https://github.com/a/b/tree/master/src/cuda",
        ),
        ("https://github.com/only-owner", None),
        ("https://huggingface.co/papers/2003.07777", None),
        ("https://evil.test/github.com.evil/a/b notgithub.com/a/b", None),
    ],
)
def test_the_code_is_where_the_text_says(said: str, repository: str | None) -> None:
    assert repository_in(said) == repository


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"\textbf{so \emph{very} fast}", "so very fast"),
        (r"$3.5\times$ smaller, 5\% worse", "3.5× smaller, 5% worse"),
        (r"``quoted'' at $\sim$12", "“quoted” at ~12"),
        (r"it costs $5 or $6", r"it costs $5 or $6"),
        (r"$\frac{a}{b}$ stays", r"$\frac{a}{b}$ stays"),
        (r"\href{https://a.test}{here}", "here (https://a.test)"),
    ],
)
def test_simple_tex_reads_as_text(tex: str, plain: str) -> None:
    assert without_tex(tex) == plain


def test_a_real_paper_is_read() -> None:
    url = "https://arxiv.org/abs/2405.05966"
    article = read_page(Page(url, url, 200, "text/html", None, shared_page(url))).article

    assert article is not None
    assert (article.source, article.published, len(article.authors)) == ("arXiv", "2024-05-09", 3)
    assert article.title == article.lines[0][1]
    assert article.text.startswith("Large Language Models")


class Web(Fetcher):
    """The web as one page, which remembers what it was asked for."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body
        self.asked: list[str] = []

    async def fetch(self, url: str, wanted: Wanted = WEB_PAGES) -> Page:
        self.asked.append(url)
        return Page(url, url, 200, "text/html", None, self.body)


async def test_a_link_to_a_papers_pdf_is_read_at_its_abstract_and_stays_the_storys(tmp_path: Path) -> None:
    desk = await PublishingDesk(config_of(tmp_path)).open()
    pdf = "https://arxiv.org/pdf/2003.07777"
    await desk.say("lin", f"{pdf} #papers")
    web = Web((PAGES / "arxiv_abstract_of_2020.html").read_bytes())
    workers = ReadingWorkers(processes=1)
    reader = StoryReader(desk.database, desk.desk.settings, web, workers, desk.clock)

    story = await desk.story(pdf)
    read = await reader.read_page(story.id)
    await reader.settle(story.id, read, errand="read", tries=0)

    assert web.asked == [NEWEST]
    story = await desk.story(NEWEST)
    assert (story.url, story.verdict) == (pdf, "fine")
    assert story.field("title") == "Thin Air: Wake Words at 10× Less Energy"
    assert story.field("code") == "https://github.com/thin-air/wake"
    await workers.close()
    await desk.close()
