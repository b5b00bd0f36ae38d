"""What readings leave behind for other stories: signatures of texts, and what was learnt of sections."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.record_base import Record


class TextSignature(Record):
    """What a story's text is compared by with others'."""

    __tablename__ = "text_signatures"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class SignatureBand(Record):
    """A part of a signature, under which texts that may be alike are found; there are 64 to each.

    `value` is a hash of desk, band and part. The key is all there is to a row: nothing else is stored of it.
    """

    __tablename__ = "signature_bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - a mapped class's own form
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    story_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SectionModel(Record):
    """What was learnt of a desk's sections from its published stories; the highest version is in use."""

    __tablename__ = "section_models"
    desk: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    stories: Mapped[int]
    weights: Mapped[bytes] = mapped_column(LargeBinary)
