"""What the bot sends to Discord: cards as embeds with buttons, answers as text in several messages. Pure."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import discord
from discord import ui

from bot.rooms.discord.emoji import full
from bot.rooms.room import Post, PostButton, PostFile
from renderers.card import CardView
from renderers.discord_card import LABEL_LIMIT, DiscordButton, discord_card
from renderers.discord_text import discord_text, plain

FILE_BYTES = 10 * 1024 * 1024
_A_ROW, _ROWS = 5, 5


@dataclass(frozen=True, slots=True)
class Part:
    """One message of those that say a post. `nonce` is the same at each try, and no other part's."""

    nonce: str
    text: str = ""
    card: CardView | None = None
    file: PostFile | None = None
    buttons: tuple[PostButton, ...] = ()
    embeds: tuple[Mapping[str, Any], ...] = ()

    def is_in(self, message: discord.Message) -> bool:
        """Tell whether a message of the bot's is this part, as far as its looks say."""
        if message.nonce is not None and str(message.nonce) == self.nonce:
            return True
        if self.card is not None:
            head = f"#{self.card.number} "
            return any(f"{embed.title or ''} ".startswith(head) for embed in message.embeds)
        names = [file.filename for file in message.attachments]
        same_files = names == ([self.file.name] if self.file else [])
        same_embeds = [_words(embed.to_dict()) for embed in message.embeds] == [*map(_words, self.embeds)]
        return message.content == self.text.strip() and same_files and (not self.embeds or same_embeds)


def parts_of(post: Post, head: str = "") -> list[Part]:
    """Split a post into messages: buttons and file stand in the last. `head` is a line before the text."""
    if post.card is not None:
        return [Part(nonce_of(post.key, 0), card=post.card)]
    if post.ready is not None:
        text, embeds = str(post.ready.get("content") or ""), tuple(post.ready.get("embeds") or ())
        return [Part(nonce_of(post.key, 0), text, embeds=embeds)]
    texts = list(discord_text("\n".join(filter(None, (head, post.text)))))
    if not texts and post.file is not None:
        texts = [""]
    last = len(texts) - 1
    return [
        Part(
            nonce_of(post.key, index),
            text,
            file=post.file if index == last else None,
            buttons=post.buttons if index == last else (),
        )
        for index, text in enumerate(texts)
    ]


def _words(embed: Mapping[str, Any]) -> tuple[str, str]:
    """Return what an embed says first: by that a message is known again."""
    return str(embed.get("title") or "").strip(), str(embed.get("description") or "").strip()


def nonce_of(key: str, part: int) -> str:
    """Return what Discord tells a repeated message by: at most 25 characters."""
    return blake2b(f"{key}#{part}".encode(), digest_size=12).hexdigest()


def embed_of(card: CardView) -> discord.Embed:
    """Set a card's embed."""
    return discord.Embed.from_dict(discord_card(card).embed.as_dict())


def embeds_of(part: Part) -> list[discord.Embed]:
    """Set the embeds of a message that a renderer has made."""
    return [discord.Embed.from_dict(embed) for embed in part.embeds]


def card_buttons(card: CardView, amend_label: str) -> ui.View:
    """Set a card's buttons."""
    view = _view()
    for row, buttons in enumerate(discord_card(card, amend_label=amend_label).buttons):
        for button in buttons:
            view.add_item(_button(button, row))
    return view


def answer_buttons(buttons: Sequence[PostButton]) -> ui.View | None:
    """Set an answer's buttons, where it has some."""
    if not buttons:
        return None
    view = _view()
    for index, button in enumerate(buttons[: _A_ROW * _ROWS]):
        label = plain(button.label)[:LABEL_LIMIT]
        view.add_item(_button(DiscordButton(button.key, label, ""), index // _A_ROW))
    return view


def _view() -> ui.View:
    """Return a view that the library need not remember: presses are told by their id."""
    view = ui.View(timeout=None)
    view.stop()
    return view


def _button(button: DiscordButton, row: int) -> "ui.Button[Any]":
    return ui.Button(
        custom_id=button.custom_id,
        label=button.label or None,
        emoji=full(button.emoji) if button.emoji else None,
        row=row,
    )


def file_of(file: PostFile) -> discord.File:
    """Return an attachment; what goes beyond Discord's 10 MiB is cut off."""
    content = file.content.encode()[:FILE_BYTES]
    return discord.File(io.BytesIO(content), filename=file.name)
