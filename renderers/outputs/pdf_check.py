"""What a PDF of ours may hold: pages with text, a title, and links to the web, nothing that acts."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from renderers.markdown import link_target
from renderers.outputs.output import Fault

_ACTING = ("/OpenAction", "/AA", "/AcroForm")


def pdf_faults(content: bytes) -> tuple[Fault, ...]:
    """Check the bytes of a PDF that we set ourselves; reading a stranger's here would not be safe."""
    try:
        reader = PdfReader(BytesIO(content))
        return tuple(dict.fromkeys(_faults(reader)))
    except (PyPdfError, ValueError, KeyError, AttributeError, TypeError):
        return (Fault("unreadable", "The PDF cannot be read."),)


def _faults(reader: PdfReader) -> list[Fault]:
    found = []
    if not reader.pages or not reader.pages[0].extract_text().strip("\x00\ufffd \n"):
        found.append(Fault("empty", "The PDF has no text on its first page."))
    if "\x00" in (first := reader.pages[0].extract_text()) or "\ufffd" in first:
        found.append(Fault("no-font", "The PDF shows boxes for text that has no font."))
    if not (reader.metadata and reader.metadata.title):
        found.append(Fault("no-title", "The PDF has no title."))
    if any(name in reader.root_object for name in _ACTING):
        found.append(Fault("acts", "The PDF does something by itself."))
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            found += _link_faults(annotation.get_object())
    return found


def _link_faults(annotation: DictionaryObject) -> list[Fault]:
    action = annotation.get("/A", {})
    if action.get("/S") == "/URI" and link_target(str(action.get("/URI", ""))):
        return []
    return [Fault("link", "A link of the PDF does not lead to a web address.")]
