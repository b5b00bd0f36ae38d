"""Every table, for those who look at all of them at once: migrations and tests."""

from storage import (
    event_records,
    issue_records,
    people_records,
    press_records,
    reading_records,
    records,
    room_records,
)
from storage.record_base import Record

__all__ = [
    "Record",
    "event_records",
    "issue_records",
    "people_records",
    "press_records",
    "reading_records",
    "records",
    "room_records",
]
