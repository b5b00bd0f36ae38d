import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from renderers.markdown import clean, defuse, escape, link_target

ENGINES = [MarkdownIt("commonmark"), MarkdownIt("commonmark").enable(["table", "strikethrough"])]
MARKS = [
    *"\\`*_[](){}<>|#$&~\"'^=+-.!:;%@/ \n1aZ量，。",
    "--",
    "{{",
    "{%",
    "](",
    "://",
    "www.",
    "~~",
    "\n\n",
    "    ",
]
NASTY = st.lists(st.sampled_from(MARKS), max_size=25).map("".join)
WORDS = NASTY | st.text(max_size=60)

PLACES = [
    ("…\n", "…", {"p"}),
    ("before … after\n", "before … after", {"p"}),
    ("- …\n", "…", {"ul", "li"}),
    ("## … end\n", "… end", {"h2"}),
    ("- […](https://a.test/x)\n", "…", {"ul", "li", "a"}),
]

ORDINARY = [
    "C++ 与 C# 的 mobilenet_v1、MobileNet V3",
    "“三星”Exynos992曝光引发猜想:不只是亡羊补牢?",
    "He said “yes”, didn’t he?",
    "性能提升2~3倍，功耗 < 5W，a & b，100%",
    "TFRT：全新的 TensorFlow 运行时（上）",
    "YOLACT++: Better Real-time Instance Segmentation",
    "400 fps！CenterFace+TensorRT部署人脸",
    "价格是 $5，邮箱见文末 #小米10#",
    "$5 和 $6 之间，约 ~5 到 ~6 倍",
    "2 * 3 = 6，4 * 5 = 20；a _ b",
    "#标签 在行首；12:30:45 开始",
    "std::vector 的实现",
    "👨‍👩‍👧 一家三口",
]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def seen(engine: MarkdownIt, markdown: str) -> _Seen:
    page = _Seen()
    page.feed(engine.render(markdown))
    page.close()
    return page


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_prose_comes_back_as_typed(text: str) -> None:
    assert escape(text) == text


def test_straight_quotes_stay_straight_on_a_site_that_would_curl_them() -> None:
    assert escape('He said "yes", didn\'t he?') == 'He said \\"yes\\", didn\\\'t he?'


def test_a_mark_that_pairs_stays_as_typed_only_where_the_paragraph_holds_no_other() -> None:
    assert escape("提升2~3倍") == "提升2~3倍"
    assert escape("提升2~3倍", among="提升2~3倍\n又4~5倍") == "提升2&#126;3倍"
    assert escape("约 ~5 倍", among="约 ~5 倍\n又 ~6 倍") == "约 ~5 倍"
    assert escape("约 ~5 倍", among="约 ~5 倍\n又 6~ 倍") == "约 &#126;5 倍"


@given(WORDS)
@example("1986. A great year")
@example("- item")
@example("a\\")
@example("*a*_b_`c`~~d~~")
@example("[x]: http://evil.test")
@example("<script>alert(1)</script>")
@example("&lt;b&gt;")
@example("a | b")
@example("***")
def test_escaped_text_shows_as_itself_wherever_it_stands(text: str) -> None:
    for engine in ENGINES:
        for place, visible, tags in PLACES:
            page = seen(engine, place.replace("…", escape(text)))

            assert " ".join(page.text.split()) == " ".join(visible.replace("…", clean(text)).split())
            assert set(page.tags) <= tags


@given(WORDS)
def test_no_template_engine_finds_anything_in_escaped_text(text: str) -> None:
    escaped = escape(text)

    assert "{{" not in escaped
    assert "{%" not in escaped
    assert "{:" not in escaped
    assert "://" not in escaped


@given(WORDS)
@example("```")
@example("<div>")
@example('<b \n{"</div>)&"\n```\n.-->')
def test_a_persons_markdown_loses_only_liquid_controls_and_what_never_closes(text: str) -> None:
    kept = defuse(text)

    assert "{{" not in kept
    assert "{%" not in kept
    assert defuse(kept) == kept
    if not re.search("```|~~~|<|[{\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", text):
        assert kept == text


def test_an_unseen_character_keeps_no_mark_from_its_letter() -> None:
    assert clean("e\u202e\u0301") == "é"


@given(
    st.text()
    | st.text(st.sampled_from("ae \u202e\u0301\u0300\u200d\u2060👨💻\ufe0f\u0327\u1100\u1161\u0958"))
)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\n" not in clean(text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//host.test/x",
        "/relative",
        "tg://resolve",
        "http://",
        "https://user:pass@host.test/",
        "http://[::1",
        "https://host.test/" + "a" * 3000,
        "",
    ],
)
def test_what_is_no_plain_web_address_is_no_link(url: str) -> None:
    assert link_target(url) == ""


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://a.test/b c(d)<e>", "https://a.test/b%20c%28d%29%3Ce%3E"),
        ("https://a.test/?q=1&r=%20%zz", "https://a.test/?q=1&r=%20%25zz"),
        ("https://mp.weixin.qq.com/s/Ab_c-D", "https://mp.weixin.qq.com/s/Ab_c-D"),
        ("https://a.test/中文#b", "https://a.test/%E4%B8%AD%E6%96%87#b"),
        ('https://a.test/"onclick=', "https://a.test/%22onclick="),
        ("https://a.test/{{x}}", "https://a.test/%7B%7Bx%7D%7D"),
    ],
)
def test_a_link_is_percent_encoded_where_markdown_would_trip(url: str, written: str) -> None:
    assert link_target(url) == written
    assert link_target(written) == written


@given(st.text(max_size=40))
def test_every_engine_reads_a_link_as_it_was_written(tail: str) -> None:
    target = link_target("https://a.test/" + tail)

    for engine in ENGINES:
        if target:
            html = engine.render(f"[t]({target})")
            assert html == f'<p><a href="{target.replace("&", "&amp;")}">t</a></p>\n'
