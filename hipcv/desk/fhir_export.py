"""Signed visits of the store as FHIR resources, with the codes that this site has chosen."""

from collections.abc import Sequence

from hipcv.desk.course import Course
from hipcv.desk.fhir import SignedMeasurement, bundle_json
from hipcv.desk.fhir_codes import code_table
from hipcv.records.visit import Visit
from hipcv.store import settings
from hipcv.store.people import Person
from hipcv.store.reviews import Signature
from hipcv.store.store import Store


def of_course(store: Store, course: Course) -> str:
    """All signed visits of a course as one bundle. Raises `BadCodeTable`."""
    return _bundle(store, course.person, [(one.visit, one.signature) for one in course.visits if one.signature])


def of_visit(store: Store, person: Person | None, visit: Visit, signature: Signature) -> str:
    """One signed visit as a bundle. Raises `BadCodeTable`."""
    return _bundle(store, person, [(visit, signature)])


def _bundle(store: Store, person: Person | None, signed: Sequence[tuple[Visit, Signature]]) -> str:
    return bundle_json([_signed(person, *one) for one in signed], code_table(settings.setting(store, settings.FHIR_CODES, "")))


def _signed(person: Person | None, visit: Visit, signature: Signature) -> SignedMeasurement:
    return SignedMeasurement(
        visit_id=visit.id,
        document=signature.document,
        measured_at=visit.when,
        person_id=person.id if person else "",
        person_code=person.code if person else "",
        birth_year=person.birth_year if person else None,
        reviewer=signature.verdict.reviewer,
        signed_at=signature.signed_at,
        version=signature.version,
        replaces=signature.replaces,
        outcome=signature.verdict.outcome.value,
        comment=signature.verdict.comment_record,
    )
