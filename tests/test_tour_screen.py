from datetime import date, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.tour.day_clock import DayClock
from bot.tour.lines import Lines
from bot.tour.moments import Changed, Narrated, Reacted
from bot.tour.prose import wrapped
from bot.tour.screen import Screen, reading_time

PROSE = st.text(st.sampled_from("读网页，卡片就到。“端侧”（#博文）ab c. "), max_size=80)


@given(PROSE, st.integers(min_value=12, max_value=60))
def test_wrapping_keeps_every_word_and_fits_the_width(text: str, width: int) -> None:
    lines = list(wrapped(text, width))

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width or " " not in line.strip() for line in lines)


def test_chinese_breaks_between_characters_but_never_before_a_full_stop() -> None:
    assert list(wrapped("读完网页，卡片就到。", 8)) == ["读完网", "页，卡片", "就到。"]


def test_english_breaks_between_words() -> None:
    assert list(wrapped("the card follows", 9)) == ["the card", "follows"]


async def test_everyone_keeps_one_colour() -> None:
    written = StringIO()
    console = Console(file=written, force_terminal=True, color_system="standard", width=80)
    screen = Screen(console, Lines("en"), pace=0)

    for name in ("Lin", "Ada", "Lin"):
        await screen.see(Reacted(name, 1, ("👍",)))

    lin, ada, again = [
        line.partition("reacts")[0] for line in written.getvalue().splitlines() if "👍" in line
    ]
    assert lin == again
    assert lin.replace("Lin", "Ada") != ada


def test_long_words_take_longer_to_read_but_never_forever() -> None:
    short = reading_time(Changed(1, "title", "slate", "ok", 2))
    sentence = reading_time(Narrated("09:00", "word " * 20))
    novel = reading_time(Narrated("09:00", "word " * 10_000))

    assert 0 < short < sentence < novel <= 10


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_clock_of_the_day_is_turned_on_but_never_back(hour: int) -> None:
    seconds = 0.0
    clock = DayClock(date(2026, 5, 15), ZoneInfo("Asia/Shanghai"), lambda: seconds)

    clock.turn_to(hour, 0)
    then = clock()
    seconds += 5
    clock.turn_to(0, 0)

    assert (then.hour, then.minute) == (hour, 0)
    assert clock() - then == timedelta(seconds=5)
