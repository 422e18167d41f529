"""Swings of a leg and their end range, from rotation over time.

A swing leads from neutral, or from the opposite end, to an end range and back. It is found as a prominent peak. Its end range is the
median of the held plateau, or a high percentile where the image itself was measured; never the single highest sample, since the maximum
of noisy samples reads too high.
"""

from dataclasses import dataclass

import numpy as np

from hipcv.kinematics.signals import runs, smooth, speed
from hipcv.settings import Settings
from hipcv.values import BoolArray, Direction, FloatArray

_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Swing:
    """One swing of a leg as half-open indices into its series; angles in its own direction, from the reported zero."""

    direction: Direction
    start: int
    hold_start: int
    hold_end: int
    end: int
    peak: int
    end_range_deg: float
    held: bool
    registered: bool
    """Whether most of the plateau was measured by registration."""
    complete: bool
    """Whether the leg was seen to leave neutral, or the opposite end, and to come back; the visible part may begin or end in between."""


def find_swings(time_s: FloatArray, rotation_deg: FloatArray, settings: Settings, registered: BoolArray | None = None) -> list[Swing]:
    """All swings of one leg, in order of time.

    Parameters
    ----------
    time_s, rotation_deg : (n_frames,)
        Smoothed angle, internal rotation positive, 0 at neutral; NaN = not seen.
    registered : (n_frames,), where the angle was measured by registration; None = nowhere
    """
    registered = np.zeros(len(time_s), bool) if registered is None else registered
    speed_deg_s = _speed_deg_s(time_s, rotation_deg, settings)
    swings = []
    for direction in Direction:
        outward_deg = direction.sign * rotation_deg
        for peak in _peaks(outward_deg, settings):
            swings.append(_swing_at(peak, direction, time_s, outward_deg, direction.sign * speed_deg_s, registered, settings))
    swings = [s for s in swings if time_s[s.hold_end - 1] - time_s[s.hold_start] <= settings.max_hold_s]
    return sorted(swings, key=lambda swing: swing.peak)


def swing_within(
    start: int,
    end: int,
    direction: Direction,
    time_s: FloatArray,
    rotation_deg: FloatArray,
    settings: Settings,
    registered: BoolArray | None = None,
) -> Swing | None:
    """The swing whose peak is the farthest point of the frames [start, end), to which it keeps; None if nothing was seen there.

    Parameters
    ----------
    time_s, rotation_deg, registered : as in `find_swings`
    """
    inside = np.zeros(len(time_s), bool)
    inside[start:end] = True
    outward_deg = np.where(inside, direction.sign * rotation_deg, np.nan)
    if not np.isfinite(outward_deg).any():
        return None
    registered = np.zeros(len(time_s), bool) if registered is None else registered
    speed_deg_s = _speed_deg_s(time_s, rotation_deg, settings)
    peak = int(np.nanargmax(outward_deg))
    return _swing_at(peak, direction, time_s, outward_deg, direction.sign * speed_deg_s, registered, settings)


def _speed_deg_s(time_s: FloatArray, rotation_deg: FloatArray, settings: Settings) -> FloatArray:
    return speed(time_s, smooth(time_s, rotation_deg, settings.speed_cutoff_hz))


def _peaks(outward_deg: FloatArray, settings: Settings) -> list[int]:
    """Peaks that are separate repetitions, in one direction."""
    from scipy.signal import find_peaks  # late: it takes as long to load as a second of video to measure

    # A gap counts as neutral: an unseen sample cannot be a peak.
    height = np.where(np.isfinite(outward_deg), np.maximum(outward_deg, 0.0), 0.0)
    tops, _ = find_peaks(np.concatenate([[0.0], height, [0.0]]), height=settings.min_excursion_deg)
    distinct: list[int] = []
    for top in tops - 1:
        if distinct and _is_one_rep(outward_deg, distinct[-1], top, settings):
            distinct[-1] = max(distinct[-1], top, key=lambda index: height[index])
        else:
            distinct.append(int(top))
    if not distinct:
        return []
    usual = np.median(np.sort(height[distinct])[-3:])
    return [top for top in distinct if height[top] >= settings.min_relative_excursion * usual]


def _is_one_rep(outward_deg: FloatArray, before: int, after: int, settings: Settings) -> bool:
    """Whether the leg stays out between two peaks: it is not seen to fall by the given share of the smaller one."""
    valley = np.nanmin(outward_deg[before : after + 1])  # a return that was not seen does not count
    return bool(valley > (1 - settings.min_prominence) * min(outward_deg[before], outward_deg[after]))


def _swing_at(
    peak: int,
    direction: Direction,
    time_s: FloatArray,
    outward_deg: FloatArray,
    outward_speed: FloatArray,
    registered: BoolArray,
    settings: Settings,
) -> Swing:
    hold_start, hold_end = _plateau(peak, outward_deg, outward_speed, settings)
    held = time_s[hold_end - 1] - time_s[hold_start] >= settings.min_hold_s
    by_picture = bool(registered[hold_start:hold_end].mean() >= _MOSTLY)
    percentile = settings.end_percentile_registered if by_picture else 50.0
    # Without a plateau, a high percentile of the peak: less than the maximum, which noise raises.
    end_range = float(np.percentile(outward_deg[hold_start:hold_end], percentile if held else max(75.0, percentile)))
    start = _walk(hold_start, -1, outward_deg, outward_speed, settings)
    last = _walk(hold_end - 1, +1, outward_deg, outward_speed, settings)
    near_neutral = [_is_home(index, step, outward_deg, outward_deg[peak], settings) for index, step in ((start, -1), (last, +1))]
    return Swing(
        direction=direction,
        start=start,
        hold_start=hold_start,
        hold_end=hold_end,
        end=last + 1,
        peak=peak,
        end_range_deg=end_range,
        held=bool(held),
        registered=by_picture,
        complete=all(near_neutral),
    )


def _plateau(peak: int, outward_deg: FloatArray, outward_speed: FloatArray, settings: Settings) -> tuple[int, int]:
    """Frames around a peak that stay near its height, from the first to the last that is nearly still: `[start, end)`.

    A twitch in between does not end a hold. If no frame is still, all frames near the peak height count.
    """
    near = outward_deg >= outward_deg[peak] - settings.hold_band_deg
    start, end = next(run for run in runs(near) if run[0] <= peak < run[1])
    still = start + np.flatnonzero(np.abs(outward_speed[start:end]) <= settings.hold_speed_deg_s)
    return (int(min(still[0], peak)), int(max(still[-1], peak)) + 1) if len(still) else (start, end)


def _walk(index: int, step: int, outward_deg: FloatArray, outward_speed: FloatArray, settings: Settings) -> int:
    """Index reached from the plateau, away in time: neutral, where the leg is still again, or the edge of what was seen."""
    half = settings.min_prominence * outward_deg[index]
    while 0 <= index + step < len(outward_deg) and np.isfinite(outward_deg[index + step]):
        after = index + step
        if outward_deg[after] <= 0:
            return index
        if outward_deg[after] < half and -step * outward_speed[after] < settings.rest_speed_deg_s:
            return after
        index = after
    return index


def _is_home(index: int, step: int, outward_deg: FloatArray, top_deg: float, settings: Settings) -> bool:
    """Whether a walk ended near neutral, or one sample before crossing it, and not at the edge of what was seen."""
    after = index + step
    crossed = 0 <= after < len(outward_deg) and outward_deg[after] <= 0
    return bool(crossed or outward_deg[index] < settings.min_prominence * top_deg)
