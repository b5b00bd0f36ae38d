"""Links: what is found in a message, what is printed, and which are one story."""

import json
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.link import LONGEST_KEY, LONGEST_LINK, NotALinkError, find_links, link
from bot.reading.spelling.address import address_in, plain_key
from bot.reading.spelling.paper_keys import arxiv
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
    assert found.key == "wx:MzA5:26:2"


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


ONE_ARTICLE = (
    # WeChat
    f"""{WECHAT}/62Ea5iF http://mp.weixin.qq.com/s/62Ea5iF?from=timeline&isappinstalled=0
    {WECHAT}/62Ea5iF?scene=1#rd
    {WECHAT}/62Ea5iF?nwr_flag=1#wechat_redirect https://mp.weixin.qq.com:443/s/62Ea5iF/
    https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=HA&target_url=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2F62Ea5iF
    https://mp.weixinbridge.com/mp/wapredirect?url=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2F62Ea5iF%3Fscene%3D1""",
    f"""{WECHAT}?__biz=MzA5MzQx==&mid=26510&idx=2&sn=aa
    {WECHAT}?__biz=MzA5MzQx%3D%3D&mid=26510&idx=2&sn=aa&chksm=b#rd
    {WECHAT}?__biz=MzA5MzQx==&amp;mid=26510&amp;idx=2&amp;sn=aa&amp;scene=27#wechat_redirect
    http://mp.weixin.qq.com/mp/appmsg/show?__biz=MzA5MzQx==&appmsgid=26510&itemidx=2&sign=aa
    {WECHAT}?sn=aa&idx=2&mid=26510&__biz=MzA5MzQx&key=1&uin=2&devicetype=android&version=3&pass_ticket=4&tempkey=x""",
    # Papers
    """https://arxiv.org/abs/2005.01234 https://arxiv.org/pdf/2005.01234v2.pdf#page=3 http://export.arxiv.org/abs/2005.01234v1
    https://arxiv.org/html/2005.01234v1 https://ar5iv.org/abs/2005.01234
    https://ar5iv.labs.arxiv.org/html/2005.01234
    https://doi.org/10.48550/arXiv.2005.01234 https://www.alphaxiv.org/abs/2005.01234
    https://cn.arxiv.org/pdf/2005.01234
    https://huggingface.co/papers/2005.01234 https://papers.cool/arxiv/2005.01234
    https://arxiv.org/abs/arXiv:2005.01234
    https://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2005.01234&hl=en&sa=X""",
    "https://arxiv.org/abs/math.GT/0309136 https://arxiv.org/abs/math/0309136v1 https://arxiv.org/pdf/math/0309136.pdf",
    """https://doi.org/10.1145/3292500.3330701 http://dx.doi.org/10.1145/3292500.3330701
    https://dl.acm.org/doi/pdf/10.1145/3292500.3330701 https://dl.acm.org/doi/abs/10.1145/3292500.3330701""",
    """https://aclanthology.org/2020.acl-main.1/ https://www.aclweb.org/anthology/2020.acl-main.1.pdf
    https://aclanthology.org/2020.ACL-main.1v2.pdf https://doi.org/10.18653/v1/2020.acl-main.1""",
    """https://openreview.net/forum?id=aB1 https://openreview.net/pdf?id=aB1
    https://openreview.net/forum?noteId=c&id=aB1""",
    """https://openaccess.thecvf.com/content_CVPR_2020/html/Lee_Moon_CVPR_2020_paper.html
    https://openaccess.thecvf.com/content_CVPR_2020/papers/Lee_Moon_CVPR_2020_paper.pdf""",
    # Code
    """https://github.com/A/b.c https://github.com/a/B.c/ http://www.github.com/a/b.c.git
    https://github.com/a/b.c#readme
    https://github.com/a/b.c?tab=readme-ov-file https://github.com/a/b.c/tree/main
    https://github.com/a/b.c/tree/master/
    https://github.com/a/b.c/blob/main/README.md https://raw.githubusercontent.com/a/b.c/main/README.md
    https://raw.githubusercontent.com/a/b.c/refs/heads/main/README.md""",
    "https://github.com/a/b/pull/7 https://github.com/a/b/pull/7/files?w=1 https://github.com/A/b/pull/7#discussion_r1",
    "https://github.com/a/b/blob/v1/x.py#L3 https://raw.githubusercontent.com/a/b/v1/x.py",
    """https://gist.github.com/ann/0123456789abcdef0123456789abcdef
    https://gist.github.com/0123456789abcdef0123456789abcdef
    https://gist.github.com/ann/0123456789abcdef0123456789abcdef.git#file-a-md""",
    "https://huggingface.co/a/Model https://hf.co/a/Model https://hf-mirror.com/a/Model",
    # Video
    """https://www.youtube.com/watch?v=0ZIF8_qR38O https://youtu.be/0ZIF8_qR38O?t=42
    https://m.youtube.com/watch?v=0ZIF8_qR38O
    https://www.youtube.com/shorts/0ZIF8_qR38O?feature=share
    https://www.youtube-nocookie.com/embed/0ZIF8_qR38O?start=3
    https://www.youtube.com/live/0ZIF8_qR38O?si=x https://www.youtube.com/watch?list=PL&t=42s&v=0ZIF8_qR38O&index=3
    https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D0ZIF8_qR38O%26feature%3Dshare""",
    """https://www.bilibili.com/video/BV17x411w7KC https://m.bilibili.com/video/BV17x411w7KC?p=1&share_source=copy_web
    https://www.bilibili.com/video/av170001/?spm_id_from=333.1 https://b23.tv/BV17x411w7KC
    https://player.bilibili.com/player.html?aid=170001&bvid=BV17x411w7KC&page=1""",
    # Chinese sites
    """https://zhuanlan.zhihu.com/p/189438616 http://zhuanlan.zhihu.com/p/189438616/?utm_oi=1
    https://www.zhihu.com/appview/p/189438616
    https://www.zhihu.com/tardis/zm/art/189438616?source_id=1003 https://oia.zhihu.com/articles/189438616
    https://link.zhihu.com/?target=https%3A//zhuanlan.zhihu.com/p/189438616""",
    """https://www.zhihu.com/question/92/answer/331 https://www.zhihu.com/answer/331
    https://m.zhihu.com/question/92/answer/331?s=1
    https://www.zhihu.com/appview/v2/answer/331""",
    "https://www.zhihu.com/question/92 https://www.zhihu.com/question/92/answers/updated https://oia.zhihu.com/questions/92",
    """https://blog.csdn.net/ann/article/details/536?spm=1001.2 https://ann.blog.csdn.net/article/details/536
    https://link.csdn.net/?target=https%3A%2F%2Fblog.csdn.net%2Fann%2Farticle%2Fdetails%2F536""",
    "https://www.jianshu.com/p/6887a?from=timeline https://m.jianshu.com/p/6887a https://links.jianshu.com/go?to=https%3A%2F%2Fwww.jianshu.com%2Fp%2F6887a",
    "https://juejin.cn/post/684490 https://juejin.im/post/684490?share_token=x https://link.juejin.cn?target=https%3A%2F%2Fjuejin.cn%2Fpost%2F684490",
    """https://www.toutiao.com/article/7370966182997787176/?log_from=4b
    https://www.toutiao.com/i7370966182997787176/
    https://m.toutiao.com/article/7370966182997787176/ https://www.toutiao.com/a7370966182997787176""",
    "https://36kr.com/p/2716 https://www.36kr.com/p/2716.html https://m.36kr.com/p/2716?f=rss",
    "https://m.weibo.cn/status/3501756485200075 https://weibo.com/1642909335/z0JH2lOMb https://m.weibo.cn/detail/3501756485200075",
    "https://www.sohu.com/a/780060546_458722 https://m.sohu.com/a/780060546",
    "https://new.qq.com/rain/a/20240518A060RN00 https://view.inews.qq.com/a/20240518A060RN00 https://new.qq.com/omn/20240518/20240518A060RN00.html",
    "https://www.163.com/dy/article/J2ABCDEF0511ABCD.html https://m.163.com/dy/article/J2ABCDEF0511ABCD.html https://c.m.163.com/news/a/J2ABCDEF0511ABCD.html",
    # Posts and others
    """https://x.com/ann/status/731691191 https://twitter.com/ann/status/731691191?s=20&t=q
    https://mobile.twitter.com/ann/status/731691191
    https://x.com/ann/status/731691191/photo/1 https://fxtwitter.com/ann/status/731691191
    https://x.com/i/web/status/731691191
    https://twitter.com/#!/ann/status/731691191 https://vxtwitter.com/ann/status/731691191""",
    """https://medium.com/@ann/slug-62f301f46536
    https://ann.medium.com/other-62f301f46536?source=rss https://medium.com/p/62f301f46536
    https://towardsdatascience.com/slug-62f301f46536 https://medium.com/m/global-identity-2?redirectUrl=https%3A%2F%2Fmedium.com%2Fp%2F62f301f46536""",
    """https://www.reddit.com/r/ML/comments/abc12/title_words/
    https://old.reddit.com/r/ML/comments/abc12/ https://redd.it/abc12""",
    "https://stackoverflow.com/questions/11227809/why-is https://stackoverflow.com/q/11227809/5",
    "https://en.wikipedia.org/wiki/Moon https://en.m.wikipedia.org/wiki/Moon?wprov=sfti1",
    # Anything, and what only passes the reader on
    """https://a.test/2020/moon-rise https://a.test/2020/moon-rise/amp/
    https://a.test/2020/moon-rise?amp=1 http://www.a.test/2020/moon-rise/
    https://www.google.com/amp/s/a.test/2020/moon-rise https://a-test.cdn.ampproject.org/c/s/a.test/2020/moon-rise/amp
    https://l.facebook.com/l.php?u=https%3A%2F%2Fa.test%2F2020%2Fmoon-rise%3Ffbclid%3Dx&h=AT
    https://amp.a.test/2020/moon-rise
    https://www.google.com.hk/url?sa=t&url=https%3A%2F%2Fa.test%2F2020%2Fmoon-rise&usg=1
    https://a.test/2020/moon-rise/index.html
    https://gitee.com/link?target=https%3A%2F%2Fa.test%2F2020%2Fmoon-rise
    https://a.test:443/2020/moon-rise#:~:text=moon
    https://t.umblr.com/redirect?z=https%3A%2F%2Fa.test%2F2020%2Fmoon-rise&t=1
    https://A.TEST/2020//./moon-rise?utm_source=x&
    https://link.zhihu.com/?target=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fa.test%252F2020%252Fmoon-rise""",
)
"""Addresses of one article, a line for each."""


@pytest.mark.parametrize("one_article", ONE_ARTICLE, ids=range(len(ONE_ARTICLE)))
def test_however_an_article_is_linked_it_is_one_story(one_article: str) -> None:
    given = one_article.split()

    assert {link(url).key: url for url in given}.keys() == {link(given[0]).key}
    assert {link(url).whole for url in given} == {link(given[0]).whole}


def test_articles_are_told_apart() -> None:
    others = """https://a.test/guitars/amp https://a.test/guitars
    https://www.google.com/search?q=https://a.test/guitars
    https://link.zhihu.com/?target=javascript:alert(1) https://github.com/a/b/issues/7
    https://github.com/a/b/pull/8
    https://github.com/a/b/releases/tag/v1 https://github.com/a/b/tree/dev
    https://github.com/a/b.c/blob/main/x.py
    https://www.bilibili.com/video/BV17x411w7KC?p=2 https://arxiv.org/list/cs.LG/2005
    https://huggingface.co/a/b
    https://stackoverflow.com/questions/11227809/why-is/11227902 https://www.zhihu.com/people/ann
    https://www.163.com/
    https://weibo.com/1642909335/z0JH2lOMc https://weibo.com/1642909335
    https://doi.org/10.1145/3292500.3330702
    https://www.google.com/url?q=moon https://zhuanlan.zhihu.com/p/189438617 https://x.com/ann
    https://t.cn/A6abc
    https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzQx==&action=getalbum&album_id=17&scene=1"""
    first = [one_article.split()[0] for one_article in ONE_ARTICLE]

    assert len(keys(*others.split(), *first)) == len(others.split()) + len(first)
    assert len({link(url).whole for url in (*others.split(), *first)}) == len(others.split()) + len(first)


@pytest.mark.parametrize("one_article", ONE_ARTICLE, ids=range(len(ONE_ARTICLE)))
def test_the_one_spelling_is_an_address_of_the_same_story(one_article: str) -> None:
    whole = link(one_article.split()[0]).whole

    assert (link(whole).key, link(whole).whole) == (link(one_article.split()[0]).key, whole)


def test_what_a_link_passes_on_to_is_printed() -> None:
    assert (
        link("https://link.zhihu.com/?target=https%3A//a.test/moon%3Fid%3D1").url
        == "https://a.test/moon?id=1"
    )
    assert (
        link("https://www.google.com/url?q=ftp://a.test/").url == "https://www.google.com/url?q=ftp://a.test/"
    )


def test_links_that_pass_on_to_one_another_come_to_an_end() -> None:
    given = "https://a.test/moon"
    for _ in range(6):
        given = f"https://link.zhihu.com/?target={quote(given, safe='')}"

    assert link(given).url.startswith("https://link.zhihu.com/")


def test_a_preview_link_of_wechat_is_temporary() -> None:
    assert link(f"{WECHAT}?__biz=MzA5&tempkey=MTA3OF8&chksm=1#rd").temporary


def test_links_of_one_article_have_one_key_and_others_another() -> None:
    if not GROUPS.exists():
        pytest.skip("the shared groups of links are not here")
    groups_with: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(json.loads(GROUPS.read_text())):
        assert len(keys(*group["urls"])) == 1, group["kind"]
        groups_with[link(group["urls"][0]).key].add(number)

    assert all(len(groups) == 1 for groups in groups_with.values())
    wholes = {link(url).whole for group in json.loads(GROUPS.read_text()) for url in group["urls"]}
    assert len(wholes) == len(groups_with)


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


@pytest.mark.parametrize("tail", ["-" * 100_000, "a-" * 50_000, "7" * 100_000])
def test_a_paper_and_a_phones_copy_are_looked_for_once_in_a_long_path(tail: str) -> None:
    """From each of its letters anew it would take minutes, and a page may give many such addresses."""
    address = address_in(f"https://arxiv.org/abs/{tail}")

    assert arxiv(address) is None
    assert plain_key(address).endswith(tail)


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
    if len(found.whole) <= LONGEST_LINK:
        assert (link(found.whole).key, link(found.whole).whole) == (found.key, found.whole)
    if target := link_target(found.url):
        assert link(target).key == found.key
