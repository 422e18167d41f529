"""A backup that is read: checked from end to end before anything of it is used."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from sqlalchemy import Table

from hipcv.errors import BackupError
from hipcv.records import record
from hipcv.records.sealed_file import seal
from hipcv.store import backup_format
from hipcv.store.backup_format import MANIFEST, SCHEMA, TABLES
from hipcv.store.database import newest_revision
from hipcv.store.sql_tables import LogRow, PersonRow, VisitRow

OnProgress = Callable[[int, int], None]
_ANY_SCHEMA = re.compile(r"hipcv-backup/[0-9]{1,4}")
_VERSION = re.compile(r"[\w.+-]{1,40}", re.ASCII)
_MOST_PARTS = 5_000_000
_MOST_MANIFEST_BYTES = 1_000_000_000
"""A part takes some 200."""
_MOST_LINE_BYTES = 100_000_000
_CHUNK = 1 << 20


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turns whatever reading a damaged or malicious backup raises into a `BackupError`."""
    try:
        yield
    except BackupError as problem:
        raise BackupError.of(problem, about=file) from None
    except OSError as problem:
        raise BackupError("backup_unreadable", about=file, reason=problem.strerror or str(problem)) from None
    except (*record.UNREADABLE, ArithmeticError, AttributeError, LookupError, TypeError):
        raise BackupError("backup_damaged", about=file) from None


class Backup:
    """A backup that is whole; `with` closes its file.

    Parameters
    ----------
    on_progress : called with the number of parts that were checked or extracted, and with twice the number of parts

    Raises
    ------
    BackupError
        It is no backup, damaged, altered, or of another version.
    """

    def __init__(self, file: Path, on_progress: OnProgress = lambda _done, _total: None) -> None:
        self.file, self._on_progress, self._done = file, on_progress, 0
        with explained(file):
            self._packed = _opened(file)
            try:
                self.manifest = _manifest(self._packed)
                self.files = _files(self.manifest)
                for name in self.manifest["parts"]:
                    self._check(name)
                self.counts = self._counted()
            except BaseException:
                self._packed.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._packed.close()

    @property
    def n_visits(self) -> int:
        """How many visits it holds."""
        return self.counts[VisitRow.__tablename__]

    @property
    def n_people(self) -> int:
        """How many people it holds."""
        return self.counts[PersonRow.__tablename__]

    @property
    def n_entries(self) -> int:
        """How many entries its log has."""
        return self.counts[LogRow.__tablename__]

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.manifest["made_at"])

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """The rows of a table."""
        with explained(self.file), self._packed.open(backup_format.rows_name(table)) as part:
            while line := part.readline(_MOST_LINE_BYTES):
                yield backup_format.row_of(table, line)

    def extract(self, visit_id: str, folder: Path) -> None:
        """Write the files of a visit into an empty folder; raises `OSError` if they cannot be written there."""
        for name in self.files[visit_id]:
            with (folder / name).open("xb") as target:
                self._check(backup_format.file_name(visit_id, name), target)

    def _check(self, name: str, target: BinaryIO | None = None) -> None:
        """Read a part to its end and compare it with the manifest; `target` gets what was read."""
        n_bytes, sha256 = 0, hashlib.sha256()
        for chunk in self._chunks(name):
            n_bytes += len(chunk)
            sha256.update(chunk)
            if target is not None:
                target.write(chunk)
        if self.manifest["parts"][name] != {"n_bytes": n_bytes, "sha256": sha256.hexdigest()}:
            raise BackupError("backup_damaged", about=self.file)
        self._done += 1
        self._on_progress(self._done, 2 * len(self.manifest["parts"]))

    def _chunks(self, name: str) -> Iterator[bytes]:
        with explained(self.file), self._packed.open(name) as part:
            while chunk := part.read(_CHUNK):
                yield chunk

    def _counted(self) -> Mapping[str, int]:
        """Number of rows of each table; every row is read, and the visits must be those that have files."""
        counts = {table.name: sum(1 for _ in self.rows(table)) for table in TABLES}
        visits = [row["id"] for row in self.rows(VisitRow.__table__)]  # type: ignore[arg-type]  # (it is a table)
        if sorted(visits) != sorted(self.files) or any(record.DOCUMENT not in names for names in self.files.values()):
            raise ValueError("rows and files differ")
        return counts


def _opened(file: Path) -> zipfile.ZipFile:
    """The zip file. As hipcv compresses no part, all together take no more than the file itself: none can unfold."""
    if not file.is_file():
        raise BackupError("backup_no_such_file")
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError):
        raise BackupError("backup_none") from None
    try:
        record.check_parts(packed, file.stat().st_size)
        if len(packed.infolist()) > _MOST_PARTS:
            raise ValueError("too many parts")
    except BaseException:
        packed.close()
        raise
    return packed


def _manifest(packed: zipfile.ZipFile) -> dict[str, Any]:
    names = packed.namelist()
    if MANIFEST not in names:
        raise BackupError("backup_none")
    if packed.getinfo(MANIFEST).file_size > _MOST_MANIFEST_BYTES:
        raise ValueError("too large")
    manifest = record.parsed(packed.read(MANIFEST))
    if not isinstance(manifest, dict) or not _ANY_SCHEMA.fullmatch(str(manifest.get("schema", ""))):
        raise BackupError("backup_none")
    version = manifest["hipcv"]
    if not _VERSION.fullmatch(version):
        raise ValueError("no version")
    if manifest["schema"] != SCHEMA:
        raise BackupError("backup_other_version", version=version)
    if manifest["sha256"] != seal(manifest):
        raise ValueError("altered")
    if manifest["revision"] != newest_revision():
        raise BackupError("backup_other_version", version=version)
    if sorted(names) != sorted([MANIFEST, *manifest["parts"]]):  # a name that stands there twice is not in the manifest twice
        raise ValueError("other parts")
    _check_facts(manifest)
    return manifest


def _check_facts(manifest: Mapping[str, Any]) -> None:
    """Raise `ValueError` or `TypeError` unless the manifest tells what a restore enters in the log."""
    head = manifest["log_head"]
    if datetime.fromisoformat(manifest["made_at"]).tzinfo is None or not all(isinstance(one, str) for one in manifest["left_out"]):
        raise ValueError("no time, or no ids")
    if head is not None and [type(one) for one in head] != [int, str]:
        raise ValueError("no head")


def _files(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Names of the files of each visit; every part must be one of these, or the rows of a table."""
    files: dict[str, list[str]] = {}
    tables = {backup_format.rows_name(table) for table in TABLES}
    for part in manifest["parts"].keys() - tables:
        found = backup_format.visit_and_file(part)
        if found is None:
            raise ValueError("a part of another name")
        files.setdefault(found[0], []).append(found[1])
    if not manifest["parts"].keys() >= tables:
        raise ValueError("a table is missing")
    return files
