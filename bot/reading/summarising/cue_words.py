"""The words by which a sentence says that it sums an article up, or that it is none of its matter."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CueWords:
    """A language's cues, for a sentence in small letters with a blank before it.

    So a word can be looked for by the blank before it, five times as fast as by a word boundary.
    """

    about: re.Pattern[str]
    """"This post is about …"."""
    announces: re.Pattern[str]
    """"We present …", "X was released"."""
    leans_back: re.Pattern[str]
    """Begins as if something stood before it: "However, …"."""
    points_away: re.Pattern[str]
    """Speaks of a picture or table, which is not printed with it."""
    greets: re.Pattern[str]
    """Begins by greeting, or with who is speaking."""
    furniture: re.Pattern[str]
    """Asks to follow, names author or licence: not what the article says."""


_ADDRESS = r"https?://|www\."

CHINESE = CueWords(
    about=re.compile(
        r"本(?:文|篇|教程|指南|系列|次分享|次演讲|記事|稿)|这篇(?:文章|博客)|文章(?:将|主要|介绍)"
        r"|今天(?:我们|就|给|为)|この記事|這篇文章"
    ),
    announces=re.compile(
        r"(?:我们|作者|团队|研究者|研究人员|研究)(?:提出|发布|推出|开源|介绍|设计|实现)"
        r"|(?:宣布|正式)(?:发布|推出|开源|上线)|旨在|(?:开源|发布|推出)了"
        r"|将会?(?:介绍|分享|讨论|为大家|详细|带)|主要(?:介绍|包括|内容|讲)|[为给带与](?:大家|你)?(?:介绍|带来|分享)"
        r"|我們提出|(?:開源|發布|推出)了|を(?:紹介|発表|公開|提案)"
    ),
    leans_back=re.compile(
        r" (?:但是?|不过|然而|因此|所以|此外|另外|同时|而且|并且|这[样时种些个就也是]?|那么|其中|例如|比如"
        r"|如[图下上]|上面|以上|接下来|它们?|他们?|她们?|首先|其次|最后|当然|于是|而|但し|しかし|また|そして)"
    ),
    points_away=re.compile(r"如[下上]?[图表圖]|[上下][图圖]|见[图表]|下面的|如下"),
    greets=re.compile(
        r".{0,11}(?:大家好|你好|哈喽|嗨|朋友们)| (?:大家|各位).{0,6}好| 我是.{1,12}[。！，]| hello| hi\b"
    ),
    furniture=re.compile(
        _ADDRESS
        + r"|公众号|扫码|二维码|关注我们|点击(?:下方|上方|阅读|蓝字|关注|查看|这里)|阅读原文|长按|转载"
        r"|投稿|点赞|在看|订阅|版权|原文链接|参考(?:文献|资料)|欢迎(?:加入|关注|留言)|整理自|首发于|微信群|加群"
        r"|\A (?:作者|编辑|来源|译者|责编|排版|文|图|译|校对|链接|地址)\s?[|｜/／:：]"
    ),
)
ENGLISH = CueWords(
    about=re.compile(
        r" (?:this|today's|the following) "
        r"(?:post|article|paper|blog|tutorial|guide|series|work|report|study|survey)\b"
    ),
    announces=re.compile(
        r" (?:(?:we|i) (?:\w+ )?(?:present|propose|introduce|show|release|announce|describe|develop"
        r"|demonstrate|explore|study|investigate|find|explain|discuss|share)\b|announc|introduc(?:es|ing)\b"
        r"|our (?:results|approach|method)\b)"
    ),
    leans_back=re.compile(
        r" (?:but|however|so|therefore|thus|moreover|also|and|this|these|that|those|it|they|he|she"
        r"|for example|for instance|such|then|first|second|finally|in addition|as shown)\b"
    ),
    points_away=re.compile(r" (?:figure|fig\.|table|listing|below|above|diagram|screenshot)"),
    greets=re.compile(r" (?:hello|hi|hey|welcome|dear|greetings|good (?:morning|evening|afternoon))\b"),
    furniture=re.compile(
        _ADDRESS
        + r"| (?:click here|read more|see also|subscribe|follow us|sign up|share this|all rights reserved"
        r"|photo by|photograph by|image (?:via|credit|source)|related(?: articles?| posts?)?:|advertisement"
        r"|getty images|copyright|originally published|scroll down|last updated|posted (?:on|by))\b"
        r"|\A (?:by|authors?|editors?)\b:? \w+(?: \w+)?\Z"
    ),
)
