"""Give rooms a state, sends a bookmark, people a way to be one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "room_states",
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("chat", sa.String(length=80), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_to", sa.String(length=80), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_room_states")),
    )
    op.create_table(
        "join_codes",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=40), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("asked_about", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["curators.id"], name=op.f("fk_join_codes_answered_by_curators")
        ),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_join_codes_curator_id_curators")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_join_codes")),
    )
    with op.batch_alter_table("join_codes") as batch_op:
        batch_op.create_index(batch_op.f("ix_join_codes_curator_id"), ["curator_id"], unique=False)

    with op.batch_alter_table("cards") as batch_op:
        batch_op.add_column(sa.Column("tried", sa.String(length=120), nullable=True))

    with op.batch_alter_table("curators") as batch_op:
        batch_op.add_column(sa.Column("joined_to", sa.Integer(), nullable=True))

    # Not in a batch, which would make the table anew, and others point to it.
    op.add_column("curators", sa.Column("by_config", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("tried", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("message_id", sa.String(length=80), nullable=True))

    with op.batch_alter_table("pitches") as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("pitches") as batch_op:
        batch_op.drop_column("thread")

    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("message_id")
        batch_op.drop_column("tried")

    with op.batch_alter_table("curators") as batch_op:
        batch_op.drop_column("by_config")
        batch_op.drop_column("joined_to")

    with op.batch_alter_table("cards") as batch_op:
        batch_op.drop_column("tried")

    with op.batch_alter_table("join_codes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_codes_curator_id"))

    op.drop_table("join_codes")
    op.drop_table("room_states")
