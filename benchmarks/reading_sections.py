"""Section advice, measured in time order: each issue foretold from the issues before it.

Beside it, in the same rounds, the usual way: TF-IDF of characters and a linear support vector machine, whose
sites that hold one kind of thing decide by address.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from benchmarks.reading_bar import Bar, print_bars
from bot.reading.section_advice import Advice, advice_by_site
from bot.reading.sections.features import PastStory, StoryWords, bare_title
from bot.reading.sections.learning import learnt_from

SECTIONS = ("news", "papers", "projects", "posts")
_FIRST_ISSUES = 6
"""Issues that are only learnt from."""
_SURE = 0.6
_BAR, _BAR_OF_TWO = 0.80, 0.90
Foretell = Callable[[Sequence[PastStory], Sequence[StoryWords]], list[Advice]]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Advice on stories, and where they ran."""

    advised: list[Advice]
    ran: list[str]

    @property
    def accuracy(self) -> float:
        return self._share(lambda advice, section: advice.section == section)

    @property
    def among_two(self) -> float:
        return self._share(lambda advice, section: section in (advice.section, advice.second))

    @property
    def answered(self) -> float:
        """The share of stories on which the advice was sure."""
        return self._share(lambda advice, _: advice.confidence >= _SURE)

    @property
    def accuracy_where_sure(self) -> float:
        right = self._share(lambda advice, section: advice.confidence >= _SURE and advice.section == section)
        return right / max(self.answered, 1e-9)

    def _share(self, holds: Callable[[Advice, str], bool]) -> float:
        return sum(map(holds, self.advised, self.ran)) / len(self.ran)


def rows(shared: Path) -> Iterator[Bar]:
    """Measure on the newsletter's archive, with text and as it is when a link is dropped.

    The archive stands in the shared folder, beside the folder of pages and texts.
    """
    found = [place / "archive" / "items.jsonl" for place in (shared, shared.parent)]
    issues = _issues(next(file for file in found if file.is_file()))
    count = sum(len(stories) for stories in issues[_FIRST_ISSUES:])
    for name, with_text in (("with text", True), ("link alone", False)):
        ours, anchor, guess = (_rolled(issues, way, with_text) for way in (_ours, _svm, _most_frequent))
        yield Bar(
            f"section, {name} ({count} stories, each issue from those before)",
            f"SVM {anchor.accuracy:.3f}, most frequent {guess.accuracy:.3f}",
            f"{ours.accuracy:.3f}",
            f"≥ {_BAR:.2f}" if with_text else "",
            ours.accuracy >= _BAR if with_text else None,
        )
        yield Bar(
            f"section among two, {name}",
            f"SVM {anchor.among_two:.3f}",
            f"{ours.among_two:.3f}",
            f"≥ {_BAR_OF_TWO:.2f}" if with_text else "",
            ours.among_two >= _BAR_OF_TWO if with_text else None,
        )
        yield Bar(
            f"section where sure (confidence ≥ {_SURE}), {name}",
            "",
            f"{ours.accuracy_where_sure:.3f} of {ours.answered:.0%}",
        )


def _issues(file: Path) -> list[list[PastStory]]:
    """Return the stories of each issue, oldest first, titles without what editors set before them."""
    issues: dict[str, list[PastStory]] = {}
    for line in map(json.loads, file.read_text().splitlines()):
        words = StoryWords(line["title_wo_repo"], line["source"], line["url"], line["summary"])
        issues.setdefault(line["issue"], []).append(PastStory(words, line["section"]))
    return [stories for _, stories in sorted(issues.items())]


def _rolled(issues: Sequence[Sequence[PastStory]], foretell: Foretell, with_text: bool) -> _Outcome:
    advised: list[Advice] = []
    for number in range(_FIRST_ISSUES, len(issues)):
        past = [story for issue in issues[:number] for story in issue]
        asked = [story.words if with_text else story.words.without_text() for story in issues[number]]
        advised += foretell(past, asked)
    return _Outcome(advised, [story.section for issue in issues[_FIRST_ISSUES:] for story in issue])


def _ours(past: Sequence[PastStory], asked: Sequence[StoryWords]) -> list[Advice]:
    model = learnt_from(past)
    if model is None:
        return [Advice(None, 0.0)] * len(asked)
    return [model.advise(words, SECTIONS) for words in asked]


def _svm(past: Sequence[PastStory], asked: Sequence[StoryWords]) -> list[Advice]:
    has_text = any(words.text for words in asked)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
    known = [story.words if has_text else story.words.without_text() for story in past]
    rows_of_past = vectorizer.fit_transform(map(_line, known))
    machine = LinearSVC().fit(rows_of_past, [SECTIONS.index(story.section) for story in past])
    scores = machine.decision_function(vectorizer.transform(map(_line, asked)))
    ranked = np.argsort(-scores, axis=1)
    advised = [Advice(SECTIONS[first], 0.0, SECTIONS[second]) for first, second, *_ in ranked]
    by_site = [advice_by_site(words.url, SECTIONS) for words in asked]
    return [site if site.section else learnt for site, learnt in zip(by_site, advised, strict=True)]


def _line(words: StoryWords) -> str:
    host = urlsplit(words.url).hostname or ""
    return f"{bare_title(words.title)} {words.source} {host} {words.text}"


def _most_frequent(past: Sequence[PastStory], asked: Sequence[StoryWords]) -> list[Advice]:
    [(section, _)] = Counter(story.section for story in past).most_common(1)
    return [Advice(section, 0.0)] * len(asked)


if __name__ == "__main__":
    print_bars(rows(Path(__file__).parents[1].parent / "shared"))
