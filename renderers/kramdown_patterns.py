"""Lines that kramdown 2.4 (GFM) looks for, by their names in its source.

In Ruby blanks are those of ASCII, the ends of words those of all alphabets.
"""

import re

NAME = r"(?u:(?:[^\W\d][\w.-]*:)?[^\W\d][\w.-]*)"  # UNAME_STR: an element's, in any alphabet
_VALUE = r"(?:(?u:\w+)|\"[^\"]*\"|'[^']*')"
# HTML_TAG_RE
TAG = re.compile(
    rf"<((?>{NAME}))\s*(?>(?:\s+{NAME}(?:\s*=\s*{_VALUE})?)*)\s*(/)?>",
    re.ASCII,
)
_SPAN = (
    "(?:a|abbr|acronym|b|big|bdo|br|button|cite|code|del|dfn|em|i|img|input|ins|kbd|label|mark|option|q|rb|rbc"
    "|rp|rt|rtc|ruby|samp|select|small|span|strong|sub|sup|tt|u|var)"
)
SPAN = re.compile(_SPAN, re.IGNORECASE)  # HTML_SPAN_ELEMENTS
# HTML_BLOCK_ELEMENTS: within a line their tags are words.
BLOCK_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "address article aside applet body blockquote caption col colgroup dd div dl dt fieldset figcaption"
        " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html head iframe legend menu li main map nav ol"
        " optgroup p pre section summary table tbody td th thead tfoot tr ul",
    )
)
# HTML_ELEMENTS_WITHOUT_BODY
EMPTY_ELEMENTS = frozenset(
    re.findall(r"\w+", "area base br col command embed hr img input keygen link meta param source track wbr")
)

IAL = r" {0,3}\{:(?!:|/)(?:\\\}|[^}])+\}\s*?\n"  # IAL_BLOCK_START: attributes
END_MARK = r"\^\s*?\n"  # EOB_MARKER
_NAMED = rf"(?!(?:{_SPAN}|script)(?u:\b)){NAME}"
HTML = rf" {{0,3}}(?:<{_NAMED}|</{_NAMED}\s*>)"  # LAZY_END_HTML_START, LAZY_END_HTML_STOP
FENCE = r" {0,3}[~`]{3,}"
LIST = r" {0,3}(?:[+*-]|\d+\.)[\t| ]"
LAZY_END = rf"\s*\n|{IAL}|{END_MARK}|{HTML}|\Z"

BLANK = re.compile(r"(?:\s*\n)+", re.ASCII)
HEADING = re.compile(r"#{1,6}[\t ]+.*\n")
RULE = re.compile(r" {0,3}([*_-])[ \t]*\1[ \t]*\1(?:\1|[ \t])*\n")
LISTED = re.compile(LIST, re.ASCII)
QUOTE_END = re.compile(LAZY_END, re.ASCII)
PARAGRAPH_END = re.compile(
    rf"{LAZY_END}|{LIST}|{HEADING.pattern}| {{0,3}}:[\t| ]| {{0,3}}>|{FENCE}", re.ASCII
)
BOUNDARY = re.compile(rf"\s*\n|{END_MARK}|{IAL}|\Z", re.ASCII)  # BLOCK_BOUNDARY
CODE_LINES = (  # CODEBLOCK_MATCH
    r"(?:(?:\s*\n)?(?:(?:\t| {4})[ \t]*\S.*\n)+"
    rf"(?:(?!{IAL}|{END_MARK}|{HTML})[ \t]*\S.*\n)*)*"
)
