"""What a reviewer can change about a measurement, and how an edit is stored.

A repetition is named by a key, whose side is that of the measurement, also after `SwapSides`: `right-0` is `hips[RIGHT].reps[0]` of the
measurement, as its still is named; `right+3` is the one that edit number 3 added.
"""

import math
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from hipcv.landmarks import Side
from hipcv.values import Direction

Point = tuple[float, float]
"""x and y in px of the image as filmed."""
_KEY = re.compile(r"(left|right)([-+])(0|[1-9]\d{0,8})", re.ASCII)


class ExcludeReason(StrEnum):
    """Why a reviewer leaves a repetition out."""

    COMPENSATED = "compensated"
    """Hip or trunk moved in place of the rotation: the pelvis was hiked."""
    THIGH_MOVED = "thigh_moved"
    KNEE_EXTENDED = "knee_extended"
    STOPPED_EARLY = "stopped_early"
    """The end range was not reached."""
    PUSHED_BY_HAND = "pushed_by_hand"
    """Passive or assisted."""
    WRONG_MOVEMENT = "wrong_movement"
    POINTS_OFF = "points_off"
    NOT_VISIBLE = "not_visible"
    PAIN = "pain"
    OTHER = "other"


class ZeroChoice(StrEnum):
    """What the angles are counted from."""

    AS_MEASURED = "as_measured"
    REST = "rest"
    """The leg at rest hangs straight."""
    PICTURE = "picture"
    """The vertical of the image."""
    LINE = "line"
    """A vertical line in the image, such as a door frame."""


class PelvisRating(StrEnum):
    """What a reviewer saw of pelvis and trunk during a repetition."""

    STILL = "still"
    MOVED = "moved"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Exclude:
    """A repetition does not count."""

    rep: str
    reason: ExcludeReason
    words: str = ""
    """What the reviewer adds in words."""

    def __post_init__(self) -> None:
        side_of(self.rep)


@dataclass(frozen=True, slots=True)
class Include:
    """The reviewer accepts a repetition, also one that was not counted; what spoke against it stays as a caveat."""

    rep: str

    def __post_init__(self) -> None:
        side_of(self.rep)


@dataclass(frozen=True, slots=True)
class AddRep:
    """A repetition that was missed, marked on the curve."""

    side: Side
    direction: Direction
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s < math.inf:
            raise ValueError(f"{self.start_s} to {self.end_s} s is no span")


@dataclass(frozen=True, slots=True)
class MovePoints:
    """Knee and ankle placed by hand in one frame of a repetition."""

    rep: str
    time_s: float
    knee_px: Point
    ankle_px: Point

    def __post_init__(self) -> None:
        side_of(self.rep)
        _check_numbers(self.time_s, *self.knee_px, *self.ankle_px)
        if self.knee_px == self.ankle_px:
            raise ValueError("knee and ankle are the same point")


@dataclass(frozen=True, slots=True)
class SwapSides:
    """The image was mirrored, or was not although it was taken as such: right is left. Two of them cancel."""


@dataclass(frozen=True, slots=True)
class ChooseZero:
    """What the angles of both hips are counted from; a line has two ends, clicked in the frame at `time_s`."""

    zero: ZeroChoice
    line_px: tuple[Point, Point] | None = None
    time_s: float = 0.0

    def __post_init__(self) -> None:
        if (self.zero is ZeroChoice.LINE) != (self.line_px is not None):
            raise ValueError(f"{self.zero} with the line {self.line_px}")
        _check_numbers(self.time_s, *(number for point in self.line_px or () for number in point))


@dataclass(frozen=True, slots=True)
class RatePelvis:
    """What the reviewer saw of pelvis and trunk, in place of what was measured of their tilt."""

    rep: str
    rating: PelvisRating

    def __post_init__(self) -> None:
        side_of(self.rep)


Edit = Exclude | Include | AddRep | MovePoints | SwapSides | ChooseZero | RatePelvis


class Numbered(NamedTuple):
    """An edit with its number among those of its measurement, which grows with every edit and is never given twice."""

    number: int
    edit: Edit


_KINDS: dict[str, type[Any]] = {
    "exclude": Exclude,
    "include": Include,
    "add_rep": AddRep,
    "move_points": MovePoints,
    "swap_sides": SwapSides,
    "choose_zero": ChooseZero,
    "rate_pelvis": RatePelvis,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def kind_of(edit: Edit) -> str:
    """The name of its kind, as stored: `exclude`."""
    return _NAMES[type(edit)]


def side_of(rep: str) -> Side:
    """The measurement's own side of a repetition's key; raises `ValueError` if it is none."""
    if not isinstance(rep, str) or not (found := _KEY.fullmatch(rep)):
        raise ValueError(f"{rep!r} names no repetition")
    return Side(found[1])


def measured_key(side: Side, index: int) -> str:
    """`right-0`: the key of `hips[side].reps[index]` of the measurement."""
    return f"{side.value}-{index}"


def added_key(side: Side, number: int) -> str:
    """`right+3`: the key of the repetition that the edit with this number added."""
    return f"{side.value}+{number}"


def is_added(rep: str) -> bool:
    """Whether a key names a repetition that an edit added."""
    return "+" in rep


def to_plain(edit: Edit) -> dict[str, Any]:
    """The edit as JSON holds it, with its `kind` first."""
    return {"kind": kind_of(edit), **{field.name: _plain(getattr(edit, field.name)) for field in fields(edit)}}


def from_plain(plain: Mapping[str, Any]) -> Edit:
    """The edit from the output of `to_plain`; raises `ValueError` for anything else."""
    if not isinstance(plain, Mapping) or not isinstance(plain.get("kind"), str) or plain["kind"] not in _KINDS:
        raise ValueError(f"{str(plain)[:100]!r} is no edit")
    kind = _KINDS[plain["kind"]]
    hints = get_type_hints(kind)
    if plain.keys() != {"kind", *hints}:
        raise ValueError(f"{plain['kind']} has {', '.join(hints) or 'no values'}, not {', '.join(map(str, plain))[:100]}")
    edit: Edit = kind(**{name: _read(plain[name], hint) for name, hint in hints.items()})
    return edit


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _read(value: Any, hint: Any) -> Any:
    """A value as its field wants it."""
    if get_origin(hint) is types.UnionType:
        inner, _ = get_args(hint)  # X | None
        return None if value is None else _read(value, inner)
    if get_origin(hint) is tuple:
        return _read_all(value, get_args(hint))
    if hint is float:
        _check_numbers(value)
        return float(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if not isinstance(value, hint):
        raise ValueError(f"{str(value)[:100]!r} is no {hint.__name__}")
    return value


def _read_all(values: Any, hints: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(values, list | tuple) or len(values) != len(hints):
        raise ValueError(f"{str(values)[:100]!r} is no list of {len(hints)}")
    return tuple(_read(value, hint) for value, hint in zip(values, hints, strict=True))


def _check_numbers(*values: Any) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:  # NaN is not smaller either
            raise ValueError(f"{str(value)[:100]!r} is no number")
