"""Which section a story is advised for, from what was read and what ran before."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.hearing import DeskSettings
from bot.reading.section_advice import advise
from storage.database import Session
from storage.records import Story
from storage.stories import sections_by_source


async def advise_section(
    session: Session, settings: DeskSettings, story: Story, read: Mapping[str, Any]
) -> None:
    """Write the advice and its confidence into the story; people decide."""
    counts = await sections_by_source(session, settings.name)
    history = {source: Counter(sections) for source, sections in counts.items()}
    advice = advise(
        url=story.url,
        source=read["fields"].get("source", ""),
        history=history,
        sections=settings.rules.sections,
    )
    story.advice, story.confidence = advice.section, advice.confidence
