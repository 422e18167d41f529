"""Every threshold and option; docs/sources.md has a table of them all with their sources."""

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
"""Smallest and largest value of settings by name."""
ALLOWED_BY_UNIT = {
    "_deg_s": (0.1, 1000),
    "_deg": (0.1, 180),
    "_percent": (0.1, 1000),
    "_hz": (0.5, 30),
    "_px": (1, 4096),
    "_s": (0.01, 600),
}
"""The same for the others, by the end of their name; the first that fits counts."""


class Mirrored(Enum):
    """Whether the phone flipped the picture left for right."""

    YES = "yes"
    NO = "no"
    AUTO = "auto"


class Step(Enum):
    """A step of the measurement that can be left out, to see what it gains (`hipcv validate --ablation`)."""

    REGISTRATION = "registration"
    """The turn of the shank measured on the picture; without it, on landmarks alone."""
    SPACE = "space"
    """From the plane of the picture to the hip: where the thigh points, and a knee that opens."""
    PELVIS = "pelvis"
    """A pelvis that tilts with the leg, taken off."""
    UPRIGHT = "upright"
    """The lean of the phone, where the angle is counted from the vertical."""
    BOTH_SIDES = "both_sides"
    """Landmarks looked for in the mirrored picture too, so that no side is favoured."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a measurement is made with; the defaults are what the documentation describes."""

    mirrored: Mirrored = Mirrored.AUTO
    without: frozenset[Step] = frozenset()
    """Steps that are left out."""

    # Picture
    long_side_px: int = 960
    """Frames are shrunk to this before inference; the network itself looks at 256 px of the person."""
    analysis_rate_hz: float = 29.0
    """Every k-th frame is taken, with k as large as keeps at least this rate; the motion is below 1 Hz."""

    # Gaps and filter
    longest_gap_s: float = 0.25
    """Longer gaps stay gaps: a quarter second is half of a short hold."""
    cutoff_hz: float = 6.0
    """Zero-lag Butterworth of 4th order on coordinates, the common default of marker-less kinematics (Sports2D)."""
    min_visibility: float = 0.5
    """MediaPipe's own default threshold of confidence."""

    # Rest posture
    rest_speed_deg_s: float = 12.0
    """Slower than this counts as still: about four times the jitter of the landmarks after the filter."""
    rest_limit_deg: float = 15.0
    """A shank at rest hangs within this of the vertical of the picture; a phone leans by a few degrees at most."""
    min_rest_s: float = 0.3
    rest_posture_deg: float = 5.0
    """A rest posture further askew than this, beyond what both legs share, is no zero: 2.5 standard deviations of a relaxed leg."""
    knee_slack: float = 0.15
    """Knee movement up to this share of a shank is taken for the foot dragging the landmark: 0.05 to 0.14 by model."""

    # Repetitions
    min_excursion_deg: float = 5.0
    """Below this nothing is called a repetition: half of the smallest range worth testing, and three times what a resting leg shows."""
    min_prominence: float = 0.5
    """Two peaks are two repetitions if the angle falls by this share of the smaller one in between."""
    min_relative_excursion: float = 0.35
    """A swing below this share of the leg's own usual one in that direction is not a repetition."""
    speed_cutoff_hz: float = 3.0
    """Speeds are taken from a smoother curve: the shake of a hand-held phone is faster than a swing."""
    hold_band_deg: float = 3.0
    hold_speed_deg_s: float = 15.0
    min_hold_s: float = 0.25
    """A plateau: within the band of its top and slower than the speed for at least this long; a hold that can be read lasts about 0.3 s."""
    end_percentile_registered: float = 80.0
    """Of a plateau measured on the picture, which is steady to 0.2°: a held leg sinks by about 1° from where it got to."""
    max_hold_s: float = 10.0
    """What is held longer is another way of sitting, not a repetition."""
    min_reps: int = 2
    """No verdict on fewer; three are the convention of the seated test."""
    max_rep_spread_deg: float = 8.0
    """No verdict if repetitions of one direction differ by more: above the worst minimal detectable change by hand (Gradoz et al. 2018)."""

    # Compensation: a tilt imitates rotation about one to one
    compensation_warn_deg: float = 5.0
    compensation_reject_deg: float = 10.0
    pelvis_noise_deg: float = 2.0
    """A tilt of the pelvis that stands out from what a quiet person shows: more than two standard deviations."""
    knee_travel_warn_percent: float = 25.0
    """Sideways way of the knee during a hold, of a shank: beyond the drag of the landmarks, so the thigh itself moved."""

    # Second look at the pictures (registration.py)
    worst_misfit: float = 0.45
    """A picture of which less than about half is explained is not measured."""
    landmark_gap_deg: float = 18.0
    """A registered turn further than this from what the landmarks show locked on something else: twice their usual drag."""

    # Uncertainty
    registration_sd_deg: float = 0.6
    """What a registered turn errs by beyond its own noise: skin over bone, an ankle that gives."""
    view_sd_deg: float = 1.0
    """The same for a thigh that points 15° past the camera; it grows with the cube of that angle, as a knee that opens then looks like rotation."""
    landmark_sd_deg: float = 4.0
    """One standard deviation of what landmarks misread at an end range: a knee that is 0.07 of a shank astray."""
    rep_sd_deg: float = 3.0
    """Spread assumed where there is a single repetition: the seated test's standard error of measurement (Gradoz et al. 2018)."""
    rest_sd_deg: float = 1.2
    """How far a leg that hangs by its own weight may lie from the clinical zero."""
    roll_sd_deg: float = 3.0
    """How far a phone that somebody set upright may lean, where nothing in the picture tells."""
    roll_known_deg: float = 1.5
    """A lean known worse than this gives no verdict on one direction counted from the vertical: it enters the difference twice."""
    vertical_sd_deg: float = 2.0
    """How far landmarks misread the line of a hanging shank against the vertical."""
    tilt_noise_deg: float = 3.0
    """Tilt of the hip line that landmarks show in a person who keeps still."""

    # Verdicts: "within 10° = equal" (Ellison et al. 1990), and what exceeds the error of measurement
    notice_direction_deg: float = 10.0
    notice_total_deg: float = 12.0
    large_direction_deg: float = 15.0
    large_total_deg: float = 20.0

    # Findings
    roll_warn_deg: float = 4.0
    yaw_warn_deg: float = 7.0
    """Sideways offset of the knees as an angle; the hip points under-read a turn by about a third."""
    thigh_aside_warn_deg: float = 18.0
    """A thigh that points past the camera by more: an opening of 10° at the knee then looks like 3° of rotation."""
    min_frame_rate_hz: float = 20.0
    """Below this a hold of a third of a second has fewer than seven frames."""
    min_shank_px: float = 90.0
    """A shorter shank reads worse than 1.3 degrees for a landmark 1.5 px astray."""
    dark_level: float = 45.0
    """Mean brightness of the person's box, of 255."""
    blur_level: float = 0.5
    """Share of detail that outlasts another blur: a person 480 px high reads up to 0.44 softened by 1 px, and 0.54 or more by 3 px."""
    min_leg_in_view_s: float = 2.0

    def changed(self, changes: Iterable[str]) -> "Settings":
        """These settings with some of their numbers changed, each given as `NAME=NUMBER`.

        >>> Settings().changed(["notice_total_deg=15"]).notice_total_deg
        15.0

        Raises
        ------
        ValueError
            No such number, or not a number, with a sentence that says what there is.
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
    """The smallest and the largest value that a setting may be changed to; beyond them nothing sensible is measured.

    >>> allowed("cutoff_hz")
    (0.5, 30)
    """
    return ALLOWED.get(name) or next(span for ending, span in ALLOWED_BY_UNIT.items() if name.endswith(ending))
