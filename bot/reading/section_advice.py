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


@dataclass(frozen=True, slots=True)
class Advice:
    """A section's key, and how sure we are of it."""

    section: str | None
    """None when nothing is known."""
    confidence: float
    """From 0 to 1."""


NO_ADVICE = Advice(None, 0.0)


def advise(*, url: str, source: str, history: Mapping[str, Counter[str]], sections: Sequence[str]) -> Advice:
    """Advise by the address's site, else by where past stories of the same source ran.

    `history` counts past stories by source and section. A tie falls to the earlier section; a section
    that the newsletter does not have is never advised.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    by_host = _BY_HOST.get(host)
    if by_host in sections:
        return Advice(by_host, _BY_HOST_CONFIDENCE)
    ran = history.get(source, Counter())
    known = {section: ran[section] for section in sections if ran[section] > 0}
    if not known:
        return NO_ADVICE
    section = max(known, key=lambda key: known[key])
    return Advice(section, known[section] / (sum(known.values()) + _DOUBT))
