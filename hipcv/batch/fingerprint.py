"""What a number may depend on beside the clip and the settings: hipcv, its libraries, and the model."""

import platform
from importlib import metadata

from hipcv.capture import pose_models
from hipcv.version import __version__

_OF_NUMBERS = ("mediapipe", "opencv-python", "numpy", "scipy", "av")
_OF_TABLES = ("pyarrow",)


def of_numbers() -> dict[str, str]:
    """Of hipcv and the libraries that a number may depend on."""
    return {"hipcv": __version__, **{name: metadata.version(name) for name in _OF_NUMBERS}}


def versions() -> dict[str, str]:
    """Of hipcv and the libraries that anything in a dataset may depend on."""
    return {**of_numbers(), **{name: metadata.version(name) for name in _OF_TABLES}}


def software(model: str) -> dict[str, str]:
    """All of it, as run.json has it.

    Raises
    ------
    ModelError
        There is no such model, or it was altered.
    """
    info = pose_models.load(model)[1]
    return {**versions(), "python": platform.python_version(), "model": info.name, "model_sha256": info.sha256}
