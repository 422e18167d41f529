"""Gaps, outliers and filtering on real timestamps. No anatomy."""

from itertools import pairwise

import numpy as np

from hipcv.values import BoolArray, FloatArray

_FILTER_ORDER = 4  # in total, over both passes


def bridge_gaps(time_s: FloatArray, values: FloatArray, longest_gap_s: float) -> FloatArray:
    """Fill short gaps (NaN) by linear interpolation: (n,) or (n, k) -> same shape.

    A gap is the time between its two good neighbours. Longer gaps, and any before the first or after the last good sample, stay NaN.
    """
    if values.ndim > 1:
        flat = values.reshape(len(values), -1)
        return np.stack([bridge_gaps(time_s, column, longest_gap_s) for column in flat.T], axis=1).reshape(values.shape)
    good = np.flatnonzero(np.isfinite(values))
    filled = values.copy()
    for before, after in pairwise(good):
        if after - before > 1 and time_s[after] - time_s[before] <= longest_gap_s:
            inside = slice(before + 1, after)
            filled[inside] = np.interp(time_s[inside], time_s[[before, after]], values[[before, after]])
    return filled


def without_outliers(values: FloatArray, reach: int = 3, n_sd: float = 4.0, floor: float = 1.0) -> FloatArray:
    """Replace samples far from their neighbours by the neighbours' median (Hampel filter): (n,) -> (n,).

    `reach` neighbours on either side; "far" is `n_sd` robust standard deviations, and at least `n_sd * floor`.
    """
    padded = np.pad(values, reach, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    middle = nanmedian(windows, axis=1)
    spread = 1.4826 * nanmedian(np.abs(windows - middle[:, None]), axis=1)
    far = np.abs(values - middle) > n_sd * np.maximum(spread, floor)
    return np.where(far, middle, values)


def nanmedian(values: FloatArray, axis: int) -> FloatArray:
    """Median along an axis, ignoring NaN; NaN, without a warning, where there is nothing else."""
    empty = np.isnan(values).all(axis=axis)
    if values.size == 0:
        return np.full(empty.shape, np.nan)
    safe = np.where(np.expand_dims(empty, axis), 0.0, values)
    return np.where(empty, np.nan, np.nanmedian(safe, axis=axis))


def smooth(time_s: FloatArray, values: FloatArray, cutoff_hz: float) -> FloatArray:
    """Zero-lag low-pass filter (Butterworth, 4th order in total): (n,) -> (n,). NaN stays NaN; nothing is filtered across a gap.

    Unevenly timed samples are first resampled to an even grid, then read back at their own times.
    """
    result = np.full_like(values, np.nan)
    for start, end in runs(np.isfinite(values)):
        result[start:end] = _smooth_run(time_s[start:end], values[start:end], cutoff_hz)
    return result


def _smooth_run(time_s: FloatArray, values: FloatArray, cutoff_hz: float) -> FloatArray:
    if len(values) < 3:
        return values
    step_s = float(np.median(np.diff(time_s)))
    n = max(2, round((time_s[-1] - time_s[0]) / step_s) + 1)
    grid = np.linspace(time_s[0], time_s[-1], n)
    rate_hz = (n - 1) / (time_s[-1] - time_s[0])
    if cutoff_hz >= 0.45 * rate_hz:  # too few samples per second for the filter to remove anything
        return values
    from scipy.signal import butter, sosfiltfilt  # late: it takes as long to load as a second of video to measure

    # Two passes lower the half-power point; the design frequency compensates, on the filter's own warped frequency scale (Winter,
    # Biomechanics, 2.2.4).
    correction = (2**0.5 - 1) ** (1 / _FILTER_ORDER)
    design_hz = rate_hz / np.pi * np.arctan(np.tan(np.pi * cutoff_hz / rate_hz) / correction)
    sections = butter(_FILTER_ORDER // 2, design_hz, fs=rate_hz, output="sos")
    padding = min(3 * _FILTER_ORDER, n - 1)
    even = sosfiltfilt(sections, np.interp(grid, time_s, values), padlen=padding)
    result: FloatArray = np.interp(time_s, grid, even)
    return result


def speed(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Rate of change at each sample, per second: (n,) -> (n,); NaN beside a gap."""
    if len(values) < 2:
        return np.full_like(values, np.nan)
    result: FloatArray = np.gradient(values, time_s)
    return result


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Half-open index ranges `[start, end)` in which all flags are set, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
