"""An issue as page, e-mail, text and feeds: sound whatever stands in it, and saying what it says."""

import json
import unicodedata
from email import message_from_bytes
from email.policy import SMTP

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from renderers.issue_view import IssueView, Masthead, PictureView, SectionView, StoryView
from renderers.markdown import clean, escape, link_target
from renderers.outputs import feeds, site
from renderers.outputs.email import CLIP
from renderers.outputs.email_message import (
    Envelope,
    addressed,
    email_message,
    faults_of_message,
    message_kind,
)
from renderers.outputs.feed_check import atom_faults, json_faults, rss_faults
from renderers.outputs.html_check import html_faults
from renderers.outputs.output import CannotRenderError, InvalidOutputError, Output
from renderers.outputs.registry import OUTPUTS, render_checked
from tests.hostile_words import ENTITIES, HTML, LIQUID, SHORTCODES

KINDS = ["site", "email", "text", "atom", "rss", "json"]
TIDES = Masthead(
    "Tides", "Moon and sea", "en", "https://tide.example/", "https://tide.example/2026-03-10.html"
)
EMAIL_ATTRIBUTES = {
    "style",
    "dir",
    "href",
    "class",
    "lang",
    "name",
    "content",
    "charset",
    "role",
    "width",
} | {*("cellpadding", "cellspacing", "border", "align", "src", "alt", "start")}
PAGE_ATTRIBUTES = {
    "dir",
    "href",
    "class",
    "lang",
    "name",
    "content",
    "charset",
    "id",
    "http-equiv",
    "rel",
} | {*("aria-label", "src", "alt", "start")}

hostile = st.lists(
    st.one_of(
        st.sampled_from([*HTML, *ENTITIES, *LIQUID, *SHORTCODES, " ", "\n", "`", "**"]), st.text(max_size=8)
    ),
    max_size=8,
).map("".join)


def story(title: str = "A wet moon", url: str = "https://moon.example/", **said: object) -> StoryView:
    fields: dict[str, object] = {"source": "", "summary": ""} | said
    return StoryView(title=title, url=url, **fields)  # type: ignore[arg-type]  # as StoryView has them


def issue(*stories: StoryView, **said: object) -> IssueView:
    sections = (SectionView("news", "News", stories),) if stories else ()
    fields: dict[str, object] = {"title": "Tides of 2026-03-10", "lead": "", "shorts": ()} | said
    return IssueView(masthead=TIDES, date="2026-03-10", sections=sections, **fields)  # type: ignore[arg-type]  # as above


def rendered(kind: str, view: IssueView) -> Output:
    [output] = render_checked(kind, view)
    return output


def inside(kind: str, view: IssueView) -> html.HtmlElement:
    """The HTML that a reader's program shows, read by another parser than the one that checks it."""
    output = rendered(kind, view)
    match kind:
        case "atom":
            content = etree.fromstring(output.content).findtext(".//{*}entry/{*}content")
        case "rss":
            content = etree.fromstring(output.content).findtext(".//item/{*}encoded")
        case "json":
            content = json.loads(output.content)["items"][0]["content_html"]
        case _:
            content = output.text
    assert content
    return html.document_fromstring(content)


def said(element: html.HtmlElement) -> str:
    return clean(element.text_content())


@pytest.mark.parametrize("kind", ["site", "email", "atom", "rss", "json"])
@settings(max_examples=50, deadline=None)
@given(words=st.tuples(hostile, hostile, hostile, hostile))
def test_a_pages_words_are_seen_as_they_were_and_do_nothing(kind: str, words: tuple[str, ...]) -> None:
    title, source, summary, short = words
    view = issue(
        story(escape(title), source=escape(source), summary=escape(summary)), shorts=(escape(short),)
    )

    shown = inside(kind, view)

    [head] = shown.findall(".//h3")
    assert said(head) == (clean(title) or "(no title yet)")
    [entry] = shown.xpath("//ul[not(ancestor::nav)]/li")
    assert said(entry) == clean(short)
    assert [said(p) for p in head.xpath("following-sibling::p[not(@class='foot')]")] == [
        text for text in (clean(source), clean(summary)) if text
    ]
    addresses = {a.get("href") for a in shown.iter("a")}
    assert addresses <= {"https://moon.example/", TIDES.home, TIDES.address, "#section-1"}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50, deadline=None)
@given(words=st.lists(hostile, min_size=9, max_size=9), url=st.text(max_size=20))
def test_whatever_people_write_gives_a_sound_output(kind: str, words: list[str], url: str) -> None:
    picture = PictureView("p.png", "https://tide.example/p.png", words[8])
    one = story(
        words[0],
        link_target(f"https://x.example/{url}"),
        source=words[1],
        summary=words[2],
        tags=(words[3],),
        meta=((words[4], words[5]),),
        pictures=(picture,),
    )
    view = issue(one, title=words[6], lead=words[7], shorts=(words[8],))

    assert rendered(kind, view).content


@settings(max_examples=50, deadline=None)
@given(text=hostile, kind=st.sampled_from(["site", "email"]))
def test_nothing_foreign_stands_in_the_tags(text: str, kind: str) -> None:
    known = PAGE_ATTRIBUTES if kind == "site" else EMAIL_ATTRIBUTES

    shown = inside(kind, issue(story(text, summary=text), title=text, lead=text))

    assert {
        name for element in shown.iter() if isinstance(element.tag, str) for name in element.attrib
    } <= known
    assert not list(shown.iter("script", "iframe", "form", "object", "svg"))


@settings(max_examples=50, deadline=None)
@given(title=hostile, summary=hostile)
def test_plain_text_says_every_word_once_and_names_each_link_once(title: str, summary: str) -> None:
    text = rendered("text", issue(story(escape(title), summary=escape(summary)), story("Again"))).text

    assert clean(title) in text
    assert clean(summary) in text
    assert text.count("https://moon.example/") == 1
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("kind", KINDS)
def test_an_issue_with_nothing_in_it_is_still_an_output(kind: str) -> None:
    assert rendered(kind, issue(title="")).content


def test_numbers_stand_for_links_that_say_something_else() -> None:
    view = issue(story(summary="See [the log](https://log.example/) at https://log.example/ again."))

    assert "See the log [2] at https://log.example/ again." in rendered("text", view).text


def test_lists_keep_their_numbers_and_their_depth() -> None:
    shown = inside(
        "site", issue(story(summary="1. one\n2. two\n   - deep\n\nText\n\n5. five\n\n```\n<b>\n```"))
    )

    lists = [(each.tag, each.get("start"), len(each.findall("li"))) for each in shown.find(".//article")]
    assert [one for one in lists if one[0] in ("ol", "ul")] == [("ol", None, 2), ("ol", "5", 1)]
    assert said(shown.find(".//li/ul/li")) == "deep"
    assert shown.findtext(".//pre/code") == "<b>"


def test_text_of_any_script_finds_its_direction() -> None:
    shown = inside("email", issue(story("مدّ وجزر", summary="هذا ملخص")))

    assert {
        each.get("dir") for each in shown.xpath("//h3 | //h3/following-sibling::p[not(@class='foot')]")
    } == {"auto"}


def test_an_email_keeps_its_styles_on_the_tags_and_the_rest_in_the_head() -> None:
    text = rendered("email", issue(story(summary="Words"))).text

    assert '<p dir="auto" style="' in text
    assert "prefers-color-scheme: dark" in text
    assert "max-width: 480px" in text
    assert text.index("<meta charset") < 1024 - 100  # browsers look no further for it


def test_an_email_that_gmail_would_cut_says_so() -> None:
    long = issue(*[story(summary="word " * 200) for _ in range(120)])

    [note] = rendered("email", long).notes
    assert len(rendered("email", long).content) > CLIP
    assert note.message.startswith("Gmail cuts the message")


def test_the_way_out_stands_in_the_foot_and_in_the_headers() -> None:
    out = ("https://list.example/leave?a=1&b=2", "mailto:leave@list.example")

    message = email_message(issue(story()), Envelope("Tides <t@tide.example>", "", out))

    assert faults_of_message(message) == ()
    assert message["List-Unsubscribe"] == f"<{out[0]}>, <{out[1]}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = message.get_body(("html",))
    assert body is not None
    assert f'href="{out[0].replace("&", "&amp;")}"' in body.get_content()


@settings(max_examples=50, deadline=None)
@given(title=st.text(max_size=60), name=st.text(max_size=40))
def test_no_title_and_no_name_can_add_a_header(title: str, name: str) -> None:
    view = issue(story(), title=f"{title}\r\nBcc: all@site.test\n\nbody")

    [output] = render_checked(message_kind(), view)
    sender = f"{name.replace('<', '').replace('>', '')} <a@b.example>"
    message = addressed(email_message(view, Envelope(sender)), "c@d.example")

    head = output.content.partition(b"\r\n\r\n")[0]
    assert not any(line.lower().startswith(b"bcc") for line in head.split(b"\r\n"))
    assert message["Bcc"] is None
    assert str(message["To"]) == "c@d.example"


ENCODED = "=?utf-8?q?Tides=0D=0ABcc:_all@site.test=0D=0A=0D=0Abody?="


def seen(words: object) -> str:
    """Words without what nobody sees; where long ones are folded, the email package may add a blank."""
    return str(words).translate(dict.fromkeys(map(ord, "\u2060 ")))


@pytest.mark.parametrize("word", [ENCODED, f"a {ENCODED} b", f"a{ENCODED}b", "=?utf-8?b?QQpCY2M6IHg=?="])
def test_what_looks_like_an_encoded_word_is_shown_as_it_stands(word: str) -> None:
    out = (f"https://list.example/leave?a={ENCODED}",)
    message = email_message(issue(story(), title=word), Envelope(f"{word} <t@tide.example>", "", out))

    sent = message_from_bytes(addressed(message, f"{word} <a@b.example>").as_bytes(), policy=SMTP)

    assert sent["Bcc"] is None
    assert seen(sent["Subject"]) == seen(word)
    assert [one.addr_spec for one in sent["To"].addresses] == ["a@b.example"]
    assert seen(sent["To"].addresses[0].display_name) == seen(word)
    assert sent["List-Unsubscribe"] == f"<{out[0].replace('=?', '=%3F')}>"
    assert not any(b"\n" in line for line in sent.as_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n"))


@pytest.mark.parametrize(
    "address",
    [
        *["", "ada", "a@b, c@d", "a@b\nBcc: c@d", "Ada <a@b> <c@d>", "ü@site.test"],
        *["a@b..test", "a@.", "a@-b.test", "a@b.test."],
    ],
)
def test_what_is_no_single_address_is_not_written_to(address: str) -> None:
    with pytest.raises(ValueError, match="no e-mail address"):
        email_message(issue(), Envelope(sender=address or " "))


def test_feeds_hold_the_newest_issue_first_and_keep_their_dates() -> None:
    older, newer = issue(story("Old")), issue(story("New"))
    older = IssueView(TIDES, "Tides of 2026-02-24", "2026-02-24", older.lead, (), older.sections)

    files = feeds.feed_files([older, newer], TIDES, folder="feeds")

    assert list(files) == ["feeds/atom.xml", "feeds/rss.xml", "feeds/feed.json"]
    assert files == feeds.feed_files([newer, older], TIDES, folder="feeds")
    for name in ("feeds/atom.xml", "feeds/rss.xml"):
        read = feedparser.parse(files[name])
        assert not read.bozo
        assert [entry.title for entry in read.entries] == ["Tides of 2026-03-10", "Tides of 2026-02-24"]
        assert [entry.id for entry in read.entries] == [
            "tag:tide.example,2026-03-10:newsletter/2026-03-10",
            "tag:tide.example,2026-02-24:newsletter/2026-02-24",
        ]
    atom = feedparser.parse(files["feeds/atom.xml"])
    assert atom.feed.updated == "2026-03-10T00:00:00+00:00"
    assert {"rel": "self", "href": "https://tide.example/feeds/atom.xml"} in [
        {"rel": link.rel, "href": link.href} for link in atom.feed.links
    ]
    assert json.loads(files["feeds/feed.json"])["items"][1]["date_published"] == "2026-02-24T00:00:00Z"


@settings(max_examples=50, deadline=None)
@given(words=hostile)
def test_feed_readers_find_nothing_wrong(words: str) -> None:
    files = feeds.feed_files([issue(story(words, summary=words), lead=words, title=words)], TIDES, folder="")

    assert not any(feedparser.parse(files[name]).bozo for name in ("atom.xml", "rss.xml"))


def test_feeds_need_an_address_and_a_date_and_say_so() -> None:
    nowhere = Masthead("Tides")
    with pytest.raises(CannotRenderError, match=r"newsletter\.site"):
        feeds.feed_files([issue()], nowhere, folder="")
    with pytest.raises(CannotRenderError, match="date"):
        feeds.feed_files([IssueView(TIDES, "Some day", "", "", (), ())], TIDES, folder="")
    assert feeds.feed_files([], nowhere, folder="") == {}


SOUND = "<p>ok</p>"
WRONG_HTML = {
    "<p>a": "unbalanced",
    "<b><i>x</b></i>": "unbalanced",
    "<script>x</script>": "active",
    '<p onclick="x">a</p>': "handler",
    '<a href="javascript:x">a</a>': "address",
    '<a href="/relative">a</a>': "address",
    '<a href="#gone">a</a>': "anchor",
    '<img src="https://x.example/a.png">': "no-alt",
    '<p style="background:url(x)">a</p>': "outside-style",
    "<style>@import 'x';</style>": "outside-style",
    '<link rel="stylesheet" href="https://x.example/a.css">': "active",
    '<p id="a"></p><p id="a"></p>': "id-twice",
    '<p dir="a" dir="b">x</p>': "twice",
}


@pytest.mark.parametrize("wrong", WRONG_HTML)
def test_html_that_acts_or_is_broken_is_found(wrong: str) -> None:
    assert WRONG_HTML[wrong] in {fault.code for fault in html_faults(wrong)}
    assert html_faults(SOUND) == ()


@pytest.mark.parametrize(
    ("kind", "was", "now", "code"),
    [
        ("atom", b"</entry>", b"", "not-well-formed"),
        ("atom", b"<author>", b"<contributor>", "not-well-formed"),
        ("atom", b"<updated>2026-03-10T00:00:00+00:00</updated>", b"<updated>now</updated>", "date"),
        ("atom", b"<id>tag:tide.example,2026-03-10:newsletter/2026-03-10</id>", b"", "missing"),
        ("rss", b"<link>https://tide.example/</link>", b"<link>tide</link>", "address"),
        ("rss", b"<pubDate>Tue, 10", b"<pubDate>some", "date"),
        ("rss", b"&lt;h3", b"&lt;script&gt;&lt;h3", "active"),
        ("json", b'"version"', b'"v"', "missing"),
        ("json", b"}", b"", "not-well-formed"),
    ],
)
def test_a_feed_that_lacks_something_is_found(kind: str, was: bytes, now: bytes, code: str) -> None:
    output = rendered(kind, issue(story(summary="Words")))
    check = {"atom": atom_faults, "rss": rss_faults, "json": json_faults}[kind]
    assert was in output.content

    found = check(Output(output.name, output.media_type, output.content.replace(was, now)))

    assert code in {fault.code for fault in found}


def test_an_output_with_faults_is_not_handed_on() -> None:
    broken = OUTPUTS["site"].__class__("site", site.render, lambda output: html_faults("<p>"))

    with pytest.raises(InvalidOutputError, match="not closed"):
        render_checked(broken, issue())
