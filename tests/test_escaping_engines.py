"""Words from pages stay inert and a person's Markdown in its place, in the engines that readers meet."""

import random
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest

from renderers.issue_document import story_markdown
from renderers.issue_page import PageStory
from renderers.kramdown_blocks import tables_in
from renderers.layout import load_layout
from renderers.markdown import clean, defuse, escape, link_target
from renderers.new_issue import begin_issue
from renderers.story_head import without_separators
from tests.engines import ENGINES, Engine
from tests.engines.snippets import STOPPED, Tag, html_of, seen, words
from tests.hostile_words import KINDS, each_by_itself, hostile_words

HERE = "占位"  # stands where a page's words will stand
SEED, STRINGS = 5, 300
LAYOUTS = ("embedded-ai-report", "plain", "hugo")


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name, scope="module")
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    if why := found.missing():
        pytest.skip(why)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: `…` in a piece of Markdown, at the start of its line or within."""

    markdown: str
    starts_line: bool = False

    def holding(self, words: str) -> str:
        return self.markdown.replace("…", words)


PLACES = (
    Place("- […](https://a.test/x)  "),
    Place("- [a | …](https://a.test/x)  \n摘要：b  "),
    Place("- [t](https://a.test/x)  \n摘要：…  ", starts_line=True),
    Place("- [t](https://a.test/x)  \n摘要：a  \n…  ", starts_line=True),
    Place("- [t](https://a.test/x)  \n论文：…  \n摘要：b  "),
    Place("- …", starts_line=True),
    Place("1. …", starts_line=True),
    Place("before … after"),
    Place("**a** …"),
    Place("…", starts_line=True),
    Place("a\n…\nb", starts_line=True),
    Place("## …"),
    Place("### […](https://a.test/x)"),
    Place("> 导读：…"),
    Place("> …", starts_line=True),
    Place("| a | b |\n|---|---|\n| … | c |"),
)

ORDINARY = [
    "C++ 与 C# 的 mobilenet_v1、MobileNet V3",
    "“三星”Exynos992曝光引发猜想:不只是亡羊补牢?",
    "性能提升2~3倍，功耗 < 5W，a & b，100%",
    "TFRT：全新的 TensorFlow 运行时（上）",
    "YOLACT++: Better Real-time Instance Segmentation",
    "价格是 $5，邮箱见文末 #小米10#，@小米 转发",
    "$5 和 $6 之间，约 ~5 到 ~6 倍",
    "2 * 3 = 6，4 * 5 = 20；a _ b",
    "#标签 在行首；12:30:45 开始",
    "std::vector 的实现；a >= b，x -> y，f(x) = x^2",
    "TensorFlow/models，INT8/FP16；12:30 开始",
    "AT&T 的 5G？真的！",
    "{1, 2} 与 (a; b) 之间 – 破折号——以及……省略",
    "👨‍👩‍👧 一家三口 :) 2020-04-26",
]


def test_words_of_a_page_show_as_themselves_wherever_they_stand(engine: Engine) -> None:
    strings = each_by_itself()[::2] + hostile_words(SEED, STRINGS)
    strings = [text for text in dict.fromkeys(strings) if clean(text) not in ("", "x", "X")]
    empty = [seen(html) for html in html_of(engine, [place.holding(HERE) for place in PLACES])]
    asked = [(number, text) for number in range(len(PLACES)) for text in strings]
    pieces = [PLACES[n].holding(escape(text, starts_line=PLACES[n].starts_line)) for n, text in asked]

    pages = html_of(engine, pieces)

    wrong = [
        (text, piece, html)
        for (number, text), piece, html in zip(asked, pieces, pages, strict=True)
        if seen(html) != filled(empty[number], clean(text))
    ]
    assert wrong == []


def filled(page: tuple[Tag | str, ...], *texts: str) -> tuple[Tag | str, ...]:
    """Put words where a page holds their places: 占位, or 占位0, 占位1 …"""

    def put(part: str) -> str:
        for number, text in enumerate(texts):
            part = part.replace(f"{HERE}{number}" if len(texts) > 1 else HERE, text)
        return " ".join(part.split(" "))

    return tuple(put(part) if isinstance(part, str) else part for part in page)


def test_ordinary_words_need_no_escape_in_any_place(engine: Engine) -> None:
    pieces = [place.holding(text) for place in PLACES for text in ORDINARY]

    pages = html_of(engine, pieces)

    empty = [seen(html) for html in html_of(engine, [place.holding(HERE) for place in PLACES])]
    expected = [filled(page, text) for page in empty for text in ORDINARY]
    assert [seen(html) for html in pages] == expected
    assert [escape(text) for text in ORDINARY] == ORDINARY


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_story_of_a_hostile_page_shows_its_words_and_nothing_else(engine: Engine, layout: str) -> None:
    house = load_layout(layout)
    strings = [text for text in hostile_words(SEED + 1, 1200) if fit(text)]
    fives = list(zip(*[iter(strings)] * 5, strict=False))
    empty = story_of(*(f"{HERE}{number}" for number in range(5)))

    pages = html_of(engine, [story_markdown(story_of(*five), house) for five in fives])

    [shape] = html_of(engine, [story_markdown(empty, house)])
    said = [[spoken(text, layout, n) for n, text in enumerate(five)] for five in fives]
    wrong = [
        (five, html)
        for five, five_said, html in zip(fives, said, pages, strict=True)
        if seen(html) != filled(seen(shape), *five_said)
    ]
    assert wrong == []


def fit(text: str) -> bool:
    """Leave out what a story prints in another form: nothing at all, a bare link, a repository's name."""
    bare = without_separators(clean(text))
    return bool(bare) and not link_target(text) and "/" not in bare


def story_of(title: str, source: str, value: str, first: str, second: str) -> PageStory:
    return PageStory(
        section="news",
        title=title,
        source=source,
        url="https://a.test/x",
        meta=(("论文", value),),
        summary=f"{clean(first)}\n{clean(second)}",
        from_page=("title", "source", "meta", "summary"),
    )


def spoken(text: str, layout: str, field: int) -> str:
    """Return what should be seen of a field: titles and sources of a list carry no bars or brackets."""
    said = clean(text)
    return without_separators(said) if layout == "embedded-ai-report" and field < 2 else said


TYPED = [
    *(piece for kind in KINDS for piece in kind if clean(piece)),
    "```\nint main()",
    "```\nint main()\n```",
    "a\n```\n<div>\n```\nb",
    "a\n<div>b</div>",
    "a\n<div>\nb\n</div>",
    "</div><div>",
    "<div\nclass=x",
    "<div class='>'>",
    "~~~ python\nx = 1",
    "````\n```\na",
    "<div>\n<b>x",
    "<details>",
    "</ul></div>",
    "<pre>",
    "<textarea>",
    "<iframe src=x>",
    "<title>",
    "a <!-- b",
    "a\n<!-- b\n\nc",
    "a\n<?php b",
    "a\n<![CDATA[ b",
    "a\n<!DOCTYPE b",
    "a\n\n<div>\n\nb",
    "a\n\n    code\n\nb",
    "a\n- b\n- c",
    "a\n1. b\n2. c",
    "a\n# b",
    "a\n## b",
    "a\n---",
    "a\n===",
    "a\n> b",
    "a | b\n--|--\nc | d",
    "[x]: https://e.test/",
    "a\n\n[x]: https://e.test/\n\n[^1]: b",
    "`a",
    "a ``b",
    "**a",
    "$$\nx",
    "a\n\n{: .x}",
    "{::comment}",
    "a\n{::comment}\nb",
    "a\n{::nomarkdown}\nb",
    "a {% raw %} b",
    "{{< x >}}",
    "vector<float> x; `map<int>`",
]


def test_what_a_person_types_never_stops_a_build_or_swallows_what_comes_after(engine: Engine) -> None:
    for layout in LAYOUTS:
        pages = engine.pages(issues_around_what_is_typed(layout))

        wrong = [
            (typed, html)
            for typed, html in zip(TYPED, pages, strict=True)
            if not shows_what_comes_after(seen(html))
        ]
        assert wrong == []


@cache
def issues_around_what_is_typed(layout: str) -> list[str]:
    """Return the issues in which a person's words stand between other stories and sections."""
    house = load_layout(layout)
    last = house.sections[-1]
    begun = begin_issue(house, date=date(2020, 5, 15)).with_lead("本期")
    odd = PageStory(section="news", title="题", source="", url="https://a.test/1", summary="")
    after = replace(odd, url="https://after.test/", title="此后还有", summary="此后")
    issues = (
        begun.with_story(replace(odd, summary=typed))
        .with_story(after)
        .with_story(replace(after, section=last.key))
        for typed in TYPED
    )
    return [issue.text.replace(f"## {last.heading}", "## 最后一节") for issue in issues]


def shows_what_comes_after(page: tuple[Tag | str, ...]) -> bool:
    """Tell whether a page shows the story behind what was typed, and the last section as one."""
    after = Tag("a", (("href", "https://after.test/"),))
    return {after, "此后还有", "最后一节"} <= {*page} and inside(page, "最后一节") == "h2"


def inside(page: tuple[Tag | str, ...], text: str) -> str:
    """Return the tag right before some words."""
    place = page.index(text) if text in page else 0
    before = page[place - 1]
    return before.name if isinstance(before, Tag) else before


# Where kramdown begins tables, by line from 1, and where it does not though bars stand in each line.
TABLES = {
    "- [a | b](https://a.test)  ": [1],
    "- [a | b](https://a.test)  \n摘要：c": [],
    "- [a | b](https://a.test)\n\n- [c | d](https://a.test)": [1, 3],
    "- a\n\n  b | c": [3],  # a loose entry's second paragraph
    "- a\n    - b | c": [2],
    "- a\n  - b | c": [2],
    "- a\n- b\n  - c | d\n    - e | f\n- g": [3, 4],
    "1. a | b\n2. c": [1],
    "-| a": [1],
    "a\n- b | c": [2],
    "a\n1) b | c": [],
    "a | b\n- c": [],  # the list ends the paragraph, and no table
    "a | b\n\n- c": [1],
    "## a\nb | c": [],
    "## a\n\nb | c": [3],
    "<font>a</font>\nb | c": [],
    "a\n<font>b</font>\n\nc | d": [4],
    "<div>\na | b\n\nc | d\n</div>\n\ne | f": [7],
    "<!-- x -->\na | b": [],
    "<中文>\na | b\n</中文>": [],
    "> a | b": [1],
    "> a | b\nc": [],
    "> a\n> - b | c": [2],
    "    a | b": [],
    "a\n\n    b | c": [],
    "- a\n\n      b | c": [],
    "```\na | b\n```\n\nc | d": [5],
    "~~~\n\na | b": [3],  # it never ends
    "a | b\n---": [],  # a heading
    "a | b\n--|--": [],  # no row but the heading's
    "a | b\n--|--\nc | d": [1],
    "a | b\n\u3000\nc | d": [],  # a full-width blank is no blank
    "a | b\n\u3000\nc": [],
    "`a | b` | c": [1],
    "`a | b`": [],
    "\u3000` | `": [],
    "<b>a | b</b>": [],
    "<a href='x|y'>z</a> | c": [1],
    "<a href='x|y'>z</a>": [],
    "a <br> b | c": [1],
    "<code>a | b</code> c": [],
    "a <!-- | --> b": [1],
    "a \\| b": [],
    "a \\| b | c": [1],
    "$$ a | b $$": [],
    "$$ a | b $$ c": [1],
    "[x]: y|z": [1],
    "a\n: b | c": [2],  # a definition
    "{: .x}\na | b": [2],
    "a\n{: .x}\nb | c": [],
    "a | b\n{: .x}": [1],
    "^\na | b": [2],
}


def test_kramdown_makes_tables_of_the_lines_that_we_say_and_of_no_others() -> None:
    kramdown = ENGINES[0]
    choose = random.Random(SEED)
    parts = [
        "a",
        "[a | b](https://a.test)",
        "摘要：",
        "b | c",
        r"a \| b",
        "`a | b`",
        "|",
        "|a",
        "a|",
        "--|--",
    ]
    parts += ["=|", "``|`", "d  ", "\\\\|", "`", "<b>a|b</b>", "<br>", "<p></p>"]
    starts = ["", "", "", "- ", "- ", "  - ", "* ", "1. ", "    ", "  ", "\t", "> ", "## ", ": "]
    pages = [*TABLES, "- |---|", "- a|b\n=|="]
    for _ in range(1800):
        mark, *marks = choose.choices(starts, k=choose.choice((1, 1, 2, 3, 5)))
        pages.append("\n".join(line(choose, parts, mark) for mark in (mark or "- ", *marks)))

    assert {page: [table.place + 1 for table in tables_in(page)] for page in TABLES} == TABLES
    if why := kramdown.missing():
        pytest.skip(why)
    seen_there = [html.count("<table") for html in html_of(kramdown, pages)]

    wrong = [(page, n) for page, n in zip(pages, seen_there, strict=True) if len(tables_in(page)) != n]
    assert wrong == []


def line(choose: random.Random, parts: list[str], mark: str) -> str:
    """Make a line of a page, now and then a blank one."""
    return mark + "".join(choose.choices(parts, k=choose.choice((0, 1, 1, 1, 2, 3)))) if mark != "\t" else ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_story_that_copydesk_sets_becomes_a_table(layout: str) -> None:
    kramdown = ENGINES[0]
    if why := kramdown.missing():
        pytest.skip(why)
    house = load_layout(layout)
    bars = ["", "话", "a | b", "a | b\nc | d", "a | b\nc", "`a | b`", "话\n\na | b"]
    bars += ["|"] if layout == "embedded-ai-report" else []  # elsewhere a person's own table
    stories = [
        PageStory("news", "题", source, "https://a.test/1", summary, meta=meta, from_page=from_page)
        for source in ("", "源")
        for summary in bars
        for meta in ((), (("论文", "x"),), (("论文", "x | y"),))
        for from_page in ((), ("title", "source", "summary", "meta"))
    ]

    pages = html_of(kramdown, [story_markdown(story, house) for story in stories])

    assert [story for story, html in zip(stories, pages, strict=True) if "<table" in html] == []
    if layout == "embedded-ai-report":
        assert story_markdown(replace(stories[0], source="源", summary="话"), house).startswith(
            "- [题 | 源]("
        )


def test_every_engine_reads_a_link_as_it_was_written(engine: Engine) -> None:
    tails = [text for text in hostile_words(SEED + 2, 600) if link_target("https://a.test/" + text)]
    targets = [link_target("https://a.test/" + text) for text in tails]

    pages = html_of(engine, [f"- [t]({target})" for target in targets])

    links = [
        next(part for part in seen(html) if isinstance(part, Tag) and part.name == "a") for html in pages
    ]
    assert [dict(link.attributes)["href"] for link in links] == targets


def test_liquid_in_a_persons_words_is_shown_and_not_run(engine: Engine) -> None:
    typed = ["{{ site.title }}", "{% include x %}", "{% if %}", "{{ 'a' | upcase }}", "a {%- b", "{{{x}}}"]

    pages = html_of(engine, [f"- a  \n摘要：{defuse(text)}" for text in typed])

    assert STOPPED not in pages
    shown = [words(html).replace("‘", "'").replace("’", "'") for html in pages]
    assert [text in said for text, said in zip(typed, shown, strict=True)] == [True] * len(typed)
