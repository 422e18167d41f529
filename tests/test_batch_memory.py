"""The memory of a run's parent does not grow with the number of clips, once the list is decided."""

import tracemalloc

import pytest

from hipcv.batch.messages import ClipResult, Result
from hipcv.batch.run import RunRequest, run

MOST_MORE_BYTES = 200_000
"""A clip that stayed in memory would take about 2000 bytes, 950 of them ten times as much as this."""


def peak_bytes(folder, count):
    """The most that Python held at a time, from the first clip to the end of the dataset."""
    clips = folder / "clips"
    clips.mkdir(parents=True)
    for number in range(count):
        (clips / f"{number:04d}.mp4").touch()
    before = []

    def fail_all(tasks):
        for entry, task in tasks:
            if not before:
                tracemalloc.reset_peak()
                before.append(tracemalloc.get_traced_memory()[0])
            yield entry, ClipResult(Result.FAILED, "0" * 64, "unreadable_clip", f"{task.name}: the file is empty.")

    tracemalloc.start()
    try:
        run(RunRequest(clips, folder / "out"), fail_all)
        return tracemalloc.get_traced_memory()[1] - before[0]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module", autouse=True)
def everything_is_loaded(tmp_path_factory):
    """What the first run imports is no part of what is compared."""
    peak_bytes(tmp_path_factory.mktemp("first"), 1)


@pytest.mark.slow
def test_a_thousand_clips_take_the_memory_of_fifty(tmp_path):
    """One run may meet the moment when Python's own table of path names grows by megabytes; a clip that stayed in memory would fail them all."""
    most = peak_bytes(tmp_path / "few", 50) + MOST_MORE_BYTES
    assert any(peak_bytes(tmp_path / f"many{run}", 1000) < most for run in range(3))
