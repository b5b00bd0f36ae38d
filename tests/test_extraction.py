"""What of a page is the article: its paragraphs, lists, tables and code; not its teasers and notices."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reading_pages import f1, known_pages, shares
from bot.reading.markup.body import body_of
from bot.reading.markup.furniture import linked_lines, without_furniture
from bot.reading.markup.html_page import HtmlPage
from bot.reading.markup.small_print import article_lines, letters_of
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.verdict import Verdict

SHARED = Path(__file__).parents[1].parent / "shared"
URL = "https://kiln.test/notes/17"
FIRST = (
    "The kiln team moved its firing controller to a board with 256 KB of memory, and measured it for a month."
)
SECOND = (
    "Two models share the flash: one watches the temperature, the other listens for the crack of a glaze."
)
THIRD = (
    "When both agree that a firing is going wrong, the controller lowers the heat and writes to the potter."
)
LAST = "Next year the same board will watch the drying room, where humidity matters more than heat ever did."


def page(markup: str, url: str = URL) -> HtmlPage:
    return HtmlPage(as_fetched(markup, url))


def as_fetched(markup: str, url: str = URL) -> Page:
    return Page(url, url, 200, "text/html", None, markup.encode())


def article(*paragraphs: str) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def html(body: str, title: str = "A kiln that listens") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def teasers(count: int, host: str = "") -> str:
    return "".join(
        f'<li class="card"><h3><a href="{host}/notes/{n}">What the potter learnt in week {n}</a></h3>'
        f"<p>In week {n} the potter opened the door too early, and the bowls of the upper shelf cracked.</p>"
        "</li>"
        for n in range(count)
    )


def test_teasers_of_other_articles_are_left_out() -> None:
    body = f"<main><article><h1>A kiln that listens</h1>{article(FIRST, SECOND, THIRD, LAST)}</article>"

    text = body_of(page(html(f"{body}<ul>{teasers(8)}</ul></main>")), ("A kiln that listens",))

    assert text.splitlines() == [FIRST, SECOND, THIRD, LAST]


def test_a_list_that_links_elsewhere_is_no_list_of_teasers() -> None:
    tree = without_furniture(page(html(f"<ol>{teasers(5, 'https://other.test')}</ol>")).tree, "kiln.test")

    assert tree.text_content().count("the potter opened the door") == 5


def test_a_block_that_its_maker_calls_related_is_left_out() -> None:
    related = f'<div class="post-related">{article(LAST.replace("Next", "Some"))}</div>'

    text = body_of(page(html(f"<article>{article(FIRST, SECOND, THIRD)}</article>{related}")))

    assert "drying room" not in text


def test_a_page_whose_every_block_is_called_related_is_still_read() -> None:
    markup = html(f'<div class="related-layout"><h1>A kiln</h1>{article(FIRST, SECOND, THIRD)}</div>')

    assert FIRST in body_of(page(markup))


def test_the_text_after_a_cut_block_stays() -> None:
    markup = html(f'<div>{FIRST}<div class="newsletter">Write to us</div>{SECOND}</div>')

    tree = without_furniture(page(markup).tree, "kiln.test")

    assert SECOND in tree.text_content()
    assert "Write to us" not in tree.text_content()


def test_a_line_that_is_a_link_within_the_site_is_no_part_of_the_article() -> None:
    markup = html(
        f"<article>{article(FIRST, SECOND)}"
        "<p>Related: <a href='/notes/3'>The glaze that would not dry</a></p>"
        f"{article(THIRD)}<p>See <a href='https://other.test/a'>the data sheet of the board</a> there</p>"
        f"{article(LAST)}</article>"
    )

    found = page(markup)

    assert linked_lines(found.tree, "kiln.test") == ["Related: The glaze that would not dry"]
    assert "would not dry" not in body_of(found)
    assert "data sheet" in body_of(found)


def test_an_article_in_pieces_is_read_whole() -> None:
    long = [f"{FIRST} Part {n}: {SECOND} {THIRD}" for n in range(12)]
    pieces = "".join(
        f'<div class="grid"><div class="body__part">{article(*long[n : n + 4])}</div>'
        f'<div class="advertisement"><p>Buy a kiln</p></div></div>'
        for n in range(0, 12, 4)
    )

    text = body_of(page(html(f"<main><article><h1>A kiln</h1>{pieces}</article></main>")))

    assert [line for line in text.splitlines() if "Part" in line] == long


def test_lists_tables_and_code_keep_a_line_for_each() -> None:
    markup = html(
        f"<article>{article(FIRST)}<ul><li>One <b>board</b></li><li>Two models</li></ul>"
        "<table><tr><th>Model</th><th>Size</th></tr>"
        "<tr><td>\n <p>heat\n </p></td><td>\n 40 KB </td></tr></table>"
        "<pre><code>def fire(kiln):\n    return kiln.heat()\n</code></pre>"
        f"{article(SECOND, THIRD, LAST)}</article>"
    )

    lines = body_of(page(markup)).splitlines()

    assert [line for line in lines if line.startswith("- ")] == ["- One board", "- Two models"]
    assert [line for line in lines if "|" in line] == ["| Model | Size |", "| heat | 40 KB |"]
    assert lines[lines.index("def fire(kiln):") + 1].strip() == "return kiln.heat()"


def test_a_caption_is_not_glued_to_a_paragraph() -> None:
    figure = "<figure><img src='k.png'><figcaption>The kiln at night.</figcaption></figure>"

    lines = body_of(
        page(html(f"<article>{article(FIRST)}{figure}{article(SECOND, THIRD)}</article>"))
    ).splitlines()

    assert {FIRST, SECOND, THIRD} <= set(lines)


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["A kiln that listens", "2026-05-01 08:00", FIRST, SECOND], [FIRST, SECOND]),
        ([FIRST, "Advertisement", SECOND, "广告"], [FIRST, SECOND]),
        ([FIRST, SECOND, "责任编辑：沈小满", "相关阅读", "另一篇文章的标题"], [FIRST, SECOND]),
        ([FIRST, SECOND, "Copyright 2026 The Kiln. All rights reserved."], [FIRST, SECOND]),
        ([FIRST, "Read more about clay", SECOND, THIRD], [FIRST, "Read more about clay", SECOND, THIRD]),
        ([FIRST, SECOND, "|---|---|", "- "], [FIRST, SECOND]),
        (["A kiln that listens"], ["A kiln that listens"]),
        (["2026-05-01 08:00"], ["2026-05-01 08:00"]),
        (["At 08:00 the kiln was cold.", FIRST], ["At 08:00 the kiln was cold.", FIRST]),
    ],
)
def test_small_print_is_dropped_and_the_article_is_not(lines: list[str], kept: list[str]) -> None:
    assert article_lines("\n".join(lines), titles=["A Kiln That Listens!"], linked=()).splitlines() == kept


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_dropping_small_print_adds_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)

    kept = article_lines(text, titles=lines[:1], linked=())

    assert set(letters_of(kept)) <= set(letters_of(text))
    assert len(kept.splitlines()) <= len(text.splitlines())


def test_a_short_article_on_a_page_with_a_way_to_log_in_is_an_article() -> None:
    bar = "<div><a href='/login'>登录</a> 请先登录 <form><input type='password'></form></div>"
    menu = "".join(f"<li><a href='/c/{n}'>第{n}个栏目的名字</a></li>" for n in range(300))
    story = (
        "<p>窑炉团队把烧制控制器搬到了一块只有256KB内存的开发板上，并且连续测量了一个月，结果好于预期。</p>"
        * 2
    )

    reading = read_page(as_fetched(html(f"{bar}<ul>{menu}</ul><div class='article'>{story}</div>", "窑炉")))

    assert reading.verdict in (Verdict.FINE, Verdict.THIN)


def test_a_page_with_nothing_but_a_way_to_log_in_is_a_wall() -> None:
    form = "<form><p>请先登录后查看全文</p><input name='name'><input type='password'></form>"

    assert read_page(as_fetched(html(form, "窑炉笔记"))).verdict is Verdict.LOGIN


def test_shares_and_f1_are_those_of_the_benchmark() -> None:
    gold = "one two three four five"

    assert shares(gold, gold) == (1.0, 0.0, 0.0)
    assert shares(gold, "one two three four") == (0.5, 0.0, 0.5)
    assert shares("", "") == (0.0, 0.0, 0.0)
    assert f1([(1.0, 0.0, 0.0), (0.5, 0.0, 0.5)]) == pytest.approx(2 * 1.0 * 0.75 / 1.75)
    assert f1([]) == 0.0


@pytest.mark.skipif(
    not (SHARED / "data" / "pages").is_dir(), reason="the pages stand beside the project only"
)
def test_every_fifth_known_page_is_read_as_well_as_the_bars_ask() -> None:
    some = [known for known in known_pages(SHARED) if known.known.get("text") and known.set_name == "sh"][::5]

    texts = [(known, read_page(known.page).article) for known in some]

    assert f1([shares(known.known["text"], found.text if found else "") for known, found in texts]) >= 0.965


@pytest.mark.skipif(
    not (SHARED / "data" / "pages").is_dir(), reason="the pages stand beside the project only"
)
def test_the_manifest_says_what_the_benchmark_reads() -> None:
    folder = SHARED / "data" / "pages"
    known = [
        json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    ]

    assert [each.file for each in known_pages(SHARED)] == [each["html_file"] for each in known]
    assert gzip.decompress((folder / known[0]["html_file"]).read_bytes()) == known_pages(SHARED)[0].page.body
