"""Pictures out of the repository, opened for the outputs that hold them: the PDF, a draft on WeChat."""

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from bot.reading.picture_file import PictureFile, PictureProblem, open_picture
from bot.reading.workers import ReadingWorkers, WorkFailedError
from renderers.issue_view import IssueView, PictureImage
from renderers.layout import Layout
from renderers.picture_places import picture_place

MOST_IMAGES = 60
"""Pictures of one issue that are opened, of at most 0.3 MB each then; further ones are left out."""
_LARGEST_FILE = 10_000_000  # bytes of a file before it is opened; one that Copydesk stored has 300,000
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


async def with_images(
    view: IssueView,
    read: Callable[[str], Awaitable[bytes | None]],
    *,
    layout: Layout,
    path: str,
    workers: ReadingWorkers,
) -> IssueView:
    """Return the view with its pictures, opened in a worker: people may put any file into a repository.

    `path` is that of the issue's file, and `read` gives the bytes of another by its path. A picture that is
    not there, or that cannot be shown, stays without an image.
    """
    images = {}
    for name, place in _places(view, layout, path):
        body = await read(place)
        if body is not None and len(body) <= _LARGEST_FILE:
            try:
                opened = await workers.do(open_picture, body)
            except WorkFailedError:
                continue
            if (image := _image(opened)) is not None:
                images[name] = image
    return view.with_images(images)


def with_images_beside(view: IssueView, file: Path, layout: Layout) -> IssueView:
    """Return the view of an issue's file with the pictures that lie beside it.

    They are looked for in the git repository that holds the file, else in its own folder and below; what
    leads out of there, also by a symbolic link, is left out like what cannot be read or shown.
    """
    file = file.resolve()
    top = next((folder for folder in file.parents if (folder / ".git").exists()), file.parent)
    images = {}
    for name, place in _places(view, layout, file.relative_to(top).as_posix()):
        body = _read_below(top, place)
        if body is not None and (image := _image(open_picture(body))) is not None:
            images[name] = image
    return view.with_images(images)


def _places(view: IssueView, layout: Layout, path: str) -> Iterable[tuple[str, str]]:
    for name in view.picture_paths[:MOST_IMAGES]:
        if (place := picture_place(layout, path, name)) is not None:
            yield name, place


def _read_below(top: Path, place: str) -> bytes | None:
    try:
        found = (top / place).resolve()
        if not found.is_relative_to(top) or not found.is_file() or found.stat().st_size > _LARGEST_FILE:
            return None
        return found.read_bytes()
    except (OSError, RuntimeError):  # the latter for links that lead in a circle
        return None


def _image(opened: PictureFile | PictureProblem) -> PictureImage | None:
    if isinstance(opened, PictureProblem):
        return None
    return PictureImage(opened.data, _MEDIA_TYPES[opened.extension], opened.width, opened.height)
