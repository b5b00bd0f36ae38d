"""Every sentence the bot says is written in both languages, and every one written is said."""

import ast
import re
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from string import Formatter
from typing import cast, get_args

import pytest

from bot.command import FIELDS, FORMS
from bot.desk import COMMANDS
from bot.forges.forge_error import ForgeError
from bot.mail_trouble import Kind as MailTrouble
from bot.model.no_draft import NoDraft
from bot.page_problem import ADVICE, OWN_ADVICE
from bot.reading.picture_file import PictureProblem
from bot.reading.verdict import Reason, Verdict
from bot.repo_trouble import repo_key, told
from bot.rooms.room import Trouble
from bot.wechat_trouble import REASONS
from bot.wording import Wording, sentences
from renderers.issue_lint import CODES
from storage.people_records import Role
from storage.push_errors import SigningFailedError
from storage.repo_errors import RepoError

BOT = Path(__file__).parents[1] / "bot"
SAYING = {"say", "refusal"}


def literal_keys(tree: ast.AST) -> set[str]:
    """The keys of sentences in calls such as say("pitch_known", …), say("a" if x else "b")."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    saying = [call for call in calls if called(call) in SAYING]
    return {
        leaf.value
        for call in saying
        for leaf in leaves(call.args[0])
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }


def leaves(node: ast.expr) -> list[ast.expr]:
    return [*leaves(node.body), *leaves(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def sources() -> dict[Path, str]:
    """What the bot says by; the tour's people speak for themselves."""
    paths = sorted(path for path in BOT.rglob("*.py") if "tour" not in path.parts)
    return {path: path.read_text() for path in paths}


def families() -> dict[str, set[str]]:
    """Keys that are put together, by their beginning; each with all its members."""
    journal = {
        *("pitch", "read", "vote", "tag", "amend", "section", "spike", "restore", "move", "move_in_draft"),
        *("text", "withdraw", "lead", "short", "publish", "draft", "undo", "undone"),
        *("release", "ran", "unrelease", "send"),
        *("join", "wrong_code", "confirm", "merge", "take_in", "give_back", "git_edit"),
    }
    merged = {"meta", "tags", "pictures", "picture", "section"}
    shown = {"title", "source", "authors", "published", "language", "summary", "code", "url", "notes", "text"}
    return {
        "verdict_": {str(verdict) for verdict in Verdict if verdict is not Verdict.FINE},
        "read_": {str(verdict) for verdict in Verdict},
        "reason_": {str(reason) for reason in Reason},
        "advice_": {*ADVICE.values(), *OWN_ADVICE.values()},
        "help_": {form.name for form in FORMS},
        "deed_": journal,
        "field_": {*FIELDS, *shown, *merged},
        "publish_": {"kept", "kept_out"},
        "role_": {str(role) for role in Role},
        "author_": {"machine", "git"},
        "rule_": {"editor", "most", "none"},
        "lint_": {code.replace("-", "_") for code in CODES},
        "trouble_": {str(trouble) for trouble in Trouble},
        "no_draft_": {str(reason) for reason in NoDraft},
        "pull_request_": {
            *("merged", "closed", "open", "released", "unreleased"),
            *(f"{kind}_{part}" for kind in ("draft", "release", "undo") for part in ("title", "body")),
        },
        "picture_": {str(problem) for problem in PictureProblem},
        "repo_": {repo_key(error).removeprefix("repo_") for error in REPO_TROUBLES},
        "mail_": set(get_args(MailTrouble)),
        "wechat_": {*REASONS.values(), "other"},
    }


def every_kind(error: type[Exception]) -> Iterator[type[Exception]]:
    """A family of errors, without its head."""
    for kind in error.__subclasses__():
        yield kind
        yield from every_kind(kind)


REPO_TROUBLES = [*every_kind(RepoError), *every_kind(ForgeError)]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_say_the_same_things() -> None:
    for key, sentence in sentences().items():
        assert set(sentence) == {"en", "zh"}, key
        assert fields(sentence["en"]) == fields(sentence["zh"]), key


def test_every_sentence_that_is_said_is_written() -> None:
    said = {key for text in sources().values() for key in literal_keys(ast.parse(text))}
    composed = {begin + end for begin, ends in families().items() for end in ends}

    assert said - set(sentences()) == set()
    assert composed - set(sentences()) == set()


def test_every_sentence_that_is_written_is_said() -> None:
    composed = {begin + end for begin, ends in families().items() for end in ends}
    text = "\n".join(sources().values())

    unsaid = {key for key in set(sentences()) - composed if not re.search(rf'"{re.escape(key)}"', text)}
    assert unsaid == set()


def test_keys_are_put_together_only_in_known_families() -> None:
    begun = set(re.findall(r'(?:say|refusal)\(f"(\w+?_)\{', "\n".join(sources().values())))

    assert begun <= set(families())


@pytest.mark.parametrize("kind", REPO_TROUBLES, ids=lambda kind: str(kind.__name__))
def test_a_trouble_with_the_repository_is_said_in_both_languages(kind: type[RepoError | ForgeError]) -> None:
    names, make = signature(kind).parameters, cast(Callable[..., RepoError | ForgeError], kind)
    trouble = make(*(7 if name == "seconds" else f"the_{name}" for name in names))

    said = told(trouble, Wording("en"))
    assert (trouble.problem, trouble.advice) == said
    problem, advice = told(trouble, Wording("zh"))
    assert re.search("[\u4e00-\u9fff]", problem) and advice
    assert set(re.findall(r"the_[a-z]+", problem + advice)) == set(re.findall(r"the_[a-z]+", "".join(said)))


def test_git_that_gives_no_reason_is_told_as_well() -> None:
    assert told(SigningFailedError(""), Wording("zh"))[0] == "提交没能签名：…。"


def test_every_deed_in_the_journal_can_be_retold() -> None:
    noted = set()
    for text in sources().values():
        noted |= set(re.findall(r'\.note\(\s*"(\w+)"', text)) | set(re.findall(r'deed="(\w+)"', text))

    assert noted - {"undo"} <= families()["deed_"]
    assert noted >= {"pitch", "vote", "amend", "spike"}


def test_every_command_has_a_deed_and_a_sentence_of_help() -> None:
    names = {form.name for form in FORMS}

    assert set(COMMANDS) == names
    assert {f"help_{name}" for name in names} <= set(sentences())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_strangers_words_in_a_sentence_are_only_words(language: str) -> None:
    wording = Wording("zh" if language == "zh" else "en")

    said = wording.say("slate_story", number=1, title="{score} %s {0} {", score=2)

    assert "{score} %s {0} {" in said


def test_chinese_sentences_use_chinese_punctuation() -> None:
    wrong = {
        key: sentence["zh"]
        for key, sentence in sentences().items()
        if re.search(r"[\u4e00-\u9fff][,;:!?](\s|$|[\u4e00-\u9fff])", sentence["zh"])
    }
    assert wrong == {}


def test_english_sentences_hold_no_chinese() -> None:
    assert {k: s["en"] for k, s in sentences().items() if re.search(r"[\u3000-\u9fff]", s["en"])} == {}
