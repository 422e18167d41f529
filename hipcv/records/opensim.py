"""A measurement as OpenSim text files: the rotation of both hips as a motion (`.mot`), the landmarks as markers (`.trc`).

docs/formats.md describes both. OpenSim itself is not needed; the tests read the files with it where it is installed.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from hipcv.errors import ExportError
from hipcv.landmarks import BODY, SHOWN_SIDES, Landmark, Side, of_side
from hipcv.measurement import Measurement
from hipcv.records.document import DECIMALS
from hipcv.values import BoolArray, FloatArray, LandmarkSeries
from hipcv.version import __version__

MARKERS = tuple(sorted({*BODY, *(of_side("heel", side) for side in Side)}))
"""Landmarks on segments that models have: no face except the nose, no fingers."""
_COORDINATES = {Side.RIGHT: "hip_rotation_r", Side.LEFT: "hip_rotation_l"}
_MM = 1000.0


def to_mot(measurement: Measurement) -> str:
    """The reported angle of both hips as an OpenSim motion: `time`, `hip_rotation_r`, `hip_rotation_l`; deg, internal rotation positive.

    This is OpenSim's own sign: in gait2392 and Rajagopal2015 (y up, z to the right), `hip_rotation_r` rotates the femur by +1 about +y
    and `hip_rotation_l` by -1, so the front of either thigh turns inward where the value is positive. Nothing is clamped; Rajagopal2015
    itself clamps these coordinates to ±40°.

    NaN is never written, because `OpenSim::Storage`, which opens motions, takes the text "nan" for the end of the file and misreads the
    number before it. A hip that was never seen has no column, and a frame in which one of the others was not seen has no row. Times are
    those of the clip, so omitted frames appear as a longer step.

    Raises
    ------
    ExportError
        No frame shows all the hips that were seen.

    References
    ----------
    The models' files, joints `hip_r` and `hip_l`, axis `rotation3`: https://github.com/opensim-org/opensim-models
    """
    columns, kept = motion(measurement)
    time_s = measurement.landmarks.time_s
    header = [
        re.sub(r"[^A-Za-z0-9.-]+", "_", measurement.clip.name),
        "version=1",
        f"nRows={kept.sum()}",
        f"nColumns={1 + len(columns)}",
        "inDegrees=yes",
        "",
        f"Rotation of the hips in degrees, internal positive, as hipcv {__version__} measured it.",
        "Times are those of the clip: their step varies where the phone's did.",
        f"Pictures in which a hip was not seen are left out: {(~kept).sum()} of {len(kept)}.",
        "endheader",
    ]
    rows = np.column_stack([time_s, *columns.values()])[kept]
    return _text([*header, "\t".join(["time", *columns]), *("\t".join(_cells(row)) for row in rows)])


def motion(measurement: Measurement) -> tuple[dict[str, FloatArray], BoolArray]:
    """Columns of the motion, (n_frames,) each, deg, NaN = not seen; and flags (n_frames,) of the frames without NaN, which are written.

    Raises
    ------
    ExportError
        There are no such frames.
    """
    angles = {_COORDINATES[side]: measurement.rotation[side].internal_rotation_deg for side in SHOWN_SIDES}
    columns = {name: angle_deg for name, angle_deg in angles.items() if np.isfinite(angle_deg).any()}
    kept: BoolArray = np.isfinite(np.array([*columns.values()])).all(axis=0)
    if not columns or not kept.any():
        raise ExportError("opensim_nothing_seen", about=measurement.clip.name)
    return columns, kept


def to_trc(measurement: Measurement) -> str:
    """The landmarks in space as OpenSim markers: X to the person's front, Y up, Z to the person's right; mm, origin between the hips.

    They are MediaPipe's world landmarks as estimated by the network, not smoothed: **its estimate** of a person of average size, with
    coarse depth, not the source of the reported angles. The axes are those of the phone (the person faces it), so camera roll tilts them.
    `nan` = nobody was found, or the point lies below `Settings.min_visibility`.

    References
    ----------
    Axes: X forward, Y up, Z right, as in OpenSim's models; MediaPipe's are x to the right of the image, y down, z away from the phone.
    """
    series = measurement.landmarks
    points_mm = markers_mm(series, measurement.settings.min_visibility)
    n_frames, n_markers = points_mm.shape[:2]
    camera_rate_hz = measurement.clip.frame_rate_hz  # of which every second frame may have been measured
    rate_hz = 1 / np.median(np.diff(series.time_s)) if n_frames > 1 else camera_rate_hz
    rate, camera_rate = f"{rate_hz:.2f}", f"{camera_rate_hz:.2f}"
    names = [Landmark(point).name.lower() for point in MARKERS]
    header = [
        "PathFileType\t4\t(X/Y/Z)\thipcv.trc",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{camera_rate}\t{n_frames}\t{n_markers}\tmm\t{camera_rate}\t1\t{n_frames}",
        "Frame#\tTime\t" + "\t".join(f"{name}\t\t" for name in names),
        "\t\t" + "\t".join(f"{axis}{index}" for index in range(1, n_markers + 1) for axis in "XYZ"),
        "",
    ]
    rows = zip(series.time_s, points_mm.reshape(n_frames, -1), strict=True)
    return _text([*header, *("\t".join([str(index), *_cells([time_s, *row])]) for index, (time_s, row) in enumerate(rows, 1))])


def markers_mm(series: LandmarkSeries, min_visibility: float) -> FloatArray:
    """Markers (n_frames, len(MARKERS), 3), X front, Y up, Z right, in mm; NaN = not found, or less visible than `min_visibility`."""
    right, down, away = np.moveaxis(series.world_m[:, MARKERS], -1, 0)
    points_mm: FloatArray = _MM * np.stack([-away, -down, -right], axis=-1)
    points_mm[series.visibility[:, MARKERS] < min_visibility] = np.nan
    return points_mm


def _cells(numbers: Iterable[float]) -> list[str]:
    return [f"{number:z.{DECIMALS}f}" for number in numbers]


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
