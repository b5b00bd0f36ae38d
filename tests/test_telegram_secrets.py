"""The bot's token, which opens everything, is never written down: not in logs, not in what people read."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.logs import Blotter, keep_out_of_logs
from bot.rooms.telegram.webhook import secret_of
from storage.database import Database
from tests.newsroom_process import free_port
from tests.telegram_desk import telegram_home

pytestmark = pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
MOON = "https://site.test/wet-moon"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged, by whomever."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        logging.Formatter("%(levelname)s %(name)s %(message)s %(detail)s", defaults={"detail": ""})
    )
    handler.addFilter(Blotter())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("is_webhook", [False, True])
async def test_no_log_line_holds_the_token_whatever_goes_wrong(
    database: Database, written: io.StringIO, is_webhook: bool
) -> None:
    port = free_port()
    hook: dict[str, Any] = {}
    if is_webhook:
        hook = {"webhook_url": f"http://127.0.0.1:{port}/h", "webhook_port": port}
    async with telegram_home(database, is_open=False, **hook) as home:
        token = home.server.token
        home.server.fail("getMe", 401, times=2)
        home.server.fail("*", 404, times=3)
        await home.open()
        for mischief in (home.server.break_answer, home.server.drop):
            mischief("sendMessage")
            mischief("setMessageReaction")
            mischief("getUpdates")
        await home.says(home.server.user("Ann"), MOON)
        home.server.push_raw({"message": {"chat": {"id": home.group.id}}})

        def rested() -> int:
            home.let_time_pass(seconds=1)
            return home.card_now()

        await home.until(rested)
        told = await home.told()

    for text in (written.getvalue(), "\n".join(told)):
        assert "trouble" in text or "token" in text
        assert token not in text
        assert token.partition(":")[2] not in text
        assert secret_of(token) not in text
    assert "/bot" not in written.getvalue()


def test_a_secret_is_blotted_out_wherever_it_stands(written: io.StringIO, shared_database: Database) -> None:
    secret = "998877:made-up-token"
    keep_out_of_logs(secret)
    log = logging.getLogger("some.library")

    log.warning("asked https://api.test/bot%s/getMe", secret)
    log.warning("escaped %s", "bot998877%3Amade-up-token")
    log.warning("in a field", extra={"detail": {"url": f"https://{secret}@x"}})
    try:
        raise ValueError(f"{secret} was rejected")
    except ValueError:
        log.exception("failed")

    assert "made-up-token" not in written.getvalue()
    assert written.getvalue().count("•••") == 4
    assert "ValueError" in written.getvalue()
