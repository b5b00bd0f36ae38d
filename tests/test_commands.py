"""What people type in the room, and what the bot answers."""

import pytest

from bot.command import FORMS
from bot.desk import COMMANDS, Desk
from bot.events import MessagePosted
from storage.inbox import count_unhandled
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture
async def moon(desk: Desk, room: FakeRoom) -> FakeRoom:
    """The room with one story in it, pitched by Ada; Nora the editor is here."""
    await room.write(desk, "nora", "good morning")
    await room.write(desk, "ada", MOON)
    return room


async def test_help_lists_every_command(desk: Desk, room: FakeRoom) -> None:
    answer = await room.ask(desk, "ada", "/help")

    assert all(f"\n{form.usage} — " in answer for form in FORMS)
    assert "⚡ News 🤓 Papers 👨‍💻 Projects ✍ Posts" in answer


async def test_help_explains_one_command(desk: Desk, room: FakeRoom) -> None:
    assert await room.ask(desk, "ada", "/help /slate") == "/slate — what would run if the issue went out now"


async def test_a_misspelled_command_is_asked_back(desk: Desk, room: FakeRoom) -> None:
    assert await room.ask(desk, "ada", "/slte") == "I don't know /slte. Did you mean /slate?"
    assert await room.ask(desk, "ada", "/xyzzy") == "I don't know /xyzzy. /help shows what I know."


async def test_a_command_with_a_word_missing_shows_how_to_write_it(desk: Desk, room: FakeRoom) -> None:
    assert await room.ask(desk, "ada", "/spike 3") == "Write it like this: /spike N reason"


@pytest.mark.parametrize("word", ["moon", "-1", "1.5", "９９", "9999999999", "1)"])
async def test_what_is_no_number_is_said(desk: Desk, room: FakeRoom, word: str) -> None:
    assert f"{word} is not a story's number" in await room.ask(desk, "ada", f"/story {word}")


async def test_a_number_that_no_story_has_is_said(desk: Desk, room: FakeRoom) -> None:
    assert (
        await room.ask(desk, "ada", "/story #7") == "There is no story #7. /slate and /find show the numbers."
    )


async def test_the_slate_shows_what_would_run_and_what_waits_for_what(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ada", SUN)
    await moon.react(desk, "ben", "🤓", story=1)

    answer = await moon.ask(desk, "ada", "/slate")

    assert answer == "\n".join(
        ["On the slate: 1", "🤓 Papers", "#1 Wet moon (2)", "Waiting: #2 (1 more vote; no section yet)"]
    )


async def test_an_empty_slate_says_what_a_story_needs(desk: Desk, moon: FakeRoom) -> None:
    answer = await moon.ask(desk, "ada", "/slate")

    assert answer.startswith("The slate is empty (1 waiting). A story needs a score of 2, and a section.")
    assert "Waiting: #1" in answer


async def test_story_shows_everything_about_a_story(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ben", f"bold claim {MOON}")

    answer = await moon.ask(desk, "ada", "/story 1")

    assert answer.startswith("#1 Wet moon\n")
    for line in (f"link: {MOON}", "source: site.test", "date: 2020-04-30", "notes: ben: bold claim"):
        assert line in answer


async def test_why_retells_who_did_what_and_which_rule_decides(desk: Desk, moon: FakeRoom) -> None:
    await moon.react(desk, "ben", "🤓")
    await moon.ask(desk, "ada", "/amend 1 title A moon")
    await moon.ask(desk, "nora", "/section 1 news")

    answer = await moon.ask(desk, "ada", "/why 1")

    for said in (
        "#1 A moon: on the slate under News",
        "ada: pitched it",
        "Copydesk: read",
        "ben: voted +1",
        "ben: chose Papers",
        "ada: changed title: “Wet moon” → “A moon”",
        "nora: chose News",
        "Votes: ada +1, ben +1. Score 2, needed 2.",
        "An editor's choice outweighs.",
    ):
        assert said in answer, said


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("title", "TFRT：全新  的运行时", "TFRT：全新 的运行时"),
        ("source", "Marsh Weekly", "Marsh Weekly"),
        ("summary", "It rains. {a} *b*", "It rains. {a} *b*"),
        ("url", f"{SUN}?utm_source=x", SUN),
        ("authors", "Ada Heron, 小林", "Ada Heron, 小林"),
    ],
)
async def test_amend_changes_a_field(desk: Desk, moon: FakeRoom, field: str, typed: str, shown: str) -> None:
    answer = await moon.ask(desk, "ada", f"/amend 1 {field} {typed}")

    assert getattr(moon.card, field) == shown
    assert shown in answer
    assert "/undo" in answer


async def test_amend_gives_a_story_its_code(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", "/amend 1 code https://github.com/wet/moon")

    assert "code: https://github.com/wet/moon" in await moon.ask(desk, "ben", "/story 1")


async def test_blanks_at_the_ends_of_a_summarys_lines_stay(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", "/amend 1 summary One  \nTwo  ")

    assert moon.card.summary == "One  \nTwo  "


async def test_amend_names_the_fields_there_are(desk: Desk, moon: FakeRoom) -> None:
    answer = await moon.ask(desk, "ada", "/amend 1 titel X")

    fields = "title, source, summary, url, authors, paper, paper_link, code"
    assert answer == f"A story has no field titel. Choose one of: {fields}"


async def test_an_amendment_that_changes_nothing_is_said(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", "/amend 1 title Same")

    assert await moon.ask(desk, "ada", "/amend 1 title Same") == "#1: title says that already."


async def test_amend_accepts_the_machines_words_as_a_persons(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", "/amend 1 summary Wet moon in short.")

    assert moon.card.summary_label == "Summary"


async def test_what_is_no_link_cannot_be_a_storys_link(desk: Desk, moon: FakeRoom) -> None:
    assert "is not a link that can be read" in await moon.ask(desk, "ada", "/amend 1 url ftp://a.test/x")
    assert moon.card.url == MOON


async def test_a_link_belongs_to_one_story(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ben", SUN)

    answer = await moon.ask(desk, "ada", f"/amend 1 url {SUN}")

    assert answer == "That link belongs to #2: Loud sun. Nothing was changed."
    assert moon.card_of(1).url == MOON


async def test_another_link_for_a_page_that_failed_is_read(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="gone")
    await room.write(desk, "ada", MOON)

    await room.ask(desk, "ada", f"/amend 1 url {SUN}")

    assert (room.card.title, room.card.problem) == ("Loud sun", "")
    message = await room.write(desk, "ben", MOON)
    assert "That is #1 already" in room.answer_to(message)


async def test_a_persons_words_outlive_a_later_reading(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", "/amend 1 title Ada's moon")
    moon.pages.found[MOON] = reading("The page's moon", summary="New summary.")

    assert "Reading #1 again" in await moon.ask(desk, "ben", "/retry 1")

    assert (moon.card.title, moon.card.summary) == ("Ada's moon", "New summary.")


async def test_an_article_pasted_with_the_command_is_taken(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="login")
    await room.write(desk, "ada", MOON)
    assert "/text 1" in room.card.problem

    answer = await room.ask(desk, "ben", "/text 1 Pasted words.\n\nAs they stand there.")

    assert answer.startswith("Taken: 35 characters for #1.")
    assert (room.card.title, room.card.summary, room.card.problem) == ("Pasted words", "As pasted.", "")


async def test_an_article_is_taken_from_the_message_replied_to(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="login")
    await room.write(desk, "ada", MOON)
    article = await room.write(desk, "ada", "The whole article.")

    answer = await room.ask(desk, "ada", "/text 1", reply_to=article)

    assert "Taken: 18 characters" in answer
    assert room.card.title == "Pasted words"


async def test_text_without_an_article_says_how(desk: Desk, moon: FakeRoom) -> None:
    assert "Paste the article after the command" in await moon.ask(desk, "ada", "/text 1")


@pytest.mark.parametrize("word", ["papers", "Papers", "PAPERS", "🤓", "#papers"])
async def test_a_section_is_chosen_by_key_name_or_emoji(desk: Desk, moon: FakeRoom, word: str) -> None:
    answer = await moon.ask(desk, "ada", f"/section 1 {word}")

    assert answer == "#1: you chose Papers. It stands under Papers. /undo takes it back."
    assert moon.card.section == "Papers"


async def test_choosing_a_section_in_words_is_no_vote(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ben", "/section 1 papers")

    assert moon.card.score == 1


async def test_a_section_that_is_not_there_names_those_that_are(desk: Desk, moon: FakeRoom) -> None:
    answer = await moon.ask(desk, "ada", "/section 1 gossip")

    assert "There is no section gossip" in answer
    assert "papers 🤓 Papers" in answer


async def test_a_spiked_story_comes_back_by_an_editor(desk: Desk, moon: FakeRoom) -> None:
    assert "#1 is spiked: too old." in await moon.ask(desk, "nora", "/spike 1 too  old")
    assert moon.card.standing == "spiked: too old"
    assert "spiked already: too old" in await moon.ask(desk, "nora", "/spike 1 older")

    assert await moon.ask(desk, "nora", "/restore 1") == "#1 is back: Wet moon."
    assert moon.card.state == "waiting"
    assert "nothing to restore" in await moon.ask(desk, "nora", "/restore 1")


async def test_again_is_for_links_that_ran(desk: Desk, moon: FakeRoom) -> None:
    assert "has not run before" in await moon.ask(desk, "nora", f"/again {SUN}")
    assert "is not a link" in await moon.ask(desk, "nora", "/again moon")


async def test_an_editor_changes_the_running_order(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ada", f"{SUN} https://site.test/odd-star")
    await moon.approve(desk, 1, 2, 3)

    answer = await moon.ask(desk, "nora", "/move 3 before 1")

    assert answer == "#3 now runs before #1 in News."
    shown = [line[:2] for line in (await moon.ask(desk, "ada", "/slate")).splitlines() if line[0] == "#"]
    assert shown == ["#3", "#1", "#2"]


async def test_only_stories_of_one_section_on_the_slate_are_moved(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ada", SUN)
    assert "#1 is not on the slate" in await moon.ask(desk, "nora", "/move 1 before 2")

    await moon.approve(desk, 1)
    await moon.approve(desk, 2, emoji="🤓")
    answer = await moon.ask(desk, "nora", "/move 1 before 2")

    assert "#1 is in News and #2 in Papers" in answer
    assert "Write it like this: /move N before M" in await moon.ask(desk, "nora", "/move 1 after 2")


async def test_an_editor_writes_the_lead(desk: Desk, moon: FakeRoom) -> None:
    assert "The lead is set (12 characters)" in await moon.ask(desk, "nora", "/lead  A wet month.\n ")


async def test_anyone_adds_a_short(desk: Desk, moon: FakeRoom) -> None:
    assert "short 1" in await moon.ask(desk, "ada", "/short Reeds  grow.")
    assert "short 2" in await moon.ask(desk, "ben", "/short Herons fly.")


async def test_find_searches_titles_summaries_sources_and_links(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ada", SUN)
    await moon.ask(desk, "ada", "/amend 2 title 响亮的太阳 100%")

    assert "#1 Wet moon" in await moon.ask(desk, "ada", "/find WET short")
    assert "#2 响亮" in await moon.ask(desk, "ada", "/find 太阳 100%")
    assert "Found 2:" in await moon.ask(desk, "ada", "/find site.test")
    assert await moon.ask(desk, "ada", "/find wet 太阳") == "Nothing found for “wet 太阳”."
    assert "Nothing found" in await moon.ask(desk, "ada", "/find _____")


async def test_find_shows_ten_and_says_how_many_more(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", " ".join(f"https://site.test/no-{n}" for n in range(12)))

    answer = await room.ask(desk, "ada", "/find site.test")

    assert answer.splitlines()[0] == "Found 12:"
    assert answer.splitlines()[-1] == "… and 2 more; add a word."


@pytest.mark.parametrize("words", ["w " * 1500, "\u7684" * 20_000, "moon " * 8 + "sun"])
async def test_find_takes_so_many_words_and_says_so(desk: Desk, moon: FakeRoom, words: str) -> None:
    answer = await moon.ask(desk, "ada", f"/find {words}")

    assert answer.startswith("I looked for the first 8 words, 64 characters of each.")
    assert "open stories" in await moon.ask(desk, "ada", "/status")


async def test_status_counts_what_there_is(desk: Desk, moon: FakeRoom) -> None:
    await moon.write(desk, "ada", f"{SUN} https://site.test/odd-star")
    await moon.approve(desk, 1)
    await moon.ask(desk, "nora", "/spike 3 old")

    answer = await moon.ask(desk, "ada", "/status")

    assert answer.startswith("2 open stories (0 being read), 1 on the slate, 0 ran before, 1 spiked.")
    assert "0 events waiting" in answer
    assert "no date yet" in answer


async def test_an_editor_invites_by_a_link(desk: Desk, moon: FakeRoom) -> None:
    assert "/sign-in/" in await moon.ask(desk, "nora", "/invite")


async def test_a_publish_on_an_empty_slate_is_refused(desk: Desk, moon: FakeRoom) -> None:
    assert "nothing to publish" in await moon.ask(desk, "nora", "/publish")
    assert "May is not a date" in await moon.ask(desk, "nora", "/publish May")


async def test_a_publish_gets_a_receipt_and_its_answer_later(desk: Desk, moon: FakeRoom) -> None:
    await moon.approve(desk, 1)

    message = await moon.write(desk, "nora", "/publish 2020-05-15")

    assert moon.platform.reactions[message] == "👀"
    assert moon.answer_to(message) == ""


def test_every_command_has_its_deed() -> None:
    assert {form.name for form in FORMS} == set(COMMANDS)


class TestInChinese:
    """The same desk, speaking Chinese."""

    @pytest.fixture
    def language(self) -> str:
        return "zh"

    async def test_the_bot_answers_in_chinese(self, desk: Desk, room: FakeRoom) -> None:
        await room.write(desk, "主编", "早")
        await room.write(desk, "小林", f"看这个 {MOON}")

        assert room.card.pitched_by == "小林 提交"
        assert room.card.standing == "还差 1 票；还没有栏目"
        for command, said in (
            ("/slate", "稿单是空的"),
            ("/story 1", "链接："),
            ("/why 1", "小林：提交"),
            ("/amend 1 title 潮湿的月亮", "#1 的「标题」改为“潮湿的月亮”"),
            ("/undo", "已撤回：改「标题」"),
            ("/section 1 papers", "你选了Papers"),
            ("/spike 1 旧闻", "只有编辑能用 /spike。可以找：主编。"),
            ("/find 月亮", "没有找到"),
            ("/status", "1 条在谈"),
            ("/short 芦苇在长", "第 1 条一句话新闻"),
            ("/retry 1", "正在重读 #1"),
            ("/text 1", "请在命令后面贴正文"),
            ("/slte", "是不是 /slate？"),
            ("/help", "发链接就是提交"),
        ):
            assert said in await room.ask(desk, "小林", command), command

    async def test_editors_are_answered_in_chinese(self, desk: Desk, room: FakeRoom) -> None:
        await room.write(desk, "小林", f"{MOON} {SUN}")
        await room.approve(desk, 1, 2)

        for command, said in (
            ("/move 2 before 1", "#2 排到 #1 前面"),
            ("/spike 1 旧闻", "#1 已撤：旧闻"),
            ("/restore 1", "#1 恢复了"),
            ("/lead 本月多雨", "导读写好了（4 字）"),
            ("/invite", "登录链接"),
            ("/again https://site.test/x", "没登过"),
            ("/publish 五月", "五月 不是日期"),
            ("/undo", "已撤回：写导读"),
        ):
            assert said in await room.ask(desk, "主编", command), command


async def test_nothing_waits_once_everybody_has_been_heard(desk: Desk, moon: FakeRoom) -> None:
    async with desk.database.reading() as session:
        assert await count_unhandled(session, desk.settings.name) == 0


async def test_a_sections_emoji_is_understood_with_its_variation_selector(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", "/section 1 \u270d\ufe0f")

    assert moon.card.section == "Posts"


async def test_another_link_is_read_in_place_of_the_one_before(desk: Desk, moon: FakeRoom) -> None:
    await moon.ask(desk, "ada", f"/amend 1 url {SUN}")

    assert (moon.card.url, moon.card.title) == (SUN, "Loud sun")


async def test_what_was_found_at_a_link_of_before_is_dropped(desk: Desk, room: FakeRoom) -> None:
    person = room.person("ada")
    await room.store(desk, "ada", MessagePosted("m1", person, MOON, desk.clock()))
    await room.store(desk, "ada", MessagePosted("m2", person, f"/amend 1 url {SUN}", desk.clock()))
    room.platform.messages |= {"m1": MOON, "m2": ""}
    room.pages.found[SUN] = reading("Wet moon", source="old") | {"url": MOON}

    await room.settle(desk)

    assert room.cards == {}


async def test_a_storys_link_is_changed_by_its_pitcher_or_an_editor(desk: Desk, moon: FakeRoom) -> None:
    pitcher, other = "ada", "ben"
    await moon.write(desk, "nora", "hello")

    answer = await moon.ask(desk, other, f"/amend 1 url {SUN}")

    assert answer == f"Only {pitcher}, who pitched #1, or an editor may change its link. Ask: nora."
    await moon.ask(desk, "nora", f"/amend 1 url {SUN}")
    assert moon.card.url == SUN


async def test_a_page_that_is_being_read_is_not_sent_for_again(desk: Desk, room: FakeRoom) -> None:
    pitch, retry = room.platform.new_id(), room.platform.new_id()
    for message, text in ((pitch, MOON), (retry, "/retry 1")):
        room.platform.messages[message] = text
        await room.store(desk, "ada", MessagePosted(message, room.person("ada"), text, desk.clock()))
    await room.settle(desk)

    assert room.pages.read_urls == [MOON]
    assert room.answer_to(retry) == "#1 is being read already; its card will change."
    assert await room.ask(desk, "ada", "/retry 1") == "Reading #1 again; its card will change."


async def test_a_forwarded_message_is_never_a_command(desk: Desk, room: FakeRoom) -> None:
    forwarded = MessagePosted("m9", room.person("nora"), "/lead Not mine.", desk.clock(), forwarded=True)
    await room.store(desk, "nora", forwarded)

    await room.settle(desk)

    assert room.said == []
