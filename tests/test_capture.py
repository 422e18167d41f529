import av
import cv2
import numpy as np
import pytest

import hipcv
from hipcv import Side
from hipcv.codes import Quantity, Reason, Verdict
from hipcv.settings import Settings, Turn
from hipcv.values import Direction
from tests.conftest import SAMPLES
from tests.tiers import release
from tests.variants import rewritten, write_pictures


def pictures(name, *which):
    """Of a sample; which, as `range` takes it."""
    wanted = range(*which)
    with av.open(str(SAMPLES / f"{name}.mp4")) as clip:
        for index, frame in enumerate(clip.decode(video=0)):
            if index == wanted.stop:
                return
            if index in wanted:
                yield frame.to_ndarray(format="rgb24")


@pytest.mark.release
@pytest.mark.pose
def test_of_two_people_the_one_nearer_to_the_middle_is_measured(tmp_path):
    """Side by side: p01 moves the right leg first, p06, who sits nearer to the middle, the left one."""
    empty = np.full((960, 300, 3), 180, np.uint8)
    pairs = zip(pictures("p01_front", 0, 225, 2), pictures("p06_asym", 0, 225, 2), strict=True)
    both = (np.hstack([one, other, empty]) for one, other in pairs)
    result = hipcv.measure(write_pictures(both, tmp_path / "two.mp4", time_s=lambda index: index / 15), model="lite")
    assert "second_person" in {finding.code for finding in result.findings}
    assert result.hips[Side.RIGHT].reps == ()
    assert len(result.hips[Side.LEFT].reps) == 4


@pytest.mark.pose
@pytest.mark.release
def test_one_person_stays_one_when_the_phone_is_pushed(tmp_path, measured_sample):
    def filmed():
        for index, rgb in enumerate(pictures("p07_oneleg", 1000)):
            yield rgb if index < 200 else np.roll(rgb, -160, axis=1)

    pushed = hipcv.measure(write_pictures(filmed(), tmp_path / "pushed.mp4"), model="lite")
    assert [finding.code for finding in pushed.findings if finding.code in {"second_person", "scene_jump", "person_lost"}] == ["scene_jump"]
    assert pushed.landmarks.found.mean() > 0.95
    assert len(pushed.hips[Side.RIGHT].reps) >= len(measured_sample("p07_oneleg").hips[Side.RIGHT].reps) - 1


@pytest.mark.pose
@pytest.mark.release
def test_two_recordings_joined_are_told(tmp_path):
    joined = (rgb for name in ("p01_front", "p06_asym") for rgb in pictures(name, 120, 240))
    result = hipcv.measure(write_pictures(joined, tmp_path / "joined.mp4"), model="lite")
    (message,) = [finding.message for finding in result.findings if finding.code == "scene_jump"]
    assert "at 4.0 s" in message


@pytest.mark.pose
@pytest.mark.release
@pytest.mark.parametrize(
    ("keep", "time_s"),
    [
        pytest.param(lambda i: i % 3 != 1, lambda i: (i // 2 * 3 + (i % 2) * 2) / 30, id="every third picture dropped"),
        pytest.param(lambda i: i % 2 == 0, lambda i: i / 15, id="15 pictures a second"),
    ],
)
def test_the_clip_s_own_times_count(tmp_path, measured_sample, keep, time_s):
    whole = measured_sample("p07_oneleg").hips[Side.RIGHT]
    thinned = hipcv.measure(rewritten("p07_oneleg", tmp_path / "thin.mp4", keep=keep, time_s=time_s)).hips[Side.RIGHT]
    assert len(thinned.reps) == len(whole.reps)
    assert [rep.hold_start_s for rep in thinned.reps] == pytest.approx([rep.hold_start_s for rep in whole.reps], abs=0.15)
    assert thinned.internal_rotation_deg.value == pytest.approx(whole.internal_rotation_deg.value, abs=1.0)
    assert thinned.external_rotation_deg.value == pytest.approx(whole.external_rotation_deg.value, abs=1.0)


@pytest.fixture(scope="module")
def upright(short_clip, memory):
    return memory.measure(short_clip)


@pytest.mark.slow
@pytest.mark.pose
@pytest.mark.parametrize("turns", [1, *release(2, 3)])
def test_a_turned_recording_with_its_mark_gives_the_angles_of_the_upright_one(tmp_path, upright, turns):
    """The pictures are stored turned, and the file says so, as a phone does."""
    plain = tmp_path / "stored.mp4"
    _stored_turned(plain, turns)
    marked = tmp_path / "marked.mp4"
    with av.open(str(plain)) as source, av.open(str(marked), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(90 * turns)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    _assert_as_upright(hipcv.measure(marked), upright, turns)


@pytest.mark.slow
@pytest.mark.pose
@pytest.mark.parametrize("turns", [3, *release(1, 2)])
def test_a_turned_recording_that_does_not_say_so_is_turned_on_request(tmp_path, upright, turns):
    _stored_turned(tmp_path / "stored.mp4", turns)
    _assert_as_upright(hipcv.measure(tmp_path / "stored.mp4", settings=Settings(turn=Turn(360 - 90 * turns))), upright, turns)


def _stored_turned(path, turns):
    """The short clip, its pictures turned clockwise."""
    rewritten("p07_oneleg", path, change=lambda rgb: np.rot90(rgb, -turns), keep=lambda i: i < 100)


def _assert_as_upright(turned, upright, turns):
    assert turned.clip.rotation_deg == 90 * turns
    assert (turned.clip.width_px, turned.clip.height_px) == (960, 540)
    ours, theirs = turned.hips[Side.RIGHT].reps, upright.hips[Side.RIGHT].reps
    assert [rep.direction for rep in ours] == [rep.direction for rep in theirs]
    assert [rep.end_range_deg for rep in ours] == pytest.approx([rep.end_range_deg for rep in theirs], abs=1.0)


@pytest.mark.pose
@pytest.mark.release
def test_somebody_in_a_small_inset_is_told(tmp_path):
    """A call: p06 fills the picture, and p01 is small in a corner."""

    def call():
        for large, small in zip(pictures("p06_asym", 300), pictures("p01_front", 300), strict=True):
            both = large.copy()
            both[-330:-10, -190:-10] = cv2.resize(small, (180, 320), interpolation=cv2.INTER_AREA)
            yield both

    result = hipcv.measure(write_pictures(call(), tmp_path / "call.mp4"), model="lite")
    (finding,) = [finding for finding in result.findings if finding.code == "second_person"]
    assert finding.values["case"] == "smaller"
    assert result.hips[Side.LEFT].reps


@pytest.mark.pose
@pytest.mark.release
def test_what_a_frozen_call_hides_is_not_measured(tmp_path):
    """The picture freezes when the right leg is on its way out, and goes on when it is on its way back."""
    shown = [*range(265), *[264] * 39, *range(304, 480)]
    film = dict(zip(range(480), pictures("p06_asym", 480), strict=True))
    result = hipcv.measure(write_pictures((film[index] for index in shown), tmp_path / "frozen.mp4"), model="lite")
    (frozen,) = [finding for finding in result.findings if finding.code == "picture_frozen"]
    # The encoder sharpens a still picture for a while, which looks new.
    assert frozen.values["spans_s"] == [[pytest.approx(8.9, abs=0.3), pytest.approx(10.1, abs=0.1)]]
    (hidden, *_) = [rep for rep in result.hips[Side.RIGHT].reps if rep.direction is Direction.INTERNAL]
    assert not hidden.usable
    assert hidden.reasons == (Reason.NOT_FILMED,)


@pytest.mark.pose
@pytest.mark.release
def test_a_recording_that_is_mirrored_midway_is_turned_back(tmp_path, measured_sample):
    """The left leg moves first, and the right one after the camera was switched."""
    filmed = (rgb if index < 243 else rgb[:, ::-1] for index, rgb in enumerate(pictures("p06_asym", 480)))
    result = hipcv.measure(write_pictures(filmed, tmp_path / "mirrored.mp4"))
    (finding,) = [finding for finding in result.findings if finding.code == "mirrored_midway"]
    assert finding.values["jumps_s"] == [pytest.approx(8.1, abs=0.05)]
    whole = measured_sample("p06_asym")
    for side in Side:
        for quantity in (Quantity.INTERNAL, Quantity.EXTERNAL):
            assert result.hips[side][quantity].value == pytest.approx(whole.hips[side][quantity].value, abs=2.0)
    assert result.asymmetry.total_deg.verdict is Verdict.NONE
    nose_x = result.landmarks_as_filmed.image_px[:, 0, 0]
    assert nose_x[240] + nose_x[246] == pytest.approx(result.landmarks.width_px, abs=8)
