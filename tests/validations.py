"""Validations made by hand, for the files that show them."""

from dataclasses import replace
from typing import Any

from hipcv.settings import Step
from hipcv.statistics.agreement import BOTH_SIDES, Row, statistics
from hipcv.validation.comparison import Ablation, Camera, FrameError, Reference, Validation


def a_row(true_deg: float, error_deg: float, clip: str = "a.mp4", quantity: str = "internal", side: str = "left", half: float = 4.0) -> Row:
    """One angle with an error of our choice."""
    measured_deg = true_deg + error_deg
    return Row(clip, side, quantity, true_deg, measured_deg, measured_deg - half, measured_deg + half)


ROWS = (
    a_row(30.0, 1.0),
    a_row(42.0, -2.0, quantity="external"),
    a_row(72.0, -1.0, quantity="total"),
    a_row(25.0, 0.5, clip="b.mp4"),
    a_row(38.0, -5.0, clip="b.mp4", quantity="external"),
)
ASYMMETRY = (a_row(-4.0, 1.5, side=BOTH_SIDES),)


def a_validation(**choices: Any) -> Validation:
    """Two clips, five angles, one of them outside its interval, everything known of them."""
    validation = Validation(
        model="full",
        rows=ROWS,
        n_clips=2,
        n_true_reps=12,
        n_missed=1,
        n_invented=0,
        warned=frozenset({"b.mp4"}),
        warned_legs=frozenset({("b.mp4", "left")}),
        failures=("c.truth.json: c.mp4: there is no such file.",),
        asymmetry=ASYMMETRY,
        frames=(FrameError("a.mp4", "left", 200, 198, 1.25), FrameError("b.mp4", "right", 100, 0, None)),
        cameras={"a.mp4": Camera(3.0, 0.5), "b.mp4": Camera(-22.0, None)},
        ablation=(
            Ablation(Step.REGISTRATION.value, statistics(ROWS), statistics(ASYMMETRY), 4.0, 2, 0, 0),
            Ablation(Step.PELVIS.value, None, None, None, 12, 0, 5),
        ),
    )
    return replace(validation, **choices)


def by_hand(**choices: Any) -> Validation:
    """The same against a goniometer: neither camera nor frames nor repetitions are known."""
    unknown: dict[str, Any] = {"frames": (), "cameras": {}, "ablation": (), "n_true_reps": 0, "n_missed": 0}
    return a_validation(**{**unknown, "reference": Reference.GONIOMETER, "unpaired": ("d: no line of the table",), **choices})


def nothing() -> Validation:
    """No clip could be measured."""
    empty: dict[str, Any] = {
        "rows": (),
        "asymmetry": (),
        "frames": (),
        "cameras": {},
        "ablation": (),
        "warned": frozenset(),
        "warned_legs": frozenset(),
    }
    return a_validation(**empty)
