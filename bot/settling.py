"""What was read goes into the story: its words, its other addresses, whom it is like, where it may run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.advising import advise_section
from bot.hearing import DeskSettings
from bot.likeness import find_duplicate
from bot.paper_lines import fields_in, outdated
from bot.reading.article import Reading
from bot.reading.verdict import Verdict
from storage.database import Session
from storage.records import Story
from storage.stories import write_machine_fields

READ = (Verdict.FINE, Verdict.THIN)
"""The verdicts that carry an article. A page with another is none, and leaves no mark but its verdict."""


def as_json(reading: Reading, final_url: str, *, passing: bool) -> dict[str, Any]:
    """Return a reading as the engine keeps it between its steps; the text is kept with the story."""
    article, summary = reading.article, reading.summary
    fields: dict[str, str] = {}
    if article is not None:
        fields = {
            "title": article.title,
            "source": article.source,
            "authors": ", ".join(article.authors),
            "published": article.published or "",
            "language": article.language,
            "summary": summary.text if summary else "",
        }
    return {
        "verdict": str(reading.verdict),
        "reason": reading.reason,
        "passing": passing,
        "final_url": final_url,
        "fields": fields,
        "lines": [list(line) for line in article.lines] if article else [],
        "aliases": list(article.aliases) if article else [],
        "signature": reading.signature.hex(),
        "drafted_by": summary.drafted_by if summary else None,
        "no_draft": summary.no_draft if summary else "",
        "doubts": list(summary.doubts) if summary else [],
    }


async def write_reading(
    session: Session, settings: DeskSettings, story: Story, read: Mapping[str, Any], now: datetime
) -> bool:
    """Fill in the machine's fields; tell whether the page was readable.

    A failed reading leaves what an earlier one found; one that works replaces an earlier failure.
    """
    readable = read["verdict"] in READ
    if readable or story.verdict not in READ:
        story.verdict, story.reason = read["verdict"], read["reason"]
    story.read_at = now
    await _write_fields(session, story, read, now)
    if readable:
        await find_duplicate(session, story, read)
    if story.advice is None or readable:
        await advise_section(session, settings, story, read)
    return readable


async def _write_fields(session: Session, story: Story, read: Mapping[str, Any], now: datetime) -> None:
    found = {name: value for name, value in read["fields"].items() if value}
    if read.get("pasted") and story.field("title"):
        found.pop("title", None)
    if "summary" in found:
        story.drafted_by, story.doubts = read.get("drafted_by"), list(read.get("doubts", ()))
        story.no_draft = read.get("no_draft") or None
    if read["verdict"] in READ:
        found |= fields_in(read.get("lines", ()))
        found |= outdated(story, found)
    await write_machine_fields(session, story.id, found, now=now)
