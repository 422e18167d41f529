"""The desk: people, reviews and the log."""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_RANKS = {"info": 1, "warning": 2, "serious": 3}
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER log_no_{verb} BEFORE {verb} ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the log is append-only'; END $$",
        "CREATE TRIGGER log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
    ],
}


def upgrade() -> None:
    """Create the tables of the desk, and tell of every visit what the lists need."""
    op.create_table(
        "person",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("code", sa.String(80), nullable=False, index=True),
        sa.Column("birth_year", sa.Integer),
        sa.Column("painful_side", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False, index=True),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    _extend_visits()
    _create_tables_of_visits()
    _create_tables_of_people()
    op.create_table("setting", sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.JSON, nullable=False))
    op.create_table(
        "log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False, index=True),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for command in _APPEND_ONLY.get(op.get_bind().dialect.name, []):
        op.execute(command)


def _extend_visits() -> None:
    """New columns come empty, are filled from the documents, and only then are required."""
    required: dict[str, sa.types.TypeEngine[Any]] = {
        "received": sa.Boolean(),
        "taken_in_at": _MOMENT,
        "asked_code": sa.String(12),
        "fingerprint": sa.String(64),
        "clip": sa.String(300),
        "clip_sha256": sa.String(64),
        "severity": sa.Integer(),
        "outcome": sa.String(12),
    }
    with op.batch_alter_table("visit") as table:
        table.add_column(sa.Column("person_id", sa.String(32)))
        for name, kind in required.items():
            table.add_column(sa.Column(name, kind))
    visits = sa.table("visit", sa.column("id"), sa.column("measured_at"), sa.column("document", sa.JSON), *map(sa.column, required))
    connection = op.get_bind()
    for visit_id in connection.scalars(sa.select(visits.c.id)).all():  # one by one: a document is large
        row = connection.execute(sa.select(visits.c.document, visits.c.measured_at).where(visits.c.id == visit_id)).one()
        known = {**_told(row.document), "received": False, "taken_in_at": row.measured_at, "asked_code": "", "outcome": ""}
        connection.execute(sa.update(visits).where(visits.c.id == visit_id).values(**known))
    with op.batch_alter_table("visit") as table:
        for name, kind in required.items():
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_foreign_key("visit_person_id_fkey", "person", ["person_id"], ["id"], ondelete="RESTRICT")
        for name in ("person_id", "taken_in_at", "fingerprint", "clip_sha256", "outcome"):
            table.create_index(f"ix_visit_{name}", [name])


def _told(document: dict) -> dict:
    """What the lists need of a document; it does not change any more, so this is written out here."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {
        "fingerprint": hashlib.sha256(written.encode()).hexdigest(),
        "clip": str(document["clip"]["name"])[:300],
        "clip_sha256": str(document["clip"]["sha256"]),
        "severity": max((_RANKS[finding["severity"]] for finding in document["findings"]), default=0),
    }


def _number_and(owner: str) -> list[sa.Column[Any]]:
    """The columns of a row that goes with its visit or person."""
    key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)
    return [key, sa.Column(f"{owner}_id", sa.String(32), sa.ForeignKey(f"{owner}.id", ondelete="CASCADE"), nullable=False, index=True)]


def _create_tables_of_visits() -> None:
    op.create_table(
        "edit",
        *_number_and("visit"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.UniqueConstraint("visit_id", "number"),
    )
    op.create_table(
        "signature",
        *_number_and("visit"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("replaces", sa.Integer),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("reviewer", sa.String(120), nullable=False),
        sa.Column("signed_at", _MOMENT, nullable=False),
        sa.Column("comment_patient", sa.Text, nullable=False),
        sa.Column("comment_record", sa.Text, nullable=False),
        sa.Column("film_again", sa.Text, nullable=False),
        sa.Column("edits", sa.JSON, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.UniqueConstraint("visit_id", "version"),
    )
    op.create_table(
        "reading",
        *_number_and("visit"),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("quantity", sa.String(10), nullable=False),
        sa.Column("value_deg", sa.Double, nullable=False),
        sa.Column("instrument", sa.String(20), nullable=False),
        sa.Column("passive", sa.Boolean, nullable=False),
        sa.Column("reader", sa.String(120), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
    )


def _create_tables_of_people() -> None:
    op.create_table(
        "course_note",
        *_number_and("person"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "ask",
        sa.Column("code", sa.String(12), primary_key=True),
        sa.Column("person_id", sa.String(32), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("asked_at", _MOMENT, nullable=False),
    )
