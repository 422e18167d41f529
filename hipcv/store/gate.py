"""The one way to the rows: every read and write asks whether it may, and every write leaves its entry in the log, or nothing at all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hipcv.errors import NotAllowed
from hipcv.store import log
from hipcv.store.access import Access, Action, Everybody
from hipcv.store.database import one_transaction
from hipcv.store.log import LogHead


class Gate:
    """Opens sessions on the database of a store."""

    def __init__(self, engine: Engine, head: LogHead, access: Access | None = None) -> None:
        self.engine, self.head = engine, head
        self._access: Access = access or Everybody()
        self.acting: Callable[[], str] = lambda: ""
        """Names whoever is at the desk, for the log; "" where nobody is known to be."""

    def check(self, action: Action, subject: str = "") -> None:
        """Ask whether the current actor may do this to a person or visit ("" = to several).

        Raises
        ------
        NotAllowed
            They may not.
        """
        if not self._access.allows(action, subject):
            raise NotAllowed("not_allowed")

    @contextmanager
    def reading(self, action: Action = Action.SEE, subject: str = "") -> Iterator[Session]:
        """A session to read rows. Raises as `check`."""
        self.check(action, subject)
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def snapshot(self, action: Action) -> Iterator[Session]:
        """A session that reads all tables as they are at one moment, whatever is written meanwhile. Raises as `check`.

        As long as it is open, SQLite cannot clear its own log of what is deleted: read, and leave.
        """
        self.check(action)
        is_sqlite = self.engine.dialect.name == "sqlite"
        options = {"isolation_level": "AUTOCOMMIT"} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**options) as connection:
            if is_sqlite:
                connection.exec_driver_sql("BEGIN")  # its driver, left alone, begins nothing before the first write
            with Session(connection) as session:
                yield session

    @contextmanager
    def writing(self, action: Action, subject: str = "", detail: Mapping[str, Any] | None = None) -> Iterator[Session]:
        """A session that is committed at the end, together with the entry in the log; if anything fails, neither happens.

        `detail` may hold hashes, counts and ids, but nothing about a person: the log outlives them. It is read at the end, so that the
        body may fill it. Raises as `check`.
        """
        self.check(action, subject)
        actor = self.acting()
        with one_transaction(self.engine) as connection, Session(connection) as session:
            log.take_turns(connection)
            yield session
            entry = log.append(session, action, subject, detail or {}, actor)
            session.flush()
        if entry is not None:
            self.head.keep(entry)

    @contextmanager
    def passing(self, action: Action, subject: str = "") -> Iterator[Session]:
        """A session, committed at the end, for what soon passes and leaves no entry in the log, as the clips that wait. Raises as `check`."""
        self.check(action, subject)
        with Session(self.engine) as session, session.begin():
            yield session

    def note(self, action: Action, subject: str = "", detail: Mapping[str, Any] | None = None) -> None:
        """Enter something in the log that changes no row: what was seen, exported, backed up."""
        with self.writing(action, subject, detail):
            pass
