"""Where the repository has the pictures that an issue names."""

import posixpath
from urllib.parse import unquote

from renderers.layout import Layout


def picture_place(layout: Layout, issue_path: str, path: str) -> str | None:
    """Return the place in the repository of a picture, by its path as the issue's file names it.

    A path from the site's top, such as Hugo's `/pictures/a.jpg`, is looked for where the layout keeps
    pictures, another one beside the issue. None where it leads out of the repository.
    """
    named = unquote(path.partition("?")[0].partition("#")[0])
    if named.startswith("/"):
        before, _, behind = layout.pictures.link.partition("{name}")
        name = named.removeprefix(before).removesuffix(behind)
        named = layout.picture_path(name) if before + name + behind == named else named.lstrip("/")
        place = posixpath.normpath(named)
    else:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(issue_path), named))
    return None if place.startswith(("/", "..")) or place == "." or "\0" in place else place
