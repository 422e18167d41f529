"""What documents, tables and catalogues call things: one home for each list, and none is written twice."""

from enum import Enum, StrEnum

from hipcv.values import Direction


class Quantity(StrEnum):
    """What is measured of each hip and compared between them, in the order in which it is told."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    TOTAL = "total"

    @property
    def field(self) -> str:
        """What the measurement and its documents call it."""
        return "total_deg" if self is Quantity.TOTAL else f"{self}_rotation_deg"

    @classmethod
    def of(cls, direction: Direction) -> "Quantity":
        """Rotation in one direction."""
        return cls(direction.value)


class Severity(Enum):
    """How much a finding weighs: a remark, a caveat to the number, or a reason to film again."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


class Verdict(Enum):
    """What may be said of a difference between the sides; it follows the interval, not the point."""

    WITHIN_ERROR = "within_measurement_error"
    SMALL = "small_difference"
    DIFFERENT = "difference"
    LARGE = "large_difference"
    NONE = "no_verdict"


class Grade(Enum):
    """How much of a repetition is the hip's own."""

    CLEAN = "clean"
    CORRECTED = "corrected"
    """The pelvis tilted along, and what it added was taken off."""
    SPOILED = "spoiled"
    """The pelvis or the trunk tilted along, and what that added could not be taken off: the interval says how much, or the repetition
    does not count."""


class Reason(StrEnum):
    """Why a repetition does not count, or what to bear in mind if it does."""

    NO_HOLD = "no_hold"
    INCOMPLETE = "incomplete"
    HIDDEN = "hidden"
    BOTH_LEGS = "both_legs"
    COMPENSATION = "compensation"
    COMPENSATION_SPOILED = "compensation_spoiled"
    NOT_SEATED = "not_seated"
    IMPLAUSIBLE = "implausible"

    @property
    def rules_out(self) -> bool:
        """Whether the repetition does not count."""
        return self not in {Reason.NO_HOLD, Reason.COMPENSATION}


class FindingCode(StrEnum):
    """What may stand beside a number; the sentences are in `catalogues/LANGUAGE/findings.toml`."""

    CLIP_CUT = "clip_cut"
    DAMAGED_FRAMES = "damaged_frames"
    BAD_TIMES = "bad_times"
    TIME_GAP = "time_gap"
    LOW_FRAME_RATE = "low_frame_rate"
    POOR_LIGHT = "poor_light"
    BLUR = "blur"
    PERSON_LOST = "person_lost"
    TOO_FAR = "too_far"
    LEG_OUT_OF_PICTURE = "leg_out_of_picture"
    FOOT_OUT_OF_PICTURE = "foot_out_of_picture"
    SCENE_JUMP = "scene_jump"
    SECOND_PERSON = "second_person"
    SIDES_SWAPPED = "sides_swapped"
    CAMERA_ROLLED = "camera_rolled"
    CAMERA_TURNED = "camera_turned"
    MIRRORED_AGAINST_FILE = "mirrored_against_file"
    MIRRORED_AGAINST_CAMERA = "mirrored_against_camera"
    MIRRORED_UNKNOWN = "mirrored_unknown"
    MIRRORED_ASSUMED_NO = "mirrored_assumed_no"
    LEG_NOT_TESTED = "leg_not_tested"
    LANDMARKS_ONLY = "landmarks_only"
    THIGH_ASIDE = "thigh_aside"
    NO_REST = "no_rest"
    REST_POSTURE = "rest_posture"
    REST_CHANGED = "rest_changed"
    KNEE_TRAVEL = "knee_travel"
    DIRECTION_NOT_TESTED = "direction_not_tested"
    TOO_FEW_REPS = "too_few_reps"
    NO_HOLD = "no_hold"
    COMPENSATION = "compensation"
    REPS_DIFFER = "reps_differ"


class NotRegistered(StrEnum):
    """Why the shank could not be registered in the picture."""

    NO_REST = "no_rest"
    """The leg was never seen at rest, so it has no template."""
    NO_END_RANGE = "no_end_range"
    """No repetition counts, so there is nothing to solve the view with."""
    STAYS_IN_PLACE = "stays_in_place"
    """The leg never leaves its place, so what is behind it was never seen."""
    LIKE_ITS_SURROUNDINGS = "like_its_surroundings"
    """The leg hardly stands out from what is behind it."""


class Doubt(StrEnum):
    """Why nothing is said of a difference between the hips."""

    SCENE_JUMP = "scene_jump"
    DAMAGED_FRAMES = "damaged_frames"
    MIRRORED_AGAINST_FILE = "mirrored_against_file"
    FEW_REPS = "few_reps"
    REPS_DIFFER = "reps_differ"
    COMPENSATION = "compensation"
    LEAN_UNKNOWN = "lean_unknown"
