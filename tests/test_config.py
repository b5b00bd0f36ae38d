"""config.toml: every complaint names the key and the cure."""

import json
import re
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.config import Config, ConfigError, load_config, parse_config, shown_config

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"


@pytest.fixture
def tables() -> dict[str, Any]:
    return tomllib.loads(EXAMPLE.read_text())


def complaints(tables: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as refused:
        parse_config(tables)
    assert str(refused.value).endswith("Mend config.toml and start again.")
    return "\n".join(refused.value.complaints)


def test_the_example_is_a_config(tables: dict[str, Any]) -> None:
    config = load_config(EXAMPLE)

    assert config == parse_config(tables)
    assert (config.desk.threshold, str(config.zone)) == (2, "Asia/Shanghai")


def keys_of(table: type[BaseModel], at: str = "") -> set[str]:
    """Every key that an operator can set, as a path."""
    found: set[str] = set()
    for name, field in table.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        found |= keys_of(inner[0], f"{at}{name}.") if inner else {f"{at}{name}"}
    return found


def given_keys(tables: dict[str, Any], at: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in tables.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        found |= given_keys(inner, f"{at}{name}.") if isinstance(inner, dict) else {f"{at}{name}"}
    return found


def test_the_example_holds_every_key_some_behind_a_comment_sign() -> None:
    example = re.sub(r"(?m)^# (?=\[|\w+ = )", "", EXAMPLE.read_text())

    assert given_keys(tomllib.loads(example)) == keys_of(Config)


ROOM_ON_TELEGRAM = {"name": "lounge", "chat": -1001}


def test_rooms_of_one_name_are_refused(tables: dict[str, Any]) -> None:
    tables["telegram"] = {"rooms": [ROOM_ON_TELEGRAM]}
    tables["discord"] = {"rooms": [{"name": "lounge", "channel": 5}]}

    with pytest.raises(ConfigError, match="two rooms have the name 'lounge'; give each its own"):
        parse_config(tables)


@pytest.mark.parametrize("editor", ["nora", "@nora", "telegram: 12", "telegram:chat:-1001", "signal:12", ""])
def test_who_is_no_identity_of_a_person_is_no_editor(tables: dict[str, Any], editor: str) -> None:
    tables["desk"]["editors"] = ["discord:12", editor]

    assert "desk.editors: number 2 names nobody; write an identity" in complaints(tables)


def test_one_place_is_one_room(tables: dict[str, Any]) -> None:
    again = ROOM_ON_TELEGRAM | {"name": "again"}
    tables["telegram"] = {"rooms": [ROOM_ON_TELEGRAM, again]}
    tables["discord"] = {"rooms": [{"name": "den", "channel": 5}, {"name": "cave", "channel": 5}]}

    assert "two rooms have the chat" in complaints(tables)
    assert "two rooms have the channel 5; keep one of them" in complaints(tables)

    tables["telegram"] = {"rooms": [ROOM_ON_TELEGRAM, again | {"topic": 7}]}
    tables["discord"] = {"rooms": [{"name": "den", "channel": 5}]}
    assert len(parse_config(tables).platform_rooms) == 3


def test_a_platform_with_rooms_must_be_one_whose_emoji_are_checked(tables: dict[str, Any]) -> None:
    tables["telegram"] = {"rooms": [ROOM_ON_TELEGRAM]}
    tables["desk"]["platforms"] = ["web"]

    assert "desk.platforms: add 'telegram', which has rooms in this config" in complaints(tables)


def test_more_sections_than_a_card_on_discord_can_show_are_refused(tables: dict[str, Any]) -> None:
    tables["discord"] = {"rooms": [{"channel": 5}]}
    emojis = "🍌🏆💔🤨😐🍓🍾💋😈😴😭🤓👻🎃🙈😇"
    tables["desk"]["sections"] = tables["desk"]["sections"] + [
        {"key": f"more{number}", "name": "More", "emoji": emoji}
        for number, emoji in enumerate(emojis.replace("🤓", ""))
    ]

    assert "a card on Discord shows 18 sections at most; there are 19" in complaints(tables)


def test_the_editors_room_must_be_one_of_the_rooms(tables: dict[str, Any]) -> None:
    tables["telegram"] = {"rooms": [ROOM_ON_TELEGRAM]}
    tables["desk"]["editors_room"] = "lunge"

    with pytest.raises(ConfigError, match="there is no room 'lunge'; known here: web, lounge"):
        parse_config(tables)


def test_a_misspelled_key_of_a_room_finds_the_nearest(tables: dict[str, Any]) -> None:
    tables["telegram"] = {"rooms": [{"name": "lounge", "chatt": -1001}]}

    with pytest.raises(
        ConfigError, match=r"telegram\.rooms\.0\.chatt: there is no such key\. Did you mean 'chat'"
    ):
        parse_config(tables)


def test_cards_are_shown_in_the_rooms_that_want_them(tables: dict[str, Any]) -> None:
    tables["web"]["cards"] = False
    tables["telegram"] = {"rooms": [ROOM_ON_TELEGRAM, {"name": "readers", "chat": -1002, "cards": False}]}

    assert parse_config(tables).card_rooms == ("lounge",)


@pytest.mark.parametrize(
    ("path", "key", "complaint"),
    [
        ((), "newsrom", "newsrom: there is no such key. Did you mean 'newsroom'?"),
        (("newsroom",), "langauge", "newsroom.langauge: there is no such key. Did you mean 'language'?"),
        (("desk",), "treshold", "desk.treshold: there is no such key. Did you mean 'threshold'?"),
        (
            ("desk", "sections", 0),
            "emojis",
            "desk.sections.0.emojis: there is no such key. Did you mean 'emoji'?",
        ),
        (("newsletter",), "layuot", "newsletter.layuot: there is no such key. Did you mean 'layout'?"),
        (("web",), "prot", "web.prot: there is no such key. Did you mean 'port'?"),
        (("reading",), "second", "reading.second: there is no such key. Did you mean 'seconds'?"),
        (("web",), "zzz", "web.zzz: there is no such key. Known here: host, port, public_url, cards."),
    ],
)
def test_an_unknown_key_is_asked_back(
    tables: dict[str, Any], path: tuple[str | int, ...], key: str, complaint: str
) -> None:
    table: Any = tables
    for step in path:
        table = table[step]
    table[key] = "x"

    assert complaints(tables) == complaint


def test_a_model_is_named_whole_and_without_a_password(tables: dict[str, Any]) -> None:
    model = {"url": "http://127.0.0.1:11434/v1/", "model": "tiny"}
    parsed = parse_config(tables | {"summary": {"llm": model}})
    assert parsed.summary.llm is not None
    assert parsed.summary.llm.url == "http://127.0.0.1:11434/v1"
    assert parse_config(tables).summary.llm is None

    assert "summary.llm.model: it is missing" in complaints(
        tables | {"summary": {"llm": {"url": "http://a/v1"}}}
    )
    assert "Did you mean 'seconds'" in complaints(tables | {"summary": {"llm": model | {"second": 1}}})
    for wrong in ({"url": "http://ada:s3cret@host/v1"}, {"url": "s3cret"}, {"key_env": "sk-s3cret-key"}):
        said = complaints(tables | {"summary": {"llm": model | wrong}})
        assert said.startswith("summary.llm.")
        assert "s3cret" not in said


PULLS = {"forge": "github", "project": "ada/newsletter"}
BY_PULL_REQUEST = {
    "way": "pull-request",
    "remote": "https://github.com/ada/newsletter",
    "pull_request": PULLS,
}


def test_pull_requests_go_to_the_forge_of_the_config(tables: dict[str, Any]) -> None:
    newsletter = parse_config(
        tables | {"newsletter": {**BY_PULL_REQUEST, "token_env": "GIT_TOKEN"}}
    ).newsletter
    assert newsletter.pull_request is not None
    assert newsletter.pull_request.address == "https://api.github.com"
    assert newsletter.forge_token_env == "GIT_TOKEN"
    assert newsletter.mark is None

    own = {
        "forge": "gitlab",
        "project": "a/b/c",
        "api": "https://git.test/api/v4/",
        "token_env": "FORGE_TOKEN",
    }
    newsletter = parse_config(tables | {"newsletter": {**BY_PULL_REQUEST, "pull_request": own}}).newsletter
    assert newsletter.pull_request is not None
    assert newsletter.pull_request.address == "https://git.test/api/v4"
    assert newsletter.forge_token_env == "FORGE_TOKEN"


@pytest.mark.parametrize(
    ("newsletter", "said"),
    [
        ({"way": "pull-request", "remote": "x"}, 'newsletter: for way = "pull-request" add the table'),
        (
            {"way": "pull-request", "pull_request": PULLS},
            "write the repository's address into newsletter.remote",
        ),
        ({"way": "branches"}, "newsletter.way: Input should be 'branch' or 'pull-request'"),
        ({"draft_mark": "draft: yes"}, "newsletter.draft_mark: "),
        ({"site": "example.org"}, "newsletter.site: "),
        ({"ssh_key": "key", "remote": "https://git.test/a"}, "ssh_key needs a remote that is reached by ssh"),
        (
            {"pull_request": PULLS | {"forge": "gitea"}},
            "write your server's into api, such as https://codeberg",
        ),
        ({"pull_request": PULLS | {"project": "a/b/c"}}, "on github the project is owner/name"),
        ({"pull_request": PULLS | {"project": "a/../b"}}, "newsletter.pull_request.project: "),
        ({"pull_request": PULLS | {"prefix": "drafts"}}, "newsletter.pull_request.prefix: "),
        ({"pull_request": PULLS | {"title": "{title}"}}, "all that may stand in braces is {date}"),
        ({"pull_request": PULLS | {"forgee": "x"}}, "Did you mean 'forge'"),
        ({"pull_request": {"forge": "github"}}, "newsletter.pull_request.project: it is missing"),
    ],
    ids=[
        "table",
        "remote",
        "way",
        "mark",
        "site",
        "ssh",
        "gitea",
        "project",
        "dots",
        "prefix",
        "title",
        "key",
        "no",
    ],
)
def test_a_way_that_cannot_be_gone_is_named_with_its_cure(
    tables: dict[str, Any], newsletter: dict[str, Any], said: str
) -> None:
    assert said in complaints(tables | {"newsletter": newsletter})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("signing_key", "-----BEGIN OPENSSH PRIVATE KEY-----\ns3cret\n"),
        ("ssh_key", "-----BEGIN OPENSSH PRIVATE KEY----- s3cret"),
        ("pull_request", PULLS | {"api": "https://ada:s3cret@git.test/api/v3"}),
        ("pull_request", PULLS | {"token_env": "ghp-s3cret"}),
    ],
    ids=["signing", "ssh", "api", "token"],
)
def test_a_key_or_password_in_the_config_is_refused_and_not_repeated(
    tables: dict[str, Any], key: str, value: object
) -> None:
    said = complaints(tables | {"newsletter": {key: value}})

    assert f"newsletter.{key}" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    "host", ["git.example.org", "8.8.8.8", "[2001:4860:4860::8888]", "localhost.example.org"]
)
def test_no_secret_of_a_release_crosses_the_internet_in_clear(tables: dict[str, Any], host: str) -> None:
    forge = PULLS | {"forge": "gitea", "api": f"http://{host}/api/v1"}
    said = complaints(tables | {"newsletter": {**BY_PULL_REQUEST, "pull_request": forge}})
    assert "newsletter.pull_request.api: the token would cross the internet in clear: write https://" in said

    said = complaints(tables | {"wechat": {"api": f"http://{host}"}})
    assert "wechat.api: the account's secret would cross the internet in clear: write https://" in said


@pytest.mark.parametrize(
    "host", ["127.0.0.1:3000", "[::1]", "10.1.2.3", "[fd00::1]", "gitea:3000", "git.home.arpa", "git.local."]
)
def test_servers_of_the_own_network_may_be_asked_in_clear(tables: dict[str, Any], host: str) -> None:
    forge = PULLS | {"forge": "gitea", "api": f"http://{host}/api/v1"}

    config = parse_config(
        tables
        | {"newsletter": {**BY_PULL_REQUEST, "pull_request": forge}, "wechat": {"api": f"http://{host}"}}
    )

    assert config.newsletter.pull_request is not None
    assert config.newsletter.pull_request.address == f"http://{host}/api/v1"


def test_feeds_need_the_newsletters_address(tables: dict[str, Any]) -> None:
    said = "newsletter.site: feeds need the newsletter's address; write it, or switch feeds off."

    assert said in complaints(tables | {"feeds": {"enabled": True}})


def test_a_section_of_the_layout_that_is_missing_is_named(tables: dict[str, Any]) -> None:
    del tables["desk"]["sections"][1]

    said = complaints(tables)

    assert "desk.sections: the section 'papers' (论文) of the layout 'embedded-ai-report' is missing" in said
    assert "add a [[desk.sections]] with key = 'papers'" in said


def test_two_sections_cannot_share_an_emoji_or_a_key(tables: dict[str, Any]) -> None:
    same_emoji = deepcopy(tables)
    same_emoji["desk"]["sections"][1]["emoji"] = "⚡️"
    tables["desk"]["sections"][1]["key"] = "news"

    assert "desk.sections: ⚡ of section 'papers' already means section 'news'" in complaints(same_emoji)
    assert "two sections have the key 'news'; give each its own" in complaints(tables)


@pytest.mark.parametrize(
    ("emoji", "means"), [("👍", "the vote for a story"), ("👎", "the vote against"), ("👀", "the receipt")]
)
def test_an_emoji_that_means_something_cannot_choose_a_section(
    tables: dict[str, Any], emoji: str, means: str
) -> None:
    tables["desk"]["sections"][0]["emoji"] = emoji

    said = complaints(tables)
    assert f"{emoji} of section 'news' already means {means}" in said


def test_an_emoji_that_a_platform_cannot_show_is_refused_with_both_cures(tables: dict[str, Any]) -> None:
    tables["desk"]["sections"][0]["emoji"] = "📰"

    said = complaints(tables)
    assert said.startswith("desk: telegram cannot show 📰 of section 'news' as a reaction")
    assert "take 'telegram' out of desk.platforms" in said

    tables["desk"]["platforms"] = ["web", "discord"]
    assert parse_config(tables).desk.sections[0].emoji == "📰"


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("newsroom", "timezone", "Asia/Peking-ish", "is no time zone; write one such as Asia/Shanghai"),
        ("newsroom", "timezone", "../../etc/passwd", "is no time zone"),
        ("newsroom", "database", "mysql://root@host/x", "write sqlite:///var/copydesk.db or postgresql://"),
        ("newsroom", "language", "fr", "newsroom.language: "),
        (
            "newsletter",
            "layout",
            "embeded",
            "newsletter.layout: There is no layout 'embeded'. Known layouts: ",
        ),
        ("newsletter", "branch", "--force", "newsletter.branch: "),
        ("desk", "threshold", 0, "desk.threshold: Input should be greater than or equal to 1 (it says 0)."),
        ("desk", "threshold", "two", "desk.threshold: "),
        ("desk", "name", "Embedded AI", "desk.name: "),
        ("desk", "platforms", ["irc"], "desk.platforms.0: "),
        ("web", "port", 70000, "web.port: "),
        ("reading", "seconds", 0, "reading.seconds: "),
    ],
)
def test_a_value_that_cannot_be_followed_is_named_with_its_key(
    tables: dict[str, Any], table: str, key: str, value: object, said: str
) -> None:
    tables[table][key] = value

    assert said in complaints(tables)
    assert complaints(tables).startswith(table)


def test_every_fault_is_complained_of_at_once(tables: dict[str, Any]) -> None:
    tables["web"]["prot"] = 1
    tables["reading"]["seconds"] = -1

    assert len(complaints(tables).splitlines()) == 2


def test_a_config_without_a_desk_is_told_what_to_add() -> None:
    assert complaints({}) == (
        "desk: it is missing. Add the table [desk] with its [[desk.sections]]; config.example.toml shows how."
    )


def test_a_file_that_is_missing_or_no_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"There is no config.toml: copy config.example.toml to it"):
        load_config(tmp_path / "config.toml")

    for content in (b"[desk\n", b"\xff\xfe", b"a = 1\na = 2\n"):
        (tmp_path / "config.toml").write_bytes(content)
        with pytest.raises(ConfigError, match=r"config.toml is not valid TOML"):
            load_config(tmp_path / "config.toml")


def test_a_section_is_known_by_its_emoji_in_any_spelling(tables: dict[str, Any]) -> None:
    tables["desk"]["sections"][3]["emoji"] = "✍️"

    assert parse_config(tables).desk.sections[3].emoji == "✍"


@pytest.mark.parametrize(
    ("table", "key", "secret"),
    [
        ("telegram", "token_env", "123456:AAH-secret"),
        ("discord", "token_env", "MTIz.secret.part"),
        ("newsletter", "token_env", "ghp-secret"),
        ("telegram", "api", "//bot:secret@host"),
        ("newsroom", "database", "mysql://bot:secret@host/desk"),
    ],
)
def test_a_complaint_never_repeats_what_may_be_a_secret(
    tables: dict[str, Any], table: str, key: str, secret: str
) -> None:
    tables[table] = {**tables.get(table, {}), key: secret}

    said = complaints(tables)

    assert f"{table}.{key}" in said
    assert "secret" not in said.replace("may be a secret", "")


def test_a_shown_config_has_no_passwords(tables: dict[str, Any]) -> None:
    tables["newsroom"]["database"] = "postgresql://ada:hunter2@host/desk"
    tables["discord"] = {"proxy": "http://ben:hunter2@proxy:8080"}

    shown = shown_config(parse_config(tables))

    assert "hunter2" not in shown
    assert json.loads(shown)["discord"]["proxy"] == "http://…@proxy:8080"
