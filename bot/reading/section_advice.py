"""Which section a story probably belongs to. Advice only: people decide."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_BY_HOST = {
    "github.com": "projects",
    "gitlab.com": "projects",
    "gitee.com": "projects",
    "huggingface.co": "projects",
    "arxiv.org": "papers",
    "export.arxiv.org": "papers",
    "openreview.net": "papers",
    "openaccess.thecvf.com": "papers",
    "aclanthology.org": "papers",
    "papers.nips.cc": "papers",
    "proceedings.mlr.press": "papers",
}
"""Sites that hold one kind of thing."""
_BY_HOST_CONFIDENCE = 0.9
_DOUBT = 1
"""Stories imagined in other sections, so that one past story does not make us sure."""
_CONVINCING = 0.6
"""Above it the likeliest section was right in nine of ten stories of the public archive."""
_CLOSE = 0.4
"""The share of the first section's chance from which the second is worth showing."""
_FLAT = 0.1
"""What the likeliest section must be above its even share."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A section's key, and how sure we are of it."""

    section: str | None
    """None when nothing is known."""
    confidence: float
    """From 0 to 1."""
    second: str | None = None
    """The next in line, where more than one is possible."""
    second_confidence: float = 0.0

    @property
    def is_unsure(self) -> bool:
        """Tell whether both sections should be shown: the first does not convince and the second is close."""
        return self.confidence < _CONVINCING and self.second_confidence > _CLOSE * self.confidence


NO_ADVICE = Advice(None, 0.0)


def advice_of(ranked: Sequence[tuple[str, float]], *, among: int) -> Advice:
    """Make an advice of sections with their chances among so many, the likeliest first.

    None where the likeliest is hardly likelier than any.
    """
    if not ranked or ranked[0][1] < 1 / among + _FLAT:
        return NO_ADVICE
    (section, confidence), (second, second_confidence) = [*ranked, (None, 0.0)][:2]
    return Advice(section, confidence, second, second_confidence)


def advice_by_site(url: str, sections: Sequence[str]) -> Advice:
    """Advise by the address's site, where it holds one kind of thing and a section is for that."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return NO_ADVICE
    section = _BY_HOST.get(host)
    return Advice(section, _BY_HOST_CONFIDENCE) if section in sections else NO_ADVICE


def advise(*, url: str, source: str, history: Mapping[str, Counter[str]], sections: Sequence[str]) -> Advice:
    """Advise, before anything is learnt, by the address's site, else by where stories of the same source ran.

    `history` counts past stories by source and section. A tie falls to the earlier section; a section
    that the newsletter does not have is never advised.
    """
    by_site = advice_by_site(url, sections)
    if by_site.section is not None:
        return by_site
    ran = history.get(source, Counter())
    known = {section: ran[section] for section in sections if ran[section] > 0}
    if not known:
        return NO_ADVICE
    section = max(known, key=lambda key: known[key])
    return Advice(section, known[section] / (sum(known.values()) + _DOUBT))
