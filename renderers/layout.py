"""House formats: what a newsletter's files are called and how they are set.

Those that come along are read from `layouts/`, a newsletter's own from its folder: layout.toml and templates.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import TemplateError

from renderers.layout_file import FILE_LIMIT, LayoutFileError, LayoutTable, read_layout_file
from renderers.layout_rules import NO_COUNT, Gaps, Labels, LayoutSection, PictureRule, StorySetting, TableRule
from renderers.layout_template import (
    TEMPLATE_LIMIT,
    NewIssue,
    TemplateFault,
    render_template,
    template_faults,
)

__all__ = [
    "Gaps",
    "InvalidLayoutError",
    "Labels",
    "Layout",
    "LayoutNotFoundError",
    "LayoutSection",
    "PictureRule",
    "StorySetting",
    "TableRule",
    "layout_names",
    "layout_of",
    "load_layout",
]

LAYOUTS = Path(__file__).parent / "layouts"
ISSUE_TEMPLATE = "issue.md.j2"
INDEX_TEMPLATE = "index.md.j2"
LAYOUT_FILE = "layout.toml"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class LayoutNotFoundError(LookupError):
    """No layout has this name."""

    def __init__(self, name: str, problem: str = "") -> None:
        known = ", ".join(layout_names())
        own = "; or write the path of a folder of your own, such as ./layout"
        super().__init__(problem or f"There is no layout {name!r}. Known layouts: {known}{own}.")


class InvalidLayoutError(LayoutNotFoundError):
    """A folder is there, but what it holds makes no layout; `faults` name file, line and cure."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(name, "\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Layout:
    """One house format. `title`, `file` and the table links hold `{date}`; `style` names the story style.

    A `title` without the mark of a heading is the title in the front matter.
    """

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
    story: StorySetting
    section_mark: str = "##"
    page: str = "{folder}/{name}.html"  # an issue's address on the site, as Jekyll's default has it
    pictures: PictureRule = field(default_factory=PictureRule)

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

    def date_in(self, path: str) -> str | None:
        """Return the ISO date that an issue's path names by the pattern of `file`; None for another file.

        Words behind the date, as in `2031-01-02-some-words.md`, may be any where the pattern has some.
        """
        before, _, behind = self.file.partition("{date}")
        words, dot, ending = behind.rpartition(".")
        loose = r"[-_][^/]*" if words.startswith(("-", "_")) else re.escape(words)
        start, end = rf"(?:^|/){re.escape(before)}", re.escape(dot + ending)
        found = re.search(rf"{start}({_DATE.pattern}){loose}{end}$", path)
        return found[1] if found else None

    @property
    def has_heading_title(self) -> bool:
        """Tell whether the issue's title is a heading, and not a value in the front matter."""
        return self.title.startswith("#")

    def new_issue(self, date: str) -> NewIssue:
        """Return what templates know of the issue of an ISO date."""
        return NewIssue.of(date, self.title.format(date=date))

    def render(self, template: str, **values: object) -> str:
        """Render one of the layout's templates in a sandbox; a lacking value is a jinja2.TemplateError.

        Templates know `sections`, `labels`, `archive`, `index` and what is given here: `issue`, a NewIssue.
        """
        known = {name: getattr(self, name) for name in ("sections", "labels", "archive", "index")}
        return render_template(self.templates[template], {**known, **values})


def layout_names() -> tuple[str, ...]:
    """Return the names of the layouts that come with Copydesk, sorted."""
    return tuple(sorted(_name_of(path) for path in LAYOUTS.glob("*/layout.toml")))


def load_layout(name: str) -> Layout:
    """Read the layout of that name, or of that folder where the name holds a slash.

    Raises LayoutNotFoundError, naming the known ones, if there is none; InvalidLayoutError if it is no good.
    """
    if name in layout_names():
        return _read(name, LAYOUTS / name.replace("-", "_"))
    folder = Path(name)
    if "/" not in name or not (folder / "layout.toml").is_file():
        raise LayoutNotFoundError(name)
    return _read(folder.name or name, folder)


def _name_of(path: Path) -> str:
    return path.parent.name.replace("_", "-")


def _read(name: str, folder: Path) -> Layout:
    """Read a layout's folder; a file that cannot be read is missing."""
    texts: dict[str, str] = {}
    for file in (ISSUE_TEMPLATE, INDEX_TEMPLATE, LAYOUT_FILE):
        with suppress(OSError, UnicodeDecodeError):
            texts[file] = _text_of(folder / file, folder.resolve())
    return layout_of(name, texts)


def _text_of(path: Path, folder: Path) -> str:
    """Read a file; one beyond its folder, by a link, would go into every issue. Raises OSError."""
    if not path.resolve().is_relative_to(folder) or not path.is_file():
        raise FileNotFoundError(path)
    with path.open(encoding="utf-8") as file:
        return file.read(max(TEMPLATE_LIMIT, FILE_LIMIT) + 1)  # more is complained of, whichever file it is


def layout_of(name: str, texts: Mapping[str, str]) -> Layout:
    """Make a layout of the texts of its three files; raises InvalidLayoutError with all that is wrong."""
    faults = [
        f"{name}/{file}: the file is missing, no UTF-8, or a link out of the folder; add it."
        for file in (ISSUE_TEMPLATE, INDEX_TEMPLATE, LAYOUT_FILE)
        if file not in texts
    ]
    templates = {file: texts.get(file, "") for file in (ISSUE_TEMPLATE, INDEX_TEMPLATE)}
    for file, text in templates.items():
        faults += [_placed(f"{name}/{file}", fault) for fault in template_faults(text)]
    table = _table(name, texts.get(LAYOUT_FILE), faults)
    if table is None or faults:
        raise InvalidLayoutError(name, faults)
    layout = _layout(name, table, templates)
    for file in templates:
        try:
            layout.render(file, issue=layout.new_issue("2031-01-02"))
        except (TemplateError, TypeError, ValueError) as problem:
            faults.append(f"{name}/{file}: {problem}; docs/reference/layouts.md names what there is.")
    if faults:
        raise InvalidLayoutError(name, faults)
    return layout


def _table(name: str, text: str | None, faults: list[str]) -> LayoutTable | None:
    if text is None:
        return None
    try:
        return read_layout_file(text)
    except LayoutFileError as wrong:
        place = f"{name}/{LAYOUT_FILE}"
        faults += [_placed(place, TemplateFault(*complaint)) for complaint in wrong.complaints]
        return None


def _placed(place: str, fault: TemplateFault) -> str:
    line = f":{fault.line}" if fault.line else ""
    return f"{place}{line}: {fault.message.rstrip('.')}."


def _layout(name: str, table: LayoutTable, templates: Mapping[str, str]) -> Layout:
    values = table.model_dump(exclude={"index": {"file"}})
    values["labels"]["count"] = table.labels.count or NO_COUNT
    story = values.pop("story")
    mark = story.pop("mark") or ("### " if table.style == "headed" else "- ")
    return Layout(
        name=name,
        labels=Labels(**values.pop("labels")),
        gaps=Gaps(**values.pop("gaps")),
        sections=tuple(LayoutSection(**section) for section in values.pop("sections")),
        archive=TableRule(**values.pop("archive")),
        index=TableRule(**values.pop("index")),
        index_file=table.index.file,
        templates=templates,
        story=StorySetting(mark, **story),
        pictures=PictureRule(**values.pop("pictures")),
        **values,
    )
