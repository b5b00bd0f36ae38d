"""A line of the journal in words. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.hearing import DeskSettings
from bot.page_problem import reason_in_words
from bot.reading.verdict import reason_of
from storage.event_records import JournalLine

_MOST = 60


def retold(line: JournalLine, settings: DeskSettings) -> str:
    """Say what a journal line records, and whether it was undone since."""
    what = deed_in_words(line, settings)
    return settings.wording.say("deed_undone", what=what) if line.undone_by else what


def deed_in_words(line: JournalLine, settings: DeskSettings) -> str:
    """Say what a journal line records."""
    return settings.wording.say(f"deed_{line.deed}", **_fields(line, settings))


def _fields(line: JournalLine, settings: DeskSettings) -> dict[str, object]:
    """Return the sentence's fields: the line's details, put in words where they are keys or long texts."""
    say, details = settings.wording.say, dict(line.details)
    if line.deed == "vote":
        details["weight"] = f"{details['after']:+d}" if details["after"] else "0"
    elif line.deed in ("tag", "section"):
        details["section"] = settings.section_name(details["after"]) or say("none")
    elif line.deed == "read":
        details["verdict"] = _verdict(details, settings)
    elif line.deed == "git_edit":
        details["fields"] = settings.wording.listed([say(f"field_{name}") for name in details["edits"]])
    elif line.deed == "amend":
        before = (details["before"] or {}).get("value", "")
        details |= {"field": say(f"field_{details['field']}")}
        details |= {"before": _short(before), "after": _short(details["after"])}
    return details


def _verdict(details: Mapping[str, Any], settings: DeskSettings) -> str:
    """Say how a reading ended, with its reason where it had one that is still known."""
    ended = settings.wording.say(f"read_{details['verdict']}")
    if reason_of(details.get("reason") or "") is None:
        return ended
    why = reason_in_words(details["verdict"], details["reason"], settings.wording)
    return settings.wording.say("read_because", verdict=ended, reason=why)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
