"""What the press did, written down and said in the room, once for each publish."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import DeskError
from bot.hearing import DeskSettings
from bot.press import Printed, TakeBack
from bot.press_sentences import sentences_on
from storage.database import Database, Session
from storage.event_records import JournalLine
from storage.issue_records import Issue, Publication
from storage.issues import forget_placement, issue_by_id, mark_shorts, place_story, placements, publication
from storage.journal import mark_undone, write_line_once
from storage.outbox import order_delivery
from storage.records import Story
from storage.stories import touch


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
            before = await self._place(session, issue, result)
            asked.done_at, asked.commit = self.clock(), result["commit"] if result["new"] else None
            asked.outcome = {**result, "before": before}
            issue.path, issue.rendered_lead = result["path"], result["lead"]
            await mark_shorts(session, [short["id"] for short in asked.frozen["shorts"]], rendered=True)
            await self._journal(session, asked, issue, result)
            await self._answer(session, asked, "\n".join(sentences_on(asked, result, self.settings)))

    async def _place(self, session: Session, issue: Issue, result: Mapping[str, Any]) -> dict[str, Any]:
        """Record where stories stand; return how they stood before, so that an undo can go back."""
        known = await placements(session, issue.id)
        before: dict[str, Any] = {}
        for word, placed in result["placed"].items():
            story = await session.get_one(Story, int(word))
            base = known.get(story.id)
            before[word] = {
                "issue": story.issue_id,
                "section": story.section,
                "page": base.page if base else None,
                "text": base.text if base else None,
            }
            story.issue_id, story.section = issue.id, placed["section"]
            if placed["set"] is not None:
                await place_story(session, issue.id, story.id, section=placed["section"], **placed["set"])
            await touch(session, story.id)
        await self._forget(session, issue, result["removed"])
        return before

    async def _forget(self, session: Session, issue: Issue, numbers: Sequence[int]) -> None:
        for story_id in await placements(session, issue.id):
            story = await session.get_one(Story, story_id)
            if story.number in numbers:
                await forget_placement(session, issue.id, story_id)
                story.issue_id = story.section = None
                await touch(session, story_id)

    async def _journal(
        self, session: Session, asked: Publication, issue: Issue, result: Mapping[str, Any]
    ) -> None:
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

    async def failed(self, publication_id: str, problem: DeskError) -> None:
        """Say why a publish did not happen; its stories stay on the slate."""
        async with self.database.transaction() as session:
            asked = await publication(session, publication_id)
            if asked.done_at is not None:
                return
            issue = await issue_by_id(session, asked.issue_id)
            asked.done_at, asked.outcome = self.clock(), {"failed": problem.problem}
            sentence = self.settings.wording.say(
                "publish_failed", issue=issue.date, problem=problem.problem, advice=problem.advice
            )
            await self._answer(session, asked, sentence)

    async def taken_back(self, asked_for: TakeBack, result: Mapping[str, Any], errand: str) -> None:
        """Record that a publish was reverted: its stories are on the slate again."""
        async with self.database.transaction() as session:
            line = await session.get_one(JournalLine, asked_for.line_id)
            if line.undone_by is not None:
                return
            asked = await publication(session, asked_for.publication_id)
            issue = await issue_by_id(session, asked.issue_id)
            outcome = asked.outcome or {}
            for word, before in outcome.get("before", {}).items():
                await self._put_back(session, issue, int(word), before)
            await mark_shorts(session, [short["id"] for short in asked.frozen["shorts"]], rendered=False)
            issue.rendered_lead = None
            await mark_undone(session, line, asked_for.curator_id, asked_for.room, self.clock())
            sentence = self.settings.wording.say(
                "unpublish_done",
                path=outcome.get("path", ""),
                commit=result["commit"][:7],
                pushed=self.settings.wording.say("publish_pushed") if result["pushed"] else "",
                count=len(outcome.get("added", [])),
            )
            await self._order(session, asked_for.room, asked_for.message_id, errand, sentence, None)

    async def _put_back(
        self, session: Session, issue: Issue, story_id: int, before: Mapping[str, Any]
    ) -> None:
        story = await session.get_one(Story, story_id)
        story.issue_id, story.section = before["issue"], before["section"]
        if before["page"] is None:
            await forget_placement(session, issue.id, story_id)
        else:
            await place_story(
                session,
                issue.id,
                story_id,
                section=before["section"],
                page=before["page"],
                text=before["text"],
            )
        await touch(session, story_id)

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
            url=url,
        )
        name = printed.path.rsplit("/", 1)[-1]
        content = printed.document.render().decode("utf-8", "replace")
        file = {"name": name, "content": content}
        await self.say(room, message_id, errand, text, file=file)

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
