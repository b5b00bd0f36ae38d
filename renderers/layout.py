"""House formats: what a newsletter's files are called and how they are set, read from `layouts/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

LAYOUTS = Path(__file__).parent / "layouts"


class LayoutNotFoundError(LookupError):
    """No layout has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no layout {name!r}. Known layouts: {', '.join(layout_names())}.")


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
class Layout:
    """One house format. `title`, `file` and the table links hold `{date}`; `style` names the story style."""

    name: str
    language: str
    folder: str
    file: str
    title: str
    style: str
    labels: Labels
    gaps: Gaps
    sections: tuple[LayoutSection, ...]
    archive: TableRule
    index: TableRule
    index_file: str
    templates: Mapping[str, str]
    page: str = "{folder}/{name}.html"  # an issue's address on the site, as Jekyll's default has it
    pictures: PictureRule = PictureRule()

    def path(self, date: str) -> str:
        """Return the path of the issue of a date (or placeholder such as `2020-05-xx`) in the repository."""
        return f"{self.folder}/{self.file.format(date=date)}"

    def page_address(self, path: str) -> str:
        """Return where the site has the page of an issue's file, below the site's own address."""
        folder, _, file = path.rpartition("/")
        return self.page.format(folder=folder, name=file.rpartition(".")[0] or file).lstrip("/")

    def picture_path(self, name: str) -> str:
        """Return where a picture is kept in the repository."""
        return f"{self.pictures.folder.format(folder=self.folder)}/{name}"

    def section(self, key: str) -> LayoutSection | None:
        """Return the section with this key, if the layout has it."""
        return next((section for section in self.sections if section.key == key), None)

    def section_key(self, heading: str) -> str:
        """Return the key of the section with this heading; a heading of somebody's own is its own key."""
        return next((section.key for section in self.sections if section.heading == heading), heading)

    def render(self, template: str, **values: object) -> str:
        """Render one of the layout's templates in a sandbox; a value it lacks is an error."""
        sandbox = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True, autoescape=False
        )
        return sandbox.from_string(self.templates[template]).render(layout=self, **values)


def layout_names() -> tuple[str, ...]:
    """Return the names of the layouts that come with Copydesk, sorted."""
    return tuple(sorted(_name_of(path) for path in LAYOUTS.glob("*/layout.toml")))


def load_layout(name: str) -> Layout:
    """Read the layout of that name; raise LayoutNotFoundError, naming the known ones, if there is none."""
    if name not in layout_names():
        raise LayoutNotFoundError(name)
    folder = LAYOUTS / name.replace("-", "_")
    values = tomllib.loads((folder / "layout.toml").read_text(encoding="utf-8"))
    templates = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.j2"))}
    return _layout(name, values, templates)


def _name_of(path: Path) -> str:
    return path.parent.name.replace("_", "-")


def _layout(name: str, values: dict[str, Any], templates: Mapping[str, str]) -> Layout:
    index_file = values["index"].pop("file")
    return Layout(
        name=name,
        labels=Labels(**values.pop("labels")),
        gaps=Gaps(**values.pop("gaps")),
        sections=tuple(LayoutSection(**section) for section in values.pop("sections")),
        archive=TableRule(**values.pop("archive")),
        index=TableRule(**values.pop("index")),
        index_file=index_file,
        templates=templates,
        pictures=PictureRule(**values.pop("pictures", {})),
        **values,
    )
