import os
from pathlib import Path

import pytest

from hipcv.errors import OutputError
from hipcv.system.writing import check_room, replacing

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such links, pipes and mode bits")


def test_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "result.mp4"
    with replacing(target) as unfinished:
        assert (unfinished.parent, unfinished.suffix) == (tmp_path, ".mp4")
        unfinished.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt])
def test_older_file_survives_a_failure(tmp_path: Path, trouble: type[BaseException]) -> None:
    target = tmp_path / "result.png"
    target.write_bytes(b"older")

    def break_off() -> None:
        with replacing(target) as unfinished:
            unfinished.write_bytes(b"half")
            raise trouble

    with pytest.raises(trouble):
        break_off()
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"result\.csv"), replacing(tmp_path / "nowhere" / "result.csv"):
        pass


def test_full_disk_is_told_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No space left"), replacing(tmp_path / "result.csv"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    kept = tmp_path / "elsewhere" / "kept"
    kept.write_text("older")
    link = tmp_path / "result.mp4"
    link.symlink_to(Path("elsewhere", "kept"))
    with replacing(link) as unfinished:
        assert (unfinished.parent, unfinished.suffix) == (kept.parent.resolve(), ".mp4")
        unfinished.write_text("new")
    assert link.is_symlink()
    assert kept.read_text() == "new"
    assert list(kept.parent.iterdir()) == [kept]


@POSIX
@pytest.mark.parametrize("linked", [False, True], ids=["itself", "through a link"])
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_ordinary_file_is_left_alone(tmp_path: Path, kind: str, linked: bool) -> None:
    thing = Path(os.devnull) if kind == "device" else tmp_path / "result.json"
    if kind == "pipe":
        os.mkfifo(thing)
    if kind == "folder":
        thing.mkdir()
    target = tmp_path / "link.json" if linked else thing
    if linked:
        target.symlink_to(thing)
    before = (thing.stat().st_mode, sorted(tmp_path.iterdir()))
    with pytest.raises(OutputError, match=r"a folder|not an ordinary file"), replacing(target):
        pass
    assert (thing.stat().st_mode, sorted(tmp_path.iterdir())) == before


@POSIX
def test_file_can_be_read_by_whoever_the_umask_lets(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        with replacing(tmp_path / "result.csv") as unfinished:
            unfinished.write_text("whole")
    finally:
        os.umask(mask)
    assert (tmp_path / "result.csv").stat().st_mode & 0o777 == 0o644


def test_trying_whether_there_is_room_leaves_nothing(tmp_path: Path) -> None:
    check_room(tmp_path / "result.csv")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match=r"result\.csv: it cannot be written"):
        check_room(tmp_path / "nowhere" / "result.csv")
