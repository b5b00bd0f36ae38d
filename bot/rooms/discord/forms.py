"""The form in which a story is amended: title, source and summary, as they stand.

What stood in it is kept as digests in the form's id: whoever submits it, after whatever restart, changes only
the fields that they changed, though the story may have changed meanwhile.
"""

from collections.abc import Mapping
from hashlib import blake2b

import discord
from discord import ui

from bot.wording import Wording
from renderers.markdown import clean
from storage.records import Story

FORM = "amend"
FIELDS = ("title", "source", "summary")
_LONGEST_TITLE, _LONGEST_LABEL, _LONGEST_TEXT = 45, 45, 4000  # of Discord


def amend_form(story: Story, wording: Wording) -> ui.Modal:
    """Return the form of a story. A text that is too long for Discord's forms is left out of it."""
    standing = {name: _one_text(name, story.field(name)) for name in FIELDS}
    digests = [_digest(standing[name]) for name in FIELDS]
    title = f"#{story.number} {clean(story.field('title'))}"[:_LONGEST_TITLE].strip()
    modal = ui.Modal(title=title, custom_id=":".join([FORM, str(story.number), *digests]), timeout=0)
    for name in FIELDS:
        if len(standing[name]) <= _LONGEST_TEXT:
            modal.add_item(_field(name, standing[name], wording))
    modal.stop()  # it is answered by its id, so the library need not remember it
    return modal


def _field(name: str, text: str, wording: Wording) -> "ui.Label[ui.Modal]":
    is_long = name == "summary"
    entry: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
        custom_id=name,
        default=text or None,
        required=bool(text),  # a field can't be emptied
        max_length=_LONGEST_TEXT,
    )
    return ui.Label(text=wording.say(f"field_{name}")[:_LONGEST_LABEL], component=entry)


def is_form(custom_id: str) -> bool:
    """Tell whether a submitted form is one of ours."""
    return custom_id.startswith(f"{FORM}:")


def amendments(custom_id: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return field → command for each field that was changed in the form."""
    _, number, *digests = custom_id.split(":")
    changed = {}
    for name, digest in zip(FIELDS, digests, strict=False):
        text = _one_text(name, values.get(name, ""))
        if text and _digest(text) != digest:
            changed[name] = f"/amend {number} {name} {text}"
    return changed


def _one_text(name: str, text: str) -> str:
    """Return a text as a form gives it back when nobody touched it."""
    text = text.replace("\r\n", "\n").strip()
    return text if name == "summary" else " ".join(text.split())


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
