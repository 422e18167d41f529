import json

import pytest

from hipcv.errors import UnreadableClip
from hipcv.validation.truth import clip_of, read_by, read_truth


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        pytest.param(["a.json", "a.txt", "a.webm"], "a.webm", id="not what is no video"),
        pytest.param(["a.MOV", "a.csv"], "a.MOV", id="capitals"),
        pytest.param(["a.b.mp4", "a.mkv"], "a.mkv", id="not another name that begins alike"),
        pytest.param(["a.ts", "a.avi"], "a.avi", id="the first of two"),
        pytest.param(["a.overlay.mp4"], "a.mp4", id="none"),
    ],
)
def test_the_clip_of_a_truth_is_the_video_of_that_name(tmp_path, files, chosen):
    for name in files:
        (tmp_path / name).touch()
    assert clip_of(tmp_path / "a.truth.json") == tmp_path / chosen


def test_clips_and_truths_are_not_to_be_overwritten(tmp_path):
    for name in ("a.truth.json", "a.MP4", "report.json", "report.md"):
        (tmp_path / name).touch()
    assert {path.name for path in read_by(tmp_path)} == {"a.truth.json", "a.MP4"}


GOOD_FRAMES = {"t": [0.0, 0.1], "active_leg": ["R", None], "R": {"hip_rot_deg": [1.0, 2.0]}}


def read(folder, **more):
    path = folder / "a.truth.json"
    path.write_text(json.dumps({"mirrored": False, "protocol": {}, **more}), encoding="utf-8")
    return read_truth(path)


def test_camera_and_frames_may_be_missing_or_whole(tmp_path):
    read(tmp_path)
    read(tmp_path, camera={}, frames=GOOD_FRAMES)


@pytest.mark.parametrize(
    ("more", "part"),
    [
        pytest.param({"camera": 3}, '"camera"', id="camera is a number"),
        pytest.param({"camera": {"roll_deg": "6"}}, '"roll_deg"', id="a lean in letters"),
        pytest.param({"frames": None}, '"t"', id="no frames in frames"),
        pytest.param({"frames": {**GOOD_FRAMES, "t": [0.1, 0.1]}}, '"t"', id="time stands still"),
        pytest.param({"frames": {**GOOD_FRAMES, "active_leg": ["R"]}}, '"active_leg"', id="too few legs"),
        pytest.param({"frames": {**GOOD_FRAMES, "R": {}}}, '"hip_rot_deg" of "R"', id="no angles"),
        pytest.param({"frames": {**GOOD_FRAMES, "R": {"hip_rot_deg": [1.0, None]}}}, '"hip_rot_deg" of "R"', id="an angle is missing"),
    ],
)
def test_a_camera_or_frames_that_are_none_are_told(tmp_path, more, part):
    with pytest.raises(UnreadableClip, match=r"Write it like the ones in samples/\.$") as caught:
        read(tmp_path, **more)
    assert part in str(caught.value)
