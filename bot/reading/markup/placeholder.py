"""Pages that stand where an article should be: log in, prove you are human, it is gone."""

import re
from collections.abc import Collection, Iterable

from bot.reading.article import Reading
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.verdict import Reason, Verdict

_SHORT = 900
"""Characters of body text under which a page may be a placeholder. An article may speak of captchas."""

_LITTLE = 2_000
"""Characters of the whole page under which it has little but a form."""
_SOME = 40
"""Characters of text that a page with more around it must have to be believed an article."""

_VERIFICATION = re.compile(
    r"verify(ing)? (that )?you are (a )?human|are you a (human|robot)|i'?m not a robot|unusual traffic"
    r"|checking (if the site connection|your browser)|just a moment\.\.\."
    r"|enable javascript and cookies to continue|complete the (security check|captcha)"
    r"|pardon our interruption|attention required! \| cloudflare"
    r"|环境异常|完成验证后即可继续访问|安全验证|人机验证|滑动验证|请完成(下方|以下)?验证"
    r"|访问(过于频繁|验证|异常)|拖动(滑块|下方)|请输入验证码",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(sign|log) ?in to (continue|read|view|see|your account)|(please|you must|you need to) (log|sign) ?in"
    r"|create an account to (continue|read)|subscribe to (continue|keep) reading"
    r"|this (article|content) is for subscribers|members-only"
    r"|登录后(可|才能|即可|查看|阅读|继续)|请(先)?登录|登录(即可|查看|阅读全文|注册)|扫码登录|立即登录"
    r"|会员专享|开通会员|付费(阅读|后)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(page|article|content|post|story|file) (you('re| are) looking for |you requested )?"
    r"(was |is |has been |cannot be |can'?t be |could not be |couldn'?t be )?"
    r"(not found|removed|deleted|found|no longer (exists|available)|unavailable)|\b404\b.{0,20}not found"
    r"|页面(不存在|没有找到|找不到|已删除|走丢|不见)|(文章|内容|帖子|该文)(已被?|不存在|已经)(删除|下架|不存在)"
    r"|您?访问的(页面|内容)(不存在|已)|你似乎来到了没有知识存在的荒原",
    re.IGNORECASE,
)
_SIGN_IN_FIELD = "//input[@type='password']"
_KINDS = {
    _VERIFICATION: (Verdict.VERIFICATION, Reason.VERIFICATION_PAGE),
    _GONE: (Verdict.GONE, Reason.PAGE_SAYS_GONE),
    _LOGIN: (Verdict.LOGIN, Reason.LOGIN_PAGE),
}


def placeholder_in(page: HtmlPage, text: str) -> Reading | None:
    """Say what stands in the article's place, or None where it is an article.

    Only a page with little text is judged by its words, the title before the rest. Half the web's pages have
    a way to log in: a word of it counts in that text, or where next to nothing else is on the page.
    """
    if len(text) >= _SHORT:
        return None
    title = page.document_title
    short = len(text) < _SHORT // 3
    everything = collapsed(page.text) if short else ""
    shown = f"{text}\n{everything[:_SHORT]}"
    found = _said_in((title, shown), (_VERIFICATION, _GONE))
    if found is not None or not short:
        return found
    alone = len(text) < _SOME or len(everything) <= _LITTLE
    if alone and page.tree.xpath(_SIGN_IN_FIELD) and not page.tree.xpath("//article"):
        return Reading(Verdict.LOGIN, Reason.LOGIN_PAGE)
    return _said_in((title, shown if alone else text), (_LOGIN,))


def _said_in(places: Iterable[str], kinds: Collection[re.Pattern[str]]) -> Reading | None:
    for words in places:
        for pattern in kinds:
            if pattern.search(words):
                return Reading(*_KINDS[pattern])
    return None
