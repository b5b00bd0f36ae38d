"""Where a paper's code is, as far as its text says so."""

import re

_HOSTED = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:www\.)?(?P<host>github\.com|gitlab\.com|gitee\.com|huggingface\.co)/"
    r"(?P<path>(?:(?:datasets|spaces)/)?[A-Za-z0-9][\w.-]*/[A-Za-z0-9_.-][\w.-]*(?:/[\w./-]*)?)",
    re.IGNORECASE | re.ASCII,
)
_NO_OWNERS = frozenset(
    {"about", "blog", "docs", "features", "login", "models", "orgs", "papers", "search", "settings", "topics"}
)
_CODE_FIRST = ("github.com", "gitlab.com", "gitee.com", "huggingface.co")


def repository_in(*texts: str) -> str | None:
    """Return the address of the first repository that the texts name, code before models.

    An address without its scheme counts; the full stop behind one does not.
    """
    found = [
        (match["host"].lower(), _path(match["path"])) for text in texts for match in _HOSTED.finditer(text)
    ]
    named = [(host, path) for host, path in found if path.split("/")[0].lower() not in _NO_OWNERS]
    if not named:
        return None
    host, path = min(named, key=lambda each: _CODE_FIRST.index(each[0]))
    return f"https://{host}/{path}"


def _path(written: str) -> str:
    path = written.rstrip("./-_")
    return path.removesuffix(".git")
