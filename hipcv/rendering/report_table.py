"""The table of the report page: the angles with their labels, and the differences to draw on a scale."""

import math
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.kinematics.ranges import bounds_deg
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import EDITED, angle_cells, counts_text, rounding_note, whole
from hipcv.measurement import Difference, Measurement

_LEAST_AXIS_DEG = 20


def table(measurement: Measurement, words: Words) -> list[dict[str, Any]]:
    """A row for each quantity, every angle as number and interval, and the difference also as numbers to draw; then the counts."""
    rows = [_row(measurement, quantity, words) for quantity in Quantity]
    label = words("report.result.repetitions", ir=words("app.short.internal"), er=words("app.short.external"))
    counts = [counts_text(measurement.hips[side]) for side in SHOWN_SIDES]
    return [*rows, {"label": label, "cells": [*counts, ""], "bar": None}]


def _row(measurement: Measurement, quantity: Quantity, words: Words) -> dict[str, Any]:
    cells = angle_cells(measurement, quantity, words)
    label = words(f"app.quantity.{quantity}")
    if quantity is not Quantity.TOTAL:
        label += f" ({words(f'app.short.{quantity}')})"
    return {"label": label, "cells": cells, "bar": _bar(measurement, quantity, " ".join(cells[-1]), words)}


def _bar(measurement: Measurement, quantity: Quantity, text: str, words: Words) -> dict[str, Any]:
    name = words(f"app.quantity.{quantity}")
    band_deg, _ = bounds_deg(quantity, measurement.settings)
    difference = _drawn(measurement).get(quantity)
    if difference is None:
        return {"band": band_deg, "alt": words("report.result.bar_none_alt", quantity=name)}
    alt = words("report.result.bar_alt", quantity=name, values=text, band=words.short(band_deg))
    return {"band": band_deg, "value": difference.value, "low": difference.low, "high": difference.high, "alt": alt}


def axis(measurement: Measurement) -> dict[str, Any] | None:
    """Limit and ticks of the scale of differences; None if there is nothing to draw on it."""
    drawn = _drawn(measurement)
    if not drawn:
        return None
    ends = [abs(end) for difference in drawn.values() for end in (difference.low, difference.high)]
    farthest_deg = max([_LEAST_AXIS_DEG, measurement.settings.notice_total_deg, *ends])
    step_deg = next((step for step in (10, 20, 50) if farthest_deg <= 2.5 * step), farthest_deg / 2)
    n_steps = math.floor(farthest_deg / step_deg)
    ticks = [step_deg * k for k in range(-n_steps, n_steps + 1)]
    return {"limit": 1.2 * farthest_deg, "ticks": [[tick, whole(tick, signed=True)] for tick in ticks]}


def legend(measurement: Measurement, words: Words) -> str:
    """The meaning of brackets and grey bands, if there are any."""
    settings = measurement.settings
    ranges = [hip[quantity] for hip in measurement.hips.values() for quantity in Quantity]
    grey = {"direction": words.short(settings.notice_direction_deg), "total": words.short(settings.notice_total_deg)}
    parts = [
        words("report.result.brackets") if any(ranges) else "",
        rounding_note(measurement, words),
        words("report.result.edited", mark=EDITED) if any(span and span.edited for span in ranges) else "",
        words("report.result.grey", **grey) if _drawn(measurement) else "",
    ]
    return " ".join(part for part in parts if part)


def _drawn(measurement: Measurement) -> dict[Quantity, Difference]:
    """The differences that have a finite value and interval."""
    found = measurement.asymmetry.found().items()
    return {quantity: one for quantity, one in found if all(map(math.isfinite, (one.value, one.low, one.high)))}
