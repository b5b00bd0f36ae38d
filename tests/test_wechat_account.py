"""An issue put into the drafts of a WeChat account, asked over a real socket."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from bot.config import ConfigError, parse_config
from bot.wechat_draft import LeftOut, send_draft
from bot.wechat_tables import WechatConfig
from bot.wechat_trouble import REASONS, WechatError
from bot.wording import Wording
from renderers.issue_view import IssueView
from renderers.outputs.wechat import articles
from tests.golden_issue import golden_issue, long_issue
from tests.wechat_server import APP_ID, SECRET, WechatServer, wechat_server

ENVIRON = {"APP": APP_ID, "WECHAT_SECRET": SECRET}


@pytest.fixture
async def server() -> AsyncIterator[WechatServer]:
    async with wechat_server() as opened:
        yield opened


@dataclass
class Journal:
    """What a desk's database would hold of a sending."""

    lines: list[str] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    async def parts(self) -> list[str]:
        return list(self.done)

    async def uploads(self) -> dict[str, str]:
        return self.kept

    async def uploaded(self, digest: str, address: str) -> None:
        self.lines.append("uploaded")
        self.kept[digest] = address

    async def trying(self, part: str) -> None:
        self.lines.append(f"trying {part}")

    async def sent(self, part: str, answer: str) -> None:
        self.lines.append(f"sent {part}")
        self.done[part] = answer

    async def settled(self) -> None:
        self.lines.append("settled")


def account(server: WechatServer) -> WechatConfig:
    return WechatConfig(app_id_env="APP", api=server.address, thumb_media_id="cover-1", author="潮汐")


async def refused(server: WechatServer, environ: dict[str, str] | None = None, **changes: str) -> WechatError:
    config = account(server).model_copy(update=changes)
    with pytest.raises(WechatError) as caught:
        await send(config, golden_issue(), environ=environ)
    return caught.value


async def send(
    config: WechatConfig,
    issue: IssueView,
    journal: Journal | None = None,
    *,
    environ: dict[str, str] | None = None,
) -> LeftOut:
    wording, journal = Wording("en"), journal or Journal()
    return await send_draft(config, issue, wording=wording, journal=journal, environ=environ or ENVIRON)


async def test_an_issue_becomes_a_draft_with_author_cover_and_the_way_to_the_original(
    server: WechatServer,
) -> None:
    issue, journal = golden_issue(), Journal()

    await send(account(server), issue, journal)

    assert journal.done == {"draft": "draft-1"}
    assert journal.lines == ["trying draft", "sent draft"]
    [[article]] = server.drafts
    [expected] = articles(issue)
    assert article == {
        "title": expected.title,
        "digest": expected.digest,
        "content": expected.content,
        "author": "潮汐",
        "thumb_media_id": "cover-1",
        "content_source_url": issue.masthead.address,
    }


async def test_each_part_of_a_long_issue_is_an_article_of_one_draft(server: WechatServer) -> None:
    await send(account(server), long_issue())

    [draft] = server.drafts
    assert [article["title"] for article in draft] == [part.title for part in articles(long_issue())]
    assert len(draft) > 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_is_no_longer_good_is_renewed_once(server: WechatServer, code: int) -> None:
    server.refusals = [code]

    await send(account(server), golden_issue())

    assert server.asked == ["token", "draft", "fresh token", "draft"]
    assert len(server.drafts) == 1


async def test_a_token_that_stays_refused_is_told(server: WechatServer) -> None:
    server.refusals = [42001, 42001]

    error = await refused(server)

    assert "fresh one" in str(error)
    assert not server.drafts


@pytest.mark.parametrize("code", sorted({*REASONS, 99999} - {40001, 40014, 42001}))
async def test_every_refusal_is_told_in_plain_words_without_the_secrets(
    server: WechatServer, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.refusals = [code]

    error = await refused(server)

    assert str(error) and SECRET not in str(error) and "token-1" not in str(error)
    assert SECRET not in caplog.text and "token-1" not in caplog.text
    assert error.passing is (code in (-1, 45011, 50002, 88000))
    assert server.asked == ["token", "draft"]


async def test_a_wrong_secret_and_a_server_that_may_not_ask_are_told_apart(server: WechatServer) -> None:
    assert "AppSecret" in str(await refused(server, {"APP": APP_ID, "WECHAT_SECRET": "wrong"}))
    assert "AppID" in str(await refused(server, {"APP": "wrong", "WECHAT_SECRET": SECRET}))
    server.address_allowed = False
    assert "IP list" in str(await refused(server))


async def test_what_is_missing_is_said_before_anything_is_asked(server: WechatServer) -> None:
    assert "WECHAT_SECRET" in str(await refused(server, {"APP": APP_ID}))
    assert "wechat.thumb_media_id" in str(await refused(server, thumb_media_id=""))
    assert server.asked == []


async def test_an_issue_of_more_parts_than_a_draft_holds_is_not_sent(server: WechatServer) -> None:
    issue = long_issue()
    huge = replace(issue, lead="导读。" * 80_000)

    with pytest.raises(WechatError, match="more parts than the 8"):
        await send(account(server), huge)
    assert server.asked == []


@pytest.mark.parametrize("said", [b"<html>busy</html>", b"[]", b"{}", b"x" * 300_000, b"[" * 200_000])
async def test_an_answer_that_is_none_is_told(server: WechatServer, said: bytes) -> None:
    server.answer = said

    assert "makes no sense" in str(await refused(server))


async def test_a_server_that_is_away_is_told_and_may_be_asked_again(server: WechatServer) -> None:
    error = await refused(server, api="http://127.0.0.1:9")

    assert error.passing
    assert "127.0.0.1" not in str(error)


def test_a_secret_written_into_the_config_is_refused_and_not_repeated() -> None:
    section = {"key": "news", "name": "News", "emoji": "⚡"}
    with pytest.raises(ConfigError) as caught:
        parse_config({"desk": {"sections": [section]}, "wechat": {"secret_env": "not-a variable"}})

    assert "wechat.secret_env" in str(caught.value)
    assert "not-a variable" not in str(caught.value)
