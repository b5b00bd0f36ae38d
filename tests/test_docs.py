"""The docs name everything there is, and nothing that is not there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

from bot.card import STATE_EMOJI
from bot.cli import app
from bot.command import FORMS
from bot.config import Config, parse_config
from bot.emoji import ON_THE_SLATE, TAKEN, VOTE_DOWN, VOTE_UP
from bot.permission import EDITORS_ONLY
from bot.reading.verdict import Verdict

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
REFERENCE = ROOT / "docs" / "reference"

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|\b(?:src|href)=\"([^\"]+)\"")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
MAKE = re.compile(r"(?:^|[|&;(] *)make +([a-z][a-z-]*)", re.MULTILINE)
# Of the web room, and of Telegram's own bot for making bots: they begin with a slash as commands do.
ADDRESSES = {"healthz", "socket", "issues", "newbot", "setprivacy"}
BOT = re.compile(r"python -m bot +([a-z][a-z-]*)(?: +([a-z][a-z-]*))?")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def first_cells(page: str) -> list[str]:
    """What stands in the first column of a page's tables."""
    lines = text_of(REFERENCE / page).splitlines()
    return [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]


def tables_of_config(model: type[BaseModel] = Config, at: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                path = f"{at}{name}"
                yield path, kind
                yield from tables_of_config(kind, f"{path}.")


def config_keys() -> list[tuple[str, str]]:
    return [(table, key) for table, model in tables_of_config() for key in model.model_fields]


def operator_commands(group: typer.Typer = app, before: str = "") -> Iterator[str]:
    for command in group.registered_commands:
        assert command.callback is not None
        yield before + (command.name or command.callback.__name__.replace("_", "-"))
    for nested in group.registered_groups:
        assert nested.typer_instance is not None
        yield from operator_commands(nested.typer_instance, f"{before}{nested.typer_instance.info.name} ")


def options_of(command: str) -> set[str]:
    found: Any = typer.main.get_command(app)
    for word in command.split():
        found = found.commands[word]
    return {option for parameter in found.params for option in parameter.opts if option.startswith("--")}


def links_in(page: Path) -> list[str]:
    """A page's links inside the project."""
    prose = CODE.sub("", FENCE.sub("", text_of(page)))
    targets = [a or b for a, b in LINK.findall(prose)]
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def code_in(path: Path) -> str:
    """A page's code, fenced and inline, each piece on lines of its own."""
    text = text_of(path)
    fenced = [body for _, _, body in FENCE.findall(text)]
    return "\n".join([*fenced, *CODE.findall(FENCE.sub("", text))])


def toml_in(path: Path) -> list[dict[str, Any]]:
    return [tomllib.loads(body) for _, kind, body in FENCE.findall(text_of(path)) if kind == "toml"]


def section_of_page(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    parts = re.split(r"^#+ (.*)$", text_of(REFERENCE / page), flags=re.MULTILINE)
    return next(body for title, body in zip(parts[1::2], parts[2::2], strict=True) if heading in title)


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    paths = [target.partition("#")[0] for target in links_in(page)]

    assert [path for path in paths if path and not (page.parent / path).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_every_anchor_leads_to_a_heading(page: Path) -> None:
    for target in links_in(page):
        path, _, anchor = target.partition("#")
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text_of(page.parent / path if path else page), re.MULTILINE)
            assert anchor in [
                re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings
            ]


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        ahead += [(page.parent / target.partition("#")[0]).resolve() for target in links_in(page)]

    assert [name_of(page) for page in DOCS if page not in reached] == []


@pytest.mark.parametrize(("table", "key"), config_keys(), ids=".".join)
def test_every_config_key_is_documented_under_its_table(table: str, key: str) -> None:
    body = section_of_page("configuration.md", f"[{table}]")

    assert re.search(rf"^\| `{key}` \|", body, re.MULTILINE) or f"[[{table}.{key}]]" in body


@pytest.mark.parametrize("table", [table for table, _ in tables_of_config()])
def test_no_config_key_is_documented_that_does_not_exist(table: str) -> None:
    model = dict(tables_of_config())[table]
    documented = re.findall(
        r"^\| `(\w+)` \|", section_of_page("configuration.md", f"[{table}]"), re.MULTILINE
    )

    assert documented == list(model.model_fields)


def test_the_documented_defaults_are_those_of_the_config() -> None:
    for table, model in tables_of_config():
        body = section_of_page("configuration.md", f"[{table}]")
        for key, field in model.model_fields.items():
            [said] = re.findall(rf"^\| `{key}` \| (.*?) \|", body, re.MULTILINE)
            if field.is_required():
                assert said == "required"
            elif said == "none":  # a table that may be left out
                assert field.get_default() is None
            else:
                [(_, value)] = tomllib.loads(f"x = {said.split('`')[1]}").items()
                default = field.get_default()
                plain = list(default) if isinstance(default, tuple) else default
                assert value == (str(plain) if isinstance(plain, Path) else plain), f"{table}.{key}"


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_every_config_snippet_in_the_docs_is_understood(page: Path) -> None:
    example = tomllib.loads(text_of(ROOT / "config.example.toml"))

    for snippet in toml_in(page):
        tables = {name: {**example.get(name, {}), **table} for name, table in snippet.items()}
        given = {section["key"] for section in tables.get("desk", {}).get("sections", [])}
        rest = [section for section in example["desk"]["sections"] if section["key"] not in given]
        if given:
            tables["desk"]["sections"] += rest
        parse_config({**example, **tables})


def test_the_example_config_names_every_key_some_behind_a_comment_sign() -> None:
    text = re.sub(r"(?m)^# (?=\[|\w+ = )", "", text_of(ROOT / "config.example.toml"))
    example = tomllib.loads(text)

    for table, model in tables_of_config():
        found: Any = example
        for part in table.split("."):
            found = found[part]
        for given in found if isinstance(found, list) else [found]:
            assert sorted(given) == sorted(model.model_fields), table


def test_every_chat_command_is_documented_as_help_shows_it() -> None:
    documented = [cell.strip("`").replace("\\|", "|") for cell in first_cells("commands.md")]

    assert sorted(documented) == sorted(["command", *(form.usage for form in FORMS)])


def test_the_docs_say_which_commands_are_editors_only() -> None:
    said = re.findall(r"^\| `/(\w+)[^`]*` \| (\w+) \|", text_of(REFERENCE / "commands.md"), re.MULTILINE)

    assert {name for name, who in said if who == "editors"} == EDITORS_ONLY


@pytest.mark.parametrize("command", sorted(operator_commands()))
def test_every_operator_command_is_documented_with_its_options(command: str) -> None:
    text = text_of(REFERENCE / "operator-commands.md")
    [row] = [line for line in text.splitlines() if re.match(rf"\| `{command}(?:`| )", line)]
    usage = row.split(" | ")[0]

    shared = {"--config", "--help"}
    assert {option for option in options_of(command) - shared if option not in usage} == set()
    assert set(re.findall(r"--[a-z-]+", usage)) <= options_of(command)


def test_every_section_vote_and_state_emoji_is_documented() -> None:
    page = text_of(REFERENCE / "reactions.md")
    example = parse_config(tomllib.loads(text_of(ROOT / "config.example.toml")))
    sections = [section.emoji for section in example.desk.sections]

    known = [VOTE_UP, VOTE_DOWN, TAKEN, ON_THE_SLATE, *sections, *STATE_EMOJI.values()]
    assert [emoji for emoji in known if emoji not in page] == []
    for state, emoji in STATE_EMOJI.items():
        assert f"| `{state}` | {emoji} |" in page


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_is_documented(verdict: Verdict) -> None:
    assert f"`{verdict.value}`" in first_cells("operator-commands.md")
    if verdict != Verdict.FINE:
        assert f"| `{verdict.value}` |" in text_of(ROOT / "docs/how-to/read-a-page-that-will-not-be-read.md")


@pytest.mark.parametrize("target", sorted(set(TARGET.findall(text_of(ROOT / "Makefile")))))
def test_every_make_target_is_documented(target: str) -> None:
    text = text_of(ROOT / "README.md") + text_of(ROOT / "CONTRIBUTING.md")

    assert f"make {target}" in text


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_every_make_target_in_the_docs_exists(page: Path) -> None:
    assert set(MAKE.findall(code_in(page))) <= set(TARGET.findall(text_of(ROOT / "Makefile")))


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_every_operator_command_in_the_docs_exists(page: Path) -> None:
    commands = set(operator_commands())

    for first, second in BOT.findall(code_in(page)):
        assert first in commands or f"{first} {second}" in commands or first == "document", first


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_every_chat_command_in_the_docs_exists(page: Path) -> None:
    known = {form.name for form in FORMS}
    named = re.findall(r"^/([a-z]+)(?= |$)", code_in(page), re.MULTILINE)

    assert {name for name in named if name not in known} <= ADDRESSES


def test_the_pictures_are_light() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}

    assert sizes
    assert {name: size for name, size in sizes.items() if size >= 300_000} == {}


def test_the_procfile_starts_commands_that_exist() -> None:
    commands = [line.partition(": ")[2] for line in text_of(ROOT / "Procfile").splitlines()]

    assert len(commands) == 4
    for command in commands:
        [(first, _)] = BOT.findall(command)
        assert first in set(operator_commands())
        assert set(re.findall(r"--[a-z-]+", command)) <= options_of(first)
