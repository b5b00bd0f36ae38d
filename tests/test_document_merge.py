"""`python -m bot document merge`, as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.document_merge import read_wanted
from bot.draft import key_of
from renderers.issue_document import IssueDocument
from renderers.issue_merge import WantedIssue, merge_issue
from renderers.layout import load_layout

ROOT = Path(__file__).parents[1]
ARCHIVE = ROOT.parent / "shared" / "archive"
BASE = """# 嵌入式AI简报 (2031-02-03)

> 导读：

## 业界新闻

- [甲 | 某报](https://a.test/1)\x20\x20
代码：https://c.test/2\x20\x20
摘要：一段话。\x20\x20
- [乙](https://b.test/1)\x20\x20
摘要：又一段话。\x20\x20


## 论文


"""
_COMMAND = (
    "from bot.document_commands import document; from bot.document_merge import merge; "
    "document.command()(merge); document()"
)
"""The command without all the others, which take longer to load than it takes to run."""
FIRST = {
    "section": "news",
    "title": "甲",
    "source": "某报",
    "url": "https://a.test/1",
    "summary": "一段话。",
    "meta": [["代码", "https://c.test/2"]],
}
SECOND = {"section": "news", "title": "乙", "url": "https://b.test/1", "summary": "又一段话。"}
THIRD = {"section": "papers", "title": "丙", "url": "https://c.test/1", "summary": "第三段。"}


def merge(
    folder: Path, theirs: str | bytes, stories: list[object], *options: str, base: str = BASE
) -> "subprocess.CompletedProcess[bytes]":
    """Run the command without a terminal or a UTF-8 locale."""
    files = {"base.md": base.encode(), "theirs.md": theirs if isinstance(theirs, bytes) else theirs.encode()}
    files["stories.jsonl"] = "".join(json.dumps(story) + "\n" for story in stories).encode()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    named = [f"--{path.split('.')[0]}={folder / path}" for path in files]
    return subprocess.run(
        [sys.executable, "-c", _COMMAND, "merge", *named, *options],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "TERM": "dumb"},
        capture_output=True,
        check=False,
    )


def test_the_merged_document_is_all_that_stands_on_stdout(tmp_path: Path) -> None:
    theirs = BASE.replace("又一段话。", "手改的话。").replace("\n", "\r\n")

    done = merge(tmp_path, theirs, [{**FIRST, "title": "甲一"}, SECOND, THIRD])

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == theirs.replace("[甲 |", "[甲一 |").replace(
        "## 论文\r\n\r\n\r\n", "## 论文\r\n\r\n- [丙](https://c.test/1)  \r\n摘要：第三段。  \r\n\r\n"
    )


def test_a_change_that_gave_way_is_a_sentence_or_an_object_on_stderr(tmp_path: Path) -> None:
    theirs = BASE.replace("又一段话。", "手改的话。")
    wanted: list[object] = [FIRST, {**SECOND, "summary": "编辑的话。"}]

    said, object_ = merge(tmp_path, theirs, wanted), merge(tmp_path, theirs, wanted, "--json")

    assert said.returncode == object_.returncode == 0
    assert said.stdout == object_.stdout == theirs.encode()
    assert len(said.stderr.splitlines()) == 1
    assert json.loads(object_.stderr) == {
        "code": "both-edited",
        "name": "2",
        "title": "乙",
        "field": "summary",
        "stands": "手改的话。",
        "wanted": "编辑的话。",
    }


def test_a_line_that_leaves_fields_out_changes_none_of_them(tmp_path: Path) -> None:
    short: list[object] = [
        {name: one[name] for name in ("section", "title", "url")} for one in (FIRST, SECOND)
    ]

    done = merge(tmp_path, BASE, short)

    assert done.stdout == BASE.encode() and done.stderr == b""


def test_of_a_story_that_stands_its_link_is_enough(tmp_path: Path) -> None:
    file = BASE.replace("https://b.test/1", "half-typed")
    stories: list[object] = [{"url": FIRST["url"]}, {**SECOND, "url": "half-typed"}, THIRD]

    done = merge(tmp_path, file, stories, base=file)

    third = "- [丙](https://c.test/1)  \n摘要：第三段。  \n"
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == file.replace("## 论文\n\n\n", f"## 论文\n\n{third}\n")


def test_another_spelling_of_a_link_and_labels_within_the_summary_change_nothing(tmp_path: Path) -> None:
    whole = {**FIRST, "url": "http://a.test/1?utm_source=x", "meta": []}
    whole["summary"] = "代码：https://c.test/2\n 摘要：一段话。"

    done = merge(tmp_path, BASE, [whole, SECOND])

    assert (done.returncode, done.stdout, done.stderr) == (0, BASE.encode(), b"")


def test_a_story_that_stands_twice_is_said_twice_and_a_line_too_many_is_named(tmp_path: Path) -> None:
    twice = BASE.replace("## 论文\n\n", "## 论文\n\n- [乙](https://b.test/1)\n")
    again = {**SECOND, "section": "papers", "summary": ""}

    kept = merge(tmp_path, twice, [FIRST, SECOND, again], base=twice)
    told = merge(tmp_path, BASE, [FIRST, SECOND, again], "--json")

    assert (kept.stdout, kept.stderr) == (twice.encode(), b"")
    assert told.stdout == BASE.encode()
    said = json.loads(told.stderr)
    assert (said["code"], said["name"], said["title"]) == ("said-twice", "3", "乙")


@pytest.mark.skipif(not ARCHIVE.is_dir(), reason="the newsletter's past issues are not beside the project")
def test_the_stories_of_a_past_issue_in_the_archives_shape_leave_its_file_as_it_is(tmp_path: Path) -> None:
    layout = load_layout("embedded-ai-report")
    lines = (ARCHIVE / "items.jsonl").read_text(encoding="utf-8").splitlines()
    issues: dict[str, list[dict[str, object]]] = {}
    for said in map(json.loads, lines):
        issues.setdefault(said["issue"], []).append({**said, "section": said["section_raw"]})
    for date in sorted(issues)[3::6]:
        path = tmp_path / f"{date}.jsonl"
        path.write_text("".join(json.dumps(said) + "\n" for said in issues[date]), encoding="utf-8")
        issue = IssueDocument.parse((ARCHIVE / f"{date}.md").read_bytes(), layout)

        wanted, passed_over = read_wanted(path, issue, issue)
        merged = merge_issue(issue, issue, WantedIssue(wanted, whole=True), key_of)

        assert (merged.document, merged.notes, passed_over) == (issue, (), ()), date


def test_a_file_of_bytes_that_are_no_text_comes_back(tmp_path: Path) -> None:
    theirs = BASE.encode() + b"\xff\xfe odd\r\r\n\x00"

    done = merge(tmp_path, theirs, [FIRST, SECOND])

    assert (done.returncode, done.stdout) == (0, theirs)


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("nowhere.md", b"nowhere.md: No such file"),
        ("stories", b"stories.jsonl:1: the field 'url' is missing"),
        ("section", b"cannot stand in a section called"),
        ("layout", b"There is no layout 'paper'"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    tmp_path: Path, broken: str, named: bytes
) -> None:
    stories: list[object] = [FIRST, SECOND]
    options: tuple[str, ...] = ()
    if broken == "stories":
        stories = [{"section": "news", "title": "甲"}]
    elif broken == "section":
        stories = [FIRST, SECOND, {**THIRD, "section": "往期回顾"}]
    elif broken == "layout":
        options = ("--layout", "paper")
    else:
        options = ("--base", str(tmp_path / broken))

    done = merge(tmp_path, BASE, stories, *options)

    assert (done.returncode, done.stdout) == (2, b"")
    assert named in done.stderr
