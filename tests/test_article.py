"""From bytes to an article: known sites, the open web, placeholders, and anything at all."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.article import Article, Reading, article_from_text
from bot.reading.charset import decode
from bot.reading.language import language_of
from bot.reading.markup.titles import TitleCandidates, best_title
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.verdict import Verdict

PAGES = Path(__file__).parent / "pages"
SHARED = Path(__file__).parents[1].parent / "shared" / "data"
WECHAT = "https://mp.weixin.qq.com/s/sample"
TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def page(body: bytes, url: str = "https://a.test/x", media_type: str = "text/html") -> Page:
    return Page(url=url, final_url=url, status=200, content_type=media_type, charset=None, body=body)


def reading_of(file: str, url: str) -> Reading:
    return read_page(page((PAGES / file).read_bytes(), url))


def article_in(file: str, url: str) -> Article:
    reading = reading_of(file, url)
    assert reading.verdict is Verdict.FINE, reading.reason
    assert reading.article is not None
    return reading.article


def html_of(words: str) -> bytes:
    return f"<html><body><article><p>{words}</p></article></body></html>".encode()


def test_a_wechat_article_is_read_though_it_is_hidden() -> None:
    article = article_in("wechat_article.html", WECHAT)

    assert article.title == "把关键词识别装进一枚纽扣电池"
    assert article.source == "小满实验室"
    assert article.authors == ("沈小满",)
    assert article.published == "2020-04-30T10:00:00+08:00"
    assert article.language == "zh"
    assert article.text.splitlines()[2:4] == ["代码片段如下：", "int score = kws_run(frame);"]
    assert "微信扫一扫" not in article.text


def test_a_wechat_post_of_text_is_read_out_of_its_script() -> None:
    article = article_in("wechat_text_post.html", WECHAT)

    assert article.title == "本周工具推荐暂停一次。"
    assert article.source == "小满实验室"
    assert article.published == "2020-05-01T09:30:00+08:00"
    assert article.text.splitlines()[1].startswith("下周五照常更新，大家可以先翻翻旧文，")


@pytest.mark.parametrize(
    ("file", "verdict", "reason"),
    [
        ("wechat_deleted.html", "gone", "deleted-by-author"),
        ("wechat_verification.html", "verification", "verification-page"),
    ],
)
def test_a_wechat_placeholder_is_no_article(file: str, verdict: str, reason: str) -> None:
    reading = reading_of(file, WECHAT)

    assert (reading.verdict, reading.reason, reading.article) == (verdict, reason, None)


def test_a_wechat_captcha_is_known_by_where_the_redirect_ended() -> None:
    url = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x"

    assert read_page(page(b"<html></html>", url)).verdict is Verdict.VERIFICATION


def test_an_article_may_speak_of_deleted_articles() -> None:
    body = (PAGES / "wechat_article.html").read_text().replace("代码片段如下", "页面写着该内容已被发布者删除")

    assert read_page(page(body.encode(), WECHAT)).verdict is Verdict.FINE


def test_a_paper_is_read_by_its_citation() -> None:
    article = article_in("arxiv_abstract.html", "https://arxiv.org/abs/2005.09999v2")

    assert article.title == "Tiny Ears: Keyword Spotting Below One Milliwatt"
    assert article.source == "arXiv"
    assert article.authors == ("Xiaoman Shen", "Ada Okafor")
    assert article.published == "2020-05-01"
    assert article.text.startswith("We present a keyword spotter")


def test_a_repository_is_its_readme_under_its_name() -> None:
    article = article_in("github_repository.html", "https://github.com/tiny-ears/kws")

    assert article.title == "tiny-ears/kws: Keyword spotting for coin cells"
    assert article.source == "GitHub"
    assert article.published is None
    assert article.text.startswith("Keyword spotting for coin cells\nA keyword spotter for microcontrollers")
    assert "12 stars" not in article.text


def test_a_page_of_the_open_web_loses_its_furniture() -> None:
    article = article_in("blog_english.html", "https://bench.test/sleep")

    assert article.title == "Measuring sleep current without fooling yourself"
    assert article.source == "Bench Notes"
    assert article.authors == ("Ada Okafor",)
    assert article.published == "2020-04-28T08:15:00+02:00"
    assert article.language == "en"
    assert "Subscribe" not in article.text


def test_a_fine_article_comes_with_a_draft_of_its_own_sentences() -> None:
    reading = reading_of("blog_english.html", "https://bench.test/sleep")

    assert reading.article is not None
    assert reading.summary is not None
    assert 2 <= len(reading.summary.spans) <= 4
    for start, end in reading.summary.spans:
        assert reading.article.text[start:end] in reading.summary.text


def test_a_login_wall_is_no_article() -> None:
    reading = reading_of("login_wall.html", "https://forum.test/t/1")

    assert (reading.verdict, reading.article) == (Verdict.LOGIN, None)


@pytest.mark.parametrize(
    ("title", "words", "verdict"),
    [
        ("Just a moment...", "Checking your browser before accessing the site.", "verification"),
        ("安全验证", "请完成下方验证后继续访问", "verification"),
        ("Page not found", "Sorry, the page you are looking for was not found.", "gone"),
        ("出错了", "您访问的页面不存在，可能已被删除", "gone"),
        ("Sign in", "Please sign in to continue reading this story.", "login"),
    ],
)
def test_placeholders_are_known_by_their_words(title: str, words: str, verdict: str) -> None:
    body = f"<html><head><title>{title}</title></head><body><p>{words}</p></body></html>"

    reading = read_page(page(body.encode()))

    assert (reading.verdict, reading.article) == (verdict, None)


def test_a_line_of_text_is_thin() -> None:
    reading = read_page(page(html_of("Seven words are not quite an article.")))

    assert reading.verdict is Verdict.THIN
    assert reading.article is not None


@pytest.mark.parametrize(
    ("body", "verdict", "reason"),
    [
        (b"", "not-article", "empty-page"),
        (b"   \n", "not-article", "empty-page"),
        (b"<html><body></body></html>", "not-article", "no-text"),
        (b"%PDF-1.7\n%", "unreadable", "pdf-broken"),
        (b"<p>a</p>" * 40_000, "unreadable", "too-many-tags"),
        (bytes(range(128, 256)) * 50, "unreadable", "not-text"),
    ],
)
def test_what_is_no_article_says_why(body: bytes, verdict: str, reason: str) -> None:
    reading = read_page(page(body))

    assert (reading.verdict, reading.reason) == (verdict, reason)


def test_a_plain_text_is_called_by_its_first_line() -> None:
    reading = read_page(
        page(b"# Notes on sleep\n\n" + b"The meter lies to you. " * 9, media_type="text/plain")
    )

    assert reading.verdict is Verdict.FINE
    assert reading.article is not None
    assert reading.article.title == "Notes on sleep"


def test_a_pasted_text_becomes_an_article() -> None:
    article = article_from_text("https://a.test/x", " 标题 ", "第一段。\n\n  第二段。 \n")

    assert (article.title, article.text, article.language) == ("标题", "第一段。\n第二段。", "zh")


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp"])
def test_a_page_is_decoded_as_it_says(encoding: str) -> None:
    words = "日本語の文章です。" if encoding in ("shift_jis", "euc-jp") else "中文文章" * 5

    assert words in decode(f"<meta charset='{encoding}'>{words * 30}".encode(encoding))


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "shift_jis", "windows-1251", "windows-1252"])
def test_a_page_without_a_label_is_known_by_its_words_and_not_by_its_programs(encoding: str) -> None:
    words = {
        "gb18030": "今天我们把唤醒词识别搬上了纽扣电池，",
        "big5": "今天我們把喚醒詞識別搬上了鈕扣電池，",
        "shift_jis": "今日、私たちはその認識をボタン電池に載せた。",
        "windows-1251": "Сегодня мы запустили распознавание на батарейке. ",
        "windows-1252": "Die Kühlung läuft über Nacht, während die Prüfung für später geöffnet bleibt. ",
    }[encoding]
    page = f"<script>{'var cell = 1; ' * 6000}</script><p>{words * 8}</p>"

    assert words in decode(page.encode(encoding))


def test_a_label_holds_where_the_first_words_stand_far_down() -> None:
    page = f"<meta charset='gbk'><style>{'p {margin: 0} ' * 6000}</style><p>唤醒词识别搬上了纽扣电池</p>"

    assert "唤醒词识别" in decode(page.encode("gbk"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("label", ["", "<meta charset='iso-8859-1'>"])
def test_a_page_is_decoded_though_it_says_nothing_or_lies(encoding: str, label: str) -> None:
    words = article_in("wechat_article.html", WECHAT).text

    if encoding == "gb18030" and label:
        assert "\ufffd" not in decode((label + words).encode(encoding))
    else:
        assert words in decode((label + words).encode(encoding))


def test_the_servers_label_counts_where_the_bytes_are_no_utf8() -> None:
    assert decode("嵌入式系统".encode("gbk"), "gb2312") == "嵌入式系统"
    assert decode("嵌入式系统".encode(), "gb2312") == "嵌入式系统"


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("新的运行时旨在提供统一的基础架构", None, "zh"),
        ("TensorFlow 发布了新的 runtime", "en", "zh"),
        ("新しいランタイムが公開された", None, "ja"),
        ("새로운 런타임이 공개되었다", None, "ko"),
        ("The new runtime is out", "zh-CN", "en"),
        ("Der neue Läufer ist da", "de-AT", "de"),
        ("Новая среда выполнения", None, "ru"),
        ("", None, "en"),
    ],
)
def test_a_language_is_known_by_its_script(text: str, declared: str | None, language: str) -> None:
    assert language_of(text, declared) == language


@pytest.mark.parametrize(
    ("candidates", "title"),
    [
        (TitleCandidates(document="某事发生了-新华网", site_name="新华网"), "某事发生了"),
        (TitleCandidates(document="A thing happened | The Daily", site_name="The Daily"), "A thing happened"),
        (TitleCandidates(document="A thing - example.com", host="www.example.com"), "A thing"),
        (
            TitleCandidates(document="(99+ 封私信 / 87 条消息) 如何看待此事 - 知乎", site_name="知乎"),
            "如何看待此事",
        ),
        (TitleCandidates(document="Runtime - a new start", host="a.test"), "Runtime - a new start"),
        (TitleCandidates(headings=("Only a heading",)), "Only a heading"),
        (TitleCandidates(), ""),
    ],
)
def test_a_title_loses_what_its_author_did_not_write(candidates: TitleCandidates, title: str) -> None:
    assert best_title(candidates) == title


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_reading(body: bytes) -> None:
    assert isinstance(read_page(page(body)).verdict, Verdict)


_MARKUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<article>", "<script>", "</script>", "<h1>", "<!--", "]]>", "&#xD800;"])
    | st.sampled_from(
        ["<title>", 'id="js_content"', '<div id="js_content">', "JsDecode('\\x", "<meta charset="]
    )
    | st.text(max_size=20),
    max_size=30,
).map("".join)


@settings(deadline=None, max_examples=60)
@given(
    _MARKUP, st.sampled_from([WECHAT, "https://arxiv.org/abs/1", "https://github.com/a/b", "https://a.test/"])
)
def test_any_markup_gives_a_reading_at_any_site(markup: str, url: str) -> None:
    reading = read_page(page(markup.encode("utf-8", "surrogatepass"), url))

    assert reading.reason != "reader-failed"


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = TOKEN.findall(text)
    return Counter(tuple(words[place : place + 4]) for place in range(max(1, len(words) - 3)))


def agreement(expected: str, found: str) -> float:
    """Return F1 over four-token shingles, a CJK character being a token."""
    one, other = shingles(expected), shingles(found)
    return 2 * (one & other).total() / (one.total() + other.total())


def test_shared_wechat_pages_are_read_exactly() -> None:
    manifest = SHARED / "pages" / "manifest.jsonl"
    if not manifest.exists():
        pytest.skip("the shared pages are not here")
    samples = [json.loads(line) for line in manifest.read_text().splitlines()]
    for sample in (each for each in samples if each["set"] == "wx"):
        body = gzip.decompress((manifest.parent / sample["html_file"]).read_bytes())
        reading = read_page(page(body, sample["url"]))

        assert reading.verdict == sample["verdict"], sample["id"]
        if "title" in sample:
            assert reading.article is not None
            assert reading.article.title == sample["title"]
            assert reading.article.source == sample["source"]
            assert (reading.article.published or "").startswith(sample["published"])
        if "text" in sample:
            assert reading.article is not None
            assert agreement(sample["text"], reading.article.text) > 0.98, sample["id"]


def test_shared_pages_of_the_web_are_all_articles() -> None:
    manifest = SHARED / "pages" / "manifest.jsonl"
    if not manifest.exists():
        pytest.skip("the shared pages are not here")
    samples = [json.loads(line) for line in manifest.read_text().splitlines()]
    chosen = [sample for sample in samples if sample["set"] == "sh"]
    scores: list[float] = []
    for sample in chosen:
        reading = read_page(
            page(gzip.decompress((manifest.parent / sample["html_file"]).read_bytes()), sample["url"])
        )
        assert reading.verdict is Verdict.FINE, sample["id"]
        assert reading.article is not None
        scores.append(agreement(sample["text"], reading.article.text))

    assert sum(scores) / len(scores) > 0.94


def test_the_heading_of_a_pasted_text_is_its_title_and_not_in_its_summary() -> None:
    sentences = "The meter counts every joule it sees. " * 3 + "A board then sleeps for a whole year. " * 3
    reading = read_page(page(b"Notes on sleep\n\n" + sentences.encode(), media_type="text/plain"))

    assert reading.article is not None and reading.summary is not None
    assert reading.article.title == "Notes on sleep"
    assert "Notes on sleep" not in reading.summary.text


def test_a_pasted_text_without_a_heading_keeps_its_first_sentence() -> None:
    text = (
        "The meter lies to you.\nIt counts what it sees, and it does not see what the board does at night.\n"
    )
    reading = read_page(page((text * 4).encode(), media_type="text/plain"))

    assert reading.article is not None and reading.article.text.startswith("The meter lies to you.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The meter lies to you. It does not see the night. " * 6, "The meter lies to you."),
        ("芦苇在四块开发板上跑通了。" + "作者说固件已经公开，欢迎试一试。" * 9, "芦苇在四块开发板上跑通了。"),
        ("the meter runs on " * 40, ("the meter runs on " * 40)[:119].rstrip() + "…"),
    ],
)
def test_a_pasted_text_in_one_paragraph_is_called_by_its_first_sentence(text: str, title: str) -> None:
    reading = read_page(page(text.encode(), media_type="text/plain"))

    assert reading.article is not None and reading.article.title == title


def test_a_draft_summary_is_as_long_as_the_desk_wants_it() -> None:
    sentences = "".join(
        f"第{n}种方法把模型的推理速度提高了{n}倍，并且在手机上做了完整的测试。" for n in range(2, 30)
    )
    text = page(("题目\n" + sentences).encode(), media_type="text/plain")

    short = read_page(text, summary_characters=60).summary
    long = read_page(text, summary_characters=250).summary

    assert short is not None and long is not None and len(short.text) < len(long.text)
