"""A real PostgreSQL server for the tests of a run, and a fresh database, of either kind, for each of them."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock

from hipcv.store.database import sqlite_url

_OTHER_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Debian keeps the programs of the server out of PATH."""
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}
_numbers = count()


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, _OTHER_PLACES)]))


def _run(*command: str | Path) -> None:
    """As the user `postgres` where this is root, which the server refuses."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.name == "posix" and os.geteuid() == 0 else []
    subprocess.run([*user, *map(str, command)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres(of_this_run: Path) -> Iterator[str]:
    """The address of a server that all processes of this run share, without the name of a database; anybody is let in."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("the programs initdb and pg_ctl of a PostgreSQL server are not installed")
    shared = of_this_run / "postgres"
    shared.mkdir(exist_ok=True)
    lock, place, own = FileLock(shared / "lock"), shared / "place.json", shared / f"{os.getpid()}.user"
    with lock:
        if not place.exists():
            place.write_text(json.dumps(_started(initdb, pg_ctl)))
        own.touch()
    folder, port = json.loads(place.read_text())
    try:
        yield f"postgresql+psycopg://hipcv@127.0.0.1:{port}"
    finally:
        with lock:
            own.unlink()
            if not list(shared.glob("*.user")):  # whoever comes now starts another one
                place.unlink()
                _run(pg_ctl, "-D", Path(folder, "data"), "-m", "immediate", "-w", "stop")
                shutil.rmtree(folder)


def _started(initdb: str, pg_ctl: str) -> tuple[str, int]:
    """The folder and the port of a new server."""
    folder, port = tempfile.mkdtemp(prefix="hipcv-postgres-"), _free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = Path(folder, "data")
    _run(initdb, "-D", data, "-U", "hipcv", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    options = " ".join(f"-c {name}={value!r}" for name, value in {"port": str(port), **_QUICK}.items())
    _run(pg_ctl, "-D", data, "-l", Path(folder, "log"), "-o", options, "-w", "start")
    return folder, port


def fresh_database(server: str) -> str:
    """The address of a new, empty database of a server."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return f"{server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: a file, or one of a real server."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "hipcv.sqlite3")
    return fresh_database(request.getfixturevalue("postgres"))
