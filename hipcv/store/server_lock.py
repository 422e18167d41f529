"""Only one server may use a store: a second one would take over the first one's jobs and delete files it is working on."""

from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text

from hipcv.errors import StoreInUse
from hipcv.store.store import Store

LOCK = "in-use.lock"


class ServerLock:
    """Lock held by the server that uses a store, from `take` to `release`; it is also released when the process ends."""

    def __init__(self, store: Store) -> None:
        self._file = FileLock(store.folder / LOCK, timeout=0)
        self._engine: Engine = store.engine
        self._connection: Connection | None = None

    def take(self) -> None:
        """Lock the folder and its database against every other server.

        Raises
        ------
        StoreInUse
            Another server has the lock.
        """
        try:
            self._file.acquire()
        except Timeout:
            raise StoreInUse("store_in_use") from None
        if self._engine.dialect.name == "postgresql" and not self._database_is_free():
            self.release()
            raise StoreInUse("store_in_use")

    def release(self) -> None:
        """Release the lock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._file.release()

    def remove_file(self) -> None:
        """Remove what the released lock has left in the folder, unless another server has taken it meanwhile."""
        with suppress(Timeout, OSError), self._file:
            Path(self._file.lock_file).unlink()

    def _database_is_free(self) -> bool:
        """Take the database lock: a server elsewhere may use the same database with its own folder, which lacks these clips."""
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.detach()  # closed for good at the end, the only way to give up the lock
        return bool(self._connection.scalar(text("SELECT pg_try_advisory_lock(hashtext('hipcv server'))")))
