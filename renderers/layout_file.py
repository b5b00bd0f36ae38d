"""layout.toml, read strictly: every complaint names the key, the line and the cure."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

FILE_LIMIT = 64_000  # characters of a layout.toml; those that come along have about 1,000
_COUNTING = r"(\d+)"
_MOST_CHOICES = 8  # "|" and "?" of a pattern: each doubles the ways in which it may be tried


def _one_line(value: str) -> str:
    if any(mark in value for mark in "\r\n\x00"):
        raise ValueError("write it on one line")
    return value


def _filled(*names: str) -> Callable[[str], str]:
    """Allow these names alone between braces: other fields would reach into Python."""

    def check(value: str) -> str:
        if re.search(r"[{}]", re.sub("|".join(f"{{{name}}}" for name in names), "", value)):
            known = " and ".join(f"{{{name}}}" for name in names)
            raise ValueError(f"only {known} can stand in braces; take the others out")
        return value

    return check


def _dated(value: str) -> str:
    if "{date}" not in value:
        raise ValueError("write {date} where the issue's date stands")
    return _filled("date")(value)


def _inside(value: str) -> str:
    """Allow a path below the repository's root, of names that git and every file system take."""
    for name in value.split("/"):
        if not re.fullmatch(r"[\w{}](?:[\w .{}-]*[\w{}-])?", name):
            raise ValueError(f"{name!r} is no name of a folder or file below the root; write a relative path")
    return value


def _markdown_file(value: str) -> str:
    if not value.endswith((".md", ".markdown")):
        raise ValueError("an issue is a Markdown file; end the name in .md")
    return value


def _counting(value: str) -> str:
    """Allow a pattern that is matched in one pass: words, alternatives, options, and the count."""
    if value and value.count(_COUNTING) != 1:
        raise ValueError(rf"write {_COUNTING} once, where the count stands, or leave it empty")
    marks = re.sub(r"\\.", "", value.replace(_COUNTING, "")).replace("(?:", "")
    if set(marks) & set("*+{"):
        raise ValueError(f"nothing but {_COUNTING} can be repeated; write the words as they stand")
    if len(re.findall(r"[|?]", marks)) > _MOST_CHOICES:
        raise ValueError(f"it leaves more than {_MOST_CHOICES} choices by | and ?; take some out")
    try:
        pattern = re.compile(value)
    except re.error as wrong:
        raise ValueError(f"it is no regular expression ({wrong}); write the words as they stand") from wrong
    if value and pattern.groups != 1:
        raise ValueError("write (?:…) for groups beside the count")
    return value


Text = Annotated[str, Field(max_length=2000), AfterValidator(_one_line)]
Pattern = Annotated[Text, AfterValidator(_dated)]
Path = Annotated[Text, Field(min_length=1), AfterValidator(_inside)]
Lines = Annotated[int, Field(ge=0, le=10)]  # blank lines


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class LabelsTable(_Table):
    """The table [labels]."""

    lead: Text = ""
    summary: Text = ""
    note: Text = "Note"
    shorts: Text = "In short:"
    count: Annotated[Text, AfterValidator(_counting)] = ""


class GapsTable(_Table):
    """The table [gaps]."""

    story: Lines = 0
    filled: Lines = 1
    empty: Lines = 1
    note: Lines = 1


class StoryTable(_Table):
    """The table [story]."""

    mark: Literal["- ", "* ", "+ ", "### ", "#### "] | None = None
    separator: Literal[" | ", ""] = " | "
    dash: Literal[" - ", " – ", " — ", ": ", "："] = " - "
    indent: Annotated[int, Field(ge=0, le=8)] = 0


class SectionTable(_Table):
    """The table [[sections]]."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    heading: Annotated[Text, Field(min_length=1)]
    note: Text = ""


class PastTable(_Table):
    """The table [archive]."""

    heading: Text = ""
    link: Pattern = "{date}.md"
    columns: Annotated[int, Field(ge=1, le=20)] = 4
    empty: Annotated[Text, Field(max_length=20)] = "  "


class PicturesTable(_Table):
    """The table [pictures]."""

    folder: Annotated[Text, AfterValidator(_filled("folder"))] = "{folder}/pictures"
    link: Annotated[Text, AfterValidator(_filled("name"))] = "pictures/{name}"


class IndexTable(PastTable):
    """The table [index]."""

    file: Path = "README.md"


class LayoutTable(_Table):
    """All of layout.toml."""

    language: Literal["en", "zh"]
    folder: Path
    file: Annotated[Path, AfterValidator(_dated), AfterValidator(_markdown_file)]
    title: Pattern
    style: Literal["listed", "beside", "headed"]
    section_mark: Literal["##", "###"] = "##"
    labels: LabelsTable = LabelsTable()
    gaps: GapsTable = GapsTable()
    story: StoryTable = StoryTable()
    sections: Annotated[list[SectionTable], Field(min_length=1, max_length=40)]
    archive: PastTable = PastTable()
    index: IndexTable = IndexTable()
    page: Annotated[Text, AfterValidator(_filled("folder", "name"))] = "{folder}/{name}.html"
    pictures: PicturesTable = PicturesTable()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        for name in ("key", "heading"):
            values = [getattr(section, name) for section in self.sections]
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise ValueError(f"two sections have the {name} {twice!r}; give each its own")
        return self

    @model_validator(mode="after")
    def _marks_fit(self) -> Self:
        mark = self.story.mark
        if mark is None:
            return self
        if (self.style == "headed") != mark.startswith("#"):
            kind = "a heading's (### )" if self.style == "headed" else "a list's (- )"
            raise ValueError(f"a {self.style} story cannot begin with {mark!r}; write {kind} mark")
        if mark.strip() == self.section_mark:
            raise ValueError(f"sections and stories both begin with {mark.strip()}; give them two marks")
        return self


_TABLES: Mapping[str, type[BaseModel]] = {
    "labels": LabelsTable,
    "gaps": GapsTable,
    "story": StoryTable,
    "sections": SectionTable,
    "archive": PastTable,
    "index": IndexTable,
    "pictures": PicturesTable,
}


class LayoutFileError(ValueError):
    """A layout.toml says something that cannot be followed; `complaints` are (line from 1 or 0, sentence)."""

    def __init__(self, complaints: Sequence[tuple[int, str]]) -> None:
        super().__init__("; ".join(message for _, message in complaints))
        self.complaints = tuple(complaints)


def read_layout_file(text: str) -> LayoutTable:
    """Read a layout.toml; raise LayoutFileError with a complaint per fault."""
    if len(text) > FILE_LIMIT:
        raise LayoutFileError([(0, f"it has more than {FILE_LIMIT} characters; make it shorter")])
    try:
        return LayoutTable.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as broken:
        found = re.search(r"\s*\(at line (\d+), column \d+\)", str(broken))
        said = str(broken).replace(found[0], "") if found else str(broken)
        complaint = (int(found[1]) if found else 0, f"it is no TOML: {said}; mend the line")
        raise LayoutFileError([complaint]) from broken
    except RecursionError as deep:
        raise LayoutFileError([(0, "it is nested too deeply; make it simpler")]) from deep
    except ValidationError as wrong:
        lines = text.split("\n")
        faults = [(_line_of(lines, error["loc"]), _complaint(error)) for error in wrong.errors()]
        raise LayoutFileError(faults) from wrong


def _complaint(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "the layout"
    match error["type"]:
        case "missing":
            return f"{key} is missing; add it, as docs/reference/layouts.md shows"
        case "extra_forbidden":
            return f"{key}: there is no such key; {_nearest(error['loc'])}"
        case "value_error":
            return f"{key}: {error['msg'].removeprefix('Value error, ')}"
        case _:
            return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}; it says {error['input']!r}"[:300]


def _nearest(loc: Sequence[int | str]) -> str:
    names = [part for part in loc if isinstance(part, str)]
    table: type[BaseModel] = _TABLES.get(names[0], LayoutTable) if len(names) > 1 else LayoutTable
    close = get_close_matches(str(names[-1]), list(table.model_fields), n=1)
    return f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(table.model_fields)}"


def _line_of(lines: Sequence[str], loc: Sequence[int | str]) -> int:
    """Find the line, from 1, of a key or of its table; 0 where the file does not name it."""
    names = [str(part) for part in loc if isinstance(part, str)]
    number = next((part for part in loc if isinstance(part, int)), 0)
    start = 0
    if len(names) > 1:
        heads = [place for place, line in enumerate(lines) if re.match(rf"\s*\[+\s*{names[0]}\b", line)]
        start = heads[min(number, len(heads) - 1)] if heads else 0
    key = re.compile(rf"\s*\[*\s*{re.escape(names[-1]) if names else '$^'}\b")
    return next(
        (place + 1 for place in range(start, len(lines)) if key.match(lines[place])), start and start + 1
    )
