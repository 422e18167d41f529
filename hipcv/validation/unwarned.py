"""End ranges that are wrong although nothing warns of it: the errors that a reader has no reason to suspect."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hipcv.codes import FindingCode, Severity
from hipcv.landmarks import Side
from hipcv.measurement import Finding

if TYPE_CHECKING:  # both load SciPy, which a command does not need until it has read the results
    from hipcv.statistics.agreement import Row
    from hipcv.validation.comparison import Validation

WRONG_DEG = 5.0
"""Two such errors, one on each hip, make the 10° from which hips are no longer called equal (`notice_direction_deg` in docs/sources.md)."""


def warned_legs(clip: str, findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """The clip with the side (`left`, `right`) of each leg that a warning or a serious finding names.

    A finding names a leg by the `side` in its values, whichever direction it is about. There are two exceptions: the `side` of
    `camera_turned` is where the camera stands, not a leg; and `landmarks_only` because of several people has no `side`, but says of
    both legs that their angles are less sure. Any other finding without a `side` is about the recording and names no leg. Nor does a
    finding from a document of 0.1.0, which has no values.
    """
    return frozenset((clip, side) for finding in findings if finding.severity is not Severity.INFO for side in _legs_of(finding))


def _legs_of(finding: Finding) -> tuple[str, ...]:
    if finding.code == FindingCode.CAMERA_TURNED:
        return ()
    if finding.code == FindingCode.LANDMARKS_ONLY and finding.values.get("case") == "several_people":
        return tuple(side.value for side in Side)
    return (finding.values["side"],) if "side" in finding.values else ()


def wrong_without_warning(result: "Validation") -> "list[Row]":
    """End ranges that are off by more than 5° and by more than half of their stated interval, of legs that no warning names."""
    return [row for row in result.end_ranges() if _is_wrong(row) and (row.clip, row.side) not in result.warned_legs]


def _is_wrong(row: "Row") -> bool:
    return abs(row.error_deg) > max(WRONG_DEG, row.half_width_deg)
