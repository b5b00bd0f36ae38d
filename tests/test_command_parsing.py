"""What people type after a slash, read into a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import FORMS, Command, NotUnderstood, is_command, parse_command


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/slate", Command("slate")),
        ("  /SLATE  ", Command("slate")),
        ("/slate@copydesk_bot", Command("slate")),
        ("/help publish", Command("help", ("publish",))),
        ("/amend 12 title  TFRT：全新的运行时 ", Command("amend", ("12", "title"), "TFRT：全新的运行时 ")),
        ("/amend 12 summary One  \nTwo  ", Command("amend", ("12", "summary"), "One  \nTwo  ")),
        ("/amend 12 summary\nOne", Command("amend", ("12", "summary"), "One")),
        ("/text 3", Command("text", ("3",))),
        ("/text 3 A page.\n\nMore.", Command("text", ("3",), "A page.\n\nMore.")),
        ("/move 3 before 1", Command("move", ("3", "before", "1"))),
        ("/publish", Command("publish")),
        ("/publish 2020-05-15", Command("publish", ("2020-05-15",))),
        ("/find 开源 runtime", Command("find", (), "开源 runtime")),
    ],
)
def test_a_command_is_split_by_its_form(typed: str, command: Command) -> None:
    assert parse_command(typed) == command


@pytest.mark.parametrize(
    "typed", ["/", "/ slate", "/home/ada https://a.test/", "/12", "slate", "a /slate", "/，"]
)
def test_a_slash_alone_makes_no_command(typed: str) -> None:
    assert not is_command(typed)


@pytest.mark.parametrize(
    ("typed", "nearest"), [("/slat", "slate"), ("/publsih", "publish"), ("/amned 1 title x", "amend")]
)
def test_a_misspelled_name_finds_its_nearest(typed: str, nearest: str) -> None:
    understood = parse_command(typed)

    assert isinstance(understood, NotUnderstood)
    assert (understood.nearest, understood.form) == (nearest, None)


def test_a_name_like_no_other_has_no_nearest() -> None:
    assert parse_command("/xyzzy") == NotUnderstood("/xyzzy", None)


@pytest.mark.parametrize(
    "typed",
    [
        "/story",
        "/amend 1",
        "/amend 1 title",
        "/spike 3",
        "/spike",
        "/move 3 1",
        "/slate now",
        "/lead",
        "/lead  ",
    ],
)
def test_too_few_and_too_many_words_show_the_form(typed: str) -> None:
    understood = parse_command(typed)

    assert isinstance(understood, NotUnderstood)
    assert understood.form is not None
    assert understood.form.usage.startswith(typed.split()[0])


@given(st.text())
def test_whatever_is_typed_is_understood_or_not_but_never_breaks(text: str) -> None:
    parse_command(text)
    if is_command(text):
        assert isinstance(parse_command(text), Command | NotUnderstood)


@given(form=st.sampled_from(FORMS), word=st.from_regex(r"[^\s/]{1,10}", fullmatch=True), rest=st.text())
def test_what_stands_behind_the_words_is_kept_as_typed(form: object, word: str, rest: str) -> None:
    for one in (form for form in FORMS if form.rest and rest.strip()):
        typed = " ".join([f"/{one.name}", *[word for _ in one.words], rest.lstrip()])
        command = parse_command(typed)
        assert isinstance(command, Command)
        assert command.rest == rest.lstrip()
