"""GitHub: repositories and what is in them, as its pages were in 2019 and as they are today."""

import json
from pathlib import Path

import pytest

from bot.reading.article import Article, Reading
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.sources.github_address import page_to_read, place_at

PAGES = Path(__file__).parent / "pages"
WAKE = "https://github.com/thin-air/wake"


def reading_of(html: str, url: str) -> Reading:
    return read_page(Page(url, url, 200, "text/html", None, html.encode()))


def article_of(html: str, url: str) -> Article:
    article = reading_of(html, url).article
    assert article is not None
    return article


def article_in(file: str, url: str) -> Article:
    return article_of((PAGES / file).read_text(), url)


def with_data(data: object, title: str = "x") -> str:
    """Write a page of today, which holds its words in a script."""
    hidden = json.dumps(data).replace("<", "\\u003c")
    return (
        f"<html><head><title>{title}</title></head><body><nav>Skip to content</nav><script "
        f'type="application/json" data-target="react-app.embeddedData">{hidden}</script></body></html>'
    )


def test_a_repository_is_what_its_readme_says_it_is() -> None:
    article = article_in("github_repository_of_today.html", WAKE)

    assert article.title == "Thin-Air/wake: Wake words for boards that sleep"
    assert article.text.splitlines() == [
        "Wake words for boards that sleep",
        "Wake hears a word while everything else sleeps: it runs on one milliwatt and needs no operating "
        "system. 💤",
        "Features",
        "Weights of 21 KB",
        "or of 9 KB, at 0.6% more errors",
        "Bindings for three families of boards, see the boards",
        "Install",
        "Board | mW",
        "Gull | 0.9",
    ]
    assert (article.source, article.authors, article.published) == ("GitHub", ("Thin-Air",), None)


def test_the_draft_of_a_repository_says_what_it_is() -> None:
    reading = reading_of((PAGES / "github_repository_of_today.html").read_text(), WAKE)

    assert reading.summary is not None
    assert "Wake hears a word while everything else sleeps" in reading.summary.text


def test_a_repository_of_2019_is_read_the_same_way() -> None:
    article = article_in("github_repository_of_2019.html", "https://github.com/thin-air/chgemm")

    assert article.title == "thin-air/chgemm: symmetric int8 gemm"
    assert article.language == "zh"
    assert article.text.splitlines()[1].startswith("chgemm 是一个 int8 gemm 工程")
    for furniture in ("Tip:", "Join GitHub", "benchmark", "fix typo"):
        assert furniture not in article.text


def test_a_description_that_the_readme_begins_with_is_not_said_twice() -> None:
    html = (PAGES / "github_repository_of_today.html").read_text()
    said = html.replace("Wake hears a word", "Wake words for boards that sleep. Wake hears a word")

    assert article_of(said, WAKE).text.startswith("Wake words for boards that sleep. Wake hears a word")


def test_a_repository_without_a_readme_is_thin() -> None:
    html = (PAGES / "github_repository_of_today.html").read_text()
    reading = reading_of(html.partition("<react-partial")[0], WAKE)

    assert (reading.verdict, reading.reason) == ("thin", "short-text")
    assert reading.article is not None
    assert reading.article.text == "Wake words for boards that sleep"


def test_a_release_is_called_by_its_tag_and_name() -> None:
    article = article_in("github_release.html", f"{WAKE}/releases/tag/v1.2.0")

    assert article.title == "Thin-Air/wake v1.2.0: Quiet Harbour"
    assert article.published == "2021-03-04T05:06:07Z"
    assert article.text.startswith("Smaller weights\nThe weights of this release")
    assert "wake convert --half" in article.text
    assert "Assets" not in article.text


def test_a_part_of_a_repository_is_not_the_repository_though_its_page_says_so() -> None:
    html = (PAGES / "github_release.html").read_text()
    said = html.replace("<head>", '<head><meta property="og:url" content="https://github.com/Thin-Air/wake">')

    assert article_of(said, f"{WAKE}/releases/tag/v1.2.0").aliases == ()


@pytest.mark.parametrize("name", ["v1.2.0", "1.2.0", "Wake 1.2.0", "Release v1.2.0", "Version 1.2.0"])
def test_a_release_whose_name_is_its_tag_is_called_once(name: str) -> None:
    html = (PAGES / "github_release.html").read_text().replace("Quiet Harbour", name)

    assert article_of(html, f"{WAKE}/releases/tag/v1.2.0").title == "Thin-Air/wake v1.2.0"


def test_an_issue_is_what_it_was_opened_with() -> None:
    article = article_in("github_issue_of_today.html", f"{WAKE}/issues/12#issuecomment-1")

    assert article.title == 'Thin-Air/wake#12: Hears nothing on "Gull" boards'
    assert (article.authors, article.published) == (("oyelaran",), "2024-11-23T05:46:40Z")
    assert article.text.startswith("Since the last release the board stays silent.")
    assert "Same here" not in article.text


def test_a_pull_request_of_2020_is_read_by_its_markup() -> None:
    html = (PAGES / "github_pull_request_of_2020.html").read_text()

    article = article_of(html, f"{WAKE}/pull/7/files")

    assert article.title == "thin-air/wake#7: Halve the weights"
    assert (article.authors, article.published) == (("lindqvist",), "2020-05-01T08:00:00Z")
    assert article.text.startswith("This halves the weights")


def test_a_discussion_is_read_by_what_it_tells_machines() -> None:
    posting = {
        "@type": "DiscussionForumPosting",
        "headline": "Which board for the sea?",
        "articleBody": "We look for a board that stands salt, hears twelve words and sleeps all year.",
        "author": {"@type": "Person", "name": "brandt"},
        "datePublished": "2023-02-03T04:05:06Z",
    }
    html = f'<html><body><script type="application/ld+json">{json.dumps(posting)}</script></body></html>'

    article = article_of(html, f"{WAKE}/discussions/9")

    assert article.title == "thin-air/wake#9: Which board for the sea?"
    assert article.authors == ("brandt",)
    assert article.text.startswith("We look for a board")


def test_a_text_among_the_files_is_read_with_its_listings() -> None:
    rich = (
        "<article class='markdown-body'><h1>Boards</h1><p>Every board that hears words, with what it draws "
        "while it sleeps and while it listens.</p><pre>wake list</pre></article>"
    )
    page = with_data({"payload": {"codeViewBlobRoute": {"richText": rich}}})

    article = article_of(page, f"{WAKE}/blob/main/docs/boards.md")

    assert article.title == "thin-air/wake: Boards"
    assert article.text.splitlines()[-1] == "wake list"


def test_a_source_file_is_called_by_its_path_and_begins_with_its_comment() -> None:
    lines = [
        "/*",
        " * Hears a word in a stream of samples, on boards that have no operating system at all.",
        " */",
        "int kws;",
    ]
    page = with_data({"payload": {"codeViewBlobLayoutRoute.StyledBlob": {"rawLines": lines}}})

    article = article_of(page, f"{WAKE}/blob/main/src/kws.c")

    assert article.title == "thin-air/wake: src/kws.c"
    assert article.text.splitlines()[0].startswith("Hears a word in a stream")


def test_a_folder_is_called_by_its_own_readme() -> None:
    rich = "<article class='markdown-body'><h2>Gull boards</h2><p>Drivers for all of the Gulls.</p></article>"
    page = with_data({"payload": {"tree": {"readme": {"richText": rich}}}})

    assert article_of(page, f"{WAKE}/tree/main/boards/gull").title == "thin-air/wake: Gull boards"


def test_a_gist_is_called_by_its_description() -> None:
    html = (PAGES / "github_gist.html").read_text()

    article = article_of(html, "https://gist.github.com/lindqvist/0123456789abcdef")

    assert article.title == "How to measure sleep current without fooling yourself"
    assert (article.source, article.authors) == ("GitHub", ("lindqvist",))


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (WAKE, "repository"),
        (f"{WAKE}/", "repository"),
        (f"{WAKE}.git", "repository"),
        (f"{WAKE}?tab=readme-ov-file#install", "repository"),
        (f"{WAKE}/tree/develop", "repository"),
        (f"{WAKE}/tree/main/boards", "tree"),
        (f"{WAKE}/blob/main/src/kws.c", "file"),
        (f"{WAKE}/releases/tag/v1.0", "release"),
        (f"{WAKE}/issues/3", "issue"),
        (f"{WAKE}/wiki/Boards", "wiki"),
    ],
)
def test_an_address_says_what_it_names(url: str, kind: str) -> None:
    place = place_at(url)

    assert place is not None
    assert (place.kind, place.full_name) == (kind, "thin-air/wake")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/thin-air",
        "https://github.com/topics/tinyml",
        "https://github.com/features/actions",
        f"{WAKE}/issues",
        f"{WAKE}/actions/runs/1",
        "https://gist.github.com/lindqvist",
        "https://github.com.evil.test/a/b",
    ],
)
def test_lists_and_githubs_own_pages_are_left_to_the_open_web(url: str) -> None:
    assert place_at(url) is None


RAW = "https://raw.githubusercontent.com/thin-air/wake"


@pytest.mark.parametrize(
    ("dropped", "read"),
    [
        (f"{WAKE}/blob/master/README.md", WAKE),
        (f"{WAKE}/tree/main", WAKE),
        (f"{RAW}/main/README.md", WAKE),
        (f"{RAW}/main/docs/boards.md", f"{WAKE}/blob/main/docs/boards.md"),
        (f"{RAW}/refs/heads/main/docs/boards.md", f"{WAKE}/blob/main/docs/boards.md"),
        (f"{RAW}/main/paper.pdf", f"{RAW}/main/paper.pdf"),
        (f"{WAKE}/blob/main/docs/paper.pdf", f"{RAW}/main/docs/paper.pdf"),
        (f"{WAKE}/issues/3", f"{WAKE}/issues/3"),
        ("https://a.test/blob/main/README.md", "https://a.test/blob/main/README.md"),
    ],
)
def test_the_page_that_shows_it_best_is_read(dropped: str, read: str) -> None:
    assert page_to_read(dropped) == read


@pytest.mark.parametrize(
    "data",
    [
        {"payload": {"codeViewBlobRoute": {"richText": ["no text"]}}},
        {"payload": {"issue": {"title": 7, "bodyHTML": {}, "author": "x"}}},
        [[[[]]], None, 1.5],
        {"richText": "<"},
        {"richText": "\x00"},
    ],
)
@pytest.mark.parametrize("rest", ["", "/issues/1", "/blob/main/a.md", "/releases/tag/v1", "/wiki"])
def test_data_of_another_shape_breaks_nothing(data: object, rest: str) -> None:
    reading = reading_of(with_data(data), WAKE + rest)

    assert reading.reason != "reader-failed"
