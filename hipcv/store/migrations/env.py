"""Script run by Alembic: the steps use the connection opened by `database.migrate`."""

from alembic import context

from hipcv.store.sql_tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
