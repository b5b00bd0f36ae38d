"""GitHub's addresses: what in which repository one names, and which page is the one to read."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

from bot.reading.link import NotALinkError, link

_HOSTS = ("github.com", "www.github.com", "m.github.com")
_KINDS = {"tree": "tree", "blob": "file", "blame": "file"}
_FRONT_PAGE = re.compile(r"github:[^/]+/[^/]+")
_READ_BY_GITHUB = re.compile(r"\.(?:md|markdown|mkd|rst|adoc|org|txt)$", re.IGNORECASE)
_PDF = re.compile(r"\.pdf$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GithubPlace:
    """Something on GitHub."""

    kind: str
    """"repository", "tree", "file", "release", "issue" (or pull request, or discussion), "wiki" or "gist"."""
    owner: str
    repository: str
    """Empty for a gist."""
    name: str = ""
    """A path, a tag, a number, a wiki's page, a gist's id."""

    @property
    def full_name(self) -> str:
        """Owner and repository, as readers write them."""
        return f"{self.owner}/{self.repository}"


def place_at(url: str) -> GithubPlace | None:
    """Tell what an address names; None for GitHub's own pages, people's pages, and lists of any kind."""
    split = _split(url)
    parts = [unquote(part) for part in split.path.split("/") if part]
    if split.hostname == "gist.github.com":
        return GithubPlace("gist", parts[0], "", parts[1]) if len(parts) >= 2 else None
    if split.hostname not in _HOSTS or len(parts) < 2 or not _key(url).startswith("github:"):
        return None
    owner, repository = parts[0], parts[1].removesuffix(".git")
    if _FRONT_PAGE.fullmatch(_key(url)):
        return GithubPlace("repository", owner, repository)
    return _within(owner, repository, parts[2:])


def _within(owner: str, repository: str, rest: list[str]) -> GithubPlace | None:
    kind = name = ""
    match rest:
        case ["releases", "tag", *tag] if tag:
            kind, name = "release", "/".join(tag)
        case ["tree", _]:
            kind = "repository"
        case ["tree" | "blob" | "blame", _, *path] if path:
            kind, name = _KINDS[rest[0]], "/".join(path)
        case ["issues" | "pull" | "discussions", number, *_] if number.isdigit():
            kind, name = "issue", number
        case ["wiki", *title]:
            kind, name = "wiki", "/".join(title).replace("-", " ")
    return GithubPlace(kind, owner, repository, name) if kind else None


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _key(url: str) -> str:
    try:
        return link(url).key
    except NotALinkError:
        return ""


def page_to_read(url: str) -> str:
    """Return the page that shows best what an address names; any other address as it is.

    A repository's front page has its description beside its README; a text's page shows it set, where the
    raw file is marks and signs; of a PDF the page shows nothing, so the file itself is read.
    """
    split = _split(url)
    parts = split.path.strip("/").split("/")
    if (
        split.hostname == "raw.githubusercontent.com"
        and len(parts) > 3
        and _READ_BY_GITHUB.search(split.path)
    ):
        owner, repository, *rest = parts
        rest = rest[2:] if rest[:2] == ["refs", "heads"] else rest
        return page_to_read(f"https://github.com/{owner}/{repository}/blob/{'/'.join(rest)}")
    place = place_at(url)
    if place is None:
        return url
    if place.kind == "repository" and _FRONT_PAGE.fullmatch(_key(url)):
        return f"https://github.com/{quote(place.owner)}/{quote(place.repository)}"
    if place.kind == "file" and _PDF.search(place.name):
        return f"https://raw.githubusercontent.com/{'/'.join([*parts[:2], *parts[3:]])}"
    return url
