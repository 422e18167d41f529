"""The lean of the phone, from the record of motion in its own file; and nothing at all from a record that cannot be believed."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.errors import UnreadableClip
from hipcv.video import gravity
from hipcv.video.orientation import Orientation
from hipcv.video.upright import upright
from tests.camm import GRAVITY_M_S2, accelerations, add_camm, at_rest, packet
from tests.media import read, write_clip

UPRIGHT = Orientation()
S, C = np.sin(np.radians(6)), np.cos(np.radians(6))


def of_packets(packets, orientation=UPRIGHT):
    motion = gravity.Motion()
    for one in packets:
        if gravity.is_plausible(len(one)):
            motion.add(one)
    return gravity.of_motion(motion, orientation)


def of_vectors(vectors, orientation=UPRIGHT):
    return of_packets(accelerations(vectors), orientation)


def leaned(roll_deg, pitch_deg=0.0, n=120):
    """The readings of a camera that stores its picture upright: its scene appears turned clockwise, and it looks down by the pitch."""
    roll, pitch = np.radians(roll_deg), np.radians(pitch_deg)
    return at_rest((np.sin(roll) * np.cos(pitch), -np.cos(roll) * np.cos(pitch), -np.sin(pitch)), n)


# ---------------------------------------------------------------------- axes and signs
@pytest.mark.parametrize(
    ("quarter_turns", "flipped", "up"),
    [
        pytest.param(0, False, (S, -C), id="as stored"),
        pytest.param(1, False, (C, S), id="quarter turn counter-clockwise"),
        pytest.param(2, False, (-S, C), id="half turn"),
        pytest.param(3, False, (-C, -S), id="quarter turn clockwise, a phone upright"),
        pytest.param(0, True, (-S, -C), id="flipped"),
        pytest.param(1, True, (-C, S), id="flipped, quarter turn counter-clockwise"),
        pytest.param(2, True, (S, C), id="flipped, half turn"),
        pytest.param(3, True, (C, -S), id="flipped, quarter turn clockwise"),
    ],
)
def test_a_scene_turned_clockwise_by_6_degrees_reads_plus_6_in_every_orientation(quarter_turns, flipped, up):
    lean = of_vectors(at_rest((*up, 0.0)), Orientation(quarter_turns, flipped))
    assert lean.roll_deg == pytest.approx(6, abs=1e-3)
    assert lean.sd_deg == 0.5


def test_the_sign_is_that_of_the_picture():
    """The picture itself is turned like the readings: a bright bar points to where up is, and both must tell the same lean."""
    for quarter_turns in range(4):
        for flipped in (False, True):
            orientation = Orientation(quarter_turns, flipped)
            x, y = {0: (S, -C), 1: (C, S), 2: (-S, C), 3: (-C, -S)}[quarter_turns]
            x = -x if flipped else x
            stored = np.zeros((401, 401, 3), np.uint8)
            along = np.arange(0, 180, 0.5)
            stored[np.round(200 + y * along).astype(int), np.round(200 + x * along).astype(int)] = 255
            rows, columns = np.nonzero(upright(stored, orientation)[..., 0])
            seen_deg = np.degrees(np.arctan2((columns - 200).sum(), (200 - rows).sum()))
            assert seen_deg == pytest.approx(6, abs=0.2)
            assert of_vectors(at_rest((x, y, 0.0)), orientation).roll_deg == pytest.approx(seen_deg, abs=0.2)


MATRICES = [
    pytest.param((1, 0, 0, 1), id="as stored"),
    pytest.param((0, -1, 1, 0), id="quarter turn counter-clockwise"),
    pytest.param((-1, 0, 0, -1), id="half turn"),
    pytest.param((0, 1, -1, 0), id="quarter turn clockwise"),
    pytest.param((-1, 0, 0, 1), id="left and right exchanged"),
    pytest.param((1, 0, 0, -1), id="top and bottom exchanged"),
    pytest.param((0, 1, 1, 0), id="exchanged along one diagonal"),
    pytest.param((0, -1, -1, 0), id="exchanged along the other"),
]


@pytest.mark.parametrize("roll_deg", [0.0, 6.0, -11.0])
@pytest.mark.parametrize("matrix", MATRICES)
def test_the_lean_is_read_from_the_file_whatever_its_display_matrix(tmp_path, matrix, roll_deg):
    a, b, c, d = matrix
    shown_up = np.sin(np.radians(roll_deg)), -np.cos(np.radians(roll_deg))
    x, y = np.linalg.solve([[a, c], [b, d]], shown_up)  # by the matrix's own definition: x' = a x + c y, y' = b x + d y
    frames, info, faults = read(add_camm(write_clip(tmp_path / "a.mp4", matrix=matrix), accelerations(at_rest((x, y, 0.1)))))
    assert info.gravity_roll_deg == pytest.approx(roll_deg, abs=0.01)
    assert info.gravity_sd_deg == 0.5
    assert (len(frames), faults.n_corrupt, faults.cut_after_s) == (36, 0, None)


@given(st.floats(-29, 29), st.floats(-58, 58), st.floats(8.4, 11.2))
def test_looking_up_or_down_does_not_change_the_roll(roll_deg, pitch_deg, length):
    lean = of_vectors(leaned(roll_deg, pitch_deg) * length / GRAVITY_M_S2)
    assert lean.roll_deg == pytest.approx(roll_deg, abs=0.01)


@given(st.floats(-29, 29), st.floats(-58, 58), st.floats(-170, 170))
def test_an_orientation_tells_the_same_as_an_accelerometer(roll_deg, pitch_deg, yaw_deg):
    """The world's axes are those of an upright camera; Rodrigues' vector is taken from the matrix of the three turns."""
    (cr, cp, cy), (sr, sp, sy) = (f(np.radians([roll_deg, pitch_deg, yaw_deg])) for f in (np.cos, np.sin))
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    pitch = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])  # x toward y: the camera clockwise, so the scene counter-clockwise
    to_world = yaw @ pitch @ roll
    angle = np.arccos(np.clip((np.trace(to_world) - 1) / 2, -1, 1))
    if angle < 0.05 or angle > 3.1:
        return
    axis = np.array([to_world[2, 1] - to_world[1, 2], to_world[0, 2] - to_world[2, 0], to_world[1, 0] - to_world[0, 1]])
    vector = angle * axis / (2 * np.sin(angle))
    lean = of_packets([packet(0, *vector)] * 40)
    assert lean.roll_deg == pytest.approx(-roll_deg, abs=0.01)


def test_the_accelerometer_is_asked_before_the_orientation():
    packets = accelerations(leaned(6)) + [packet(0, 0.0, 0.0, np.radians(-20))] * 40
    assert of_packets(packets).roll_deg == pytest.approx(6, abs=0.01)
    assert of_packets(packets[120:]).roll_deg == pytest.approx(20, abs=0.01)


def test_a_world_that_starts_as_the_camera_stood_tells_nothing():
    turning = [packet(0, 0.0, angle, 0.0) for angle in np.linspace(0, 0.5, 60)]
    assert of_packets(turning) is None


# ---------------------------------------------------------------------- hand shake, and what is refused
def test_hand_shake_averages_out():
    rng = np.random.default_rng(1)
    shaken = leaned(6, n=1000) + rng.normal(0, 1.5, (1000, 3))
    shaken[::50] *= 4  # a knock now and then
    lean = of_vectors(shaken)
    assert lean.roll_deg == pytest.approx(6, abs=1)
    assert 0.5 <= lean.sd_deg < 2.5


def test_a_slow_lean_is_spread_not_error():
    rolls = np.linspace(2, 8, 500)
    lean = of_vectors(np.concatenate([leaned(roll, n=1) for roll in rolls]))
    assert lean.roll_deg == pytest.approx(5, abs=0.1)
    assert lean.sd_deg == pytest.approx(rolls.std(), rel=0.1)


@pytest.mark.parametrize(
    "vectors",
    [
        pytest.param(leaned(6, 70), id="looking down by 70 degrees"),
        pytest.param(leaned(6, -70), id="looking up by 70 degrees"),
        pytest.param(leaned(40), id="leaned by 40 degrees"),
        pytest.param(leaned(180), id="gravity pointing down"),
        pytest.param(leaned(90), id="axes of the screen"),
        pytest.param(np.concatenate([leaned(-6), leaned(6)]), id="turned by 12 degrees on the way"),
        pytest.param(leaned(6) / GRAVITY_M_S2, id="in units of g"),
        pytest.param(leaned(6) * 1.2, id="too strong"),
        pytest.param(np.concatenate([leaned(6, n=60), np.zeros((60, 3))]), id="falling silent half way"),
        pytest.param(np.zeros((120, 3)), id="zero vectors"),
        pytest.param(np.full((120, 3), np.nan), id="not a number"),
        pytest.param(np.full((120, 3), -np.inf), id="infinite"),
        pytest.param(np.full((120, 3), 3e38), id="absurd numbers"),
        pytest.param(leaned(6, n=19), id="too few"),
        pytest.param(leaned(6, n=0), id="none"),
    ],
)
def test_what_cannot_be_believed_is_not_told(vectors):
    assert of_vectors(vectors) is None


def test_a_few_broken_readings_do_no_harm():
    vectors = leaned(6)
    vectors[::5] = np.nan
    assert of_vectors(vectors).roll_deg == pytest.approx(6, abs=0.01)


# ---------------------------------------------------------------------- broken and hostile tracks
def noise(n_bytes):
    return np.random.default_rng(n_bytes).bytes(n_bytes)


@pytest.mark.parametrize(
    "packets",
    [
        pytest.param([one[:n] for n in range(16) for one in accelerations(leaned(6, n=8))], id="truncated"),
        pytest.param([packet(8, 0.0, -9.81, 0.0), packet(65535, 0.0, -9.81, 0.0)] * 60, id="unknown types"),
        pytest.param([packet(2, 0.0, -9.81, 0.0), packet(7, 0.0, -9.81, 0.0), struct.pack("<HH3d", 0, 5, 0, 0, 0)] * 60, id="other types"),
        pytest.param([struct.pack(">HH3f", 0, 3, 0, -9.81, 0)] * 60, id="the wrong way round"),
        pytest.param([noise(16) for _ in range(60)], id="noise"),
        pytest.param([packet(3, *[0.0, -9.81, 0.0] * 20_000)] * 30, id="packets of 240 kB"),
        pytest.param([b""] * 60, id="empty packets"),
        pytest.param([], id="no packets"),
    ],
)
def test_a_track_that_makes_no_sense_costs_the_lean_and_nothing_else(tmp_path, packets):
    assert of_packets(packets) is None
    frames, info, _ = read(add_camm(write_clip(tmp_path / "a.mp4"), packets))
    assert (info.gravity_roll_deg, info.gravity_sd_deg, len(frames)) == (None, None, 36)


@pytest.mark.parametrize("size", [17, 5000, 2**31 - 1, 2**32 - 1], ids=lambda size: f"{size} bytes")
def test_absurd_sizes_in_the_index_cost_no_frame_that_any_other_track_would_not(tmp_path, size):
    """Where a sample reaches beyond the end, FFmpeg stops there, whatever the track is called."""
    seen = {}
    for entry in (b"camm", b"mebx"):
        frames, info, faults = read(add_camm(write_clip(tmp_path / "a.mp4"), accelerations(leaned(6)), sizes=[size] * 120, entry=entry))
        seen[entry] = [frame.time_s for frame in frames], faults
        assert info.gravity_roll_deg is None
    assert seen[b"camm"] == seen[b"mebx"]
    assert len(frames) >= 30


def test_a_file_cut_in_its_motion_track_still_shows_its_picture(tmp_path):
    path = add_camm(write_clip(tmp_path / "a.mp4"), accelerations(leaned(6)))
    path.write_bytes(path.read_bytes()[: -60 * 16 - 7])
    frames, info, faults = read(path)
    assert len(frames) == 36
    assert info.gravity_roll_deg == pytest.approx(6, abs=0.01)
    assert faults.cut_after_s is not None


def test_longer_packets_of_the_other_types_are_passed_over(tmp_path):
    place = struct.pack("<HHdiddfffffff", 0, 6, 1e9, 3, 48.1, 11.6, *[0.0] * 7)
    packets = [
        one for each in accelerations(leaned(-4)) for one in (each, place, packet(2, 0.0, 0.1, 0.0), struct.pack("<HHii", 0, 1, 5, 6))
    ]
    info = read(add_camm(write_clip(tmp_path / "a.mp4"), packets))[1]
    assert info.gravity_roll_deg == pytest.approx(-4, abs=0.01)


def test_readings_without_end_are_not_kept(monkeypatch):
    monkeypatch.setattr(gravity, "_MAX_READINGS", 50)
    lean = of_vectors(np.concatenate([leaned(6, n=50), leaned(-20, n=500)]))
    assert lean.roll_deg == pytest.approx(6, abs=0.01)


@pytest.mark.parametrize("entry", [b"mebx", b"gpmd", b"mett"], ids=lambda entry: entry.decode())
def test_other_tracks_of_data_are_not_taken_for_motion(tmp_path, entry):
    info = read(add_camm(write_clip(tmp_path / "a.mp4"), accelerations(leaned(6)), entry=entry))[1]
    assert info.gravity_roll_deg is None


def test_of_two_motion_tracks_neither_is_believed(tmp_path):
    path = add_camm(write_clip(tmp_path / "a.mp4"), accelerations(leaned(6)))
    data = path.read_bytes()
    start = data.rindex(b"moov") - 4
    length = int.from_bytes(data[start : start + 4], "big")
    track = data[data.rindex(b"trak") - 4 : start + length]
    moov = struct.pack(">I", length + len(track)) + data[start + 4 : start + length] + track
    path.write_bytes(data[:start] + moov + data[start + length :])
    frames, info, _ = read(path)
    assert (len(frames), info.gravity_roll_deg) == (36, None)


def test_a_motion_track_under_the_number_of_the_picture_is_left_alone(tmp_path):
    path = add_camm(write_clip(tmp_path / "a.mp4"), accelerations(leaned(6)))
    data = bytearray(path.read_bytes())
    struct.pack_into(">I", data, data.rindex(b"tkhd") + 16, 1)
    path.write_bytes(data)
    frames, info, _ = read(path)
    assert len(frames) == 36
    assert info.gravity_roll_deg in (None, pytest.approx(6, abs=0.01))


def test_a_clip_without_the_track_says_nothing(tmp_path):
    for name in ("a.mp4", "a.mkv", "a.avi", "a.ts"):
        info = read(write_clip(tmp_path / name))[1]
        assert (info.gravity_roll_deg, info.gravity_sd_deg) == (None, None)


def test_a_track_that_claims_countless_packets_is_refused_like_any_other(tmp_path):
    path = add_camm(write_clip(tmp_path / "a.mp4"), accelerations(leaned(6)))
    data = bytearray(path.read_bytes())
    struct.pack_into(">II", data, data.rindex(b"stsz") + 8, 16, 80_000_000)
    path.write_bytes(data)
    with pytest.raises(UnreadableClip, match="claims 80,000,"):
        read(path)
