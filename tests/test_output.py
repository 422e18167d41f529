import os
from pathlib import Path

import pytest

from hipcv.errors import OutputError
from hipcv.output import replacing


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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode bits")
def test_file_can_be_read_by_whoever_the_umask_lets(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        with replacing(tmp_path / "result.csv") as unfinished:
            unfinished.write_text("whole")
    finally:
        os.umask(mask)
    assert (tmp_path / "result.csv").stat().st_mode & 0o777 == 0o644
