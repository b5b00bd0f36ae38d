"""Papers: one by its number, wherever it is read and in whatever version and format."""

import re

from bot.reading.spelling.address import Address
from bot.reading.spelling.site_spelling import SiteSpelling, as_given

_ARXIV_ID = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}|(?<![a-z-])(?P<archive>[a-z-]+)(?:\.[a-z]{2})?/(?P<number>\d{7}))"
    r"(?P<version>v\d+)?(\.pdf)?/?$",
    re.IGNORECASE | re.ASCII,
)
"""An archive begins where a word does: looked for from each of its letters, a long path takes a second."""
ARXIV_SITES = re.compile(
    r"([a-z0-9-]+\.)*arxiv\.org|ar5iv\.org|alphaxiv\.org|scirate\.com|arxiv-vanity\.com|papers\.cool"
    r"|xxx\.itp\.ac\.cn|huggingface\.co|hf\.co"
)
"""arXiv, its mirrors, and sites that show its papers under their numbers."""
_HUGGING_FACE = ("huggingface.co", "hf.co")


def arxiv(address: Address) -> SiteSpelling | None:
    """Spell a paper by its number without the version: abs, pdf, html, mirrors and DOI are one."""
    if address.site in _HUGGING_FACE and not address.path.startswith("/papers/"):
        return None
    found = _ARXIV_ID.search(address.path)
    if found is None:
        return None
    number = found["id"] if found["archive"] is None else f"{found['archive']}/{found['number']}"
    return SiteSpelling(url=as_given(address), key=f"arxiv:{number.lower()}")


_DOI = re.compile(
    r"/(?:doi/)?(?:(?:abs|pdf|epdf|full|fullHtml|html|book|article|chapter|content/pdf)/)?"
    r"(?P<doi>10\.\d{4,9}/.+?)(?:\.pdf)?/?"
)
DOI_SITES = re.compile(r"(dx\.)?doi\.org|dl\.acm\.org|link\.springer\.com|onlinelibrary\.wiley\.com")


def doi(address: Address) -> SiteSpelling | None:
    """Spell a paper by its DOI, in which case is no matter; arXiv's and ACL's own lead to the paper there."""
    found = _DOI.fullmatch("/" + "/".join(address.parts))
    if found is None:
        return None
    number = found["doi"].lower()
    if number.startswith("10.48550/arxiv."):
        return arxiv(address)
    if acl := re.fullmatch(r"10\.18653/v1/((?:\d{4}\.[\w-]+|[a-z]\d\d-\d{4})(?:\.\d+)?)", number, re.ASCII):
        return SiteSpelling(url=as_given(address), key=f"acl:{acl[1]}")
    return SiteSpelling(url=as_given(address), key=f"doi:{number}")


def openreview(address: Address) -> SiteSpelling | None:
    """Spell a paper under review; its PDF and a note on it are the paper."""
    paper = address.pairs.get("id")
    if not paper or address.parts not in (["forum"], ["pdf"], ["attachment"]):
        return None
    return SiteSpelling(url=as_given(address), key=f"openreview:{paper}")
