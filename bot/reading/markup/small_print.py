"""Lines that are the page's and not the article's: its headline again, advertisements, credits, notices."""

import re
from collections.abc import Collection, Iterable, Sequence

_SPACES = re.compile(r"[ \t\xa0\u3000]+")
_EMPTY = re.compile(r"[\s\-–—|*#•·:]*")
_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?)?\s*")
"""What a table's head is underlined with."""
_PUNCTUATION = re.compile(r"[\W_]+")
_OPENING_LINES = 3
"""Where a headline may stand: after a section's name and a date."""

_LABEL = re.compile(
    r"""(?:
      advertisements?|advertising|sponsored(?:\ content)?|anzeige|publicidad|publicité|pubblicità|reklam|iklan
    | реклама|广告|廣告|\(adsbygoogle.*|loading|share|teilen|tweet\ may\ have\ been\ deleted
    | scroll\ to\ continue|(?:story|article)\ continues(?:\ below)?(?:\ advertisement)?
    | leggi\ anche|查看更多|展开全文|阅读全文|收起|举报|分享|打印
    )[\s:：.…]*""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""[\W_]*(?:
      copyright|©|all\ rights\ reserved|版权所有|版權所有|版权声明|著作权|京icp|举报邮箱|举报电话
    | 制作单位|主办单位|责任编辑|責任編輯|责编|(?:编辑|編輯|来源|來源|稿源|审核|校对|监制)\s*[:：]
    | 免责声明|声明[:：]|本文来源|转载请|未经.{0,10}(?:授权|许可|許可)|相关(?:阅读|推荐|文章|新闻)
    | 推荐阅读|延伸阅读|更多(?:精彩|内容)|热门推荐|猜你喜欢|上一篇|下一篇|扫一扫|扫码|关注我们
    | 無断転載|関連記事|あわせて読みたい|おすすめ記事|무단\s?전재|저작권자
    | related(?:\ (?:stories|articles|posts|news|content|topics|reading))?\s*[:：]?\s*$
    | read\ (?:more|next|also)\b|also\ read|see\ also|more\ (?:on|from|stories)\b|don['’]t\ miss
    | (?:tags?|topics?)\s*[:：]|filed\ under|share\ this|follow\ us|sign\ up|subscribe|newsletter
    | click\ here|comments?\b|leave\ a\ (?:comment|reply)|about\ the\ author|thank\ you\b|contact\ us
    | get\ the\ latest|download\ (?:the|our)\ app|originally\ published
    | lesen\ sie\ auch|lees\ ook|lire\ aussi|leer\ también|leggi\ anche|baca\ juga
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_DATE = re.compile(
    r"\d{1,2}:\d{2}|\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|(?<![\d-])\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b"
    r"|\b[^\W\d]{3,9}\.?\s+\d{1,2},?\s+(?:19|20)\d\d"
    r"|\b\d{1,2}\.?\s+(?:de\s+)?[^\W\d]{3,10}\.?\s+(?:de\s+)?(?:19|20)\d\d"
)
_ENDED = re.compile(r"[.!?。！？…:：”」\"]$")
_LONGEST_DATELINE = 100
_LONGEST_NOTICE = 250
_LONGEST_REMAINDER = 90
"""Characters of a line that may follow a notice and be no part of the article."""


def article_lines(text: str, *, titles: Iterable[str], linked: Collection[str]) -> str:
    """Return a text without the lines that are the page's, each line of it trimmed.

    `titles` are what the page is called; a line that says only that is dropped near the beginning. `linked`
    holds the letters of lines that are links to elsewhere on the site.
    """
    lines = [
        line
        for raw in text.splitlines()
        if not _EMPTY.fullmatch(line := _SPACES.sub(" ", raw).strip()) and not _RULE.fullmatch(line)
    ]
    said = [
        line for line in lines if not _LABEL.fullmatch(line.lstrip("- ")) and letters_of(line) not in linked
    ]
    return "\n".join(_without_notices(_without_opening(said or lines, titles)))


def letters_of(text: str) -> str:
    """Return what lines are compared by: letters and digits in one case."""
    return _PUNCTUATION.sub("", text).lower()


def _without_opening(lines: Sequence[str], titles: Iterable[str]) -> Sequence[str]:
    """Drop the headline, once, and the line of date and byline from the first lines; the last line stays."""
    called = {letters_of(title) for title in titles} - {""}
    first = lines[:_OPENING_LINES]
    headline = next((place for place, line in enumerate(first) if letters_of(line) in called), None)
    kept = [line for place, line in enumerate(first) if place != headline and not _is_dateline(line)]
    return [*kept, *lines[_OPENING_LINES:]] or lines


def _is_dateline(line: str) -> bool:
    return len(line) <= _LONGEST_DATELINE and _DATE.search(line) is not None and not _ENDED.search(line)


def _without_notices(lines: Sequence[str]) -> Sequence[str]:
    """Cut the end off from its first notice, where nothing long follows. Half of the lines stay."""
    end = len(lines)
    for place in range(len(lines) - 1, max(0, len(lines) // 2 - 1), -1):
        line = lines[place]
        notice = len(line) <= _LONGEST_NOTICE and _NOTICE.match(line) is not None
        if notice:
            end = place
        elif len(line) > _LONGEST_REMAINDER:
            break
    return lines[:end]
