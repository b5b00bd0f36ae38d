"""Issues of the layout for Hugo, built by the real hugo: no error, and what it shows is what was meant."""

import datetime
import html
import re
import subprocess
from pathlib import Path

import pytest

from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.layout import load_layout
from renderers.markdown import clean
from renderers.new_issue import begin_issue
from tests.engines.hugo import hugo_program

HUGO = load_layout("hugo")
needs_hugo = pytest.mark.skipif(hugo_program() is None, reason="hugo is not installed")

# A site as Hugo makes it: its own settings, the theme cut down to what a reader sees of an issue.
_SINGLE = '<h1>{{ .Title }}</h1><time>{{ .Date.Format "2006-01-02" }}</time>\n{{ .Content }}'

WORDS = [
    '{{< ref "x" >}} and {{% notice %}}',
    "{{ .Site.Title }} {{- template -}}",
    "{{</* a comment */>}} {% include x %}",
    "Plain words: mobilenet_v1, C++ & C#, a < b > c, 100%",
    "<script>alert(1)</script> <b>bold</b> <!-- hidden",
    "*stars* _lines_ `code` ~~gone~~ [a](https://evil.test) ![b](c)",
    "# heading? - list? 1. number? | table | row",
    "中文标题：「量化」**技术** （全角）",
    "https://bare.test/x www.bare.test me@bare.test",
    "+++ --- === *** ```",
]


def built(site: Path, issues: list[IssueDocument]) -> list[str]:
    """Build a site of these issues and return their pages' HTML, in order."""
    for issue in issues:
        assert issue.date is not None
        path = site / HUGO.path(issue.date)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(issue.render())
    (site / "layouts/_default").mkdir(parents=True)
    (site / "layouts/_default/single.html").write_text(_SINGLE)
    (site / "hugo.toml").write_text(
        'baseURL = "https://letter.test/"\nbuildFuture = true\n'
        'disableKinds = ["home", "section", "taxonomy", "term"]\n'
    )
    program = hugo_program()
    assert program is not None
    done = subprocess.run(
        [program, "--noBuildLock", "--panicOnWarning", "--cacheDir", str(site / "cache")],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    pages = [
        site / "public" / HUGO.page_address(HUGO.path(issue.date or "")) / "index.html" for issue in issues
    ]
    return [page.read_text(encoding="utf-8") for page in pages]


def seen(markup: str) -> str:
    """Return the words of a piece of HTML, its typographer's quotes and dashes made plain."""
    text = html.unescape(re.sub(r"<[^>]*>", "", markup))
    for fine, typed in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'")):
        text = text.replace(fine, typed)
    return clean(text)


def plain(text: str) -> str:
    return clean(text).replace("“", '"').replace("”", '"')


@needs_hugo
def test_hugo_shows_the_words_of_every_story_and_nothing_of_theirs_runs(tmp_path: Path) -> None:
    issues = []
    for number, words in enumerate(WORDS, 1):
        begun = begin_issue(HUGO, date=datetime.date(2031, 1, number))
        story = PageStory("news", words, words, "https://a.test/1", words, markdown=False)
        issues.append(begun.with_story(story))

    for words, page in zip(WORDS, built(tmp_path, issues), strict=True):
        [title] = re.findall(r"<h3[^>]*>(.*?)</h3>", page, re.DOTALL)
        source, summary = re.findall(r"<p>(.*?)</p>", page, re.DOTALL)
        assert [seen(title), seen(source), seen(summary)] == [plain(words)] * 3
        assert re.findall(r"<(script|b|img|table|pre|del)\b", page) == []
        assert re.findall(r'href="?([^" >]+)', page) == ["https://a.test/1"]


@needs_hugo
def test_hugo_reads_title_and_date_and_a_persons_markdown_without_its_shortcodes(tmp_path: Path) -> None:
    begun = begin_issue(HUGO, date=datetime.date(2031, 1, 2)).with_lead("A {{< lead >}} by **hand**.")
    story = PageStory(
        "papers", "On *runs* {{% x %}}", "", "https://a.test", "Two `words`.\n\n- {{< one >}}\n- two"
    )
    issue = begun.with_story(story).with_date("2031-03-04")

    [page] = built(tmp_path, [issue])

    assert "<h1>Newsletter of 2031-03-04</h1><time>2031-03-04</time>" in page
    assert "<strong>hand</strong>" in page
    assert "<em>runs</em>" in page
    assert "A {{< lead >}} by hand." in seen(page)
    assert re.findall(r"<li>(.*?)</li>", page, re.DOTALL) == ["{{&lt; one &gt;}}", "two"]
    assert [seen(one) for one in re.findall(r"<h2[^>]*>(.*?)</h2>", page)] == [
        section.heading for section in HUGO.sections
    ]
