"""How Alembic runs here: always on a connection that storage/migrate.py gives it."""

from alembic import context

from storage.all_records import Record

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    include_schemas=False,
)
with context.begin_transaction():
    context.run_migrations()
