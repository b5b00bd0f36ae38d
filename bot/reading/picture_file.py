"""A stranger's picture made fit to be kept: opened in a worker process, turned upright, made small, set anew.

Nothing of the file but its pixels is kept: no EXIF (which may hold a place), no profile, no comment, no
thumbnail. Whatever else it holds is gone with the encoding.
"""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps

WIDEST, HIGHEST = 1200, 2400  # pixels
MOST_BYTES = 300_000
MOST_PIXELS = 40_000_000
"""Of what is opened: a photograph of today has 12 to 50 million; each takes 3 or 4 bytes of memory."""
SMALLEST = 64  # pixels of the shorter side: what is smaller is an icon, or counts visitors
_LONGEST = 15  # times as long as wide, or the other way: what is longer is a stripe when it is made small
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITIES = (85, 75, 65, 55)
_SHRINK = 0.8  # of width and height, where the lowest quality is too many bytes still
_WHITE = (255, 255, 255)


class PictureProblem(StrEnum):
    """Why a file cannot be a story's picture; `picture_KEY` is the sentence that says so."""

    NOT_A_PICTURE = "not_a_picture"
    ANIMATED = "animated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture as it is kept: JPEG or PNG of at most MOST_BYTES; its size is in pixels."""

    data: bytes
    extension: str  # "jpg" or "png"
    width: int
    height: int


def open_picture(body: bytes) -> PictureFile | PictureProblem:
    """Open a file of any bytes and set it anew, or say why not.

    The size is read off the file's head and judged before a pixel is unpacked.
    """
    try:
        with Image.open(BytesIO(body), formats=_FORMATS) as image:
            if (problem := _problem(image)) is not None:
                return problem
            image.draft("RGB", (WIDEST, HIGHEST))
            return _encoded(_in_eight_bits(ImageOps.exif_transpose(image)))
    except Image.DecompressionBombError:
        return PictureProblem.TOO_MANY_PIXELS
    except (OSError, ValueError, SyntaxError, EOFError):  # what Pillow raises on broken files
        return PictureProblem.NOT_A_PICTURE


def _problem(image: Image.Image) -> PictureProblem | None:
    if image.width * image.height > MOST_PIXELS:
        return PictureProblem.TOO_MANY_PIXELS
    if min(image.size) < SMALLEST or max(image.size) > _LONGEST * min(image.size):
        return PictureProblem.TOO_SMALL
    moves = getattr(image, "is_animated", False) and image.format != "MPO"  # a camera's: one above others
    return PictureProblem.ANIMATED if moves else None


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Bring a PNG's grey of 16 bits down to 8: Pillow would make white of all but the darkest."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _encoded(image: Image.Image) -> PictureFile:
    """Set the pixels as PNG where they were drawn or let something shine through, else as JPEG."""
    drawn = image.mode in ("1", "P", "PA", "LA", "RGBA") or image.has_transparency_data
    pixels = image.convert("RGBA" if image.has_transparency_data else "RGB")
    pixels.thumbnail((WIDEST, HIGHEST))
    if drawn and len(data := _png(pixels)) <= MOST_BYTES:
        return PictureFile(data, "png", *pixels.size)
    return _small_jpeg(_on_white(pixels))


def _png(pixels: Image.Image) -> bytes:
    stream = BytesIO()
    Image.frombytes(pixels.mode, pixels.size, pixels.tobytes()).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _small_jpeg(pixels: Image.Image) -> PictureFile:
    while True:
        for quality in _QUALITIES:
            stream = BytesIO()
            bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())  # nothing but the pixels
            bare.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(stream.getvalue()) <= MOST_BYTES:
                return PictureFile(stream.getvalue(), "jpg", *pixels.size)
        pixels = pixels.resize((max(1, int(pixels.width * _SHRINK)), max(1, int(pixels.height * _SHRINK))))


def _on_white(pixels: Image.Image) -> Image.Image:
    if pixels.mode == "RGB":
        return pixels
    page = Image.new("RGB", pixels.size, _WHITE)
    page.paste(pixels, mask=pixels.getchannel("A"))
    return page
