"""Alembic's environment: it migrates the connection that `pipeline.adapters.warehouse` hands over, in one transaction.

There is no URL here and no alembic.ini: `bayan warehouse init` and the tests call it with a connection.
"""

from alembic import context

from pipeline.adapters.warehouse.ingest_schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can roll back DDL when the transaction is begun explicitly, which the adapter does.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
