"""What the room is told of changes that gave way to others when an issue's file was merged. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.hearing import DeskSettings

_MOST_NOTES = 8
_MOST_QUOTED = 40
"""Characters of a text that a sentence quotes: enough to tell two versions apart."""
_SENTENCES = {
    "both-moved": "merge_both_moved",
    "removed-here-edited-there": "merge_removed_edited",
    "removed-here-moved-there": "merge_removed_moved",
    "changed-here-deleted-there": "merge_changed_deleted",
    "relinked-there": "merge_relinked",
    "lead-kept": "publish_kept_lead",
}
_AMENDABLE = ("title", "source", "summary", "url")


def sentences_on_notes(notes: Sequence[Mapping[str, Any]], settings: DeskSettings) -> list[str]:
    """Say of each change that both sides made which version stands, and what to do for the other."""
    said = [sentence for note in notes if (sentence := _sentence(note, settings))]
    more = len(said) - _MOST_NOTES
    return [*said[:_MOST_NOTES], *([f"… {more}"] if more > 0 else [])]


def _sentence(note: Mapping[str, Any], settings: DeskSettings) -> str:
    """Return a note in words; a story found set by hand is named among those that were kept."""
    say, number = settings.wording.say, note["number"]
    if note["code"] == "both-edited":
        return _both_edited(note, settings)
    key = _SENTENCES.get(note["code"])
    names = note["field"].split() if note["code"] == "changed-here-deleted-there" else ()
    fields = settings.wording.listed([say(f"field_{name}") for name in names])
    return say(key, number=number, fields=fields, url=note["stands"]) if key else ""


def _both_edited(note: Mapping[str, Any], settings: DeskSettings) -> str:
    say, name = settings.wording.say, note["field"]
    said = {"number": note["number"], "field": say(f"field_{name}"), "wanted": _quoted(note["wanted"])}
    if name not in _AMENDABLE:
        return say("merge_both_edited_lines", **said)
    return say("merge_both_edited", **said, stands=_quoted(note["stands"]), name=name)


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_QUOTED else text[: _MOST_QUOTED - 1] + "…"
