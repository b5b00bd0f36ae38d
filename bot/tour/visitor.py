"""Someone in the web room, without a browser: signs in by an invitation, talks over the room's socket.

It keeps what the room shows, by message id, as a browser does: each change replaces what was known.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self

import aiohttp

from bot.emoji import TAKEN

Message = Mapping[str, Any]


class NotHeardError(Exception):
    """The room did not show what was waited for."""


class Visitor:
    """A person at the room's socket. Use `async with`."""

    def __init__(self, address: str, token: str, name: str) -> None:
        self.name = name
        self.messages: dict[int, Message] = {}
        self.change = 0
        self.stored: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self._address, self._token = address.rstrip("/"), token
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._listening: asyncio.Task[None] | None = None
        self._heard = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self.sign_in()
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def sign_in(self) -> None:
        """Open the invitation under this name; the session keeps the cookie."""
        jar = aiohttp.CookieJar(unsafe=True)  # the room's address may be an IP address
        self._http = aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": self._address})
        form = {"name": self.name}
        async with self._http.post(f"{self._address}/sign-in/{self._token}", data=form) as answer:
            if answer.status != 200:
                raise NotHeardError(f"{self.name} could not sign in: status {answer.status}")

    async def connect(self) -> None:
        """Open the socket and ask for everything after the last change seen."""
        if self._http is None:
            raise NotHeardError(f"{self.name} has not signed in")
        self._socket = await self._http.ws_connect(f"{self._address}/socket", max_msg_size=0)
        await self._socket.send_json({"op": "hello", "since": self.change})
        self._listening = asyncio.create_task(self._listen(self._socket))

    async def disconnect(self) -> None:
        """Drop the socket; `connect` takes up where it was."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        if self._socket is not None:
            await self._socket.close()

    async def leave(self) -> None:
        """Close everything."""
        await self.disconnect()
        if self._http is not None:
            await self._http.close()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                continue
            said = json.loads(frame.data)
            async with self._heard:
                self._take(said)
                self._heard.notify_all()

    def _take(self, said: Mapping[str, Any]) -> None:
        match said["op"]:
            case "changes":
                self.messages |= {message["id"]: message for message in said["messages"]}
                self.change = max(self.change, said["change"])
            case "stored":
                self.stored[said["key"]] = said["message"]
            case "refused":
                self.refused[said["key"]] = said["why"]

    async def send(self, op: str, *, key: str | None = None, **fields: object) -> str:
        """Send an op; return its key, by which its acknowledgement is known."""
        key = key or secrets.token_hex(8)
        if self._socket is None:
            raise NotHeardError(f"{self.name} is not connected")
        await self._socket.send_json({"op": op, "key": key, **fields})
        return key

    async def do(self, op: str, *, patience: float = 20.0, **fields: object) -> int:
        """Send an op and wait until it is stored; return the id of its message. Raises NotHeardError."""
        key = await self.send(op, key=secrets.token_hex(8), **fields)
        await self.until(lambda: key in self.stored or key in self.refused, f"{op} stored", patience)
        if key in self.refused:
            raise NotHeardError(f"{self.name}'s {op} was refused: {self.refused[key]}")
        return self.stored[key]

    async def say(self, text: str) -> int:
        """Write a message."""
        return await self.do("say", text=text)

    async def react(self, message: int, *emojis: str) -> None:
        """Let these be my reactions on a message now."""
        await self.do("react", message=message, emojis=list(emojis))

    async def press(self, message: int, button: str) -> None:
        """Press a card's button."""
        await self.do("press", message=message, button=button)

    async def until(self, true: Callable[[], bool], what: str, patience: float = 20.0) -> None:
        """Wait until something is true of what the room shows; raises NotHeardError after `patience` s."""
        try:
            async with asyncio.timeout(patience), self._heard:
                await self._heard.wait_for(true)
        except TimeoutError:
            raise NotHeardError(f"{self.name} waited {patience:g} s for: {what}") from None

    async def answer_to(self, message: int, patience: float = 30.0) -> Message:
        """Wait for the bot's answer to a message."""

        def answers() -> list[Message]:
            return [m for m in self.messages.values() if _is_answer(m, message)]

        await self.until(lambda: bool(answers()), f"an answer to message {message}", patience)
        return answers()[-1]

    async def ask(self, command: str, patience: float = 30.0) -> str:
        """Type a command and return what the bot answers."""
        return str((await self.answer_to(await self.say(command), patience))["text"])

    async def card_of(self, url: str, patience: float = 60.0) -> Message:
        """Wait for the card of a link."""

        def cards() -> list[Message]:
            return [m for m in self.messages.values() if m["card"] and m["card"]["url"] == url]

        await self.until(lambda: bool(cards()), f"a card for {url}", patience)
        return cards()[-1]

    def cards(self) -> list[Message]:
        """Return the cards the room shows, by story number."""
        return sorted((m for m in self.messages.values() if m["card"]), key=lambda m: m["card"]["number"])

    def receipts(self) -> int:
        """Count the messages on which the bot's receipt stands."""
        return sum(self.has_receipt(number) for number in self.messages)

    def has_receipt(self, message: int) -> bool:
        """Tell whether the bot's receipt stands on a message; on a card 👀 means something else."""
        known = self.messages.get(message)
        return known is not None and not known["card"] and any(map(_is_receipt, known["reactions"]))


def _is_receipt(reaction: Mapping[str, Any]) -> bool:
    return bool(reaction["bot"] and reaction["emoji"] == TAKEN)


def _is_answer(message: Message, to: int) -> bool:
    quoted = message["reply_to"]
    return message["author"] is None and quoted is not None and quoted["id"] == to
