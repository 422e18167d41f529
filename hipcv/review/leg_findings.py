"""Findings on corrected legs, made again by the functions of the measurement from what is stored; all other findings stay."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from hipcv.codes import FindingCode, Severity
from hipcv.findings import of_legs
from hipcv.landmarks import Side
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Finding, Hip, Measurement
from hipcv.settings import Step
from hipcv.values import RotationSeries

_OF_LEGS = {
    FindingCode.LEG_NOT_TESTED,
    FindingCode.REPS_NOT_FILMED,
    FindingCode.KNEE_STRAIGHTENS,
    FindingCode.NO_REST,
    FindingCode.REST_POSTURE,
    FindingCode.REST_CHANGED,
    FindingCode.KNEE_TRAVEL,
    FindingCode.DIRECTION_NOT_TESTED,
    FindingCode.TOO_FEW_REPS,
    FindingCode.NO_HOLD,
    FindingCode.COMPENSATION,
    FindingCode.REPS_DIFFER,
    FindingCode.TOO_UNSURE,
}
_OF_SECOND_LOOK = {FindingCode.LANDMARKS_ONLY, FindingCode.THIGH_ASIDE, FindingCode.AMBIGUOUS}
_ORDER = list(Severity)[::-1]


def findings_again(
    measurement: Measurement, hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], changed: Collection[Side]
) -> tuple[Finding, ...]:
    """All findings, those on the changed legs made again, the serious ones first."""
    settings = measurement.settings
    looked_again = Step.REGISTRATION not in settings.without
    legs = {side: hips[side] for side in changed}
    made = list(of_legs.of_reps(legs, rotation, settings))
    if looked_again:
        told = {side: replace(rotation[side], not_registered=_why_not(measurement, side)) for side in legs}
        made += [one for one in of_legs.of_second_look(legs, told, _n_people(measurement), settings) if side_named(one)]
    again = _OF_LEGS | (_OF_SECOND_LOOK if looked_again else set())
    kept = [one for one in measurement.findings if one in made or one.code not in again or side_named(one) not in changed]
    found = [*kept, *(one for one in made if one not in kept)]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.severity)))


def side_named(finding: Finding) -> Side | None:
    """The side that a finding is about, also by the sentence of a document of another version; None if it is about none."""
    if isinstance(finding.as_written, AsWritten):
        found = re.search(r"\b(left|right)\b", finding.as_written.sentence)
        return Side(found[1]) if found else None
    side = finding.values.get("side")
    return Side(side) if side else None


def _n_people(measurement: Measurement) -> int:
    """Two if somebody else kept the images of the legs from being measured, which is all that a finding on a leg depends on."""
    several = any(one.code == FindingCode.LANDMARKS_ONLY and side_named(one) is None for one in measurement.findings)
    return 2 if several else 1


def _why_not(measurement: Measurement, side: Side) -> str | None:
    """Reason why the shank was not registered: of a stored measurement, only its finding knows."""
    told = (one.values.get("why") for one in measurement.findings if one.code == FindingCode.LANDMARKS_ONLY and side_named(one) is side)
    return measurement.rotation[side].not_registered or next(told, None)
