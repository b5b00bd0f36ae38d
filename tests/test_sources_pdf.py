"""PDFs: what they are called, who wrote them, what they say; and those that say nothing or mean harm."""

import io
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from bot.reading.article import Article, Reading
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.workers import ReadingWorkers
from tests.pdf_writer import CATALOG, PAGE, Words, column, file_of, pdf_of, stream

ABSTRACT = [
    "A wake word must be heard while everything else sleeps. We train a network of 21 KB",
    "that spends ten times less energy than the best one before, and show that it can be re-",
    "trained on the device in an hour. State-of-the-",
    "art accuracy is kept within 0.3% on twelve words.",
]
HEAD = [
    Words("Thin Air: Wake Words at Ten Times", 17, 120, 720),
    Words("Less Energy", 17, 220, 700),
    Words("Åsa Lindqvist1, Jan van der Meer2,∗ and Mira Oyelaran1", 11, 130, 675),
    Words("1University of the Sea, 2Harbour Labs", 9, 150, 660),
]
PAPER = [
    *HEAD,
    Words("Abstract", 12, 280, 635),
    *column(ABSTRACT, top=615),
    Words("1 Introduction", 12, 72, 555),
    *column(["Buoys sleep. So do lighthouses."], top=535),
]


def document(body: bytes, url: str = "https://lab.test/files/thin_air.pdf") -> Page:
    return Page(url, url, 200, "application/pdf", None, body)


def reading_of(body: bytes) -> Reading:
    return read_page(document(body))


def article_of(body: bytes, url: str = "https://lab.test/files/thin_air.pdf") -> Article:
    article = read_page(document(body, url)).article
    assert article is not None
    return article


def test_a_paper_is_its_title_its_authors_and_its_abstract() -> None:
    reading = reading_of(pdf_of(PAPER, title="Microsoft Word - final_v7.docx"))

    assert (reading.verdict, reading.article is not None) == ("fine", True)
    paper = article_of(pdf_of(PAPER, title="Microsoft Word - final_v7.docx"))
    assert paper.title == "Thin Air: Wake Words at Ten Times Less Energy"
    assert paper.authors == ("Åsa Lindqvist", "Jan van der Meer", "Mira Oyelaran")
    assert paper.text.startswith("A wake word must be heard")
    assert paper.text.endswith("on twelve words.")
    assert paper.source == "lab.test"


def test_words_broken_at_a_lines_end_are_whole_again() -> None:
    text = article_of(pdf_of(PAPER)).text

    assert "can be retrained on the device" in text
    assert "State-of-the-art accuracy" in text


def test_a_files_description_is_believed_where_the_page_says_the_same() -> None:
    spelled = "Thin Air: Wake Words at Ten-Times Less Energy"

    assert article_of(pdf_of(PAPER, title=spelled)).title == spelled
    assert article_of(pdf_of(PAPER, title="Annual report of the harbour")).title.startswith("Thin Air")


@pytest.mark.parametrize("junk", ["untitled", "paper.dvi", "Microsoft Word - Dokument1", "tmp123", "()"])
def test_a_description_that_is_junk_is_no_title(junk: str) -> None:
    flat = [*column(["Line one of a note without any heading, which goes on and on. " * 2] * 4)]

    assert article_of(pdf_of(flat, title=junk)).title != junk


def test_an_authors_line_with_anything_but_names_gives_no_author() -> None:
    page = [*HEAD[:2], Words("Sent to the harbour on 3 May", 11, 130, 675), *PAPER[4:]]

    assert article_of(pdf_of(page)).authors == ()


def test_a_chinese_paper_is_read_with_the_characters_that_were_meant() -> None:
    body = [
        "本⽂提出⼀种⽅法，使⻓时间休眠的传感器仍能听⻅唤醒词。实验表明，能耗",
        "降低⼗倍，准确率仅下降０.3%，并可在设备上完成微调。",
    ]
    page = [
        Words("低功耗唤醒词识别⽅法研究", 18, 150, 720),
        Words("沈小满 王一鸣", 11, 200, 695),
        Words("摘 要：" + body[0], 10, 72, 660),
        Words(body[1], 10, 72, 648),
        Words("关键词：唤醒词；低功耗", 10, 72, 630),
        Words("引言", 12, 72, 600),
    ]

    paper = article_of(pdf_of(page))

    assert (paper.title, paper.language) == ("低功耗唤醒词识别方法研究", "zh")
    assert paper.authors == ("沈小满", "王一鸣")
    assert paper.text == (
        "本文提出一种方法，使长时间休眠的传感器仍能听见唤醒词。实验表明，能耗降低十倍，准确率仅下降0.3%，"
        "并可在设备上完成微调。"
    )


def test_joined_letters_are_taken_apart() -> None:
    page = column(
        ["The ﬁrst ﬂoating oﬃce of the harbour has been opened for all who work at sea or near it."]
    )

    assert "first floating office" in article_of(pdf_of(page)).text


def test_two_columns_set_side_by_side_are_read_one_after_the_other() -> None:
    left = column([f"left line {number} of what is said" for number in range(9)], x=72)
    right = column([f"right line {number} of what is said" for number in range(9)], x=330)
    across = [words for pair in zip(left, right, strict=True) for words in pair]

    text = article_of(pdf_of([Words("A Report in Two Columns", 20), *across])).text

    assert text.index("left line 8") < text.index("right line 0")


def test_a_document_that_is_no_paper_is_its_first_pages_without_their_heads_and_numbers() -> None:
    pages = [
        [
            Words("Harbour Letters, spring", 8, 72, 770),
            *column([f"{words} {page} we say something new about buoys and", f"lights. {words} we end."]),
            Words(str(page), 8, 300, 40),
        ]
        for page, words in enumerate(["First", "Then", "Next", "Later", "After", "Now", "Once", "Last"], 1)
    ]

    text = article_of(pdf_of(*pages)).text

    assert text.splitlines()[0] == "First 1 we say something new about buoys and lights. First we end."
    assert "Harbour Letters" not in text
    assert text.splitlines()[-1].endswith("Now we end.")


def test_arxivs_stamp_says_which_paper_it_is() -> None:
    stamp = Words("arXiv:2003.07777v1  [cs.SD]  17 Mar 2020", 20, 30, 200, turned=True)
    body = pdf_of([stamp, *PAPER], links=["https://github.com/thin-air/wake"])

    on_arxiv = article_of(body, "https://arxiv.org/pdf/2003.07777v1")
    elsewhere = article_of(body)

    assert on_arxiv.title == "Thin Air: Wake Words at Ten Times Less Energy"
    assert (on_arxiv.source, on_arxiv.published) == ("arXiv", "2020-03-17")
    assert on_arxiv.lines == (
        ("title", "Thin Air: Wake Words at Ten Times Less Energy"),
        ("link", "https://arxiv.org/pdf/2003.07777"),
        ("code", "https://github.com/thin-air/wake"),
    )
    assert elsewhere.source == "lab.test"
    assert "https://arxiv.org/abs/2003.07777" in elsewhere.aliases


def test_a_pdf_is_known_by_its_bytes_whatever_the_server_calls_it() -> None:
    url = "https://lab.test/download?id=7"
    reading = read_page(Page(url, url, 200, "text/html", None, b"\n" + pdf_of(PAPER)))

    assert reading.article is not None
    assert reading.article.title.startswith("Thin Air")


def test_a_text_that_speaks_of_pdfs_is_none() -> None:
    url = "https://lab.test/notes.txt"
    words = b"Such a file begins with %PDF-1.7, and nobody reads what stands before those five letters. " * 3
    reading = read_page(Page(url, url, 200, "text/plain", None, words))

    assert reading.verdict == "fine"


def test_something_may_stand_before_the_mark() -> None:
    assert article_of(b"HTTP/1.1 200 OK\r\n\r\n" + pdf_of(PAPER)).title.startswith("Thin Air")


def test_pictures_of_pages_are_thin_and_say_so() -> None:
    reading = read_page(document(pdf_of([], []), "https://lab.test/Spring-report-of-the_harbour.pdf"))

    assert (reading.verdict, reading.reason) == ("thin", "pdf-without-text")
    assert reading.article is not None
    assert (reading.article.title, reading.article.text) == ("Spring report of the harbour", "")


def test_pictures_of_pages_that_nothing_names_are_no_article() -> None:
    reading = read_page(document(pdf_of([], []), "https://lab.test/0042.pdf"))

    assert (reading.verdict, reading.reason) == ("not-article", "pdf-without-text")


def test_a_locked_file_is_no_article() -> None:
    writer, locked = PdfWriter(clone_from=io.BytesIO(pdf_of(PAPER))), io.BytesIO()
    writer.encrypt("a word", algorithm="RC4-128")
    writer.write(locked)

    reading = reading_of(locked.getvalue())

    assert (reading.verdict, reading.reason, reading.article) == ("not-article", "pdf-encrypted", None)


def test_a_file_that_only_forbids_printing_is_read() -> None:
    writer, guarded = PdfWriter(clone_from=io.BytesIO(pdf_of(PAPER))), io.BytesIO()
    writer.encrypt("", "the owner's", algorithm="RC4-128")
    writer.write(guarded)

    assert article_of(guarded.getvalue()).title.startswith("Thin Air")


@pytest.mark.parametrize("body", [b"%PDF-1.7\n%", b"%PDF-1.4" + b"\0" * 5000, pdf_of(PAPER)[:300]])
def test_a_broken_file_says_so(body: bytes) -> None:
    reading = reading_of(body)

    assert (reading.verdict, reading.reason) == ("unreadable", "pdf-broken")


@pytest.fixture
async def workers() -> AsyncIterator[ReadingWorkers]:
    workers = ReadingWorkers(processes=1, seconds=10, memory=1_200_000_000)
    yield workers
    await workers.close()


def _pages(kids: bytes, count: int = 1, *others: bytes) -> bytes:
    return file_of([CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), *others])


def _one_page(content: bytes, *others: bytes, extra: str = "") -> bytes:
    page = PAGE.format(4, extra).replace("/F 3 0 R", "/F 5 0 R").encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return _pages(b"3 0 R", 1, page, content, font, *others)


def _bomb(size: int) -> bytes:
    squeezer = zlib.compressobj(9)
    whole = b"".join(squeezer.compress(b"(x) Tj " * 100_000) for _ in range(size // 700_000))
    return whole + squeezer.flush()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a page tree that bites its tail": lambda: _pages(b"2 0 R 2 0 R"),
    "a billion pages promised": lambda: _pages(b"3 0 R", 10**9, b"<</Type/Page/Parent 2 0 R>>"),
    "one page a hundred thousand times": lambda: _pages(b"3 0 R " * 100_000, 100_000, b"<</Type/Page>>"),
    "deep brackets": lambda: _one_page(stream(b"[" * 200_000)),
    "deep brackets in the catalog": lambda: file_of([b"<</Type/Catalog/Pages " + b"[" * 200_000 + b">>"]),
    "a stream that swells": lambda: _one_page(
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream"
        % (len(_bomb(90_000_000)), _bomb(90_000_000))
    ),
    "a form that draws itself": lambda: _one_page(
        stream(b"/X Do"),
        stream(b"/X Do /X Do", entries=b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>"),
    ).replace(b"/Font<<", b"/XObject<</X 6 0 R>>/Font<<", 1),
    "filters upon filters": lambda: _one_page(
        b"<</Length 3/Filter[" + b"/FlateDecode" * 5000 + b"]>>stream\nabc\nendstream"
    ),
    "a table that points at itself": lambda: file_of([CATALOG], trailer=b"/Prev 9"),
    "an object that is itself": lambda: file_of([CATALOG, b"2 0 R"]),
    "more words than any page holds": lambda: _one_page(
        stream(b"BT /F 9 Tf " + b"(word ) Tj 0 -9 Td " * 170_000 + b"ET")
    ),
    "numbers beyond numbers": lambda: _one_page(
        stream(b"BT /F 1e308 Tf 1e308 0 0 1e308 1e308 1e308 Tm (words out of this world) Tj ET")
    ),
}


ENDINGS = {
    ("unreadable", "pdf-broken"),
    ("thin", "pdf-without-text"),
    ("too-slow", "reading-time"),  # on a busy machine the worker's time is over before the reader's own
}


async def test_a_hostile_file_ends_in_a_verdict_and_the_next_is_read(workers: ReadingWorkers) -> None:
    for kind, body in HOSTILE.items():
        reading = await workers.read(document(body()))
        ending = (reading.verdict, reading.reason)
        assert ending in ENDINGS, kind
        assert (await workers.read(document(pdf_of(PAPER)))).verdict == "fine", kind


SAMPLE = pdf_of(PAPER, title="Thin Air", links=["https://github.com/thin-air/wake"], compressed=False)


@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 40), st.binary(max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_broken_anywhere_gives_a_reading(place: int, length: int, other: bytes) -> None:
    broken = SAMPLE[:place] + other + SAMPLE[place + length :]

    reading = reading_of(broken)

    assert (reading.article is None) == (reading.verdict not in ("fine", "thin"))
