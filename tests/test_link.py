"""Links: what is found in a message, what is printed, and which are one story."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.link import LONGEST_KEY, LONGEST_LINK, NotALinkError, find_links, link
from renderers.markdown import link_target

GROUPS = Path(__file__).parents[1].parent / "shared" / "data" / "urls" / "groups.json"
WECHAT = "https://mp.weixin.qq.com/s"


def urls(text: str) -> list[str]:
    return [found.url for found in find_links(text)]


def keys(*given: str) -> set[str]:
    return {link(url).key for url in given}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("看这个 https://a.test/x 不错", ["https://a.test/x"]),
        ("看这个https://a.test/x这篇不错", ["https://a.test/x"]),
        ("（https://a.test/x）。", ["https://a.test/x"]),
        ("https://a.test/x，https://a.test/y。https://a.test/z！", [f"https://a.test/{c}" for c in "xyz"]),
        ("Read https://a.test/x, then (https://a.test/y).", ["https://a.test/x", "https://a.test/y"]),
        ("[words](https://a.test/x) and <https://a.test/y>", ["https://a.test/x", "https://a.test/y"]),
        ("[words](https://a.test/x), more) text", ["https://a.test/x"]),
        ("https://a.test/Moon_(film) is on", ["https://a.test/Moon_(film)"]),
        ("https://zh.a.test/wiki/嵌入式系统 入门", ["https://zh.a.test/wiki/嵌入式系统"]),
        ("**https://a.test/x**", ["https://a.test/x"]),
        ("HTTPS://A.test/x", ["https://a.test/x"]),
        ("https://a.test/?next=https://b.test/", ["https://a.test/?next=https://b.test/"]),
        ("ftp://a.test/x javascript:alert(1) xhttp://a.test", []),
        ("nothing at all", []),
    ],
)
def test_links_are_found_as_people_write_them(message: str, expected: list[str]) -> None:
    assert urls(message) == expected


def test_a_link_twice_in_a_message_is_found_once() -> None:
    assert urls("https://a.test/x http://www.a.test/x?utm_source=b https://a.test/x#top") == [
        "https://a.test/x"
    ]


def test_wechat_tails_are_not_printed() -> None:
    assert link(f"{WECHAT}/62Ea5iF?scene=25#wechat_redirect").url == f"{WECHAT}/62Ea5iF"


def test_a_long_wechat_link_keeps_what_opens_it() -> None:
    found = link(
        "http://mp.weixin.qq.com/s?__biz=MzA5==&amp;mid=26&amp;idx=2&amp;sn=ab&amp;chksm=cd&amp;scene=0#rd"
    )

    assert found.url == "http://mp.weixin.qq.com/s?__biz=MzA5==&mid=26&idx=2&sn=ab"
    assert found.key == "wx:MzA5==:26:2"


def test_articles_of_one_wechat_message_are_different_stories() -> None:
    assert len(keys(f"{WECHAT}?__biz=M&mid=1&idx=1&sn=a", f"{WECHAT}?__biz=M&mid=1&idx=2&sn=b")) == 2


def test_a_signed_wechat_link_is_temporary() -> None:
    found = link(f"{WECHAT}?timestamp=1560&src=3&ver=1&signature=yNVf1*RZQ-p=")

    assert found.temporary
    assert found.url.endswith("signature=yNVf1*RZQ-p=")
    assert not link(f"{WECHAT}/62Ea5iF").temporary


def test_a_paper_is_one_story_in_every_version_and_form() -> None:
    forms = [
        "arxiv.org/abs/2005.01234v2",
        "arxiv.org/pdf/2005.01234.pdf",
        "doi.org/10.48550/arXiv.2005.01234",
    ]

    assert keys(*(f"https://{form}" for form in forms)) == {"arxiv:2005.01234"}


def test_a_repository_is_one_story_but_its_issues_are_others() -> None:
    assert keys("https://github.com/A/B", "http://www.github.com/a/b.git#readme") == {"github:a/b"}
    assert len(keys("https://github.com/A/B", "https://github.com/A/B/issues/1")) == 2


def test_what_names_a_page_stays() -> None:
    different = ["/?p=1", "/?p=2", "/list?page=2", "/#!/post/7", "/#/post/8", "/Case", "/case"]

    assert len(keys(*(f"https://a.test{path}" for path in different))) == len(different)


def test_a_password_in_a_link_is_not_printed() -> None:
    assert link("https://ann:secret@a.test/x").url == "https://a.test/x"


@pytest.mark.parametrize(
    "given",
    [
        *("", "hello", "ftp://a.test/", "file:///etc/passwd", "http:///x", "http://a.test:99999/"),
        *("http://[::1", "javascript:alert(1)", "https://a b.test/", "https://a.test/" + "x" * LONGEST_LINK),
    ],
)
def test_what_is_no_link_is_refused(given: str) -> None:
    with pytest.raises(NotALinkError):
        link(given)


def test_links_of_one_article_have_one_key_and_others_another() -> None:
    if not GROUPS.exists():
        pytest.skip("the shared groups of links are not here")
    groups_with: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(json.loads(GROUPS.read_text())):
        assert len(keys(*group["urls"])) == 1, group["kind"]
        groups_with[link(group["urls"][0]).key].add(number)

    assert all(len(groups) == 1 for groups in groups_with.values())


@given(st.text(max_size=300))
def test_any_message_can_be_searched(message: str) -> None:
    for found in find_links(message + " https://a.test/" + message):
        assert found.url.startswith(("http://", "https://"))


_PATHS = st.text(alphabet="ab/.?=&%#()~嵌2F-_", max_size=40)


@given(_PATHS)
def test_a_printed_link_is_the_same_story_as_the_given_one(path: str) -> None:
    found = link(f"https://a.test/{path}")

    assert link(found.url).key == found.key
    assert link(found.url).url == found.url


@pytest.mark.parametrize("name", ["param", "section", "region", "copy", "notify", "lt"])
def test_a_name_in_a_query_is_no_entity(name: str) -> None:
    url = f"https://a.test/?id=1&{name}=2"

    assert link(url).url == url


@pytest.mark.parametrize(
    "written",
    ["?a=1&amp;b=2", "?a=1&amp;amp;b=2", "?a=1&#38;b=2", "?a=1\u200b&b=\ufeff2", "?a=1&\u00adb=2\u202e"],
)
def test_what_html_and_editors_do_to_a_link_is_undone(written: str) -> None:
    assert link(f"https://a.test/{written}").url == "https://a.test/?a=1&b=2"


def test_a_joiner_stays_inside_a_word_where_spelling_needs_it() -> None:
    assert link("https://a.test/\u0645\u06cc\u200c\u062e\u0648\u200d").url == (
        "https://a.test/\u0645\u06cc\u200c\u062e\u0648"
    )


@pytest.mark.parametrize("tail", ["x" * 3000, "\u7684" * 500, "github.com/%00"])
def test_a_key_is_never_longer_than_a_database_indexes_nor_holds_what_it_does_not_take(tail: str) -> None:
    found = link(f"https://a.test/{tail}")

    assert len(found.key.encode()) <= LONGEST_KEY
    assert found.key.isprintable()
    assert link(found.url).key == found.key
    assert link("https://github.com/a/b/%00").key.startswith("sha256:")


def test_tens_of_thousands_of_brackets_are_no_part_of_a_link() -> None:
    """Trimming one by one with a count at each would take minutes."""
    assert urls("http://a.test/" + ")" * 39_000) == ["http://a.test/"]
    assert urls("http://a.test/" + "(" * 39_000) == []
    assert urls("http://a.test/x" + "(]" * 19_000) == []


_PIECES = st.sampled_from(
    [
        *(
            "a",
            "B",
            "/",
            ".",
            "..",
            "?",
            "&",
            "=",
            "#",
            "#/",
            "%",
            "%2F",
            "%26",
            "%zz",
            "%00",
            "+",
            ";",
            "(",
            ")",
        ),
        *(
            "&amp;",
            "&amp;amp;",
            "&lt;",
            "&copy=",
            "&#38;",
            "&am",
            "amp;",
            "lt;",
            "utm_source=1",
            "\u200b",
            "\ufeff",
        ),
        *(
            "\u00ad",
            "\u202e",
            "\u200d",
            "\u200c",
            "\u3164",
            "\u3000",
            " ",
            "\t",
            "\u2028",
            "\u5d4c",
            "\uff11",
            "index.html",
        ),
        *(
            "*",
            "~",
            '"',
            "'",
            "|",
            "{",
            "}",
            "[",
            "]",
            "\\",
            "@",
            ":",
            "!",
            "$",
            ",",
            "\u017f",
            "abs",
            "2005.01234",
            "v",
        ),
    ]
)
_PLACES = st.sampled_from(
    [
        *(
            "a.test",
            "www.a.test",
            "a.test:80",
            "mp.weixin.qq.com/s",
            "mp.weixin.qq.com/s?signature=a&",
            "arxiv.org/abs",
        ),
        *("mp.weixin.qq.com/s?__biz=M&mid=1&sn=", "github.com/a/b", "www.youtube.com/watch?v=", "youtu.be"),
        *(
            "zhuanlan.zhihu.com/p/1",
            "medium.com/x-0123456789ab",
            "www.bilibili.com/video/B?p=",
            "x.com/a/status/1",
        ),
        "blog.csdn.net/a/article/details/1",
    ]
)


@given(_PLACES, st.lists(_PIECES, max_size=8), st.sampled_from(["", "/", "?", "&"]))
def test_a_link_is_the_same_story_as_it_is_given_printed_and_set_in_a_document(
    place: str, pieces: list[str], mark: str
) -> None:
    try:
        found = link(f"https://{place}{mark}{''.join(pieces)}")
    except NotALinkError:
        return

    assert (link(found.url).url, link(found.url).key) == (found.url, found.key)
    if target := link_target(found.url):
        assert link(target).key == found.key
