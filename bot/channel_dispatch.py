"""Sending a released issue by one channel.

What is about to be sent is written down before, what came of it after: a dispatch that was interrupted goes
on behind what is known to be sent. A part that was begun and never ended may have gone out or not: nobody
here can know, so the editors are told, and one of them decides.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.announcing import announcements
from bot.channel_report import ChannelReport
from bot.channel_tables import EMAIL, WECHAT
from bot.config_tables import WEB_ROOM
from bot.hearing import DeskSettings, SaidError
from bot.issue_shelf import issue_view_by_id
from bot.mail import MailError, RefusedRecipient, send_issue
from bot.mail_trouble import mail_sentence
from bot.press import Press
from bot.reading.workers import ReadingWorkers
from bot.wechat_draft import DRAFT, send_draft
from renderers.issue_view import IssueView
from renderers.outputs.output import CannotRenderError, InvalidOutputError
from storage.database import Database
from storage.issues import issue_by_id
from storage.outbox import order_delivery
from storage.sendings import (
    note_sent,
    note_try,
    note_upload,
    part_in_doubt,
    parts_sent,
    sending_of,
    uploads,
)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Sends issues to readers; the workers open the pictures that go along."""

    press: Press
    workers: ReadingWorkers

    @property
    def database(self) -> Database:
        """Return the desk's memory."""
        return self.press.database

    @property
    def settings(self) -> DeskSettings:
        """Return the desk's rules and voice."""
        return self.press.settings

    @property
    def report(self) -> ChannelReport:
        """Return what writes down and says how it went."""
        return ChannelReport(self.database, self.settings, self.press.clock)

    async def send(self, errand: str, issue_id: int, channel: str) -> dict[str, Any]:
        """Send an issue by a channel, leaving out what was sent before; return what to tell, as JSON.

        Raises DeskError, in the room's words, where it does not go out; UploadStoppedError where another try
        may go on.
        """
        notebook = _Notebook(self.database, issue_id, channel)
        if await notebook.is_over():
            return {"over": True}
        if (part := await notebook.in_doubt()) is not None:
            raise self._problem("channel_doubt", channel, part=self._shown(part))
        workers = self.workers if channel == WECHAT else None
        view = await issue_view_by_id(self.press, issue_id, workers=workers)
        if not await notebook.is_released():
            raise self._problem("channel_unreleased", channel)
        try:
            if channel == EMAIL:
                return await self._mail(view, notebook)
            if channel == WECHAT:
                return await self._draft(view, notebook)
            return await self._announce(errand, channel, view, notebook)
        except (InvalidOutputError, CannotRenderError) as unfit:
            raise self._problem("channel_unfit", channel, fault=str(unfit)) from unfit

    async def _mail(self, view: IssueView, notebook: "_Notebook") -> dict[str, Any]:
        config = self.settings.config.email
        if config is None:
            raise self._problem("channel_gone", EMAIL)
        password = os.environ.get(config.password_env, "") if config.password_env else ""
        if config.password_env and not password:
            raise self._problem("channel_no_secret", EMAIL, variable=config.password_env)
        done = await notebook.parts()
        try:
            report = await send_issue(
                config, password, view, done=done, now=self.press.clock(), journal=notebook
            )
        except MailError as trouble:
            doubt = await notebook.in_doubt() if trouble.in_doubt else None
            raise SaidError(mail_sentence(trouble, self.settings.wording, doubt)) from trouble
        return {
            "sent": len(await notebook.parts()),
            "refused": [f"{one.address} ({one.answer})" for one in report.refused],
        }

    async def _draft(self, view: IssueView, notebook: "_Notebook") -> dict[str, Any]:
        settings = self.settings
        left_out = await send_draft(settings.config.wechat, view, wording=settings.wording, journal=notebook)
        return {"not_kept": list(left_out.refused), "no_file": list(left_out.missing)}

    async def _announce(
        self, errand: str, room: str, view: IssueView, notebook: "_Notebook"
    ) -> dict[str, Any]:
        """Hand the messages to the room's courier, all in one transaction: each is said once."""
        if room not in [WEB_ROOM, *(one.name for one in self.settings.config.platform_rooms)]:
            raise self._problem("channel_gone", room)
        posts = await asyncio.to_thread(announcements, self.settings, room, view, notebook.issue_id)
        async with self.database.transaction() as session:
            sending = await sending_of(session, notebook.issue_id, room)
            for number, post in enumerate(posts, 1):
                key, now = f"{errand}:{number}", self.press.clock()
                await order_delivery(
                    session,
                    desk=self.settings.name,
                    room=room,
                    key=key,
                    kind="announce",
                    payload=post,
                    now=now,
                )
                note_sent(sending, key, "ordered")
            sending.sent_at, sending.failure = self.press.clock(), None
        return {"over": True}

    def _problem(self, key: str, channel: str, **fields: object) -> SaidError:
        return SaidError(self.settings.wording.say(key, channel=channel, **fields))

    def _shown(self, part: str) -> str:
        return self.settings.wording.say("channel_draft") if part == DRAFT else part


@dataclass(frozen=True, slots=True)
class _Notebook:
    """One sending's row: each note is a transaction of its own, done before the sender goes on."""

    database: Database
    issue_id: int
    channel: str

    async def is_over(self) -> bool:
        async with self.database.reading() as session:
            return (await sending_of(session, self.issue_id, self.channel)).sent_at is not None

    async def is_released(self) -> bool:
        async with self.database.reading() as session:
            return (await issue_by_id(session, self.issue_id)).released_at is not None

    async def in_doubt(self) -> str | None:
        async with self.database.reading() as session:
            return part_in_doubt(await sending_of(session, self.issue_id, self.channel))

    async def parts(self) -> tuple[str, ...]:
        async with self.database.reading() as session:
            return tuple(parts_sent(await sending_of(session, self.issue_id, self.channel)))

    async def uploads(self) -> Mapping[str, str]:
        async with self.database.reading() as session:
            return uploads(await sending_of(session, self.issue_id, self.channel))

    async def uploaded(self, digest: str, address: str) -> None:
        async with self.database.transaction() as session:
            note_upload(await sending_of(session, self.issue_id, self.channel), digest, address)

    async def trying(self, address: str) -> None:
        async with self.database.transaction() as session:
            note_try(await sending_of(session, self.issue_id, self.channel), address)

    async def sent(self, address: str, answer: str) -> None:
        async with self.database.transaction() as session:
            note_sent(await sending_of(session, self.issue_id, self.channel), address, answer)

    async def refused(self, refused: RefusedRecipient) -> None:
        await self.settled()

    async def settled(self) -> None:
        """Note that nothing is in doubt: it did not go out, or its sender says what is unknown."""
        async with self.database.transaction() as session:
            note_try(await sending_of(session, self.issue_id, self.channel), None)
