"""Remember releases, pull requests, pictures, what was sent, and how a file was last rendered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ABSENTABLE = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("issues", sa.Column("rendered", sa.Text(), nullable=True))
    op.add_column("issues", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("room_messages", sa.Column("buttons", _ABSENTABLE, nullable=True))
    _make_releases()
    _make_pull_requests()
    _make_pictures()
    _make_sendings()


def _make_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("anyway", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("outcome", _JSON, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_releases_curator_id_curators")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_releases_issue_id_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index(op.f("ix_releases_issue_id"), "releases", ["issue_id"])


def _make_pull_requests() -> None:
    op.create_table(
        "pull_requests",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_pull_requests_issue_id_issues")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_pull_requests")),
    )


def _make_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_pictures_curator_id_curators")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_pictures_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", "name", name=op.f("pk_pictures")),
    )


def _make_sendings() -> None:
    op.create_table(
        "sendings",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("done", _JSON, nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_sendings_issue_id_issues")),
        sa.PrimaryKeyConstraint("issue_id", "channel", name=op.f("pk_sendings")),
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in ("sendings", "pictures", "pull_requests", "releases"):
        op.drop_table(table)
    op.drop_column("room_messages", "buttons")
    for column in ("released_at", "rendered"):
        op.drop_column("issues", column)
