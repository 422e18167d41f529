"""Images of the legs, kept small, stabilised and compressed, for registration once it is known where the legs went.

Landmarks are found frame by frame while a clip is read, but registration (registration/register_leg.py) needs the whole clip at once. So
the surroundings of the legs are kept: shrunk, corrected for camera shake, as JPEG. A minute of video takes about 15 MB; those of a long clip
go to a nameless temporary file, which the operating system deletes with the process.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

from hipcv.capture import room_edges
from hipcv.capture.camera_shake import CameraMotion
from hipcv.kinematics.body import shanks_px
from hipcv.kinematics.seated import looks_seated
from hipcv.landmarks import Side, of_side
from hipcv.system.spool import Spool
from hipcv.values import CameraPitch, CameraRoll, FloatArray, Frame, ImageArray, LandmarkSeries

RATE_HZ = 15.0
"""Frames kept per second: enough for seven in a swing of half a second."""
SHANK_PX = 110.0
"""Largest length at which shanks are kept: 0.3 degrees are half a pixel at the foot."""
_JPEG_QUALITY = 92
_WHITE, _MOST_GAIN = 200.0, 4.0
"""A dark clip is brightened until its brightest twentieth reaches this of 255: registration tells leg from background by colour
distance (registration/leg_template.py)."""
_FADED = 0.75
"""A frame whose bright parts fall below this share of those of another belongs to a fade from or to black."""
_UP, _DOWN, _ASIDE = 0.5, 0.75, 1.35
"""Margin kept around knees and ankles, in shanks."""
_SETTLED_S, _SETTLED_SHANKS = 0.5, 0.15
"""A person has taken the seat when they sit with knees that stay within this distance for this long; before that they may walk or set
up the phone."""


@dataclass(slots=True, eq=False)
class Footage:
    """Images in *reference coordinates*: those of the first frame in which the person has taken the seat.

    Camera shake is measured from that frame, and it sets the part to keep, the brightness and the edges of the room. `scale` is footage
    pixels per pixel of the measured image; `origin_px` is the corner of the footage there.
    """

    mirrored: bool = False
    """Whether the images are flipped when they are read."""
    time_s: list[float] = field(default_factory=list)
    from_reference: list[FloatArray] = field(default_factory=list)
    """For each frame, the transform (2, 3) from reference coordinates to its own."""
    scale: float = 1.0
    origin_px: FloatArray = field(default_factory=lambda: np.zeros(2))
    width_px: int = 0
    """Width of the measured image, for flipping."""
    height_px: int = 0
    _size: tuple[int, int] = (0, 0)
    _jpegs: Spool = field(default_factory=Spool)
    _anchor: CameraMotion | None = None
    pitch: CameraPitch | None = None
    """As the edges of the room show it; None if there are too few."""
    _lean: CameraRoll | None = None
    _gain: float = 1.0
    _light: float = 0.0
    """Brightness of the bright parts of the reference frame."""
    _waiting: list[tuple[Frame, FloatArray]] = field(default_factory=list)
    """Frames of a person who may just have taken the seat."""

    @property
    def has_pictures(self) -> bool:
        """False if only the geometry is known, as from `points_only`."""
        return len(self._jpegs) > 0

    def wants(self, time_s: float) -> bool:
        """Whether a frame at this time would be kept."""
        times_s = self.time_s or [frame.time_s for frame, _ in self._waiting]
        return not times_s or time_s - times_s[-1] > 0.9 / RATE_HZ

    def add(self, frame: Frame, image_px: FloatArray | None) -> None:
        """Keep a frame once the person sits; image_px (33, 2) is the pose in it, None = nobody was found, as in a title."""
        if image_px is None:
            self._waiting = []
            return
        if self._anchor:
            if _light(frame) > _FADED * self._light:
                self._keep(frame, self._anchor)
            return
        recent = [(before, pose) for before, pose in self._waiting if frame.time_s - before.time_s < 1.5 * _SETTLED_S]
        self._waiting = [*recent, (frame, image_px)]
        if _has_settled(self._waiting) and self._frame_legs(*self._waiting[0]):
            self._anchor = self._anchored(*self._waiting[0])
            for before, _ in self._waiting:
                self._keep(before, self._anchor)
            self._waiting = []

    def _anchored(self, frame: Frame, image_px: FloatArray) -> CameraMotion:
        edges = room_edges.edges(frame.rgb, image_px)
        self._lean, self.pitch = room_edges.lean(edges), room_edges.pitch(edges)
        self._light = _light(frame)
        self._gain = float(np.clip(_WHITE / max(float(np.percentile(frame.rgb, 95)), 1.0), 1.0, _MOST_GAIN))
        return CameraMotion(frame.rgb, image_px)

    def _keep(self, frame: Frame, anchor: CameraMotion) -> None:
        transform = anchor.from_reference(frame.rgb)
        self.time_s.append(frame.time_s)
        self.from_reference.append(transform)
        self._jpegs.add(self._packed(frame.rgb, transform))

    def _frame_legs(self, frame: Frame, image_px: FloatArray) -> bool:
        """Choose the part of every image to keep; False if the legs are not in this one."""
        self.height_px, self.width_px = frame.rgb.shape[:2]
        legs = image_px[[of_side(part, side) for side in Side for part in ("knee", "ankle")]]
        shank_px = float(shanks_px(image_px).max())
        low = np.maximum(legs.min(axis=0) - shank_px * np.array([_ASIDE, _UP]), 0)
        high = np.minimum(legs.max(axis=0) + shank_px * np.array([_ASIDE, _DOWN]), [self.width_px, self.height_px])
        if shank_px < 1 or (high - low).min() < shank_px / 2:
            return False
        self.scale = min(1.0, SHANK_PX / shank_px)
        self.origin_px = np.floor(low)
        width, height = np.round((high - self.origin_px) * self.scale).astype(int)
        self._size = (int(width), int(height))
        return True

    def _packed(self, rgb: ImageArray, transform: FloatArray) -> bytes:
        corner = self.origin_px + 0.5 / self.scale - 0.5  # centre of the first footage pixel
        to_frame = transform @ np.array([[1 / self.scale, 0, corner[0]], [0, 1 / self.scale, corner[1]], [0, 0, 1.0]])
        cut = cv2.warpAffine(
            np.ascontiguousarray(rgb), to_frame, self._size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
        if self._gain > 1:
            cut = cv2.convertScaleAbs(cut, alpha=self._gain)
        options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
        _, packed = cv2.imencode(".jpg", cut, options)  # the encoder does not depend on the order of the channels
        return packed.tobytes()

    @property
    def lean(self) -> CameraRoll | None:
        """Camera roll from the room, positive when the unmirrored image appears rotated clockwise; None if the room does not show it."""
        return replace(self._lean, roll_deg=-self._lean.roll_deg) if self._lean and self.mirrored else self._lean

    def picture(self, index: int) -> FloatArray:
        """One image in Lab (height, width, 3), lightly smoothed, unmirrored."""
        rgb: Any = cv2.imdecode(np.frombuffer(self._jpegs[index], np.uint8), cv2.IMREAD_COLOR)
        if self.mirrored:
            rgb = np.ascontiguousarray(rgb[:, ::-1])
        lab: Any = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), (0, 0), 0.6).astype(np.float32)
        result: FloatArray = lab
        return result

    def to_footage(self, points_px: FloatArray, index: int) -> FloatArray:
        """Points (k, 2) of the (unmirrored) measured image `index`, in unmirrored footage coordinates."""
        flipped = np.array(points_px, dtype=float)
        if self.mirrored:
            flipped[:, 0] = self.width_px - flipped[:, 0]
        back = cv2.invertAffineTransform(self.from_reference[index])
        seen = ((flipped @ back[:, :2].T + back[:, 2]) - self.origin_px) * self.scale
        if self.mirrored:
            seen[:, 0] = self._size[0] - seen[:, 0]
        result: FloatArray = np.asarray(seen, dtype=float) - 0.5
        return result

    @property
    def middle(self) -> FloatArray:
        """Centre of the measured image, where the camera points, in unmirrored footage coordinates: (2,)."""
        middle = (np.array([self.width_px, self.height_px]) / 2 - self.origin_px) * self.scale
        if self.mirrored:
            middle[0] = self._size[0] - middle[0]
        result: FloatArray = middle - 0.5
        return result

    @property
    def long_side(self) -> float:
        """Longer side of the measured image, in footage pixels."""
        return max(self.width_px, self.height_px) * self.scale


def points_only(series: LandmarkSeries) -> Footage:
    """The geometry alone, for landmarks (of an unmirrored image) whose images cannot be used, as of one of several people."""
    seen = np.flatnonzero(series.seen)
    if not len(seen):
        return Footage()
    steps = np.floor(series.time_s[seen] * RATE_HZ)
    times_s = series.time_s[seen[np.flatnonzero(np.diff(steps, prepend=-1))]].tolist()
    size = (series.width_px, series.height_px)
    return Footage(
        time_s=times_s, from_reference=[np.eye(2, 3)] * len(times_s), width_px=series.width_px, height_px=series.height_px, _size=size
    )


def _light(frame: Frame) -> float:
    return float(np.percentile(frame.rgb[::8, ::8], 95))


def _has_settled(waiting: list[tuple[Frame, FloatArray]]) -> bool:
    """Whether somebody sits in all of these frames with the knees in place, and in steady light; a leg may swing."""
    first, last = waiting[0][0], waiting[-1][0]
    if last.time_s - first.time_s < _SETTLED_S or _light(first) < _FADED * _light(last):
        return False
    poses = np.stack([pose for _, pose in waiting])
    knees = poses[:, [of_side("knee", side) for side in Side]].mean(axis=1)
    seated = looks_seated(poses).all()
    return bool(seated and np.ptp(knees, axis=0).max() < _SETTLED_SHANKS * np.median(shanks_px(poses)))


LEG_POINTS = {side: [of_side(part, side) for part in ("knee", "ankle", "foot_index")] for side in Side}
