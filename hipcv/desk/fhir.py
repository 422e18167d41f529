"""Signed measurements as FHIR R4: a Bundle with one Observation for each hip and quantity, and a Patient with the person's code only.

No Observation carries an interpretation. Names and codes of what was measured are in fhir_codes.toml, which a site can replace.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from hipcv.codes import Quantity
from hipcv.desk.fhir_codes import CodeTable, Concept
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.store.reviews import Outcome

OUTCOMES = tuple(one.value for one in Outcome)
_NAMESPACE = uuid5(NAMESPACE_DNS, "hipcv")
_UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class SignedMeasurement:
    """One version of the review of one measurement.

    Attributes
    ----------
    visit_id : the measurement's own id; with the version, it decides the ids of the resources
    document : the measurement as reviewed (`hipcv-measurement/1`); a range whose `edited` is true rests on a correction by hand
    measured_at : with a time zone, or the day alone where no more is known
    signed_at : with a time zone
    person_id : decides the id of the Patient where the site's codes have no naming system; only ever this practice's
    person_code : what the practice calls the person; the only name that is handed on; empty for a measurement that is nobody's yet
    birth_year : None if it is not known or not to be handed on
    reviewer : the name under which the reviewer signed
    version : 1 for the first
    replaces : the signed version that this one replaces; None for the first
    outcome : one of `OUTCOMES`
    comment : the reviewer's words for the record
    """

    visit_id: str
    document: Mapping[str, Any]
    measured_at: datetime | date
    person_id: str
    person_code: str
    birth_year: int | None
    reviewer: str
    signed_at: datetime
    version: int
    replaces: int | None
    outcome: str
    comment: str = ""

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome {self.outcome!r} is none of {OUTCOMES}")
        if any(isinstance(one, datetime) and one.tzinfo is None for one in (self.measured_at, self.signed_at)):
            raise ValueError("measured_at and signed_at need a time zone, as FHIR requires one")


def bundle_json(documents: Sequence[SignedMeasurement], codes: CodeTable) -> str:
    """The measurements as the JSON of a FHIR R4 Bundle (`collection`), ending in a newline.

    A hip and quantity without a number has a `dataAbsentReason`. The ids follow from visit, version, side and quantity: exporting again
    gives the same resources, and a measurement that is given twice is in it once. All versions of an Observation share an identifier.

    Raises
    ------
    pydantic.ValidationError
        A field is not what FHIR allows, such as a reviewer without a name.
    """
    from fhir.resources.R4B.bundle import Bundle  # late: takes 0.3 s and 20 MB, and few who open a page of the desk export

    resources = {f"urn:uuid:{one['id']}": one for signed in documents for one in _resources(signed, codes)}
    entries = [{"fullUrl": address, "resource": resource} for address, resource in resources.items()]
    bundle = Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries or None})
    return bundle.model_dump_json(indent=2) + "\n"


def _resources(signed: SignedMeasurement, codes: CodeTable) -> list[dict[str, Any]]:
    patient = [_patient(signed, codes)] if signed.person_code else []
    return [*patient, *(_observation(signed, side, quantity, codes) for side in SHOWN_SIDES for quantity in Quantity)]


def _id(*parts: object) -> str:
    return str(uuid5(_NAMESPACE, "/".join(map(str, parts))))


def _patient(signed: SignedMeasurement, codes: CodeTable) -> dict[str, Any]:
    system = {"system": codes.person_system} if codes.person_system else {}
    born = {"birthDate": f"{signed.birth_year:04d}"} if signed.birth_year is not None else {}
    return {"resourceType": "Patient", "id": _patient_id(signed, codes), "identifier": [{**system, "value": signed.person_code}], **born}


def _patient_id(signed: SignedMeasurement, codes: CodeTable) -> str:
    """The same wherever the site's naming system and code are the same; without a system, of this practice alone."""
    return _id("person", codes.person_system, signed.person_code) if codes.person_system else _id("person", signed.person_id)


# ---------------------------------------------------------------------- one number
def _observation(signed: SignedMeasurement, side: Side, quantity: Quantity, codes: CodeTable) -> dict[str, Any]:
    span = None if signed.outcome == Outcome.NOT_USABLE else signed.document["hips"][side.value][quantity.field]
    by_hand = bool(span and span.get("edited", False))
    device = f"hipcv {signed.document['software']['hipcv']}"
    how = f" ({device}; {codes[Concept.BY_HAND].text})" if by_hand else f" ({device})"
    return {
        "resourceType": "Observation",
        "id": _id(signed.visit_id, signed.version, side.value, quantity),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{_id(signed.visit_id, side.value, quantity)}"}],
        "status": _status(signed, by_hand),
        "category": [codes[Concept.CATEGORY].concept()],
        "code": codes[Concept(quantity)].concept(),
        **({"subject": {"reference": f"urn:uuid:{_patient_id(signed, codes)}"}} if signed.person_code else {}),
        "effectiveDateTime": signed.measured_at.isoformat(),
        "issued": signed.signed_at.isoformat(),
        "performer": [{"display": signed.reviewer}],
        "bodySite": codes[Concept(side.value)].concept(),
        "method": codes[Concept.METHOD].concept(how),
        "device": {"display": device},
        **_notes(signed, by_hand, codes),
        **_number(signed, span, by_hand, codes),
    }


def _status(signed: SignedMeasurement, by_hand: bool) -> str:
    """`corrected` is meant for a number that was put right; a later version that does something else, or changes nothing here, is `amended`.

    References
    ----------
    hl7.org/fhir/R4/valueset-observation-status.html
    """
    if signed.replaces is None:
        return "final"
    return "corrected" if by_hand else "amended"


def _notes(signed: SignedMeasurement, by_hand: bool, codes: CodeTable) -> dict[str, Any]:
    said = [codes[Concept.BY_HAND].text] if by_hand else []
    said += [signed.comment.strip()] if signed.comment.strip() else []
    note = {"authorString": signed.reviewer, "time": signed.signed_at.isoformat(), "text": ": ".join(said)}
    return {"note": [note]} if said else {}


def _number(signed: SignedMeasurement, span: Mapping[str, Any] | None, by_hand: bool, codes: CodeTable) -> dict[str, Any]:
    """The value with what belongs to it, or why there is none."""
    review = [_component(codes, Concept.VERSION, valueInteger=signed.version)]
    if signed.replaces is not None:
        review.append(_component(codes, Concept.REPLACES, valueInteger=signed.replaces))
    if span is None:
        reason = Concept.NOT_USABLE if signed.outcome == Outcome.NOT_USABLE else Concept.NOT_MEASURED
        return {"dataAbsentReason": codes[reason].concept(), "component": review}
    interval = {"low": _degrees(span["low"]), "high": _degrees(span["high"])}
    measured = [
        _component(codes, Concept.INTERVAL, valueRange=interval),
        _component(codes, Concept.REPETITIONS, valueInteger=span["n_reps"]),
        _component(codes, Concept.BY_HAND, valueBoolean=by_hand),
    ]
    return {"valueQuantity": _degrees(span["value"]), "component": [*measured, *review]}


def _component(codes: CodeTable, concept: Concept, **value: Any) -> dict[str, Any]:
    return {"code": codes[concept].concept(), **value}


def _degrees(value: float) -> dict[str, Any]:
    return {"value": value, "unit": "deg", "system": _UCUM, "code": "deg"}
