"""Telegram: the connection of the bot, and the desk's rooms there."""

import asyncio
import logging
import os
from collections.abc import Coroutine, Mapping
from typing import Any

from telegram import Bot, User
from telegram.request import HTTPXRequest

from bot.config import Config
from bot.logs import keep_out_of_logs
from bot.rooms.intake import Intake
from bot.rooms.telegram.attendance import Attendance
from bot.rooms.telegram.insistence import Insistence, Pace
from bot.rooms.telegram.line import TelegramLine
from bot.rooms.telegram.menu import menus_of, set_menus
from bot.rooms.telegram.places import places_of
from bot.rooms.telegram.polling import Polling
from bot.rooms.telegram.room import TelegramRoom
from bot.rooms.telegram.strangers import Strangers
from bot.rooms.telegram.taker import Answering, UpdateTaker
from bot.rooms.telegram.trouble import room_troubles
from bot.rooms.telegram.updates import Identity, Stranger
from bot.rooms.telegram.webhook import Webhook, secret_of
from storage.room_states import moved_chats

log = logging.getLogger(__name__)

_CONNECTIONS = 32
_BESIDE_AT_ONCE, _BESIDE = 8, 1000  # deeds: the connections are there for what must succeed


class TelegramPlatform:
    """The desk's connection to Telegram; implements `bot.rooms.room.Platform`."""

    def __init__(self, config: Config, token: str, intake: Intake, *, pace: Pace | None = None) -> None:
        os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns at every flood control
        keep_out_of_logs(token)
        keep_out_of_logs(secret_of(token))
        self._config, self._intake, self._pace = config, intake, pace or Pace()
        self._requests = _requests(config.telegram.proxy, self._pace)
        api = config.telegram.api.rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._line = TelegramLine(self._bot, config.telegram.messages_per_minute)
        self._places = places_of(config.telegram.rooms)
        self._are_placed, self._placing = False, asyncio.Lock()
        self._strangers = Strangers(self._bot, intake)
        self._attendance = Attendance(intake, self._places)
        self._webhook: Webhook | None = None
        self._beside: set[asyncio.Task[None]] = set()
        self._beside_turns = asyncio.Semaphore(_BESIDE_AT_ONCE)
        self._rooms = {
            place.room: TelegramRoom(place, self._places, self._line, intake.database, self.learn_places)
            for place in self._places.all
        }

    @property
    def rooms(self) -> Mapping[str, TelegramRoom]:
        """The rooms by name."""
        return self._rooms

    async def learn_places(self) -> None:
        """Learn, once, where Telegram has moved the rooms since the config was written."""
        async with self._placing:
            if self._are_placed:
                return
            async with self._intake.database.reading() as session:
                self._places.follow(await moved_chats(session))
            self._are_placed = True

    async def run(self) -> None:
        """Take in what people do until it is cancelled; what fails is tried again for ever."""
        insistence = Insistence(self._intake, self._places, self._pace)
        await insistence.on(self.learn_places)
        me: User = await insistence.on(self._bot.get_me)
        taker = UpdateTaker(self._intake, self._places, Identity(me.id, me.username or ""), self._answering())
        log.info("telegram is here", extra={"bot": me.username, "rooms": list(self._rooms)})
        self._set_menus()
        if self._config.telegram.webhook_url:
            self._webhook = Webhook(
                self._bot, self._config.telegram, taker, self._attendance, insistence, self._pace
            )
            await self._webhook.run()
        else:
            await Polling(self._bot, taker, self._attendance, insistence, self._pace).run()

    async def close(self) -> None:
        """Let go of Telegram, and note until when the rooms were attended."""
        if self._webhook is not None:
            await self._webhook.close()
        for task in list(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        await self._attendance.close()
        for request in self._requests:
            await request.shutdown()

    def _answering(self) -> Answering:
        return Answering(
            press=lambda press: self._do_beside(self._line.answer_press(press)),
            stranger=self._answer_stranger,
            message=lambda chat, message: self._line.chat(chat).saw(message),
            moved=self._set_menus,
        )

    def _answer_stranger(self, stranger: Stranger) -> None:
        if self._strangers.may_answer(stranger):
            self._do_beside(self._strangers.answer(stranger))

    def _set_menus(self) -> None:
        menus = menus_of(self._places, self._config.desk.editors, self._config.newsroom.language)
        self._do_beside(set_menus(self._bot, tuple(menus)))

    def _do_beside(self, deed: Coroutine[Any, Any, None]) -> None:
        """Do what need not succeed, without keeping anything waiting; beyond a thousand, not at all."""
        if len(self._beside) >= _BESIDE:
            deed.close()
            return
        task = asyncio.create_task(self._quietly(deed))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _quietly(self, deed: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._beside_turns:
                with room_troubles():
                    await deed
        except Exception as error:
            log.info("not answered", extra={"trouble": str(error)})
        finally:
            deed.close()  # where it never began


def _requests(proxy: str, pace: Pace) -> tuple[HTTPXRequest, HTTPXRequest]:
    def request(connections: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=connections,
            read_timeout=pace.answer,
            write_timeout=pace.answer,
            connect_timeout=pace.answer,
            pool_timeout=pace.answer,
            proxy=proxy or None,
        )

    return request(_CONNECTIONS), request(1)
