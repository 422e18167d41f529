"""The still of each end range: the frame in the middle of its hold, drawn as in the overlay but without words, face blurred.

Words are printed next to it, in the reader's language.
"""

from collections.abc import Callable
from pathlib import Path

import cv2

from hipcv.kinematics.representative import frames_of_holds
from hipcv.measurement import Measurement
from hipcv.records.record import still_name
from hipcv.system.writing import replacing
from hipcv.values import ImageArray

_QUALITY = 85


def keeper(measurement: Measurement, folder: Path) -> Callable[[int, ImageArray], None]:
    """A callback for `overlay.write_overlay` that writes the frames of the holds into `folder`."""
    wanted: dict[int, list[str]] = {}
    for (side, index), frame in frames_of_holds(measurement).items():
        wanted.setdefault(frame, []).append(still_name(side, index))

    def keep(frame: int, rgb: ImageArray) -> None:
        for name in wanted.get(frame, ()):
            _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
            with replacing(folder / name) as unfinished:
                unfinished.write_bytes(jpeg.tobytes())

    return keep
