"""Every threshold and option; docs/sources.md has a table of all of them with their sources."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import Enum

ALLOWED = {
    "long_side_px": (240, 4096),
    "analysis_rate_hz": (5, 240),
    "min_frame_rate_hz": (1, 240),
    "min_reps": (1, 100),
    "min_visibility": (0.01, 1),
    "knee_slack": (0.01, 1),
    "min_prominence": (0.01, 1),
    "min_relative_excursion": (0.01, 1),
    "dark_level": (1, 255),
    "blur_level": (0.01, 1),
    "worst_misfit": (0.01, 1),
    "end_percentile_registered": (50, 95),
}
"""Smallest and largest value of these settings."""
ALLOWED_BY_UNIT = {
    "_deg_s": (0.1, 1000),
    "_deg": (0.1, 180),
    "_percent": (0.1, 1000),
    "_hz": (0.5, 30),
    "_px": (1, 4096),
    "_s": (0.01, 600),
}
"""Smallest and largest value of all other settings, by suffix; the first suffix that matches applies."""


class Mirrored(Enum):
    """Whether the phone exchanged left and right in the image."""

    YES = "yes"
    NO = "no"
    AUTO = "auto"


class Turn(Enum):
    """Turn of the picture on top of what the file asks for, in degrees clockwise."""

    NONE = 0
    RIGHT = 90
    ROUND = 180
    LEFT = 270

    def __add__(self, other: "Turn") -> "Turn":
        return Turn((self.value + other.value) % 360)

    def __neg__(self) -> "Turn":
        return Turn(-self.value % 360)


class Step(Enum):
    """A step of the measurement that can be left out to see its benefit (`hipcv validate --ablation`)."""

    REGISTRATION = "registration"
    """Rotation of the shank measured on the image; without it, from landmarks alone, in the image plane."""
    SPACE = "space"
    """Conversion from the image plane to rotation in space: direction of the thigh, and extension of the knee."""
    PELVIS = "pelvis"
    """Subtraction of pelvis tilt."""
    UPRIGHT = "upright"
    """Correction for camera roll, where the angle is counted from the vertical."""
    BOTH_SIDES = "both_sides"
    """Landmarks from the mirrored image as well, so that neither side is favoured."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a measurement; the defaults are those in the documentation."""

    mirrored: Mirrored = Mirrored.AUTO
    turn: Turn = Turn.NONE
    without: frozenset[Step] = frozenset()
    """Steps to leave out."""

    # Image
    long_side_px: int = 960
    """Frames are shrunk to this before inference; the network itself uses 256 px for the person."""
    analysis_rate_hz: float = 29.0
    """Every k-th frame is used, with the largest k that keeps at least this rate; the motion is below 1 Hz."""

    # Gaps and filter
    longest_gap_s: float = 0.25
    """Longer gaps are not bridged: a quarter of a second is half of a short hold."""
    cutoff_hz: float = 6.0
    """Zero-lag 4th-order Butterworth on coordinates, the common default of markerless kinematics (Sports2D)."""
    min_visibility: float = 0.5
    """MediaPipe's own default confidence threshold."""

    # Rest posture
    rest_speed_deg_s: float = 12.0
    """Slower than this counts as still: about four times the jitter of filtered landmarks."""
    rest_limit_deg: float = 15.0
    """A shank at rest hangs within this of the image's vertical; a phone leans by a few degrees at most."""
    min_rest_s: float = 0.3
    rest_posture_deg: float = 5.0
    """A rest posture further askew than this, beyond what both legs share, is not used as zero: 2.5 standard deviations of a relaxed
    leg."""
    knee_slack: float = 0.15
    """Knee movement up to this share of a shank is attributed to the foot dragging the landmark: 0.05 to 0.14 by model."""

    # Repetitions
    min_excursion_deg: float = 5.0
    """Smaller swings are not repetitions: half of the smallest range worth testing, and three times the movement of a resting leg."""
    min_prominence: float = 0.5
    """Two peaks are two repetitions if the angle falls by this share of the smaller one in between."""
    min_relative_excursion: float = 0.35
    """A swing below this share of the leg's own usual one in that direction is not a repetition."""
    speed_cutoff_hz: float = 3.0
    """Speeds come from a smoother curve: the shake of a hand-held phone is faster than a swing."""
    hold_band_deg: float = 3.0
    hold_speed_deg_s: float = 15.0
    min_hold_s: float = 0.25
    """A plateau stays near its peak and below the hold speed for at least this long; a readable hold lasts about 0.3 s."""
    end_percentile_registered: float = 80.0
    """Percentile of a registered plateau, which is steady to 0.2°: a held leg sinks by about 1° from its farthest point."""
    max_hold_s: float = 10.0
    """A longer hold is a change of posture, not a repetition."""
    min_reps: int = 2
    """No verdict with fewer; three are the convention of the seated test."""
    max_rep_spread_deg: float = 8.0
    """No verdict if repetitions of one direction differ by more: about the worst minimal detectable change by hand (8.6°, Gradoz et al. 2018)."""

    # Compensation: a tilt imitates rotation at about one to one
    compensation_warn_deg: float = 5.0
    compensation_reject_deg: float = 10.0
    pelvis_noise_deg: float = 2.0
    """Pelvis tilt that exceeds that of a person who keeps still: more than two standard deviations."""
    knee_travel_warn_percent: float = 25.0
    """Sideways movement of the knee during a hold, in percent of the shank: beyond landmark drag, so the thigh itself moved."""
    knee_shift_warn_percent: float = 8.0
    """The same where the image itself was measured, which is not dragged along: a thigh that drifts by 5°."""

    # Registration (hipcv/registration)
    worst_misfit: float = 0.45
    """A frame of which less than about half is explained is not measured."""
    landmark_gap_deg: float = 18.0
    """A registered rotation further than this from the landmarks has locked on to something else: twice their usual drag."""

    # Uncertainty
    registration_sd_deg: float = 0.6
    """Error of a registered rotation beyond its own noise: skin over bone, an ankle that gives."""
    landmark_sd_deg: float = 4.0
    """One standard deviation of landmark error at an end range: a knee that is off by 0.07 of a shank."""
    rep_sd_deg: float = 3.0
    """Spread assumed for a single repetition: the seated test's standard error of measurement (Gradoz et al. 2018)."""
    rest_sd_deg: float = 1.2
    """Half of all legs hang within this of the vertical, some much further askew: scale of a Cauchy distribution (kinematics/zero.py)."""
    roll_sd_deg: float = 3.0
    """Roll of a phone that was set up upright, when nothing in the image shows it."""
    max_half_width_deg: float = 20.0
    """No number with a wider interval: 95 % of people lie within about as much of the mean (SD 8 to 10°), so it would tell nothing."""
    roll_known_deg: float = 1.5
    """With camera roll known worse than this, there is no verdict on one direction counted from the vertical: roll enters the
    difference twice."""
    vertical_sd_deg: float = 2.0
    """Landmark error in the line of a hanging shank against the vertical."""
    outline_sd_deg: float = 1.5
    """The same for the middle of its outline in the image: a calf is not the same on both sides of its bones."""
    tilt_noise_deg: float = 3.0
    """Tilt of the hip line that the landmarks show in a person who keeps still."""

    # Verdicts: "within 10° = equal" (Ellison et al. 1990), and differences beyond measurement error
    notice_direction_deg: float = 10.0
    notice_total_deg: float = 12.0
    large_direction_deg: float = 15.0
    large_total_deg: float = 20.0

    # Findings
    roll_warn_deg: float = 4.0
    yaw_warn_deg: float = 7.0
    """Sideways offset of the knees as an angle; the hip points under-read a turn by about a third."""
    thigh_aside_warn_deg: float = 18.0
    """Thigh pointing further past the camera than this: knee extension of 10° then looks like 3° of rotation."""
    rival_warn_deg: float = 2.0
    """Doubt between two poses that explain the images of a leg: as much as all else in a good clip."""
    min_frame_rate_hz: float = 20.0
    """At a lower rate, a hold of a third of a second has fewer than seven frames."""
    min_shank_px: float = 90.0
    """With a shorter shank, a landmark off by 1.5 px changes the reading by more than 1.3 degrees."""
    dark_level: float = 45.0
    """Mean brightness of the box around the person, of 255."""
    blur_level: float = 0.5
    """Share of detail that survives another blur: a person 480 px high reads up to 0.44 softened by 1 px, and 0.54 or more by 3 px."""
    min_leg_in_view_s: float = 2.0

    def changed(self, changes: Iterable[str]) -> "Settings":
        """These settings with some of their numbers changed, each given as `NAME=NUMBER`.

        >>> Settings().changed(["notice_total_deg=15"]).notice_total_deg
        15.0

        Raises
        ------
        ValueError
            No such setting, or not a number; the message says what is allowed.
        """
        numbers = {field.name: type(field.default) for field in fields(self) if isinstance(field.default, int | float)}
        values: dict[str, float] = {}
        for change in changes:
            name, _, text = change.partition("=")
            if name not in numbers:
                raise ValueError(f"there is no setting {name!r}; there are {', '.join(numbers)}")
            try:
                values[name] = numbers[name](text)
            except ValueError:
                raise ValueError(f"{name} takes a {'whole number' if numbers[name] is int else 'number'}, not {text!r}") from None
            low, high = allowed(name)
            if not low <= values[name] <= high:
                raise ValueError(f"{name} takes a number from {low:g} to {high:g}, not {text!r}")
        return replace(self, **values)  # type: ignore[arg-type]


def allowed(name: str) -> tuple[float, float]:
    """Smallest and largest value that a setting may be changed to; beyond them no sensible measurement is possible.

    >>> allowed("cutoff_hz")
    (0.5, 30)
    """
    return ALLOWED.get(name) or next(span for ending, span in ALLOWED_BY_UNIT.items() if name.endswith(ending))
