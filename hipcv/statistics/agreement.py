"""Agreement of two methods of measurement: bias, limits, coverage, and the intraclass correlation."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtri

from hipcv.statistics.estimate import Estimate
from hipcv.values import Z95, FloatArray

_FEWEST_FOR_ICC = 3
_NOTHING = 1e-12
"""A share of the variance this small is only rounding."""

BOTH_SIDES = "right minus left"
"""The `side` of a row that is a difference between the hips."""


@dataclass(frozen=True, slots=True)
class Row:
    """One end range (mean of its repetitions) or one total of one hip in one clip, or one difference between the hips."""

    clip: str
    side: str
    quantity: str
    true_deg: float
    measured_deg: float
    low_deg: float
    high_deg: float

    @property
    def error_deg(self) -> float:
        """Measured minus true."""
        return self.measured_deg - self.true_deg

    @property
    def inside(self) -> bool:
        """Whether the stated interval contains the true value."""
        return self.low_deg <= self.true_deg <= self.high_deg

    @property
    def half_width_deg(self) -> float:
        """Half of the stated 95 % interval."""
        return (self.high_deg - self.low_deg) / 2


@dataclass(frozen=True, slots=True)
class Statistics:
    """Agreement of measured and true values, in degrees."""

    n: int
    bias_deg: float
    mean_absolute_error_deg: float
    largest_error_deg: float
    limits_of_agreement_deg: tuple[float, float] | None
    """None for a single row, which has no spread."""
    inside_share: float
    mean_half_width_deg: float
    icc: Estimate | None
    """No unit, 1 = perfect agreement; None for fewer than three rows, or if all of them are the same."""


def statistics(rows: Iterable[Row]) -> Statistics:
    """Bias, mean absolute and largest error, 95 % limits of agreement, share of true values inside their interval, ICC(2,1).

    Needs one or more rows.

    References
    ----------
    Bland & Altman, *Lancet* 1986;327:307–310: bias and limits of agreement.
    """
    rows = list(rows)
    errors = np.array([row.error_deg for row in rows])
    reach = Z95 * float(errors.std(ddof=1)) if len(errors) > 1 else None
    bias = float(errors.mean())
    return Statistics(
        n=len(rows),
        bias_deg=bias,
        mean_absolute_error_deg=float(np.abs(errors).mean()),
        largest_error_deg=float(np.abs(errors).max()),
        limits_of_agreement_deg=None if reach is None else (bias - reach, bias + reach),
        inside_share=sum(row.inside for row in rows) / len(rows),
        mean_half_width_deg=float(np.mean([row.half_width_deg for row in rows])),
        icc=icc_2_1(np.array([[row.true_deg, row.measured_deg] for row in rows])),
    )


@dataclass(frozen=True, slots=True)
class StandardisedErrors:
    """Spread of z = error / (half width / 1.96): errors in stated standard deviations. No unit; 1 = intervals as wide as the errors."""

    n: int
    sd: float | None
    """About the mean of z; None for a single row, which has no spread."""
    rms: float
    """About zero: the root mean square, to which a bias adds."""


def standardised_errors(rows: Iterable[Row]) -> StandardisedErrors | None:
    """The spread of the errors in units of their stated standard deviation; None without rows. An interval without width has no unit."""
    z = np.array([Z95 * row.error_deg / row.half_width_deg for row in rows if row.half_width_deg > 0])
    if not len(z):
        return None
    return StandardisedErrors(len(z), float(z.std(ddof=1)) if len(z) > 1 else None, float(np.sqrt(np.mean(z**2))))


def icc_2_1(ratings: FloatArray) -> Estimate | None:
    """ICC(2,1): two-way random effects, absolute agreement, a single measurement.

    Parameters
    ----------
    ratings : (n_targets, n_raters), any unit, no NaN

    Returns
    -------
    The correlation, 1 = perfect agreement, with its 95 % interval; None for fewer than three targets, or if every rater
    gives all of them the same value.

    References
    ----------
    Shrout & Fleiss, *Psychol Bull* 1979;86:420–428; the interval: McGraw & Wong, *Psychol Methods* 1996;1:30–46, ICC(A,1).
    """
    n, k = ratings.shape
    if n < _FEWEST_FOR_ICC:
        return None
    between_targets, between_raters, rest = mean_squares(ratings)
    whole = between_targets + (k - 1) * rest + k * (between_raters - rest) / n
    if max(between_targets, rest) <= _NOTHING * whole or whole <= 0:
        return None
    value = (between_targets - rest) / whole
    if value >= 1:
        return Estimate(1.0, 1.0, 1.0)
    low, high = _interval(max(value, 0.0), n, k, between_targets, between_raters, rest)
    return Estimate(value, low, high)


def mean_squares(ratings: FloatArray) -> tuple[float, float, float]:
    """Mean squares of targets, raters and residual: two-way analysis of variance without replication.

    `ratings` is (n_targets, n_raters), two or more of each, no NaN; the result has its unit squared.
    """
    n, k = ratings.shape
    mean = ratings.mean()
    of_targets = ratings.mean(axis=1, keepdims=True) - mean
    of_raters = ratings.mean(axis=0, keepdims=True) - mean
    rest = ratings - mean - of_targets - of_raters
    return (
        float(k * (of_targets**2).sum() / (n - 1)),
        float(n * (of_raters**2).sum() / (k - 1)),
        float((rest**2).sum() / ((n - 1) * (k - 1))),
    )


def _interval(value: float, n: int, k: int, between_targets: float, between_raters: float, rest: float) -> tuple[float, float]:
    """95 % interval of McGraw and Wong; the raters' and the residual mean square together have Satterthwaite's degrees of freedom.

    These follow from `value`, which must not be negative: with a correlation below 0, they would be those of a negative variance.
    """
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    freedom = (a * between_raters + b * rest) ** 2 / ((a * between_raters) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1)))
    f_low, f_high = float(fdtri(n - 1, freedom, 0.975)), float(fdtri(freedom, n - 1, 0.975))
    others = k * between_raters + (k * n - k - n) * rest
    low = n * (between_targets - f_low * rest) / (f_low * others + n * between_targets)
    high = n * (f_high * between_targets - rest) / (others + n * f_high * between_targets)
    return low, high
