"""What the press did, written down and said in the room, once for each publish."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import DeskError
from bot.git_stories import take_stories
from bot.hearing import DeskSettings
from bot.late_draft import lateness, left_behind
from bot.merge_sentences import sentences_on_notes
from bot.placing import put_back, record_places
from bot.press import TakeBack
from bot.press_sentences import sentences_on
from bot.printed import Printed
from storage.database import Database, Session
from storage.event_records import JournalLine
from storage.issue_records import Issue, Publication
from storage.issues import give_back, issue_by_id, issue_in_preparation, mark_shorts, publication
from storage.journal import mark_undone, write_line_once
from storage.outbox import order_delivery


@dataclass(frozen=True, slots=True)
class PressReport:
    """Writes down what came of a publish, a preview or an undo, and orders the answer."""

    database: Database
    settings: DeskSettings
    clock: Callable[[], datetime]

    async def published(self, publication_id: str, result: Mapping[str, Any]) -> None:
        """Record a publish and answer the editor; run again it changes nothing."""
        async with self.database.transaction() as session:
            asked = await publication(session, publication_id)
            if asked.done_at is not None:
                return
            issue = await issue_by_id(session, asked.issue_id)
            now, lead, begun = self.clock(), asked.frozen["lead"], issue.path is None
            before = await record_places(session, issue, result, self.settings.wording, lead=lead, now=now)
            asked.done_at, asked.commit = self.clock(), result["commit"] if result["new"] else None
            kept = {name: value for name, value in result.items() if name not in ("rendered", "unknown")}
            asked.outcome = {**kept, "before": before}
            await mark_shorts(session, [short["id"] for short in asked.frozen["shorts"]], rendered=True)
            await self._journal(session, asked, issue, result)
            made = await take_stories(session, self.settings.name, issue, result["unknown"], now)
            said = sentences_on(asked, {**result, "found": [s.number for s in made]}, self.settings)
            today = self._day(now)
            said += lateness(issue, self.settings, today)
            said += await left_behind(session, self.settings, issue, today) if begun else []
            await self._answer(session, asked, "\n".join(said))

    def _day(self, now: datetime) -> dt.date:
        return now.astimezone(self.settings.config.zone).date()

    async def _journal(
        self, session: Session, asked: Publication, issue: Issue, result: Mapping[str, Any]
    ) -> None:
        await self._journal_edits(session, asked, issue, result)
        if not result["new"]:
            return
        details = {"issue": str(issue.date), "publication": asked.id, "commit": result["commit"]}
        drafted = [(f"draft:{word}", "draft", int(word)) for word in result["placed"]]
        for part, deed, story_id in [("publish", "publish", None), *drafted]:
            await write_line_once(
                session,
                f"{asked.id}:{part}",
                desk=self.settings.name,
                deed=deed,
                details=details,
                now=self.clock(),
                curator_id=asked.curator_id,
                room=asked.room,
                story_id=story_id,
            )

    async def _journal_edits(
        self, session: Session, asked: Publication, issue: Issue, result: Mapping[str, Any]
    ) -> None:
        """Record what of each story people changed in git; who that was, only git knows."""
        for word, placed in result["placed"].items():
            if placed["edits"]:
                await write_line_once(
                    session,
                    f"{asked.id}:git:{word}",
                    desk=self.settings.name,
                    deed="git_edit",
                    details={"issue": str(issue.date), "edits": placed["edits"]},
                    now=self.clock(),
                    room=asked.room,
                    story_id=int(word),
                )

    async def failed(self, publication_id: str, problem: DeskError) -> None:
        """Say why a publish did not happen; its stories stay on the slate."""
        async with self.database.transaction() as session:
            asked = await publication(session, publication_id)
            if asked.done_at is not None:
                return
            issue = await issue_by_id(session, asked.issue_id)
            date = issue.date
            asked.done_at, asked.outcome = self.clock(), {"failed": problem.problem}
            if issue.path is None:
                await give_back(session, issue)
            sentence = self.settings.wording.say(
                "publish_failed", issue=date, problem=problem.problem, advice=problem.advice
            )
            await self._answer(session, asked, sentence)

    async def taken_back(self, asked_for: TakeBack, result: Mapping[str, Any], errand: str) -> None:
        """Record that a publish was reverted: its stories are on the slate again."""
        async with self.database.transaction() as session:
            line = await session.get_one(JournalLine, asked_for.line_id)
            if line.undone_by is not None:
                said = self.settings.wording.say("unpublish_done_before", issue=line.details["issue"])
                await self._order(session, asked_for.room, asked_for.message_id, errand, said, None)
                return
            asked = await publication(session, asked_for.publication_id)
            issue, outcome = await issue_by_id(session, asked.issue_id), asked.outcome or {}
            await mark_shorts(session, [short["id"] for short in asked.frozen["shorts"]], rendered=False)
            numbers, lead, now = outcome["kept_out"], outcome["lead"], self.clock()
            await put_back(session, issue, outcome["before"], numbers=numbers, lead=lead, now=now)
            await mark_undone(session, line, asked_for.curator_id, asked_for.room, self.clock())
            sentence = self.settings.wording.say(
                "unpublish_done",
                path=outcome["path"],
                commit=result["commit"][:7],
                pushed=self.settings.wording.say("publish_pushed") if result["pushed"] else "",
                count=len(outcome["added"]),
            )
            await self._order(session, asked_for.room, asked_for.message_id, errand, sentence, None)

    async def not_taken_back(self, asked_for: TakeBack, problem: DeskError, errand: str) -> None:
        """Say why a publish could not be reverted."""
        async with self.database.transaction() as session:
            asked = await publication(session, asked_for.publication_id)
            issue = await issue_by_id(session, asked.issue_id)
            sentence = self.settings.wording.say(
                "unpublish_failed", issue=issue.date, problem=problem.problem, advice=problem.advice
            )
            await self._order(session, asked_for.room, asked_for.message_id, errand, sentence, None)

    async def previewed(self, room: str, message_id: str, errand: str, printed: Printed) -> None:
        """Answer with the issue as a file and the address of its page."""
        outcome, say = printed.outcome, self.settings.wording.say
        stories = len(printed.document.stories)
        url = f"{self.settings.config.web.address}/preview"
        key = "preview_done" if printed.difference else "preview_same"
        text = say(
            key,
            path=printed.path,
            stories=stories,
            added=len(outcome.added),
            changed=len(outcome.changed),
            removed=say("publish_removed", count=len(outcome.removed)) if outcome.removed else "",
            url=url,
            formats=f"{self.settings.config.web.address}/issues/next",
        )
        name = printed.path.rsplit("/", 1)[-1]
        content = printed.document.render().decode("utf-8", "replace")
        file = {"name": name, "content": content}
        today = self._day(self.clock())
        async with self.database.transaction() as session:
            issue = await issue_in_preparation(session, self.settings.name, today=today)
        said = [
            text,
            *sentences_on_notes(outcome.notes, self.settings),
            *lateness(issue, self.settings, today),
        ]
        await self.say(room, message_id, errand, "\n".join(said), file=file)

    async def say(
        self,
        room: str,
        message_id: str,
        key: str,
        text: str,
        *,
        file: Mapping[str, str] | None = None,
    ) -> None:
        """Order an answer to a message."""
        async with self.database.transaction() as session:
            await self._order(session, room, message_id, key, text, file)

    async def _answer(self, session: Session, asked: Publication, text: str) -> None:
        await self._order(session, asked.room, asked.message_id or "", f"{asked.id}:publish", text, None)

    async def _order(
        self,
        session: Session,
        room: str,
        message_id: str,
        key: str,
        text: str,
        file: Mapping[str, str] | None,
    ) -> None:
        await order_delivery(
            session,
            desk=self.settings.name,
            room=room,
            key=key,
            kind="reply",
            payload={"text": text, "reply_to": message_id, "file": dict(file) if file else None},
            now=self.clock(),
        )
