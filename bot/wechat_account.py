"""What is asked of a WeChat public account: a token, that it keeps a picture, that it adds a draft.

Token and secret stand in requests only: no error and no log of ours repeats a request, an address or an
answer.
"""

import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.wechat_tables import WechatConfig
from bot.wechat_trouble import (
    TOKEN_GONE,
    UPLOAD_STOPS,
    RefusedError,
    UploadStoppedError,
    WechatError,
    trouble_of,
)
from bot.wording import Wording
from renderers.issue_view import PictureImage
from renderers.outputs.wechat_html import picture_address

_SECONDS = 30.0  # for one request; WeChat answers within one
_LARGEST_ANSWER = 256 * 1024
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}  # WeChat goes by the file's name, too
log = logging.getLogger(__name__)


class WechatAccount:
    """One public account, for as long as an issue is given to it."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        config: WechatConfig,
        wording: Wording,
        environ: Mapping[str, str],
    ) -> None:
        self._session, self._config, self._wording, self._environ = session, config, wording, environ
        self._token = ""

    async def add_draft(self, body: bytes) -> str:
        """Add a draft, and return its media id. Each call makes a new one.

        Raises WechatError; then there is no draft, except where the connection broke.
        """
        try:
            answer = await self._with_token(lambda query: self._asked("draft/add", body, query, _JSON))
        except RefusedError as refused:
            raise trouble_of(refused.code, self._wording) from None
        return self._word(answer, "media_id")

    async def keep_picture(self, name: str, image: PictureImage) -> str:
        """Upload a picture, and return the https address at which WeChat keeps it; empty where it refuses.

        It takes JPEG and PNG of less than 1 MB (developers.weixin.qq.com, media/uploadimg). Raises
        UploadStoppedError where it may take the picture later, WechatError where it takes none at all.
        """

        def ask(query: Mapping[str, str]) -> Awaitable[Mapping[str, Any]]:
            form = (
                aiohttp.FormData()
            )  # with its length: WeChat finds no picture in a body that comes in chunks
            ending = _ENDINGS[image.media_type]
            form.add_field("media", image.data, filename=f"{name}.{ending}", content_type=image.media_type)
            return self._asked("media/uploadimg", form, query, {})

        try:
            answer = await self._with_token(ask)
        except RefusedError as refused:
            return self._refused(refused.code)
        except WechatError as trouble:
            if trouble.passing:
                raise UploadStoppedError(self._wording.say("wechat_upload_stopped")) from None
            raise
        address = picture_address(answer.get("url"))
        if not address:
            log.warning("wechat keeps a picture where no article shows it")
        return address

    def _refused(self, code: int) -> str:
        """Return no address for a code that is about the picture; raise what is about the account."""
        trouble = trouble_of(code, self._wording)
        if code in UPLOAD_STOPS:
            raise UploadStoppedError(str(trouble))
        if code in TOKEN_GONE:
            raise trouble
        log.warning("wechat refuses a picture", extra={"code": code})
        return ""

    async def _with_token(
        self, ask: Callable[[Mapping[str, str]], Awaitable[Mapping[str, Any]]]
    ) -> Mapping[str, Any]:
        """Ask with the account's token; where that is no longer good, once more with a fresh one."""
        self._token = self._token or await self._new_token(fresh=False)
        try:
            return await ask({"access_token": self._token})
        except RefusedError as refused:
            if refused.code not in TOKEN_GONE:
                raise
        self._token = await self._new_token(fresh=True)
        return await ask({"access_token": self._token})

    async def _new_token(self, *, fresh: bool) -> str:
        body = {
            "grant_type": "client_credential",
            "appid": self._secret(self._config.app_id_env),
            "secret": self._secret(self._config.secret_env),
            "force_refresh": fresh,
        }
        try:
            answer = await self._asked("stable_token", json.dumps(body).encode(), {}, _JSON)
        except RefusedError as refused:
            raise trouble_of(refused.code, self._wording) from None
        return self._word(answer, "access_token")

    def _secret(self, variable: str) -> str:
        value = self._environ.get(variable, "").strip()
        if not value:
            named = variable or "wechat.app_id_env"
            raise WechatError(self._wording.say("wechat_no_secret", variable=named))
        return value

    async def _asked(
        self, what: str, body: bytes | aiohttp.FormData, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Mapping[str, Any]:
        """Ask one thing; raise RefusedError for an error's code, WechatError for no sound answer."""
        address = f"{self._config.api.rstrip('/')}/cgi-bin/{what}"
        try:
            async with self._session.post(
                address, data=body, params=query, headers=headers, allow_redirects=False
            ) as answer:
                said = json.loads(await _bounded(answer))
        except (aiohttp.ClientError, TimeoutError, OSError):  # their words may hold the address
            raise WechatError(self._wording.say("wechat_unreachable"), passing=True) from None
        except (ValueError, RecursionError):  # no JSON, or one that is nested without end
            raise WechatError(self._wording.say("wechat_strange"), passing=True) from None
        if not isinstance(said, dict):
            raise WechatError(self._wording.say("wechat_strange"), passing=True)
        if isinstance(code := said.get("errcode", 0), int) and code:
            raise RefusedError(code)
        return said

    def _word(self, answer: Mapping[str, Any], name: str) -> str:
        word = answer.get(name)
        if not isinstance(word, str) or not word:
            raise WechatError(self._wording.say("wechat_strange"))
        return word


@asynccontextmanager
async def opened_account(
    config: WechatConfig, wording: Wording, environ: Mapping[str, str] | None = None
) -> AsyncIterator[WechatAccount]:
    """Open the way to an account; nothing is asked yet."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield WechatAccount(session, config, wording, os.environ if environ is None else environ)


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    """Read an answer; raise ValueError for one that is too long to be WeChat's."""
    body = bytearray()
    async for chunk in answer.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise ValueError("answer too long")
    return bytes(body)
