"""An issue that has everything, set in each format, compared with what somebody looked at.

Renew after a change that is meant: RENEW_GOLDEN=1 python -m pytest tests/test_golden_outputs.py
Then look at each file, at 1280 and 390 pixels, light and dark, and commit it.
"""

import difflib
import os
from pathlib import Path

import pytest

from bot.render_command import read_issue
from renderers.issue_view import IssueView
from renderers.layout import load_layout
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


@pytest.mark.parametrize("name", FILES)
def test_the_issue_is_set_as_it_was_when_somebody_looked(name: str, issue: IssueView) -> None:
    golden = GOLDEN / FILES[name]
    [output] = render_checked(kind_of(name), issue)
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_bytes(output.content)

    was, now = golden.read_bytes().decode(), output.text
    difference = "\n".join(difflib.unified_diff(was.split("\n"), now.split("\n"), FILES[name], "now", n=1))
    assert now == was, f"{difference}\nIf it is meant: RENEW_GOLDEN=1 python -m pytest {__file__}, and look."


@pytest.mark.parametrize("name", FILES)
def test_the_same_issue_gives_the_same_bytes(name: str, issue: IssueView) -> None:
    kind = kind_of(name)

    assert render_checked(kind, issue) == render_checked(kind, issue)
