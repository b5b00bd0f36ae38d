"""The parts of a house format: plain data, which templates see too."""

import re
from dataclasses import dataclass

NO_COUNT = r"(?!)(\d+)"
"""The pattern of a lead that names no count: it has the group that readers ask for, and never matches."""


@dataclass(frozen=True, slots=True)
class LayoutSection:
    """A section of the house format: its key, its heading, and the note that stands under the heading."""

    key: str
    heading: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """The words that mark the parts of an issue; `count` is a pattern whose group 1 is the story count."""

    lead: str
    summary: str
    note: str
    shorts: str
    count: str

    def count_in(self, line: str) -> tuple[int, int] | None:
        """Return where a line of the lead says the story count; None where it does not.

        So many digits as no issue has stories are passed over: each of them would be a place to begin at.
        """
        short = re.sub(r"\d{10,}", lambda digits: " " * len(digits[0]), line)
        found = re.search(self.count, short)
        return found.span(1) if found else None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Blank lines: between stories, after a filled section, after an empty one's heading, after a note."""

    story: int
    filled: int
    empty: int
    note: int


@dataclass(frozen=True, slots=True)
class TableRule:
    """How a table of past issues grows: `link` holds `{date}`; `empty` is what an unfilled cell holds."""

    heading: str
    link: str
    columns: int
    empty: str


@dataclass(frozen=True, slots=True)
class PictureRule:
    """Where pictures of stories are kept: a folder of the repository, and how an issue names one there.

    `folder` may hold `{folder}`, the issues' own; `link` holds `{name}`, the picture's file name.
    """

    folder: str = "{folder}/pictures"
    link: str = "pictures/{name}"


@dataclass(frozen=True, slots=True)
class StorySetting:
    """How a story is set: its `mark`, what parts title and source, what stands before a summary `beside` it.

    `indent` is the number of blanks before the lines below a listed story; an empty `separator` means that
    sources are not printed.
    """

    mark: str
    separator: str = " | "
    dash: str = " - "
    indent: int = 0
