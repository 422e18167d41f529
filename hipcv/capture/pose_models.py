"""The pose models in the package, and the check that they are the tested ones.

The bundles in `hipcv/capture/bundles` were built by `scripts/build_models.py`; their licence (Apache-2.0) is stored beside them.
"""

import hashlib
import io
import zipfile
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from hipcv.errors import InstallationError, ModelError
from hipcv.measurement import ModelInfo

DEFAULT_MODEL = "full"

KNOWN_SHA256 = {
    "lite": "415fc371b1b33f56f54694f1556a2785b569f1236ee62f32e29f3014a8747331",
    "full": "c0497cfc8bbb751602b605687465e1f07755541e7fe4c93172100f6ac4ded800",
    "heavy": "9347b587b019c9c33828e905dcebbd792aa5ab2aafcc86b04c7c45726fc02c79",
}
"""Hashes of the bundles that the build script makes from the published networks, byte for byte."""

FIRST_MEDIAPIPE_THAT_REPORTS = (0, 10, 34)
"""From this version on, MediaPipe sends usage figures to its maker while a model is open, with no way to turn it off."""


def load(model: str | Path) -> tuple[bytes, ModelInfo]:
    """The bundle of one of the names above, or of a `.task` file, with its hash checked where it is known.

    Raises
    ------
    ModelError
        The bundle is missing, altered, or not a bundle.
    """
    if str(model) in KNOWN_SHA256:
        return _load_known(str(model))
    path = Path(model)
    try:
        data = path.read_bytes()
    except OSError:
        raise ModelError("model_unknown", model=repr(str(model)), models=list(KNOWN_SHA256)) from None
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ModelError("model_no_bundle", model=path.name)
    return data, ModelInfo(path.stem, hashlib.sha256(data).hexdigest())


@cache
def _load_known(name: str) -> tuple[bytes, ModelInfo]:
    bundle = resources.files("hipcv.capture") / "bundles" / f"{name}.task"
    try:
        data = bundle.read_bytes()
    except OSError:
        raise ModelError("model_missing", model=repr(name), name=name) from None
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != KNOWN_SHA256[name]:
        raise ModelError("model_damaged", model=repr(name), part=sha256[:12])
    return data, ModelInfo(name, sha256)


def mediapipe_version() -> str:
    """Version of the installed MediaPipe."""
    return metadata.version("mediapipe")


def telemetry_warning() -> InstallationError | None:
    """A warning if the installed MediaPipe sends usage figures, else None."""
    version = mediapipe_version()
    numbers = tuple(int(part) for part in version.split(".")[:3] if part.isdigit())
    if numbers < FIRST_MEDIAPIPE_THAT_REPORTS:
        return None
    return InstallationError("mediapipe_reports", version=version)
