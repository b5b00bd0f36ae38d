"""The limits of what a message may hold, and how Discord complains about them (400, code 50035).

Lengths are code points of the text without white space around it. Source: Discord's reference on messages,
embeds and components.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.discord_server.refusals import Json, bad_form, complaint

CONTENT, EMBEDS, EMBED_TOTAL, FIELDS, ROWS, ROW_WIDTH = 2000, 10, 6000, 25, 5, 5
TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER, AUTHOR = 256, 4096, 256, 1024, 2048, 256
LABEL, CUSTOM_ID, OPTIONS, OPTION_TEXT, PLACEHOLDER, NONCE = 80, 100, 25, 100, 150, 25
FILE_BYTES = 10 * 1024 * 1024
Complaints = Iterator[tuple[str, Json]]
"""Dotted paths into the body, each with what is wrong there."""


def check(complaints: Complaints) -> None:
    """Raise the RefusalError that names every complaint, if there is any."""
    tree: Json = {}
    for path, leaf in complaints:
        branch = tree
        *stems, last = path.split(".")
        for stem in stems:
            branch = branch.setdefault(stem, {})
        branch.setdefault(last, {}).update(leaf)
    if tree:
        raise bad_form(tree)


def wrong_in_message(body: Json) -> Complaints:
    """Look through the body of a message."""
    yield from wrong_text("content", body.get("content"), CONTENT)
    nonce = body.get("nonce")
    if isinstance(nonce, str):
        yield from wrong_text("nonce", nonce, NONCE)
    embeds = body.get("embeds") or []
    if len(embeds) > EMBEDS:
        yield "embeds", complaint("BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
    for index, embed in enumerate(embeds):
        yield from wrong_in_embed(f"embeds.{index}", embed)
    if sum(map(embed_length, embeds)) > EMBED_TOTAL:
        text = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        yield "embeds", complaint("MAX_EMBED_SIZE_EXCEEDED", text)
    yield from wrong_in_components(body.get("components") or [])


def wrong_text(path: str, text: object, most: int, *, least: int = 0) -> Complaints:
    """Complain of a text that is too long, too short, missing or no text at all."""
    if text is None:
        if least:
            yield path, complaint("BASE_TYPE_REQUIRED", "This field is required")
    elif not isinstance(text, str):
        yield path, complaint("STRING_TYPE_CONVERT", "Could not interpret as string.")
    elif len(text.strip()) > most:
        yield path, complaint("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    elif least and not text.strip():
        yield path, complaint("BASE_TYPE_REQUIRED", "This field is required")


def wrong_in_embed(path: str, embed: Json) -> Complaints:
    yield from wrong_text(f"{path}.title", embed.get("title"), TITLE)
    yield from wrong_text(f"{path}.description", embed.get("description"), DESCRIPTION)
    if footer := embed.get("footer"):
        yield from wrong_text(f"{path}.footer.text", footer.get("text"), FOOTER)
    if author := embed.get("author"):
        yield from wrong_text(f"{path}.author.name", author.get("name"), AUTHOR, least=1)
        yield from wrong_address(f"{path}.author.url", author.get("url"))
    yield from wrong_address(f"{path}.url", embed.get("url"))
    for part in ("image", "thumbnail"):
        yield from wrong_address(f"{path}.{part}.url", (embed.get(part) or {}).get("url"))
    fields = embed.get("fields") or []
    if len(fields) > FIELDS:
        yield f"{path}.fields", complaint("BASE_TYPE_MAX_LENGTH", f"Must be {FIELDS} or fewer in length.")
    for index, one in enumerate(fields):
        yield from wrong_text(f"{path}.fields.{index}.name", one.get("name"), FIELD_NAME, least=1)
        yield from wrong_text(f"{path}.fields.{index}.value", one.get("value"), FIELD_VALUE, least=1)


def wrong_address(path: str, address: str | None) -> Complaints:
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https", "attachment"):
        text = f"Scheme \"{parts.scheme}\" is not supported. Scheme must be one of ('http', 'https')."
        yield path, complaint("URL_TYPE_INVALID_SCHEME", text)
    elif not parts.netloc or len(address) > 2048 or any(letter.isspace() for letter in address):
        yield path, complaint("URL_TYPE_INVALID_URL", "Not a well formed URL.")


def embed_length(embed: Json) -> int:
    """Add up what counts for the total over all embeds."""
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts += [(embed.get("author") or {}).get("name")]
    for one in embed.get("fields") or []:
        texts += [one.get("name"), one.get("value")]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def wrong_in_components(rows: list[Json]) -> Complaints:
    if len(rows) > ROWS:
        yield "components", complaint("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length.")
    seen: set[str] = set()
    for row_index, row in enumerate(rows):
        path = f"components.{row_index}"
        if row.get("type") != 1:
            yield (
                f"{path}.type",
                complaint("UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).'),
            )
            continue
        parts = row.get("components") or []
        if not 1 <= len(parts) <= ROW_WIDTH:
            text = f"Must be between 1 and {ROW_WIDTH} in length."
            yield f"{path}.components", complaint("BASE_TYPE_BAD_LENGTH", text)
        for index, part in enumerate(parts):
            yield from wrong_in_component(f"{path}.components.{index}", part, seen)


def wrong_in_component(path: str, part: Json, seen: set[str]) -> Complaints:
    """Look through a button or a menu; `seen` holds the ids met before in the message."""
    is_link = part.get("type") == 2 and part.get("style") == 5
    if is_link:
        yield from wrong_address(f"{path}.url", part.get("url"))
    else:
        yield from wrong_text(f"{path}.custom_id", part.get("custom_id"), CUSTOM_ID, least=1)
        if part.get("custom_id") in seen:
            text = "Component custom id cannot be duplicated"
            yield f"{path}.custom_id", complaint("COMPONENT_CUSTOM_ID_DUPLICATED", text)
        seen.add(str(part.get("custom_id")))
    if part.get("type") == 2:
        yield from wrong_text(f"{path}.label", part.get("label"), LABEL, least=0 if part.get("emoji") else 1)
    elif part.get("type") == 3:
        yield from wrong_in_menu(path, part)


def wrong_in_menu(path: str, menu: Json) -> Complaints:
    yield from wrong_text(f"{path}.placeholder", menu.get("placeholder"), PLACEHOLDER)
    options = menu.get("options") or []
    if not 1 <= len(options) <= OPTIONS:
        text = f"Must be between 1 and {OPTIONS} in length."
        yield f"{path}.options", complaint("BASE_TYPE_BAD_LENGTH", text)
    for index, option in enumerate(options):
        yield from wrong_text(f"{path}.options.{index}.label", option.get("label"), OPTION_TEXT, least=1)
        yield from wrong_text(f"{path}.options.{index}.value", option.get("value"), OPTION_TEXT, least=1)
        yield from wrong_text(f"{path}.options.{index}.description", option.get("description"), OPTION_TEXT)


def wrong_in_modal(modal: Json) -> Complaints:
    """Look through a form: title ≤ 45, 1 to 5 parts, labels ≤ 45, values ≤ 4000."""
    yield from wrong_text("data.title", modal.get("title"), 45, least=1)
    yield from wrong_text("data.custom_id", modal.get("custom_id"), CUSTOM_ID, least=1)
    parts = modal.get("components") or []
    if not 1 <= len(parts) <= 5:
        yield "data.components", complaint("BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, part in enumerate(parts):
        path = f"data.components.{index}"
        if part["type"] == 18:
            yield from wrong_text(f"{path}.label", part.get("label"), 45, least=1)
            yield from wrong_text(f"{path}.description", part.get("description"), 100)
    for index, entry in enumerate(inputs_of(modal)):
        path = f"data.components.{index}"
        yield from wrong_text(f"{path}.custom_id", entry.get("custom_id"), CUSTOM_ID, least=1)
        if entry["type"] == 4:
            yield from wrong_text(f"{path}.label", entry.get("label"), 45)
            yield from wrong_text(f"{path}.placeholder", entry.get("placeholder"), 100)
            yield from wrong_text(f"{path}.value", entry.get("value"), 4000)


def inputs_of(modal: Json) -> list[Json]:
    """Return what can be filled in, whether in rows (type 1) or under labels (type 18)."""
    found: list[Json] = []
    for part in modal.get("components") or []:
        found += part["components"] if part["type"] == 1 else []
        found += [part["component"]] if part["type"] == 18 else []
    return found


def wrong_in_answer(kind: int, data: Json) -> Complaints:
    """Look through the answer to an interaction."""
    choices = data.get("choices") or []
    if kind == 8 and len(choices) > OPTIONS:
        text = f"Must be {OPTIONS} or fewer in length."
        yield "data.choices", complaint("BASE_TYPE_MAX_LENGTH", text)
    for index, choice in enumerate(choices):
        yield from wrong_text(f"data.choices.{index}.name", choice.get("name"), 100, least=1)
        if isinstance(choice.get("value"), str):
            yield from wrong_text(f"data.choices.{index}.value", choice["value"], 100, least=1)
    if kind in (4, 7):
        yield from ((f"data.{path}", leaf) for path, leaf in wrong_in_message(data))
    elif kind == 9:
        yield from wrong_in_modal(data)
