"""The articles with people's own summaries, as the evaluation data has them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.reading.article import Article

MAIN_SETS = ("zh", "en")
FURTHER_SETS = ("zh_mesher", "zh_sofa", "en_scitldr")


@dataclass(frozen=True, slots=True)
class Summarised:
    """An article and what people wrote of it."""

    id: str
    source: str
    article: Article
    references: tuple[str, ...]

    @property
    def half(self) -> int:
        """0 or 1, by a hash of the id: which half to learn from, which to check on."""
        return sha256(self.id.encode()).digest()[0] & 1


def summarised(shared: Path, name: str) -> Iterator[Summarised]:
    """Yield a set's articles; `name` as in MAIN_SETS and FURTHER_SETS."""
    folder = shared / "data" / "summaries"
    plain = folder / f"{name}.jsonl"
    packed = folder / f"{name}.jsonl.gz"
    with plain.open() if plain.exists() else gzip.open(packed, "rt") as lines:
        for line in lines:
            yield _summarised(json.loads(line), name)


def _summarised(said: dict[str, object], name: str) -> Summarised:
    references = said.get("refs") or said["reference"]
    return Summarised(
        id=str(said["id"]),
        source=str(said.get("source", name)),
        article=Article(
            url="",
            title=str(said["title"] or ""),
            source="",
            authors=(),
            published=None,
            language=name[:2],
            text=str(said["text"]),
        ),
        references=tuple(map(str, references)) if isinstance(references, list) else (str(references),),
    )
