"""Signed measurements as FHIR R4: accepted by the library, true to R4's own lists of codes, and with the numbers of the document."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError

from hipcv.codes import Quantity
from hipcv.desk.fhir import OUTCOMES, SignedMeasurement, bundle_json
from hipcv.desk.fhir_codes import code_table, load_codes
from hipcv.landmarks import Side
from hipcv.records.document import to_document
from tests.conftest import ROOT

pytestmark = pytest.mark.pose

STATUS = {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"}
"""hl7.org/fhir/R4/valueset-observation-status.html."""
ABSENT = {"unknown", "asked-unknown", "temp-unknown", "not-asked", "asked-declined", "masked", "not-applicable", "unsupported", "as-text"}
ABSENT |= {"error", "not-a-number", "negative-infinity", "positive-infinity", "not-performed", "not-permitted"}
"""hl7.org/fhir/R4/valueset-data-absent-reason.html."""
CATEGORY = {"social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam", "therapy", "activity"}
"""hl7.org/fhir/R4/valueset-observation-category.html."""
BUNDLE = {"document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset", "collection"}
"""hl7.org/fhir/R4/valueset-bundle-type.html."""
FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
CODES = code_table()


@pytest.fixture
def signed(measured_sample):
    """The first review of a real measurement, accepted as it is."""
    document = to_document(measured_sample("p06_asym"))
    return SignedMeasurement("visit1", document, FIRST, "a1", "P-0042", 1957, "A. Reviewer", FIRST + timedelta(days=1), 1, None, "accepted")


def edited(signed, side, quantity, value):
    """The same measurement with one range that was corrected by hand."""
    document = deepcopy(signed.document)
    document["hips"][side][quantity] |= {"value": value, "edited": True}
    return replace(signed, document=document, outcome="corrected")


def resources(*signed, codes=CODES):
    """The resources of the bundle as plain JSON, checked as R4 asks for beyond what the library looks at."""
    text = bundle_json(signed, codes)
    Bundle.model_validate_json(text)
    bundle = json.loads(text)
    assert bundle["type"] in BUNDLE
    entries = bundle.get("entry", [])
    addresses = [entry["fullUrl"] for entry in entries]
    assert len(set(addresses)) == len(addresses)
    for entry in entries:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        if entry["resource"]["resourceType"] == "Observation":
            assert_r4(entry["resource"], addresses)
    return [entry["resource"] for entry in entries]


def assert_r4(one, addresses):
    assert one["status"] in STATUS
    assert {coding["code"] for coding in one["category"][0]["coding"]} <= CATEGORY
    assert ("valueQuantity" in one) != ("dataAbsentReason" in one), "obs-6"
    assert one["code"] not in [component["code"] for component in one["component"]], "obs-7"
    if "dataAbsentReason" in one:
        assert {coding["code"] for coding in one["dataAbsentReason"]["coding"]} <= ABSENT
    assert one["subject"]["reference"] in addresses
    for time in (one["effectiveDateTime"], one["issued"]):
        assert datetime.fromisoformat(time).tzinfo
    assert "interpretation" not in json.dumps(one)
    assert "extension" not in json.dumps(one)


def observations(*signed, codes=CODES):
    return [one for one in resources(*signed, codes=codes) if one["resourceType"] == "Observation"]


def of(found, side, quantity):
    """The Observation of one hip and quantity, and its components by their text."""
    (one,) = [one for one in found if one["bodySite"]["text"] == f"{side} hip" and one["code"]["text"].startswith(quantity)]
    components = {component["code"]["text"]: component for component in one["component"]}
    return one, components


# ---------------------------------------------------------------------- the numbers
def test_each_hip_and_quantity_is_there_with_the_numbers_of_the_document(signed):
    found = observations(signed)
    assert len(found) == 6
    for side in Side:
        for quantity in Quantity:
            one, components = of(found, side.value, quantity)
            span = signed.document["hips"][side.value][quantity.field]
            assert one["valueQuantity"] == {"value": span["value"], "unit": "deg", "system": "http://unitsofmeasure.org", "code": "deg"}
            interval = components["95 % interval"]["valueRange"]
            assert (interval["low"]["value"], interval["high"]["value"]) == (span["low"], span["high"])
            assert interval["low"]["code"] == interval["high"]["code"] == "deg"
            assert components["number of repetitions"]["valueInteger"] == span["n_reps"]
            assert components["corrected by hand"]["valueBoolean"] is False
            assert one["status"] == "final"


def test_it_says_when_how_by_whom_and_with_what(signed):
    version = signed.document["software"]["hipcv"]
    for one in observations(replace(signed, comment=" Filmed after a long walk. ")):
        assert datetime.fromisoformat(one["effectiveDateTime"]) == FIRST
        assert datetime.fromisoformat(one["issued"]) == FIRST + timedelta(days=1)
        assert one["performer"] == [{"display": "A. Reviewer"}]
        assert one["device"] == {"display": f"hipcv {version}"}
        said = one["method"]["text"]
        assert all(part in said for part in ("active", "seated", "hip and knee at 90°", "markerless", "video", f"(hipcv {version})"))
        assert [note["text"] for note in one["note"]] == ["Filmed after a long walk."]
        assert one["note"][0]["authorString"] == "A. Reviewer"


def test_without_a_comment_there_is_no_note(signed):
    assert [one for one in observations(replace(signed, comment=" \n")) if "note" in one] == []


def test_of_the_person_only_code_and_year_of_birth_are_handed_on(signed):
    (patient,) = [one for one in resources(signed) if one["resourceType"] == "Patient"]
    assert patient.keys() == {"resourceType", "id", "identifier", "birthDate"}
    assert patient["identifier"] == [{"value": "P-0042"}]
    assert patient["birthDate"] == "1957"
    (patient,) = [one for one in resources(replace(signed, birth_year=None)) if one["resourceType"] == "Patient"]
    assert "birthDate" not in patient
    assert signed.document["clip"]["name"] not in bundle_json([signed], CODES)


# ---------------------------------------------------------------------- what a reviewer did
def test_a_number_corrected_by_hand_is_told_to_machines_and_to_people(signed):
    corrected = edited(signed, "left", "internal_rotation_deg", 31.5)
    found = observations(replace(corrected, comment="Knee moved in the second one."))
    one, components = of(found, "left", "internal")
    assert one["valueQuantity"]["value"] == 31.5
    assert components["corrected by hand"]["valueBoolean"] is True
    assert one["note"][0]["text"] == "corrected by hand: Knee moved in the second one."
    assert one["method"]["text"].endswith("; corrected by hand)")
    assert one["status"] == "final"
    for side, quantity in (("left", "external"), ("right", "internal")):
        one, components = of(found, side, quantity)
        assert components["corrected by hand"]["valueBoolean"] is False
        assert "corrected by hand" not in one["method"]["text"] + one["note"][0]["text"]


def test_a_measurement_that_is_not_usable_has_reasons_instead_of_numbers(signed):
    corrected = replace(edited(signed, "left", "internal_rotation_deg", 31.5), outcome="not_usable", comment="Filmed from aside.")
    for one in observations(corrected):
        assert one["dataAbsentReason"]["text"] == "the reviewer found the recording not usable"
        assert one["note"][0]["text"] == "Filmed from aside."
        assert not {"95 % interval", "number of repetitions", "corrected by hand"} & {part["code"]["text"] for part in one["component"]}


def test_what_was_not_measured_says_so(signed):
    document = deepcopy(signed.document)
    document["hips"]["right"]["total_deg"] = None
    one, _ = of(observations(replace(signed, document=document)), "right", "total")
    assert one["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_a_later_version_is_corrected_where_a_number_was_and_amended_elsewhere(signed):
    later = replace(edited(signed, "left", "internal_rotation_deg", 31.5), version=2, replaces=1)
    found = observations(later)
    assert sorted(one["status"] for one in found) == ["amended"] * 5 + ["corrected"]
    one, components = of(found, "left", "internal")
    assert one["status"] == "corrected"
    assert components["version of the review"]["valueInteger"] == 2
    assert components["version that this one replaces"]["valueInteger"] == 1
    assert {one["status"] for one in observations(replace(later, outcome="not_usable"))} == {"amended"}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_first_version_replaces_none_and_is_final(signed, outcome):
    for one in observations(replace(signed, outcome=outcome)):
        assert one["status"] == "final"
        texts = {component["code"]["text"] for component in one["component"]}
        assert "version of the review" in texts
        assert "version that this one replaces" not in texts


# ---------------------------------------------------------------------- which resource is which
def test_the_same_export_gives_the_same_text_and_a_measurement_given_twice_is_in_it_once(signed):
    assert bundle_json([signed], CODES) == bundle_json([signed, signed], CODES) == bundle_json([deepcopy(signed)], CODES)


def test_versions_are_different_resources_of_the_same_observation(signed):
    later = edited(replace(signed, version=2, replaces=1), "left", "internal_rotation_deg", 31.5)
    found = observations(signed, later)
    assert len(found) == 12
    assert len({one["identifier"][0]["value"] for one in found}) == 6
    assert len({one["subject"]["reference"] for one in found}) == 1


def test_another_visit_and_another_person_share_nothing(signed):
    found = resources(signed, replace(signed, visit_id="visit2", person_id="b2", person_code="P-0043"))
    assert len(found) == 14
    assert len({one["identifier"][0]["value"] for one in found}) == 14


def test_persons_of_two_sites_are_kept_apart_by_their_naming_systems(signed, tmp_path):
    ids = set()
    for site in ("one", "two"):
        (tmp_path / "codes.toml").write_text(f'person_system = "https://{site}.example/persons"')
        (patient,) = [one for one in resources(signed, codes=load_codes(tmp_path / "codes.toml")) if one["resourceType"] == "Patient"]
        assert patient["identifier"] == [{"system": f"https://{site}.example/persons", "value": "P-0042"}]
        ids.add(patient["id"])
    assert len(ids) == 2


def test_without_a_naming_system_a_code_is_known_to_its_practice_alone(signed):
    people = [one for one in resources(signed, replace(signed, person_id="b2")) if one["resourceType"] == "Patient"]
    assert len({person["id"] for person in people}) == 2
    assert {person["identifier"][0]["value"] for person in people} == {"P-0042"}


def test_an_id_is_one_that_fhir_allows(signed):
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", one["id"]) for one in resources(signed))


def test_nothing_to_export_is_a_bundle_too():
    assert resources() == []


# ---------------------------------------------------------------------- whose codes
def test_a_site_names_things_in_its_own_code_system_and_language(signed, tmp_path):
    own = tmp_path / "codes.toml"
    own.write_text(
        '[internal]\ntext = "Innenrotation"\ncodings = [{ system = "https://site.example/codes", code = "IR 1" }]', encoding="utf-8"
    )
    found = observations(signed, codes=load_codes(own))
    codings = {one["code"]["text"]: one["code"].get("coding") for one in found}
    assert codings["Innenrotation"] == [{"system": "https://site.example/codes", "code": "IR 1"}]
    assert codings["external rotation of the hip"] == [
        {"system": "http://snomed.info/sct", "code": "52019005", "display": "External rotation"}
    ]
    assert codings["total rotation of the hip (internal and external)"] is None


def test_sides_are_told_by_code(signed):
    for side, code in (("left", "7771000"), ("right", "24028007")):
        one, _ = of(observations(signed), side, "total")
        assert [coding["code"] for coding in one["bodySite"]["coding"]] == [f"24136001:272741003={code}", "24136001"]


# ---------------------------------------------------------------------- what is refused
def test_what_fhir_does_not_allow_is_refused(signed):
    with pytest.raises(ValidationError):
        bundle_json([replace(signed, reviewer="")], CODES)


@pytest.mark.parametrize(
    "wrong",
    [{"outcome": "fine"}, {"measured_at": datetime(2026, 3, 2)}, {"signed_at": datetime(2026, 3, 2)}],
    ids=["an unknown outcome", "no time zone", "no time zone of the signature"],
)
def test_a_mistake_of_the_caller_is_loud(signed, wrong):
    with pytest.raises(ValueError, match=r"none of|time zone"):
        replace(signed, **wrong)


def test_a_page_that_does_not_export_does_not_load_the_library():
    code = "import sys, hipcv.desk.fhir, hipcv.desk.request_code; print([name for name in ('fhir', 'pydantic', 'typst') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_measurement_that_is_nobodys_yet_names_no_subject(signed):
    bundle = json.loads(bundle_json([replace(signed, person_code="")], CODES))
    Bundle.model_validate(bundle)
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {"Observation"}
    assert not any("subject" in entry["resource"] for entry in bundle["entry"])
