"""Folders of a run: the dataset that is passed on, and the working state from which the same command resumes."""

from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from hipcv.batch.entry import Entry
from hipcv.batch.extra_files import EXPORTS, EXTRAS, SERIES, place
from hipcv.batch.file_ops import move, remove
from hipcv.batch.messages import JSON
from hipcv.batch.study_key import key_folder
from hipcv.errors import OutputError, RunInUse

CLIPS = "clips"
RUN, README = "run.json", "README.md"
TABLES = ("measurements.csv", "reps.csv", "asymmetry.csv")
FILES = (RUN, README, "failures.csv", *TABLES, *(str(Path(name).with_suffix(".parquet")) for name in TABLES))
"""Files in a dataset folder, besides the subfolders above."""
PART = "shard-"
_STATE = ".hipcv"


@dataclass(frozen=True, slots=True)
class DatasetFolders:
    """The folders of one dataset."""

    out: Path
    state: Path
    """Working state. It holds names, paths and hashes, so for a de-identified dataset it lies outside the dataset."""

    @classmethod
    def of(cls, out: Path, *, deidentified: bool = False) -> "DatasetFolders":
        """The folders of a run that writes to `out`."""
        return cls(out, key_folder(out) / "state" if deidentified else out / _STATE)

    def below(self, name: str) -> "DatasetFolders":
        """The folders of one part of a run."""
        out = self.out / name
        return DatasetFolders(out, self.state / name if self.is_deidentified else out / _STATE)

    @property
    def is_deidentified(self) -> bool:
        """Whether the working state lies outside the dataset."""
        return not self.state.is_relative_to(self.out)

    def document(self, entry: Entry) -> Path:
        """Path of a clip's JSON."""
        return self.out / CLIPS / f"{entry.key}.json"

    def extra(self, entry: Entry, extra: str) -> Path:
        """Path of an extra file of a clip."""
        return self.out / place(entry.key, extra)

    def files(self, entry: Entry, extras: Iterable[str]) -> dict[str, Path]:
        """Paths of a clip's files by kind."""
        return {JSON: self.document(entry), **{extra: self.extra(entry, extra) for extra in extras}}

    def keep_only(self, listed: Container[str], extras: Collection[str]) -> None:
        """Set aside the files of unlisted clips and of extras not requested, and bring back those set aside that are wanted again.

        Raises
        ------
        OutputError
            If a file cannot be moved.
        """
        kept = {f"{CLIPS}/*.json": listed, **{str(place("*", extra)): listed if extra in extras else () for extra in EXTRAS}}
        for pattern, keys in kept.items():
            for path in sorted(self.out.glob(pattern)):
                if path.stem not in keys:
                    move(path, self._aside(path))
            for waiting in sorted(self._aside(self.out).glob(pattern)):
                path = self.out / waiting.relative_to(self._aside(self.out))
                if path.stem in keys and not path.exists():
                    move(waiting, path)
        for folder in _folders_of(EXTRAS) - _folders_of(extras):
            with suppress(OSError):  # it does not exist, or holds something else
                (self.out / folder).rmdir()

    def remove(self, path: Path) -> None:
        """Delete a file of a clip, and its copy set aside by `keep_only`.

        Raises
        ------
        OutputError
            If it cannot be deleted.
        """
        remove(path)
        remove(self._aside(path))

    def _aside(self, path: Path) -> Path:
        return self.state / "aside" / path.relative_to(self.out)

    @contextmanager
    def alone(self, extras: Collection[str]) -> Iterator[None]:
        """Create the folders if needed and lock them; temporary files of an interrupted run are deleted.

        Raises
        ------
        RunInUse
            If another hipcv is using them.
        OutputError
            If they cannot be created.
        """
        try:
            self._check_is_ours()
            for folder in (self.state / "records", self.out / CLIPS, *(self.out / name for name in _folders_of(extras))):
                folder.mkdir(parents=True, exist_ok=True)  # the state first: it marks the others as ours
            lock = FileLock(self.state / "lock", timeout=0)
            lock.acquire()
        except Timeout:
            raise RunInUse("folder_in_use", about=self.out) from None
        except OSError as problem:
            raise OutputError("folder_not_writable", about=self.out, reason=problem.strerror) from None
        try:
            self._clear()
            yield
        finally:
            lock.release()

    def _check_is_ours(self) -> None:
        """Refuse a folder that holds other files: a dataset has files such as README.md that could overwrite them."""
        self._check_unmixed()
        if self.state.is_dir() or not self.out.is_dir():
            return
        if any(not path.name.startswith(PART) for path in self.out.iterdir()):
            raise OutputError("folder_holds_other_files", about=self.out)

    def _check_unmixed(self) -> None:
        """Refuse names and codes in one folder: they would be passed on together."""
        whole = self.out.parent if self.out.name.startswith(PART) else self.out
        for folder in (whole, *whole.glob(f"{PART}*")):
            is_named = (folder / _STATE).is_dir()
            is_coded = not is_named and ((folder / RUN).is_file() or (folder != whole and (folder / CLIPS).is_dir()))
            if is_named if self.is_deidentified else is_coded:
                raise OutputError("folder_holds_dataset", about=folder, case="names" if is_named else "codes")

    def _clear(self) -> None:
        """Delete temporary files of a killed run (writing.py): their names are a dot plus the name of the intended file."""
        ours = [*(self.out / name for name in (CLIPS, SERIES, EXPORTS)), self.state, self.state / "records"]
        left = [path for folder in ours for path in folder.glob(".*-*")]
        left += [path for name in FILES for path in self.out.glob(f".{Path(name).stem}-*{Path(name).suffix}")]
        for path in left:
            path.unlink(missing_ok=True)


def _folders_of(extras: Iterable[str]) -> set[Path]:
    """Where in a dataset further files of clips lie."""
    return {place("", extra).parent for extra in extras}
