"""Formats of the field: read back by their own readers, with the numbers of the measurement, its gaps and its true times."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest

from hipcv.errors import ExportError, InstallationError, OutputError
from hipcv.kinematics.mirror_average import flipped_series
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.records import export, netcdf, opensim, record, sealed_file
from hipcv.records.document import series_columns, to_csv
from hipcv.records.export import Format
from hipcv.records.tidy_csv import to_tidy_csv
from hipcv.values import LandmarkSeries
from tests.builders import a_clip, a_measurement, a_series, in_mirror
from tests.command import hipcv, quick
from tests.conftest import ROOT, SAMPLES
from tests.oracles import read_by_movement, read_by_opensim

SAMPLE = "p07_oneleg"
NAN = float("nan")
MOTION = """
import opensim
opensim.Logger.setLevelString("off")
table, storage = opensim.TimeSeriesTable(arguments[0]), opensim.Storage(arguments[0])
n_rows, n_columns = table.getNumRows(), table.getNumColumns()
rows = [table.getRowAtIndex(i) for i in range(n_rows)]
states = [storage.getStateVector(i) for i in range(storage.getSize())]
out = {
    "labels": list(table.getColumnLabels()),
    "time": list(table.getIndependentColumn()),
    "rows": [[row[k] for k in range(n_columns)] for row in rows],
    "degrees": storage.isInDegrees(),
    "storage_time": [state.getTime() for state in states],
    "storage": [[state.getData().get(k) for k in range(n_columns)] for state in states],
}
"""
MARKERS = """
import opensim
opensim.Logger.setLevelString("off")
table = opensim.TimeSeriesTableVec3(arguments[0])
flat = table.flatten()
rows = [flat.getRowAtIndex(i) for i in range(flat.getNumRows())]
old = opensim.MarkerData(arguments[0])
out = {
    "labels": list(table.getColumnLabels()),
    "time": list(table.getIndependentColumn()),
    "rows": [[row[k] for k in range(flat.getNumColumns())] for row in rows],
    "units": [table.getTableMetaDataString("Units"), old.getUnits().getLabel()],
    "rate": old.getDataRate(),
    "size": [old.getNumFrames(), old.getNumMarkers()],
}
"""
POSES = """
import xarray
from movement.filtering import filter_by_confidence
from movement.kinematics import compute_speed
from movement.validators.datasets import ValidPosesInputs
poses = xarray.load_dataset(arguments[0])
ValidPosesInputs.validate(poses)
made = ValidPosesInputs(
    position_array=poses.position.values, confidence_array=poses.confidence.values, fps=poses.attrs.get("fps"),
    keypoint_names=poses.keypoints.values.tolist(), individual_names=poses.individuals.values.tolist(), source_software="hipcv",
).to_dataset()
knee = dict(keypoints="right_knee", individuals="person")
out = {
    "dims": [poses.position.dims == made.position.dims, poses.confidence.dims == made.confidence.dims],
    "coords": all(made[name].equals(poses[name]) for name in ("space", "keypoints", "individuals")),
    "attrs": {name: poses.attrs.get(name) for name in ("ds_type", "source_software", "time_unit", "fps")},
    "made": made.attrs,
    "time": poses.time.values.tolist(),
    "knee": poses.position.sel(knee).values.tolist(),
    "speed": compute_speed(poses.position).sel(knee).values.tolist(),
    "hidden": int(filter_by_confidence(poses.position, poses.confidence, threshold=0.6).isnull().sum()),
}
"""


# ---------------------------------------------------------------- measurements of our own making
def with_angles(right_deg, left_deg, time_s=None):
    """A measurement of which both angles are chosen."""
    n = len(right_deg)
    time_s = np.arange(n) / 30 if time_s is None else np.asarray(time_s)
    series = LandmarkSeries(time_s, np.full((n, 33, 2), 5.0), np.full((n, 33, 3), 0.5), np.ones((n, 33)), 540, 960)
    angles = {Side.RIGHT: right_deg, Side.LEFT: left_deg}
    rotation = {side: a_series(side, time_s, np.array(angle_deg, float)) for side, angle_deg in angles.items()}
    body = replace(a_measurement().body, **dict.fromkeys(("pelvis_tilt_deg", "trunk_lean_deg", "shoulder_tilt_deg"), np.zeros(n)))
    return a_measurement(landmarks=series, rotation=rotation, body=replace(body, time_s=time_s))


def seated_in_space():
    """One picture of a person whose points lie where a seated person's do: m, x to the right of the picture, y down, z away."""
    world_m = np.zeros((1, 33, 3))
    for side in Side:
        outward = side.lateral_x  # the person's left is on the right of the picture
        world_m[0, of_side("hip", side)] = [0.1 * outward, 0.0, 0.0]
        world_m[0, of_side("knee", side)] = [0.1 * outward, 0.05, -0.4]
        world_m[0, of_side("ankle", side)] = [0.1 * outward, 0.45, -0.4]
    return LandmarkSeries(np.zeros(1), np.zeros((1, 33, 2)), world_m, np.ones((1, 33)), 540, 960)


def table_of(mot):
    """Labels and numbers of a motion, read as its format says: what follows `endheader`."""
    header, _, table = mot.partition("endheader\n")
    labels, *rows = (line.split("\t") for line in table.splitlines())
    return header, labels, np.array(rows, float)


# ---------------------------------------------------------------- OpenSim motion
def test_a_motion_holds_time_and_both_hips_internal_rotation_positive():
    header, labels, rows = table_of(opensim.to_mot(with_angles([0, 30, -40.5], [1, 2, 47])))
    assert labels == ["time", "hip_rotation_r", "hip_rotation_l"]
    np.testing.assert_allclose(rows, [[0, 0, 1], [0.0333, 30, 2], [0.0667, -40.5, 47]])  # nothing is clamped to the ±40° of a model
    assert header.splitlines()[:5] == ["clip.mp4", "version=1", "nRows=3", "nColumns=3", "inDegrees=yes"]


def test_a_picture_in_which_a_hip_was_not_seen_has_no_row_and_the_others_keep_their_times():
    header, _, rows = table_of(opensim.to_mot(with_angles([0, NAN, 2, 3, 4], [5, 6, 7, NAN, 9])))
    np.testing.assert_allclose(rows, [[0, 0, 5], [0.0667, 2, 7], [0.1333, 4, 9]])
    assert "nRows=3\n" in header
    assert "left out: 2 of 5." in header
    assert "nan" not in opensim.to_mot(with_angles([0, NAN], [5, 6])).lower()


def test_a_hip_that_was_never_seen_has_no_column():
    header, labels, rows = table_of(opensim.to_mot(with_angles([0, NAN, 2], [NAN, NAN, NAN])))
    assert labels == ["time", "hip_rotation_r"]
    np.testing.assert_allclose(rows, [[0, 0], [0.0667, 2]])
    assert "nColumns=2\n" in header


@pytest.mark.parametrize("right_deg", [[NAN, 2], [NAN, NAN]], ids=["never together", "never"])
def test_hips_that_were_never_seen_together_are_told(right_deg):
    with pytest.raises(ExportError, match=r"clip\.mp4: no picture shows the angle of both hips.* Write \.csv"):
        opensim.to_mot(with_angles(right_deg, [1 if np.isfinite(right_deg).any() else NAN, NAN]))


def test_a_name_that_would_break_the_header_does_not():
    measurement = replace(with_angles([0], [0]), clip=a_clip(name="a b\nnRows=9\nendheader\nü.mp4"))
    assert opensim.to_mot(measurement).startswith("a_b_nRows_9_endheader_.mp4\nversion=1\n")


def turned(axis, angle_deg):
    """The rotation about an axis of OpenSim (x front, y up, z right), as a matrix."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(np.radians(angle_deg)) * cross + (1 - np.cos(np.radians(angle_deg))) * cross @ cross


@pytest.mark.parametrize(("side", "column", "about_y"), [(Side.RIGHT, 1, +1), (Side.LEFT, 2, -1)])
def test_in_a_seated_model_of_opensim_the_foot_swings_outward_where_the_motion_is_positive(side, column, about_y):
    """That is what hipcv calls internal. By hand, with the joints of Rajagopal2015: flexion about +z, then rotation about +y or -y."""
    _, _, rows = table_of(opensim.to_mot(with_angles([30], [30])))
    shank = turned([0, 0, 1], -90) @ [0, -1, 0]  # in the thigh, the knee bent
    foot = turned([0, 0, 1], 90) @ turned([0, about_y, 0], rows[0, column]) @ shank
    outward_z = 1 if side is Side.RIGHT else -1
    np.testing.assert_allclose(foot, [0, -np.cos(np.radians(30)), outward_z * np.sin(np.radians(30))], atol=1e-12)


@pytest.mark.parametrize(
    "measurement",
    [
        pytest.param(with_angles([0, NAN, 2, 3], [5, 6, 7, NAN], [0, 0.033, 0.1, 0.11]), id="gaps, varying rate"),
        pytest.param(with_angles([0, 1, 2], [NAN, NAN, NAN]), id="one leg"),
    ],
)
def test_opensim_reads_the_motion(measurement, tmp_path):
    export.write(measurement, tmp_path / "a.mot", Format.MOT)
    read = read_by_opensim(MOTION, tmp_path / "a.mot", cwd=tmp_path)
    _, labels, rows = table_of(opensim.to_mot(measurement))
    assert ["time", *read["labels"]] == labels
    assert read["degrees"]
    assert read["rows"] == read["storage"] == rows[:, 1:].tolist()
    assert read["time"] == read["storage_time"] == rows[:, 0].tolist()


def test_opensim_takes_nan_in_a_motion_for_the_end_of_it(tmp_path):
    """Why there is none in ours; once this fails, rows with gaps may be written."""
    (tmp_path / "a.mot").write_text(opensim.to_mot(with_angles([0, 1, 2, 3], [4, 5, 6, 7])).replace("\t1.0000\t", "\tnan\t"))
    read = read_by_opensim(MOTION, tmp_path / "a.mot", cwd=tmp_path)
    assert len(read["rows"]) == 4
    assert len(read["storage"]) < 4


# ---------------------------------------------------------------- OpenSim markers
def test_markers_lie_to_the_front_above_and_to_the_right_of_the_person():
    markers_mm = opensim.markers_mm(seated_in_space(), 0.5)[0]
    at = {Landmark(point).name: markers_mm[index] for index, point in enumerate(opensim.MARKERS)}
    np.testing.assert_allclose(at["RIGHT_HIP"], [0, 0, 100], atol=1e-9)
    np.testing.assert_allclose(at["LEFT_HIP"], [0, 0, -100], atol=1e-9)
    np.testing.assert_allclose(at["RIGHT_KNEE"], [400, -50, 100])
    np.testing.assert_allclose(at["RIGHT_ANKLE"], [400, -450, 100])


def test_the_axes_of_the_markers_are_right_handed():
    """A mirrored person would have left and right exchanged."""
    series = seated_in_space()
    corner = replace(series, world_m=np.broadcast_to(np.eye(3).repeat(11, axis=0), (1, 33, 3)))
    x, y, z = (
        opensim.markers_mm(corner, 0.5)[0, opensim.MARKERS.index(point)] / 1000 for point in (0, Landmark.LEFT_ELBOW, Landmark.LEFT_HIP)
    )
    np.testing.assert_allclose(np.cross(x, y), z)


def test_what_was_hardly_visible_or_not_found_is_no_marker():
    series = seated_in_space()
    visibility = series.visibility.copy()
    visibility[0, Landmark.LEFT_KNEE] = 0.4
    markers_mm = opensim.markers_mm(replace(series, visibility=visibility), 0.5)
    assert np.isnan(markers_mm[0, opensim.MARKERS.index(Landmark.LEFT_KNEE)]).all()
    assert np.isfinite(markers_mm).sum() == 3 * (len(opensim.MARKERS) - 1)
    assert opensim.to_trc(a_measurement()).splitlines()[7].split("\t")[2:] == ["nan"] * 3 * len(opensim.MARKERS)


def test_the_header_of_the_markers_counts_what_follows():
    lines = opensim.to_trc(with_angles([0, 1, 2, 3], [0, 0, 0, 0], [0, 1 / 15, 2 / 15, 0.3])).splitlines()
    numbers = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    assert numbers["NumFrames"] == numbers["OrigNumFrames"] == "4" == str(len(lines[6:]))
    assert (numbers["NumMarkers"], numbers["Units"]) == (str(len(opensim.MARKERS)), "mm")
    assert (numbers["DataRate"], numbers["CameraRate"]) == ("15.00", "30.00")  # every second picture of the clip was measured
    assert {len(line.split("\t")) for line in lines[3:5] + lines[6:]} >= {2 + 3 * len(opensim.MARKERS)}
    assert [line.split("\t")[:2] for line in lines[6:]] == [["1", "0.0000"], ["2", "0.0667"], ["3", "0.1333"], ["4", "0.3000"]]


def test_a_single_picture_has_the_rate_of_the_clip():
    assert "\n30.00\t30.00\t1\t17\tmm\t" in opensim.to_trc(with_angles([0], [0]))


def test_opensim_reads_the_markers(tmp_path):
    measurement = a_measurement()  # nobody was found in its second picture
    export.write(measurement, tmp_path / "a.trc", Format.TRC)
    read = read_by_opensim(MARKERS, tmp_path / "a.trc", cwd=tmp_path)
    expected = opensim.markers_mm(measurement.landmarks, 0.5).reshape(4, -1)
    assert read["labels"] == [Landmark(point).name.lower() for point in opensim.MARKERS]
    np.testing.assert_allclose(read["rows"], expected, atol=5e-5)
    assert np.isnan(read["rows"][1]).all()
    np.testing.assert_allclose(read["time"], measurement.landmarks.time_s, atol=5e-5)
    assert (read["units"], read["rate"], read["size"]) == (["mm", "millimeters"], 30.0, [4, 17])


# ---------------------------------------------------------------- netCDF for movement
def test_the_dataset_has_the_layout_of_movement():
    measurement = a_measurement()
    poses = netcdf.to_dataset(measurement)
    series = measurement.landmarks
    assert poses.position.dims == ("time", "space", "keypoints", "individuals")
    assert poses.confidence.dims == ("time", "keypoints", "individuals")
    assert (poses.attrs["ds_type"], poses.attrs["time_unit"], poses.attrs["fps"]) == ("poses", "seconds", 30.0)
    knee = poses.sel(keypoints="right_knee", individuals="person")
    clip_px = series.image_px[:, Landmark.RIGHT_KNEE] * 2  # the clip is 1080 x 1920, the network saw 540 x 960
    np.testing.assert_array_equal(knee.position.transpose("time", "space"), clip_px)
    np.testing.assert_array_equal(knee.world_position.transpose("time", "world_space"), series.world_m[:, Landmark.RIGHT_KNEE])
    np.testing.assert_array_equal(knee.confidence, series.visibility[:, Landmark.RIGHT_KNEE])
    assert np.isnan(poses.position[1]).all()


def test_a_clip_of_varying_rate_keeps_its_times_and_names_no_rate(tmp_path):
    import xarray

    time_s = [0, 0.031, 0.066, 0.2, 0.233]
    export.write(with_angles([0] * 5, [0] * 5, time_s), tmp_path / "a.nc", Format.NC)
    poses = xarray.load_dataset(tmp_path / "a.nc")
    assert poses.time.values.tolist() == time_s
    assert "fps" not in poses.attrs


@pytest.mark.parametrize(
    ("time_s", "rate_hz"),
    [
        pytest.param(np.arange(1000) / 29.97, 29.97, id="29.97"),
        pytest.param(np.round(np.arange(1000) / 30, 3), 30.0, id="stamps in ms"),
        pytest.param([0.0], None, id="one picture"),
        pytest.param([0, 1 / 30, 3 / 30, 4 / 30], None, id="one missing"),
    ],
)
def test_a_rate_is_named_only_where_it_counts_the_pictures(time_s, rate_hz):
    found = netcdf.steady_rate_hz(np.asarray(time_s))
    assert found == (None if rate_hz is None else pytest.approx(rate_hz, abs=2e-3))


def test_a_mirrored_clip_has_its_points_in_the_unmirrored_picture():
    """The world of the mirrored person, flipped back, is that of the person; nothing is left of the mirror but its name."""
    plain = seated_in_space()
    back = flipped_series(in_mirror(plain))
    np.testing.assert_array_equal(opensim.markers_mm(back, 0.5), opensim.markers_mm(plain, 0.5))
    assert netcdf.to_dataset(a_measurement(mirrored=True)).attrs["picture_was_mirrored"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("time_s", "fps"), [pytest.param(None, 30.0, id="steady"), pytest.param([0, 0.03, 0.2, 0.21], None, id="varying rate")]
)
def test_movement_reads_the_poses(time_s, fps, tmp_path):
    measurement = with_angles([0] * 4, [0] * 4, time_s)
    moving_px = measurement.landmarks.image_px.copy()
    moving_px[:, Landmark.RIGHT_KNEE, 0] += 30 * measurement.landmarks.time_s
    visibility = measurement.landmarks.visibility.copy()
    visibility[2, Landmark.NOSE] = 0.5
    measurement = replace(measurement, landmarks=replace(measurement.landmarks, image_px=moving_px, visibility=visibility))
    export.write(measurement, tmp_path / "a.nc", Format.NC)
    read = read_by_movement(POSES, tmp_path / "a.nc", cwd=tmp_path)
    assert read["dims"] == [True, True]
    assert read["coords"]
    assert read["attrs"] == {"ds_type": "poses", "source_software": "hipcv", "time_unit": "seconds", "fps": fps}
    assert {name: read["attrs"][name] for name in read["made"] if name != "time_unit"} == {
        name: value for name, value in read["made"].items() if name != "time_unit"
    }
    assert read["time"] == measurement.landmarks.time_s.tolist()
    np.testing.assert_allclose(read["knee"], moving_px[:, Landmark.RIGHT_KNEE] * 2)
    np.testing.assert_allclose(read["speed"], 60.0)  # px of the clip a second, by the true times
    assert read["hidden"] == 2  # x and y of the nose


# ---------------------------------------------------------------- long table
def test_the_long_table_holds_every_cell_of_the_wide_one():
    measurement = a_measurement()
    wide = list(csv.DictReader(io.StringIO(to_csv(measurement))))
    rows = list(csv.DictReader(io.StringIO(to_tidy_csv(measurement))))
    assert list(rows[0]) == ["time_s", "side", "quantity", "value", "unit"]
    columns = [f"{row['side']}_{row['quantity']}_{row['unit']}".removeprefix("body_") for row in rows]
    again = [(row["time_s"], column, row["value"]) for row, column in zip(rows, columns, strict=True)]
    names = [name for name in series_columns(measurement) if name != "time_s"]
    assert again == [(line["time_s"], name, line[name]) for name in names for line in wide]
    assert {row["unit"] for row in rows} == {"deg", "percent"}
    assert ("0.0333", "") in {(row["time_s"], row["value"]) for row in rows}  # nobody was found in that picture


def test_pandas_reads_the_long_table():
    import pandas

    table = pandas.read_csv(io.StringIO(to_tidy_csv(a_measurement())))
    right = table.query("side == 'right' and quantity == 'internal_rotation'")
    np.testing.assert_array_equal(right.value, [0, NAN, 30, -40])
    assert set(table.side) == {"right", "left", "body"}


# ---------------------------------------------------------------- the real sample
@pytest.mark.pose
@pytest.mark.parametrize("wanted", Format, ids=lambda wanted: wanted.value)
def test_the_sample_is_written_with_the_numbers_of_its_table(wanted, measured_sample, tmp_path):
    measurement = measured_sample(SAMPLE)
    wide = list(csv.DictReader(io.StringIO(to_csv(measurement))))
    export.write(measurement, tmp_path / "a", wanted)
    if wanted is Format.MOT:
        _, _, rows = table_of((tmp_path / "a").read_text(encoding="utf-8"))
        names = ("time_s", "right_internal_rotation_deg", "left_internal_rotation_deg")
        assert rows.tolist() == [[float(row[name]) for name in names] for row in wide]
        assert rows[:, 1].max() > 30  # the right leg is the one that moves in this clip
        assert np.abs(rows[:, 2]).max() < 5
    elif wanted is Format.TRC:
        lines = (tmp_path / "a").read_text(encoding="utf-8").splitlines()
        assert [line.split("\t")[1] for line in lines[6:]] == [row["time_s"] for row in wide]
        knee = 2 + 3 * opensim.MARKERS.index(Landmark.RIGHT_KNEE)
        x, y, z = np.array([line.split("\t")[knee : knee + 3] for line in lines[6:]], float).mean(axis=0)
        assert x > 200  # a seated person's knee is to the front, lower than the hips, on its side
        assert y < 0
        assert z > 50
    elif wanted is Format.NC:
        import xarray

        poses = xarray.load_dataset(tmp_path / "a")
        np.testing.assert_array_equal(poses.time, measurement.landmarks.time_s)
        np.testing.assert_allclose(
            poses.position[..., 0].transpose("time", "keypoints", "space"), measurement.landmarks.image_px, rtol=1e-12
        )
    else:
        values = [row["value"] for row in csv.DictReader(io.StringIO((tmp_path / "a").read_text(encoding="utf-8")))]
        assert values[: len(wide)] == [row["right_internal_rotation_deg"] for row in wide]


# ---------------------------------------------------------------- the command


@pytest.fixture
def kept(tmp_path):
    """A record and the same as a file, in a folder of their own."""
    (tmp_path / "kept").mkdir()
    record.write(a_measurement(), tmp_path / "kept")
    sealed_file.pack(tmp_path / "kept", tmp_path / "visit.hipcv", {})
    return tmp_path


@pytest.mark.parametrize("source", ["kept", "visit.hipcv"])
@pytest.mark.parametrize("wanted", ["mot", "trc", "csv"])
def test_a_kept_measurement_is_exported_without_measuring(source, wanted, kept):
    run = quick("export", source, "-o", f"a.{wanted}", cwd=kept)
    assert (run.returncode, run.stderr) == (0, "")
    assert (kept / f"a.{wanted}").read_text(encoding="utf-8") == export.as_text(a_measurement(), Format(wanted))
    left_out = " (in the others a hip was not seen)" if wanted == "mot" else ""
    guess = "Size and depth are the pose model's guess; the angles are not measured from these points. " if wanted == "trc" else ""
    said = f"a.{wanted}: {3 if left_out else 4} of 4 pictures of clip.mp4{left_out}. {guess}"
    assert run.stdout == f"{said}The measurement has 1 caveat that the file does not tell; hipcv measure or show does.\n"


@pytest.mark.slow
def test_a_format_goes_before_the_ending_and_a_dash_is_stdout(kept):
    run = quick("export", "kept", "--format", "csv", "--out", "-", cwd=kept)
    assert (run.returncode, run.stderr, run.stdout) == (0, "", to_tidy_csv(a_measurement()))
    assert quick("export", "kept", "--format", ".MOT", "--out", "a.sto", cwd=kept).returncode == 0
    assert (kept / "a.sto").read_text(encoding="utf-8") == opensim.to_mot(a_measurement())


@pytest.mark.slow
@pytest.mark.pose
def test_a_clip_is_measured_and_exported(tmp_path, measured_sample, memory):
    run = hipcv("export", SAMPLES / f"{SAMPLE}.mp4", "-o", "a.NC", "--mirrored", "no", cwd=tmp_path, env=memory.environment())
    assert (run.returncode, run.stderr, run.stdout) == (0, "", f"a.NC: 363 of 363 pictures of {SAMPLE}.mp4.\n")
    export.write(measured_sample(SAMPLE), tmp_path / "b.nc", Format.NC)
    assert (tmp_path / "a.NC").stat().st_size == pytest.approx((tmp_path / "b.nc").stat().st_size, rel=0.01)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        pytest.param(["kept"], "--out", id="no file"),
        pytest.param(["kept", "-o", "a.xlsx"], "ends in none of .mot, .trc, .nc, .csv", id="unknown ending"),
        pytest.param(["kept", "-o", "a.mot", "--format", "c3d"], "c3d is none of", id="unknown format"),
        pytest.param(["kept", "-o", "-"], "add --format mot, trc or csv", id="stdout without a format"),
        pytest.param(["kept", "-o", "-", "--format", "nc"], "only text can go to stdout", id="netCDF to stdout"),
        pytest.param(["kept", "-o", "a.mot", "--model", "lite"], "not measured afresh", id="a model for a record"),
        pytest.param(["visit.hipcv", "-o", "a.mot", "--mirrored", "yes"], "not measured afresh", id="mirrored for a file"),
        pytest.param(["visit.hipcv", "-o", "a.mot", "--set", "cutoff_hz=5"], "not measured afresh", id="a setting for a file"),
    ],
)
def test_a_wrong_call_is_told_with_status_2(arguments, part, kept):
    run = quick("export", *arguments, cwd=kept)
    assert run.returncode == 2
    assert part in " ".join(re.sub("[│╭╮╰╯─]", "", run.stderr).split())
    assert not (kept / "a.mot").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "parts"),
    [
        pytest.param("empty", ["empty: this folder holds no measurement.json", "Give a video, a .hipcv file"], id="another folder"),
        pytest.param("broken", ["broken: ", "damaged"], id="a damaged record"),
        pytest.param("missing.hipcv", ["missing.hipcv: there is no such file"], id="no file"),
        pytest.param("missing.mp4", ["missing.mp4", "no such file"], id="no clip"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence_and_status_1(source, parts, kept):
    (kept / "empty").mkdir()
    (kept / "broken").mkdir()
    (kept / "broken" / record.DOCUMENT).write_text("{}", encoding="utf-8")
    (kept / "broken" / record.ARRAYS).write_bytes(b"no arrays")
    run = quick("export", source, "-o", "a.csv", cwd=kept)
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (1, "", 1)
    assert all(part in run.stderr for part in parts), run.stderr
    assert not (kept / "a.csv").exists()


@pytest.mark.parametrize(
    ("out", "part"),
    [
        pytest.param("nowhere/a.mot", "the folder nowhere does not exist", id="no folder"),
        pytest.param("kept", "kept: this is a folder", id="a folder"),
        pytest.param("visit.hipcv", "visit.hipcv: this is what is exported", id="the source itself"),
    ],
)
def test_where_nothing_can_be_written_is_told_before_the_work(out, part, kept):
    before = (kept / "visit.hipcv").read_bytes()
    run = quick("export", "visit.hipcv", "-o", out, cwd=kept)
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (1, "", 1)
    assert part in run.stderr
    assert (kept / "visit.hipcv").read_bytes() == before


def test_without_the_extra_one_sentence_tells_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(netcdf, "find_spec", lambda name: None if name == "h5netcdf" else name)
    with pytest.raises(InstallationError, match=r"with h5netcdf, which this Python lacks: pip install 'hipcv\[formats\]'\.$"):
        export.check(Format.NC)
    with pytest.raises(InstallationError):
        export.write(a_measurement(), tmp_path / "a.nc", Format.NC)
    for wanted in (Format.MOT, Format.TRC, Format.CSV):
        export.check(wanted)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wanted", Format, ids=lambda wanted: wanted.value)
def test_a_file_that_cannot_be_written_is_told(wanted, tmp_path):
    with pytest.raises(OutputError):
        export.write(a_measurement(), tmp_path / "nowhere" / "a", wanted)


def test_the_page_of_formats_names_every_one_with_its_columns():
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    named = [
        *(f"`.{wanted.value}`" for wanted in Format),
        "`hip_rotation_r`",
        "`position`",
        "`confidence`",
        "`world_position`",
        "`quantity`",
    ]
    assert [name for name in named if name not in page] == []
    assert all(Landmark(point).name.lower() in page for point in opensim.MARKERS if not Landmark(point).name.startswith("RIGHT"))
