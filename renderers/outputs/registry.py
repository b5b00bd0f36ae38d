"""The formats by the names of `render --to`."""

from collections.abc import Mapping
from types import MappingProxyType

from renderers.issue_view import IssueView
from renderers.outputs import discord, email, feeds, pdf, site, telegram, text, wechat
from renderers.outputs.output import InvalidOutputError, Output, OutputKind

_KINDS = (
    OutputKind("email", email.render, email.faults),
    *feeds.OUTPUT_KINDS.values(),
    OutputKind("site", site.render, site.faults),
    OutputKind("text", text.render, text.faults),
    OutputKind("wechat", wechat.render, wechat.faults),
    OutputKind("telegram", telegram.render, telegram.faults),
    OutputKind("discord", discord.render, discord.faults),
    OutputKind("pdf", pdf.render, pdf.faults),
)
WITH_IMAGES = frozenset({"pdf"})
"""Formats that hold the pictures themselves: give them a view with images."""
OUTPUTS: Mapping[str, OutputKind] = MappingProxyType({kind.name: kind for kind in _KINDS})


def render_checked(kind: OutputKind | str, issue: IssueView) -> tuple[Output, ...]:
    """Set an issue in a format and check every part.

    Raises InvalidOutputError where a part has faults, CannotRenderError where the issue lacks what the format
    needs, KeyError for an unknown name.
    """
    kind = OUTPUTS[kind] if isinstance(kind, str) else kind
    outputs = kind.render(issue)
    found = tuple(fault for output in outputs for fault in kind.faults(output))
    if found:
        raise InvalidOutputError(kind.name, found)
    return outputs
