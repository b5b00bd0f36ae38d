"""What the editor is told of a publish: what was written, what was kept, what is missing. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.hearing import DeskSettings
from bot.merge_sentences import sentences_on_notes
from bot.pull_request_sentences import pull_request_sentences
from storage.issue_records import Publication

_MOST_LINES = 12


def sentences_on(asked: Publication, result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    """Say what a publish wrote, where, what of people's it kept, what is missing, and what to do next."""
    say, listed = settings.wording.say, settings.wording.listed
    if not result["new"]:
        said = [say("publish_same", path=result["path"], waiting=asked.frozen["waiting"])]
    else:
        removed = say("publish_removed", count=len(result["removed"])) if result["removed"] else ""
        said = [
            say(
                "publish_done",
                path=result["path"],
                added=len(result["added"]),
                changed=len(result["changed"]),
                removed=removed,
                waiting=asked.frozen["waiting"],
                commit=result["commit"][:7],
                pushed=say("publish_pushed") if result["pushed"] else "",
            )
        ]
    said += [say("publish_again", path=result["path"])] if result.get("again") else []
    said += pull_request_sentences(result, settings)
    said += _difference(asked, result)
    numbers = {name: listed([f"#{n}" for n in result[name]]) for name in ("kept", "kept_out")}
    said += [say(f"publish_{name}", stories=stories) for name, stories in numbers.items() if stories]
    said += sentences_on_notes(result["notes"], settings)
    found = listed([f"#{number}" for number in result["found"]])
    said += [say("publish_found", stories=found)] if found else []
    said += _missing(asked, result, settings)
    said += _doubted(asked, result, settings)
    return [*said, say("publish_next")] if result["new"] else said


def _difference(asked: Publication, result: Mapping[str, Any]) -> list[str]:
    """Name the stories that came, changed or went, the first few of each."""
    titles = {one["number"]: one["page"]["title"] for one in asked.frozen["stories"]}
    lines = [
        f"{mark} #{number} {titles.get(number, '')}"
        for name, mark in (("added", "+"), ("changed", "±"), ("removed", "−"))
        for number in result[name]
    ]
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], *([f"… {more}"] if more > 0 else [])]


def _doubted(asked: Publication, result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    """Name the stories whose model's draft says what the article does not, where nobody has touched it."""
    doubted = [
        f"#{one['number']}"
        for one in asked.frozen["stories"]
        if str(one["id"]) in result["placed"] and one.get("doubted")  # older publishes did not note it
    ]
    return (
        [settings.wording.say("publish_doubted", stories=settings.wording.listed(doubted))] if doubted else []
    )


def _missing(asked: Publication, result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    say, listed = settings.wording.say, settings.wording.listed
    names = [settings.section_name(key) for key in result["empty"]]
    missing = [say("publish_missing_section", section=name) for name in names]
    bare = [
        f"#{one['number']}"
        for one in asked.frozen["stories"]
        if str(one["id"]) in result["placed"] and not one["page"]["summary"].strip()
    ]
    missing += [say("publish_missing_summary", stories=listed(bare))] if bare else []
    return [say("publish_missing", missing=settings.wording.clauses(missing))] if missing else []
