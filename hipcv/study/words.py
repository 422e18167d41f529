"""A study as tables and sentences, shared by the terminal and the Markdown report. Every table fits 80 columns."""

from hipcv.codes import Quantity
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.statistics.estimate import Estimate, Summary
from hipcv.statistics.text_blocks import Line, Table, counted, degrees, icc_text, percent
from hipcv.study.bland_altman import Agreement
from hipcv.study.retest import POOLED, Retest
from hipcv.study.sessions import FEWEST, to_compare
from hipcv.study.spread import PERCENTILES, Spread
from hipcv.study.study import SIDES, Study

_FEW = 30
"""Terwee et al., *Qual Life Res* 2012;21:651–657, rate smaller samples as poor for studies of reliability and measurement error."""


def estimate(one: Estimate | None, *, signed: bool = False) -> str:
    """`1.9 (1.4 to 3.2)`, or a dash; the unit stands in the header.

    >>> estimate(Estimate(-0.24, -1.2, 0.72), signed=True)
    '−0.2 (−1.2 to +0.7)'
    """
    if one is None:
        return "–"
    value, low, high = (f"{part:{'+' if signed else ''}z.1f}".replace("-", "−") for part in (one.value, one.low, one.high))
    return f"{value} ({low} to {high})"


def mean_and_sd(one: Summary | None, *, signed: bool = False) -> str:
    """`31.2 ± 8.1°`, a single value without a spread, or a dash."""
    if one is None:
        return "–"
    mean = degrees(one.mean, signed=signed)
    return mean if one.sd is None else f"{mean[:-1]} ± {degrees(one.sd)}"


def subjects(study: Study) -> str:
    """The number of clips and of subjects."""
    return f"{counted(study.n_clips, 'clip')} of {counted(study.n_people, 'subject')}"


# ---------------------------------------------------------------------- tables
def retest_table(study: Study) -> Table:
    """One line per quantity and side."""
    return Table(("Degrees", "n", "ICC(A,1)", "SEM", "MDC95", "Change"), [_retest_line(one) for one in study.retest])


def _retest_line(one: Retest) -> Line:
    side = f"{POOLED} sides" if one.side == POOLED else one.side
    change = "–" if one.change_deg is None else degrees(one.change_deg.value, signed=True)[:-1]
    name, mdc95 = f"{one.quantity}, {side}", degrees(one.mdc95_deg.value)[:-1]
    return (name, str(one.n_subjects), icc_text(one.icc), estimate(one.sem_deg), mdc95, change)


def asymmetry_table(study: Study) -> Table:
    """One line per quantity."""
    header = ("Degrees", "n", "Mean ± SD", *(f"{p} %" for p in PERCENTILES), "Beyond")
    return Table(header, [_asymmetry_line(one) for one in study.asymmetry])


def _asymmetry_line(one: Spread) -> Line:
    n = one.summary_deg.n
    percentiles = [degrees(value, signed=True)[:-1] for value in one.percentiles_deg]
    beyond = f"±{one.limit_deg:g}: {one.n_beyond} ({percent(one.n_beyond / n)})"
    return (one.quantity, str(n), mean_and_sd(one.summary_deg, signed=True).removesuffix("°"), *percentiles, beyond)


def bias_table(study: Study) -> Table:
    """One line per quantity and side: numbers compared, bias, spread, and how often the stated interval contains the reference."""
    header = ("Degrees", "Clips", "Hips", "Subjects", "Bias", "SD", "Inside")
    return Table(header, [_bias_line(one) for one in study.agreement])


def _bias_line(one: Agreement) -> Line:
    hips = "–" if one.side == BOTH_SIDES else str(one.n_hips)
    inside = percent(one.n_inside / one.n_intervals) if one.n_intervals else "–"
    counts = (str(one.n_clips), hips, str(one.n_people))
    return (_agreement_name(one), *counts, estimate(one.bias_deg, signed=True), degrees(one.sd_deg)[:-1], inside)


def limits_table(study: Study) -> Table:
    """One line per quantity and side: the limits of agreement."""
    lines = [(_agreement_name(one), estimate(one.lower_deg, signed=True), estimate(one.upper_deg, signed=True)) for one in study.agreement]
    return Table(("Degrees", "Lower limit", "Upper limit"), lines)


def slope_table(study: Study) -> Table:
    """One line per quantity and side: how much the bias changes for a 10° larger angle."""
    lines = [(_agreement_name(one), str(one.n_people), estimate(_tenfold(one.slope), signed=True)) for one in study.agreement]
    return Table(("Degrees", "Subjects", "For each 10° more, the bias changes by"), lines)


def _tenfold(slope: Estimate | None) -> Estimate | None:
    return None if slope is None else Estimate(10 * slope.value, 10 * slope.low, 10 * slope.high)


def _agreement_name(one: Agreement) -> str:
    side = {POOLED: "both", BOTH_SIDES: "R − L"}.get(one.side, one.side)
    return f"{one.quantity}, {side}"


def group_table(study: Study) -> Table:
    """One line per group and quantity."""
    lines = [(one.group, one.quantity, *map(_with_n, (one.right_deg, one.left_deg, one.both_deg))) for one in study.groups]
    return Table(("Group", "Rotation", "Right", "Left", "Mean of both"), lines)


def _with_n(one: Summary | None) -> str:
    return "–" if one is None else f"{mean_and_sd(one)} ({one.n})"


# ---------------------------------------------------------------------- sentences
def standing(study: Study) -> list[str]:
    """The basis of the results, one sentence each: clips used, left out and averaged."""
    n_serious, n_unmeasured, n_alone = study.n_clips_serious, study.cohort.n_unmeasured, study.n_clips_without_subject
    said = [f"{subjects(study)} {_was(study.n_clips)} used."] if study.n_clips else ["No clip could be used."]
    if n_serious and study.with_serious:
        said.append(f"{counted(n_serious, 'clip')} with a serious finding {_was(n_serious)} among them.")
    elif n_serious:
        clips = counted(n_serious, "further clip" if study.n_clips else "clip")
        said.append(f"{clips} {_was(n_serious)} left out because of a serious finding.")
    if n_unmeasured:
        said.append(f"{counted(n_unmeasured, 'end range')} of the table {_was(n_unmeasured)} not measured.")
    if n_alone:
        said.append(
            f"{counted(n_alone, 'clip')} without a subject {_was(n_alone)} taken for {'a person' if n_alone == 1 else 'persons'} apart."
        )
    if study.n_averaged:
        said.append(f"{counted(study.n_averaged, 'time')} a subject had several clips of one session; for test–retest their mean was used.")
    return said


def hints(study: Study) -> list[str]:
    """Advice: options to try, limits to bear in mind, columns to fill in."""
    said = []
    if study.n_clips_serious and not study.with_serious:
        said.append("With --with-serious, clips with a serious finding count as well.")
    said += few(study)
    if study.n_clips_without_subject:
        said.append("Fill in the column subject of the manifest where clips show the same person.")
    return said


def few(study: Study) -> list[str]:
    """A warning if the sample is too small for the statistics; at most one sentence."""
    n_retest = min((one.n_subjects for one in study.retest), default=_FEW)
    n_agreement = min((one.n_people for one in study.agreement), default=_FEW)
    small = [f"{n} in {what}" for n, what in ((n_retest, "test–retest"), (n_agreement, "agreement")) if n < _FEW]
    if not small:
        return []
    return [f"Fewer than {_FEW} subjects count as too few for such figures (COSMIN; {', '.join(small)}): look at the intervals."]


def retest_sentences(study: Study) -> list[str]:
    """Sentences on the sessions compared and the subjects missing; or why there is nothing to compare."""
    if not study.retest:
        return [f"Test–retest: {_left_over(study, 'retest') or _why_no_retest(study)}"]
    first, last = study.sessions[0], study.sessions[-1]
    said = [f"Sessions {_and(study.sessions)} were compared, the same hip each time. Change: session {last} minus session {first}."]
    if study.sessions_are_dates:
        said.append("The sessions are dates; for each subject the earliest is session 1.")
    if study.other_sessions:
        session = "Session" if len(study.other_sessions) == 1 else "Sessions"
        said.append(f"{session} {_and(study.other_sessions)} {_was(len(study.other_sessions))} left out: the others leave more to compare.")
    if most := max(one.n_incomplete for one in study.retest):
        said.append(f"In a line, up to {counted(most, 'subject')} had no value in one of the sessions and {_was(most)} not used.")
    if lacking := _without_a_line(study):
        said.append(f"No line for {_and(lacking)}: fewer than {FEWEST} subjects have a value there in each of these sessions.")
    return said


def _without_a_line(study: Study) -> tuple[str, ...]:
    """Sides and quantities that were measured, but by too few subjects in the sessions compared."""
    measured = {(angle.side, angle.quantity) for angle in study.angles if angle.subject}
    lacking = measured - {(one.side, one.quantity) for one in study.retest}
    return tuple(f"{side} {quantity}" for side in SIDES for quantity in Quantity if (side, quantity) in lacking)


def _left_over(found: Study, part: str) -> str:
    """A sentence if a part has no results only because clips were left out; otherwise empty."""
    return (
        f"too little is left without the {counted(found.n_clips_serious, 'clip')} with a serious finding." if part in found.emptied else ""
    )


def _why_no_retest(study: Study) -> str:
    columns = "fill in the columns subject and session of the manifest."
    if not any(angle.subject for angle in study.angles):
        return f"no clip names its subject: {columns}"
    if not any(angle.session for angle in study.angles):
        return f"no clip names its session: {columns}"
    if not study.n_subjects_twice:
        return f"no subject has two sessions: {columns}"
    if study.n_subjects_twice > 1 and not to_compare(study.angles):
        return "no two subjects share their sessions: name them alike for all (1, 2), or by date (2026-03-01)."
    twice = f"{counted(study.n_subjects_twice, 'subject')} {'has' if study.n_subjects_twice == 1 else 'have'} two sessions"
    return f"{twice}; for a figure {FEWEST} are needed with the same hip measured in the same sessions: measure more subjects twice."


def asymmetry_sentence(study: Study) -> str:
    """How asymmetry is counted, or why there is none."""
    if not study.asymmetry:
        if left_over := _left_over(study, "asymmetry"):
            return f"Asymmetry: {left_over}"
        return "Asymmetry: no clip shows both hips (asymmetry.csv holds no difference): measure both legs in one clip."
    return "Right minus left, one mean for each subject. Beyond: how many subjects differ by that much or more, either way."


def agreement_sentence(study: Study) -> str:
    """How agreement is counted, or why there is none."""
    if study.agreement:
        return "Measured minus reference; inside: how often the stated 95 % interval holds the reference."
    if left_over := _left_over(study, "agreement"):
        return f"Agreement: {left_over}"
    n = study.n_with_reference
    if not n:
        return "Agreement: no clip has a reference: fill in the reference columns of the manifest."
    return f"Agreement: {counted(n, 'subject')} with a reference; {FEWEST} are needed for the same rotation. Fill in the reference of more subjects."


def group_sentence() -> str:
    """How groups are counted."""
    return "Mean ± SD over subjects, their number in brackets; several clips of a hip are averaged."


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def _and(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
