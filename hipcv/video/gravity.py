"""Camera roll while filming, from the clip's own record of the camera's motion.

The record is a "Camera Motion Metadata" (camm) track in an MP4 file: https://developers.google.com/streetview/publish/camm-spec. A packet
is a reserved and a type number of 16 bits each, then floats, all little-endian. Two types show where up is:

* 3, accelerometer, m/s² "along XYZ axes of the camera", sign as in Android's `TYPE_ACCELEROMETER`: at rest it reads 9.81 *upward*.
* 0, orientation, an angle-axis vector M that rotates the camera's axes into the world's; the world's Y "should point down along the
  gravity vector". It is used only if there is no accelerometer.

Axes. The specification states: right-handed, X right, Y **down**, Z forward in the viewing direction. Assumed here: X and Y run along the
rows and columns of the image *as stored*, before the display rotation. Gyroflow's telemetry-parser appears to assume the same. If the
scene appears rotated clockwise by r, then, with s = sin r and c = cos r, X and Y in units of g are:

=====================  ===============  =================
turn, counter-clock.   as stored        left-right flipped
=====================  ===============  =================
0°                     ( s, −c)         (−s, −c)
90°                    ( c,  s)         (−c,  s)
180°                   (−s,  c)         ( s,  c)
270° (phone upright)   (−c, −s)         ( c, −s)
=====================  ===============  =================

The specification leaves one point open: "Applications define the relationship between the IMU coordinate system and the camera coordinate
system. We recommend aligning them". A phone's display rotation follows gravity to the nearest quarter turn, which exposes most other
conventions: Android's own axes (Y up along the screen) and, in portrait, those of the displayed image read 90° off; gravity that points
down reads 180° off. A roll of more than 30° is therefore rejected. Two errors go undetected: an app that takes X to the left (the sign is
wrong), and one with Android's axes whose image lies on its side (a quarter turn off).
"""

import numpy as np

from hipcv.values import CameraRoll, FloatArray
from hipcv.video.orientation import Orientation

_ORIENTATION, _ACCELERATION = 0, 3
_HEADER_BYTES, _VECTOR_BYTES = 4, 12
_MAX_PACKET_BYTES = 64  # the longest in the specification, a position on earth, has 60
_MAX_READINGS = 300_000  # ten minutes at 500 per second

_MIN_READINGS = 20
_N_PARTS = 10  # tenths of the clip: hand shake averages out within each, and roll is compared between them
_GRAVITY_M_S2, _GRAVITY_TOLERANCE_M_S2 = 9.81, 1.5
_MAX_PITCH_DEG = 60.0
_MAX_ROLL_DEG = 30.0
_MAX_CHANGE_DEG = 10.0
_MIN_SD_DEG = 0.5  # bias of a phone's accelerometer, 0.05 to 0.1 m/s²
_MIN_WORLD_DEG = 1.0


class Motion:
    """Gravity from the packets of the track; packets that do not look like it are skipped."""

    def __init__(self) -> None:
        self._kept = {_ORIENTATION: bytearray(), _ACCELERATION: bytearray()}

    def add(self, packet: bytes) -> None:
        """Keep the vector of one packet, if it is of one of the two types and there is room."""
        kept = self._kept.get(int.from_bytes(packet[2:4], "little"))
        vector = packet[_HEADER_BYTES : _HEADER_BYTES + _VECTOR_BYTES]
        if kept is not None and len(vector) == _VECTOR_BYTES and len(kept) < _MAX_READINGS * _VECTOR_BYTES:
            kept += vector

    def up_m_s2(self) -> FloatArray:
        """Up in camera axes, (n, 3), of the length the accelerometer reads; 9.81 by definition if only the orientation is known."""
        accelerations = self._vectors(_ACCELERATION)
        return accelerations if len(accelerations) else _up_of(self._vectors(_ORIENTATION))

    def _vectors(self, kind: int) -> FloatArray:
        """Finite rows, (n, 3); none if less than half of all rows are finite."""
        vectors = np.frombuffer(bytes(self._kept[kind]), dtype="<f4").astype(np.float64).reshape(-1, 3)
        finite = np.isfinite(vectors).all(axis=1)
        return vectors[finite] if 2 * finite.sum() >= len(vectors) else vectors[:0]


def is_plausible(n_bytes: int) -> bool:
    """Whether a packet of this length can be in the specification; otherwise it need not be copied."""
    return _HEADER_BYTES + _VECTOR_BYTES <= n_bytes <= _MAX_PACKET_BYTES


def of_motion(motion: Motion, orientation: Orientation) -> CameraRoll | None:
    """Roll of the displayed image, before any un-mirroring, over the clip; None if it is not recorded, not steady, or not credible.

    Rejected are a magnitude other than 9.81 ± 1.5 m/s², a camera that looks up or down by more than 60° (where roll means nothing), a
    roll of more than 30°, and one that changes by more than 10°.
    """
    up = motion.up_m_s2()
    if len(up) < _MIN_READINGS:
        return None
    whole = np.median(up, axis=0)
    parts = np.array([np.median(part, axis=0) for part in np.array_split(up, _N_PARTS)])
    if not all(_is_credible(vector) for vector in (whole, *parts)):
        return None
    roll_deg, *part_deg = (_roll_deg(vector, orientation) for vector in (whole, *parts))
    if abs(roll_deg) > _MAX_ROLL_DEG or np.ptp(part_deg) > _MAX_CHANGE_DEG:
        return None
    return CameraRoll(roll_deg, max(_MIN_SD_DEG, float(np.std(part_deg, ddof=1))))


def _is_credible(up_m_s2: FloatArray) -> bool:
    length = float(np.linalg.norm(up_m_s2))
    if abs(length - _GRAVITY_M_S2) > _GRAVITY_TOLERANCE_M_S2:
        return False
    return bool(abs(up_m_s2[2]) <= length * np.sin(np.radians(_MAX_PITCH_DEG)))


def _roll_deg(up: FloatArray, orientation: Orientation) -> float:
    """Roll of the displayed image from up in the stored image's axes, transformed in the same order as in `upright.upright`."""
    x, y = float(up[0]), float(up[1])
    if orientation.flipped:
        x = -x
    for _ in range(orientation.quarter_turns):
        x, y = y, -x
    return float(np.degrees(np.arctan2(x, -y)))


def _up_of(angle_axis_rad: FloatArray) -> FloatArray:
    """The world's up in camera axes, (n, 3), of length 9.81; none if the world is the camera's own initial attitude.

    A world that starts at the camera's attitude contains no gravity, and its first orientation is no rotation at all.
    """
    angle = np.linalg.norm(angle_axis_rad, axis=1)
    if not len(angle) or angle.min() < np.radians(_MIN_WORLD_DEG):
        return angle_axis_rad[:0]
    up = np.array([0.0, -1.0, 0.0])
    axis, cos, sin = angle_axis_rad / angle[:, None], np.cos(angle)[:, None], np.sin(angle)[:, None]
    along = axis * (axis @ up)[:, None]
    in_camera: FloatArray = cos * up - sin * np.cross(axis, up) + (1 - cos) * along  # Rodrigues, backward: from world to camera
    return _GRAVITY_M_S2 * in_camera
