"""A released issue goes out by each channel once, whatever breaks or is killed on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import select

from bot.channel_dispatch import Dispatch
from bot.channel_tables import AnnounceConfig
from bot.channels import order_sendings
from bot.config import Config, parse_config
from bot.errors import DeskError
from bot.newsroom import Newsroom
from bot.output_tables import EmailConfig
from bot.reading.workers import ReadingWorkers
from bot.wechat_tables import WechatConfig
from storage.event_records import Delivery
from storage.issue_records import Issue
from storage.people_records import Role
from storage.sendings import note_sent, note_try, sending_of
from tests.fakes.newsroom import git, signed_in, tables_of
from tests.publishing import OUTSIDE, PublishingDesk, config_of
from tests.test_pictures import site
from tests.web_desk import free_port
from tests.wechat_server import APP_ID, SECRET, STALL, WechatServer, drawing, wechat_server

ADA, BEN = "ada@site.test", "ben@site.test"


class Readers:
    """A mail server that keeps what it takes, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.mail: list[tuple[str, bytes]] = []
        self.refused: set[str] = set()
        self.breaks_at: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such reader"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if self.breaks_at & {*envelope.rcpt_tos}:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "451 broken"
        self.mail += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 taken"

    @property
    def who(self) -> list[str]:
        return [address for address, _ in self.mail]


class ChannelDesk(PublishingDesk):
    """A desk that sends what is asked for, in this process."""

    workers: ReadingWorkers

    async def _run(self, errand: str, workflow: str, arguments: list[str]) -> None:
        if workflow != "send":
            await PublishingDesk._run(self, errand, workflow, arguments)
            return
        await self.send_errand(errand, int(arguments[0]), arguments[1])

    async def send_errand(self, errand: str, issue_id: int, channel: str) -> None:
        """Do what the workflow does."""
        dispatch = Dispatch(self.press, self.workers)
        try:
            result = await dispatch.send(errand, issue_id, channel)
        except DeskError as trouble:
            await dispatch.report.failed(errand, issue_id, channel, trouble)
        else:
            await dispatch.report.sent(errand, issue_id, channel, result)

    async def release(self) -> int:
        """Release the drafted issue, as far as the channels are concerned; return its id."""
        async with self.database.transaction() as session:
            issue = (await session.scalars(select(Issue).where(Issue.path.is_not(None)))).one()
            issue.released_at = self.clock()
            await order_sendings(session, self.desk.settings, issue, self.clock())
            return issue.id

    async def said(self) -> list[str]:
        """Return what was said without being asked, in order."""
        async with self.database.reading() as session:
            rows = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
        return [
            row.payload["text"] for row in rows if row.kind != "react" and not row.payload.get("reply_to")
        ]


@asynccontextmanager
async def desk_with(tmp_path: Path, *, database: str = "", **tables: Any) -> AsyncIterator[ChannelDesk]:
    config: Config = config_of(tmp_path, language="en").model_copy(update=tables)
    if database:
        newsroom = config.newsroom.model_copy(update={"database": database})
        config = config.model_copy(update={"newsroom": newsroom})
    desk = ChannelDesk(config)
    desk.workers = ReadingWorkers(processes=1)  # no process starts before the first picture
    await desk.open()
    try:
        await desk.pitch(
            "lin", "https://site.test/1", section="news", title="Reeds", source="Marsh", summary="S."
        )
        await desk.say("editor", "/publish 2020-05-15")
        yield desk
    finally:
        await desk.close()
        await desk.workers.close()


def email(port: int) -> EmailConfig:
    return EmailConfig(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="desk@site.test",
        recipients=(ADA, BEN),
        seconds=5,
    )


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def readers(port: int) -> Any:
    found = Readers()
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    yield found
    controller.stop()


async def test_an_announcement_is_said_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    async with desk_with(tmp_path, announce=AnnounceConfig(rooms=("web",))) as desk:
        issue = await desk.release()
        await desk.run_errands()
        await desk.release()
        await desk.run_errands()
        await desk.send_errand("send:again", issue, "web")

        [text] = [said for said in await desk.said() if "is out" in said]
        assert "Reeds" in text
        assert f"/issues/{issue}" in text


async def test_each_reader_gets_one_e_mail_though_the_step_runs_twice(
    tmp_path: Path, port: int, readers: Readers
) -> None:
    async with desk_with(tmp_path, email=email(port)) as desk:
        issue = await desk.release()
        await desk.run_errands()
        await desk.send_errand("send:1:email:first", issue, "email")

        assert readers.who == [ADA, BEN]
        assert [said for said in await desk.said() if "e-mail" in said] == [
            "The issue of 2020-05-15 went out by e-mail, to 2."
        ]


async def test_killed_between_two_readers_it_goes_on_with_the_second(
    tmp_path: Path, port: int, readers: Readers, database_url: str
) -> None:
    async with desk_with(tmp_path, database=database_url, email=email(port)) as desk:
        issue = await desk.release()
        async with desk.database.transaction() as session:
            note_sent(await sending_of(session, issue, "email"), ADA, "250 taken")
        await desk.run_errands()

        assert readers.who == [BEN]
        assert "email: sent" in await desk.say("editor", "/send")


async def test_killed_in_the_middle_of_a_message_the_editors_decide(
    tmp_path: Path, port: int, readers: Readers
) -> None:
    async with desk_with(tmp_path, email=email(port)) as desk:
        issue = await desk.release()
        async with desk.database.transaction() as session:
            note_try(await sending_of(session, issue, "email"), ADA)
        await desk.run_errands()

        assert readers.who == []
        [told] = [said for said in await desk.said() if ADA in said]
        assert "may have gone out, or not" in told and "/send email" in told

        await desk.say("editor", "/send email")
        assert readers.who == [ADA, BEN]


async def test_a_reader_at_whose_message_the_server_broke_off_is_named_as_in_doubt(
    tmp_path: Path, port: int, readers: Readers
) -> None:
    readers.breaks_at = {BEN}
    async with desk_with(tmp_path, email=email(port)) as desk:
        await desk.release()
        await desk.run_errands()

        assert readers.who == [ADA]
        [told] = [said for said in await desk.said() if "has not gone out by email" in said]
        assert f"{BEN} may have it, or not" in told and f"writes to {BEN} once more" in told

        readers.breaks_at = set()
        await desk.say("editor", "/send email")
        assert readers.who == [ADA, BEN]


async def test_a_server_that_is_away_is_told_of_once_and_stops_no_other(tmp_path: Path, port: int) -> None:
    tables: dict[str, Any] = {"announce": AnnounceConfig(rooms=("web",)), "email": email(port)}
    async with desk_with(tmp_path, **tables) as desk:
        issue = await desk.release()
        await desk.run_errands()
        await desk.send_errand(f"send:{issue}:email:first", issue, "email")

        said = await desk.said()
        assert len([text for text in said if "has not gone out by email" in text]) == 1
        assert len([text for text in said if "is out. Stories" in text]) == 1
        listing = await desk.say("editor", "/send")
        assert "email: failed" in listing and listing.count("/send email") == 1
        assert "web: waiting" in listing

        found = Readers()
        controller = Controller(found, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            await desk.say("editor", "/send email")
        finally:
            controller.stop()
        assert found.who == [ADA, BEN]
        assert "email: sent" in await desk.say("editor", "/send")


async def test_a_refused_reader_is_named_and_the_others_get_theirs(
    tmp_path: Path, port: int, readers: Readers
) -> None:
    readers.refused = {ADA}
    async with desk_with(tmp_path, email=email(port)) as desk:
        await desk.release()
        await desk.run_errands()
        assert readers.who == [BEN]
        assert any(f"refused: {ADA} (550 no such reader)" in said for said in await desk.said())

        readers.refused = set()
        await desk.say("editor", "/send email")
        assert readers.who == [BEN, ADA]


def account(server: WechatServer, monkeypatch: pytest.MonkeyPatch) -> WechatConfig:
    monkeypatch.setenv("WX_ID", APP_ID)
    monkeypatch.setenv("WX_SECRET", SECRET)
    return WechatConfig(
        app_id_env="WX_ID", secret_env="WX_SECRET", api=server.address, thumb_media_id="cover"
    )


async def test_wechat_gets_one_draft_and_a_doubtful_one_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        wechat_server() as server,
        desk_with(tmp_path, wechat=account(server, monkeypatch)) as desk,
    ):
        issue = await desk.release()
        await desk.run_errands()
        await desk.send_errand("send:twice", issue, "wechat")
        assert len(server.drafts) == 1
        assert any("is in WeChat's drafts" in said for said in await desk.said())

        async with desk.database.transaction() as session:
            sending = await sending_of(session, issue, "wechat")
            sending.sent_at, sending.done = None, {"tried": "draft", "sent": {}}
        await desk.send_errand("send:doubt", issue, "wechat")
        assert len(server.drafts) == 1
        assert any("the draft: it may have gone out" in said for said in await desk.said())


async def test_what_was_taken_back_meanwhile_does_not_go_out(
    tmp_path: Path, port: int, readers: Readers
) -> None:
    async with desk_with(tmp_path, email=email(port)) as desk:
        issue = await desk.release()
        async with desk.database.transaction() as session:
            (await session.get_one(Issue, issue)).released_at = None
        await desk.run_errands()

        assert readers.who == []
        assert any("taken back meanwhile" in said for said in await desk.said())


async def test_only_an_editor_sends_and_only_what_there_is(tmp_path: Path) -> None:
    async with desk_with(tmp_path, announce=AnnounceConfig(rooms=("web",))) as desk:
        assert "No issue is released yet" in await desk.say("editor", "/send")
        await desk.release()
        await desk.run_errands()

        assert "editor" in await desk.say("lin", "/send web")
        assert "There is no channel pigeon. Known here: web." in await desk.say("editor", "/send pigeon")
        assert "/send web again" in await desk.say("editor", "/send web")
        assert "goes out by web now" in await desk.say("editor", "/send web again")
        assert len([text for text in await desk.said() if "is out. Stories" in text]) == 2


@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_rooms_on_platforms_get_messages_as_their_renderer_sets_them(
    tmp_path: Path, platform: str
) -> None:
    place = {"chat": -100} if platform == "telegram" else {"channel": 7}
    tables = {platform: {"rooms": [{"name": "lounge", **place}]}, "announce": {"rooms": ["lounge"]}}
    spelled = config_of(tmp_path, language="en").model_dump(exclude_unset=True)
    config = Config.model_validate({**spelled, **tables})
    async with desk_with(tmp_path, **{key: getattr(config, key) for key in (platform, "announce")}) as desk:
        await desk.release()
        await desk.run_errands()

        async with desk.database.reading() as session:
            [order] = (await session.scalars(select(Delivery).where(Delivery.room == "lounge"))).all()
        ready = order.payload["ready"]
        if platform == "telegram":
            assert ready["link_preview_options"] == {"is_disabled": True}
            assert "<b>" in ready["text"] and "Reeds" in ready["text"]
        else:
            assert ready["allowed_mentions"] == {"parse": []}
            assert "Reeds" in ready["embeds"][0]["description"]


@pytest.mark.parametrize("name", ["email", "wechat"])
def test_a_room_is_not_called_as_another_channel(tmp_path: Path, name: str) -> None:
    spelled = config_of(tmp_path).model_dump(exclude_unset=True)

    with pytest.raises(ValueError, match=f"a room is called '{name}'"):
        Config.model_validate({**spelled, "telegram": {"rooms": [{"name": name, "chat": -1}]}})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_story_with_a_picture_is_released_and_announced_by_a_whole_newsroom(
    tmp_path: Path, database_url: str
) -> None:
    async with site() as found:
        tables = tables_of(tmp_path, database_url, f"127.0.0.1:{found.port}")
        config = parse_config({**tables, "announce": {"rooms": ["web"]}})
        async with Newsroom(config), signed_in(config, "nora", Role.EDITOR) as nora:
            await nora.say(f"{found.address}/article")
            card = await nora.card_of(f"{found.address}/article")
            await nora.ask("/amend 1 title Reeds that count the tides")
            await nora.react(card["id"], "⚡")
            await nora.until(
                lambda: nora.messages[card["id"]]["card"]["state"] == "slate", "the card redrawn"
            )
            assert "#1 has a picture now" in await nora.ask("/picture 1")
            await nora.ask("/publish 2020-05-15")
            await nora.ask("/release 2020-05-15")
            await nora.ask("/release 2020-05-15 anyway")
            await nora.until(
                lambda: any("is out. Stories: 1" in m["text"] for m in nora.messages.values()), "the news"
            )

            assert "web: sent" in await nora.ask("/send")
    assert "issues/pictures/" in git(config, "ls-tree", "-r", "--name-only", "main")


@asynccontextmanager
async def desk_with_pictures(
    tmp_path: Path, database: str, wechat: WechatConfig
) -> AsyncIterator[tuple[ChannelDesk, int]]:
    """A desk whose issue names two pictures, one that is no picture, and one that is not there."""
    issue = "embedded-ai-report/2020-05-15.md"
    async with desk_with(tmp_path, database=database, wechat=wechat) as desk:
        written = await desk.file(issue)
        named = "\n".join(f"![© {name}](pictures/{name})" for name in ("a.png", "b.png", "c.png", "d.png"))
        files: dict[str, bytes | None] = {
            issue: written.replace(b"S.  \n", f"S.  \n{named}\n".encode()),
            "embedded-ai-report/pictures/a.png": drawing("red"),
            "embedded-ai-report/pictures/b.png": drawing("blue"),
            "embedded-ai-report/pictures/c.png": b"no picture",
        }

        async def all_of_them(_: object) -> dict[str, bytes | None]:
            return files

        await desk.repo.commit(
            all_of_them, message="Add pictures", author=OUTSIDE, when=desk.now, publish_id="by-hand"
        )
        yield desk, await desk.release()


async def test_killed_between_two_pictures_or_after_the_draft_wechat_gets_nothing_twice(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        wechat_server() as server,
        desk_with_pictures(tmp_path, database_url, account(server, monkeypatch)) as (desk, issue),
    ):
        server.picture_refusals = [0, STALL]
        sending = asyncio.create_task(desk.send_errand("send:killed", issue, "wechat"))
        await asyncio.wait_for(server.stalled.wait(), 30)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        server.picture_refusals = [45009]
        await desk.run_errands()
        assert (len(server.pictures), server.drafts) == (1, [])
        assert "used up its calls for today" in (await desk.said())[-1]

        server.picture_refusals = [40009]
        await desk.say("editor", "/send wechat")
        [told] = [said for said in await desk.said() if "is in WeChat's drafts" in said]
        assert "WeChat refused 1 of its pictures" in told
        assert "Left out: 2 of its pictures" in told and told.endswith("below: “Reeds”.")
        assert (len(server.pictures), len(server.shown)) == (1, 1)

        async with desk.database.transaction() as session:  # as if killed before that was told
            (await sending_of(session, issue, "wechat")).sent_at = None
        await desk.send_errand("send:killed-again", issue, "wechat")
        assert len(server.drafts) == 1
        assert (await desk.said())[-1] == told

        assert "goes out by wechat now" in await desk.say("editor", "/send wechat again")
        assert (len(server.drafts), len(server.pictures), len(server.shown)) == (2, 2, 2)
        assert "WeChat refused" not in (await desk.said())[-1]
