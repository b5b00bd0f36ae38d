"""What a Telegram message says, with the addresses written out that Telegram marks or hides. Pure.

Offsets and lengths of entities count UTF-16 code units (Bot API, MessageEntity).
"""

import re
from collections.abc import Sequence

from telegram import Message, MessageEntity

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.(cc|js|md|ml|mov|pl|ps|pt|py|rs|sh|so|ts|zip)", re.I)
_ANSWERABLE_MEDIA = ("photo", "video", "document", "animation", "audio", "voice")


def words_of(message: Message) -> str | None:
    """Return a message's text or caption with its addresses written out; None for one without words.

    Media that may have a caption and have none say "": an edit may have taken the caption away.
    """
    if message.text is not None:
        return write_out(message.text, message.entities)
    if message.caption is not None:
        return write_out(message.caption, message.caption_entities)
    may_have_caption = any(getattr(message, kind) for kind in _ANSWERABLE_MEDIA)
    return "" if may_have_caption else None


def write_out(text: str, entities: Sequence[MessageEntity]) -> str:
    """Give bare addresses their https://, and write the address behind words that hide one.

    Words that are an address themselves give way to the one that a tap on them opens.
    """
    coded = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda each: each.offset, reverse=True):
        start, end = entity.offset * 2, (entity.offset + entity.length) * 2
        words = coded[start:end].decode("utf-16-le", "replace")
        written = _written_out(entity, words)
        if written != words:
            coded = coded[:start] + written.encode("utf-16-le", "surrogatepass") + coded[end:]
    return coded.decode("utf-16-le", "surrogatepass")


def _written_out(entity: MessageEntity, words: str) -> str:
    if entity.type == MessageEntity.URL and not _SCHEME.match(words) and not _FILE_NAME.fullmatch(words):
        return f"https://{words}"
    if entity.type == MessageEntity.TEXT_LINK and entity.url and _WEB.match(entity.url):
        return f"{entity.url} " if _WEB.match(words) else f"{words} {entity.url} "
    return words
