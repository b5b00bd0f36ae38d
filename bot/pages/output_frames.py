"""Outputs inside frames: documents in which nothing runs, and which fetch nothing but pictures.

An issue's HTML stands apart from our pages by a policy of its own that makes a sandbox of it, however it is
opened; the frame is one as well.
"""

import json
from html import escape
from urllib.parse import quote, urlsplit

from aiohttp import web

from renderers.issue_view import Masthead
from renderers.outputs import pdf
from renderers.outputs.output import Output

FRAMED = frozenset({"site", "email", "wechat", "telegram", "discord"})
"""Which formats are shown in a frame; text and feeds are shown as they are, a PDF is kept."""

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;margin:1rem;max-width:40rem;overflow-wrap:anywhere}"
    "section{white-space:pre-wrap;border-left:4px solid #4c8c5e;padding:.5rem .8rem;margin:0 0 1rem;"
    "background:#8881}h2{font-size:1em;margin:0}:root{color-scheme:light dark}"
)
# WeChat makes its own colours for the dark; here it is seen in the light, with the colours that it is given.
_WECHAT_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;margin:20px 16px;max-width:42rem;overflow-wrap:anywhere}"
    "p,h2,blockquote,section{margin:0;padding:0}blockquote{padding-left:10px;border-left:3px solid #8886}"
    "ul,ol{margin:0;padding-left:1.5em}a{color:#576b95;text-decoration:none}sup{line-height:0}"
    "pre{white-space:pre-wrap}:root{color-scheme:light;background:#fff}"
)
"""As WeChat shows an article on a phone: no element has a margin of its own."""


def framed(kind: str, output: Output, masthead: Masthead) -> web.Response:
    """Return an output as a document for a frame; pictures come from the newsletter's own site, if at all."""
    site = urlsplit(masthead.home)
    pictures = f"{site.scheme}://{site.netloc}" if site.netloc else "'none'"
    policy = (
        f"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return web.Response(
        text=_document(kind, output, masthead.language),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": policy},
    )


def opened(output: Output) -> web.Response:
    """Return an output that needs no frame as a document: a PDF, or text as text."""
    is_pdf = output.media_type == pdf.MEDIA_TYPE
    # Browsers show no PDF in a sandbox; in one of ours nothing acts, as its check says.
    policy = "" if is_pdf else "sandbox; "
    return web.Response(
        body=output.content,
        headers={
            "Content-Type": output.media_type if is_pdf else "text/plain; charset=utf-8",
            "Content-Security-Policy": f"{policy}default-src 'none'; frame-ancestors 'none'",
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(output.name, safe='')}",
        },
    )


def _document(kind: str, output: Output, language: str) -> str:
    if kind in ("site", "email"):
        return output.text
    style = _WECHAT_STYLE if kind == "wechat" else _STYLE
    return _page(_body(kind, output.text), style, title=output.name, language=language)


def _body(kind: str, text: str) -> str:
    if kind == "telegram":  # Telegram's HTML is checked: tags of its own few, nothing that acts
        return "".join(f"<section>{one['text']}</section>" for one in json.loads(text)["messages"])
    return "".join(map(_on_discord, json.loads(text)["messages"])) if kind == "discord" else text


def _on_discord(message: dict[str, object]) -> str:
    """Show a message's words as they are sent, marks and all: no two programs set them alike."""
    embeds = message.get("embeds")
    parts = [f"<section>{escape(str(message.get('content') or ''))}</section>"]
    for embed in embeds if isinstance(embeds, list) else []:
        head, words = escape(str(embed.get("title") or "")), escape(str(embed.get("description") or ""))
        parts.append(f"<section><h2>{head}</h2>{words}</section>")
    return "".join(part for part in parts if part != "<section></section>")


def _page(body: str, style: str, *, title: str, language: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(title)}</title><style>{style}</style></head>'
        f"<body>{body}</body></html>"
    )
