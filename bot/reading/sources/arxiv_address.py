"""arXiv's addresses: which paper one names, and which of a paper's pages is the one to read."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOSTS = re.compile(
    r"(?:(?:www|export|browse|cn)\.)?arxiv\.org|ar5iv(?:\.labs\.arxiv)?\.org|(?:www\.)?alphaxiv\.org"
)
"""arXiv, its mirrors, and the two sites that show its papers as web pages."""
_RESOLVERS = re.compile(r"(?:(?:dx|www)\.)?doi\.org")
_PATH = re.compile(r"/(?:abs|pdf|html|format|ps|src|e-print|papers|overview)/(?P<name>.+)", re.IGNORECASE)
_DOI_PATH = re.compile(r"/10\.48550/arxiv\.(?P<name>.+)", re.IGNORECASE)
_NAME = re.compile(
    r"(?P<number>\d{4}\.\d{4,5}|[a-z-]+(?P<subject>\.[a-z]{2})?/\d{7})(?P<version>v\d{1,3})?(?:\.pdf)?/?",
    re.IGNORECASE | re.ASCII,
)
"""https://info.arxiv.org/help/arxiv_identifier.html: YYMM.number since 2007, archive/number before."""


@dataclass(frozen=True, slots=True)
class ArxivPaper:
    """A paper's number, and the version that an address asks for."""

    number: str
    """Without a subject class: math.GT/0309136 is math/0309136."""
    version: str
    """Such as "v2"; empty where the newest is meant."""

    @property
    def abstract_url(self) -> str:
        """Its abstract page."""
        return f"https://arxiv.org/abs/{self.number}{self.version}"

    @property
    def pdf_url(self) -> str:
        """Its text, in its newest version."""
        return f"https://arxiv.org/pdf/{self.number}"


def paper_at(url: str) -> ArxivPaper | None:
    """Tell which paper an address names: its abstract, PDF, HTML, a mirror's page, or its DOI."""
    try:
        split = urlsplit(url)
        host = (split.hostname or "").lower()
    except ValueError:
        return None
    if _RESOLVERS.fullmatch(host):
        place = _DOI_PATH.fullmatch(split.path)
    else:
        place = _PATH.fullmatch(split.path) if _HOSTS.fullmatch(host) else None
    name = _NAME.fullmatch(place["name"]) if place else None
    if name is None:
        return None
    number = name["number"].lower().replace((name["subject"] or "").lower(), "", 1)
    return ArxivPaper(number, (name["version"] or "").lower())


def page_to_read(url: str) -> str:
    """Return the abstract page of the paper that an address names; any other address as it is."""
    paper = paper_at(url)
    return paper.abstract_url if paper else url
