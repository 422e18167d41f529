"""A measurement with left and right exchanged, as if the image had been mirrored, or had not.

What is outward or inward, internal or external, stays so. What is counted toward one side of the image or of the person changes its sign: the
camera's roll, the tilt of pelvis, shoulders and trunk, and every difference between the hips.
"""

import re
from dataclasses import replace

from hipcv.catalogues.message import Message, Saying
from hipcv.codes import FindingCode, Quantity
from hipcv.findings.of_recording import of_mirroring
from hipcv.kinematics.mirror_average import flipped_series
from hipcv.landmarks import Side
from hipcv.language.earlier_documents import AsWritten
from hipcv.measurement import Asymmetry, Difference, Finding, Hip, Measurement, Rep
from hipcv.settings import Mirrored
from hipcv.values import BodySeries, CameraRoll, RotationSeries

_SETTLED = {
    FindingCode.MIRRORED_UNKNOWN,
    FindingCode.MIRRORED_ASSUMED_NO,
    FindingCode.MIRRORED_AGAINST_CAMERA,
    FindingCode.MIRRORED_AGAINST_FILE,
}
"""Not `MIRRORED_MIDWAY`, of which an exchange throughout settles nothing."""
_OTHER_WAY = {"left": "right", "right": "left", "clockwise": "counter-clockwise", "counter-clockwise": "clockwise"}
_NAMED = re.compile(r"\b(left|right|counter-clockwise|clockwise)\b", re.IGNORECASE)


def mirroring_stated(measurement: Measurement) -> tuple[Finding, ...]:
    """The findings if somebody states that the image is mirrored where it was not taken to be, and the reverse."""
    stated = of_mirroring(measurement.clip, Mirrored.NO if measurement.mirrored else Mirrored.YES)
    return (*(one for one in measurement.findings if one.code not in _SETTLED), *stated)


def swapped(measurement: Measurement) -> Measurement:
    """The measurement with left and right exchanged; its landmarks as filmed stay where they are. Applied twice, it is the same again."""
    return replace(
        measurement,
        mirrored=not measurement.mirrored,
        landmarks=flipped_series(measurement.landmarks),
        rotation={side: _rotation(measurement.rotation[side.other], side) for side in Side},
        body=_body(measurement.body),
        lean=CameraRoll(-measurement.lean.roll_deg, measurement.lean.sd_deg),
        side_bias_deg={side: measurement.side_bias_deg[side.other] for side in Side},
        hips={side: _hip(measurement.hips[side.other], side) for side in Side},
        asymmetry=Asymmetry(**{one.field: _difference(measurement.asymmetry[one]) for one in Quantity}),
        findings=tuple(_finding(one) for one in measurement.findings),
    )


def _rotation(series: RotationSeries, side: Side) -> RotationSeries:
    seen = series.corrected
    return replace(series, side=side, corrected=seen and replace(seen, pelvis_deg=-seen.pelvis_deg))


def _body(body: BodySeries) -> BodySeries:
    return BodySeries(body.time_s, -body.pelvis_tilt_deg, -body.trunk_lean_deg, -body.shoulder_tilt_deg)


def _hip(hip: Hip, side: Side) -> Hip:
    return replace(hip, side=side, reps=tuple(_rep(rep, side) for rep in hip.reps))


def _rep(rep: Rep, side: Side) -> Rep:
    return replace(rep, side=side, pelvis_deg=-rep.pelvis_deg)


def _difference(difference: Difference | None) -> Difference | None:
    if difference is None:
        return None
    high, low = -difference.low, -difference.high
    return replace(difference, value=-difference.value, low=low, high=high, why=difference.why and _said(difference.why))


def _finding(finding: Finding) -> Finding:
    values = Message("", finding.values)
    return replace(finding, values=_message(values).values, as_written=finding.as_written and _said(finding.as_written))


def _said(saying: Saying) -> Saying:
    """A sentence about the other side."""
    if isinstance(saying, Message):
        return _message(saying)
    return AsWritten(_NAMED.sub(_renamed, saying.sentence)) if isinstance(saying, AsWritten) else saying


def _message(message: Message) -> Message:
    swapped_values = {name: _OTHER_WAY.get(value, value) if isinstance(value, str) else value for name, value in message.values.items()}
    return Message(message.key, swapped_values, message.about)


def _renamed(found: re.Match[str]) -> str:
    other = _OTHER_WAY[found[0].lower()]
    return other.capitalize() if found[0][0].isupper() else other
