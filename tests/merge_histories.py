"""Random histories of one issue: what people do to its file by hand, and what the desk wants meanwhile.

Each word that somebody writes is a token found nowhere else, so that a judge can say whose words were lost,
which came twice, and which lines changed that nobody asked about.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from renderers.issue_document import DocumentStory, IssueDocument
from renderers.issue_merge import Fate, MergedIssue, WantedIssue, WantedStory, merge_issue
from renderers.issue_page import PageStory
from renderers.issue_parser import split_lines
from renderers.layout import Layout
from renderers.new_issue import begin_issue

SECTIONS = ("news", "papers", "projects", "posts")
MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def as_it_is(url: str) -> str:
    """Take a link's spelling for its key."""
    return url


@dataclass(slots=True)
class History:
    """An issue as it was rendered, as people left it, and as the desk wants it; who touched what, by link.

    `theirs` and `desk` hold, for each story's link in the base, the names of what was done to it.
    """

    seed: int
    base: IssueDocument
    file: IssueDocument
    stories: list[WantedStory]
    people: dict[str, set[str]] = field(default_factory=dict)
    desk: dict[str, set[str]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)  # by people
    asked: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # by the desk: field and token
    added: list[str] = field(default_factory=list)
    relinked: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    lead: str | None = None
    shorts: tuple[str, ...] = ()
    reordered: bool = False

    def wanted(self) -> WantedIssue:
        """Return what the desk wants."""
        return WantedIssue(tuple(self.stories), whole=True, lead=self.lead, shorts=self.shorts)

    def merge(self) -> MergedIssue:
        """Merge."""
        return merge_issue(self.base, self.file, self.wanted(), as_it_is)


class _Pen:
    """Writes words that stand nowhere else."""

    def __init__(self, rng: Random) -> None:
        self._rng, self._count = rng, 0

    def word(self, mark: str) -> str:
        self._count += 1
        return f"{mark}{self._count}字{self._rng.randrange(10**6):06d}"


def history(seed: int, layout: Layout, base: IssueDocument | None = None) -> History:
    """Make a history; with a base, of that issue."""
    rng = Random(seed)
    pen = _Pen(rng)
    rendered = base or _rendered(rng, pen, layout)
    wanted = [WantedStory(str(i), story.page_story()) for i, story in enumerate(rendered.stories)]
    made = History(seed, rendered, rendered, wanted)
    for _ in range(rng.randint(1, 4)):
        rng.choice(_BY_PEOPLE)(made, rng, pen)
    for _ in range(rng.randint(1, 4)):
        rng.choice(_BY_DESK)(made, rng, pen)
    rng.choice(_BY_EDITORS)(made)
    return made


def _rendered(rng: Random, pen: _Pen, layout: Layout) -> IssueDocument:
    document = begin_issue(layout, date=date(2020, 5, 15))
    for _ in range(rng.randint(1, 10)):
        document = document.with_story(_page(rng, pen, rng.choice(SECTIONS)))
    if rng.random() < 0.3:
        document = document.with_lead(f"本次9条。{pen.word('原导')}")
    if rng.random() < 0.3:
        document = document.with_short(pen.word("原短"))
    if rng.random() < 0.2 and document.stories:  # on purpose twice
        twice = rng.choice(document.stories)
        document = document.with_story(replace(twice.page_story(), section=rng.choice(SECTIONS)))
    if rng.random() < 0.2:
        document = document.with_story(replace(_page(rng, pen, "news"), url=""))
    return document


def _page(rng: Random, pen: _Pen, section: str) -> PageStory:
    name = pen.word("题")
    path = pen.word("x").replace("字", "-")
    lines = [f"{pen.word('文')}，{pen.word('句')}。" for _ in range(rng.randint(0, 3))]
    return PageStory(
        section=section,
        title=name,
        source=rng.choice(("", pen.word("源"))),
        url=f"https://site.test/{path}",
        summary="\n".join(lines),
        meta=(("代码", f"https://code.test/{path}"),) if rng.random() < 0.2 else (),
    )


# What people do


def _known(made: History) -> list[DocumentStory]:
    """Return the stories of the base that still stand under their own link."""
    count = Counter(story.url for story in made.base.stories)
    return [s for s in made.file.stories if s.url and count[s.url] == 1 and s.title]


def _replace_story(made: History, story: DocumentStory, text: str) -> None:
    lines = split_lines(made.file.text)
    start = story.line - 1
    stop = start + len(split_lines(story.text))
    made.file = IssueDocument.of("".join([*lines[:start], text, *lines[stop:]]), made.file.layout)


def _touch(made: History, story: DocumentStory, what: str) -> None:
    made.people.setdefault(made.relinked.get(story.url, story.url), set()).add(what)


def _hand_title(made: History, rng: Random, pen: _Pen) -> None:
    if stories := _known(made):
        story, word = rng.choice(stories), pen.word("手题")
        if story.text.count(f"[{story.title}") != 1:
            return
        _replace_story(made, story, story.text.replace(f"[{story.title}", f"[{story.title}{word}", 1))
        _touch(made, story, "title")
        made.written.append(word)


def _hand_summary(made: History, rng: Random, pen: _Pen) -> None:
    if stories := [s for s in _known(made) if s.summary.strip()]:
        story, word = rng.choice(stories), pen.word("手文")
        body = story.text.rstrip()
        _replace_story(made, story, body + word + story.text[len(body) :])
        _touch(made, story, "summary")
        made.written.append(word)


def _hand_link(made: History, rng: Random, pen: _Pen) -> None:
    if stories := [s for s in _known(made) if "title" not in made.people.get(s.url, ())]:
        story, word = rng.choice(stories), pen.word("link").replace("字", "-")
        url = f"https://moved.test/{word}"
        if story.text.count(f"]({story.url})") != 1 or story.url in made.relinked:
            return
        _replace_story(made, story, story.text.replace(f"]({story.url})", f"]({url})", 1))
        _touch(made, story, "url")
        made.relinked[url] = made.relinked.get(story.url, story.url)
        made.written.append(word)


def _hand_delete(made: History, rng: Random, pen: _Pen) -> None:
    if stories := [s for s in _known(made) if s.url not in made.people and s.url not in made.relinked]:
        story = rng.choice(stories)
        made.file = made.file.without(story)
        _touch(made, story, "deleted")


def _hand_move(made: History, rng: Random, pen: _Pen) -> None:
    if stories := _known(made):
        story = rng.choice(stories)
        sections = sorted({section.key for section in made.file.sections})
        before = rng.choice([None, *made.file.stories])
        section = before.section if before else rng.choice(sections)
        made.file = made.file.with_moved(story, section=section, before=before)
        _touch(made, story, "moved")


def _hand_add(made: History, rng: Random, pen: _Pen) -> None:
    word = pen.word("手加")
    sections = sorted({section.key for section in made.file.sections})
    page = replace(_page(rng, pen, rng.choice(sections)), title=word)
    before = rng.choice([None, *(s for s in made.file.stories if s.section == page.section)])
    made.file = made.file.with_story(page, before=before)
    made.written.append(word)


def _hand_copy(made: History, rng: Random, pen: _Pen) -> None:
    if stories := [s for s in made.file.stories if s.url]:
        story = rng.choice(stories)
        made.file = made.file.with_story(story.page_story())
        _touch(made, story, "copied")


def _hand_heading(made: History, rng: Random, pen: _Pen) -> None:
    sections = [s for s in made.file.sections if s.key in SECTIONS]
    if not sections:
        return
    section, word = rng.choice(sections), pen.word("栏")
    lines = split_lines(made.file.text)
    lines[section.start] = lines[section.start].replace(section.heading, word, 1)
    made.file = IssueDocument.of("".join(lines), made.file.layout)
    made.renamed[section.key] = word
    made.written.append(word)


def _hand_lead(made: History, rng: Random, pen: _Pen) -> None:
    word = pen.word("手导")
    made.file = made.file.with_lead(f"{word} {made.file.lead or ''}".strip())
    made.written.append(word)
    made.people.setdefault("lead", set()).add("lead")


def _hand_short(made: History, rng: Random, pen: _Pen) -> None:
    word = pen.word("手短")
    made.file = made.file.with_short(word)
    made.written.append(word)


def _hand_odd_lines(made: History, rng: Random, pen: _Pen) -> None:
    """Put a paragraph of its own, or odd blanks, somewhere between the parts."""
    word = pen.word("手段")
    lines = split_lines(made.file.text)
    places = [0, len(lines)]
    places += [section.start for section in made.file.sections]
    place = rng.choice(places[1:])
    odd = rng.choice([f"\n{word} \t\n\n", f"   \n{word}\n\n\n \n", f"\n> {word}    \n\n"])
    lines[place:place] = split_lines(odd)
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += "\n"
    before = made.file.stories
    made.file = IssueDocument.of("".join(lines), made.file.layout)
    for old, new in zip(before, made.file.stories, strict=True):
        if old.text.strip() != new.text.strip():  # where blank lines do not end a story
            _touch(made, new, "summary")
    made.written.append(word)


_BY_PEOPLE: tuple[Callable[[History, Random, _Pen], None], ...] = (
    _hand_title,
    _hand_summary,
    _hand_summary,
    _hand_link,
    _hand_delete,
    _hand_delete,
    _hand_move,
    _hand_move,
    _hand_add,
    _hand_copy,
    _hand_heading,
    _hand_lead,
    _hand_short,
    _hand_odd_lines,
)


# What the desk wants


def _mine(made: History, rng: Random) -> int | None:
    count = Counter(story.url for story in made.base.stories)
    own = [n for n, s in enumerate(made.stories) if count[s.page.url] == 1 and s.page.url]
    return rng.choice(own) if own else None


def _ask(made: History, n: int, what: str, word: str, page: PageStory) -> None:
    made.asked.setdefault(made.stories[n].page.url, []).append((what, word))
    made.desk.setdefault(made.stories[n].page.url, set()).add(what)
    made.stories[n] = replace(made.stories[n], page=page)


def _amend_title(made: History, rng: Random, pen: _Pen) -> None:
    if (n := _mine(made, rng)) is not None and "title" not in made.desk.get(made.stories[n].page.url, ()):
        word = pen.word("编题")
        _ask(made, n, "title", word, replace(made.stories[n].page, title=f"{word}，新题", repo=""))


def _amend_summary(made: History, rng: Random, pen: _Pen) -> None:
    if (n := _mine(made, rng)) is not None and "summary" not in made.desk.get(made.stories[n].page.url, ()):
        word = pen.word("编文")
        _ask(made, n, "summary", word, replace(made.stories[n].page, summary=f"{word}。\n又一行。"))


def _amend_source(made: History, rng: Random, pen: _Pen) -> None:
    if (n := _mine(made, rng)) is not None and "source" not in made.desk.get(made.stories[n].page.url, ()):
        word = pen.word("编源")
        _ask(made, n, "source", word, replace(made.stories[n].page, source=word))


def _choose_section(made: History, rng: Random, pen: _Pen) -> None:
    if (n := _mine(made, rng)) is not None:
        page = made.stories[n].page
        section = rng.choice(SECTIONS)
        if section != page.section:
            made.desk.setdefault(page.url, set()).add("section")
            made.stories[n] = replace(made.stories[n], page=replace(page, section=section))


def _drop(made: History, rng: Random, pen: _Pen) -> None:
    if (n := _mine(made, rng)) is not None and made.stories[n].page.url not in made.desk:
        made.desk.setdefault(made.stories[n].page.url, set()).add("dropped")
        del made.stories[n]


def _pitch(made: History, rng: Random, pen: _Pen) -> None:
    page = _page(rng, pen, rng.choice(SECTIONS))
    made.stories.insert(rng.randint(0, len(made.stories)), WantedStory(page.title, page))
    made.added.append(page.url)
    made.desk.setdefault(page.url, set()).add("added")


def _reorder(made: History, rng: Random, pen: _Pen) -> None:
    if len(made.stories) > 1:
        story = made.stories.pop(rng.randrange(len(made.stories)))
        made.stories.insert(rng.randint(0, len(made.stories)), story)
        made.reordered = True


def _ask_lead(made: History, rng: Random, pen: _Pen) -> None:
    made.lead = f"本次3条。{pen.word('编导')}"


def _ask_short(made: History, rng: Random, pen: _Pen) -> None:
    made.shorts = (*made.shorts, pen.word("编短"))


_BY_DESK: tuple[Callable[[History, Random, _Pen], None], ...] = (
    _amend_title,
    _amend_summary,
    _amend_summary,
    _amend_source,
    _choose_section,
    _drop,
    _drop,
    _pitch,
    _pitch,
    _pitch,
    _reorder,
    _ask_lead,
    _ask_short,
)


# What editors of text do to a whole file


def _nothing(made: History) -> None:
    """Leave the file."""


def _strip_blanks(made: History) -> None:
    text = "\n".join(line.rstrip() for line in made.file.text.split("\n"))
    made.file = IssueDocument.of(text, made.file.layout)


def _crlf(made: History) -> None:
    made.file = IssueDocument.of(made.file.text.replace("\n", "\r\n"), made.file.layout)


def _no_last_line_end(made: History) -> None:
    made.file = IssueDocument.of(made.file.text.rstrip("\n"), made.file.layout)


_BY_EDITORS: tuple[Callable[[History], None], ...] = (
    _nothing,
    _nothing,
    _nothing,
    _strip_blanks,
    _crlf,
    _no_last_line_end,
)


# The judge


def faults(made: History, merged: MergedIssue) -> list[str]:
    """Return what a merge did wrong, in words; nothing means well done."""
    text = merged.document.text
    return [
        *_lost_or_doubled(made, text),
        *_desk_lost(made, merged),
        *_wrongly_there(made, merged),
        *_moved_back(made, merged),
        *_doubled_links(made, merged),
        *_touched_lines(made, merged),
        *(f"conflict marker {mark}" for mark in MARKERS if mark in text and mark not in made.file.text),
        *_unsteady(made, merged),
    ]


def _lost_or_doubled(made: History, text: str) -> list[str]:
    counts = ((word, made.file.text.count(word), text.count(word)) for word in made.written)
    return [f"{word} by hand: {now} instead of {was}" for word, was, now in counts if was != now]


def _noted(merged: MergedIssue, name: str) -> bool:
    return any(note.name == name for note in merged.notes)


def _desk_lost(made: History, merged: MergedIssue) -> list[str]:
    wrong = []
    names = {story.page.url: story.name for story in made.stories}
    for url, asked in made.asked.items():
        if url not in names:
            continue
        people = made.people.get(url, set())
        for what, word in asked:
            count = merged.document.text.count(word)
            wanted = 0 if "deleted" in people or what in people else 1
            if count != wanted and not (what in people and "copied" in people):
                wrong.append(f"{what} {word} of the desk stands {count} times; people: {sorted(people)}")
            if not count and "copied" not in people and not _noted(merged, names[url]):
                wrong.append(f"{what} {word} of the desk gave way unsaid")
    links = Counter(story.url for story in merged.document.stories)
    wrong += [f"new {url} stands {links[url]} times" for url in made.added if links[url] != 1]
    if made.lead and made.lead.split("。")[1] not in merged.document.text:
        kept = any(note.code == "lead-kept" for note in merged.notes)
        if made.file.lead == made.base.lead or not kept:
            wrong.append("the desk's lead was lost")
    return wrong + [f"short {s} lost or doubled" for s in made.shorts if merged.document.text.count(s) != 1]


def _wrongly_there(made: History, merged: MergedIssue) -> list[str]:
    wrong = []
    links = {made.relinked.get(s.url, s.url) for s in merged.document.stories}
    for url, deeds in made.people.items():
        if "deleted" in deeds and "copied" not in deeds and url in links:
            wrong.append(f"{url}, deleted by hand, is back")
    for url, deeds in made.desk.items():
        edited = made.people.get(url, set()) & {"title", "summary", "url", "copied"}
        if "dropped" in deeds and (url in links) != bool(edited):
            wrong.append(f"{url}, dropped by the desk, {'stays' if url in links else 'is gone'}")
    return wrong


def _moved_back(made: History, merged: MergedIssue) -> list[str]:
    """Find stories that stand in another section than people left them in, or in another order."""
    wrong = []
    there = {s.url: s.section for s in made.file.stories}
    now = {s.url: s.section for s in merged.document.stories}
    for url in there.keys() & now.keys():
        own = made.relinked.get(url, url)
        by_desk = "section" in made.desk.get(own, ())
        if there[url] != now[url] and not by_desk:
            wrong.append(f"{url} went from {there[url]} to {now[url]}")
    if not made.reordered:
        still = {u for u in there if made.relinked.get(u, u) not in made.desk}
        before = [s.url for s in made.file.stories if s.url in still]
        after = [s.url for s in merged.document.stories if s.url in still]
        if before != after:
            wrong.append("the order of stories that nobody asked about changed")
    return wrong


def _doubled_links(made: History, merged: MergedIssue) -> list[str]:
    before = Counter(story.url for story in made.file.stories)
    after = Counter(story.url for story in merged.document.stories)
    return [f"{url} stands {n} times" for url, n in after.items() if url and n > max(1, before[url])]


def _touched_lines(made: History, merged: MergedIssue) -> list[str]:
    """Find lines that nobody asked about and that changed: those left must come in the same order."""
    left = _lines_left(made, made.file)
    lines = iter(split_lines(merged.document.text))
    for line in left:
        if not any(_same_bytes(line, one) for one in lines):
            return [f"the line {line!r} was changed, moved or lost"]
    return []


def _same_bytes(line: str, other: str) -> bool:
    """Compare two lines; in a file whose last line has no end, the line that is last has none."""
    ends = line.endswith("\n") and other.endswith("\n")
    return line == other or (line.rstrip("\r\n") == other.rstrip("\r\n") and not ends)


def _lines_left(made: History, document: IssueDocument) -> list[str]:
    lines = split_lines(document.text)
    asked = set[int]()
    for story in document.stories:
        url = made.relinked.get(story.url, story.url)
        if url in made.desk or made.reordered:
            start = story.line - 1
            asked.update(range(start, start + len(split_lines(story.text))))
    if made.lead or made.shorts:
        asked.update(range(document.outline.start, document.outline.body))
    return [line for n, line in enumerate(lines) if n not in asked and line.strip()]


def _unsteady(made: History, merged: MergedIssue) -> list[str]:
    """Merge again, from the same base and from what came of it: nothing may change."""
    again = merge_issue(made.base, merged.document, made.wanted(), as_it_is)
    advanced = [
        replace(story, was=story.page, text=merged.stories[story.name].text)
        for story in made.stories
        if story.name in merged.stories
    ]
    stays = WantedIssue(tuple(advanced), lead=made.lead, lead_was=made.lead)
    later = merge_issue(merged.document, merged.document, stays, as_it_is)
    wrong = []
    if again.document.text != merged.document.text:
        wrong.append("merged again, it changes")
    if later.document.text != merged.document.text or set(later.fates.values()) - {Fate.SAME}:
        wrong.append(f"published again, it changes: {later.fates}")
    return wrong
