"""Issues of any size whose every word may be a stranger's."""

from hypothesis import strategies as st

from renderers.issue_view import IssueView, Masthead, PictureView, SectionView, StoryView
from tests.hostile_words import HTML, LIQUID, MARKS, PROSE

CHAT = [
    "@everyone",
    "@here",
    "<@1>",
    "<#1>",
    "/start",
    "tg://user?id=1",
    "@name",
    "t.me/x",
    "<t:1:R>",
    ":smile:",
]
MARKDOWN = [
    "\n\n- a\n    1. b\n",
    "\n3. three\n",
    "\n\n> q\n",
    "\n---\n",
    "\n\n    code <b>\n",
    "**@**name",
    "[@](https://e.test/@everyone)here",
    "[a **b** c](https://e.test/a?b=1&c=2)",
    "[w](https://mp.weixin.qq.com/s/abc)",
    "[x](javascript:alert(1))",
    "https://e.test/é。后",
    "  \n",
]
TYPST = ['#eval("1")', "$x$", "#import", "<label>", "@ref", "\\u{41}", "*/"]
ADDRESSES = [
    "",
    "https://mp.weixin.qq.com/s/abc",
    "https://e.test/a?b=1&c=2",
    "http://mp.weixin.qq.com.evil.test/",
    "https://e.test/" + "&" * 1900,
]
words = st.lists(
    st.sampled_from([*MARKS, *PROSE, *LIQUID, *HTML, *CHAT, *MARKDOWN, *TYPST]) | st.text(max_size=4),
    max_size=12,
).map("".join)
addresses = st.sampled_from(ADDRESSES)
pictures = st.builds(PictureView, words, addresses, words)
stories = st.builds(
    StoryView,
    title=words,
    source=words,
    url=addresses,
    summary=words,
    tags=st.lists(words, max_size=2).map(tuple),
    meta=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    pictures=st.lists(pictures, max_size=1).map(tuple),
)
sections = st.builds(SectionView, st.just("key"), words, st.lists(stories, min_size=1, max_size=4).map(tuple))
mastheads = st.builds(Masthead, words, words, st.sampled_from(["en", "zh-CN"]), addresses, addresses)
issues = st.builds(
    IssueView,
    masthead=mastheads,
    title=words,
    date=st.sampled_from(["", "2026-03-10"]),
    lead=words,
    shorts=st.lists(words, max_size=3).map(tuple),
    sections=st.lists(sections, max_size=4).map(tuple),
)


@st.composite
def large_issues(draw: st.DrawFn) -> IssueView:
    """Issues of up to 300 stories, each some words longer than the one before."""
    issue = draw(issues)
    count = draw(st.integers(1, 300))
    length = draw(st.integers(1, 12))
    said = draw(words) or "x"
    kinds = draw(st.lists(stories, min_size=1, max_size=3))
    made = [
        StoryView(
            kinds[i % len(kinds)].title + str(i), "s", f"https://e.test/{i}", said * (i * length // 100)
        )
        for i in range(count)
    ]
    cut = draw(st.integers(1, count))
    parts = (tuple(made[:cut]), tuple(made[cut:]))
    found = tuple(SectionView(f"s{i}", said, part) for i, part in enumerate(parts) if part)
    return IssueView(issue.masthead, issue.title, issue.date, said * length, issue.shorts * 9, found)
