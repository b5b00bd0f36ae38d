"""Begin the tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "curators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curators")),
    )
    op.create_table(
        "errands",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("workflow", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("delay", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
    )
    with op.batch_alter_table("errands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_errands_started_at"), ["started_at"], unique=False)

    op.create_table(
        "executors",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("seen", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_executors")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("room", "event_id", name="uq_inbox_room_event"),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_message", ["room", "message_id"], unique=False)
        batch_op.create_index("ix_inbox_unhandled", ["desk", "handled_at", "id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
    )
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("rendered_lead", sa.Text(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("desk", "date", name="uq_issues_date"),
    )
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.create_index(
            "ix_issues_undated",
            ["desk"],
            unique=True,
            sqlite_where=sa.text("date IS NULL"),
            postgresql_where=sa.text("date IS NULL"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_waiting", ["sent_at", "id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_identities_curator_id_curators")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_identities")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_curator_id"), ["curator_id"], unique=False)

    op.create_table(
        "publications",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("frozen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_publications_curator_id_curators")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_publications_issue_id_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "reactions",
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("emojis", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("heard", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_reactions_curator_id_curators")
        ),
        sa.PrimaryKeyConstraint("room", "message_id", "curator_id", name=op.f("pk_reactions")),
    )
    op.create_table(
        "room_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "card",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("card_state", sa.String(length=16), nullable=True),
        sa.Column(
            "file",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_room_messages_curator_id_curators")
        ),
        sa.ForeignKeyConstraint(
            ["reply_to"], ["room_messages.id"], name=op.f("fk_room_messages_reply_to_room_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_messages")),
        sa.UniqueConstraint("room", "key", name="uq_room_messages_key"),
    )
    with op.batch_alter_table("room_messages", schema=None) as batch_op:
        batch_op.create_index("ix_room_messages_card_state", ["room", "card_state"], unique=False)
        batch_op.create_index("ix_room_messages_change", ["room", "change"], unique=False)

    op.create_table(
        "shorts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("rendered", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_shorts_curator_id_curators")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_shorts_issue_id_issues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shorts")),
    )
    with op.batch_alter_table("shorts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shorts_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("pitched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pitched_by", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("advice", sa.String(length=120), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("run_before", sa.Integer(), nullable=True),
        sa.Column("spike_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("being_read_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_stories_issue_id_issues")),
        sa.ForeignKeyConstraint(["pitched_by"], ["curators.id"], name=op.f("fk_stories_pitched_by_curators")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("desk", "number", name="uq_stories_number"),
    )
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stories_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index("ix_stories_status", ["desk", "status", "issue_id"], unique=False)

    op.create_table(
        "cards",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("emoji", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_cards_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", "room", name=op.f("pk_cards")),
        sa.UniqueConstraint("room", "message_id", name="uq_cards_message"),
    )
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cards_undrawn",
            ["room", "story_id"],
            unique=False,
            sqlite_where=sa.text("drawn < version"),
            postgresql_where=sa.text("drawn < version"),
        )

    op.create_table(
        "fields",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_fields_curator_id_curators")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_fields_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", "name", name=op.f("pk_fields")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.Column("room", sa.String(length=80), nullable=True),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=24), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_journal_curator_id_curators")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_journal_story_id_stories")),
        sa.ForeignKeyConstraint(["undone_by"], ["journal.id"], name=op.f("fk_journal_undone_by_journal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_journal_key")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_story", ["story_id", "id"], unique=False)

    op.create_table(
        "links",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=2100), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_links_story_id_stories")),
        sa.PrimaryKeyConstraint("desk", "key", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_story_id"), ["story_id"], unique=False)

    op.create_table(
        "pitches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("pitched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_pitches_curator_id_curators")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_pitches_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitches")),
        sa.UniqueConstraint("story_id", "room", "message_id", name="uq_pitches_message"),
    )
    op.create_table(
        "placements",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=120), nullable=False),
        sa.Column("page", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_placements_issue_id_issues")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_placements_story_id_stories")),
        sa.PrimaryKeyConstraint("issue_id", "story_id", name=op.f("pk_placements")),
    )
    op.create_table(
        "room_reactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.Column("emoji", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["curators.id"], name=op.f("fk_room_reactions_curator_id_curators")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["room_messages.id"], name=op.f("fk_room_reactions_message_id_room_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_reactions")),
        sa.UniqueConstraint("message_id", "curator_id", "emoji", name="uq_room_reactions_emoji"),
    )
    op.create_table(
        "tags",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=120), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_tags_curator_id_curators")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_tags_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", "curator_id", name=op.f("pk_tags")),
    )
    op.create_table(
        "votes",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_votes_curator_id_curators")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_votes_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", "curator_id", name=op.f("pk_votes")),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("votes")
    op.drop_table("tags")
    op.drop_table("room_reactions")
    op.drop_table("placements")
    op.drop_table("pitches")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_story_id"))

    op.drop_table("links")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_story")

    op.drop_table("journal")
    op.drop_table("fields")
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cards_undrawn",
            sqlite_where=sa.text("drawn < version"),
            postgresql_where=sa.text("drawn < version"),
        )

    op.drop_table("cards")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_index("ix_stories_status")
        batch_op.drop_index(batch_op.f("ix_stories_issue_id"))

    op.drop_table("stories")
    with op.batch_alter_table("shorts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shorts_issue_id"))

    op.drop_table("shorts")
    with op.batch_alter_table("room_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_room_messages_change")
        batch_op.drop_index("ix_room_messages_card_state")

    op.drop_table("room_messages")
    op.drop_table("reactions")
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publications_issue_id"))

    op.drop_table("publications")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_curator_id"))

    op.drop_table("identities")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_waiting")

    op.drop_table("outbox")
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_issues_undated",
            sqlite_where=sa.text("date IS NULL"),
            postgresql_where=sa.text("date IS NULL"),
        )

    op.drop_table("issues")
    op.drop_table("invitations")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_unhandled")
        batch_op.drop_index("ix_inbox_message")

    op.drop_table("inbox")
    op.drop_table("executors")
    with op.batch_alter_table("errands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_errands_started_at"))

    op.drop_table("errands")
    op.drop_table("curators")
    op.drop_table("counters")
