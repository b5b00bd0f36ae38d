"""What the editor is told of the pull request after a publish or a release. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.hearing import DeskSettings


def pull_request_sentences(result: Mapping[str, Any], settings: DeskSettings) -> list[str]:
    """Say where the push waits to be merged, or why it has no pull request; nothing where there is none."""
    pull, say = result.get("pull_request") or {}, settings.wording.say
    if "trouble" in pull:
        problem, advice = pull["trouble"]
        return [say("pull_request_not_open", problem=problem, advice=advice)]
    said = [say("pull_request_ready", url=pull["url"])] if "url" in pull else []
    return [*said, say("release_dropped", issue=pull["dropped"])] if "dropped" in pull else said
