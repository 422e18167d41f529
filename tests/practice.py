"""A practice with people, visits, a course, reviews and readings, put into a store by the program itself."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, product
from pathlib import Path

from hipcv.codes import Quantity
from hipcv.desk import review_state
from hipcv.desk.request_code import new_code
from hipcv.landmarks import Side
from hipcv.records import record
from hipcv.records.visit import Kind, Visit
from hipcv.review.edits import Exclude, ExcludeReason, MovePoints, PelvisRating, RatePelvis
from hipcv.review.placing import drawn_points
from hipcv.store.people import NoteKind, PainfulSide, People, Person
from hipcv.store.reviews import Instrument, Outcome, Reading, Reviews, Verdict
from hipcv.store.store import Store, new_id

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REVIEWER = "Dr. Vogel"
_OFF_DEG = (-3, 1, 0, 4, -1, 2, -2, 0, 3, -1, 1, -4, 2)
"""By how much a goniometer read more than the video."""


@dataclass(frozen=True)
class Practice:
    """Ids of what a page can show."""

    person: str
    """Has a course of signed visits, and two that wait."""
    waiting: str
    corrected: str
    """Waits, with corrections that nobody has signed."""
    signed: str
    answered: str
    """Signed with corrections and with words for the patient."""
    nobodys: str


def fill(store: Store, records: Sequence[Path]) -> Practice:
    """Put the practice into a store; its visits take turns in showing the records (tests/visits.write_record)."""
    people, reviews, offs = People(store), Reviews(store), cycle(_OFF_DEG)
    adler = people.add(Person("", "Adler, A.", 1968, PainfulSide.RIGHT, "Rower. Stiff after long drives.")).id
    other = people.add(Person("", "B-0042", 1990)).id
    people.add(Person("", "Cole, M.", None, PainfulSide.BOTH))
    people.ask(adler, new_code())
    taken = _Visits(store, records)

    course = [
        taken.visit(0, 0, "", Kind.BEFORE, adler),
        taken.visit(1, 0.1, "", Kind.AFTER, adler),
        taken.visit(1, 14, "Week 3", person=adler),
        taken.visit(1, 28, "Week 5", person=adler),
    ]
    for day, kind, note in (
        (0, NoteKind.TREATMENT, "Posterior glide, grade III, 3 × 60 s"),
        (7, NoteKind.EXERCISE, "Rotation in sitting, 2 × 10, daily"),
    ):
        people.add_note(adler, (FIRST + timedelta(days=day)).date(), kind, note)
    correct(store, course[3])
    for visit in course[:3]:
        _sign(store, visit, Verdict(Outcome.ACCEPTED, REVIEWER))
    _sign(store, course[3], Verdict(Outcome.CORRECTED, REVIEWER, "Well filmed. Please film again in two weeks."))
    unusable = taken.visit(0, 20, "", person=other)
    _sign(store, unusable, Verdict(Outcome.NOT_USABLE, REVIEWER, film_again="Please film again so that both feet stay in the picture."))
    waiting = taken.visit(0, 42, "Week 7", person=adler)
    corrected = taken.visit(0, 43, "", person=adler)
    correct(store, corrected)
    of_other = taken.visit(1, 44, "", person=other)
    nobodys = taken.visit(2, 45, "After the walk")
    for visit in (*course[:3], of_other):
        for (side, quantity), off_deg in zip(product(Side, (Quantity.INTERNAL, Quantity.EXTERNAL)), offs, strict=False):
            read_deg = round(store.visit(visit).document["hips"][side.value][quantity.field]["value"] + off_deg)
            reviews.add_reading(visit, Reading(side, quantity, read_deg, Instrument.GONIOMETER, reader=REVIEWER))
    return Practice(adler, waiting, corrected, course[0], course[3], nobodys)


class _Visits:
    """Makes visits, each of another video."""

    def __init__(self, store: Store, records: Sequence[Path]) -> None:
        self._store, self._records, self._n = store, records, 0

    def visit(self, which: int, days: float, title: str = "", kind: Kind = Kind.SINGLE, person: str | None = None) -> str:
        kept = self._records[which % len(self._records)]
        self._n += 1
        document = json.loads((kept / record.DOCUMENT).read_text(encoding="utf-8"))
        document["clip"] |= {"name": f"IMG_{4200 + self._n}.mp4", "sha256": f"{self._n:064x}"}
        visit = Visit(new_id(), FIRST + timedelta(days=days), title, kind, "", document, person, received=True)
        folder = self._store.folder_of(visit.id)
        shutil.copytree(kept, folder)
        (folder / record.DOCUMENT).write_text(json.dumps(document), encoding="utf-8")
        self._store.add(visit)
        return visit.id


def correct(store: Store, visit_id: str) -> None:
    """Place the ankle of the first repetition by hand, leave out one, and rate the pelvis of another."""
    review = review_state.open_review(store, visit_id)
    rep = review.measurement.hips[Side.RIGHT].reps[0]
    time_s = (rep.hold_start_s + rep.hold_end_s) / 2
    knee, (x, y) = drawn_points(review.measurement, "right-0", time_s)
    for edit in (
        MovePoints("right-0", time_s, knee, (x - 9, y + 2)),
        Exclude("left-1", ExcludeReason.COMPENSATED, "leans to the right"),
        RatePelvis("right-1", PelvisRating.STILL),
    ):
        review_state.add(store, review, edit)
        review = review_state.open_review(store, visit_id)


def _sign(store: Store, visit_id: str, verdict: Verdict) -> None:
    review_state.sign(store, review_state.open_review(store, visit_id), verdict)
