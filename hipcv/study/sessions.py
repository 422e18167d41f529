"""The sessions of a study: numbered by date within each subject, put in order, and chosen for comparison."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod

from hipcv.errors import UnreadableTable
from hipcv.study.cohort import Angle
from hipcv.system.typed_dates import is_dated, readings

FEWEST = 3
"""Least number of subjects; with fewer, nothing can be said about the differences between subjects."""
_MOST_CANDIDATES = 1000
_ISO_DAY = len("2026-03-01")
_NUMBER = re.compile(r"(?<!\S)-\d+|\d+")
"""`week -4` is four weeks before; the hyphen in `visit-2` is not a minus."""

Names = frozenset[str]
Visit = tuple[str, str]
"""A subject and a session."""


def counted(angles: Sequence[Angle], visits: Iterable[Visit], *, are_days: bool) -> list[Angle] | None:
    """The angles with sessions numbered within each subject, 1 = earliest, if all sessions are dates; otherwise None.

    `visits` includes those without an angle, so that a visit that could not be measured leaves a gap. `are_days` says that sessions are
    days after a subject's first one (`day 14`), which a de-identified dataset has instead of dates.

    Raises
    ------
    UnreadableTable
        If sessions of one subject are dates whose order is not known.
    """
    seen = _seen(angles, visits)
    ways = _days(_names(seen)) if are_days else readings(_names(seen))
    if not ways:
        _check_undated(seen)
        return None
    places, *others = (_places(seen, moments) for moments in ways)
    for other in others:
        unclear = max((subject for subject, session in places if places[subject, session] != other[subject, session]), default="")
        if unclear:
            raise UnreadableTable("sessions_as_dates", case="either", names=_names(visit for visit in seen if visit[0] == unclear))
    return [replace(angle, session=places.get((angle.subject, angle.session), "")) for angle in angles]


def dates_read(angles: Iterable[Angle], visits: Iterable[Visit]) -> dict[str, str] | None:
    """The ISO date of each session that is a date in another form, earliest first; None if there are several ways to read them."""
    ways = readings(_names(_seen(angles, visits)))
    if len(ways) > 1:
        return None
    in_time = sorted(ways[0].items(), key=lambda one: one[1]) if ways else []
    return {name: moment[:_ISO_DAY] for name, moment in in_time if name != moment[:_ISO_DAY]}


def _seen(angles: Iterable[Angle], visits: Iterable[Visit]) -> list[Visit]:
    """Every visit once, sorted, with the session's name."""
    return sorted({*visits, *((angle.subject, angle.session) for angle in angles)})


def _names(visits: Iterable[Visit]) -> list[str]:
    return sorted({session for _, session in visits if session})


def _days(names: Collection[str]) -> list[dict[str, str]]:
    """The day of each session, counted from any first day, if all are `day N`."""
    told = {name: match for name in names if (match := re.fullmatch(r"day (\d+)", name))}
    return [{name: match[1].zfill(20) for name, match in told.items()}] if told and len(told) == len(names) else []


def _places(visits: Iterable[Visit], moments: Mapping[str, str]) -> dict[Visit, str]:
    """Which of its subject's sessions each visit is, 1 the earliest."""
    of_subject: dict[str, set[str]] = defaultdict(set)
    named = [(subject, session) for subject, session in visits if session]
    for subject, session in named:
        of_subject[subject].add(moments[session])
    in_time = {subject: sorted(some) for subject, some in of_subject.items()}
    return {(subject, session): str(in_time[subject].index(moments[session]) + 1) for subject, session in named}


def _check_undated(visits: Sequence[Visit]) -> None:
    """Check that no subject has two sessions that look like dates: not all sessions can be read as dates, so their order is not known."""
    dated = {name for name in _names(visits) if is_dated(name)}
    times = Counter(subject for subject, session in visits if subject and session in dated)
    if max(times.values(), default=0) > 1:
        others = [name for name in _names(visits) if not readings([name])]
        case = "mixed" if not others else "unreadable" if dated == set(others) else "unread"
        raise UnreadableTable("sessions_as_dates", case=case, names=sorted(dated), names2=others)


def in_order(names: Collection[str], as_they_came: Sequence[str]) -> tuple[str, ...]:
    """Names sorted by number if they differ in nothing else, 10 after 9; otherwise in order of appearance.

    >>> in_order({"week 10", "week 2"}, ["week 10", "week 2"]), in_order({"post", "pre"}, ["pre", "post"])
    (('week 2', 'week 10'), ('pre', 'post'))
    """
    if len({_NUMBER.sub("#", name.lower()) for name in names}) == 1:
        return tuple(sorted(names, key=lambda name: [int(number) for number in _NUMBER.findall(name)]))
    place = {name: number for number, name in enumerate(as_they_came)}
    return tuple(sorted(names, key=lambda name: (place.get(name, len(place)), name)))


def to_compare(angles: Iterable[Angle], as_they_came: Sequence[str] = ()) -> Names:
    """The sessions that leave the most to compare; empty if no two subjects share two sessions. Of equally good choices, the earlier.

    They maximise the product, over all sides and quantities, of the error's degrees of freedom, (subjects with all of them − 1) ·
    (sessions − 1): one subject with a third session does not cost all the others, and no side is lightly given up for another.
    """
    had = _sessions_of_subjects(angles)
    shared = _shared(had)
    lines = [Counter(frozenset(names & shared) for names in subjects.values()) for subjects in had]
    place = {name: number for number, name in enumerate(as_they_came)}
    earliest_first = sorted(_candidates(lines), key=lambda names: sorted((place.get(name, len(place)), name) for name in names))
    worth = {candidate: _worth(candidate, lines) for candidate in earliest_first}
    best = max(worth, key=lambda candidate: worth[candidate], default=Names())
    return best if best and worth[best][-1] > 1 else Names()


def _sessions_of_subjects(angles: Iterable[Angle]) -> list[dict[str, set[str]]]:
    """The sessions of each subject; one entry for each side and quantity."""
    had: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for angle in angles:
        if angle.subject and angle.session:
            had[angle.side, angle.quantity][angle.subject].add(angle.session)
    return list(had.values())


def _shared(lines: Iterable[dict[str, set[str]]]) -> set[str]:
    """Sessions that more than one subject has."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for subject, names in line.items():
            for name in names:
                subjects[name].add(subject)
    return {name for name, some in subjects.items() if len(some) > 1}


def _candidates(lines: Sequence[Counter[Names]]) -> list[Names]:
    """Sets of sessions to choose from: the best choice is always the sessions of one subject, or those that several have in common."""
    whole = sorted({names for line in lines for names in line if len(names) > 1}, key=sorted)
    found, seen = list(whole), set(whole)
    for one in found:  # the list grows meanwhile
        for other in whole:
            common = one & other
            if len(common) > 1 and common not in seen and len(found) < _MOST_CANDIDATES:
                seen.add(common)
                found.append(common)
    return found


def _worth(candidate: Names, lines: Sequence[Counter[Names]]) -> tuple[int, int]:
    """Product of the degrees of freedom over all sides and quantities with enough subjects; and the most subjects that have all sessions."""
    numbers = [sum(n for names, n in line.items() if candidate <= names) for line in lines]
    freedom = prod(1 + (n - 1) * (len(candidate) - 1) for n in numbers if n >= FEWEST)  # plus 1, so that no line counts for nothing
    return freedom, max(numbers, default=0)
