"""A three-way merge of an issue's file by story: what the desk wants, on top of what people did in the file.

`base` is the file as the desk last rendered it, `theirs` the file as people have it now. What people changed
stands; what they left alone follows the desk; what nobody asked about keeps its bytes. There are no conflict
markers: a change that gave way becomes a note.
"""

from dataclasses import replace

from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.issue_parser import story_style
from renderers.labelled_issue import LabelledIssue
from renderers.lead_merge import merge_lead, merge_shorts
from renderers.merge_order import MergeOrder
from renderers.section_names import SectionNames
from renderers.story_match import Key, key_in_document, places_by_key, plain, readable
from renderers.story_merge import as_text, changed_fields, differing_fields, edited_fields, merged_fields
from renderers.story_pairing import Trio, pair
from renderers.story_style import DocumentStory, as_page_story, settled
from renderers.wanted_issue import Fate, MergedIssue, MergeNote, WantedIssue, WantedStory

__all__ = ["Fate", "MergeNote", "MergedIssue", "WantedIssue", "WantedStory", "merge_issue"]


def merge_issue(base: IssueDocument, theirs: IssueDocument, wanted: WantedIssue, key: Key) -> MergedIssue:
    """Merge what the desk wants into the file as people have it; merged again, nothing changes.

    `key` gives a link's one spelling. Raises StoryNotSetError where a story's section cannot hold one.
    """
    merged = _merged(base, theirs, wanted, key)
    if _is_steady(base, merged, wanted, key):
        return merged
    yielded = _merged(base, theirs, wanted, key, yielding=True)
    again = _merged(base, yielded.document, wanted, key)
    if not _is_steady(base, again, wanted, key):
        return yielded
    return replace(again, notes=yielded.notes, fates=yielded.fates, edited=yielded.edited)


def _is_steady(base: IssueDocument, merged: MergedIssue, wanted: WantedIssue, key: Key) -> bool:
    """Tell whether a merged document merged again stays as it is."""
    return _merged(base, merged.document, wanted, key).document == merged.document


def _merged(
    base: IssueDocument, theirs: IssueDocument, wanted: WantedIssue, key: Key, *, yielding: bool = False
) -> MergedIssue:
    """Merge, `yielding` to people where both sides moved stories of a section.

    Two new orders of one section, or a link that stands in it twice, can be brought together in more than one
    way, and the next merge might find another: then people's order stands.
    """
    merge = _StoryMerge(base, theirs, wanted, key)
    merge.order.yielding = yielding
    for trio in merge.trios:
        merge.merge(trio)
    document, lead_notes = merge_lead(base, merge.issue.document, wanted)
    document = merge_shorts(document, wanted.shorts)
    stories = merge.order.stories(merge.issue, document)
    return MergedIssue(
        document=document,
        notes=(*merge.notes, *lead_notes),
        fates=merge.fates,
        stories=stories,
        sections={name: merge.sections.before(story.section) for name, story in stories.items()},
        edited=merge.edited,
    )


class _StoryMerge:
    """A merge of stories under way: the file so far, what became of whom, what is to be said."""

    def __init__(self, base: IssueDocument, theirs: IssueDocument, wanted: WantedIssue, key: Key) -> None:
        paired = pair(base, theirs, wanted.stories, key, by_title=wanted.whole)
        self.trios = (*(_dropped(paired.others) if wanted.whole else ()), *paired.trios)
        self.issue = LabelledIssue(theirs)
        self.notes: list[MergeNote] = []
        self.fates: dict[str, Fate] = {}
        self.edited: dict[str, tuple[str, ...]] = {}
        self._theirs, self._style, self._key = theirs, story_style(theirs.layout), key
        self._base_at, self._theirs_at = (places_by_key(one.stories, key) for one in (base, theirs))
        self.sections = SectionNames.of(base, theirs, paired)
        self.order = MergeOrder.of(base, theirs, paired, self.sections, whole=wanted.whole)

    def merge(self, trio: Trio) -> None:
        """Do what the desk wants of one story, as far as people left it alone."""
        there = None if trio.place is None else self._theirs.stories[trio.place]
        if trio.relinked and there is not None:
            self._note("relinked-there", trio, stands=there.url)
        if trio.base is None:
            fate = self._set(trio) if there is None else self._found(trio, there)
        elif there is None:
            fate = self._taken_out(trio, trio.base)
        elif trio.wanted.dropped:
            fate = self._drop(trio, trio.base, there)
        else:
            fate = self._change(trio, trio.base, there)
        self.fates[trio.wanted.name] = fate

    def _set(self, trio: Trio) -> Fate:
        if trio.wanted.dropped:
            return Fate.SAME
        page = self._in_file(trio.wanted.page)
        label = self.order.label_new(trio)
        self.issue.add(label, page, self.order.place(trio, page.section, self.issue))
        return Fate.ADDED

    def _found(self, trio: Trio, there: DocumentStory) -> Fate:
        """Leave a story that is new to the desk and stands in the file already as it stands."""
        if trio.wanted.dropped:
            return Fate.SAME
        now = settled(self._style, trio.wanted.page)
        differing = differing_fields(there.fields, now)
        if not differing:
            return Fate.ADOPTED
        self._note("set-by-hand", trio, field=" ".join(differing))
        self.edited[trio.wanted.name] = differing
        return Fate.KEPT

    def _taken_out(self, trio: Trio, base: DocumentStory) -> Fate:
        if trio.wanted.dropped:
            return Fate.SAME
        changed = list(self._changed(trio.wanted, base))
        changed += ["section"] if self._wants_section(trio, base) else []
        if changed:
            self._note("changed-here-deleted-there", trio, field=" ".join(changed))
        return Fate.KEPT_OUT

    def _copied(self, base: DocumentStory, there: DocumentStory) -> bool:
        """Tell whether people set a story more often than it stood, by the link that it has now."""
        was, now = key_in_document(base, self._key), key_in_document(there, self._key)
        return len(self._theirs_at[now]) > len(self._base_at.get(now, ())) + (was != now)

    def _drop(self, trio: Trio, base: DocumentStory, there: DocumentStory) -> Fate:
        stood = base.text if trio.wanted.text is None else trio.wanted.text
        if plain(there.text) != plain(stood) or self._copied(base, there):
            self._note("removed-here-edited-there", trio)
            return Fate.KEPT
        if there.section != self.sections.now(base.section):
            self._note("removed-here-moved-there", trio, stands=there.section)
        self.issue.remove(trio.place)
        return Fate.REMOVED

    def _change(self, trio: Trio, base: DocumentStory, there: DocumentStory) -> Fate:
        wanted = trio.wanted
        changed = self._changed(wanted, base)
        edited = edited_fields(base, there)
        merged = merged_fields(self._style, there, wanted.page, changed=changed, edited=edited)
        otherwise = differing_fields(there.fields, settled(self._style, wanted.page))
        self.edited[wanted.name] = tuple(name for name in edited if name in otherwise)
        for clash in merged.clashes:
            self._note("both-edited", trio, field=clash.field, stands=clash.stands, wanted=clash.wanted)
        rewritten = bool(merged.taken) and self.issue.rewrite(trio.place, merged.page)
        noted = len(self.notes)
        moved = self._move(trio, base, there)
        if rewritten or moved:
            return Fate.CHANGED
        return Fate.KEPT if merged.clashes or len(self.notes) > noted else Fate.SAME

    def _changed(self, wanted: WantedStory, base: DocumentStory) -> tuple[str, ...]:
        changed = changed_fields(self._style, base, wanted.page, wanted.was)
        return tuple(name for name in changed if name not in wanted.silent)

    def _move(self, trio: Trio, base: DocumentStory, there: DocumentStory) -> bool:
        """Move a story as the desk wants it, unless people moved it."""
        wants, home = self._wants_section(trio, base), self.sections.now(base.section)
        asked = wants is not None and there.section != wants
        if self._copied(base, there) and not asked:  # people set it in two places
            return False
        if asked and (self._copied(base, there) or there.section != home):
            self._note("both-moved", trio, field="section", stands=there.section, wanted=wants or "")
            return False
        if asked and wants is not None:
            return self.issue.move(trio.place, wants, self.order.place(trio, wants, self.issue))
        if not self.order.wants_move(trio, self.issue):
            return False
        if self.order.moved_there(trio):
            self._note("both-moved", trio, field="order")
            return False
        place = self.order.place(trio, there.section, self.issue)
        return self.issue.move(trio.place, there.section, place)

    def _wants_section(self, trio: Trio, base: DocumentStory) -> str | None:
        """Return the section that the desk has chosen anew, as the file calls it; None where it has not."""
        wanted, was = trio.wanted.page, trio.wanted.was
        now = self.sections.now(self.sections.key(wanted.section))
        before = base.section if was is None else self.sections.key(was.section)
        return None if now == self.sections.now(before) else now

    def _in_file(self, page: PageStory) -> PageStory:
        return replace(page, section=self.sections.now(self.sections.key(page.section)))

    def _note(self, code: str, trio: Trio, *, field: str = "", stands: str = "", wanted: str = "") -> None:
        title = trio.base.title if trio.base else as_text(settled(self._style, trio.wanted.page), "title")
        name = "" if trio.wanted.name.startswith(_UNNAMED) else trio.wanted.name
        self.notes.append(MergeNote(code, name, readable(title), field, readable(stands), wanted))


_UNNAMED = "base "


def _dropped(others: tuple[tuple[DocumentStory, int | None], ...]) -> tuple[Trio, ...]:
    """Return the base's stories that the desk no longer wants."""
    return tuple(
        Trio(
            WantedStory(f"{_UNNAMED}{number}", as_page_story(base.fields, base.section), dropped=True),
            base,
            at,
        )
        for number, (base, at) in enumerate(others)
    )
