"""Pages that stand where an article should be: log in, prove you are human, it is gone."""

import re

from bot.reading.article import Reading
from bot.reading.html_page import HtmlPage, collapsed
from bot.reading.verdict import Verdict

_SHORT = 900
"""Characters of body text under which a page may be a placeholder. An article may speak of captchas."""

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
_KINDS = (
    (_VERIFICATION, Verdict.VERIFICATION, "verification-page"),
    (_GONE, Verdict.GONE, "page-says-gone"),
    (_LOGIN, Verdict.LOGIN, "login-page"),
)


def placeholder_in(page: HtmlPage, text: str) -> Reading | None:
    """Say what stands in the article's place, or None where it is an article.

    Only a page with little text is judged by its words, the title before the rest.
    """
    if len(text) >= _SHORT:
        return None
    title = collapsed("".join(page.tree.xpath("string(//title)")))
    shown = text if len(text) >= _SHORT // 3 else f"{text}\n{_visible_opening(page)}"
    for words in (title, shown):
        for pattern, verdict, reason in _KINDS:
            if pattern.search(words) and _is_all_there_is(verdict, page, text):
                return Reading(verdict, reason)
    if len(text) < _SHORT // 3 and page.tree.xpath(_SIGN_IN_FIELD) and not page.tree.xpath("//article"):
        return Reading(Verdict.LOGIN, "login-page")
    return None


def _is_all_there_is(verdict: Verdict, page: HtmlPage, text: str) -> bool:
    """Doubt a word of logging in, which half the web's pages carry, unless next to nothing else is there."""
    return verdict is not Verdict.LOGIN or len(text) < _SHORT // 3


def _visible_opening(page: HtmlPage) -> str:
    return collapsed(page.tree.text_content())[:_SHORT]
