"""The rows of a store as they are at one moment, kept aside while the app goes on."""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from hipcv.errors import StoreError
from hipcv.store import backup_format
from hipcv.store.access import Action
from hipcv.store.backup_format import TABLES
from hipcv.store.database import explained, shown_address
from hipcv.store.job import ACTIVE
from hipcv.store.sql_tables import Base, JobRow, VisitRow
from hipcv.store.store import Store
from hipcv.system.spool import Spool

_ROWS_AT_ONCE = 50


class MomentRows:
    """All rows but those of jobs."""

    def __init__(self) -> None:
        self._kept = Spool()
        self._spans: dict[str, range] = {}
        self.at: Mapping[str, datetime] = {}
        """Times of all visits, by their ids."""
        self.in_work: Set[str] = set()
        """Visits whose jobs are active."""

    def count(self, kind: type[Base]) -> int:
        """How many rows a table has."""
        return len(self._spans[kind.__tablename__])

    def add(self, table: str, rows: Iterable[RowMapping]) -> None:
        """Keep the rows of a table, each behind the id of the visit that it belongs to."""
        first = len(self._kept)
        for row in rows:
            visit_id = row["id"] if table == VisitRow.__tablename__ else row.get("visit_id", "")
            self._kept.add(f"{visit_id} ".encode() + backup_format.line_of(dict(row)))
        self._spans[table] = range(first, len(self._kept))

    def lines(self, table: str, left_out: Set[str]) -> Iterator[bytes]:
        """The rows of a table as lines, without those of some visits."""
        for place in self._spans[table]:
            visit_id, _, line = self._kept[place].partition(b" ")
            if visit_id.decode() not in left_out:
                yield line


def rows_of_one_moment(store: Store) -> MomentRows:
    """The rows.

    Raises
    ------
    StoreError
        They cannot be read.
    OutputError
        They are too many to be kept aside here.
    """
    rows = MomentRows()
    try:
        with explained(store.engine), store.gate.snapshot(Action.BACKED_UP) as session:
            for table in TABLES:
                found = session.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": _ROWS_AT_ONCE})
                rows.add(table.name, found.mappings())
            rows.at = {row.id: row.measured_at for row in session.execute(select(VisitRow.id, VisitRow.measured_at))}
            rows.in_work = rows.at.keys() & _at_work(session)
    except ValueError:  # from a text that is no time or no JSON
        raise StoreError("store_damaged", about=shown_address(store.engine)) from None
    return rows


def _at_work(session: Session) -> set[str]:
    """Ids of jobs that have not ended, and of their visits; until a job names its visit, the two ids are the same."""
    active = select(JobRow.id, JobRow.visit_id).where(JobRow.state.in_([state.value for state in ACTIVE]))
    return {name for pair in session.execute(active) for name in pair if name}
