"""hipcv: internal and external rotation of each hip, from a phone video of the seated test.

>>> import hipcv
>>> measurement = hipcv.measure("samples/p01_front.mp4")                        # doctest: +SKIP
>>> measurement.hips[hipcv.Side.RIGHT].internal_rotation_deg.value              # doctest: +SKIP
33.1

Importing this package has no side effects: no logging set-up, no window, no download. Heavy libraries load with the first `measure`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hipcv.codes import Quantity, Severity, Verdict
from hipcv.errors import HipcvError, InstallationError
from hipcv.landmarks import Landmark, Side
from hipcv.measurement import Measurement
from hipcv.settings import Mirrored, Settings
from hipcv.values import Direction, Zero
from hipcv.version import __version__

if TYPE_CHECKING:
    from hipcv.pipeline import measure
    from hipcv.records.document import to_csv, to_document, to_json

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
    "Verdict",
    "Zero",
    "__version__",
    "measure",
    "to_csv",
    "to_document",
    "to_json",
]

_LAZY = {
    "measure": "hipcv.pipeline",
    "to_csv": "hipcv.records.document",
    "to_document": "hipcv.records.document",
    "to_json": "hipcv.records.document",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        try:
            return getattr(import_module(_LAZY[name]), name)
        except ImportError as problem:
            if "cannot open shared object" in str(problem):
                raise InstallationError.without(problem) from None
            raise
    raise AttributeError(f"module 'hipcv' has no attribute {name!r}")
