"""The language of a layout's templates: a small part of Jinja in a sandbox, every value escaped.

Templates come from a newsletter's own folder. What could run long or far is not in the language: no calls, no
arithmetic, no assignments, one kind of loop, over the layout's sections. So a template ends by what it is,
without a clock that would have to stop it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from renderers.markdown import escape

TEMPLATE_LIMIT = 64_000  # characters of a template; the longest that comes along has 500
OUTPUT_LIMIT = 1_000_000  # characters of what a template gives; github.com shows no longer Markdown
VALUE_LIMIT = 10_000  # characters that a filter gives; a title has 100
NESTING_LIMIT = (
    40  # expressions and blocks within each other, and branches of an if; Python ends at 100 blocks
)

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Name, nodes.Getattr),
    *(nodes.Const, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "a call",
    nodes.Include: "an include",
    nodes.Assign: "an assignment",
    nodes.Test: "a test with `is`",
    nodes.Getitem: "a part in brackets",
    nodes.CondExpr: "an if within an expression",
}
_CURES: Mapping[type[nodes.Node], str] = {
    nodes.Call: "use the variables and filters of docs/reference/layouts.md",
    nodes.Include: "a template stands alone, so write the text here",
    nodes.Assign: "write the value where it is needed",
    nodes.CondExpr: "use a block: {% if … %}",
}
_NOT_KNOWN = "docs/reference/layouts.md lists what can"
_TOO_DEEP = f"it is nested more than {NESTING_LIMIT} deep; make it simpler"


class Raw(str):
    """Text that is Markdown already and goes out as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NewIssue:
    """The issue that begins: `date` is ISO, `year`, `month`, `day` its parts; `title` is the whole line."""

    date: str
    year: str
    month: str
    day: str
    title: str

    @classmethod
    def of(cls, date: str, title: str) -> "NewIssue":
        """Take an ISO date apart."""
        year, month, day = date.split("-")
        return cls(date, year, month, day, title)


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a template: the line, from 1 (0: the whole file), and what to do about it."""

    line: int
    message: str


class OutputTooLongError(TemplateError):
    """A template gave more than an issue may be long."""

    def __init__(self, limit: int = OUTPUT_LIMIT) -> None:
        super().__init__(f"it gives more than {limit} characters; an issue begins shorter")


def _raw_markdown(value: object) -> Raw:
    return Raw(_text(value))


def _json(value: object) -> Raw:
    """Set a value as a JSON string, which YAML and TOML read as the same string."""
    return Raw(_bounded(json.dumps(_text(value), ensure_ascii=False)))


def _joined(value: object, separator: str = "") -> str:
    """Put a separator between the characters: the digits of a year, for a table's header."""
    text = _text(value)
    if len(text) * (len(separator) + 1) > VALUE_LIMIT:
        raise OutputTooLongError(VALUE_LIMIT)
    return separator.join(text)


def _text(value: object) -> str:
    """Take text and what is printed as text, but no missing value, and no whole section."""
    if not isinstance(value, str | int):
        raise TemplateError(f"{str(value)[:40]!r} is no text; name one of its fields")
    return str(value)


def _bounded(text: str) -> str:
    if len(text) > VALUE_LIMIT:
        raise OutputTooLongError(VALUE_LIMIT)
    return text


def _finished(value: object) -> str:
    return value if isinstance(value, Raw) else escape(_text(value))


FILTERS: Mapping[str, Callable[..., str]] = {
    "raw_markdown": _raw_markdown,
    "json": _json,
    "join": _joined,
}
"""The filters a template may use; none returns more than VALUE_LIMIT, so that no template runs for long."""


@cache
def _sandbox() -> ImmutableSandboxedEnvironment:
    sandbox = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,
        finalize=_finished,
    )
    sandbox.globals.clear()
    sandbox.filters.clear()
    sandbox.filters.update(FILTERS)
    return sandbox


def template_faults(text: str) -> tuple[TemplateFault, ...]:
    """Return what in a template is not in the language, in order of line; empty means it may be rendered."""
    if len(text) > TEMPLATE_LIMIT:
        return (TemplateFault(0, f"it has more than {TEMPLATE_LIMIT} characters; make it shorter"),)
    try:
        tree = _sandbox().parse(text)
    except TemplateSyntaxError as wrong:
        return (
            TemplateFault(wrong.lineno, f"{(wrong.message or 'it cannot be read').rstrip('.')}; mend it"),
        )
    except RecursionError:
        return (TemplateFault(0, _TOO_DEEP),)
    except ValueError:  # of Python, for a number of thousands of digits
        return (TemplateFault(0, "a number in it is too long; write it as text"),)
    return tuple(sorted(_faults(tree, loops=0, nesting=0), key=lambda fault: fault.line))


def _faults(node: nodes.Node, *, loops: int, nesting: int) -> Iterator[TemplateFault]:
    """Walk a template, counting the loops and the nodes around each place."""
    fault = _fault_of(node, loops) if nesting < NESTING_LIMIT else _TOO_DEEP
    if fault:
        yield TemplateFault(node.lineno, fault)
        return
    loops += isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        yield from _faults(child, loops=loops, nesting=nesting + 1)


def _fault_of(node: nodes.Node, loops: int) -> str:
    """Return what is wrong with one node, with the cure; nothing where it is in the language."""
    match node:
        case nodes.For() | nodes.If():
            return _fault_of_block(node, loops)
        case nodes.Const(value=float()):
            return "a number with a point cannot stand here; write it as text"
        case nodes.Getattr(attr=attribute) if attribute.startswith("_"):
            return f"there is no {attribute!r}: names with an underscore are Python's own; take it out"
        case nodes.Filter(name=name) if name not in FILTERS:
            return f"there is no filter {name!r}; there are: {', '.join(sorted(FILTERS))}"
        case _ if not isinstance(node, _ALLOWED):
            what = _WORDS.get(type(node), type(node).__name__.lower())
            return f"{what} cannot stand here; {_CURES.get(type(node), _NOT_KNOWN)}"
    return ""


def _fault_of_block(node: nodes.For | nodes.If, loops: int) -> str:
    match node:
        case nodes.If():
            return _TOO_DEEP if len(node.elif_) > NESTING_LIMIT else ""
        case nodes.For(iter=nodes.Name(name="sections"), recursive=False):
            return "a loop cannot stand in a loop; put them one after the other" if loops else ""
    return "a loop goes over `sections` and nothing else"


def render_template(text: str, values: Mapping[str, object]) -> str:
    """Render a template; raise jinja2.TemplateError (a lacking value, a forbidden one, too much of it)."""
    parts: list[str] = []
    length = 0
    for part in _sandbox().from_string(text).generate(dict(values)):
        length += len(part)
        if length > OUTPUT_LIMIT:
            raise OutputTooLongError
        parts.append(part)
    return "".join(parts)
