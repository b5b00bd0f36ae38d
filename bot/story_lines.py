"""Stories as JSON lines, as `document stories --json` prints them and people write them."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from renderers.issue_page import PageStory
from renderers.markdown import link_target

_HEADING = re.compile(r"#{1,6}\s+")
_TEXTS = ("section", "title", "source", "url", "summary", "repo")
_TEXT, _TAGS = "{} is not text", "tags is not a list of texts"
_META = "meta is not a list of pairs of label and value"


class StoryLineError(ValueError):
    """A line of a stories file is no story."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")


def read_stories(path: Path) -> Iterator[PageStory]:
    """Read stories from JSON lines; raise StoryLineError for a line that is none, OSError as `open` does.

    Wanted: section, title, url. Allowed: source, summary, repo (text), tags (list), meta (list of pairs).
    """
    for number, said in story_objects(path):
        yield story_from(said, path, number)


def story_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read what each line says, with its number from 1; null says nothing. Raises as `read_stories` does.

    A byte order mark at the file's begin and empty lines are passed over.
    """
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as problem:
            raise StoryLineError(path, number, "the line is not UTF-8") from problem
        except json.JSONDecodeError as problem:
            reason = f"the line is not JSON ({problem.msg.lower()} at character {problem.colno})"
            raise StoryLineError(path, number, reason) from problem
        except (ValueError, RecursionError) as problem:
            raise StoryLineError(path, number, "the line is not JSON that can be read") from problem
        if not isinstance(said, dict):
            raise StoryLineError(path, number, "a story is a JSON object, one a line")
        yield number, {name: value for name, value in said.items() if value is not None}


def story_from(
    said: Mapping[str, Any], path: Path, line: int, *, known_links: frozenset[str] = frozenset()
) -> PageStory:
    """Make a story of a line's object; raise StoryLineError. A known link may be no web address."""
    try:
        story = _page_story(said)
    except KeyError as problem:
        raise StoryLineError(path, line, f"the field {problem} is missing") from problem
    except (TypeError, ValueError) as problem:
        raise StoryLineError(path, line, str(problem)) from problem
    if story.url and story.url not in known_links and not link_target(story.url):
        raise StoryLineError(path, line, f"{story.url!r} is no http or https address")
    return story


def _page_story(said: Mapping[str, Any]) -> PageStory:
    texts = {
        name: said[name] if name in ("section", "title", "url") else said.get(name, "") for name in _TEXTS
    }
    for name, text in texts.items():
        if not isinstance(text, str):
            raise TypeError(_TEXT.format(name))
    texts["section"] = _HEADING.sub("", texts["section"], count=1)
    if not texts["section"].strip():
        raise ValueError("the section is empty")
    return PageStory(**texts, tags=_tags(said.get("tags", ())), meta=_meta(said.get("meta", ())))


def _tags(said: object) -> tuple[str, ...]:
    tags = (said,) if isinstance(said, str) else said
    if not isinstance(tags, list | tuple) or not all(isinstance(tag, str) for tag in tags):
        raise TypeError(_TAGS)
    return tuple(tag for tag in tags if tag)


def _meta(said: object) -> tuple[tuple[str, str], ...]:
    """Read labelled lines: pairs, objects of label and value, or one object of them all."""
    lines: object = list(said.items()) if isinstance(said, dict) else said
    if not isinstance(lines, list | tuple):
        raise TypeError(_META)
    return tuple(_labelled(line) for line in lines)


def _labelled(line: object) -> tuple[str, str]:
    pair = (line.get("label"), line.get("value")) if isinstance(line, dict) else line
    if isinstance(pair, list | tuple) and len(pair) == 2:
        label, value = pair
        if isinstance(label, str) and isinstance(value, str):
            return label, value
    raise TypeError(_META)
