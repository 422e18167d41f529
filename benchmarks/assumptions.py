"""The error of hipcv by assumption: drawn people, exactly known angles, one thing at a time that is not as the method would have it.

    python benchmarks/assumptions.py [--only yaw,rest] [--people 2] [--jobs 1] [--json FILE]

It needs neither video nor pose network. Another version of hipcv is measured with the same drawings by setting PYTHONPATH to it. Every
person is the same in all rows, so rows can be compared with each other.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from drawn_clip import DrawnClip, Setting

from hipcv.codes import Severity
from hipcv.errors import HipcvError
from hipcv.landmarks import Side
from hipcv.measurement import Measurement, ModelInfo, Range, Rep
from hipcv.pipeline import evaluate
from hipcv.settings import Mirrored, Settings
from hipcv.values import Z95, Direction

IDEAL = Setting()
_WRONG_DEG = 5.0
_HEAD = (
    "assumption", "value", "end ranges", "IR mean abs.", "ER mean abs.", "IR bias", "ER bias", "largest", "right − left", "half width",
    "inside", "z-sd", "registered", "wrong without warning",
)  # fmt: skip


def _at_focal(mm: float) -> Setting:
    """A lens of this length, from where the person is as large as in the ideal clip."""
    return replace(IDEAL, focal_mm=mm, distance_m=IDEAL.distance_m * mm / IDEAL.focal_mm)


SWEEPS: dict[str, dict[str, Setting]] = {
    "yaw": {f"{deg}°": replace(IDEAL, yaw_deg=deg) for deg in (0, 10, 20, 28)},
    "abduction": {f"{deg}°": replace(IDEAL, abduction_deg=deg) for deg in (0, 8, 17)},
    "opening_er": {f"{deg}°": replace(IDEAL, opening_er_deg=deg) for deg in (0, 10, 20, 35)},
    "opening_ir": {f"{deg}°": replace(IDEAL, opening_ir_deg=deg) for deg in (0, 10)},
    "drift": {f"{deg}°": replace(IDEAL, drift_deg=deg) for deg in (0, 4, 10)},
    "rest": {
        "0°": IDEAL,
        "both −6°": replace(IDEAL, rest_left_deg=-6, rest_right_deg=-6),
        "both +6°": replace(IDEAL, rest_left_deg=6, rest_right_deg=6),
        "left +6°": replace(IDEAL, rest_left_deg=6),
    },
    "focal": {f"{mm} mm at {_at_focal(mm).distance_m:.1f} m": _at_focal(mm) for mm in (13, 18, 24, 28, 35, 40)},
    "distance": {f"{m} m": replace(IDEAL, distance_m=m) for m in (1.5, 2.5, 4.0)},
    "pitch": {f"{deg}°": replace(IDEAL, pitch_deg=deg) for deg in (-15, 0, 15)},
    "roll": {f"{deg}°": replace(IDEAL, roll_deg=deg) for deg in (0, 6)},
    "clothes": {one: replace(IDEAL, clothes=one) for one in ("skin", "tight", "loose")},
}
"""By assumption and value. Rest: outward positive; pitch: up positive; drift: knee away from the foot; focal: equivalent on the diagonal."""


@dataclass(frozen=True, slots=True)
class EndRange:
    """One leg and direction of one clip, deg; what was measured is None where there is no range."""

    person: int
    side: str
    direction: str
    true_deg: float
    """Mean of the repetitions that counted, of all if none did."""
    got_deg: float | None
    half_width_deg: float | None
    registered_share: float
    warnings: tuple[str, ...]
    """Codes of warnings and serious findings on this leg; of all findings if the clip was refused."""

    @property
    def error_deg(self) -> float:
        """Measured less true; NaN where nothing was measured."""
        return float("nan") if self.got_deg is None else self.got_deg - self.true_deg

    @property
    def half_deg(self) -> float:
        """Half width of the stated interval; NaN where nothing was measured."""
        return float("nan") if self.half_width_deg is None else self.half_width_deg

    @property
    def misleads(self) -> bool:
        """Whether it is wrong beyond its own interval, and nothing says so."""
        return abs(self.error_deg) > max(_WRONG_DEG, self.half_deg) and not self.warnings


def end_ranges(setting: Setting, person: int) -> list[EndRange]:
    """Draw one clip, measure it, and compare: both legs, both directions."""
    cv2.setNumThreads(1)
    clip = DrawnClip(setting, person)
    try:
        measured = evaluate(clip.capture(), ModelInfo("drawn", "0" * 64), Settings(mirrored=Mirrored.NO))
    except HipcvError as problem:
        return [_refused(clip, person, side, direction, str(problem)) for side in Side for direction in Direction]
    return [_compared(clip, person, measured, side, direction) for side in Side for direction in Direction]


def _true_deg(clip: DrawnClip, side: Side, direction: Direction, counted: Sequence[Rep]) -> float:
    """Mean true end range of the repetitions that were counted, or of all."""
    drawn = [rep for rep in clip.protocol.reps if rep.side is side and rep.direction is direction]
    middles_s = [(rep.hold_start_s + rep.hold_end_s) / 2 for rep in counted]
    met = [rep for rep in drawn if any(rep.start_s <= middle_s < rep.end_s for middle_s in middles_s)]
    return float(np.mean([rep.end_range_deg for rep in met or drawn]))


def _refused(clip: DrawnClip, person: int, side: Side, direction: Direction, why: str) -> EndRange:
    return EndRange(person, side.value, direction.value, _true_deg(clip, side, direction, ()), None, None, 0.0, (why,))


def _compared(clip: DrawnClip, person: int, measured: Measurement, side: Side, direction: Direction) -> EndRange:
    hip = measured.hips[side]
    counted = [rep for rep in hip.reps if rep.usable and rep.direction is direction]
    found: Range | None = hip.internal_rotation_deg if direction is Direction.INTERNAL else hip.external_rotation_deg
    warnings = tuple(
        str(one.code) for one in measured.findings if one.severity is not Severity.INFO and one.values.get("side") == side.value
    )
    return EndRange(
        person,
        side.value,
        direction.value,
        _true_deg(clip, side, direction, counted),
        found.value if found else None,
        (found.high - found.low) / 2 if found else None,
        float(np.mean([np.isfinite(rep.sd_deg) for rep in counted])) if counted else 0.0,
        warnings,
    )


def row(assumption: str, value: str, ends: Sequence[EndRange]) -> dict[str, Any]:
    """One row of the table; angles in degrees, shares 0 to 1."""
    error, half = (np.array([getattr(end, name) for end in ends]) for name in ("error_deg", "half_deg"))
    seen = np.isfinite(error)
    inward = np.array([end.direction == Direction.INTERNAL.value for end in ends])
    outcome = {"assumption": assumption, "value": value, "n": int(seen.sum()), "of": len(ends)}
    for name, own in (("ir", inward & seen), ("er", ~inward & seen)):
        outcome[f"{name}_abs_deg"], outcome[f"{name}_bias_deg"] = _mean(np.abs(error[own])), _mean(error[own])
    return {
        **outcome,
        "largest_deg": float(np.abs(error[seen]).max()) if seen.any() else float("nan"),
        "right_left_deg": _mean(np.abs(_right_left(ends))),
        "half_width_deg": _mean(half[seen]),
        "inside": _mean(np.abs(error[seen]) <= half[seen]),
        "z_sd": _mean((error[seen] / half[seen] * Z95) ** 2) ** 0.5,
        "registered": _mean([end.registered_share for end in ends]),
        "misleading": sum(end.misleads for end in ends),
    }


def _right_left(ends: Iterable[EndRange]) -> Any:
    """Error of right minus left, of every person and direction that has both."""
    by_leg = {(end.person, end.direction, end.side): end.error_deg for end in ends}
    right, left = Side.RIGHT.value, Side.LEFT.value
    apart = np.array([by_leg[person, way, right] - by_leg[person, way, left] for person, way, side in by_leg if side == right])
    return apart[np.isfinite(apart)]


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def table(rows: Iterable[dict[str, Any]]) -> str:
    """All rows in Markdown."""
    lines = ["| " + " | ".join(_HEAD) + " |", "| --- | --- |" + " ---: |" * (len(_HEAD) - 2)]
    for one in rows:
        angles = [f"{one[f'{name}_deg']:.1f}" for name in ("ir_abs", "er_abs")] + [
            f"{one[f'{name}_bias_deg']:+.1f}" for name in ("ir", "er")
        ]
        angles += [f"{one[f'{name}_deg']:.1f}" for name in ("largest", "right_left", "half_width")]
        shares = [f"{one['inside']:.0%}", f"{one['z_sd']:.2f}", f"{one['registered']:.0%}"]
        cells = [one["assumption"], one["value"], f"{one['n']} of {one['of']}", *angles, *shares, str(one["misleading"])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def measure_all(sweeps: dict[str, dict[str, Setting]], people: Sequence[int], n_jobs: int) -> dict[Setting, list[EndRange]]:
    """End ranges of every setting that occurs, each measured once."""
    settings = list(dict.fromkeys(setting for values in sweeps.values() for setting in values.values()))
    tasks = [(setting, person) for setting in settings for person in people]
    done: dict[Setting, list[EndRange]] = {setting: [] for setting in settings}
    with ProcessPoolExecutor(n_jobs) as pool:
        for k, ((setting, _), ends) in enumerate(zip(tasks, pool.map(end_ranges, *zip(*tasks, strict=True)), strict=True)):
            done[setting] += ends
            print(f"{k + 1} of {len(tasks)} clips", end="\r", file=sys.stderr, flush=True)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help=f"some of {','.join(SWEEPS)}")
    parser.add_argument("--people", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sweeps = {name: SWEEPS[name] for name in options.only.split(",")} if options.only else SWEEPS
    start = time.perf_counter()
    done = measure_all(sweeps, range(1, options.people + 1), options.jobs)
    rows = [row(name, value, done[setting]) for name, values in sweeps.items() for value, setting in values.items()]
    print(table(rows))
    print(f"\n{len(done)} settings, {options.people} people each: {time.perf_counter() - start:.0f} s")
    if options.json:
        ends = [
            {"assumption": name, "value": value, **asdict(end)}
            for name, values in sweeps.items()
            for value, setting in values.items()
            for end in done[setting]
        ]
        options.json.write_text(json.dumps({"rows": rows, "end_ranges": ends}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
