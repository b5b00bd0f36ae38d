"""What a WeChat public account refuses, in words for the people of a desk.

The codes are WeChat's (developers.weixin.qq.com, 全局返回码).
"""

from bot.hearing import SaidError
from bot.wording import Wording

TOKEN_GONE = frozenset({40001, 40014, 42001})
"""The access token is no longer good; a fresh one may be."""
_PASSING = frozenset({-1, 45011, 88000, 50002})
"""Codes after which trying again later may help: busy, or asked too fast."""
UPLOAD_STOPS = _PASSING | {45009}
"""Codes that say nothing of a picture, but that the account may upload none just now."""
REASONS = {
    -1: "busy",
    40001: "token",
    40007: "cover",
    40013: "app_id",
    40014: "token",
    40125: "secret",
    40164: "address",
    40243: "secret_frozen",
    42001: "token",
    45002: "too_long",
    45003: "too_long",
    45004: "too_long",
    45008: "too_many",
    45009: "daily_limit",
    45011: "busy",
    45110: "author",
    45166: "content",
    48001: "no_right",
    53402: "cover_cut",
    89503: "address_asked",
    89506: "address_asked",
    89507: "address_asked",
}
"""What WeChat's codes mean; each has a sentence `wechat_…`, as has `other`."""


class WechatError(SaidError):
    """WeChat did not take the draft; the sentence says why, and what to do.

    `passing` says whether the same request may succeed a little later without anybody's doing.
    """

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing


class UploadStoppedError(WechatError):
    """WeChat takes no picture just now. No draft was asked for, so that trying again does no harm."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, passing=True)


class RefusedError(Exception):
    """WeChat answered with an error's code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def trouble_of(code: int, wording: Wording) -> WechatError:
    """Put a code into words."""
    said = wording.say(f"wechat_{REASONS.get(code, 'other')}", code=code)
    return WechatError(said, passing=code in _PASSING)
