"""How an issue's way by a channel went: written down, and said in the editors' room, once for each try."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channel_tables import WECHAT
from bot.errors import DeskError
from bot.hearing import DeskSettings
from bot.picture_images import MOST_IMAGES
from storage.database import Database, Session
from storage.issues import issue_by_id
from storage.outbox import is_ordered, order_delivery
from storage.press_records import Sending
from storage.sendings import sending_of

_MOST_NAMED = 20  # readers who were refused, or stories; a message holds no more that anybody reads


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """Writes down how a try to send ended, and tells the editors."""

    database: Database
    settings: DeskSettings
    clock: Callable[[], datetime]

    async def sent(self, errand: str, issue_id: int, channel: str, result: Mapping[str, Any]) -> None:
        """Record that an issue went out; run again it changes nothing."""
        if result.get("over"):
            return
        async with self.database.transaction() as session:
            sending = await sending_of(session, issue_id, channel)
            if await is_ordered(session, errand):
                return
            say, issue = self.settings.wording.say, (await issue_by_id(session, issue_id)).date
            refused = result.get("refused") or []
            if refused:
                who = self.settings.wording.listed(self._named(refused))
                sending.failure = say("channel_refused", issue=issue, sent=result["sent"], refused=who)
                text = sending.failure
            else:
                sending.sent_at, sending.failure = self.clock(), None
                key = "channel_wechat_sent" if channel == WECHAT else "channel_email_sent"
                said = say(key, issue=issue, count=result.get("sent", 0))
                text = "\n".join([said, *self._left_out(result)])
            await self._tell(session, errand, text)

    def _left_out(self, result: Mapping[str, Any]) -> list[str]:
        """Say which pictures a draft lacks, and below which stories an editor puts them in."""
        say, said = self.settings.wording.say, []
        for key, sentence in (("not_kept", "channel_not_kept"), ("no_file", "channel_no_picture")):
            if titles := result.get(key):
                where = self.settings.wording.listed(self._named(list(dict.fromkeys(titles))))
                said.append(say(sentence, count=len(titles), where=where, most=MOST_IMAGES))
        return said

    def _named(self, names: Sequence[str]) -> list[str]:
        more = [f"… {len(names) - _MOST_NAMED}"] if len(names) > _MOST_NAMED else []
        return [*names[:_MOST_NAMED], *more]

    async def failed(self, errand: str, issue_id: int, channel: str, trouble: DeskError) -> None:
        """Record that an issue did not go out, and tell why with the next step."""
        async with self.database.transaction() as session:
            sending: Sending = await sending_of(session, issue_id, channel)
            if sending.sent_at is not None or await is_ordered(session, errand):
                return
            sending.failure = " ".join(filter(None, (trouble.problem, trouble.advice)))
            issue = (await issue_by_id(session, issue_id)).date
            text = self.settings.wording.say(
                "channel_failed", issue=issue, channel=channel, problem=sending.failure
            )
            await self._tell(session, errand, text)

    async def _tell(self, session: Session, errand: str, text: str) -> None:
        await order_delivery(
            session,
            desk=self.settings.name,
            room=self.settings.room_for_editors(),
            key=errand,
            kind="reply",
            payload={"text": text},
            now=self.clock(),
        )
