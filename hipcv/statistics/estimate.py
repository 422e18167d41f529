"""Estimates for a study, each with its 95 % interval: a mean, a standard deviation, the slope of a line."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, stdtrit

from hipcv.values import FloatArray

_TAIL = 0.025
_FEWEST_FOR_LINE = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Number of values, their mean, and the standard deviation of the sample; None for a single value."""

    n: int
    mean: float
    sd: float | None


def summary(values: FloatArray) -> Summary:
    """Summary of one value or more, (n,), no NaN."""
    return Summary(len(values), float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else None)


def mean(values: FloatArray) -> Estimate:
    """Mean of independent values, (n,), n of 2 or more, no NaN, with the interval of Student's t."""
    value, n = float(values.mean()), len(values)
    reach = t_quantile(n - 1) * float(values.std(ddof=1)) / n**0.5
    return Estimate(value, value - reach, value + reach)


def t_quantile(freedom: int) -> float:
    """97.5th percentile of Student's t."""
    return float(stdtrit(freedom, 1 - _TAIL))


def variance_factors(freedom: int) -> tuple[float, float]:
    """Factors that turn an estimated variance into the ends of its 95 % interval: degrees of freedom over chi-squared."""
    return freedom / float(chdtri(freedom, _TAIL)), freedom / float(chdtri(freedom, 1 - _TAIL))


def deviation(sd: float, freedom: int) -> Estimate:
    """A standard deviation with its interval, from the interval of its variance."""
    low, high = variance_factors(freedom)
    return Estimate(sd, sd * low**0.5, sd * high**0.5)


def slope(x: FloatArray, y: FloatArray) -> Estimate | None:
    """Slope of y on x by least squares, both (n,) without NaN; None for fewer than three points, or if all x are the same.

    The interval assumes independent points with errors of equal size (Student's t, n − 2 degrees of freedom).
    """
    n = len(x)
    if n < _FEWEST_FOR_LINE or np.ptp(x) == 0:
        return None
    from_mean = x - x.mean()
    spread = float((from_mean**2).sum())
    value = float((from_mean * y).sum()) / spread
    rest = y - y.mean() - value * from_mean
    reach = t_quantile(n - 2) * (float((rest**2).sum()) / (n - 2) / spread) ** 0.5
    return Estimate(value, value - reach, value + reach)
