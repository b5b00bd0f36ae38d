"""Words as strangers' pages may hold them: markup of every engine we know, whole and in pieces."""

import random
from collections.abc import Sequence

MARKS = [*"\\`*_[](){}<>|#$&~\"'^=+-.!:;%@/?,", "0", "1", " ", "  "]
PROSE = [
    *"aZé量化，。（）「」：！",
    "x",
    "模型",
    "is ",
    " a",
    "2020",
    "INT8",
    "🙂",
    "👨‍👩‍👧",
    "e\u0301",
    "ﬁ",
    "C++",
    "C#",
]
LIQUID = [
    "{{ site.github }}",
    '{{ "a" | upcase }}',
    "{% include x %}",
    "{% if %}",
    "{%",
    "%}",
    "{{",
    "}}",
    "{{{",
    "{%-",
]
SHORTCODES = ["{{< ref x >}}", "{{% x %}}", "{{<", ">}}", "{{% /x", "{{</* x */>}}"]
HTML = [
    "<script>alert(1)</script>",
    "<b>",
    "</li>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "<!-- x -->",
    "<br/>",
    "<?php",
    "<![CDATA[",
    "]]>",
    "<a href='javascript:x'>",
    "<style>",
    "<svg/onload=x>",
    "<x-y>",
    "<!DOCTYPE html>",
    "<font>",
    "<p markdown=1>",
    "<1",
    "a<b",
    "</",
    "<plaintext>",
]
ENTITIES = [
    "&lt;",
    "&#60;",
    "&#x3c;",
    "&amp;amp;",
    "&copy",
    "&copy;",
    "&",
    "&#",
    "&nbsp;",
    "&#0;",
    "&ngE;",
    "&AMP",
    "&quot;",
    "lt;",
]
LINKS = [
    "[t](https://e.test/x)",
    "![i](https://e.test/i.png)",
    "[t](javascript:alert(1))",
    "[x]: https://e.test/",
    "[x][y]",
    "[^1]",
    "[^1]: note",
    "[[wiki]]",
    "](",
    "]:",
    "](https://e.test)",
    "[",
    "]",
    "[ ]",
    "[x]",
    "![",
    "[a]{.b}",
    "*[HTML]: Hyper",
]
AUTOLINKS = [
    "https://e.test/a_b_c",
    "http://e.test。后",
    "https://e.test/)（",
    "www.e.test",
    "WWW.e.test/x",
    "ftp://e.test",
    "<https://e.test>",
    "<a@e.test>",
    "a@e.test",
    "a.b+c@e.test.test",
    "mailto:a@e.test",
    "xmpp:a@e.test/x",
    "mailto:x@y.zz",
    "javascript:alert(1)",
    "e.test/x",
    "😀.NET",
    "https://",
    "://",
    "www.",
    "a@b",
    "@lin",
    "#12",
    "GH-12",
]
KRAMDOWN = [
    "{:.x}",
    "{: #id}",
    "{:toc}",
    "{::comment}",
    "{:/}",
    "{::nomarkdown}",
    "$$x$$",
    "$$",
    "$x$",
    "\\\\(x\\\\)",
    "\\[x\\]",
    ": definition",
    ":",
    "^",
    "{::options parse_block_html='true' /}",
    "*[a]: b",
    "^^^",
    "+++",
    "***",
    "{#id}",
    "{.x}",
    "{#",
    "::",
]
TYPOGRAPHY = [
    '"quoted"',
    "'quoted'",
    "don't",
    "--",
    "---",
    "...",
    "....",
    "<<",
    ">>",
    "<< x >>",
    "'90s",
    '5"',
    "(c)",
    "(tm)",
    "+-",
    "–",
]
EMOJI = [":smile:", ":+1:", ":100:", ":x:", ":a_b:", "::smile::", "12:30:45"]
BLOCKS = [
    "- ",
    "* ",
    "+ ",
    "1. ",
    "1) ",
    "12345. ",
    "# ",
    "## ",
    "#",
    "> ",
    ">",
    "```",
    "~~~",
    "---",
    "===",
    "- [ ] ",
    "- [x] ",
    "[ ] ",
    "| a | b |",
    "|---|---|",
    "|",
    "    ",
    "\t",
    ": ",
    "***",
    "___",
    "\\",
    "%",
    "```js",
    "=",
    "-",
    "+",
]
EMPHASIS = [
    "**重点。**后",
    "**「量化」**技术",
    "*a*",
    "__init__",
    "_a_",
    "a_b_c",
    "~~x~~",
    "~x~",
    "==x==",
    "++x++",
    "`a`",
    "``",
    "**",
    "*",
    "_",
    "^a^",
    "H~2~O",
    "*a",
    "b*",
    "**a",
    "'''",
    "2**3",
    "a*b*c",
]
UNSEEN = [
    "\u200b",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u00ad",
    "\u200d",
    "\u200c",
    "\u2028",
    "\x00",
    "\x1b",
    "\x85",
    "\u3164",
    "\U000e0041",
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "\v",
    "\f",
    "\x1c",
    "\u00a0",
    "\u3000",
    "\u2009",
    "\ue000",
    "\ufffe",
]
KINDS: Sequence[Sequence[str]] = (
    MARKS, PROSE, LIQUID, SHORTCODES, HTML, ENTITIES, LINKS, AUTOLINKS, KRAMDOWN,
    TYPOGRAPHY, EMOJI, BLOCKS, EMPHASIS, UNSEEN,
)  # fmt: skip


def each_by_itself() -> list[str]:
    """Return every piece alone, between words, doubled, and last."""
    pieces = [piece for kind in KINDS for piece in kind]
    return [
        shape.replace("…", piece) for piece in pieces for shape in ("…", "a… b", "量…化", "… …", "x …", "……")
    ]


def hostile_words(seed: int, count: int) -> list[str]:
    """Return so many strings, the same for the same seed: pieces of one, two or all kinds between prose."""
    choose = random.Random(seed)
    made = []
    for _ in range(count):
        kinds = [choose.choice(KINDS) for _ in range(choose.choice((1, 1, 2, 3)))] + [PROSE, MARKS]
        weights = [6] * (len(kinds) - 2) + [3, choose.choice((0, 1, 4, 12))]
        made.append(
            "".join(
                choose.choice(kind)
                for kind in choose.choices(kinds, weights, k=choose.choice((2, 3, 5, 8, 14)))
            )
        )
    return made
