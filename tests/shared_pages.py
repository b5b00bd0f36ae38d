"""Real pages that lie beside the project where it is measured; elsewhere the tests that need them skip."""

import gzip
import json
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1].parent / "shared" / "data"


def shared_page(url: str) -> bytes:
    """Return the bytes of the shared page of an address; skip the test where it is not there."""
    manifest = SHARED / "pages" / "manifest.jsonl"
    if not manifest.exists():
        pytest.skip("the shared pages are not beside this checkout")
    for line in manifest.read_text().splitlines():
        known = json.loads(line)
        if known.get("url") == url:
            return gzip.decompress((SHARED / "pages" / known["html_file"]).read_bytes())
    pytest.skip("the shared pages hold no such page")
