"""An issue as articles for WeChat: what its editor keeps, within its limits, in parts where it must."""

import re
from dataclasses import replace
from html import unescape

from hypothesis import HealthCheck, given, settings

from renderers.issue_view import IssueView, Masthead, SectionView, StoryView
from renderers.markdown import clean, escape
from renderers.outputs import wechat
from renderers.outputs.output import Output
from renderers.outputs.wechat import Article, article_faults, articles
from renderers.outputs.wechat_rules import CONTENT_LIMIT, content_faults
from tests.golden_issue import golden_issue
from tests.hostile_issues import issues, large_issues, words

LINK = re.compile(r'<a href="([^"]*)">')
KEPT = "https://mmbiz.qpic.cn/mmbiz_png/a/0?wx_fmt=png"
NUMBER = re.compile(r"<sup>\[(\d+)\]</sup>")
LISTED = re.compile(r"<p>\[(\d+)\] (?:.*?)<em>(.*?)</em></p>")


def listed(html: str) -> list[tuple[str, str]]:
    """The numbers and addresses of an article's list of links."""
    return [(number, unescape(url)) for number, url in LISTED.findall(html.partition("引用链接</h2>")[2])]


def issue_of(*stories: StoryView, title: str = "Issue", lead: str = "") -> IssueView:
    section = SectionView("news", "News", stories)
    return IssueView(Masthead("Gazette"), title, "2026-03-10", lead, (), (section,) if stories else ())


def story(
    title: str = "Reeds", url: str = "https://marsh.test/reeds", summary: str = "They grow."
) -> StoryView:
    return StoryView(title, "", url, summary)


def codes(html: str) -> set[str]:
    return {fault.code for fault in content_faults(html)}


def test_links_to_wechat_stay_and_others_become_numbers_with_a_list() -> None:
    [article] = articles(
        issue_of(
            story("A", "https://mp.weixin.qq.com/s/a"),
            story("B", "https://marsh.test/b?x=1&y=2"),
            story("C", "https://marsh.test/b?x=1&y=2", "see [D](https://marsh.test/d)"),
        )
    )

    assert LINK.findall(article.content) == ["https://mp.weixin.qq.com/s/a"]
    assert NUMBER.findall(article.content) == ["1", "1", "2"]
    assert listed(article.content) == [
        ("1", "https://marsh.test/b?x=1&y=2"),
        ("2", "https://marsh.test/d"),
    ]
    assert "引用链接" in article.content


def test_an_address_that_is_its_own_text_needs_no_number() -> None:
    [article] = articles(issue_of(story(url="", summary="see https://marsh.test/d for it")))

    assert "see https://marsh.test/d for it" in article.content
    assert "引用链接" not in article.content


def test_entries_of_lists_are_sections_and_numbers_stay_what_they_were() -> None:
    [article] = articles(issue_of(story(summary="1. one\n2. two\n    - deep\n\ntext\n\n5. five\n6. six")))

    assert (
        "<ol><li><section>one</section></li>"
        "<li><section>two</section><ul><li><section>deep</section></li></ul></li></ol>" in article.content
    )
    assert "<p>5. five</p><p>6. six</p>" in article.content


def test_an_issue_that_is_too_long_is_cut_between_sections_into_parts_of_their_own() -> None:
    issue = issue_of(*(story(f"Story {n}", summary="They grow. " * 60) for n in range(9)))
    long = replace(issue, sections=tuple(replace(issue.sections[0], heading=f"S{n}") for n in range(4)))

    parts = articles(long)

    assert [part.title[-3:] for part in parts] == ["（上）", "（下）"]
    assert all(not article_faults(part) for part in parts)
    assert all(set(NUMBER.findall(p.content)) == {number for number, _ in listed(p.content)} for p in parts)
    headings = [re.findall(r"<h2[^>]*>(.*?)</h2>", part.content)[:-1] for part in parts]
    assert [*headings[0], *headings[1]] == ["S0", "S1", "S2", "S3"]
    assert min(len(part.content) for part in parts) > CONTENT_LIMIT / 4


def test_one_section_that_is_too_long_is_cut_between_stories_and_named_again() -> None:
    long = issue_of(*(story(f"Story {n}", summary="They grow. " * 90) for n in range(40)))

    parts = articles(long)

    assert [part.title for part in parts] == ["Issue（上）", "Issue（中）", "Issue（下）"]
    assert all("</h2><p><strong>Story" in part.content for part in parts)
    assert [n for p in parts for n in re.findall(r"Story (\d+)</strong>", p.content)] == list(
        map(str, range(40))
    )


def test_one_story_that_is_too_long_is_cut_at_a_sentence() -> None:
    parts = articles(issue_of(story(summary="They grow in the tide. " * 2500)))

    assert len(parts) > 3
    assert all(not article_faults(part) for part in parts)
    assert sum(part.content.count("They grow in the tide.") for part in parts) == 2500


def test_title_and_digest_keep_to_wechats_limits() -> None:
    [article] = articles(issue_of(story(), title="很长的标题" * 20, lead="导读。" * 99))

    assert len(article.title) <= 32
    assert len(article.digest) <= 128
    assert article.digest.startswith("导读。")
    too_long = Article("x" * 33, "x" * 129, "<p>x</p>")
    assert {fault.code for fault in article_faults(too_long, author="x" * 17)} == {
        "title-too-long",
        "author-too-long",
        "digest-too-long",
    }
    assert {fault.code for fault in article_faults(Article(" ", "", "<p>x</p>"))} == {"no-title"}


def test_what_wechat_refuses_or_takes_away_is_a_fault() -> None:
    assert codes("<section><p>fine</p></section>") == set()
    assert codes('<p class="x">x</p>') == {"attribute"}
    assert codes('<p id="x" data-a="b">x</p>') == {"attribute"}
    assert codes("<div>x</div>") == {"tag"}
    assert codes("<script>x</script><p>x</p>") == {"tag"}
    assert codes('<p style="position:fixed">x</p>') == {"style"}
    assert codes('<p style="background:url(https://x.test)">x</p>') == {"style"}
    assert codes('<p style="color:var(--x)">x</p>') == {"style"}
    assert codes('<a href="https://x.test/">x</a>') == {"link"}
    assert codes('<a href="#fn1">x</a>') == {"link"}
    assert codes('<a href="https://mp.weixin.qq.com.evil.test/">x</a>') == {"link"}
    assert codes("<ul><li>x</li></ul>") == {"bare-entry"}
    assert codes("<p>x") == {"unclosed"}
    assert codes("<p><em>x</p></em>") >= {"order"}
    assert codes("<p>x</p><!-- y -->") == {"comment"}
    assert codes("<p> </p>") == {"empty"}
    assert codes(f'<p>x<img src="{KEPT}" alt=""></p>') == set()
    assert codes('<p>x<img src="https://x.test/a.png" alt=""></p>') == {"picture"}
    assert codes(f'<p>x<img src="{KEPT.replace("https", "http")}" alt=""></p>') == {"picture"}
    assert codes(f'<p>x<img src="{KEPT}"></p>') == {"no-alt"}
    assert codes(f'<p>x<img src="{KEPT}" alt="" onerror="x"></p>') == {"attribute"}
    assert codes(f"<p>{'x' * CONTENT_LIMIT}</p>") == {"too-long"}
    assert {fault.code for fault in wechat.faults(Output("x", "", b"\xff"))} == {"not-utf-8"}


def test_pictures_are_left_out_and_the_editor_is_told() -> None:
    [output] = wechat.render(golden_issue())

    told = [note.message for note in output.notes if note.code == "pictures-by-hand"]
    assert told == [
        "Pictures are left out (1): put them in with WeChat's editor, "
        "below: “Tides as Attention: A Lunar Transformer…”."
    ]
    assert "<img" not in output.text
    assert output.name == "2026-03-10.wechat.html"


@given(issues)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_strangers_write_an_article_is_sound(issue: IssueView) -> None:
    kept = dict.fromkeys(issue.picture_paths, f"{KEPT}&from=x")
    for article in articles(replace(issue, lead=issue.lead + " x"), kept):
        assert article_faults(article) == ()
        assert set(NUMBER.findall(article.content)) == {number for number, _ in listed(article.content)}


@given(large_issues())
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_issue_of_any_size_fits_into_parts(issue: IssueView) -> None:
    parts = articles(replace(issue, lead=issue.lead + " x"))

    assert [fault for part in parts for fault in article_faults(part)] == []


@given(words)
@settings(max_examples=200, deadline=None)
def test_a_title_from_a_page_shows_as_the_cleaned_text(title: str) -> None:
    [article] = articles(issue_of(story(escape(title) or "x", "", "")))
    [shown] = re.findall(r"</h2><p><strong>(.*?)</strong></p>", article.content)

    assert unescape(shown) == (clean(title) or "x")
