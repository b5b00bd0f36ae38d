"""An issue as a PDF: its text, links and pictures, whatever fonts there are and whoever wrote the words."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from PIL import Image, ImageOps
from pypdf import PdfReader

from renderers.issue_view import IssueView, Masthead, PictureImage, PictureView, SectionView, StoryView
from renderers.outputs import pdf
from renderers.outputs.output import CannotRenderError, Output
from renderers.outputs.pdf_data import SIZE_LIMIT
from renderers.outputs.pdf_fonts import families
from tests.golden_issue import golden_issue
from tests.hostile_issues import issues

LATIN_ONLY = typst.Fonts(include_system_fonts=False)


def has_chinese() -> bool:
    return len(families("zh", typst.Fonts())) > 1


def issue_of(*stories: StoryView, title: str = "Issue", date: str = "2026-03-10") -> IssueView:
    return IssueView(Masthead("Gazette"), title, date, "", (), (SectionView("news", "News", stories),))


def story(
    title: str = "Reeds", summary: str = "They grow.", url: str = "https://marsh.test/reeds"
) -> StoryView:
    return StoryView(title, "Marsh", url, summary)


def read(output: Output) -> PdfReader:
    return PdfReader(io.BytesIO(output.content))


def messages(output: Output) -> tuple[str, ...]:
    return tuple(note.message for note in output.notes)


def text_of(output: Output) -> str:
    """The text without blanks: a page's lines end somewhere, and Chinese stands apart from Latin."""
    return "".join("".join(page.extract_text() for page in read(output).pages).split())


def links_of(output: Output) -> list[str]:
    annotations = [one.get_object() for page in read(output).pages for one in page.get("/Annots", [])]
    return [str(annotation["/A"]["/URI"]) for annotation in annotations]


@pytest.mark.skipif(not has_chinese(), reason="no font for Chinese: install fonts-noto-cjk")
def test_the_golden_issue_has_its_titles_links_and_data_about_itself() -> None:
    issue = golden_issue()

    [output] = pdf.render(issue)

    said = text_of(output)
    for story in issue.sections[0].stories[:1] + issue.sections[2].stories[:1]:
        assert "".join(story.title.split()) in said
    assert "[1]https://tide.example/log?a=1&b=2" in said
    assert "https://arxiv.org/abs/2603.01234" in links_of(output)
    assert issue.masthead.address in links_of(output)
    about = read(output).metadata
    assert about is not None
    assert (about.title, about.author) == (issue.title, "潮汐简报")
    assert about.creation_date_raw is not None and about.creation_date_raw.startswith("D:20260310")
    assert str(read(output).root_object["/Lang"]) == "zh-CN"
    assert pdf.faults(output) == ()


def test_the_same_issue_gives_the_same_bytes() -> None:
    assert pdf.render(issue_of(story())) == pdf.render(issue_of(story()))
    assert pdf.render(issue_of(story(), date="")) == pdf.render(issue_of(story(), date=""))


def test_chinese_without_a_font_is_told_instead_of_printed_as_boxes() -> None:
    with pytest.raises(CannotRenderError, match="install fonts-noto-cjk"):
        pdf.render(issue_of(story("灯塔")), fonts=LATIN_ONLY)


def test_a_rare_character_without_a_font_is_set_as_its_code() -> None:
    [output] = pdf.render(issue_of(story("Old \U00012000 sign")), fonts=LATIN_ONLY)

    assert "Old[U+12000]sign" in text_of(output)
    assert messages(output) == ("No font has these characters, which are set as their codes: U+12000.",)


def test_nothing_that_a_stranger_writes_is_read_as_typst() -> None:
    hostile = '#eval("1+1") $x$ @ref <label> #import "x" \\u{41}'

    [output] = pdf.render(issue_of(story("T", f"```\n{hostile}\n```", 'https://e.test/")')), fonts=LATIN_ONLY)

    assert "".join(hostile.split()) in text_of(output)
    assert pdf.faults(output) == ()


def drawn(form: str, width: int, height: int) -> PictureImage:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, form)
    return PictureImage(stream.getvalue(), f"image/{form.lower()}", width, height)


@pytest.mark.parametrize(
    ("form", "width", "height"), [("PNG", 80, 64), ("JPEG", 1200, 500), ("PNG", 500, 2400)]
)
def test_a_picture_is_set_within_its_page_with_its_credit(form: str, width: int, height: int) -> None:
    pictured = replace(
        story(), pictures=(PictureView("a.png", "", 'Photo: "Ada" <b>', drawn(form, width, height)),)
    )

    [output] = pdf.render(issue_of(pictured), fonts=LATIN_ONLY)

    [page] = read(output).pages
    [shown] = page.images
    assert shown.image is not None and shown.image.size == (width, height)
    assert 'Photo:"Ada"<b>' in text_of(output)
    assert output.notes == () and pdf.faults(output) == ()


def test_a_picture_that_is_not_there_is_told() -> None:
    pictured = replace(story(), pictures=(PictureView("a.png", "", "Photo: Ada"),))

    [output] = pdf.render(issue_of(pictured), fonts=LATIN_ONLY)

    assert "Ada" not in text_of(output)
    assert messages(output) == (
        "Pictures are left out, for their files are not there or cannot be shown: a.png.",
    )


def test_a_word_longer_than_a_line_is_broken_and_an_endless_issue_is_refused() -> None:
    [output] = pdf.render(issue_of(story(summary="a" * 40_000)), fonts=LATIN_ONLY)

    assert text_of(output).replace("\u200b", "").count("a") > 39_000
    with pytest.raises(CannotRenderError, match="more text"):
        pdf.render(issue_of(story(summary="a " * SIZE_LIMIT)), fonts=LATIN_ONLY)
    with pytest.raises(CannotRenderError, match="more text"):
        pdf.render(issue_of(story(summary="- a\n" * 8000)), fonts=LATIN_ONLY)


def edges_of(output: Output, folder: Path) -> list[tuple[int, int]]:
    """The left and right end of what is printed on each page, in 72ths of an inch; A4 has 595 of them."""
    file = folder / "issue.pdf"
    file.write_bytes(output.content)
    subprocess.run(["pdftoppm", "-r", "72", "-gray", file, folder / "page"], check=True)
    edges = []
    for page in sorted(folder.glob("page*.pgm")):
        with Image.open(page) as image:
            box = ImageOps.invert(image).getbbox()
        assert box is not None
        edges.append((box[0], box[2]))
    return edges


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="no pdftoppm: install poppler-utils")
def test_nothing_is_printed_beyond_the_margins(tmp_path: Path) -> None:
    wide, address = "W" * 130, f"https://a.test/{'W' * 130}/{'b-' * 60}"
    words = f"{wide} {address}\n\n- a\n  - b\n    - {wide}\n\n> {wide}\n\n```\n{wide}\n```"
    told = StoryView(
        wide,
        wide,
        address,
        words,
        (wide,),
        ((wide, wide),),
        (PictureView("a", "", wide, drawn("PNG", 9000, 70)),),
    )
    issue = replace(issue_of(told, title=wide), sections=(SectionView("news", wide, (told,)),), lead=words)

    [output] = pdf.render(
        replace(issue, masthead=Masthead("G", tagline=wide, address=address)), fonts=LATIN_ONLY
    )

    margin = 22 / 25.4 * 72
    for left, right in edges_of(output, tmp_path):
        assert left >= margin - 2
        assert right <= 595 - margin + 4  # a picture or a letter may lean over by a hair
    assert read(output).metadata.title == wide  # type: ignore[union-attr]  # it has one, as faults() checks


def test_what_is_no_pdf_of_ours_is_a_fault() -> None:
    [output] = pdf.render(issue_of(story()), fonts=LATIN_ONLY)

    assert [fault.code for fault in pdf.faults(replace(output, content=b"no PDF"))] == ["unreadable"]
    cut_short = replace(output, content=output.content[:200])
    assert [fault.code for fault in pdf.faults(cut_short)] == ["unreadable"]


@pytest.mark.skipif(not has_chinese(), reason="no font for Chinese: install fonts-noto-cjk")
@given(issues)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_strangers_write_the_pages_are_sound(issue: IssueView) -> None:
    [output] = pdf.render(issue)

    assert pdf.faults(output) == ()
