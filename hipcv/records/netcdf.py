"""Landmarks as netCDF in the layout of the `movement` package, so that its tools for pose tracks can read them.

docs/formats.md describes the file. xarray and h5netcdf come with `pip install 'hipcv[formats]'`; `movement` itself is not needed.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hipcv.errors import InstallationError
from hipcv.landmarks import Landmark
from hipcv.measurement import Measurement
from hipcv.system.writing import replacing
from hipcv.values import FloatArray
from hipcv.version import __version__

if TYPE_CHECKING:
    import xarray as xr

LIBRARIES = ("xarray", "h5netcdf", "h5py")
INDIVIDUAL = "person"
_POSES = ("keypoints", "individuals")
_MOST_UNSTEADY = 0.2
"""In steps: timestamps in whole milliseconds are off by 0.12 at 240 frames per second, one missing frame by 0.25 or more."""


def check_libraries() -> None:
    """Check at once that the libraries are installed, before a clip is measured.

    Raises
    ------
    InstallationError
        The extra `formats` is not installed.
    """
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise InstallationError("netcdf_library_missing", libraries=missing)


def to_dataset(measurement: Measurement) -> "xr.Dataset":
    """The 33 landmarks of every measured frame as a `movement` pose dataset.

    `position` (time, space, keypoints, individuals), px: x right, y down in the upright, unmirrored image of the clip at its own size.
    `confidence` (time, keypoints, individuals), 0 to 1: MediaPipe's visibility. `world_position` (time, world_space, keypoints,
    individuals), m: x right, y down, z away from the phone, origin between the hips, with the network's depth estimate. NaN = nobody was
    found.

    `time` is in seconds, from the clip's own timestamps. The attribute `fps` is present only if the frames follow one rate, so that code
    that counts frames is not misled by a clip of varying rate.

    References
    ----------
    movement 0.15, `movement.validators.datasets.ValidPosesInputs`: https://movement.neuroinformatics.dev
    """
    import xarray as xr

    series = measurement.landmarks
    size = [measurement.clip.width_px / series.width_px, measurement.clip.height_px / series.height_px]
    dataset = xr.Dataset(
        data_vars={
            "position": (("time", "space", *_POSES), _by_space(series.image_px * size), {"units": "px"}),
            "confidence": (("time", *_POSES), series.visibility[..., None]),
            "world_position": (("time", "world_space", *_POSES), _by_space(series.world_m), {"units": "m"}),
        },
        coords={
            "time": series.time_s,
            "space": ["x", "y"],
            "world_space": ["x", "y", "z"],
            "keypoints": [point.name.lower() for point in Landmark],
            "individuals": [INDIVIDUAL],
        },
        attrs={"source_software": "hipcv", "ds_type": "poses", "time_unit": "seconds", **_facts(measurement)},
    )
    fps = steady_rate_hz(series.time_s)
    return dataset if fps is None else dataset.assign_attrs(fps=fps)


def write_netcdf(measurement: Measurement, path: Path) -> None:
    """Write `to_dataset` as a netCDF4 file.

    Raises
    ------
    InstallationError
        The extra `formats` is not installed.
    OutputError
        The file cannot be written there.
    """
    check_libraries()
    dataset = to_dataset(measurement)
    with replacing(path) as unfinished:
        dataset.to_netcdf(unfinished, engine="h5netcdf", encoding={name: {"zlib": True} for name in dataset.data_vars})


def steady_rate_hz(time_s: FloatArray) -> float | None:
    """The one rate at which every frame lies within a fifth of a step of `index / rate`; None if there is no such rate.

    >>> steady_rate_hz(np.array([0.0, 0.033, 0.067, 0.1])), steady_rate_hz(np.array([0.0, 0.033, 0.2, 0.233]))
    (30.0, None)
    """
    if len(time_s) < 2:
        return None
    index = np.arange(len(time_s))
    rate_hz = float(index[-1] / (time_s[-1] - time_s[0]))
    steady = np.all(np.abs((time_s - time_s[0]) * rate_hz - index) < _MOST_UNSTEADY)
    return round(rate_hz, 6) if steady else None


def _by_space(points: FloatArray) -> FloatArray:
    """Points (n_frames, 33, n_axes) rearranged as (n_frames, n_axes, 33, 1), one individual."""
    return np.moveaxis(points, -1, 1)[..., None]


def _facts(measurement: Measurement) -> dict[str, str | int]:
    """Attributes that describe the clip; `source_file` is movement's name, the others are ours. netCDF has no booleans."""
    return {
        "source_file": measurement.clip.name,
        "hipcv_version": __version__,
        "pose_model": measurement.model.name,
        "picture_width_px": measurement.clip.width_px,
        "picture_height_px": measurement.clip.height_px,
        "picture_was_mirrored": int(measurement.mirrored),
        "findings": " ".join(finding.code for finding in measurement.findings),
    }
