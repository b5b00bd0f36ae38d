"""What rooms are told of a released issue: as each platform sets it, and in the web room as a short text."""

import json
from typing import Any

from bot.hearing import DeskSettings
from renderers.issue_view import IssueView
from renderers.outputs.registry import render_checked
from renderers.prose import plain_line


def announcements(
    settings: DeskSettings, room: str, view: IssueView, issue_id: int
) -> tuple[dict[str, Any], ...]:
    """Return the messages for a room, in order, as payloads of the outbox.

    Raises InvalidOutputError where an announcement breaks its platform's limits.
    """
    platform = platform_of(settings, room)
    if platform == "web":
        return ({"text": _in_the_web_room(settings, view, issue_id)},)
    [output] = render_checked(platform, view)
    return tuple({"text": "", "ready": message} for message in json.loads(output.text)["messages"])


def platform_of(settings: DeskSettings, room: str) -> str:
    """Return the platform on which a room of this name is; `web` for any that is on none."""
    if any(one.name == room for one in settings.config.telegram.rooms):
        return "telegram"
    return "discord" if any(one.name == room for one in settings.config.discord.rooms) else "web"


def _in_the_web_room(settings: DeskSettings, view: IssueView, issue_id: int) -> str:
    say = settings.wording.say
    head = say("announce_head", title=view.title, count=len(view.stories))
    read = say("announce_read", url=view.masthead.address) if view.masthead.address else ""
    page = say("announce_outputs", url=f"{settings.config.web.address}/issues/{issue_id}")
    colon = say("announce_colon")
    sections = [
        f"{section.heading}{colon}"
        + settings.wording.clauses([plain_line(story.title) for story in section.stories])
        for section in view.sections
    ]
    return "\n".join(filter(None, [head, *sections, read, page]))
