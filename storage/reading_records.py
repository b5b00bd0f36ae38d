"""What readings leave behind for other stories: signatures of texts, and what was learnt of sections."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.record_base import Record


class TextSignature(Record):
    """What a story's text is compared by with others'."""

    __tablename__ = "text_signatures"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class SignatureBand(Record):
    """A part of a signature, under which texts that may be alike are found."""

    __tablename__ = "signature_bands"
    desk: Mapped[str] = mapped_column(String(40), primary_key=True)
    band: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True, index=True)


class SectionModel(Record):
    """What was learnt of a desk's sections from its published stories; the highest version is in use."""

    __tablename__ = "section_models"
    desk: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    stories: Mapped[int]
    weights: Mapped[bytes] = mapped_column(LargeBinary)
