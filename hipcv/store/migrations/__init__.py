"""Steps that convert a store of an earlier version to this version (Alembic)."""
