"""A command that is forked from a process with everything loaded says and does what a fresh one does."""

import pytest

from hipcv.records import record
from tests.builders import a_measurement
from tests.command import hipcv, quick


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "kept").mkdir()
    record.write(a_measurement(), tmp_path / "kept")
    (tmp_path / "text.mp4").write_bytes(b"this is not a video\n" * 100)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["export", "kept", "-o", "a.csv"], 0),
        (["export", "kept", "-o", "-", "--format", "csv"], 0),
        (["measure", "text.mp4", "--json", "out.json"], 1),
        (["weigh", "text.mp4"], 2),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else str(value),
)
def test_a_forked_command_is_as_a_fresh_one(folder, arguments, status):
    seen = []
    for call in (hipcv, quick):
        run = call(*arguments, cwd=folder)
        seen.append((run.returncode, run.stdout, run.stderr, {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}))
        (folder / "a.csv").unlink(missing_ok=True)
    assert seen[0] == seen[1]
    assert seen[0][0] == status


@pytest.mark.slow
def test_one_command_leaves_nothing_to_the_next(folder):
    assert quick("measure", "text.mp4", cwd=folder).returncode == 1
    assert quick("--version").stdout == hipcv("--version").stdout
    assert quick("measure", "text.mp4", cwd=folder).stderr.startswith("text.mp4: ")
