"""Names used in documents, tables and catalogues: every list is defined here, and only here."""

from enum import Enum, StrEnum

from hipcv.values import Direction


class Quantity(StrEnum):
    """Quantities measured on each hip and compared between hips, in the order of presentation."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    TOTAL = "total"

    @property
    def field(self) -> str:
        """Name of the field in the measurement and its documents."""
        return "total_deg" if self is Quantity.TOTAL else f"{self}_rotation_deg"

    @classmethod
    def of(cls, direction: Direction) -> "Quantity":
        """The quantity for rotation in one direction."""
        return cls(direction.value)


class Severity(Enum):
    """Weight of a finding: a remark, a caveat to the number, or a reason to film again."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


class Verdict(Enum):
    """Verdict on a difference between the sides; it follows the interval, not the point estimate."""

    WITHIN_ERROR = "within_measurement_error"
    SMALL = "small_difference"
    DIFFERENT = "difference"
    LARGE = "large_difference"
    NONE = "no_verdict"


class Grade(Enum):
    """How far a repetition is free of compensation."""

    CLEAN = "clean"
    CORRECTED = "corrected"
    """The pelvis tilted with the leg, and its contribution was subtracted."""
    SPOILED = "spoiled"
    """The pelvis or trunk tilted with the leg, and its contribution could not be subtracted: the interval allows for it, or the repetition
    does not count."""


class Reason(StrEnum):
    """Reason why a repetition does not count, or a caveat if it does."""

    NO_HOLD = "no_hold"
    INCOMPLETE = "incomplete"
    NOT_FILMED = "not_filmed"
    HIDDEN = "hidden"
    BOTH_LEGS = "both_legs"
    COMPENSATION = "compensation"
    COMPENSATION_SPOILED = "compensation_spoiled"
    NOT_SEATED = "not_seated"
    IMPLAUSIBLE = "implausible"
    KNEE_STRAIGHTENS = "knee_straightens"
    EXCLUDED_BY_REVIEWER = "excluded_by_reviewer"
    INCLUDED_BY_REVIEWER = "included_by_reviewer"
    ADDED_BY_REVIEWER = "added_by_reviewer"
    POINTS_BY_HAND = "points_by_hand"

    @property
    def rules_out(self) -> bool:
        """Whether this reason rules the repetition out, unless a reviewer accepts it nevertheless."""
        return self not in _CAVEATS

    @property
    def is_tilt(self) -> bool:
        """Whether pelvis or trunk tilted with the leg."""
        return self in {Reason.COMPENSATION, Reason.COMPENSATION_SPOILED}


_CAVEATS = {
    Reason.NO_HOLD,
    Reason.COMPENSATION,
    Reason.INCLUDED_BY_REVIEWER,
    Reason.ADDED_BY_REVIEWER,
    Reason.POINTS_BY_HAND,
}


class FindingCode(StrEnum):
    """Codes of findings; their sentences are in `catalogues/LANGUAGE/findings.toml`."""

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
    PICTURE_FROZEN = "picture_frozen"
    SECOND_PERSON = "second_person"
    SIDES_SWAPPED = "sides_swapped"
    CAMERA_ROLLED = "camera_rolled"
    CAMERA_TURNED = "camera_turned"
    MIRRORED_MIDWAY = "mirrored_midway"
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
    REPS_NOT_FILMED = "reps_not_filmed"
    KNEE_STRAIGHTENS = "knee_straightens"
    TOO_UNSURE = "too_unsure"
    AMBIGUOUS = "ambiguous"


class NotRegistered(StrEnum):
    """Reason why the shank could not be registered."""

    NO_REST = "no_rest"
    """The leg was never seen at rest, so it has no template."""
    NO_PICTURES = "no_pictures"
    """Its images cannot be used: somebody else is in them, or the phone was moved."""
    NO_END_RANGE = "no_end_range"
    """No repetition counts, so there is nothing to solve the view with."""
    STAYS_IN_PLACE = "stays_in_place"
    """The leg never leaves its place, so the background behind it was never seen."""
    LIKE_ITS_SURROUNDINGS = "like_its_surroundings"
    """The leg hardly differs from its background."""
    KNEE_STRAIGHTENS = "knee_straightens"
    """Its images show a knee that straightens as well as a hip that turns, so none of its movements counts."""


class Doubt(StrEnum):
    """Reason why there is no verdict on a difference between the hips."""

    SCENE_JUMP = "scene_jump"
    DAMAGED_FRAMES = "damaged_frames"
    MIRRORED_AGAINST_FILE = "mirrored_against_file"
    FEW_REPS = "few_reps"
    REPS_DIFFER = "reps_differ"
    COMPENSATION = "compensation"
    LEGS = "legs"
    """Several of these three reasons, on one leg or both."""
    LEAN_UNKNOWN = "lean_unknown"


REQUEST_PREFIX = "HIPCV:"
"""What stands before the code of a request for a measurement in a QR code that holds no address."""
