"""The draft summary: whole sentences of the article, in their order, few enough to print.

Works offline, in Chinese and English; other languages by the weights of the one they are written more like.
"""

import re
from collections.abc import Sequence
from operator import mul

from bot.reading.article import Article, Summary
from bot.reading.language import is_cjk
from bot.reading.summarising.article_sentences import Sentence, sentences_of
from bot.reading.summarising.sentence_choice import Candidates, choose
from bot.reading.summarising.sentence_features import features_of, penalties_of
from bot.reading.summarising.sentences import ENDED
from bot.reading.summarising.summary_weights import CHINESE, OTHERS, Weights
from bot.reading.summarising.word_weights import weigh

__all__ = ["Summary", "draft_summary", "summary_within"]

SUMMARY_CHARACTERS = 250
"""Characters of a Chinese draft: the median of what editors of this newsletter printed is 253."""
_WORDS_PER_CHARACTER = 0.3
"""A budget of 250 characters of Chinese says what 75 words of English say."""
_CLAUSE_END = re.compile(r"[，,、；;：:—。.!?！？)）”」](?=[\s\u3000-\u9fff]|\Z)|[\s\u3001-\u303f，；：]")
"""Where a sentence may be cut: behind a clause, else between words."""
_WORD_BREAK = re.compile(r"\s")


def draft_summary(article: Article, *, characters: int = SUMMARY_CHARACTERS) -> Summary:
    """Draft a summary of at most so many Chinese characters, or 0.3 times as many words in other languages.

    It has one to four whole sentences: most articles say in one or two what they are about, and people stop
    there. Where none fits that is worth taking, the best one stands whole, however long. Code, tables and
    captions are never in it; an article of nothing else has an empty one.
    """
    in_characters = is_cjk(article.language) or article.language in ("th", "lo")
    most = characters if in_characters else round(characters * _WORDS_PER_CHARACTER)
    candidates, weights = _candidates(article), _weights_for(article.language)
    chosen = choose(candidates, weights, candidates.words.lengths, most)
    if not chosen and candidates.sentences:
        chosen = [candidates.best]
    return _summary([candidates.sentences[place] for place in chosen], article.language)


def summary_within(article: Article, characters: int) -> Summary:
    """Draft a summary of at most so many characters, counted literally in every language.

    Where no whole sentence fits that is worth taking, the best one is cut at its last mark between clauses
    and ends in "…"; its span is what is left of it.
    """
    candidates, weights = _candidates(article), _weights_for(article.language)
    costs = [len(sentence.text) + 1 for sentence in candidates.sentences]  # with the blank before the next
    chosen = choose(candidates, weights, costs, characters + 1)
    if chosen or not candidates.sentences:
        return _summary([candidates.sentences[place] for place in chosen], article.language)
    best = candidates.sentences[candidates.best]
    kept = _cut(best.text, characters - 1)
    return Summary(f"{kept}…", ((best.start, best.start + len(kept)),))


def _weights_for(language: str) -> Weights:
    return CHINESE if is_cjk(language) else OTHERS


def _candidates(article: Article) -> Candidates:
    sentences = sentences_of(article.text)
    words = weigh(sentence.text for sentence in sentences)
    weights = _weights_for(article.language)
    scores = [
        weights.constant + sum(map(mul, weights.features, features)) - penalty
        for features, penalty in zip(
            features_of(sentences, article.title, words, weights.cues),
            penalties_of(sentences, article.title, weights.cues),
            strict=True,
        )
    ]
    return Candidates(sentences, scores, words)


def _summary(sentences: Sequence[Sentence], language: str) -> Summary:
    text = ""
    for sentence in sentences:
        text += _between(text, language) + sentence.text
    return Summary(text, tuple((sentence.start, sentence.end) for sentence in sentences))


def _between(before: str, language: str) -> str:
    """Return what stands between two sentences; Chinese needs a blank only where no mark ends the first."""
    if not before:
        return ""
    return (
        ""
        if is_cjk(language) and before[-1] not in ".!?" and (ENDED.search(before[-4:]) or before[-1] in "：:")
        else " "
    )


def _cut(sentence: str, most: int) -> str:
    """Cut a sentence behind its last clause that fits; between words or characters where it has none."""
    head = sentence[: max(0, most)]
    for breaks in (_CLAUSE_END, _WORD_BREAK):
        ends = [found.end() for found in breaks.finditer(head) if found.end() > len(head) // 3]
        if ends:
            return head[: ends[-1]].rstrip(" ，,、；;：:—")
    return head.rstrip()
