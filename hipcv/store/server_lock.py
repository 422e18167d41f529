"""One server looks after a store: a second one would take the jobs of the first, and clear away what it has in hand."""

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text

from hipcv.errors import StoreInUse
from hipcv.store.store import Store

_LOCK = "in-use.lock"


class ServerLock:
    """Held by the server that looks after a store, from `take` to `release`; the end of its process releases it, too."""

    def __init__(self, store: Store) -> None:
        self._file = FileLock(store.folder / _LOCK, timeout=0)
        self._engine: Engine = store.engine
        self._connection: Connection | None = None

    def take(self) -> None:
        """Keep every other server away from the folder and from its database.

        Raises
        ------
        StoreInUse
            Another one has it.
        """
        try:
            self._file.acquire()
        except Timeout:
            raise StoreInUse("store_in_use") from None
        if self._engine.dialect.name == "postgresql" and not self._database_is_free():
            self.release()
            raise StoreInUse("store_in_use")

    def release(self) -> None:
        """Let others have it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._file.release()

    def _database_is_free(self) -> bool:
        """A server elsewhere may stand on the same database with a folder of its own, where none of these clips lie."""
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.detach()  # closed for good at the end, as only that gives up the lock
        return bool(self._connection.scalar(text("SELECT pg_try_advisory_lock(hashtext('hipcv server'))")))
