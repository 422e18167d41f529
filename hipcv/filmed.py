"""What is known of a clip that was filmed with hipcv itself: the camera, and the movements that the coach saw. The coach measures nothing.

The coach runs in a browser, so all of it comes from outside and is checked: `filmed_of` takes nothing that is out of bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hipcv.landmarks import Side
from hipcv.values import Direction, plain_fields

_MOST_MOVEMENTS = 200
_LONGEST_S = 3600.0
_MOST_LOOKS_PER_S = 1000.0


class Lens(Enum):
    """The camera, as browsers name them. Neither recording is mirrored."""

    USER = "user"
    """On the side of the screen."""
    ENVIRONMENT = "environment"
    """On the back."""


class Against(Enum):
    """Why the coach did not count a movement."""

    NOTHING = ""
    NO_HOLD = "no_hold"
    PELVIS = "pelvis"


class Ended(Enum):
    """How the filming ended."""

    COMPLETE = "complete"
    ASKED = "asked"
    LEFT = "left"
    LONG = "long"
    LOST = "lost"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SeenMovement:
    """A movement as the coach saw it, in seconds of the recording; `hold_s` is first and last moment of the hold."""

    side: Side
    direction: Direction
    start_s: float
    end_s: float
    hold_s: tuple[float, float] | None
    against: Against

    @property
    def counts(self) -> bool:
        """Whether the coach counted it."""
        return self.against is Against.NOTHING


@dataclass(frozen=True, slots=True)
class Filmed:
    """What the coach told of a recording."""

    camera: Lens
    ended: Ended
    looks_per_s: float
    movements: tuple[SeenMovement, ...]

    def document(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "camera": self.camera.value,
            "ended": self.ended.value,
            "looks_per_s": self.looks_per_s,
            "movements": [plain_fields(one) for one in self.movements],
        }


def filmed_of(document: Any) -> Filmed:
    """From the output of `document`, or what a browser has sent.

    Raises
    ------
    ValueError
        It is something else.
    """
    try:
        movements = document["movements"]
        if not isinstance(movements, list) or len(movements) > _MOST_MOVEMENTS:
            raise ValueError("no list of movements")
        looks_per_s = _between(document["looks_per_s"], 0, _MOST_LOOKS_PER_S)
        return Filmed(Lens(document["camera"]), Ended(document["ended"]), looks_per_s, tuple(_movement(one) for one in movements))
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"not what a coach tells: {problem}") from None


def _movement(one: Mapping[str, Any]) -> SeenMovement:
    start_s, end_s = (_between(one[name], 0, _LONGEST_S) for name in ("start_s", "end_s"))
    hold = one["hold_s"]
    if hold is not None:
        first_s, last_s = (_between(value, 0, _LONGEST_S) for value in hold)
        hold = first_s, last_s
    return SeenMovement(Side(one["side"]), Direction(one["direction"]), start_s, end_s, hold, Against(one["against"]))


def _between(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{value!r} is not within {least:g} and {most:g}")
    return float(value)
