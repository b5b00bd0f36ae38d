"""Pictures below a story: lines that hold `![credit](path)` and nothing else, behind its summary.

Only a path within the repository makes such a line: a picture that hangs on somebody's server is a part of
the words around it.
"""

import re
from collections.abc import Sequence

from renderers.issue_page import PageStory
from renderers.story_head import backslashed, closed
from renderers.story_style import inert
from renderers.summary_lines import blank

_PICTURE = re.compile(
    r" {0,3}!\[((?:\\.|[^\[\]\\])*)\]\((?![A-Za-z][A-Za-z0-9+.-]*:|//)([^\s()<>\\]{1,500})\)[ \t]*"
)
_PATH = re.compile(r"[\w./%~-]{1,500}")
CREDIT_LIMIT = 200
"""Characters of a credit; longer ones are cut."""


def picture_places(lines: Sequence[str], places: Sequence[int]) -> tuple[int, ...]:
    """Return which of these places hold pictures, from the last one upwards, over blank lines between."""
    found: list[int] = []
    for place in reversed(places):
        if _PICTURE.fullmatch(lines[place]):
            found.append(place)
        elif not blank(lines[place]):
            break
    return tuple(reversed(found))


def pictures_at(lines: Sequence[str], places: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """Return credit, as Markdown, and path of the pictures at these places."""
    found = (_PICTURE.fullmatch(lines[place]) for place in places)
    return tuple((match[1], match[2]) for match in found if match)


def picture_lines(story: PageStory, *, end: str) -> list[str]:
    """Set a story's pictures, a line each with this end; one whose path is none is left out."""
    markdown = story.is_markdown("pictures")
    return [
        f"![{closed(backslashed(inert(credit[:CREDIT_LIMIT], markdown=markdown), '[]'))}]({path}){end}"
        for credit, path in story.pictures
        if _PATH.fullmatch(path) and not path.startswith("//")
    ]
