"""The errors in an issue that is released: which a preview has shown, and in spite of which it went out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from renderers.issue_lint import CODES, LintFinding

_OF_VISITS = "dead-link"  # found by visits before a commit, which itself visits no link


def unseen_errors(
    errors: Sequence[LintFinding], preview: Mapping[str, Any], *, allowed: bool
) -> tuple[LintFinding, ...]:
    """Return the errors that no editor has agreed to: all that the preview did not show.

    An error is known by its code and what it is about, as often as it was shown; its line may have moved.
    """
    shown = Counter((code, what) for code, _, what in _errors_in(preview)) if allowed else Counter()
    unseen = []
    for error in errors:
        if shown[error.code, error.what]:
            shown[error.code, error.what] -= 1
        else:
            unseen.append(error)
    return tuple(unseen)


def died_since(found: Sequence[LintFinding], preview: Mapping[str, Any]) -> list[list[Any]]:
    """Return the links that are dead and were not at the preview, as JSON: code, line, what."""
    shown = {_address(what) for code, _, what in preview["findings"] if code == _OF_VISITS}
    died = [one for one in found if one.code == _OF_VISITS and _address(one.what) not in shown]
    return [[one.code, one.line, one.what] for one in died]


def _address(what: str) -> str:
    """Return the address in what is said of a link; why it is dead follows in brackets, and may change."""
    return what.partition(" (")[0]


def overridden_errors(errors: Sequence[LintFinding], preview: Mapping[str, Any]) -> list[list[Any]]:
    """Return the errors in spite of which an issue goes out, as JSON: code, line, what."""
    visits = [one for one in _errors_in(preview) if one[0] == _OF_VISITS]
    return sorted([*([e.code, e.line, e.what] for e in errors), *visits], key=lambda one: (one[1], one[0]))


def _errors_in(preview: Mapping[str, Any]) -> list[list[Any]]:
    return [one for one in preview["findings"] if CODES[one[0]].weight == "error"]
