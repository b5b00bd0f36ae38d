"""An issue that has everything, set in each format, compared with what somebody looked at.

Renew after a change that is meant: RENEW_GOLDEN=1 python -m pytest tests/test_golden_outputs.py
Then look at each file, at 1280 and 390 pixels, light and dark, and commit it.
"""

import difflib
import io
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader

from bot.render_command import read_issue
from renderers.issue_view import IssueView, Masthead, SectionView
from renderers.layout import load_layout
from renderers.outputs import pdf
from renderers.outputs.email_message import message_kind
from renderers.outputs.output import OutputKind
from renderers.outputs.registry import OUTPUTS, render_checked

GOLDEN = Path(__file__).parent / "golden"
FILES = {
    "email": "email.html",
    "message": "email.eml",
    "site": "site.html",
    "text": "text.txt",
    "atom": "atom.xml",
    "rss": "rss.xml",
    "json": "feed.json",
    "wechat": "wechat.html",
    "telegram": "telegram.json",
    "discord": "discord.json",
}


@pytest.fixture(scope="module")
def issue() -> IssueView:
    return read_issue(
        GOLDEN / "issue.md", load_layout("embedded-ai-report"), site="https://tide.example/news/"
    )


def kind_of(name: str) -> OutputKind:
    return message_kind() if name == "message" else OUTPUTS[name]


def compare(golden: Path, now: str) -> None:
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_bytes(now.encode())
    was = golden.read_bytes().decode()
    difference = "\n".join(difflib.unified_diff(was.split("\n"), now.split("\n"), golden.name, "now", n=1))
    assert now == was, f"{difference}\nIf it is meant: RENEW_GOLDEN=1 python -m pytest {__file__}, and look."


@pytest.mark.parametrize("name", FILES)
def test_the_issue_is_set_as_it_was_when_somebody_looked(name: str, issue: IssueView) -> None:
    [output] = render_checked(kind_of(name), issue)
    compare(GOLDEN / FILES[name], output.text)


@pytest.mark.parametrize("name", FILES)
def test_the_same_issue_gives_the_same_bytes(name: str, issue: IssueView) -> None:
    kind = kind_of(name)

    assert render_checked(kind, issue) == render_checked(kind, issue)


@pytest.mark.skipif(
    not {"Noto Sans CJK SC", "DejaVu Sans", "DejaVu Sans Mono"} <= set(typst.Fonts().families()),
    reason="other fonts than those in which somebody looked: install fonts-noto-cjk and fonts-dejavu-core",
)
def test_the_words_stand_on_the_pages_of_a_pdf_where_they_stood(tmp_path: Path) -> None:
    told = re.sub("[\U0001f000-\U0001ffff\u200d]", "", (GOLDEN / "issue.md").read_text("utf-8"))
    file = tmp_path / "2026-03-10.md"
    file.write_text(told, "utf-8")  # without emoji, for which systems have many fonts, or none

    [output] = render_checked("pdf", read_issue(file, load_layout("embedded-ai-report")))

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(output.content)).pages]
    compare(GOLDEN / "pdf.txt", "\n----\n".join(pages) + "\n")


def test_a_pdf_in_the_fonts_that_typst_brings_is_the_same_on_every_machine(issue: IssueView) -> None:
    [paper] = [
        replace(story, meta=()) for story in issue.stories if story.url.startswith("https://arxiv.org")
    ]
    told = replace(
        issue,
        masthead=Masthead("Tides", "Of moons and machines", "en", address="https://tide.example/1"),
        title="Tides of 10 March",
        lead="A **lead** with *looks*, `code` and [a link](https://tide.example/log).",
        shorts=("One line.",),
        sections=(SectionView("papers", "Papers", (paper,)),),
    )
    golden = GOLDEN / "latin.pdf"

    [output] = pdf.render(told, fonts=typst.Fonts(include_system_fonts=False))

    if os.environ.get("RENEW_GOLDEN"):
        golden.write_bytes(output.content)
    assert output.content == golden.read_bytes(), f"RENEW_GOLDEN=1 python -m pytest {__file__}, and look."
