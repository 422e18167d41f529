"""The course of a person: what was measured over the weeks, in the versions that were signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hipcv.records.visit import Visit, before_and_after
from hipcv.store import changes
from hipcv.store.changes import Obstacle
from hipcv.store.people import CourseNote, People, Person
from hipcv.store.reviews import Outcome, Reviews, Signature
from hipcv.store.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class CourseVisit:
    """One visit of a course; its document has the corrections that were signed."""

    visit: Visit
    signature: Signature | None

    @property
    def is_edited(self) -> bool:
        """Whether numbers rest on corrections by hand."""
        return self.signature is not None and self.signature.verdict.outcome is Outcome.CORRECTED


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A person with their visits, earliest first, and the notes between them."""

    person: Person
    visits: Sequence[CourseVisit]
    notes: Sequence[CourseNote]
    n_unsigned: int
    """Visits that were left out because nobody has signed them yet."""

    def pairs(self) -> list[tuple[CourseVisit, CourseVisit]]:
        """Visits before and after a treatment or exercise on the same day."""
        by_id = {one.visit.id: one for one in self.visits}
        return [(by_id[before.id], by_id[after.id]) for before, after in before_and_after([one.visit for one in self.visits])]

    def new_set_ups(self) -> Mapping[str, list[Obstacle]]:
        """Visits filmed or measured otherwise than the visit before, by id, with the differences."""
        found = {}
        for before, now in zip(self.visits, self.visits[1:], strict=False):
            if differs := changes.unlike_set_up(before.visit.document, now.visit.document):
                found[now.visit.id] = differs
        return found


def course_of(store: Store, person_id: str, *, unsigned: bool = False) -> Course:
    """The course of a person; visits that nobody has signed yet only on request, unusable ones never.

    Raises
    ------
    PersonNotFound
        They were erased, or never existed.
    """
    people, signed = People(store), Reviews(store).signed_of(person_id)
    person, visits = people.person(person_id), store.visits(person_id)
    usable = [one for one in visits if not (one.id in signed and signed[one.id].verdict.outcome is Outcome.NOT_USABLE)]
    chosen = [one for one in usable if unsigned or one.id in signed]
    return Course(person, [_told(one, signed.get(one.id)) for one in chosen], people.notes(person_id), len(usable) - len(chosen))


def _told(visit: Visit, signature: Signature | None) -> CourseVisit:
    return CourseVisit(replace(visit, document=dict(signature.document)) if signature else visit, signature)
