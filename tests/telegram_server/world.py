"""What exists on the platform: people, chats, their messages and reactions."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.telegram_server.feed import UpdateFeed
from tests.telegram_server.press import Press
from tests.telegram_server.webhook import Webhook

Json = dict[str, Any]
Status = Literal["creator", "administrator", "member", "left", "kicked"]

FIRST_SUPERGROUP = -1_001_000_000_000
ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Who the bot sees in place of an anonymous administrator."""
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
USUAL_RIGHTS = frozenset({"can_manage_chat", "can_delete_messages", "can_invite_users", "can_pin_messages"})


@dataclass(frozen=True, slots=True)
class Person:
    """Anybody with an account, the bot included."""

    id: int
    name: str
    username: str
    premium: bool = False
    language: str | None = None
    is_bot: bool = False

    def as_json(self) -> Json:
        user: Json = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.name,
            "username": self.username,
        }
        if self.language is not None:
            user["language_code"] = self.language
        return user | ({"is_premium": True} if self.premium else {})


@dataclass(slots=True)
class Member:
    """One person's standing in one chat."""

    person: Person
    status: Status = "member"
    anonymous: bool = False
    rights: frozenset[str] = USUAL_RIGHTS

    def as_json(self) -> Json:
        member: Json = {"user": self.person.as_json(), "status": self.status}
        if self.status == "creator":
            member["is_anonymous"] = self.anonymous
        elif self.status == "administrator":
            member |= {"can_be_edited": False, "is_anonymous": self.anonymous}
            member |= {right: right in self.rights for right in RIGHTS}
        elif self.status == "kicked":
            member["until_date"] = 0
        return member

    @property
    def is_administrator(self) -> bool:
        return self.status in ("creator", "administrator")


@dataclass(eq=False, slots=True)
class Chat:
    """A group, a supergroup (perhaps with topics) or a private chat."""

    id: int
    kind: Literal["private", "group", "supergroup"]
    title: str
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    reactions: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    available_reactions: tuple[str, ...] | None = None
    migrated_to: int | None = None
    last_message_id: int = 0
    sent_at: list[float] = field(default_factory=list)
    """When the bot has sent something here, for flood control; monotonic seconds."""

    def as_json(self) -> Json:
        if self.kind == "private":
            person = self.members[self.id].person
            return {
                "id": self.id,
                "type": "private",
                "first_name": person.name,
                "username": person.username,
            }
        chat: Json = {"id": self.id, "type": self.kind, "title": self.title}
        return chat | ({"is_forum": True} if self.forum else {})

    def is_administrator(self, person: Person) -> bool:
        member = self.members.get(person.id)
        return member is not None and member.is_administrator


class World:
    """Everything the platform knows. One bot lives in it."""

    def __init__(self, token: str, *, reads_all: bool) -> None:
        self.token = token
        self.reads_all = reads_all
        self.bot = Person(int(token.partition(":")[0]), "Copydesk", "copydesk_bot", is_bot=True)
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Person] = {self.bot.id: self.bot}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.presses: dict[str, Press] = {}
        self.later = 0.0
        """Seconds by which this world's clock is ahead of the real one."""
        self.feed = UpdateFeed(self.now)
        self.webhook = Webhook(self.feed)
        self._shared_message_ids = itertools.count(1)
        self._numbers = itertools.count(1)

    def now(self) -> float:
        return time.time() + self.later

    def number(self) -> int:
        """Return a number that nothing else has."""
        return next(self._numbers)

    def chat(self, which: Chat | int) -> Chat:
        return which if isinstance(which, Chat) else self.chats[which]

    def next_message_id(self, chat: Chat) -> int:
        """Number messages by chat in a supergroup; else over all private chats and basic groups."""
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        return next(self._shared_message_ids)

    def add_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Put a message into a chat and return it, as the Bot API shows it."""
        message: Json = {
            "message_id": self.next_message_id(chat),
            "from": sender,
            "chat": chat.as_json(),
            "date": int(self.now()),
            **content,
        }
        chat.messages[message["message_id"]] = message
        return message

    def keep_file(self, name: str, data: bytes) -> str:
        """Store a file and return its id."""
        file_id = f"FILE{self.number()}"
        self.files[file_id] = (name, data)
        return file_id


def quoted(message: Json) -> Json:
    """Return a message as another one shows it: without the message which it answers itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


Method = Callable[..., Any]
