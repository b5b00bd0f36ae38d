"""PDFs written byte by byte, as small as they may be, and as broken as they are asked to be."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
FONT = b"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 6 0 R>>"
DESCENDANT = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/DW 500>>"
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>{}>>"


@dataclass(frozen=True)
class Words:
    """Words at a place; `turned` is set along the left margin, from below."""

    text: str
    size: float = 10
    x: float = 72
    y: float = 700
    turned: bool = False

    def shown(self) -> str:
        matrix = "0 1 -1 0" if self.turned else "1 0 0 1"
        codes = self.text.encode("utf-16-be").hex()
        return f"BT /F {self.size} Tf {matrix} {self.x} {self.y} Tm <{codes}> Tj ET"


def column(lines: Sequence[str], *, x: float = 72, top: float = 600, size: float = 10) -> list[Words]:
    """Set lines one below the other."""
    return [Words(line, size, x, top - 1.2 * size * place) for place, line in enumerate(lines)]


def pdf_of(
    *pages: Sequence[Words], title: str = "", links: Sequence[str] = (), compressed: bool = True
) -> bytes:
    """Write a document: its pages, what its description calls it, addresses on its first page."""
    letters = sorted({letter for page in pages for words in page for letter in words.text})
    objects = [CATALOG, b"", FONT, b"null", DESCENDANT, stream(_to_unicode(letters), compressed=compressed)]
    kids = []
    for place, page in enumerate(pages):
        content = "\n".join(words.shown() for words in page).encode()
        objects.append(stream(content, compressed=compressed))
        notes = "".join(f"<</Subtype/Link/A<</S/URI/URI({link})>>>>" for link in links) if place == 0 else ""
        objects.append(PAGE.format(len(objects), f"/Annots[{notes}]" if notes else "").encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(pages)}>>".encode()
    objects.append(
        b"<</Title<" + b"\xfe\xff".hex().encode() + title.encode("utf-16-be").hex().encode() + b">>>"
    )
    return file_of(objects, info=len(objects) if title else 0)


def stream(content: bytes, *, compressed: bool = True, entries: bytes = b"") -> bytes:
    """Write a stream object."""
    if compressed:
        content, entries = zlib.compress(content, 9), b"/Filter/FlateDecode" + entries
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def file_of(objects: Sequence[bytes], *, info: int = 0, trailer: bytes = b"") -> bytes:
    """Number the objects from 1, and write the table of where they are. The first is the catalog."""
    whole, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    named = b"/Info %d 0 R" % info if info else b""
    return (
        whole
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            named,
            trailer,
            len(whole),
        )
    )


def _to_unicode(letters: Sequence[str]) -> bytes:
    pairs = [
        f"<{letter.encode('utf-16-be').hex()}> <{letter.encode('utf-16-be').hex()}>" for letter in letters
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{maps}\nendcmap end end"
    ).encode()
