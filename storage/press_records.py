"""What becomes of an issue after it is drafted: releases, pull requests, pictures, what was sent."""

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.record_base import JsonValue, Record, Words


class Release(Record):
    """One `/release`: who asked for it, and the commit that came of it. The id is its event's."""

    __tablename__ = "releases"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"))
    room: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str | None] = mapped_column(String(80), default=None)
    date: Mapped[dt.date]
    anyway: Mapped[bool] = mapped_column(default=False)  # an editor said so, although lint found errors
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    commit: Mapped[str | None] = mapped_column(String(64), default=None)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonValue, default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)


class PullRequest(Record):
    """The pull request in which an issue waits to be merged; `seen_at` is when its `state` changed."""

    __tablename__ = "pull_requests"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    number: Mapped[int]
    branch: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime]


class Picture(Record):
    """A picture that an editor took for a story, as it is to be stored in the repository.

    The story's field `picture` names the one that it carries; others are kept, so that `/undo` finds them.
    """

    __tablename__ = "pictures"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)  # of the file, without a folder
    url: Mapped[str] = mapped_column(Text)  # where it was taken from
    credit: Mapped[str] = mapped_column(Words)
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"))
    asked_at: Mapped[datetime]


class Sending(Record):
    """An issue on its way to readers by one channel (e-mail, WeChat, a room); each is sent once.

    `done` holds what was sent or uploaded before a failure, so that a second try goes on there.
    """

    __tablename__ = "sendings"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(80), primary_key=True)
    ordered_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(Words, default=None)
    done: Mapped[dict[str, Any] | None] = mapped_column(JsonValue, default=None)
