"""What people do on the platform. Every deed changes the world first, then tells the bot if it may know."""

from tests.telegram_server.entities import find_entities
from tests.telegram_server.membership import Membership
from tests.telegram_server.palette import CUSTOM, PALETTE, reaction_type
from tests.telegram_server.press import Press
from tests.telegram_server.world import (
    ANONYMOUS_ADMIN,
    FIRST_SUPERGROUP,
    Chat,
    Json,
    Member,
    Person,
    quoted,
)

ORDINARY_REACTIONS, PREMIUM_REACTIONS = 1, 3
"""How many reactions one account has on one message (TDLib: reactions_user_max_default, …_premium)."""


class People(Membership):
    """The people of a world, and what they do."""

    # Messages

    async def say(
        self,
        chat: Chat,
        user: Person,
        text: str,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        entities: list[Json] | None = None,
        links: dict[str, str] | None = None,
        as_anonymous: bool = False,
    ) -> int:
        """Send a text and return its message id. `links` hides addresses behind words: {"here": "https://…"}."""
        content: Json = {"text": text}
        found = find_entities(text, links) if entities is None else entities
        content |= {"entities": found} if found else {}
        return self._post(chat, user, content, thread=thread, reply_to=reply_to, as_anonymous=as_anonymous)

    async def caption(
        self,
        chat: Chat,
        user: Person,
        text: str,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        entities: list[Json] | None = None,
        links: dict[str, str] | None = None,
        as_anonymous: bool = False,
    ) -> int:
        """Send a photo with a caption and return its message id."""
        file_id = self._world.keep_file("photo.jpg", b"\xff\xd8photo")
        photo = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 60, "file_size": 7}
        content: Json = {"photo": [photo], "caption": text}
        found = find_entities(text, links) if entities is None else entities
        content |= {"caption_entities": found} if found else {}
        return self._post(chat, user, content, thread=thread, reply_to=reply_to, as_anonymous=as_anonymous)

    def _post(
        self,
        chat: Chat,
        user: Person,
        content: Json,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        as_anonymous: bool = False,
    ) -> int:
        chat.members.setdefault(user.id, Member(user))
        sender = ANONYMOUS_ADMIN if as_anonymous else user.as_json()
        if as_anonymous:
            content = {"sender_chat": chat.as_json(), **content}
        message = self._world.add_message(chat, sender, {**_place(chat, thread, reply_to), **content})
        self._tell_of("message", chat, message)
        return int(message["message_id"])

    async def edit(
        self, chat: Chat, message_id: int, text: str | None = None, *, links: dict[str, str] | None = None
    ) -> None:
        """Change a text or caption; with none, change what a bot can't see: the update comes all the same."""
        message = chat.messages[message_id]
        if text is not None:
            name, marks = ("text", "entities") if "text" in message else ("caption", "caption_entities")
            message.pop(marks, None)
            found = find_entities(text, links)
            message |= {name: text, **({marks: found} if found else {})}
        message["edit_date"] = int(self._world.now())
        self._tell_of("edited_message", chat, message)

    async def delete(self, chat: Chat, message_id: int) -> None:
        """Delete a message. No update tells of it."""
        del chat.messages[message_id]

    async def topic(self, chat: Chat, user: Person, name: str) -> int:
        """Open a topic in a forum and return its thread id, which is the id of its first message."""
        assert chat.forum, "only a forum has topics"
        service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self._world.add_message(chat, user.as_json(), service)
        thread = int(message["message_id"])
        message |= {"message_thread_id": thread, "is_topic_message": True}
        chat.topics[thread] = name
        self._tell_of("message", chat, message)
        return thread

    async def migrate(self, chat: Chat) -> Chat:
        """Turn a basic group into a supergroup, with another id, and return that."""
        assert chat.kind == "group", "only a basic group migrates"
        number = self._world.number()
        new = Chat(FIRST_SUPERGROUP - number, "supergroup", chat.title, members=dict(chat.members))
        self._world.chats[new.id] = new
        doer = next(
            (each.person for each in chat.members.values() if not each.person.is_bot), self._world.bot
        )
        left = self._world.add_message(chat, doer.as_json(), {"migrate_to_chat_id": new.id})
        came = self._world.add_message(
            new, ANONYMOUS_ADMIN, {"sender_chat": new.as_json(), "migrate_from_chat_id": chat.id}
        )
        chat.migrated_to = new.id
        self._tell("message", left)
        self._tell("message", came)
        return new

    # Reactions and buttons

    async def react(self, chat: Chat, message_id: int, user: Person, *emojis: str) -> None:
        """Set somebody's reactions to a message; none takes them back. Only the last (premium: 3) stay."""
        chat.members.setdefault(user.id, Member(user))
        most = PREMIUM_REACTIONS if user.premium else ORDINARY_REACTIONS
        self._react(chat, message_id, f"user:{user.id}", emojis[-most:], {"user": user.as_json()})

    async def react_anonymously(self, chat: Chat, message_id: int, *emojis: str) -> None:
        """React as the group: all its anonymous administrators are one actor."""
        self._react(chat, message_id, f"chat:{chat.id}", emojis[-1:], {"actor_chat": chat.as_json()})

    def _react(self, chat: Chat, message_id: int, actor: str, emojis: tuple[str, ...], shown: Json) -> None:
        assert message_id in chat.messages, "there is no such message to react to"
        allowed = PALETTE if chat.available_reactions is None else chat.available_reactions
        wrong = [emoji for emoji in emojis if emoji not in allowed and not emoji.startswith(CUSTOM)]
        assert not wrong, f"people are not offered {wrong} here"
        given = chat.reactions.setdefault(message_id, {})
        before, now = given.get(actor, []), list(dict.fromkeys(emojis))
        if before == now:
            return
        given[actor] = now
        if chat.is_administrator(self._world.bot):
            self._tell(
                "message_reaction",
                {
                    "chat": chat.as_json(),
                    "message_id": message_id,
                    "date": int(self._world.now()),
                    **shown,
                    "old_reaction": [reaction_type(emoji) for emoji in before],
                    "new_reaction": [reaction_type(emoji) for emoji in now],
                },
            )

    async def count_reactions(self, chat: Chat, message_id: int, counts: dict[str, int]) -> None:
        """Tell how many reactions of each kind there are, and not whose: {"👍": 3}."""
        if chat.is_administrator(self._world.bot):
            self._tell(
                "message_reaction_count",
                {
                    "chat": chat.as_json(),
                    "message_id": message_id,
                    "date": int(self._world.now()),
                    "reactions": [
                        {"type": reaction_type(emoji), "total_count": count}
                        for emoji, count in counts.items()
                    ],
                },
            )

    async def press(
        self, chat: Chat, message_id: int, user: Person, data: str, *, stale: bool = False
    ) -> Press:
        """Press a button; even an anonymous administrator's name shows. `stale`: on an old screen."""
        message = chat.messages.get(message_id)
        offered = [
            each.get("callback_data")
            for row in (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
            for each in row
        ]
        assert stale or data in offered, (
            f"no button of message {message_id} sends {data}; there are {offered}"
        )
        press = Press(str(7_000_000_000 + self._world.number()), self._world.now())
        self._world.presses[press.id] = press
        gone = {"chat": chat.as_json(), "message_id": message_id, "date": 0}
        self._tell(
            "callback_query",
            {
                "id": press.id,
                "from": user.as_json(),
                "message": message or gone,
                "chat_instance": str(chat.id * 31),
                "data": data,
            },
        )
        return press


def _place(chat: Chat, thread: int | None, reply_to: int | None) -> Json:
    """Return a message's topic and what it answers.

    A message in a topic that answers nothing shows the topic's first message as the one it answers. In a
    supergroup without topics a reply has a message_thread_id too: the id of the first message of the chain.
    """
    assert not (chat.forum and thread) or thread in chat.topics, "there is no such topic"
    answered = None if reply_to is None else chat.messages[reply_to]
    if thread is None and answered is not None:
        thread = answered.get("message_thread_id", reply_to if chat.kind == "supergroup" else None)
    place: Json = {} if thread is None else {"message_thread_id": thread}
    if thread in chat.topics:
        place["is_topic_message"] = True
        answered = answered or chat.messages.get(thread or 0)
    elif chat.forum:
        place.pop("message_thread_id", None)
    return place | ({} if answered is None else {"reply_to_message": quoted(answered)})
