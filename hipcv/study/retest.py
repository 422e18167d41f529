"""Test–retest reliability of subjects measured in several sessions, each side separately.

The two hips of a person are not independent, so no correlation is taken over both; only the standard error of measurement is pooled,
as a mean of two variances, which does not assume independence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcv.statistics.agreement import icc_2_1, mean_squares
from hipcv.statistics.estimate import Estimate, deviation, mean
from hipcv.study.cohort import Angle, means
from hipcv.study.sessions import FEWEST
from hipcv.values import Z95, FloatArray

POOLED = "both"
"""The `side` of results for both hips."""
_MDC_PER_SEM = Z95 * 2**0.5


@dataclass(frozen=True, slots=True, eq=False)
class Retest:
    """Reliability of one quantity; degrees unless stated otherwise."""

    side: str
    quantity: str
    n_subjects: int
    """With a value in every session compared."""
    n_incomplete: int
    """With a value in only some of these sessions; not used."""
    summary_deg: tuple[float, float] | None
    """Mean, and standard deviation of the subjects' means: a correlation means nothing without the spread. None for both sides."""
    change_deg: Estimate | None
    """Last session minus first; None for both sides."""
    icc: Estimate | None
    """ICC(A,1); None for both sides, or if all values are equal."""
    sem_deg: Estimate
    """Standard error of measurement: the root of the residual mean square of subjects × sessions."""
    values_deg: FloatArray
    """(n_subjects, n_sessions); empty for both sides."""

    @property
    def mdc95_deg(self) -> Estimate:
        """Minimal detectable change: 1.96 · √2 · standard error of measurement."""
        return Estimate(*(_MDC_PER_SEM * part for part in (self.sem_deg.value, self.sem_deg.low, self.sem_deg.high)))


def of_side(angles: Sequence[Angle], side: str, quantity: str, sessions: Sequence[str]) -> Retest | None:
    """One side and quantity, from subjects with a value in all sessions; several in one session are averaged. None for fewer than three.

    References
    ----------
    Shrout & Fleiss, *Psychol Bull* 1979;86:420–428, and McGraw & Wong, *Psychol Methods* 1996;1:30–46: ICC(2,1), also called ICC(A,1);
    Weir, *J Strength Cond Res* 2005;19:231–240: standard error of measurement √MSE, minimal detectable change.
    """
    some = [angle for angle in angles if (angle.side, angle.quantity) == (side, quantity) and angle.subject and angle.session in sessions]
    values = means(some, lambda angle: (angle.subject, angle.session))
    subjects = list(dict.fromkeys(angle.subject for angle in some))
    whole = [subject for subject in subjects if all((subject, session) in values for session in sessions)]
    if len(whole) < FEWEST:
        return None
    table = np.array([[values[subject, session] for session in sessions] for subject in whole])
    n, k = table.shape
    of_subjects = table.mean(axis=1)
    return Retest(
        side=side,
        quantity=quantity,
        n_subjects=n,
        n_incomplete=len(subjects) - n,
        summary_deg=(float(table.mean()), float(of_subjects.std(ddof=1))),
        change_deg=mean(table[:, -1] - table[:, 0]),
        icc=icc_2_1(table),
        sem_deg=deviation(max(mean_squares(table)[2], 0.0) ** 0.5, (n - 1) * (k - 1)),
        values_deg=table,
    )


def pooled(sides: Sequence[Retest]) -> Retest:
    """One quantity on two sides pooled: the root of the mean of the two squared standard errors of measurement.

    The interval is that of the side with fewer subjects alone, as if a person's second hip added no information: rather too wide than too
    narrow.
    """
    sem_deg = float(np.mean([one.sem_deg.value**2 for one in sides])) ** 0.5
    freedom = min((one.n_subjects - 1) * (one.values_deg.shape[1] - 1) for one in sides)
    return Retest(
        side=POOLED,
        quantity=sides[0].quantity,
        n_subjects=min(one.n_subjects for one in sides),
        n_incomplete=max(one.n_incomplete for one in sides),
        summary_deg=None,
        change_deg=None,
        icc=None,
        sem_deg=deviation(sem_deg, freedom),
        values_deg=np.empty((0, 0)),
    )
