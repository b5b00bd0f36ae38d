"""Which lines are code, a command or a program's output, by their shape alone."""

import re

_SHELL = (
    r"[$>#%]\s+(?:sudo|pip3?|npm|yarn|git|docker|kubectl|curl|wget|cd|ls|make|go|cargo|python3?|apt(?:-get)?|brew)\b",
    r"[$>#%]\s+(?:cmake|export|echo|cat|mkdir|chmod|tar|ssh|source|conda|helm)\b",
    r"(?:sudo|kubectl|curl|wget|pip3? install|npm (?:install|run)|git clone|docker (?:run|pull|build)) \S",
    r"(?:conda|apt|apt-get|brew) install \S|cargo (?:run|build|install)|go (?:run|get|build) \S|#!\s*/",
)
_PYTHON = (
    r">>>|\.\.\. |In \[\d*\]:|Out\[\d*\]:|@[\w.]+(?:\(.*\))?\s*\Z",
    r"(?:from [\w.]+ )?import [\w.{*, }]+(?: as \w+)?;?\s*\Z",
    r"(?:async )?def \w+\s*\(|class \w+\s*(?:\(.*\))?[:{]\s*\Z",
)
_BRACES = (
    r"#include\b|#define\b|(?:pub )?fn \w+\s*[(<]|func\s*(?:\(.*\)\s*)?\w+\s*\(|function\s*\w*\s*\(",
    r"(?:public|private|protected|static) [\w<>\[\], ]+[({=;]",
    r"(?:const|let|var|int|float|auto|char|void|bool|string) [\w*&]+\s*[=(;]|return\b.*;\s*\Z",
    r"(?:if|for|while|switch)\s*\(.*[{;]\s*\Z|//|/\*|\*/|[{}\[\]();,]+\s*\Z",
)
_OTHERS = (
    r"SELECT\b.*\bFROM\b|INSERT INTO\b|UPDATE \S+ SET\b|DELETE FROM\b",
    r"(?:CREATE|ALTER|DROP) (?:TABLE|INDEX|DATABASE)\b",
    r"EXPLAIN (?:ANALYZE )?SELECT\b|SHOW [A-Z]+|</?\w+[^>]*>.*</?\w+>\s*\Z|\"[\w-]+\"\s*:\s*",
    r"[\w.\[\]\"']+\s*(?:[+\-*/|&]?=|:=|->|=>)\s*\S[^\u3400-\u9fff]*\Z",
    r"[\w.]+\([^()]*\)(?:\.\w+\([^()]*\))*;?\s*\Z",
)
_OPENING = re.compile(rf"\s*(?:{'|'.join((*_SHELL, *_PYTHON, *_BRACES, *_OTHERS))})", re.ASCII)
_SIGN = re.compile(r"[{}\[\]();=<>|&$\\/_*+\"'`:#@~^]")
_SHARE = 0.2
"""Of a line's characters: with more signs than that it is no prose."""
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_PROSE_END = re.compile(r"[。！？.!?][\"'”’」』）)]*\s*\Z")


def is_code(line: str) -> bool:
    """Tell code from prose; what ends as a sentence is prose, unless it is full of signs."""
    ended = _PROSE_END.search(line) is not None
    if not ended and _OPENING.match(line):
        return True
    signs, wide = len(_SIGN.findall(line)), len(_WIDE.findall(line))
    characters = len(line) - line.count(" ") + wide  # a CJK character says as much as two others
    return signs > _SHARE * characters and not (ended and wide > signs)
