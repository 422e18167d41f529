"""Redraw docs/study.png, the figure of `hipcv study --figure`, from simulated numbers: python scripts/draw_study.py."""

from pathlib import Path

import numpy as np

from hipcv.settings import Settings
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.study.cohort import Angle, Cohort
from hipcv.study.figure import write_figure
from hipcv.study.study import study

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "study.png"
N_SUBJECTS, SEED = 20, 1
TYPICAL = {"internal": (33.0, 8.0), "external": (44.0, 9.0)}
"""Mean and standard deviation over persons in degrees, close to those published for young adults."""
SIDES_SD_DEG, SESSION_SD_DEG, ERROR_SD_DEG, REFERENCE_SD_DEG = 5.0, 1.0, 1.8, 2.0


def main() -> None:
    """Simulate twenty persons in two sessions, each measured by hipcv and by hand, and draw the figure."""
    rng = np.random.default_rng(SEED)
    angles, differences = [], []
    for subject in map(str, range(N_SUBJECTS)):
        usual = {quantity: (rng.normal(mean, sd), rng.normal(0, SIDES_SD_DEG) / 2) for quantity, (mean, sd) in TYPICAL.items()}
        for session in ("1", "2"):
            whose = (f"{subject}-{session}.mp4", subject, session, "")
            read: dict[tuple[str, str], float] = {}
            for quantity, (middle, half) in usual.items():
                for side, sign in (("right", 1), ("left", -1)):
                    true = middle + sign * half + rng.normal(0, SESSION_SD_DEG)
                    value = read[quantity, side] = true + rng.normal(0, ERROR_SD_DEG)
                    by_hand = float(round(true + rng.normal(0, REFERENCE_SD_DEG)))
                    angles.append(Angle(*whose, side, quantity, value, value - 4, value + 4, by_hand))
            apart = {quantity: read[quantity, "right"] - read[quantity, "left"] for quantity in TYPICAL}
            apart["total"] = sum(apart.values())
            differences += [Angle(*whose, BOTH_SIDES, quantity, value) for quantity, value in apart.items()]
    settings = Settings()
    cohort = Cohort(tuple(angles), tuple(differences), settings.notice_direction_deg, settings.notice_total_deg)
    write_figure(study(cohort), PICTURE)


if __name__ == "__main__":
    main()
