"""Which file of the repository is the draft of an issue, and how a new one begins."""

import datetime as dt

from bot.draft import Plan, key_of
from renderers.issue_document import IssueDocument
from renderers.issue_release import with_past_names
from renderers.layout import Layout
from renderers.new_issue import begin_issue
from storage.git_renames import renamed_since
from storage.newsletter_repo import Snapshot

_LOOKED_INTO = 8  # files opened to find a draft by what it says; drafts are among the newest or undated


async def draft_path(
    snapshot: Snapshot,
    layout: Layout,
    date: dt.date,
    *,
    known: str | None,
    taken: frozenset[str],
    plan: Plan,
) -> str:
    """Return the path of an issue's draft: where it was, else by its name, else by what it says.

    Placeholder names (``2020-05-xx.md``) and a title date that differs from the name are legal, and people
    rename drafts; a path that nothing has is where a new draft goes. `taken` are the files of other issues.
    """
    files = tuple(path for path in await issue_paths(snapshot, layout) if path not in taken)
    by_name = layout.path(date.isoformat())
    if known is not None and known not in taken and await snapshot.read(known) is not None:
        return known
    if by_name in files:
        return by_name
    set_before = frozenset().union(*(story.all_keys for story in plan.stories if story.base is not None))
    for path in _candidates(files, layout):
        document = IssueDocument.parse(await snapshot.read(path) or b"", layout)
        holds = any(key_of(story.url) in set_before for story in document.stories)
        if holds or document.date == date.isoformat():
            return path
    placeholder = layout.path(f"{date:%Y-%m}-xx")
    return placeholder if placeholder in files else by_name


async def draft_renamed(
    snapshot: Snapshot, path: str | None, *, since: str | None, taken: frozenset[str]
) -> str | None:
    """Return where the draft is that was written to `path` by the commit `since`, if people renamed it."""
    if path is None or since is None or await snapshot.read(path) is not None:
        return path
    found = await renamed_since(snapshot, path, since)
    return path if found in taken else found or path


async def issue_paths(snapshot: Snapshot, layout: Layout) -> tuple[str, ...]:
    """Return the files among which issues are: of the layout's folder, or of the folders in it."""
    if "/" not in layout.file:
        return await snapshot.list(layout.folder)
    lines = await snapshot.tree([f"{layout.folder}/"])
    folders = [f"{line.path}/" for line in lines if line.kind == "tree"]
    inside = await snapshot.tree(folders) if folders else ()
    return tuple(sorted(line.path for line in inside if line.kind == "blob"))


async def new_draft(snapshot: Snapshot, layout: Layout, date: dt.date) -> IssueDocument:
    """Begin a draft from the layout, after the newest earlier issue."""
    paths = await issue_paths(snapshot, layout)
    dated = {day: path for path in paths if (day := _day(path, layout)) is not None}
    earlier = max((day for day in dated if day < date), default=None)
    if earlier is None:
        return begin_issue(layout, date=date)
    previous = await snapshot.read(dated[earlier])
    begun = begin_issue(layout, date=date, previous=previous, previous_date=earlier)
    return with_past_names(begun, {earlier.isoformat(): dated[earlier]}, {earlier.isoformat()})


def _candidates(files: tuple[str, ...], layout: Layout) -> list[str]:
    """Return the files in which a draft is looked for: undated names, then the newest dates."""
    pages = [path for path in files if path.endswith(".md")]
    undated = [path for path in pages if _day(path, layout) is None]
    dated = sorted((path for path in pages if _day(path, layout) is not None), reverse=True)
    return [*undated[:_LOOKED_INTO], *dated[:_LOOKED_INTO]]


def _day(path: str, layout: Layout) -> dt.date | None:
    try:
        return dt.date.fromisoformat(layout.date_in(path) or "")
    except ValueError:
        return None
