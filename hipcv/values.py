"""What passes between the floors: small frozen values with units in their names. NaN means "not measured" and never becomes 0.

Signs, everywhere: internal rotation is positive for either leg (the foot swings outward), external negative; an end range and a
range in a result are positive in their own direction. Image x points right, y down; time is in seconds from the first frame.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from hipcv.landmarks import N_LANDMARKS, Side

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ImageArray = npt.NDArray[np.uint8]


class Direction(Enum):
    """Which way the hip turns; `sign` is that of the angle."""

    INTERNAL = "internal"
    EXTERNAL = "external"

    @property
    def sign(self) -> int:
        """+1 for internal rotation, -1 for external."""
        return +1 if self is Direction.INTERNAL else -1


class Zero(Enum):
    """What an angle of 0 stands for."""

    REST = "rest"
    """The shank as the person lets it hang at rest: free of the phone's lean, bound to the posture."""
    GRAVITY = "image_vertical"
    """The vertical of the picture less the lean of the phone, as far as that is known: the clinical zero."""


@dataclass(frozen=True, slots=True)
class CameraRoll:
    """How far the scene appears turned clockwise in the picture, with one standard deviation; a phone turned the other way shows that."""

    roll_deg: float
    sd_deg: float


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """One clip as it was read. Width and height are those of the upright picture with square pixels."""

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
    """What the camera's own metadata says of mirroring; None where it says nothing."""
    front_camera: bool
    gravity_roll_deg: float | None = None
    """How far the scene appears turned clockwise in the upright picture, by the phone's own sensors; None where they are not recorded."""
    gravity_sd_deg: float | None = None


@dataclass(frozen=True, slots=True)
class ReadFaults:
    """What was wrong with the file while it was read to its end."""

    n_corrupt: int = 0
    """Frames that the decoder marked as damaged or refused; they are not measured."""
    n_bad_times: int = 0
    """Frames left out because their time stamp was missing, repeated or fell back."""
    cut_after_s: float | None = None
    """Where the picture ends although the file announces more; None for a whole file."""
    longest_gap_s: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """An upright picture, `rgb` of (height, width, 3), at its presentation time."""

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
    """(n_frames, 33, 2), in the picture the model saw."""
    world_m: FloatArray
    """(n_frames, 33, 3), origin between the hips, the model's own guess of depth."""
    visibility: FloatArray
    """(n_frames, 33), 0 to 1."""
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        n = len(self.time_s)
        shapes = {
            "time_s": (n,),
            "image_px": (n, N_LANDMARKS, 2),
            "world_m": (n, N_LANDMARKS, 3),
            "visibility": (n, N_LANDMARKS),
        }
        for name, shape in shapes.items():
            object.__setattr__(self, name, _read_only(getattr(self, name), shape, name))
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("time_s does not strictly increase")

    @property
    def found(self) -> BoolArray:
        """(n_frames,): whether a person was found in the frame."""
        return np.isfinite(self.image_px[:, 0, 0])


@dataclass(frozen=True, slots=True, eq=False)
class RegisteredRotation:
    """What the second look at the pictures makes of one leg; all (n_frames,), NaN = not known."""

    hip_deg: FloatArray
    """Rotation of the femur in the pelvis since rest, internal positive: registered, seen in space, less the pelvis."""
    planar_deg: FloatArray
    """Turn of the shank in the plane of the picture since rest, internal positive."""
    extension_deg: FloatArray
    """How much straighter the knee is than at rest."""
    pelvis_deg: FloatArray
    """Tilt of the pelvis since rest; positive = the subject's left side higher."""
    sd_deg: FloatArray
    """One standard deviation of `hip_deg` from picture, view and pelvis."""
    registered: BoolArray
    """Whether the picture itself was measured; elsewhere the landmarks fill in."""
    thigh_outward_deg: float
    """Direction of the thigh against the line of sight, seen from above; outward positive."""
    thigh_downward_deg: float
    """The same seen from the side; positive = the camera looks down on it."""
    thigh_sd_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class RotationSeries:
    """Hip rotation of one leg over one clip, and what may imitate it; all (n_frames,), NaN = not seen."""

    side: Side
    time_s: FloatArray
    image_angle_deg: FloatArray
    """Knee to ankle, both as seen, against the vertical of the picture; internal rotation positive."""
    from_vertical_deg: FloatArray
    """The same with the knee held at its place at rest (angles.py says why)."""
    from_rest_deg: FloatArray
    """`from_vertical_deg` less its value at rest; all NaN where no rest was found."""
    knee_travel_percent: FloatArray
    """How far the knee has moved sideways from its place at rest, in percent of the shank; outward positive."""
    thigh_abduction_deg: FloatArray
    """Direction of the thigh seen from above; outward positive."""
    knee_extension_deg: FloatArray
    """How much straighter the knee is than at rest."""
    moving: BoolArray
    """Whether the shank is swinging or away from rest, for drawing."""
    zero: Zero
    rest_deg: float
    """`from_vertical_deg` at rest; NaN where no rest was found."""
    rest_doubt_deg: float
    """Half of what the leg's rest postures at the two ends of the clip differ by; 0 if they agree."""
    shank_px: float
    upright_deg: float = 0.0
    """`from_vertical_deg` where the shank hangs truly straight down, as far as the lean of the phone is known."""
    upright_sd_deg: float = 0.0
    corrected: RegisteredRotation | None = None
    """From the pictures themselves; None where only landmarks speak."""
    not_registered: str | None = None
    """Why the pictures could not be measured (`NotRegistered`); None where they were, or where nobody looked."""

    @property
    def internal_rotation_deg(self) -> FloatArray:
        """The reported angle: measured from `zero`; as corrected where it could be."""
        if self.corrected is None:
            return self.from_vertical_deg - self.zero_deg
        return self.corrected.hip_deg + (self.rest_deg - self.zero_deg)

    @property
    def zero_deg(self) -> float:
        """`from_vertical_deg` where the reported angle is 0."""
        return self.rest_deg if self.zero is Zero.REST else self.upright_deg


@dataclass(frozen=True, slots=True, eq=False)
class BodySeries:
    """Posture of pelvis and trunk over one clip; both (n_frames,), NaN = not seen."""

    time_s: FloatArray
    pelvis_tilt_deg: FloatArray
    """Line of the hips against the horizontal of the picture; positive = the subject's left hip higher."""
    trunk_lean_deg: FloatArray
    """Mid-hip to mid-shoulder against the vertical of the picture; positive = toward the subject's left."""
    shoulder_tilt_deg: FloatArray
    """Line of the shoulders against the horizontal of the picture; positive = the subject's left shoulder higher."""
