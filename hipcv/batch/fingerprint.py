"""Everything besides clip and settings that can change a number: the versions of hipcv and its libraries, and the model."""

import platform
from importlib import metadata

from hipcv.capture import pose_models
from hipcv.version import __version__

_OF_NUMBERS = ("mediapipe", "opencv-python", "numpy", "scipy", "av")


def of_numbers() -> dict[str, str]:
    """Versions of hipcv and the libraries that can change a number."""
    return {"hipcv": __version__, **{name: metadata.version(name) for name in _OF_NUMBERS}}


def versions() -> dict[str, str]:
    """Versions of hipcv and the libraries that can change anything in a dataset."""
    return {**of_numbers(), "pyarrow": metadata.version("pyarrow")}


def software(model: str) -> dict[str, str]:
    """All versions and the model, as run.json lists them.

    Raises
    ------
    ModelError
        If there is no such model, or it was altered.
    """
    info = pose_models.load(model)[1]
    return {**versions(), "python": platform.python_version(), "model": info.name, "model_sha256": info.sha256}
