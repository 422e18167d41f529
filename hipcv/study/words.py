"""A study as tables and sentences, shared by the terminal and the Markdown report. Every table fits 80 columns."""

from hipcv.codes import Quantity
from hipcv.language.sentences import ENGLISH
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.statistics.estimate import Estimate, Summary
from hipcv.statistics.text_blocks import Table, degrees, icc_text, percent
from hipcv.study.bland_altman import Agreement
from hipcv.study.retest import POOLED
from hipcv.study.sessions import FEWEST, to_compare
from hipcv.study.spread import PERCENTILES
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


def _number(value: float, *, signed: bool = False) -> str:
    """Degrees for a column whose header has the unit."""
    return degrees(value, signed=signed).removesuffix("°")


def mean_and_sd(one: Summary | None, *, signed: bool = False) -> str:
    """`31.2 ± 8.1°`, a single value without a spread, or a dash."""
    if one is None:
        return "–"
    mean = degrees(one.mean, signed=signed)
    return mean if one.sd is None else f"{mean[:-1]} ± {degrees(one.sd)}"


def subjects(study: Study) -> str:
    """The number of clips and of subjects."""
    clips, people = ENGLISH("research.count.clips", n=study.n_clips), ENGLISH("research.count.subjects", n=study.n_people)
    return ENGLISH("research.study.subjects", clips=clips, subjects=people)


# ---------------------------------------------------------------------- tables
def retest_table(study: Study) -> Table:
    """One line per quantity and side."""
    lines = []
    for one in study.retest:
        side = f"{POOLED} sides" if one.side == POOLED else one.side
        change = "–" if one.change_deg is None else _number(one.change_deg.value, signed=True)
        numbers = (str(one.n_subjects), icc_text(one.icc), estimate(one.sem_deg), _number(one.mdc95_deg.value), change)
        lines.append((f"{one.quantity}, {side}", *numbers))
    return Table(("Degrees", "n", "ICC(A,1)", "SEM", "MDC95", "Change"), lines)


def asymmetry_table(study: Study) -> Table:
    """One line per quantity."""
    lines = []
    for one in study.asymmetry:
        n = one.summary_deg.n
        mean = mean_and_sd(one.summary_deg, signed=True).removesuffix("°")
        beyond = f"±{one.limit_deg:g}: {one.n_beyond} ({percent(one.n_beyond / n)})"
        lines.append((one.quantity, str(n), mean, *(_number(value, signed=True) for value in one.percentiles_deg), beyond))
    return Table(("Degrees", "n", "Mean ± SD", *(f"{p} %" for p in PERCENTILES), "Beyond"), lines)


def bias_table(study: Study) -> Table:
    """One line per quantity and side: numbers compared, bias, spread, and how often the stated interval contains the reference."""
    lines = []
    for one in study.agreement:
        hips = "–" if one.side == BOTH_SIDES else str(one.n_hips)
        inside = percent(one.n_inside / one.n_intervals) if one.n_intervals else "–"
        numbers = (str(one.n_clips), hips, str(one.n_people), estimate(one.bias_deg, signed=True), _number(one.sd_deg), inside)
        lines.append((_agreement_name(one), *numbers))
    return Table(("Degrees", "Clips", "Hips", "Subjects", "Bias", "SD", "Inside"), lines)


def limits_table(study: Study) -> Table:
    """One line per quantity and side: the limits of agreement."""
    lines = [(_agreement_name(one), estimate(one.lower_deg, signed=True), estimate(one.upper_deg, signed=True)) for one in study.agreement]
    return Table(("Degrees", "Lower limit", "Upper limit"), lines)


def slope_table(study: Study) -> Table:
    """One line per quantity and side: how much the bias changes for a 10° larger angle."""
    lines = []
    for one in study.agreement:
        tenfold = one.slope and Estimate(10 * one.slope.value, 10 * one.slope.low, 10 * one.slope.high)
        lines.append((_agreement_name(one), str(one.n_people), estimate(tenfold, signed=True)))
    return Table(("Degrees", "Subjects", "For each 10° more, the bias changes by"), lines)


def _agreement_name(one: Agreement) -> str:
    side = {POOLED: "both", BOTH_SIDES: "R − L"}.get(one.side, one.side)
    return f"{one.quantity}, {side}"


def group_table(study: Study) -> Table:
    """One line per group and quantity."""
    lines = []
    for one in study.groups:
        means = [f"{mean_and_sd(hips)} ({hips.n})" if hips else "–" for hips in (one.right_deg, one.left_deg, one.both_deg)]
        lines.append((one.group, one.quantity, *means))
    return Table(("Group", "Rotation", "Right", "Left", "Mean of both"), lines)


# ---------------------------------------------------------------------- sentences
def standing(study: Study) -> list[str]:
    """The basis of the results, one sentence each: clips used, left out and averaged."""
    n_clips, n_serious = study.n_clips, study.n_clips_serious
    said = [ENGLISH("research.study.used", n=n_clips, subjects=subjects(study)) if n_clips else ENGLISH("research.study.nothing_used")]
    if n_serious and study.with_serious:
        said.append(ENGLISH("research.study.among", n=n_serious))
    elif n_serious:
        said.append(ENGLISH("research.study.further_left_out" if n_clips else "research.study.left_out", n=n_serious))
    if study.cohort.n_unmeasured:
        said.append(ENGLISH("research.study.unmeasured", n=study.cohort.n_unmeasured))
    if study.n_clips_without_subject:
        said.append(ENGLISH("research.study.without_subject", n=study.n_clips_without_subject))
    if study.n_averaged:
        said.append(ENGLISH("research.study.averaged", n=study.n_averaged))
    return said


def hints(study: Study) -> list[str]:
    """Advice: options to try, limits to bear in mind, columns to fill in."""
    said = []
    if study.n_clips_serious and not study.with_serious:
        said.append(ENGLISH("research.study.with_serious"))
    said += few(study)
    if study.n_clips_without_subject:
        said.append(ENGLISH("research.study.fill_in_subject"))
    return said


def few(study: Study) -> list[str]:
    """A warning if the sample is too small for the statistics; at most one sentence."""
    n_retest = min((one.n_subjects for one in study.retest), default=_FEW)
    n_agreement = min((one.n_people for one in study.agreement), default=_FEW)
    small = [{"n": n, "analysis": name} for n, name in ((n_retest, "retest"), (n_agreement, "agreement")) if n < _FEW]
    return [ENGLISH("research.study.few", least=_FEW, small=small)] if small else []


def retest_sentences(study: Study) -> list[str]:
    """Sentences on the sessions compared and the subjects missing; or why there is nothing to compare."""
    if not study.retest:
        return [ENGLISH("research.retest.none", why=_why_no_retest(study))]
    said = [ENGLISH("research.retest.compared", sessions=study.sessions, first=study.sessions[0], last=study.sessions[-1])]
    if study.sessions_are_dates:
        case = "either" if study.dates is None else "read" if study.dates else "iso"
        said.append(ENGLISH("research.retest.dates", case=case, dates=list((study.dates or {}).items())))
    if others := study.other_sessions:
        said.append(ENGLISH("research.retest.sessions_left_out", n=len(others), sessions=others))
    if most := max(one.n_incomplete for one in study.retest):
        said.append(ENGLISH("research.retest.incomplete", n=most))
    if hips := _without_line(study):
        said.append(ENGLISH("research.retest.no_line", hips=hips, least=FEWEST))
    return said


def _without_line(study: Study) -> list[str]:
    """What was measured, but in too few subjects in the sessions compared."""
    measured = {(angle.side, angle.quantity) for angle in study.angles if angle.subject}
    without = measured - {(one.side, one.quantity) for one in study.retest}
    return [f"{side} {quantity}" for side in SIDES for quantity in Quantity if (side, quantity) in without]


def _why_no_retest(study: Study) -> str:
    if "retest" in study.emptied:
        return _too_little_left(study)
    if not any(angle.subject for angle in study.angles):
        return ENGLISH("research.retest.no_subject")
    if not any(angle.session for angle in study.angles):
        return ENGLISH("research.retest.no_session")
    if not study.n_subjects_twice:
        return ENGLISH("research.retest.nobody_twice")
    if study.n_subjects_twice > 1 and not to_compare(study.angles):
        return ENGLISH("research.retest.not_shared")
    return ENGLISH("research.retest.too_few", n=study.n_subjects_twice, least=FEWEST)


def _too_little_left(study: Study) -> str:
    return ENGLISH("research.study.too_little_left", n=study.n_clips_serious)


def asymmetry_sentence(study: Study) -> str:
    """How asymmetry is counted, or why there is none."""
    if study.asymmetry:
        return ENGLISH("research.asymmetry.legend")
    emptied = "asymmetry" in study.emptied
    return ENGLISH("research.asymmetry.none", why=_too_little_left(study) if emptied else ENGLISH("research.asymmetry.no_difference"))


def agreement_sentence(study: Study) -> str:
    """How agreement is counted, or why there is none."""
    if study.agreement:
        return ENGLISH("research.agreement.legend")
    if "agreement" in study.emptied:
        why = _too_little_left(study)
    elif study.n_with_reference:
        why = ENGLISH("research.agreement.too_few", n=study.n_with_reference, least=FEWEST)
    else:
        why = ENGLISH("research.agreement.no_reference")
    return ENGLISH("research.agreement.none", why=why)


def group_sentence() -> str:
    """How groups are counted."""
    return ENGLISH("research.groups.legend")
