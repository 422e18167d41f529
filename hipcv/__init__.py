"""hipcv: internal and external rotation of each hip, from a phone video of the seated test.

>>> import hipcv
>>> measurement = hipcv.measure("samples/p01_front.mp4")                        # doctest: +SKIP
>>> measurement.hips[hipcv.Side.RIGHT].internal_rotation_deg.value              # doctest: +SKIP
33.1

Importing this package has no side effects: no logging set-up, no window, no download. What it offers loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hipcv.codes import Quantity, Severity, Verdict
    from hipcv.errors import HipcvError
    from hipcv.landmarks import Landmark, Side
    from hipcv.measurement import Measurement
    from hipcv.pipeline import measure
    from hipcv.records.document import to_csv, to_document, to_json
    from hipcv.settings import Mirrored, Settings
    from hipcv.values import Direction, Zero
    from hipcv.version import __version__

__all__ = [
    "Direction",
    "HipcvError",
    "Landmark",
    "Measurement",
    "Mirrored",
    "Quantity",
    "Settings",
    "Severity",
    "Side",
    "Turn",
    "Verdict",
    "Zero",
    "__version__",
    "measure",
    "to_csv",
    "to_document",
    "to_json",
]

_HOMES = {
    "hipcv.codes": ("Quantity", "Severity", "Verdict"),
    "hipcv.errors": ("HipcvError", "InstallationError"),
    "hipcv.landmarks": ("Landmark", "Side"),
    "hipcv.measurement": ("Measurement",),
    "hipcv.pipeline": ("measure",),
    "hipcv.records.document": ("to_csv", "to_document", "to_json"),
    "hipcv.settings": ("Mirrored", "Settings", "Turn"),
    "hipcv.values": ("Direction", "Zero"),
    "hipcv.version": ("__version__",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if f"hipcv.{name}" in _HOMES and name not in _HOME_OF:
        return import_module(f"hipcv.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'hipcv' has no attribute {name!r}")
    try:
        return getattr(import_module(_HOME_OF[name]), name)
    except ImportError as problem:
        if "cannot open shared object" not in str(problem):
            raise
        from hipcv.errors import InstallationError  # late: it loads numpy

        raise InstallationError.without(problem) from None
