import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

ISSUE = """# 嵌入式AI简报 (2031-02-03)

> 导读：

## 业界新闻

- [甲 | 某报](https://a.test/1)\x20\x20
代码：https://c.test/2\x20\x20
摘要：一段话。\x20\x20
再一段。\x20\x20


## 论文


"""


def run(*args: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run the command as an operator would, without a terminal or a UTF-8 locale."""
    return subprocess.run(
        [sys.executable, "-c", "from bot.document_commands import document; document()", *map(str, args)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "TERM": "dumb"},
        capture_output=True,
        check=False,
    )


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    path = tmp_path / "2031-02-03.md"
    path.write_text(ISSUE, encoding="utf-8", newline="")
    return path


def stories(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


STORY = {
    "section": "papers",
    "title": "乙",
    "source": "某刊",
    "url": "https://b.test/1",
    "summary": "话。\n续。",
}


def test_check_says_one_line_for_each_file_and_then_what_to_look_at(issue: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.md"
    odd.write_bytes(b"# x\xff\n\n## A\n- []()\r\n")

    done = run("check", issue, odd)

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert lines[0] == f"{issue}  bytes: identical  stories: 1  sections: 2"
    assert lines[1] == f"  {issue}:13: empty-section: '论文' has no story."
    assert f"{odd}  bytes: identical  stories: 1  sections: 1" in lines
    assert f"  {odd}:4: empty-link: '' has an empty link." in lines


def test_check_speaks_json_to_machines(issue: Path) -> None:
    [report] = [json.loads(line) for line in run("check", issue, "--json").stdout.splitlines()]

    assert report["bytes"] == "identical"
    assert [finding["code"] for finding in report["lint"]] == [
        "empty-section",
        *["missing-section"] * 2,
    ]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_still_checked(
    issue: Path, tmp_path: Path
) -> None:
    done = run("check", tmp_path / "none.md", issue)

    assert done.returncode == 2
    assert "none.md: No such file" in done.stderr.decode()
    assert b"bytes: identical" in done.stdout


def test_stories_are_listed_as_json_lines(issue: Path) -> None:
    [line] = run("stories", issue, "--json").stdout.decode().splitlines()

    assert json.loads(line) == {
        "section": "news",
        "title": "甲",
        "source": "某报",
        "url": "https://a.test/1",
        "tags": [],
        "repo": "",
        "meta": [["代码", "https://c.test/2"]],
        "summary": "一段话。  \n再一段。",
    }


def test_added_stories_make_the_new_document_on_stdout_and_leave_the_file(
    issue: Path, tmp_path: Path
) -> None:
    done = run("add", issue, "--stories", stories(tmp_path, STORY))

    assert done.returncode == 0
    assert (
        done.stdout.decode()
        == ISSUE.removesuffix("\n") + "- [乙 | 某刊](https://b.test/1)  \n摘要：话。\n续。  \n\n"
    )
    assert issue.read_text(encoding="utf-8") == ISSUE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**STORY, "url": "javascript:alert(1)"}, "no http or https address"),
        ({**STORY, "section": " "}, "the section is empty"),
        ({**STORY, "title": 3}, "title is not text"),
        ({"section": "news"}, "'title' is missing"),
        (["news"], "a story is a JSON object"),
    ],
)
def test_a_line_that_is_no_story_is_named_and_nothing_is_written(
    issue: Path, tmp_path: Path, line: object, said: str
) -> None:
    done = run("add", issue, "--stories", stories(tmp_path, STORY, line))

    assert done.returncode == 2
    assert done.stdout == b""
    assert "stories.jsonl:2: " in done.stderr.decode()
    assert said in done.stderr.decode()


def test_an_unknown_layout_is_refused_with_the_known_ones(issue: Path) -> None:
    done = run("stories", issue, "--layout", "nonsuch")

    assert done.returncode == 2
    assert "embedded-ai-report, hugo, plain" in done.stderr.decode()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the newsletter's archive is not here")
def test_the_seed_comes_out_byte_for_byte() -> None:
    seed = SHARED / "seed"

    done = run("add", seed / "empty-draft-2020-05.md", "--stories", seed / "stories.jsonl")

    assert done.stdout == (seed / "issue-draft-2020-05-13.md").read_bytes()
