"""The whole study of many clips: reliability, asymmetry, agreement with a reference, and groups."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.study import bland_altman, cohort, retest, sessions, spread
from hipcv.study.bland_altman import Agreement
from hipcv.study.cohort import Angle, Cohort
from hipcv.study.retest import Retest
from hipcv.study.spread import GroupLine, Spread

SIDES = tuple(side.value for side in SHOWN_SIDES)


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The results of a study, and the data behind them."""

    cohort: Cohort
    with_serious: bool
    """Whether clips with a serious finding are included."""
    angles: tuple[Angle, ...]
    """The angles included, with totals; sessions as they are compared."""
    differences: tuple[Angle, ...]
    sessions: tuple[str, ...]
    """The sessions compared; fewer than two if there is nothing to compare."""
    other_sessions: tuple[str, ...]
    sessions_are_dates: bool
    """Whether they were counted by their dates, for each subject."""
    dates: Mapping[str, str] | None
    """The ISO date of each session that is a date in another form, earliest first; None if several readings give the same order."""
    retest: tuple[Retest, ...]
    asymmetry: tuple[Spread, ...]
    agreement: tuple[Agreement, ...]
    groups: tuple[GroupLine, ...]
    emptied: frozenset[str]
    """Names among `retest`, `asymmetry` and `agreement` that are empty only because clips with a serious finding were left out."""

    @property
    def n_clips(self) -> int:
        """Number of clips included."""
        return cohort.n_clips(self.angles)

    @property
    def n_clips_serious(self) -> int:
        """With a serious finding, whether they count or not."""
        return cohort.n_clips(angle for angle in self.cohort.angles if angle.serious)

    @property
    def n_clips_without_subject(self) -> int:
        """Number of clips included that name no subject."""
        return cohort.n_clips(angle for angle in self.angles if not angle.subject)

    @property
    def n_people(self) -> int:
        """Number of persons; a clip without a subject counts as a person of its own."""
        return cohort.n_people(self.angles)

    @property
    def n_subjects_twice(self) -> int:
        """With two sessions or more."""
        visits = {(angle.subject, angle.session) for angle in self.angles if angle.subject and angle.session}
        return sum(n > 1 for n in Counter(subject for subject, _ in visits).values())

    @property
    def n_averaged(self) -> int:
        """How often a subject has several clips of one session."""
        named = [angle for angle in self.angles if angle.subject and angle.session]
        count = Counter((angle.subject, angle.session, angle.side, angle.quantity) for angle in named)
        return len({(subject, session) for (subject, session, _, _), n in count.items() if n > 1})

    @property
    def n_with_reference(self) -> int:
        """Number of persons with an angle by another instrument."""
        return cohort.n_people(angle for angle in self.angles if angle.reference_deg is not None)


def study(found: Cohort, *, with_serious: bool = False) -> Study:
    """Compute everything that the columns allow; the rest stays empty.

    Clips with a serious finding are left out unless `with_serious`: hipcv does not compare visits that have one, so the reliability
    describes the readings that it would compare.

    Raises
    ------
    UnreadableTable
        If sessions are dates whose order is not known.
    """
    everything = [*found.angles, *found.differences]
    by_date = sessions.counted(everything, found.visits, are_days=found.sessions_are_days)  # before anything is left out
    everything = everything if by_date is None else by_date
    used = [angle for angle in everything if with_serious or not angle.serious]
    angles = cohort.with_totals([angle for angle in used if angle.side in SIDES])
    differences = [angle for angle in used if angle.side == BOTH_SIDES]
    names = dict.fromkeys(angle.session for angle in angles if angle.session)
    as_they_came = list(dict.fromkeys([*found.session_names, *(session for _, session in found.visits), *names]))
    chosen = sessions.in_order(sessions.to_compare(angles, as_they_came), as_they_came)
    lines = tuple(_retest(angles, chosen))
    compared = chosen if lines else ()
    asymmetry, agreement = tuple(_asymmetry(differences, found)), tuple(_agreement(angles, differences))
    parts = {"retest": lines, "asymmetry": asymmetry, "agreement": agreement}
    return Study(
        cohort=found,
        with_serious=with_serious,
        angles=tuple(angles),
        differences=tuple(differences),
        sessions=compared,
        other_sessions=sessions.in_order(set(names) - set(compared), as_they_came),
        sessions_are_dates=by_date is not None,
        dates=sessions.dates_read(found.angles, found.visits),
        retest=lines,
        asymmetry=asymmetry,
        agreement=agreement,
        groups=tuple(_groups(angles)),
        emptied=frozenset() if with_serious else _emptied(found, parts),
    )


def _emptied(found: Cohort, parts: Mapping[str, Collection]) -> frozenset[str]:
    """Those of the empty parts that have figures if no clip is left out."""
    empty = [name for name, part in parts.items() if not part]
    if not empty or not any(angle.serious for angle in found.angles):
        return frozenset()
    whole = study(found, with_serious=True)
    return frozenset(name for name in empty if getattr(whole, name))


def _retest(angles: Sequence[Angle], compared: Sequence[str]) -> list[Retest]:
    """For each quantity: right, left, and both pooled."""
    found = []
    for quantity in Quantity:
        sides = [one for side in SIDES if (one := retest.of_side(angles, side, quantity, compared))]
        found += [*sides, *([retest.pooled(sides)] if len(sides) > 1 else [])]
    return found


def _asymmetry(differences: Sequence[Angle], found: Cohort) -> list[Spread]:
    limits_deg = {Quantity.TOTAL: found.notice_total_deg}
    spreads = [spread.spread(differences, quantity, limits_deg.get(quantity, found.notice_direction_deg)) for quantity in Quantity]
    return [one for one in spreads if one]


def _agreement(angles: Sequence[Angle], differences: Sequence[Angle]) -> list[Agreement]:
    """For each quantity: right, left, and both hips counted by person; then the differences between the hips."""
    found = []
    for quantity in Quantity:
        some = [angle for angle in angles if angle.quantity == quantity]
        found += [bland_altman.limits_of_agreement([angle for angle in some if angle.side == side], side, quantity) for side in SIDES]
        if len({angle.side for angle in some if angle.reference_deg is not None}) > 1:
            found.append(bland_altman.limits_of_agreement(some, retest.POOLED, quantity))
    for quantity in Quantity:
        of_quantity = [one for one in differences if one.quantity == quantity]
        found.append(bland_altman.limits_of_agreement(of_quantity, BOTH_SIDES, quantity))
    return [one for one in found if one]


def _groups(angles: Sequence[Angle]) -> list[GroupLine]:
    """Everybody, then each group in order of appearance; if there is only one group, it is everybody."""
    names = list(dict.fromkeys(angle.group for angle in angles if angle.group))
    groups = [(spread.ALL, list(angles))]
    if len(names) > 1 or any(not angle.group for angle in angles):
        groups += [(name, [angle for angle in angles if angle.group == name]) for name in names]
    lines = [spread.group_line(some, group, quantity) for group, some in groups for quantity in Quantity]
    return [line for line in lines if line]
