"""An issue as a draft in the WeChat public account: nothing is published there; an editor looks and sends it.

The answers' codes are WeChat's (developers.weixin.qq.com, 全局返回码). Token and secret stand in requests
only: no error and no log of ours repeats a request, an address or an answer.
"""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from bot.hearing import SaidError
from bot.wechat_tables import WechatConfig
from bot.wording import Wording
from renderers.issue_view import IssueView
from renderers.outputs.wechat import ARTICLES_LIMIT, Article, article_faults, articles

_SECONDS = 30.0  # for one request; WeChat answers within one
_LARGEST_ANSWER = 256 * 1024
_SOURCE_URL_BYTES = 1024  # of 阅读原文
_TOKEN_GONE = frozenset({40001, 40014, 42001})
_PASSING = frozenset({-1, 45011, 88000, 50002})
"""Codes after which trying again later may help: busy, or asked too fast."""
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


async def add_draft(
    config: WechatConfig,
    issue: IssueView,
    *,
    wording: Wording,
    environ: Mapping[str, str] | None = None,
) -> str:
    """Put an issue into the account's drafts, one article for each part; return the draft's media id.

    Each call makes a new draft, so the caller keeps the id (`Sending.done`) and does not call again. Raises
    WechatError, in the wording's language; then there is no draft, except where the connection broke.
    """
    set_articles = await asyncio.to_thread(articles, issue)
    account = _Account(config, wording, os.environ if environ is None else environ)
    body = account.draft_of(set_articles, issue.masthead.address)
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=_SECONDS), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        try:
            return await account.add(session, body)
        except _RefusedError as refused:
            raise account.error(refused.code) from None


class _RefusedError(Exception):
    """WeChat answered with an error's code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Account:
    """One public account: what is asked of it, and how its refusals read."""

    def __init__(self, config: WechatConfig, wording: Wording, environ: Mapping[str, str]) -> None:
        self._config, self._say, self._environ = config, wording.say, environ

    def draft_of(self, parts: Sequence[Article], source_url: str) -> bytes:
        """Return the body of draft/add; raise WechatError where WeChat would refuse it."""
        if not self._config.thumb_media_id:
            raise WechatError(self._say("wechat_no_cover"))
        if len(parts) > ARTICLES_LIMIT:
            raise WechatError(self._say("wechat_too_many"))
        if found := [fault for part in parts for fault in article_faults(part, author=self._config.author)]:
            raise WechatError(self._say("wechat_not_valid", fault=found[0].message))
        spelled = [self._spelled(part, source_url) for part in parts]
        return json.dumps({"articles": spelled}, ensure_ascii=False).encode("utf-8")  # \uXXXX is shown as is

    def _spelled(self, part: Article, source_url: str) -> dict[str, Any]:
        spelled = {
            "title": part.title,
            "author": self._config.author,
            "digest": part.digest,
            "content": part.content,
            "content_source_url": source_url if len(source_url.encode()) <= _SOURCE_URL_BYTES else "",
            "thumb_media_id": self._config.thumb_media_id,
        }
        return {name: value for name, value in spelled.items() if value}

    async def add(self, session: aiohttp.ClientSession, body: bytes) -> str:
        """Add the draft; where the token is no longer good, once more with a fresh one."""
        token = await self._token(session, fresh=False)
        try:
            return await self._added(session, token, body)
        except _RefusedError as refused:
            if refused.code not in _TOKEN_GONE:
                raise
        return await self._added(session, await self._token(session, fresh=True), body)

    async def _added(self, session: aiohttp.ClientSession, token: str, body: bytes) -> str:
        answer = await self._asked(session, "draft/add", body, {"access_token": token})
        return self._word(answer, "media_id")

    async def _token(self, session: aiohttp.ClientSession, *, fresh: bool) -> str:
        body = {
            "grant_type": "client_credential",
            "appid": self._secret(self._config.app_id_env),
            "secret": self._secret(self._config.secret_env),
            "force_refresh": fresh,
        }
        answer = await self._asked(session, "stable_token", json.dumps(body).encode(), {})
        return self._word(answer, "access_token")

    def _secret(self, variable: str) -> str:
        value = self._environ.get(variable, "").strip()
        if not value:
            raise WechatError(self._say("wechat_no_secret", variable=variable or "wechat.app_id_env"))
        return value

    async def _asked(
        self, session: aiohttp.ClientSession, what: str, body: bytes, query: Mapping[str, str]
    ) -> Mapping[str, Any]:
        """Ask one thing; raise _RefusedError for an error's code, WechatError for no sound answer."""
        try:
            async with session.post(
                f"{self._config.api.rstrip('/')}/cgi-bin/{what}",
                data=body,
                params=query,
                headers={"Content-Type": "application/json; charset=utf-8"},
                allow_redirects=False,
            ) as answer:
                said = json.loads(await _bounded(answer))
        except (aiohttp.ClientError, TimeoutError, OSError):  # their words may hold the address
            raise WechatError(self._say("wechat_unreachable"), passing=True) from None
        except (ValueError, RecursionError):  # no JSON, or one that is nested without end
            raise WechatError(self._say("wechat_strange"), passing=True) from None
        if not isinstance(said, dict):
            raise WechatError(self._say("wechat_strange"), passing=True)
        if isinstance(code := said.get("errcode", 0), int) and code:
            raise _RefusedError(code)
        return said

    def _word(self, answer: Mapping[str, Any], name: str) -> str:
        word = answer.get(name)
        if not isinstance(word, str) or not word:
            raise WechatError(self._say("wechat_strange"))
        return word

    def error(self, code: int) -> WechatError:
        """Put a code into words."""
        return WechatError(
            self._say(f"wechat_{REASONS.get(code, 'other')}", code=code), passing=code in _PASSING
        )


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    """Read an answer; raise ValueError for one that is too long to be WeChat's."""
    body = bytearray()
    async for chunk in answer.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise ValueError("answer too long")
    return bytes(body)
