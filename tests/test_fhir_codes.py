"""The table of FHIR names and codes: what hipcv brings, what a site may change, and what a faulty file is told."""

import pytest

from hipcv.desk.fhir_codes import Coded, Concept, code_table, load_codes
from hipcv.errors import BadCodeTable, HipcvError
from tests.test_earlier_documents import FORBIDDEN as FORBIDDEN_IN_GERMAN
from tests.words import FORBIDDEN

SNOMED = "http://snomed.info/sct"
HL7 = "http://terminology.hl7.org/CodeSystem"
VERIFIED = {
    SNOMED: {"12852001", "52019005", "24136001", "24136001:272741003=7771000", "24136001:272741003=24028007"},
    f"{HL7}/observation-category": {"exam"},
    f"{HL7}/data-absent-reason": {"error", "unknown"},
}
"""Codes that were seen in published value sets, or are FHIR's own; those of a left and a right hip are written as in HL7's own example of a
left femur (observation-example-bmd)."""


@pytest.fixture
def site(tmp_path):
    """Loads a site's table from its text."""

    def load(text):
        file = tmp_path / "codes.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_codes(file)

    return load


def test_the_table_that_hipcv_brings_names_everything_and_has_verified_codes_only():
    codes = code_table()
    assert set(codes.concepts) == set(Concept)
    found = {}
    for coded in codes.concepts.values():
        for coding in coded.codings:
            found.setdefault(coding["system"], set()).add(coding["code"])
    assert found == VERIFIED
    assert codes.person_system == ""


@pytest.mark.parametrize("concept", Concept)
def test_no_name_says_more_than_a_measurement_can(concept):
    assert not FORBIDDEN.search(code_table()[concept].text)
    assert not FORBIDDEN_IN_GERMAN.search(code_table()[concept].text)


def test_what_a_site_leaves_out_stays(site):
    codes = site(
        'person_system = "urn:oid:1.2.3"\n[left]\ntext = "linke Hüfte"\n[total]\ncodings = [{ system = "urn:x:y", code = "T", display = "Total" }]'
    )
    brought = code_table()
    assert codes.person_system == "urn:oid:1.2.3"
    assert codes[Concept.LEFT] == Coded("linke Hüfte", brought[Concept.LEFT].codings)
    assert codes[Concept.TOTAL] == Coded(brought[Concept.TOTAL].text, ({"system": "urn:x:y", "code": "T", "display": "Total"},))
    assert {concept for concept in Concept if codes[concept] != brought[concept]} == {Concept.LEFT, Concept.TOTAL}


def test_a_site_may_drop_all_codings_and_a_text_editor_may_leave_its_mark(site):
    assert site(b"\xef\xbb\xbf[left]\ncodings = []")[Concept.LEFT].codings == ()
    assert site("").concepts == code_table().concepts


FAULTY = {
    "no TOML": ("[left\ntext", "this is not TOML (Expected ']' at the end of a table declaration (at line 1, column 6))."),
    "another alphabet": ("[left]\ntext = 'Hüfte'".encode("latin-1"), "this is not a text in UTF-8. Save it as UTF-8 in the text editor."),
    "an unknown concept": (
        "[leg]\ntext = 'leg'",
        "“leg” is none of the concepts that hipcv hands on (internal, external, total, category, left, right, method, ",
    ),
    "a misplaced naming system": (
        "[left]\nperson_system = 'urn:x:y'",
        "[left] has an entry “person_system”. A table has a text and codings only.",
    ),
    "no table": ("left = 'left hip'", "“left” is not a table. Write [left] on a line of its own"),
    "an unknown key": ("[left]\ncode = '1'", "[left] has an entry “code”."),
    "no text": ("[left]\ntext = ' '", "the text of [left] is empty or not in quotation marks."),
    "a number for a text": ("[left]\ntext = 3", "the text of [left] is empty or not in quotation marks."),
    "codings without brackets": ("[left.codings]\nsystem = 'urn:x:y'", "the codings of [left] are not a list. Put them in square brackets"),
    "a coding without a code": (
        "[left]\ncodings = [{ system = 'urn:x:y' }]",
        "coding 1 of [left] is not complete or has something else in it.",
    ),
    "a number for a code": ("[left]\ncodings = [{ system = 'urn:x:y', code = 12 }]", "coding 1 of [left] is not complete"),
    "too much in a coding": ("[left]\ncodings = [{ system = 'urn:x:y', code = 'a', side = 'l' }]", "coding 1 of [left] is not complete"),
    "a coding that is a word": ("[left]\ncodings = ['24136001']", "coding 1 of [left] is not complete"),
    "an empty display": ("[left]\ncodings = [{ system = 'urn:x:y', code = 'a', display = '' }]", "coding 1 of [left] is not complete"),
    "a system that is no address": (
        "[left]\ncodings = [{ system = 'urn:x:y', code = 'a' }, { system = 'LOINC', code = 'a' }]",
        "coding 2 of [left] has the system “LOINC”. A system is an address, such as http://loinc.org. Write it in full.",
    ),
    "a code with a blank at its end": ("[left]\ncodings = [{ system = 'urn:x:y', code = 'a ' }]", "coding 1 of [left] has the code “a ”."),
    "a person system that is no address": ("person_system = 'ours'", "person_system is “ours”. It has to be an address"),
    "a person system that is a number": ("person_system = 7", "person_system is “7”. It has to be an address"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_table_is_told_what_was_seen_and_what_to_do(site, case):
    text, expected = FAULTY[case]
    with pytest.raises(BadCodeTable) as caught:
        site(text)
    assert f"codes.toml: {expected}" in str(caught.value)
    assert str(caught.value).endswith(".")
    assert not FORBIDDEN.search(str(caught.value))


def test_a_faulty_table_is_told_in_german(site):
    with pytest.raises(HipcvError) as caught:
        site("[left]\ncodings = [{ system = 'LOINC', code = 'a' }]")
    assert caught.value.said("de").endswith(
        "codes.toml: Kodierung 1 von [left] hat als system „LOINC“. Nötig ist eine Adresse wie http://loinc.org. Schreiben Sie sie vollständig."
    )


@pytest.mark.parametrize("case", FAULTY)
def test_each_fault_has_its_own_german_sentence(site, case):
    with pytest.raises(HipcvError) as caught:
        site(FAULTY[case][0])
    assert caught.value.said("de") != str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadCodeTable, match="the table of codes cannot be read"):
        load_codes(tmp_path / "none.toml")
    with pytest.raises(BadCodeTable, match="the table of codes cannot be read"):
        load_codes(tmp_path)
