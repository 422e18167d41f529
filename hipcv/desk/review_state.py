"""A review as it stands: the measurement, the corrections in force, and what they make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hipcv.errors import ReviewError
from hipcv.landmarks import Side
from hipcv.measurement import Measurement
from hipcv.records import record
from hipcv.records.document import REVIEW, to_document
from hipcv.records.record import CONTROL_CHARACTERS, Record
from hipcv.records.visit import Visit
from hipcv.review.corrected import corrected, rep_keys
from hipcv.review.edits import Edit, Numbered, SwapSides, from_plain, to_plain
from hipcv.store.reviews import KeptEdit, Reviews, Signature, Verdict
from hipcv.store.store import Store
from hipcv.version import __version__


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """One visit at the desk."""

    visit: Visit
    record: Record
    """As measured."""
    kept: Sequence[KeptEdit]
    edits: Sequence[Numbered]
    measurement: Measurement
    """With the corrections; the very one of the record where there are none."""
    signatures: Sequence[Signature]
    own_sides: Measurement
    """With the corrections, but on the sides of the measurement, by which repetitions are named."""

    @property
    def is_locked(self) -> bool:
        """Whether it is signed, and not opened again."""
        return bool(self.visit.outcome)

    @property
    def is_corrected(self) -> bool:
        """Whether the corrections change anything; sides exchanged twice, or a repetition accepted that counted anyway, change nothing."""
        return self.measurement is not self.record.measurement and to_document(self.measurement) != to_document(self.record.measurement)

    @property
    def known(self) -> list[int]:
        """The numbers of the corrections."""
        return [one.number for one in self.edits]

    @property
    def own_edits(self) -> Sequence[Numbered]:
        """The corrections without exchanges of the sides."""
        return without_swaps(self.edits)


def open_review(store: Store, visit_id: str) -> Review:
    """The review of a visit.

    Raises
    ------
    VisitNotFound, RecordError
        The visit, or some of its files, are not there.
    ReviewError
        A correction was made by a newer version.
    """
    reviews, visit = Reviews(store), store.visit(visit_id)
    kept = reviews.edits(visit_id)
    found = _record(store, visit_id)
    edits = [numbered(edit) for edit in kept]
    measurement, own = corrected(found.measurement, edits), without_swaps(edits)
    own_sides = measurement if own == edits else corrected(found.measurement, own)
    return Review(visit, found, kept, edits, measurement, reviews.signatures(visit_id), own_sides)


def without_swaps(edits: Sequence[Numbered]) -> list[Numbered]:
    """The corrections without exchanges of the sides."""
    return [one for one in edits if not isinstance(one.edit, SwapSides)]


def _record(store: Store, visit_id: str) -> Record:
    folder = store.folder_of(visit_id)
    try:
        changed_ns = (folder / record.DOCUMENT).stat().st_mtime_ns
    except OSError:
        changed_ns = 0
    return _read(store, visit_id, changed_ns)


@lru_cache(maxsize=8)
def _read(store: Store, visit_id: str, changed_ns: int) -> Record:  # noqa: ARG001
    """The record, read once however often its page is drawn: arrays of a clip take a tenth of a second."""
    return store.record(visit_id)


def numbered(kept: KeptEdit) -> Numbered:
    """A kept correction as one that can be applied; raises `ReviewError` for one of a newer version."""
    try:
        return Numbered(kept.number, from_plain(kept.content))
    except ValueError:
        raise ReviewError("review_edit_unknown") from None


def add(store: Store, review: Review, edit: Edit) -> None:
    """Add a correction, if it can be applied beside those that are in force by now.

    Raises
    ------
    ReviewError
        It cannot; the sentence says why.
    ReviewChanged, VisitSigned, VisitNotFound
        As for `Reviews.add_edit`.
    """
    review = open_review(store, review.visit.id)
    tried = Numbered(1 + max((one.number for one in review.edits), default=0), edit)
    corrected(review.record.measurement, [*review.edits, tried])
    Reviews(store).add_edit(review.visit.id, printable(to_plain(edit)), review.known)


_WRITTEN = ("reviewer", "comment_patient", "comment_record", "film_again")


def printable(content: dict[str, Any]) -> dict[str, Any]:
    """The same with what cannot be written into a document, as control characters, replaced in every text."""
    return {name: CONTROL_CHARACTERS.sub("\ufffd", value) if isinstance(value, str) else value for name, value in content.items()}


def sign(store: Store, review: Review, verdict: Verdict) -> Signature:
    """Sign a review as it stands. Errors as for `Reviews.sign`."""
    verdict = Verdict(verdict.outcome, **printable({name: getattr(verdict, name) for name in _WRITTEN}))
    document = {**to_document(review.measurement), REVIEW: _part(review, verdict)}
    return Reviews(store).sign(review.visit.id, verdict, document, review.known)


def _part(review: Review, verdict: Verdict) -> dict[str, Any]:
    """What a signed document tells of its review; docs/json.md describes it."""
    last = review.signatures[-1].version if review.signatures else None
    return {
        "hipcv": __version__,
        "version": (last or 0) + 1,
        "replaces": last,
        "outcome": verdict.outcome.value,
        "reviewer": verdict.reviewer,
        "comment_patient": verdict.comment_patient,
        "film_again": verdict.film_again,
        "edits": [dict(edit.content) for edit in review.kept],
        "pictures": pictures(review),
    }


def pictures(review: Review) -> Mapping[str, list[str]]:
    """The key of each repetition, by which its picture is named, per side in the order of the document."""
    keys = rep_keys(review.record.measurement, review.edits)
    return {side.value: list(keys[side]) for side in Side}
