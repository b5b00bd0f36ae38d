"""What WeChat shows in an article's place: deleted, moved, taken down, prove that you are human.

The pages answer 200. Their words differ by year, by language (simplified, traditional, English) and by who
asked for the removal, so they are known by what they have in common.
"""

import re

from bot.reading.article import Reading
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources.wechat_script import Served
from bot.reading.verdict import Reason, Verdict

_ACCOUNT = "(?:公众号|公眾號|帐号|账号|帳號|賬號)"
_HAS_BEEN = "account (?:has |was |is )?(?:been )?"
_SAYINGS: tuple[tuple[Verdict, Reason, tuple[str, ...]], ...] = (
    (
        Verdict.VERIFICATION,
        Reason.VERIFICATION_PAGE,
        (
            "环境异常|環境異常|完成验证|完成驗證|验证码|驗證碼",
            "(?:访问|操作|请求|訪問|請求)(?:过于|過於|太)?(?:频繁|頻繁)",
            "environment (?:is )?(?:abnormal|anomal)|abnormal environment",
            "too (?:many|frequent) (?:requests|operations)",
            "(?:requests|operations|visits) (?:are |is )?too frequent|verify (?:to|before) continu",
        ),
    ),
    (
        Verdict.GONE,
        Reason.ACCOUNT_MOVED,
        (_ACCOUNT + "(?:已经|已經)?已?(?:被)?(?:迁移|遷移)", _HAS_BEEN + "(?:migrated|moved|transferred)"),
    ),
    (
        Verdict.GONE,
        Reason.DELETED_BY_AUTHOR,
        (
            "(?:发布者|發布者|發佈者|作者|运营者|運營者|发送者|發送者)(?:自行)?(?:删除|刪除)",
            "(?:deleted|removed) by (?:the |its )?(?:author|publisher|owner|creator|sender|account)",
        ),
    ),
    (
        Verdict.GONE,
        Reason.ACCOUNT_CLOSED,
        (
            _ACCOUNT + ".{0,6}(?:已|被).{0,6}(?:屏蔽|封禁|冻结|凍結|停用|停止使用|注销|註銷|回收|关闭|關閉)",
            _HAS_BEEN
            + "(?:blocked|banned|suspended|frozen|closed|deactivated|cancell?ed|deleted|deregistered)",
        ),
    ),
    (
        Verdict.GONE,
        Reason.REMOVED_BY_PLATFORM,
        (
            "(?:因|涉嫌).{0,20}(?:违规|違規|违反|違反|侵权|侵權).{0,40}(?:无法|無法|不能)",
            "(?:投诉|投訴|审核|審核).{0,40}(?:无法|無法)(?:进行|進行)?查看|被(?:多人)?(?:投诉|投訴)",
            "相关的内容无法进行查看|violat(?:es|ed|ing|ion)|infring(?:es|ed|ing|ement)",
            "(?:due to|received) (?:multiple |many )?complaints",
        ),
    ),
    (
        Verdict.GONE,
        Reason.LINK_EXPIRED,
        (
            "(?:链接|鏈接|連結)(?:已|已经|已經)?(?:过期|過期|失效)",
            "link (?:has |is )?(?:already )?expired",
        ),
    ),
    (
        Verdict.LOGIN,
        Reason.ONLY_IN_WECHAT,
        (
            "在微信(?:客户端|客戶端|中|内|里|手机版)*(?:打开|打開|查看)",
            "open (?:it |this |the )?(?:page |link )?(?:in|with|on) (?:the )?(?:WeChat|Weixin)",
        ),
    ),
    (
        Verdict.GONE,
        Reason.BAD_LINK,
        (
            "(?:参数|參數)(?:错误|錯誤)|链接(?:有误|错误|不正确)|(?:页面|文章)不存在",
            "(?:parameter|argument)s? (?:error|invalid)|(?:invalid|wrong|incorrect) (?:parameter|link)",
        ),
    ),
    (
        Verdict.GONE,
        Reason.UNAVAILABLE,
        (
            "(?:无法|無法|不能)(?:进行|進行)?查看|不可见|(?:系统|系統)(?:出错|出錯|错误|錯誤|繁忙)",
            "unavailable|not available|(?:unable to|cannot|can't) (?:be )?view|system (?:error|busy)",
        ),
    ),
)
_PATTERNS = tuple(
    (re.compile("|".join(words), re.IGNORECASE), verdict, reason) for verdict, reason, words in _SAYINGS
)
_LONGEST_NOTICE = 3000
"""Characters of a page within which its notice stands."""


def placeholder_in(page: HtmlPage, served: Served) -> Reading | None:
    """Name what stands in the article's place, by what the page shows or else what its server filled in.

    The programs on the page are not asked: they hold every sentence that any page may show.
    """
    shown = collapsed(page.text)[:_LONGEST_NOTICE]
    filled_in = " ".join(served.said())[:_LONGEST_NOTICE]
    for words in (shown, filled_in):
        for pattern, verdict, reason in _PATTERNS:
            if pattern.search(words):
                return Reading(verdict, reason)
    return None
