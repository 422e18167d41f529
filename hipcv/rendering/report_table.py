"""The table of the report page: the numbers of `report.table_rows` with their labels, and the differences on a scale to draw."""

import math
from typing import Any

from hipcv.language.sentences import QUANTITIES, table_rows, whole
from hipcv.language.words import Words
from hipcv.measurement import Difference, Measurement

_LEAST_AXIS_DEG = 20


def table(measurement: Measurement, words: Words) -> list[dict[str, Any]]:
    """The rows of `report.table_rows` with the labels of the page, and the difference of each as numbers to draw."""
    rows = []
    *ranges, counts = table_rows(measurement)
    for name, (_, *cells) in zip(QUANTITIES, ranges, strict=True):
        label, short = words(f"app.quantity.{name}"), words(f"app.short.{name}")
        values = [words.marked(cell).replace(" to ", f" {words('report.to')} ") for cell in cells]
        rows.append(
            {
                "label": label if name == "total_deg" else f"{label} ({short})",
                "cells": values,
                "bar": _bar(measurement, name, label, values[-1], words),
            }
        )
    directions = {f"{way}": words(f"app.short.{name}") for way, name in zip(("ir", "er"), QUANTITIES, strict=False)}
    return [*rows, {"label": words("report.result.repetitions", **directions), "cells": list(counts[1:]), "bar": None}]


def _bar(measurement: Measurement, name: str, quantity: str, text: str, words: Words) -> dict[str, Any]:
    settings = measurement.settings
    band_deg = settings.notice_total_deg if name == "total_deg" else settings.notice_direction_deg
    difference = getattr(measurement.asymmetry, name)
    if difference is None or not _finite(difference):
        return {"band": band_deg, "alt": words("report.result.bar_none_alt", quantity=quantity)}
    alt = words("report.result.bar_alt", quantity=quantity, values=text, band=words.short(band_deg))
    return {"band": band_deg, "value": difference.value, "low": difference.low, "high": difference.high, "alt": alt}


def axis(measurement: Measurement) -> dict[str, Any] | None:
    """How far the scale of the differences goes to either side, and where it has numbers; None if there is nothing to draw on it."""
    drawn = _drawn(measurement)
    if not drawn:
        return None
    ends = [abs(end) for difference in drawn for end in (difference.low, difference.high)]
    farthest_deg = max([_LEAST_AXIS_DEG, measurement.settings.notice_total_deg, *ends])
    step_deg = next((step for step in (10, 20, 50) if farthest_deg <= 2.5 * step), farthest_deg / 2)
    n_steps = math.floor(farthest_deg / step_deg)
    ticks = [step_deg * k for k in range(-n_steps, n_steps + 1)]
    return {"limit": 1.2 * farthest_deg, "ticks": [[tick, whole(tick, signed=True)] for tick in ticks]}


def legend(measurement: Measurement, words: Words) -> str:
    """What brackets and grey mean, as far as there are any."""
    settings = measurement.settings
    ranges = [getattr(hip, name) for hip in measurement.hips.values() for name in QUANTITIES]
    grey = {"direction": words.short(settings.notice_direction_deg), "total": words.short(settings.notice_total_deg)}
    parts = [
        words("report.result.brackets") if any(ranges) else "",
        words("report.result.grey", **grey) if _drawn(measurement) else "",
    ]
    return " ".join(part for part in parts if part)


def _drawn(measurement: Measurement) -> list[Difference]:
    found = (getattr(measurement.asymmetry, name) for name in QUANTITIES)
    return [difference for difference in found if difference is not None and _finite(difference)]


def _finite(difference: Difference) -> bool:
    return all(math.isfinite(value) for value in (difference.value, difference.low, difference.high))
