"""Words inside Markdown: a stranger's made inert, a person's kept as typed but for Liquid.

A file of ours is read by Liquid (Jekyll), kramdown, cmark-gfm, goldmark and markdown-it. Text from a page
passes through `escape`, which leaves a character alone where each of them shows it as itself. What a person
wrote keeps its Markdown: `defuse` takes away only the template engine's brackets and what never closes.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from renderers.open_markup import shut

_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Bidi controls, zero-width characters, fillers, tags, private use: nobody sees them, and they hide things.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff"
    "\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_JOINED = "\\w\u2600-\u27bf\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_JOINED}\ufe0f])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}])")
_MARK = "[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED_MARKS = re.compile(f"({_MARK}{{4}}){_MARK}+")

_LIQUID = re.compile(r"\{(?=[{%])")
_ALWAYS = re.compile(r"[`\[\]|\"']")  # quotes: kramdown and goldmark curl them
_STAR = re.compile(r"(?<! )\*|\*(?! )")  # between blanks it marks nothing, whatever stands around
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_LAST_BACKSLASH = re.compile(r"\\$")  # two of them before a line's end are kramdown's line break
_EDGE_UNDERSCORE = re.compile(r"_(?!(?<=[^\W_]_)[^\W_])(?!(?<= _) )")
_ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")
_ENTITY_END = re.compile(r"(?<=\w);")  # `&lt;` in a link is read as `<`
_TAG = re.compile(r"<(?=[^\W\d]|[/!?<])")  # kramdown knows tags of any alphabet
_BRACE = re.compile(r"\{(?=[{%:#]|$|[^{}]*\}$)")  # the last one: attributes of a heading
_MAIL_AT = re.compile(r"(?<=[\w.+-])@(?=[\w.-]*\.)")
_NOTHING = "<!-- -->"  # cmark-gfm looks for mail addresses once entities are read: only this parts one
_HELD = "\ue000"  # stands for the mail's `@` meanwhile; private use, so no cleaned text holds it
_WWW = re.compile(r"(?i)(www)\.")
_EMOJI = re.compile(r":(?=(?:100|1234|[+-]1|[0-9_+-]*[a-z][a-z0-9_+-]*):)")  # those four have no letter
_HEADING_END = re.compile(r"(?<![^ ])#(?=#*$)")
_LINE_START = re.compile(r"(?:[-+:~>](?=[-+:=~>\s]|$)|>|#(?=#*(?:\s|$))|=(?=[=\s]*$)|\d{1,9}[.)](?=\s|$))")
# What opens and what closes a pair: `~struck~` needs words inside; so does math, and no digit behind it.
_PAIRS = (
    ("~", "&#126;", re.compile(r"~(?=[^\s~])"), re.compile(r"(?<=[^\s~])~")),
    ("$", "\\$", re.compile(r"\$(?=\S)"), re.compile(r"(?<=\S)\$(?!\d)")),
)

# What an URL may hold as it stands; the rest, brackets and quotes first, is percent-encoded.
_URL_SAFE = "%/:?#@!$&+,;=~-._*"
URL_LIMIT = 2000  # characters; longer ones break mail clients and are never an article's address


def clean(text: str) -> str:
    """Return text as one line without what nobody can see.

    NFC; line ends and runs of blanks become one space; control, bidi, zero-width, tag and private-use
    characters go; joiners stay between what they join (emoji families); at most four marks pile on a letter.
    """
    text = _UNSEEN.sub("", _BREAKS.sub(" ", text))
    for _ in range(2):  # again: a joiner that goes may have kept a letter and its mark apart
        text = _LOOSE_JOINER.sub("", unicodedata.normalize("NFC", text))
    return _BLANKS.sub(" ", _PILED_MARKS.sub(r"\1", text)).strip()


def visible(text: str) -> str:
    """Return text of one or more lines without what nobody can see, its blanks as they are.

    What goes is what `clean` takes away; lines end with LF.
    """
    return "\n".join(_visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def _visible(line: str) -> str:
    line = _UNSEEN.sub("", _BREAKS.sub(" ", line))
    for _ in range(2):  # as in `clean`
        line = _LOOSE_JOINER.sub("", unicodedata.normalize("NFC", line))
    return _PILED_MARKS.sub(r"\1", line)


def escape(text: str, *, starts_line: bool = True, among: str = "") -> str:
    """Make a stranger's one line inert Markdown that shows as the cleaned text.

    Ordinary prose comes back as it was: `C++`, `mobilenet_v1`, `a < b`, `2 * 3`, full-width marks. `&`, `=`
    and `{` go by entity, since kramdown knows no backslash before them and Liquid heeds none. `among` is all
    that the paragraph says, this text too: a `~` is harmless only where it opens or closes nothing there.
    """
    text = _MAIL_AT.sub(_HELD, clean(text))
    text = _ENTITY.sub("&amp;", _BACKSLASH.sub(r"\\\\", text))
    text = _LAST_BACKSLASH.sub("&#92;", text)
    text = _STAR.sub(r"\\*", _ALWAYS.sub(r"\\\g<0>", text))
    text = _EDGE_UNDERSCORE.sub(r"\\_", text)
    text = _BRACE.sub("&#123;", _TAG.sub("&lt;", text))
    text = _escape_pairs(text, among or text)
    text = text.replace("!\\[", "&#33;\\[").replace("\\]:", "\\]&#58;")
    text = _unlink(text)
    text = _HEADING_END.sub(r"\\#", _EMOJI.sub("&#58;", text))
    if text.startswith("^"):  # a footnote's name, where the text is a link's
        text = "&#94;" + text[1:]
    return _escape_line_start(text) if starts_line else text


def _escape_pairs(text: str, among: str) -> str:
    """Escape what means something only in company: `~…~`, `$…$`, `--`, `...`, `>>`."""
    for mark, written, opening, closing in _PAIRS:
        first = opening.search(among)
        if first and closing.search(among, first.end()):
            text = text.replace(mark, written)
    text = re.sub(r"-(?=-)|(?<=-)-", r"\\-", text)
    return re.sub(r"\.\.(?=\.)", r"..\\", re.sub(r">(?=>)", "&gt;", text))


def _unlink(text: str) -> str:
    """Break what engines would turn into a link by themselves; they heed no escape within it."""
    text = _WWW.sub(r"\1&#46;", text.replace("://", "&#58;//"))
    return text.replace(_HELD, _NOTHING + "@")


def _escape_line_start(text: str) -> str:
    """Escape a mark that would make the line a list, heading, quote, rule or definition."""
    found = _LINE_START.match(text)
    if not found:
        return text
    mark, rest = found.group()[-1], text[found.end() :]
    written = f"&#{ord(mark)};" if mark in ":=)~" else "\\" + mark
    return found.group()[:-1] + written + rest


def defuse(text: str) -> str:
    """Keep a person's Markdown as typed, but for Liquid's brackets and characters no file should hold.

    Lines end with LF; a lone CR, which Markdown takes for a line end, does too. A fence, comment or tag that
    never closes is shown, since it would swallow what comes after.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return shut(_LIQUID.sub("&#123;", _CONTROLS.sub("", text)))


def link_target(url: str) -> str:
    """Return the URL as it may stand between `(` and `)`, or nothing for what is no plain web address.

    Only http and https with a host and without user name; blanks, brackets, quotes and all that isn't ASCII
    are percent-encoded; at most `URL_LIMIT` characters.
    """
    url = _UNSEEN.sub("", _BREAKS.sub("", url)).strip()
    try:
        parts = urlsplit(url)
        sound = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    if not sound:
        return ""
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(url, safe=_URL_SAFE))
    encoded = _ENTITY_END.sub("%3B", encoded)
    return encoded if len(encoded) <= URL_LIMIT else ""
