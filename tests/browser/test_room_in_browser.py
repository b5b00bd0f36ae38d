"""The room in a real Chromium, with two people at once. The tests play the desk."""

import asyncio
import itertools
from collections import Counter
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import select

from bot.events import ButtonPressed, ReactionsOf, from_payload
from bot.pages.allowance import Allowance
from bot.rooms.room import Post, PostButton, PostFile
from storage.event_records import InboxEvent
from storage.people_records import Role
from tests.browser.conftest import Enter, listen
from tests.web_desk import CARD, WebDesk, voted

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def write(page: Page, text: str) -> None:
    await page.get_by_role("combobox", name="Write a message").fill(text)
    await page.keyboard.press("Enter")


def message(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


async def settled(page: Page) -> None:
    """Wait until the room has confirmed all that this browser did."""
    async with asyncio.timeout(30):
        while await page.evaluate("Object.values(sessionStorage).some(kept => kept !== '[]')"):
            await asyncio.sleep(0.02)


async def stored_events(desk: WebDesk) -> list[object]:
    async with desk.database.reading() as session:
        rows = (await session.scalars(select(InboxEvent).order_by(InboxEvent.id))).all()
    return [from_payload(row.payload) for row in rows]


async def test_two_people_write_react_edit_and_delete_and_both_see_it(enter: Enter) -> None:
    ada, ben = await enter("Ada"), await enter("Ben")

    await write(ada, "look: https://marsh.test/reeds, now")
    await expect(message(ben, "look").get_by_role("link")).to_have_attribute(
        "href", "https://marsh.test/reeds"
    )
    for page in (ada, ben):
        await message(page, "look").hover()
        await message(page, "look").get_by_role("button", name="React").click()
        await page.get_by_role("group", name="Choose a reaction").get_by_role("button", name="News").click()

    for page, names in ((ada, "you, Ben"), (ben, "Ada, you")):
        pill = message(page, "look").get_by_role("button", name=f"News: {names}")
        await expect(pill).to_have_attribute("aria-pressed", "true")
        await expect(pill).to_contain_text("2")
    await message(ben, "look").get_by_role("button", name="News: Ada, you").click()
    await expect(message(ada, "look").get_by_role("button", name="News: you")).to_contain_text("1")

    await message(ada, "look").hover()
    await message(ada, "look").get_by_role("button", name="Edit").click()
    await write(ada, "seen")
    await expect(message(ben, "seen")).to_contain_text("edited")
    await message(ada, "seen").hover()
    await message(ada, "seen").get_by_role("button", name="Delete").click()
    await ada.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(message(ben, "Message deleted")).to_have_count(1)
    await expect(ben.get_by_role("article")).to_have_count(1)


async def test_only_ones_own_messages_can_be_edited(enter: Enter) -> None:
    ada, ben = await enter("Ada"), await enter("Ben")

    await write(ada, "mine")

    await expect(message(ben, "mine").get_by_role("button", name="React")).to_have_count(1)
    await expect(message(ben, "mine").get_by_role("button", name="Edit")).to_have_count(0)
    await expect(message(ada, "mine").get_by_role("button", name="Edit")).to_have_count(1)


async def test_a_card_is_redrawn_in_place_under_the_finger_that_pressed_it(
    desk: WebDesk, enter: Enter
) -> None:
    card = await desk.room.post(Post("card:1", card=CARD))
    for number in range(30):
        await desk.room.post(Post(f"talk:{number}", f"talk {number}"))
    ada, ben = await enter("Ada"), await enter("Ben")
    await expect(ada.get_by_role("button", name="To the latest")).to_be_hidden()
    button = ada.get_by_role("region", name="Story 1").get_by_role("button", name="Run it")
    await button.scroll_into_view_if_needed()
    await button.focus()
    scroll = await ada.locator("#messages").evaluate("box => box.scrollTop")

    await ada.keyboard.press("Enter")
    await settled(ada)
    await desk.room.redraw(card, replace(voted(CARD, "Ada"), state="slate", standing=""))

    for page in (ada, ben):
        region = page.get_by_role("region", name="Story 1")
        await expect(region).to_contain_text("On the slate")
        await expect(region.get_by_role("button", name="Run it, 1: Ada")).to_have_count(1)
    await expect(button).to_be_focused()
    await expect(button).to_have_attribute("aria-pressed", "true")
    assert await ada.locator("#messages").evaluate("box => box.scrollTop") == scroll
    assert len(await stored_events(desk)) == 1


async def test_a_card_shows_all_that_the_desk_knows(desk: WebDesk, enter: Enter) -> None:
    card = replace(CARD, state="unread", problem="The page asks for a login: /text 1", section="⚡ News")
    await desk.room.post(Post("card:1", card=card))
    ada = await enter("Ada")

    region = ada.get_by_role("region", name="Story 1: Reeds that count")
    for shown in (card.source, card.authors, card.date, card.language, card.pitched_by, card.notes[0]):
        await expect(region).to_contain_text(shown)
    for shown in (card.summary, card.summary_label, card.advice, card.standing, card.problem, card.section):
        await expect(region).to_contain_text(shown)
    await expect(region).to_contain_text("Not read")
    title = region.get_by_role("heading").get_by_role("link", name=card.title)
    await expect(title).to_have_attribute("rel", "noopener noreferrer")
    await expect(title).to_have_attribute("target", "_blank")


async def test_the_button_under_an_answer_is_pressed_as_in_other_rooms(desk: WebDesk, enter: Enter) -> None:
    post = Post("preview:1", "Release of 2020-05-15", buttons=(PostButton("release:7", "Release"),))
    asked = await desk.room.post(post)
    ada = await enter("Ada")

    button = message(ada, "Release of").get_by_role("button", name="Release", exact=True)
    await button.focus()
    await ada.keyboard.press("Enter")
    await settled(ada)

    [pressed] = await stored_events(desk)
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.message_id, pressed.button) == (asked, "release:7")
    await expect(button).to_be_focused()


async def test_a_command_is_completed_by_keyboard_alone(enter: Enter) -> None:
    ada = await enter("Ada")
    field = ada.get_by_role("combobox")
    await expect(field).to_be_focused()

    await ada.keyboard.type("/p")
    await expect(ada.get_by_role("listbox", name="Commands").get_by_role("option")).to_have_count(2)
    await expect(field).to_have_attribute("aria-expanded", "true")
    await ada.keyboard.press("ArrowDown")
    await expect(ada.get_by_role("option", selected=True)).to_contain_text("/publish")
    active = await field.get_attribute("aria-activedescendant")
    assert await ada.locator(f"#{active}").get_attribute("aria-selected") == "true"
    await ada.keyboard.press("Enter")
    await expect(field).to_have_value("/publish ")
    await expect(ada.get_by_role("listbox")).to_be_hidden()
    await ada.keyboard.type("2020-05-15")
    await ada.keyboard.press("Enter")

    await expect(message(ada, "/publish 2020-05-15")).to_have_count(1)


async def test_a_command_typed_whole_is_sent_by_one_enter(enter: Enter) -> None:
    ada = await enter("Ada")

    await ada.keyboard.type("/preview")
    await ada.keyboard.press("Enter")

    await expect(message(ada, "/preview")).to_have_count(1)


async def test_escape_closes_the_completion_and_keeps_the_words(enter: Enter) -> None:
    ada = await enter("Ada")

    await ada.keyboard.type("/pu")
    await ada.keyboard.press("Escape")

    await expect(ada.get_by_role("listbox")).to_be_hidden()
    await expect(ada.get_by_role("combobox")).to_have_value("/pu")


async def test_enter_that_takes_a_candidate_of_an_input_method_sends_nothing(enter: Enter) -> None:
    ada = await enter("Ada")
    field = ada.get_by_role("combobox")
    await field.fill("ni hao")

    await field.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true}))"
    )

    await expect(field).to_have_value("ni hao")
    await expect(ada.get_by_role("article")).to_have_count(0)


async def test_shift_enter_begins_a_line(enter: Enter) -> None:
    ada = await enter("Ada")

    await ada.keyboard.type("one")
    await ada.keyboard.press("Shift+Enter")
    await ada.keyboard.type("two")
    await ada.keyboard.press("Enter")

    await expect(ada.locator(".words")).to_have_text("one\ntwo", use_inner_text=True)


async def test_after_the_server_was_away_nothing_is_missed_and_nothing_comes_twice(
    desk: WebDesk, enter: Enter, complaints: list[str]
) -> None:
    ada, ben = await enter("Ada"), await enter("Ben")
    await write(ada, "before")
    await expect(message(ben, "before")).to_have_count(1)

    await desk.close()
    await expect(ada.get_by_text("No connection.")).to_be_visible()
    await write(ada, "written without a connection")
    await expect(message(ada, "written without")).to_contain_text("sending…")
    await desk.room.post(Post("card:1", card=CARD))
    await desk.open()

    for page in (ada, ben):
        await expect(page.get_by_text("No connection.")).to_be_hidden(timeout=20_000)
        await expect(page.get_by_role("article")).to_have_count(3)
        await expect(message(page, "written without")).to_have_count(1)
        await expect(page.get_by_text("sending…")).to_have_count(0)
    texts = Counter(getattr(event, "text", "") for event in await stored_events(desk))
    assert texts == {"before": 1, "written without a connection": 1}
    complaints[:] = [
        line for line in complaints if "ERR_CONNECTION_REFUSED" not in line and "WebSocket" not in line
    ]


async def test_what_could_not_be_sent_is_sent_once_after_a_reload(
    desk: WebDesk, enter: Enter, complaints: list[str]
) -> None:
    ada, ben = await enter("Ada"), await enter("Ben")
    cut = True
    await ada.route_web_socket(
        "**/socket", lambda route: None if cut else (route.connect_to_server() and None)
    )
    await ada.reload()
    await write(ada, "kept")
    await expect(message(ada, "kept")).to_contain_text("sending…")

    cut = False
    await ada.reload()
    await settled(ada)

    for page in (ada, ben):
        await expect(message(page, "kept")).to_have_count(1)
        await expect(page.get_by_text("sending…")).to_have_count(0)


async def test_many_quick_changes_of_mind_end_as_they_were_last_shown(desk: WebDesk, enter: Enter) -> None:
    ada, ben = await enter("Ada"), await enter("Ben")
    await write(ada, "look")
    await message(ben, "look").hover()
    await message(ben, "look").get_by_role("button", name="React").click()
    await ben.get_by_role("button", name="Papers", exact=True).click()

    await (
        message(ada, "look")
        .get_by_role("button", name="Papers")
        .evaluate("pill => { for (let time = 0; time < 7; time++) pill.click(); }")
    )

    await settled(ada)
    await expect(message(ben, "look").get_by_role("button", name="Papers: you, Ada")).to_have_count(1)
    last = (await stored_events(desk))[-1]
    assert isinstance(last, ReactionsOf)
    assert last.emojis == ("🤓",)


async def test_the_palette_works_by_keyboard_and_gives_the_focus_back(enter: Enter) -> None:
    ada = await enter("Ada")
    await write(ada, "look")
    opener = message(ada, "look").get_by_role("button", name="React")
    await opener.focus()

    await ada.keyboard.press("Enter")
    await ada.keyboard.press("ArrowRight")
    await expect(ada.get_by_role("button", name="Leave it")).to_be_focused()
    await ada.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await ada.keyboard.press("Enter")
    await ada.keyboard.press("Enter")

    await expect(message(ada, "look").get_by_role("button", name="Run it: you")).to_have_count(1)
    await expect(opener).to_be_focused()


async def test_a_reply_says_what_it_answers(enter: Enter, desk: WebDesk) -> None:
    await desk.room.post(Post("card:1", card=CARD))
    ada = await enter("Ada")
    await ada.get_by_role("article").hover()
    await ada.get_by_role("article").get_by_role("button", name="Reply").click()

    await write(ada, "/text 1 the whole article")

    quotation = message(ada, "the whole article").get_by_role("link", name="Copydesk Reeds that count")
    await expect(quotation).to_have_count(1)
    await quotation.click()
    await expect(ada.get_by_role("article").first).to_be_focused()


async def test_words_of_strangers_stay_words(enter: Enter, desk: WebDesk) -> None:
    hostile = "<img src=x onerror=alert(1)> javascript:alert(1) [x](https://a.test/) https://b.test/é（见）。"
    await desk.room.post(
        Post("card:1", card=replace(CARD, title="<b>bold</b>", url="javascript:alert(1)", notes=(hostile,)))
    )
    ada = await enter("Ada")

    await write(ada, hostile)

    await expect(ada.locator(".words")).to_have_text(hostile)
    addresses = await ada.locator(".words a").evaluate_all("links => links.map(link => link.href)")
    assert addresses == ["https://a.test/", "https://b.test/%C3%A9"]
    await expect(ada.locator("#messages img, #messages b")).to_have_count(0)
    await expect(ada.get_by_role("heading", name="<b>bold</b>").get_by_role("link")).to_have_count(0)


async def test_who_reads_further_up_is_offered_the_new_messages(enter: Enter, desk: WebDesk) -> None:
    for number in range(40):
        await desk.room.post(Post(f"talk:{number}", f"talk {number}"))
    ada = await enter("Ada")
    await expect(message(ada, "talk 39")).to_be_in_viewport()
    await ada.locator("#messages").evaluate("box => { box.scrollTop = 0; }")
    await expect(ada.get_by_role("button", name="To the latest")).to_be_visible()

    await desk.room.post(Post("late", "the latest"))
    offer = ada.get_by_role("button", name="New messages")
    await expect(offer).to_be_visible()
    assert await ada.locator("#messages").evaluate("box => box.scrollTop") == 0
    await offer.click()

    await expect(message(ada, "the latest")).to_be_in_viewport()
    await expect(offer).to_be_hidden()


async def test_what_stood_there_before_is_not_read_out_and_what_comes_is(enter: Enter, desk: WebDesk) -> None:
    await desk.room.post(Post("before", "before"))
    ada = await enter("Ada")

    await expect(message(ada, "before")).to_have_count(1)

    await expect(ada.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await expect(ada.get_by_role("log")).to_have_attribute("aria-relevant", "additions")


async def test_a_refused_text_comes_back_with_the_reason(enter: Enter, desk: WebDesk) -> None:
    ada = await enter("Ada")
    await ada.evaluate(
        "sessionStorage.setItem('copydesk-outbox-1', JSON.stringify("
        "[{op: 'say', key: 'too-long', text: 'x'.repeat(40001), reply_to: null, at: Date.now()}]))"
    )

    await ada.reload()

    await expect(ada.get_by_text("A message has at most 40000 characters.")).to_be_visible()
    await expect(ada.get_by_role("combobox")).to_have_value("x" * 40001)
    await expect(ada.get_by_role("article")).to_have_count(0)


async def test_an_op_refused_for_its_haste_is_sent_again_by_itself(enter: Enter, desk: WebDesk) -> None:
    ada = await enter("Ada")
    clock = itertools.count()
    desk.front.allowance = Allowance(lambda: float(next(clock)), burst=1, each_second=0.5)

    for text in ("one", "two", "three"):
        await write(ada, text)
    await settled(ada)

    await expect(ada.locator(".words")).to_have_text(["one", "two", "three"])


async def test_a_person_signs_in_through_the_form_and_out_again(
    chromium: Browser, desk: WebDesk, complaints: list[str]
) -> None:
    token = await desk.invite(Role.EDITOR)
    context = await chromium.new_context()
    page = await context.new_page()
    listen(page, desk, complaints)

    await page.goto(f"{desk.address}/sign-in/{token}")
    await page.get_by_label("Your name").fill("Cy")
    await page.get_by_role("button", name="Enter the room").click()
    await expect(page.locator("#here")).to_have_text("1 here: you")
    await page.get_by_role("button", name="Sign out").click()

    await expect(page.get_by_role("heading", name="You need an invitation")).to_be_visible()
    complaints[:] = [line for line in complaints if "401" not in line]
    await context.close()


async def test_the_preview_is_reached_from_the_room(enter: Enter, desk: WebDesk) -> None:
    ada = await enter("Ada")

    await ada.get_by_role("link", name="Preview").click()

    await expect(ada.get_by_role("article", name="The issue")).to_contain_text("Reeds grow fast.")
    await ada.get_by_role("link", name="The room").click()
    await expect(ada.get_by_role("log")).to_have_count(1)


async def test_a_file_is_downloaded_from_its_message(enter: Enter, desk: WebDesk) -> None:
    await desk.room.post(Post("preview", "The issue so far", file=PostFile("五月.md", "# 五月\n")))
    ada = await enter("Ada")

    async with ada.expect_download() as started:
        await ada.get_by_role("link", name="Download 五月.md").click()

    file = await started.value
    assert file.suggested_filename == "五月.md"
    assert (await file.path()).read_text("utf-8") == "# 五月\n"


async def test_landmarks_labels_and_the_order_of_the_focus(enter: Enter, desk: WebDesk) -> None:
    await desk.room.post(Post("card:1", card=CARD))
    ada = await enter("Ada")
    for role in ("banner", "main", "navigation", "log"):
        await expect(ada.get_by_role(role)).to_have_count(1)
    await expect(ada.get_by_role("form", name="Write a message")).to_have_count(1)
    await expect(ada.get_by_role("heading", level=1)).to_have_text("The Marshland Gazette")
    assert await ada.locator("html").get_attribute("lang") == "en"
    nameless = await ada.locator("button, a, textarea, input").evaluate_all(
        "found => found.filter(one => !(one.getAttribute('aria-label') || one.textContent.trim())).length"
    )
    assert nameless == 0

    await ada.get_by_role("link", name="Skip to the messages").focus()
    walk = []
    for _ in range(13):
        await ada.keyboard.press("Tab")
        walk.append(
            await ada.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")
        )
    assert walk[:4] == ["Skip to writing", "Preview", "Issues", "Sign out"]
    assert walk[5:] == ["Reeds that count", "👍", "👎", "⚡News", "React", "Reply", "words", "Send"]


async def test_every_focused_thing_shows_that_it_has_the_focus(enter: Enter, desk: WebDesk) -> None:
    await desk.room.post(Post("card:1", card=CARD))
    ada = await enter("Ada")

    for _ in range(13):
        await ada.keyboard.press("Tab")
        outline = await ada.evaluate(
            "document.activeElement === document.body || "
            "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
        )
        assert outline


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_nothing_is_wider_than_the_screen(enter: Enter, desk: WebDesk, scheme: str) -> None:
    long_title = "Quantization-aware-training-without-a-single-blank-" * 4
    await desk.room.post(Post("card:1", card=replace(CARD, title=long_title, notes=("长" * 200,))))
    await desk.room.post(Post("talk", "https://marsh.test/" + "a" * 300))
    ada = await enter("Ada", viewport={"width": 360, "height": 640}, color_scheme=scheme)
    await expect(ada.get_by_role("article")).to_have_count(2)

    widths = await ada.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('#messages').scrollWidth]"
    )

    assert max(widths) <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_stands_out_from_what_is_behind_it(enter: Enter, scheme: str) -> None:
    ada = await enter("Ada", color_scheme=scheme)
    pairs = [(ink, behind) for ink in ("ink", "quiet", "red") for behind in ("paper", "sheet")] + [
        ("on-red", "red"),
        ("red", "red-wash"),
        ("green", "green-wash"),
        ("blue", "blue-wash"),
        ("amber", "amber-wash"),
    ]
    names = sorted({name for pair in pairs for name in pair})

    values = await ada.evaluate(
        """names => {
            const style = getComputedStyle(document.documentElement);
            return names.map(name => style.getPropertyValue(`--${name}`).trim());
        }""",
        names,
    )

    colours = dict(zip(names, values, strict=True))
    for ink, behind in pairs:
        assert contrast(colours[ink], colours[behind]) >= 4.5, (ink, behind)  # WCAG 2.2 AA, 1.4.3


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
