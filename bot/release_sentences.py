"""What the editor is told of a release: what would be committed, what lint found, what was done. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from bot.hearing import DeskSettings
from bot.pull_request_sentences import pull_request_sentences
from renderers.issue_lint import CODES
from storage.issue_records import Issue
from storage.press_records import Release, Sending

_MOST_NAMED = 5  # errors in one line
_MOST_FINDINGS = 15  # of each weight; a message holds no more that anybody reads


def preview_sentences(
    date: dt.date, result: Mapping[str, Any], settings: DeskSettings, today: dt.date
) -> list[str]:
    """Say what a release would commit, then what was found by weight, then what to do."""
    say = settings.wording.say
    said = [say("release_preview", issue=date, path=result["path"], stories=result["stories"])]
    if date < today:
        said.append(say("release_past", issue=date, today=today))
    if result["path_before"] != result["path"]:
        said.append(say("release_renamed", before=result["path_before"], path=result["path"]))
    said += _grown(result, settings)
    if result["unpublished"]:
        said.append(say("release_unpublished", draft=result["draft"]))
    findings = [(code, line, what) for code, line, what in result["findings"]]
    errors = [one for one in findings if CODES[one[0]].weight == "error"]
    warnings = [one for one in findings if CODES[one[0]].weight == "warning"]
    said += _listed("release_errors", errors, settings) + _listed("release_warnings", warnings, settings)
    if not errors and not warnings:
        said.append(say("release_clean"))
    said.append(say("release_ask_anyway" if errors else "release_ask", issue=date))
    return said


def _grown(result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    """Say which lists of past issues grow, and which rows lead nowhere."""
    say, listed = settings.wording.say, settings.wording.listed
    said = [say("release_counted", stories=result["stories"])] if result["counted"] else []
    said += [say("release_cells", dates=listed(result["cells"]))] if result["cells"] else []
    said += [say("release_rows", dates=listed(result["rows"]))] if result["rows"] else []
    said += [say("release_dead_rows", dates=listed(result["dead"]))] if result["dead"] else []
    return said


def _listed(head: str, findings: Sequence[tuple[str, int, str]], settings: DeskSettings) -> list[str]:
    if not findings:
        return []
    say = settings.wording.say
    lines = [
        say("release_finding", line=line, said=_finding(code, what, settings))
        for code, line, what in findings
    ]
    more = len(lines) - _MOST_FINDINGS
    shown = [*lines[:_MOST_FINDINGS], *([f"… {more}"] if more > 0 else [])]
    opening = (
        say("release_errors", count=len(lines))
        if head == "release_errors"
        else say("release_warnings", count=len(lines))
    )
    return [opening, *shown]


def _finding(code: str, what: str, settings: DeskSettings) -> str:
    return settings.wording.say(f"lint_{code.replace('-', '_')}", what=what)


def waiting_sentences(date: str, result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    """Say that a release stands in its branch, and where it waits to be merged."""
    say = settings.wording.say
    said = [say("release_waits", issue=date, path=result["path"], commit=result["commit"][:7])]
    return [*said, *_overridden(result, settings), *pull_request_sentences(result, settings)]


def named_errors(errors: Sequence[Sequence[Any]], settings: DeskSettings) -> str:
    """Name the first few errors, given as code, line and what, shortly and in one line."""
    say, listed = settings.wording.say, settings.wording.clauses
    named = [
        say("release_finding", line=line, said=_finding(code, what, settings)) for code, line, what in errors
    ]
    more = [f"… {len(named) - _MOST_NAMED}"] if len(named) > _MOST_NAMED else []
    return listed([*(one.rstrip(".。") for one in named[:_MOST_NAMED]), *more])


def sent_before(earlier: Sequence[Sending], settings: DeskSettings) -> list[str]:
    """Say by which channels an issue went out, or was to, at an earlier release: they are not asked again."""
    sentences = {"release_sent_before": True, "release_unsent_before": False}
    said = []
    for sentence, sent in sentences.items():
        channels = [one.channel for one in earlier if (one.sent_at is not None) == sent]
        if channels:
            names = settings.wording.listed(channels)
            said.append(settings.wording.say(sentence, channels=names, channel=channels[0]))
    return said


def _overridden(result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    """Say in spite of which errors an issue went out."""
    errors = result.get("overridden")
    return (
        [settings.wording.say("release_overridden", errors=named_errors(errors, settings))] if errors else []
    )


def after_release(
    date: str,
    result: Mapping[str, Any],
    channels: Sequence[str],
    settings: DeskSettings,
    *,
    earlier: Sequence[Sending] = (),
) -> list[str]:
    """Say what was released, where, what grew, what goes out, and what to do next."""
    say, listed = settings.wording.say, settings.wording.listed
    said = [
        say(
            "release_done",
            issue=date,
            path=result["path"],
            stories=result["stories"],
            commit=result["commit"][:7],
            pushed=say("publish_pushed") if result["pushed"] else "",
        ),
        *_grown({**result, "counted": False}, settings),
    ]
    said += _overridden(result, settings)
    if channels:
        said.append(say("release_channels", channels=listed(list(channels))))
    said += sent_before(earlier, settings)
    return [*said, say("release_next", issue=date)]


def after_unrelease(
    sentence: str, release: Release, issue: Issue, result: Mapping[str, Any], settings: DeskSettings
) -> list[str]:
    """Say what became of a release that an editor took back, and where that waits to be merged."""
    say = settings.wording.say
    commit = ""
    if result["commit"] is not None:
        pushed = say("publish_pushed") if result["pushed"] else ""
        commit = say("unrelease_commit", commit=result["commit"][:7], pushed=pushed)
    said = [say(sentence, issue=release.date, path=issue.path, commit=commit)]
    return [*said, *pull_request_sentences(result, settings)]
