"""Remember what readings leave behind: signatures of texts, learnt sections, who drafted a summary."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW_OF_STORIES = ("second_advice", "drafted_by", "no_draft", "doubts", "same_as", "likeness")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "text_signatures",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_text_signatures_story_id_stories")
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_text_signatures")),
    )
    op.create_table(
        "signature_bands",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "story_id", name=op.f("pk_signature_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "section_models",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "version", name=op.f("pk_section_models")),
    )
    # Not in a batch, which would make the table anew, and others point to it.
    op.add_column("stories", sa.Column("second_advice", sa.String(length=120), nullable=True))
    op.add_column("stories", sa.Column("drafted_by", sa.String(length=20), nullable=True))
    op.add_column("stories", sa.Column("no_draft", sa.String(length=20), nullable=True))
    op.add_column("stories", sa.Column("same_as", sa.Integer(), nullable=True))
    op.add_column("stories", sa.Column("likeness", sa.Double(), server_default="0", nullable=False))
    doubts = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("stories", sa.Column("doubts", doubts, server_default="[]", nullable=False))


def downgrade() -> None:
    """Take the tables back."""
    for column in _NEW_OF_STORIES:
        op.drop_column("stories", column)
    op.drop_table("section_models")
    op.drop_table("signature_bands")
    op.drop_table("text_signatures")
