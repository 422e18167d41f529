"""Values passed between modules: small, frozen, with units in their names. NaN means "not measured" and never becomes 0.

Signs, everywhere: internal rotation is positive for either leg (the foot swings outward), external negative; an end range and a range in
a result are positive in their own direction. Image x points right, y down; time is in seconds from the first frame.
"""

import math
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from hipcv.landmarks import N_LANDMARKS, Side

Z95 = 1.96
"""Half width of a 95 % interval in standard deviations."""
UNUSUAL_SD = 3.0
"""Standard deviations that one in 370 exceeds; of the 13 unknowns of how two legs are seen, one in 28 bodies has one so far off."""
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ImageArray = npt.NDArray[np.uint8]


def short_of(seen: float, least: float, decimals: int) -> float:
    """A value below a limit, to be told beside it with so many decimals: as it is, unless it would be rounded to the limit itself.

    >>> short_of(1.98, 2.0, 1), short_of(1.23, 2.0, 1)
    (1.9, 1.23)
    """
    return seen if round(seen, decimals) < least else round(least - 10.0**-decimals, decimals)


class Direction(Enum):
    """Direction of hip rotation; `sign` is that of the angle."""

    INTERNAL = "internal"
    EXTERNAL = "external"

    @property
    def sign(self) -> int:
        """+1 for internal rotation, -1 for external."""
        return +1 if self is Direction.INTERNAL else -1


class Zero(Enum):
    """Meaning of an angle of 0."""

    REST = "rest"
    """The true vertical, weighed with the shank as it hangs at rest (kinematics/zero.py). In documents of 0.1.0 the shank at rest itself."""
    GRAVITY = "image_vertical"
    """The vertical of the image minus camera roll, as far as that is known: the clinical zero."""


@dataclass(frozen=True, slots=True)
class CameraRoll:
    """Camera roll, positive when the scene appears rotated clockwise (a phone rotated the other way), with one standard deviation."""

    roll_deg: float
    sd_deg: float


@dataclass(frozen=True, slots=True)
class CameraPitch:
    """How far the camera looks down, with one standard deviation."""

    pitch_deg: float
    sd_deg: float


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """One clip as it was read. Width and height are those of the upright image with square pixels."""

    name: str
    sha256: str
    n_bytes: int
    container: str
    codec: str
    width_px: int
    height_px: int
    rotation_deg: int
    flipped: bool
    transfer: str
    n_frames: int
    duration_s: float
    frame_rate_hz: float
    camera_mirrored: bool | None
    """Mirroring according to the camera's own metadata; None if not stated."""
    front_camera: bool
    gravity_roll_deg: float | None = None
    """Camera roll from the phone's own sensors, positive when the scene appears rotated clockwise in the upright image; None if not
    recorded."""
    gravity_sd_deg: float | None = None


@dataclass(frozen=True, slots=True)
class ReadFaults:
    """Faults found while the file was read to its end."""

    n_corrupt: int = 0
    """Frames that the decoder marked as damaged or refused; they are not measured."""
    n_bad_times: int = 0
    """Frames left out because their timestamp was missing, repeated or went backward."""
    cut_after_s: float | None = None
    """Time at which the video ends although the file announces more; None for a complete file."""
    longest_gap_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """An upright image, `rgb` of (height, width, 3), at its presentation time."""

    time_s: float
    rgb: ImageArray


def _read_only(array: npt.NDArray, shape: tuple[int, ...], name: str) -> npt.NDArray:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, not {shape}")
    copy = array.copy()
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkSeries:
    """The body points of one person over one clip; NaN = nobody found in that frame."""

    time_s: FloatArray
    """(n_frames,), strictly increasing."""
    image_px: FloatArray
    """(n_frames, 33, 2), in the image that the model saw."""
    world_m: FloatArray
    """(n_frames, 33, 3), origin between the hips, with the model's own depth estimate."""
    visibility: FloatArray
    """(n_frames, 33), 0 to 1."""
    width_px: int
    height_px: int
    blind: BoolArray = field(default_factory=lambda: np.zeros(0, bool))
    """(n_frames,), frames that tell nothing of the movement, as where the picture stood still; empty = no such frame."""
    turned: BoolArray = field(default_factory=lambda: np.zeros(0, bool))
    """(n_frames,), frames that were mirrored before they were measured, as the recording changes there; empty = none."""

    def __post_init__(self) -> None:
        n = len(self.time_s)
        for name in ("blind", "turned"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(n, bool))
        shapes = {
            "time_s": (n,),
            "image_px": (n, N_LANDMARKS, 2),
            "world_m": (n, N_LANDMARKS, 3),
            "visibility": (n, N_LANDMARKS),
            "blind": (n,),
            "turned": (n,),
        }
        for name, shape in shapes.items():
            object.__setattr__(self, name, _read_only(getattr(self, name), shape, name))
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("time_s does not strictly increase")

    @property
    def found(self) -> BoolArray:
        """Flags (n_frames,) of frames in which a person was found."""
        return np.isfinite(self.image_px[:, 0, 0])

    @property
    def seen(self) -> BoolArray:
        """Flags (n_frames,) of frames in which a person was found, and that tell something."""
        return self.found & ~self.blind

    def unfilmed(self, longest_gap_s: float) -> BoolArray:
        """Flags (n_frames,) of blind frames, and of those on either side of a pause that is longer than this."""
        steps_s = np.diff(self.time_s)
        paused = steps_s > max(longest_gap_s, 2.5 * float(np.median(steps_s))) if len(steps_s) else np.zeros(0, bool)
        return np.asarray(self.blind | np.append(paused, False) | np.append(False, paused))


@dataclass(frozen=True, slots=True, eq=False)
class RegisteredRotation:
    """Rotation of one leg in space, registered where possible; all (n_frames,), NaN = not known."""

    hip_deg: FloatArray
    """Rotation of the femur in the pelvis since rest, internal positive: registered, in space, minus the pelvis."""
    planar_deg: FloatArray
    """Rotation of the shank in the image plane since rest, internal positive."""
    extension_deg: FloatArray
    """Knee extension since rest, positive = straighter."""
    pelvis_deg: FloatArray
    """Pelvis tilt since rest; positive = the subject's left side higher."""
    sd_deg: FloatArray
    """One standard deviation of `hip_deg` from image, view and pelvis."""
    registered: BoolArray
    """Whether the image itself was measured; elsewhere the landmarks fill in."""
    knee_shift_percent: FloatArray
    """Sideways movement of the knee since rest, in percent of the shank; outward positive."""
    thigh_outward_deg: float
    """Direction of the thigh relative to the line of sight, seen from above; outward positive."""
    thigh_downward_deg: float
    """The same seen from the side; positive = the camera looks down on it."""
    thigh_sd_deg: float
    rest_askew_deg: float = float("nan")
    """Angle of the resting shank's outline about the thigh, from the true vertical, internal positive; NaN = not seen."""
    rival_sd_deg: float = 0.0
    """What other poses that explain the held ends about as well add to the standard deviation."""
    rival_apart_deg: float = 0.0
    """How far they lie from the one that was read."""
    view_pressed_sd: float = 0.0
    """How far the direction of the thigh in the images is from what landmarks and room tell, in standard deviations of that."""


@dataclass(frozen=True, slots=True, eq=False)
class RotationSeries:
    """Hip rotation of one leg over one clip, with movements that can imitate it; all (n_frames,), NaN = not seen."""

    side: Side
    time_s: FloatArray
    image_angle_deg: FloatArray
    """Line from knee to ankle as seen, against the vertical of the image; internal rotation positive."""
    from_vertical_deg: FloatArray
    """The same with the knee held at its place at rest (kinematics/angles.py says why)."""
    from_rest_deg: FloatArray
    """`from_vertical_deg` minus its value at rest; all NaN if no rest was found."""
    knee_travel_percent: FloatArray
    """Sideways movement of the knee from its place at rest, in percent of the shank; outward positive."""
    thigh_abduction_deg: FloatArray
    """Direction of the thigh seen from above; outward positive."""
    knee_extension_deg: FloatArray
    """Knee extension since rest, positive = straighter."""
    moving: BoolArray
    """Whether the shank is swinging or away from rest, for drawing."""
    zero: Zero
    rest_deg: float
    """`from_vertical_deg` at rest; NaN if no rest was found."""
    rest_doubt_deg: float
    """Half of the difference between the rest postures at the two ends of the clip; 0 if they agree."""
    shank_px: float
    upright_deg: float = 0.0
    """`from_vertical_deg` of a shank that truly hangs straight down, as far as camera roll is known."""
    upright_sd_deg: float = 0.0
    rest_askew_deg: float = float("nan")
    """How far the leg at rest hangs off the true vertical, internal positive, weighed with how legs usually hang (kinematics/zero.py)."""
    rest_askew_sd_deg: float = float("nan")
    corrected: RegisteredRotation | None = None
    """Rotation in space; where nothing was registered, from the landmarks. None if there is no view to convert it with."""
    not_registered: str | None = None
    """Reason why registration failed (`NotRegistered`); None if it succeeded or was not tried."""

    @property
    def internal_rotation_deg(self) -> FloatArray:
        """The reported angle, counted from `zero`; in space, and registered, where possible."""
        if self.corrected is None:
            return self.from_vertical_deg - self.zero_deg
        return self.corrected.hip_deg + (self.rest_deg - self.zero_deg)

    @property
    def zero_deg(self) -> float:
        """`from_vertical_deg` at which the reported angle is 0."""
        return self.rest_deg - self.rest_askew_deg if math.isfinite(self.rest_askew_deg) else self.upright_deg


@dataclass(frozen=True, slots=True, eq=False)
class BodySeries:
    """Posture of pelvis and trunk over one clip; both (n_frames,), NaN = not seen."""

    time_s: FloatArray
    pelvis_tilt_deg: FloatArray
    """Line of the hips against the horizontal of the image; positive = the subject's left hip higher."""
    trunk_lean_deg: FloatArray
    """Mid-hip to mid-shoulder against the vertical of the image; positive = toward the subject's left."""
    shoulder_tilt_deg: FloatArray
    """Line of the shoulders against the horizontal of the image; positive = the subject's left shoulder higher."""


def plain_fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, members of enumerations as their values."""
    return {name: one.value if isinstance(one, Enum) else one for name, one in asdict(value).items()}
