"""The tour's script: a day at the desk, from the first link to the commit."""

from bot.tour.day import Day, expect
from bot.tour.printed import newest


async def play(day: Day) -> None:
    """Play the whole day. Raises UnexpectedError or NotHeardError where the program does otherwise."""
    for scene in (drop_links, vote, pitch_a_known_link, mend_a_dead_link, put_words_right, go_to_press):
        await scene(day)


async def drop_links(day: Day) -> None:
    """Drop links: each becomes a story with a card; a #hashtag chooses the section."""
    await day.narrate("open", at=(9, 0))
    await day.pitch("lin", "npu")
    card = await day.card_comes("npu")
    expect(bool(card["summary"]), "a card that could be read")
    expect(card["section"] == day.lines.line("section_posts"), "the #hashtag to choose the section")
    for who, story in (("ada", "pebble"), ("ben", "keys"), ("lin", "bench")):
        await day.pitch(who, story)
    for story in ("pebble", "keys", "bench"):
        await day.card_comes(story)


async def vote(day: Day) -> None:
    """Vote by reaction and by button; a changed mind counts once."""
    await day.narrate("vote", at=(11, 20))
    await day.react("ada", "npu", "✍", state="slate", score=2)
    await day.react("lin", "pebble", "👨‍💻", state="slate", score=2)
    await day.press("zhou", "bench", "section:news", state="slate", score=2)
    await day.narrate("change_mind", at=(11, 40))
    await day.react("ada", "keys", "👎", state="waiting", score=0)
    await day.say("ben", "persuade")
    await day.react("ada", "keys", "👍", state="slate", score=2)


async def pitch_a_known_link(day: Day) -> None:
    """Drop a known link in another spelling: it is the same story, and a vote for it."""
    await day.narrate("known_link", at=(13, 30))
    await day.pitch_again("ben", "pebble", tail="?utm_source=feed#comments")
    await day.stands("pebble", state="slate", score=3)
    await day.pitch("ben", "reed")
    await day.card_comes("reed")
    await day.react("lin", "reed", "👍", state="slate", score=2)


async def mend_a_dead_link(day: Day) -> None:
    """Paste the text of a page that is gone; spike what is no news."""
    await day.narrate("dead_link", at=(15, 10))
    await day.pitch("lin", "sdk")
    card = await day.card_comes("sdk")
    expect(bool(card["problem"]) and card["state"] == "unread", "the card to say that the page is gone")
    await day.ask("lin", "paste_text", "sdk")
    await day.redrawn("sdk", lambda card: bool(card["summary"]), "a summary of the text that was pasted")
    await day.react("zhou", "sdk", "⚡", state="slate", score=2)
    await day.pitch("ben", "giveaway")
    await day.card_comes("giveaway")
    await day.ask("zhou", "spike", "giveaway")
    await day.stands("giveaway", state="spiked", score=1)


async def put_words_right(day: Day) -> None:
    """Amend a summary: a person's words stand over the machine's. Take back what went wrong."""
    await day.narrate("words", at=(16, 0))
    before = day.card("npu")["summary_label"]
    await day.ask("ada", "amend", "npu")
    await day.redrawn("npu", lambda card: bool(card["summary_label"] != before), "Ada's words on the card")
    title = day.card("pebble")["title"]
    await day.ask("ben", "amend_wrongly", "pebble")
    await day.ask("ben", "undo")
    await day.redrawn("pebble", lambda card: bool(card["title"] == title), "the title as it was")


async def go_to_press(day: Day) -> None:
    """Publish: the slate becomes a commit, and the same again makes no second one."""
    await day.narrate("press", at=(17, 30))
    await day.pitch("ada", "late")
    await day.card_comes("late")
    begun = (await newest(day.setting.config)).id
    await day.ask("lin", "publish")
    expect((await newest(day.setting.config)).id == begun, "no commit by a curator")
    for line in ("lead", "short", "slate", "preview"):
        await day.ask("zhou", line)
    await day.ask("zhou", "publish")
    first = (await newest(day.setting.config)).id
    expect(first != begun, "a commit by the editor's /publish")
    await day.stands("npu", state="drafted", score=2)
    await day.narrate("twice", at=(17, 45))
    await day.ask("zhou", "publish")
    expect((await newest(day.setting.config)).id == first, "no second commit for the same slate")
    await day.ask("lin", "why", "keys")
