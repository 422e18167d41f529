"""Cohorts made by hand, and published data, for the files that compute and show studies."""

import csv
from typing import Any

from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.study.cohort import Angle, Cohort

WRIGHT = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
WRIGHT_AGAIN = (490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421)
MINI_WRIGHT = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
"""Bland & Altman 1986, table 1: peak expiratory flow of 17 persons, l/min."""

CARDIAC = {
    1: ((7.83, 6.57), (7.42, 5.62), (7.89, 6.9), (7.12, 6.57), (7.88, 6.35)),
    2: ((6.16, 4.06), (7.26, 4.29), (6.71, 4.26), (6.54, 4.09)),
    3: ((4.75, 4.71), (5.24, 5.5), (4.86, 5.08), (4.78, 5.02), (6.05, 6.01), (5.42, 5.67)),
    4: ((4.21, 4.14), (3.61, 4.2), (3.72, 4.61), (3.87, 4.68), (3.92, 5.04)),
    5: ((3.13, 3.03), (2.98, 2.86), (2.85, 2.77), (3.17, 2.46), (3.09, 2.32), (3.12, 2.43)),
    6: ((5.92, 5.9), (6.42, 5.81), (5.92, 5.7), (6.27, 5.76)),
    7: ((7.13, 5.09), (6.62, 4.63), (6.58, 4.61), (6.93, 5.09)),
    8: ((4.54, 4.72), (4.81, 4.61), (5.11, 4.36), (5.29, 4.2), (5.39, 4.36), (5.57, 4.2)),
    9: ((4.48, 3.17), (4.92, 3.12), (3.97, 2.96)),
    10: ((4.22, 4.35), (4.65, 4.62), (4.74, 3.16), (4.44, 3.53), (4.5, 3.53)),
    11: ((6.78, 7.2), (6.07, 6.09), (6.52, 7.0), (6.42, 7.1), (6.41, 7.4), (5.76, 6.8)),
    12: ((5.06, 4.5), (4.72, 4.2), (4.9, 3.8), (4.8, 3.8), (4.9, 4.2), (5.1, 4.5)),
}
"""Bland & Altman 1999 and 2007: cardiac output of 12 persons by two methods, l/min."""


def an_angle(value_deg: float, subject: str = "a", session: str = "1", **choices: Any) -> Angle:
    """Internal rotation of a right hip, of a clip named after subject and session."""
    known = {"clip": f"{subject}{session}.mp4", "group": "", "side": "right", "quantity": "internal", **choices}
    return Angle(subject=subject, session=session, value_deg=value_deg, **known)


def a_cohort(*angles: Angle, differences: tuple[Angle, ...] = (), **choices: Any) -> Cohort:
    """With the usual limits."""
    return Cohort(angles, differences, notice_direction_deg=10.0, notice_total_deg=12.0, **choices)


INTERNAL = {"a": (30, 32), "b": (40, 40), "c": (25, 27), "d": (35, 33)}
"""Two sessions of four subjects: later minus earlier is 2, 0, 2, −2; mean 0.5, sum of squares about it 11, so MSE is 11 / 6."""


def four_twice(**choices: Any) -> Cohort:
    """Four subjects, two sessions, both hips: the left reads 1° less, external rotation 10° more, the reference 1° less than measured."""
    angles, differences = [], []
    for place, (subject, sessions) in enumerate(INTERNAL.items()):
        for session, value in zip("12", sessions, strict=True):
            group = "control" if place < 2 else "patient"
            for side, less in (("right", 0), ("left", 1)):
                for quantity, more in (("internal", 0), ("external", 10)):
                    deg = value - less + more
                    told = {"low_deg": deg - 4, "high_deg": deg + 4, "reference_deg": deg - 1 + place % 2}
                    angles.append(an_angle(deg, subject, session, side=side, quantity=quantity, group=group, **told))
            differences += [an_angle(1, subject, session, side=BOTH_SIDES, quantity=q, group=group) for q in ("internal", "external")]
            differences.append(an_angle(2, subject, session, side=BOTH_SIDES, quantity="total", group=group))
    return a_cohort(*angles, differences=tuple(differences), **choices)


def write_tables(cohort: Cohort, folder) -> None:
    """The two tables of a batch run."""
    shared = ("clip", "subject", "session", "group", "value_deg", "low_deg", "high_deg", "reference_deg")
    for name, angles, own in (
        ("measurements.csv", cohort.angles, {"side": "side", "direction": "quantity", "serious": "serious"}),
        ("asymmetry.csv", cohort.differences, {"quantity": "quantity"}),
    ):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow([*shared, *own])
            for one in angles:
                cells = [getattr(one, field) for field in (*shared, *own.values())]
                table.writerow(["" if cell is None else str(cell).lower() if isinstance(cell, bool) else cell for cell in cells])
