"""What came of a release, written down and said in the room, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import DeskError
from bot.hearing import DeskSettings
from bot.release import drop_release, finish_release, note_unrelease, undo_release
from bot.release_request import BUTTON
from bot.release_sentences import after_release, after_unrelease, preview_sentences, waiting_sentences
from bot.ways import is_merged, waits_for_merge
from storage.database import Database, Session
from storage.issues import issue_by_id
from storage.outbox import order_delivery
from storage.press_records import Release
from storage.releases import release_by_id
from storage.sendings import sendings_besides


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """Records what came of a release, its preview or its undo, and orders the answer."""

    database: Database
    settings: DeskSettings
    clock: Callable[[], datetime]

    async def previewed(self, release_id: str, result: Mapping[str, Any]) -> None:
        """Keep what a release would do, and show it with the button that lets it happen."""
        async with self.database.transaction() as session:
            release = await release_by_id(session, release_id)
            if release.outcome is not None:
                return
            release.outcome = {"preview": dict(result)}
            label = "release_anyway_button" if result["errors"] else "release_button"
            today = self.clock().astimezone(self.settings.config.zone).date()
            text = "\n".join(preview_sentences(release.date, result, self.settings, today))
            button = [f"{BUTTON}{release.id}", self.settings.wording.say(label)]
            await self._answer(session, release, "preview", text, buttons=[button])

    async def not_previewed(self, release_id: str, trouble: DeskError) -> None:
        """Say why there is nothing to release."""
        await self._say_trouble(release_id, trouble, "preview")

    async def released(self, release_id: str, result: Mapping[str, Any]) -> None:
        """Record a release and answer the editor; run again it changes nothing."""
        async with self.database.transaction() as session:
            release = await release_by_id(session, release_id)
            if release.done_at is not None:
                return
            issue = await issue_by_id(session, release.issue_id)
            release.commit, release.outcome = result["commit"], dict(result)
            if waits_for_merge(self.settings) and not await is_merged(session, issue.id, result):
                said = waiting_sentences(release.date.isoformat(), result, self.settings)
                await self._answer(session, release, "release", "\n".join(said))
                return
            channels = await finish_release(session, self.settings, issue, release, self.clock())
            earlier = await sendings_besides(session, issue.id, channels)
            said = after_release(release.date.isoformat(), result, channels, self.settings, earlier=earlier)
            text = "\n".join(said)
            await self._answer(session, release, "release", text)

    async def not_released(self, release_id: str, trouble: DeskError) -> None:
        """Say why a release did not happen; the next `/release` begins anew."""
        async with self.database.transaction() as session:
            release = await release_by_id(session, release_id)
            if release.done_at is None:
                release.done_at, release.outcome = self.clock(), {"failed": trouble.problem}
        await self._say_trouble(release_id, trouble, "release")

    async def _say_trouble(self, release_id: str, trouble: DeskError, part: str) -> None:
        async with self.database.transaction() as session:
            release = await release_by_id(session, release_id)
            said = self.settings.wording.say(
                "release_failed", issue=release.date, problem=trouble.problem, advice=trouble.advice
            )
            await self._answer(session, release, part, said.rstrip())

    async def taken_back(
        self, release_id: str, curator_id: int, where: tuple[str, str], result: Mapping[str, Any], errand: str
    ) -> None:
        """Record that a release was reverted: the issue is a draft again, once that is merged."""
        async with self.database.transaction() as session:
            release = await release_by_id(session, release_id)
            issue, now = await issue_by_id(session, release.issue_id), self.clock()
            if release.undone_at is not None:
                said = [self.settings.wording.say("unrelease_done_before", issue=release.date)]
            elif release.done_at is None:
                await drop_release(session, release, now)
                await note_unrelease(session, release, curator_id, now)
                said = after_unrelease("unrelease_before", release, issue, result, self.settings)
            elif waits_for_merge(self.settings) and not await is_merged(session, issue.id, result):
                release.outcome = {**(release.outcome or {}), "taking_back": curator_id}
                said = after_unrelease("unrelease_waits", release, issue, result, self.settings)
            else:
                await undo_release(session, release, curator_id, now)
                said = after_unrelease("unrelease_done", release, issue, result, self.settings)
            await self._order(session, *where, errand, "\n".join(said))

    async def not_taken_back(
        self, release_id: str, where: tuple[str, str], trouble: DeskError, errand: str
    ) -> None:
        """Say why a release could not be reverted."""
        async with self.database.transaction() as session:
            release = await release_by_id(session, release_id)
            said = self.settings.wording.say(
                "unrelease_failed", issue=release.date, problem=trouble.problem, advice=trouble.advice
            )
            await self._order(session, *where, errand, said.rstrip())

    async def _answer(
        self,
        session: Session,
        release: Release,
        part: str,
        text: str,
        *,
        buttons: list[list[str]] | None = None,
    ) -> None:
        key = f"{release.id}:{part}"
        await self._order(session, release.room, release.message_id or "", key, text, buttons=buttons)

    async def _order(
        self,
        session: Session,
        room: str,
        message_id: str,
        key: str,
        text: str,
        *,
        buttons: list[list[str]] | None = None,
    ) -> None:
        payload = {"text": text, "reply_to": message_id, "file": None}
        await order_delivery(
            session,
            desk=self.settings.name,
            room=room,
            key=key,
            kind="reply",
            payload=payload | ({"buttons": buttons} if buttons else {}),
            now=self.clock(),
        )
