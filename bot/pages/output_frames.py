"""Outputs inside frames: documents in which nothing runs, and which fetch nothing but pictures.

An issue's HTML stands apart from our pages by a policy of its own that makes a sandbox of it, however it is
opened; the frame is one as well.
"""

import json
from html import escape
from urllib.parse import urlsplit

from aiohttp import web

from renderers.outputs.output import Output

FRAMED = frozenset({"site", "email", "wechat", "telegram", "discord"})
"""Which formats are shown in a frame; text and feeds are shown as they are, a PDF is kept."""

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;margin:1rem;max-width:40rem;overflow-wrap:anywhere}"
    "section{white-space:pre-wrap;border-left:4px solid #4c8c5e;padding:.5rem .8rem;margin:0 0 1rem;"
    "background:#8881}h2{font-size:1em;margin:0}:root{color-scheme:light dark}"
)
_WECHAT_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;margin:20px 16px;max-width:42rem;overflow-wrap:anywhere}"
    "p,h2,blockquote,section{margin:0;padding:0}blockquote{padding-left:10px;border-left:3px solid #8886}"
    "ul,ol{margin:0;padding-left:1.5em}a{color:#576b95;text-decoration:none}sup{line-height:0}"
    "pre{white-space:pre-wrap}:root{color-scheme:light dark}"
)
"""As WeChat shows an article on a phone: no element has a margin of its own."""


def framed(kind: str, output: Output, home: str) -> web.Response:
    """Return an output as a document for a frame; pictures come from the newsletter's own site, if at all."""
    site = urlsplit(home)
    pictures = f"{site.scheme}://{site.netloc}" if site.netloc else "'none'"
    policy = (
        f"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return web.Response(
        text=_document(kind, output.text),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": policy},
    )


def _document(kind: str, text: str) -> str:
    if kind == "telegram":  # Telegram's HTML is checked: tags of its own few, nothing that acts
        return _page("".join(f"<section>{one['text']}</section>" for one in json.loads(text)["messages"]))
    if kind == "discord":
        return _page("".join(map(_on_discord, json.loads(text)["messages"])))
    return _page(text, _WECHAT_STYLE) if kind == "wechat" else text


def _on_discord(message: dict[str, object]) -> str:
    """Show a message's words as they are sent, marks and all: no two programs set them alike."""
    embeds = message.get("embeds")
    parts = [f"<section>{escape(str(message.get('content') or ''))}</section>"]
    for embed in embeds if isinstance(embeds, list) else []:
        head, words = escape(str(embed.get("title") or "")), escape(str(embed.get("description") or ""))
        parts.append(f"<section><h2>{head}</h2>{words}</section>")
    return "".join(part for part in parts if part != "<section></section>")


def _page(body: str, style: str = _STYLE) -> str:
    return (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>…</title><style>{style}</style></head><body>{body}</body></html>'
    )
