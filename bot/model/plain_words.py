"""A model's answer as plain sentences: no thoughts, labels, markup, links, nothing a room acts on."""

import re
from collections.abc import Iterator

from bot.model.unseen import without_unseen
from bot.reading.summarising.sentences import sentence_spans

_THOUGHT = re.compile(
    r"<(think|thinking|thought|reasoning|reflection)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
_THOUGHT_END = re.compile(
    r"\A.*</(?:think|thinking|thought|reasoning|reflection)>", re.DOTALL | re.IGNORECASE
)
"""Some servers' templates open the thought themselves, so that only its end is in the answer."""
_FENCED_WHOLE = re.compile(r"\A\s*(?:```|~~~)[^\n]*\n(.*?)\n?(?:```|~~~)\s*\Z", re.DOTALL)
_FENCED = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]{0,400}>|<[@#:!/?][^<>]{0,200}>", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)")
_LINKED = re.compile(r"\[([^\]\n]{1,300})\](?:\([^)\n]{0,1000}\)|\[[^\]\n]{0,100}\])")
_HEADING = re.compile(r"^[ ]*#{1,6}[ ]+.*$", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ ]*(?:>[ ]?|[-*+•·●▪–][ ]+|\d{1,2}[.)、][ ]+|[-*_=]{3,}[ ]*$)+", re.MULTILINE)
_STRONG = re.compile(r"(\*{1,3}|~~|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_LABEL = re.compile(
    r"\A[\s*_#\[【（(]*(?:(?:(?:draft|short|brief|final) )?(?:summary|abstract|answer|output|tl;?dr)"
    r"|(?:草稿|文章|内容|本文)?摘要|总结|概要|概述|要約|요약|zusammenfassung|résumé)"
    r"[\]】）)*_ ]*[:：\n][*_\s]*",
    re.IGNORECASE,
)
_PREFACE = re.compile(
    r"\A\s*(?:(?:(?:sure|certainly|of course|okay|ok|here(?:'s|’s| is| are)|below is)\b"
    r"|好的|当然|以下(?:是|为)|下面是)[^\n:：]{0,120}[:：]"
    r"|(?:(?:sure|certainly|of course)\b|好的|当然可以)[!！，,.。])\s*",
    re.IGNORECASE,
)
_AFTERWORD = re.compile(
    r"\s*(?:[(（](?:word count|字数|共|约|about)[^()（）\n]{0,40}[)）]"
    r"|(?:\n|(?<=[.!?。！？]))\s*(?:let me know|(?:i )?hope (?:this|that) helps|would you like"
    r"|if you (?:need|want|would like)|如(?:果|需)您?|希望(?:这|对)|需要我)[^\n]{0,200})\s*\Z",
    re.IGNORECASE,
)
_QUOTES = ("“”", '""', "「」", "『』", "''", "‘’", "``")
_ADDRESS = (
    r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.|mailto:|javascript:|data:)[^\s<>\"“”（）。，；、]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.)+(?:com|org|net|cn|xyz|top|info|biz|link|ru|example|test)(?![\w.-]*\w)"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.)+[a-z]{2,12}/[^\s<>\"“”（）。，；、]*"
)
"""Links, with their scheme or without. A host alone is one only under the usual ends: Socket.io is a name."""
_BRACKETED_ADDRESS = re.compile(rf"\s?[(（\[<]\s*(?:{_ADDRESS})\s*[)）\]>]", re.IGNORECASE)
_ACTED_ON = re.compile(
    rf"{_ADDRESS}|[\w.+-]{{1,64}}@[\w-]{{1,63}}\.[\w.-]{{1,63}}"  # links, mail
    r"|(?<![\w.])[@＠][^\W\d][\w.-]*"  # mentions
    r"|(?<![\w/.])/[a-z][a-z_]+(?![\w/.])",  # commands
    re.IGNORECASE,
)
_HASHTAGS_AT_END = re.compile(r"(?:[ \n]+[#＃][^\s#＃]{1,40}[#＃]?)+\s*\Z")
_HASHTAG = re.compile(r"(?<![\w&])[#＃](?=[^\W\d])")
_MARKS = re.compile(r"[`|]|(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|\\(?=[\\`*_{}\[\]#<>])")
_LONG_GAP = re.compile(r"\s{3,}")
_GAP = re.compile(r"\s+")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_GAP_IN_CJK = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")


def plain_sentences(answer: str) -> list[str]:
    """Return the answer's sentences, each once, but none whose point is a link, a mention or a command."""
    text = _without_frame(_without_long_gaps(without_thoughts(without_unseen(answer))))
    found = dict.fromkeys(_sentences(_without_frame(_without_markup(text))))
    return [sentence for sentence in found if any(letter.isalnum() for letter in sentence)]


def without_thoughts(text: str) -> str:
    """Return an answer without what the model thought aloud before it."""
    return _THOUGHT_END.sub("", _THOUGHT.sub("", text))


def _without_long_gaps(text: str) -> str:
    """Shorten what is blank to two signs: rules that begin with blanks take minutes over thousands."""
    return _LONG_GAP.sub(lambda gap: "\n\n" if "\n" in gap[0] else "  ", text)


def _without_frame(text: str) -> str:
    """Take off what stands around the summary, in whatever order it was put there."""
    for _ in range(6):
        before = text
        whole = _FENCED_WHOLE.match(text)
        text = (whole[1] if whole else text).strip()
        text = _AFTERWORD.sub("", _LABEL.sub("", _PREFACE.sub("", text))).strip()
        inner = text[1:-1]
        if text[:1] + text[-1:] in _QUOTES and text[0] not in inner:
            text = inner.strip()
        if text == before:
            break
    return text


def _without_markup(text: str) -> str:
    text = _without_long_gaps(_TAG.sub(" ", _HIDDEN.sub(" ", _FENCED.sub("\n", text))))
    text = _without_long_gaps(_LINKED.sub(r"\1", _IMAGE.sub(" ", text)))
    text = _HASHTAG.sub("", _HASHTAGS_AT_END.sub("", _LINE_MARK.sub("", _HEADING.sub("", text))))
    text = _BRACKETED_ADDRESS.sub("", text)
    return _without_long_gaps(_MARKS.sub("", _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))))


def _sentences(text: str) -> Iterator[str]:
    for start, end in sentence_spans(text):
        sentence = _GAP_IN_CJK.sub("", _GAP.sub(" ", text[start:end])).strip()
        if sentence and not _ACTED_ON.search(sentence):
            yield sentence
