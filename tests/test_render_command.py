"""`python -m bot render`: whatever the file, each format comes out sound or it is said why not."""

import json
import os
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.render_command import read_issue, render
from renderers.layout import load_layout
from renderers.outputs.output import CannotRenderError, InvalidOutputError
from renderers.outputs.registry import OUTPUTS, render_checked

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests/golden/issue.md"
ARCHIVE = ROOT.parent / "shared/archive"
KINDS = sorted(set(OUTPUTS) - {"pdf"})  # a PDF takes a second each; its own tests render it

UNFINISHED = {
    "empty": "",
    "only a title": "# 嵌入式AI简报 (2031-02-03)\n",
    "no title": "> 导读：只有导读。\n\n## 业界新闻\n\n- [甲 | 某报](https://a.test/1)  \n摘要：一。  \n",
    "empty lead": "# 嵌入式AI简报 (2031-02-03)：\n\n> 导读：\n\n## 业界新闻\n\n\n## 论文\n",
    "empty links": "# 简报 (2031-02-03)\n\n## 业界新闻\n\n- [没有链接]()\n摘要：\n\n- 没有括号 | 某报\n",
    "broken heads": (
        "# 简报 (2031-02-03)\n\n## 业界新闻\n\n- [没合上 | \n\n- [双](https://a.test)(https://b.test)\n- \n"
        "- [](https://a.test/3)\n- [坏](ht!tp://x)\n- [点](javascript:alert(1))\n"
    ),
    "sections of one's own": "# Words\n\n## <b>&amp;\n\n- [A](https://a.test)\n\n## \n\n- [B](https://b.test)\n",
    "open code": "# 简报 (2031-02-03)\n\n## 论文\n\n- [A](https://a.test)\n摘要：```\n<script>\n",
    "no UTF-8": "# 简报 (2031-02-03)\n\n## 论文\n\n- [A\udcff\udcfe](https://a.test/\udcff)\n摘要：\udc80\x00\x07\n",
    "carriage returns": "# 简报 (2031-02-03)\r\n\r\n> 导读：一\r\n二\r\n\r\n## 论文\r\n\r\n- [A](https://a.test)\r\n摘要：三\r\n",
}


app = typer.Typer()
app.command()(render)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("state", UNFINISHED)
def test_an_unfinished_issue_comes_out_sound_or_it_is_said_why_not(state: str, tmp_path: Path) -> None:
    file = tmp_path / "2031-02-03.md"
    file.write_bytes(UNFINISHED[state].encode("utf-8", "surrogateescape"))

    issue = read_issue(file, load_layout("embedded-ai-report"))

    for kind in KINDS:
        try:
            assert all(output.content for output in render_checked(kind, issue)), kind
        except CannotRenderError as reason:
            assert str(reason).endswith("."), kind
        except InvalidOutputError as invalid:  # an article for WeChat cannot be without a word
            assert (kind, [fault.code for fault in invalid.faults]) == ("wechat", ["empty"])


@pytest.mark.skipif(not ARCHIVE.is_dir(), reason="no past issues beside the project")
def test_every_past_issue_comes_out_sound_in_every_format() -> None:
    layout = load_layout("embedded-ai-report")
    for file in sorted(ARCHIVE.glob("20*.md")):
        issue = read_issue(file, layout)
        assert all(render_checked(kind, issue) for kind in KINDS), file.name


def test_the_newsletters_name_is_what_stands_before_the_date(tmp_path: Path) -> None:
    layout = load_layout("embedded-ai-report")
    file = tmp_path / "2031-02-03.md"
    file.write_text("# 潮汐简报 (2031-02-04)：月亮\n", encoding="utf-8")
    untitled = tmp_path / "2031-02-05.md"
    untitled.write_text("## 论文\n", encoding="utf-8")

    assert read_issue(file, layout).masthead.name == "潮汐简报"
    assert read_issue(file, layout, title="Tides").masthead.name == "Tides"
    issue = read_issue(untitled, layout, site="https://tide.example")
    assert (issue.title, issue.date) == ("嵌入式AI简报 2031-02-05", "2031-02-05")
    assert issue.masthead.address == "https://tide.example/embedded-ai-report/2031-02-05.html"


def test_an_operator_needs_neither_a_terminal_nor_a_locale() -> None:
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "TERM": "dumb"}
    command = [sys.executable, "-m", "bot", "render", str(GOLDEN), "--to", "text"]

    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8").startswith("潮汐简报 (2026-03-10)")


def test_what_is_one_file_goes_to_standard_output_or_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "issue.txt"

    shown = run(GOLDEN, "--to", "text")
    written = run(GOLDEN, "--to", "text", "-o", out, "--json")

    assert (shown.exit_code, written.exit_code) == (0, 0)
    assert shown.stdout_bytes == out.read_bytes()
    assert json.loads(written.stdout) == {
        "file": str(out),
        "media_type": "text/plain; charset=utf-8",
        "bytes": len(shown.stdout_bytes),
        "notes": [],
    }


def test_an_eml_file_is_a_whole_message_and_a_feed_says_what_it_lacks(tmp_path: Path) -> None:
    out = tmp_path / "issue.eml"

    mail = run(GOLDEN, "--to", "email", "-o", out)
    feed = run(GOLDEN, "--to", "atom")

    assert (mail.exit_code, feed.exit_code) == (0, 0), mail.stderr
    parts = [part.get_content_type() for part in message_from_bytes(out.read_bytes()).walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    assert "Give it with --site" in feed.stderr


def test_an_issue_in_parts_is_written_beside_its_first(tmp_path: Path) -> None:
    long = tmp_path / "2031-02-03.md"
    stories = "".join(
        f"- [Story {n} | Site](https://a.test/{n})  \n摘要：{'字' * 300}  \n" for n in range(60)
    )
    long.write_text(f"# 简报 (2031-02-03)\n\n## 论文\n\n{stories}", encoding="utf-8")
    out = tmp_path / "issue.html"

    shown = run(long, "--to", "wechat")
    written = run(long, "--to", "wechat", "-o", out, "--json")

    assert shown.exit_code == 2
    assert "say with -o where to write" in shown.stderr
    files = [json.loads(line)["file"] for line in written.stdout.splitlines()]
    assert files == [str(out), *(str(tmp_path / f"issue-{n}.html") for n in range(2, len(files) + 1))]
    assert len(files) > 1
    assert all(Path(file).stat().st_size for file in files)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["missing.md", "--to", "text"], 2, "missing.md: No such file or directory"),
        ([GOLDEN, "--to", "fax"], 2, "There is no format 'fax'. Known: atom, "),
        ([GOLDEN, "--to", "text", "--layout", "none"], 2, "There is no layout 'none'"),
        ([GOLDEN, "--to", "text", "--site", "tide"], 2, "no web address"),
        ([GOLDEN, "--to", "text", "-o", "/no/such/folder/x.txt"], 2, "No such file or directory"),
        ([GOLDEN, "--to", "text", "--json"], 2, "say with -o where to write"),
    ],
    ids=["file", "format", "layout", "site", "out", "json"],
)
def test_what_cannot_be_done_is_said(arguments: list[str | Path], code: int, words: str) -> None:
    done = run(*arguments)

    assert done.exit_code == code
    assert words in done.stderr
    assert done.stdout == ""


def test_a_feed_of_an_issue_without_any_date_says_so(tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("# 简报\n", encoding="utf-8")

    done = run(file, "--to", "rss")

    assert done.exit_code == 1
    assert "A feed needs the issue's date" in done.stderr
