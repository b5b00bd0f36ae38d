"""Who is on the platform, who is in which chat, and what the bot may see of it."""

from typing import Any

from tests.telegram_server.world import (
    FIRST_SUPERGROUP,
    USUAL_RIGHTS,
    Chat,
    Json,
    Member,
    Person,
    Status,
    World,
)

FIRST_USER = 7_000_000_000


class Membership:
    """The accounts and chats of a world, and who is what in them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def user(self, name: str, *, premium: bool = False, language: str | None = None) -> Person:
        """Open an account. Its id needs more than 32 bits, as new accounts' do."""
        number = FIRST_USER + self._world.number()
        person = Person(number, name, f"user{number}", premium, language)
        self._world.people[person.id] = person
        return person

    def group(
        self,
        title: str,
        *,
        basic: bool = False,
        forum: bool = False,
        bot_is: Status | None = "administrator",
    ) -> Chat:
        """Found a supergroup, or a basic group, with the bot in it. No update tells of it."""
        number = self._world.number()
        chat_id = -4_000_000 - number if basic else FIRST_SUPERGROUP - number
        chat = Chat(chat_id, "group" if basic else "supergroup", title, forum)
        if bot_is is not None:
            chat.members[self._world.bot.id] = Member(self._world.bot, bot_is)
        self._world.chats[chat.id] = chat
        return chat

    def private(self, person: Person) -> Chat:
        """Begin a private chat with the bot: from now on it may write to this person."""
        chat = self._world.chats.get(person.id)
        if chat is None:
            chat = Chat(person.id, "private", person.name)
            chat.members = {each.id: Member(each) for each in (person, self._world.bot)}
            self._world.chats[chat.id] = chat
        return chat

    def appoint(
        self,
        chat: Chat,
        person: Person,
        *,
        status: Status = "administrator",
        anonymous: bool = False,
        rights: frozenset[str] = USUAL_RIGHTS,
    ) -> None:
        """Give somebody a standing in a chat, before the test begins: no update tells of it."""
        chat.members[person.id] = Member(person, status, anonymous, rights)

    async def change_member(
        self, chat: Chat, person: Person, status: Status, *, rights: frozenset[str] = USUAL_RIGHTS
    ) -> None:
        """Change what somebody is in a chat: my_chat_member or chat_member tells it.

        The bot must be an administrator to hear of others (Bot API, Update).
        """
        before = chat.members.get(person.id, Member(person, "left"))
        chat.members[person.id] = Member(person, status, rights=rights)
        mine = person == self._world.bot
        if not mine and not chat.is_administrator(self._world.bot):
            return
        doer = next((each.person for each in chat.members.values() if not each.person.is_bot), person)
        change = {
            "chat": chat.as_json(),
            "from": doer.as_json(),
            "date": int(self._world.now()),
            "old_chat_member": before.as_json(),
            "new_chat_member": chat.members[person.id].as_json(),
        }
        self._tell("my_chat_member" if mine else "chat_member", change)

    async def appoint_bot(self, chat: Chat, status: Status, *, rights: frozenset[str] = USUAL_RIGHTS) -> None:
        """Change what the bot is in a chat: my_chat_member tells it."""
        await self.change_member(chat, self._world.bot, status, rights=rights)

    async def kick_bot(self, chat: Chat) -> None:
        """Throw the bot out of a group; in a private chat, block it."""
        await self.appoint_bot(chat, "kicked")

    def push_raw(self, update: Json) -> int:
        """Put an update of any shape into the feed and return its id."""
        return self._world.feed.push_raw(update)

    def _tell(self, kind: str, content: Any) -> None:
        self._world.feed.push(kind, content)

    def _tell_of(self, kind: str, chat: Chat, message: Json) -> None:
        if _bot_sees(self._world, chat, message):
            self._tell(kind, message)


def _bot_sees(world: World, chat: Chat, message: Json) -> bool:
    """Keep privacy mode (Bot API, "Privacy mode"): a plain member sees commands and answers to itself."""
    member = chat.members.get(world.bot.id)
    if member is None or member.status in ("left", "kicked"):
        return False
    said = message.get("text", message.get("caption"))
    if chat.kind == "private" or member.is_administrator or world.reads_all or said is None:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot.id:
        return True
    first_word = said.split(maxsplit=1)[0] if said.strip() else ""
    command, _, addressee = first_word.partition("@")
    return command.startswith("/") and addressee in ("", world.bot.username)
