"""What lint finds, of which weight, and what it leaves alone."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.issue_check import link_key
from renderers.issue_document import IssueDocument
from renderers.issue_lint import CODES, PastStories, lint, past_stories_in
from renderers.layout import load_layout

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
LAYOUT = load_layout("embedded-ai-report")
HEAD = "# 嵌入式AI简报 (2031-02-03)\n\n> 导读：\n\n## 业界新闻\n\n"
FOOT = "".join(
    f"\n\n## {section}\n\n- [{section}甲 | 某人](https://{host}.test/1)  \n摘要：好。\n"
    for section, host in (("论文", "p"), ("开源项目", "g"), ("博文", "b"))
)
GOOD = "- [新闻甲 | 某报](https://a.test/1)  \n摘要：一段话，说完了。\n"


def issue(stories: str = GOOD, *, head: str = HEAD) -> IssueDocument:
    return IssueDocument.of(head + stories + FOOT, LAYOUT)


def codes(stories: str = GOOD, *, head: str = HEAD) -> set[str]:
    return {finding.code for finding in lint(issue(stories, head=head), name="2031-02-03")}


def test_a_sound_issue_has_no_finding() -> None:
    assert codes() == set()


def test_an_entry_right_below_a_loose_paragraph_can_make_a_table_too() -> None:
    stories = f"{GOOD}\n后记：就这些。\n- [新闻乙 | 某报](https://a.test/2)\n\n"

    tables = [found.line for found in lint(issue(stories)) if found.code == "accidental-table"]

    assert tables == [11]


@pytest.mark.parametrize(
    ("stories", "lines"),
    [
        ("甲 | 乙\n--|--\n丙 | 丁\n", []),
        ("| 甲 | 乙 |\n", []),
        ("- [新闻 | 某报](https://a.test/1)\n--|--\n丙 | 丁\n", [7]),
        ("甲\r\n\r\n- 乙\r\n  - [新闻 | 某报](https://a.test/1)\r\n", [10]),
        ("甲\r\r乙 | 丙\n", [7]),
    ],
    ids=["heading", "bar", "head", "crlf", "cr"],
)
def test_a_table_with_a_heading_is_meant_and_a_storys_head_is_none(stories: str, lines: list[int]) -> None:
    found = lint(issue(stories))

    assert [finding.line for finding in found if finding.code == "accidental-table"] == lines


@pytest.mark.parametrize(
    ("code", "stories"),
    [
        ("empty-link", "- [新闻 | 某报]()  \n摘要：好。\n"),
        ("unsafe-link", "- [新闻 | 某报](javascript:x)  \n摘要：好。\n"),
        (
            "temporary-link",
            "- [新闻 | 某报](https://mp.weixin.qq.com/s?timestamp=1&signature=x)  \n摘要：好。\n",
        ),
        ("private-link", "- [新闻 | 某报](http://192.168.0.1/x)  \n摘要：好。\n"),
        ("private-link", "- [新闻 | 某报](https://a.test/1)  \n摘要：见 http://localhost:8000/ 。\n"),
        ("private-link", "- [新闻 | 某报](http://0x7f.1/x)  \n摘要：好。\n"),
        ("broken-head", "- [新闻 | 某报](https://a.test/1  \n摘要：好。\n"),
        ("stray-head", GOOD + "-[新闻乙 | 某报](https://a.test/2)  \n摘要：好。\n"),
        ("stray-head", "-[新闻乙 | 某报](https://a.test/2)  \n摘要：好。\n" + GOOD),
        ("stray-head", GOOD + "\n— [新闻乙 | 某报](https://a.test/2)  \n摘要：好。\n"),
        ("no-link", "- 新闻  \n摘要：好。\n"),
        ("repeated-link", GOOD + "- [新闻乙 | 某报](https://a.test/1)  \n摘要：好。\n"),
        (
            "repeated-title",
            "- [同一个题目在这里](https://a.test/1)  \n摘要：好。\n"
            "- [同一个题目，在这里](https://a.test/2)  \n摘要：好。\n",
        ),
        ("missing-summary", "- [新闻 | 某报](https://a.test/1)  \n代码：https://a.test/2\n"),
        ("accidental-table", "- [新闻 \\| 某报 | 乙](https://a.test/1)  \n摘要：甲 | 乙。\n"),
        ("liquid", "- [新闻](https://a.test/1)  \n摘要：{{ site }}。\n"),
        ("liquid", "- [新闻](https://a.test/1)  \n摘要：{{< ref >}}。\n"),
        ("liquid", "- [新闻](https://a.test/1)  \n摘要：{% if %}。\n"),
        ("dead-bold", "- [新闻](https://a.test/1)  \n摘要：**「量化」**技术。\n"),
        ("dead-bold", "- [新闻](https://a.test/1)  \n摘要：这是**重点。**后面。\n"),
        ("unclosed-fence", "- [新闻](https://a.test/1)  \n摘要：好。\n\n```\nx\n"),
        ("conflict-mark", GOOD + "<<<<<<< ours\n"),
        ("broken-character", "- [新闻](https://a.test/1)  \n摘要：\ufffd\ufffd。\n"),
        ("broken-character", "- [新闻](https://a.test/1)  \n摘要：锟斤拷。\n"),
        ("broken-character", "- [新闻](https://a.test/1)  \n摘要：æ–°é—»ä¸­。\n"),
        ("half-width-mark", "- [新闻](https://a.test/1)  \n摘要：中文,中文。\n"),
        ("doubled-mark", "- [新闻](https://a.test/1)  \n摘要：中文，。\n"),
        ("doubled-mark", "- [新闻](https://a.test/1)  \n摘要：中文。。\n"),
        ("mixed-brackets", "- [新闻](https://a.test/1)  \n摘要：中文（abc)。\n"),
        ("unclosed-bracket", "- [新闻](https://a.test/1)  \n摘要：中文（没有关。\n"),
        ("wide-blank", "- [新闻](https://a.test/1)  \n摘要：中文\u3000中文。\n"),
        ("hidden-character", "- [新闻](https://a.test/1)  \n摘要：中\u200b文。\n"),
        ("stray-address", GOOD + "\n151.101.56.133\n"),
        ("cut-off", "- [新闻](https://a.test/1)  \n摘要：说到一半……\n"),
        ("cut-off", "- [新闻](https://a.test/1)  \n摘要：说到一半，\n"),
        (
            "cut-off",
            "- [新闻](https://a.test/1)  \n摘要："
            "公司今天发布了新的芯片，功耗比上一代降低了一半，价格没有变化，不过也有很多人说它的\n",
        ),
        ("no-full-stop", "- [新闻](https://a.test/1)  \n摘要：说完了没有\n"),
        ("empty-section", ""),
        ("repeated-heading", GOOD + "\n## 业界新闻\n\n- [新闻乙](https://a.test/2)  \n摘要：好。\n"),
    ],
)
def test_lint_finds(code: str, stories: str) -> None:
    assert code in codes(stories)


@pytest.mark.parametrize(
    "stories",
    [
        "- [新闻](https://a.test/1)  \n摘要：用 `a | b` 和 2**10，见 https://a.test/x_(y) 。\n",
        "- [新闻 | 某报](https://a.test/1)  \n摘要：\n1）一；\n2）二。\n",
        "- [新闻 | 某报](https://a.test/1)  \n摘要：**重点**。后面，**Arm** 说：“好。”\n",
        "- [新闻 | 某报](https://a.test/1)  \n摘要：v1.2,v1.3 与 3,000 次……然后说完了！\n",
    ],
    ids=["code", "numbers", "bold", "dots"],
)
def test_lint_leaves_alone_what_is_right(stories: str) -> None:
    assert codes(stories) == set()


def test_dates_that_do_not_fit_are_errors() -> None:
    assert "no-date" in codes(head=HEAD.replace(" (2031-02-03)", ""))
    assert "wrong-date" in codes(head=HEAD.replace("2031-02-03", "2031-02-04"))
    assert "wrong-date" in codes(head=HEAD.replace("2031-02-03", "2031-02-30"))
    assert not lint(issue(head=HEAD.replace("2031-02-03", "2031-02-04")), name="2031-02-xx")


def test_what_ran_before_is_an_error_by_its_link_and_a_warning_by_its_title() -> None:
    past = past_stories_in({"2031-01-01": issue()}, link_key)
    links = lint(issue(), link_key, past=past)
    titles = lint(issue(), past=PastStories(titles={"新闻甲新闻甲新闻": "2031-01-01"}))

    assert {finding.code for finding in links} == {"ran-before"} and "2031-01-01" in links[0].message
    assert not titles


def test_every_code_is_documented_with_its_weight() -> None:
    page = (ROOT / "docs/reference/lint.md").read_text(encoding="utf-8")

    for code, known in CODES.items():
        assert f"| `{code}` | {known.weight} |" in page
    assert page.count("\n| `") == len(CODES)


@given(st.text(alphabet="甲乙，。（）()[]|*`{}%# \n-1.ab：", max_size=200))
def test_lint_reads_anything(text: str) -> None:
    for finding in lint(IssueDocument.of(text, LAYOUT)):
        assert finding.line >= 1 and finding.weight in ("error", "warning", "hint")


@pytest.mark.parametrize("mark", ["> ", ">", "- ", "* 1. "])
def test_lint_reads_what_stands_in_itself_as_deep_as_anybody_likes(mark: str) -> None:
    assert lint(issue(f"{mark * 3000}甲 | 乙\n\n- [新闻 | 某报](https://a.test/2)\n"))


def test_past_issues_raise_no_false_alarm() -> None:
    """Each warning fires on few issues; what is found there was looked at, and is so."""
    archive = SHARED / "archive"
    if not archive.is_dir():
        pytest.skip("the newsletter's past issues are not beside the project")
    issues = Counter[str]()
    found = Counter[str]()
    for path in archive.glob("20*.md"):
        findings = lint(IssueDocument.parse(path.read_bytes(), LAYOUT), link_key, name=path.stem)
        issues.update({finding.code for finding in findings})
        found.update(finding.code for finding in findings)

    assert found["temporary-link"] == 42 and found["accidental-table"] == 12  # as kramdown shows them
    assert max(issues.values()) <= 10  # of 24
    assert found["cut-off"] == 1  # 2019-08-15: it does stop within a sentence
    assert not found.keys() & {
        "liquid",
        "private-link",
        "broken-character",
        "wrong-date",
        "dead-link",
    }


_COMMANDS = """
import typer
from bot.document_release import lint_files, release

app = typer.Typer()
app.command()(release)
app.command("lint")(lint_files)
app()
"""


def run(*args: str | Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", _COMMANDS, *map(str, args)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "TERM": "dumb"},
        capture_output=True,
        check=False,
    )


def test_the_command_prints_a_line_for_each_finding_and_exits_by_weight(tmp_path: Path) -> None:
    bad, good = tmp_path / "2031-02-03.md", tmp_path / "2031-02-xx.md"
    bad.write_text(HEAD + "- [新闻 | 某报]()  \n摘要：好。\n" + FOOT, encoding="utf-8")
    good.write_text(HEAD + GOOD + FOOT, encoding="utf-8")

    found = run("lint", bad, "--json")
    [finding] = [json.loads(line) for line in found.stdout.decode().splitlines()]

    assert found.returncode == 1
    assert (finding["code"], finding["weight"], finding["line"]) == ("empty-link", "error", 7)
    assert run("lint", good).returncode == 0
    assert run("lint", good, tmp_path / "no.md").returncode == 2


def test_the_command_writes_the_released_document_and_the_index(tmp_path: Path) -> None:
    draft, previous, readme = tmp_path / "draft.md", tmp_path / "2031-01-15.md", tmp_path / "README.md"
    draft.write_text(HEAD + GOOD + FOOT, encoding="utf-8", newline="")
    previous.write_text(HEAD.replace("2031-02-03", "2031-01-15"), encoding="utf-8", newline="")
    table = "| 2 | 0 | 3 | 1 |\n|:---:|:---:|:---:|:---:|\n"
    cells = "| - | - | - | [2031-01-01](./embedded-ai-report/2031-01-01.md) |\n"
    readme.write_text(table + cells, encoding="utf-8", newline="")

    done = run("release", draft, "--date", "2031-02-05", "--previous", previous, "--readme", readme, "--json")

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == (HEAD + GOOD + FOOT).replace("2031-02-03", "2031-02-05")
    notes = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert (notes[0]["cells"], notes[0]["past_issues"]) == ([], 0)
    assert notes[1]["rows"] == ["2031-02-05", "2031-01-15"]
    assert "| - | [2031-02-05](./embedded-ai-report/2031-02-05.md) | [2031-01-15]" in readme.read_text()


def test_only_an_issue_is_released_and_a_missing_block_of_past_issues_is_said(tmp_path: Path) -> None:
    junk, draft = tmp_path / "junk.md", tmp_path / "draft.md"
    junk.write_bytes(b"\xff\x00\x01 no issue\n")
    draft.write_text(HEAD + GOOD + FOOT, encoding="utf-8")

    refused = run("release", junk, "--date", "2031-02-05")
    released = run("release", draft, "--date", "2031-02-05")

    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"this is no issue" in refused.stderr and b"Traceback" not in refused.stderr
    assert released.returncode == 0 and b"no block of past issues" in released.stderr
