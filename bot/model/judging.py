"""What of a model's answer may stand as a draft. Pure work for the processor: the workers run it."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.model.answer import Answer, answer_in
from bot.model.doubts import doubts_of
from bot.model.no_draft import NoDraft, NoDraftError
from bot.model.plain_words import plain_sentences, without_thoughts
from bot.model.prompt import Wanted
from bot.model.support import Support
from bot.reading.article import Article, Summary
from bot.reading.language import is_cjk, language_of

_LONGEST_ANSWER = 30_000
"""Characters, without its thoughts: a hundred times what is asked for."""
_OVERRUN = 1.3
"""How far a draft may go over the length asked for; what is over is left out, sentence by sentence."""
_FAR_OVER = 5
"""A text of so many lengths is no summary that is a little long: something else was written."""
_LONGEST_SENTENCE = 2.0
"""One sentence may stand alone up to so many lengths."""
_FEWEST = {True: 8, False: 4}
"""Characters of Chinese or Japanese, words of others: what is shorter says nothing."""
_LEAST_SUPPORT = 0.35
"""The share of a draft's words that its article has. Of 854 summaries by people, Chinese and English, one
in 95 has less; of the same beside another article of their set, three in four."""
_LEAST_OF_SENTENCE = 0.3
"""Of 1,640 sentences of those summaries one in 150 has less, and is left out; of the others two thirds."""
_REFUSAL = re.compile(
    r"\A\W*(?:(?:i['’]?m|i am|we['’]re) (?:very )?(?:sorry|unable|afraid|not able)"
    r"|sorry\b|apologies\b|my apologies|unfortunately, i\b"
    r"|i (?:can['’]?t|cannot|can not|won['’]?t|do not|don['’]t|am not|could not|couldn['’]t)\b"
    r"|as an? (?:large )?(?:ai|language)\b[^.]{0,40}\bi\b"
    r"|(?:很|非常|十分)?(?:抱歉|对不起|不好意思)|很遗憾，我|作为(?:一个|一名|一款)?(?:大型|大)?(?:ai|人工智能|语言模型)"
    r"|我(?:无法|不能|没有办法|没办法)|申し訳)",
    re.IGNORECASE,
)
_NO_ARTICLE = re.compile(
    r"\b(?:no|empty|missing) (?:article|text|content) (?:was|is|has been)? ?(?:provided|given)\b"
    r"|please (?:provide|share|paste) (?:the|your|an?) (?:article|text)"
    r"|(?:未|没有)提供(?:文章|正文|内容)|请(?:您)?提供",
    re.IGNORECASE,
)
_LOOP = re.compile(r"(.{2,80}?)\1{4,}", re.DOTALL)
_LEAST_VARIETY = 0.35
"""The share of different pairs of words, or of characters; of prose it is over a half."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W\d_\u3040-\u9fff\uac00-\ud7a3]+|\d+")
_CJK_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LAST_END = re.compile(r"[.!?。！？…][\"'”’」』）)]*$")


def judge(body: bytes, article: Article, wanted: Wanted) -> Summary | NoDraft:
    """Return the draft that may stand, with its doubts, or the reason why none does."""
    try:
        return draft_in(answer_in(body), article, wanted)
    except NoDraftError as none:
        return none.reason


def draft_in(answer: Answer, article: Article, wanted: Wanted) -> Summary:
    """Make a draft of a model's words; raises NoDraftError."""
    said = without_thoughts(answer.text)
    if len(said) > _LONGEST_ANSWER:
        raise NoDraftError(NoDraft.LENGTH)
    _refuse_loops(said)
    sentences = plain_sentences(said)
    if answer.cut and len(sentences) > 1 and not _LAST_END.search(sentences[-1]):
        sentences = sentences[:-1]
    whole = _joined(sentences, wanted.language)
    if _REFUSAL.search(whole) or _NO_ARTICLE.search(whole):
        raise NoDraftError(NoDraft.REFUSED)
    sentences = _fitting(sentences, wanted)
    text = _long_enough(sentences, wanted.language)
    if language_of(text, wanted.language) != wanted.language:
        raise NoDraftError(NoDraft.LANGUAGE)
    if wanted.language == article.language:  # else there is nothing to go by
        text = _long_enough(_supported(sentences, article), wanted.language)
    return Summary(text, (), drafted_by="model", doubts=doubts_of(text, article, wanted.language))


def length_of(text: str, language: str) -> int:
    """Count what a reader of the language counts: characters, or words."""
    words = _WORD.findall(text)
    return len(words) if not is_cjk(language) else sum(1 if _CJK_WORD.match(word) else 2 for word in words)


def _fitting(sentences: list[str], wanted: Wanted) -> list[str]:
    """Leave out the last sentences of a draft that is a little long."""
    lengths = [length_of(sentence, wanted.language) for sentence in sentences]
    if sum(lengths) > wanted.length * _FAR_OVER or (
        lengths and lengths[0] > wanted.length * _LONGEST_SENTENCE
    ):
        raise NoDraftError(NoDraft.LENGTH)
    kept, used = list[str](), 0
    for sentence, length in zip(sentences, lengths, strict=True):
        if kept and used + length > wanted.length * _OVERRUN:
            break
        kept.append(sentence)
        used += length
    return kept


def _supported(sentences: Sequence[str], article: Article) -> Sequence[str]:
    """Leave out what the article has no word of; raise NoDraftError where that is most of it."""
    article_says = Support(article)
    kept = [sentence for sentence in sentences if article_says.share(sentence) >= _LEAST_OF_SENTENCE]
    if 2 * len(kept) < len(sentences) or article_says.share(" ".join(kept)) < _LEAST_SUPPORT:
        raise NoDraftError(NoDraft.OFF_TEXT)
    return kept


def _long_enough(sentences: Sequence[str], language: str) -> str:
    text = _joined(sentences, language)
    if length_of(text, language) < _FEWEST[is_cjk(language)]:
        raise NoDraftError(NoDraft.EMPTY)
    return text


def _joined(sentences: Sequence[str], language: str) -> str:
    return ("" if is_cjk(language) else " ").join(sentences)


def _refuse_loops(text: str) -> None:
    """Raise NoDraftError where a model goes round in circles."""
    words = _WORD.findall(text.lower())
    pairs = Counter(pairwise(words))
    if _LOOP.search(text[:4_000]) and any(count > 4 for count in pairs.values()):
        raise NoDraftError(NoDraft.LOOPED)
    if len(words) > 60 and len(pairs) < _LEAST_VARIETY * len(words):
        raise NoDraftError(NoDraft.LOOPED)
