"""A study as Markdown: a paragraph for the methods section with its numbers filled in, the tables, and the sources."""

from collections.abc import Sequence

from hipcv.language.sentences import intended_use
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.statistics.text_blocks import bullets, counted, degrees, icc_text, markdown_table, percent
from hipcv.study import words
from hipcv.study.bland_altman import Agreement
from hipcv.study.retest import POOLED, Retest
from hipcv.study.spread import Spread
from hipcv.study.study import Study

SOURCES = (
    "Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability. *Psychol Bull* 1979;86:420–428.",
    "McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients. *Psychol Methods* 1996;1:30–46.",
    "Weir JP. Quantifying test-retest reliability using the intraclass correlation coefficient and the SEM. *J Strength Cond Res* 2005;19:231–240.",
    "Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical measurement. *Lancet* 1986;327:307–310.",
    "Bland JM, Altman DG. Measuring agreement in method comparison studies. *Stat Methods Med Res* 1999;8:135–160.",
    "Zou GY. Confidence interval estimation for the Bland–Altman limits of agreement with multiple observations per individual. "
    "*Stat Methods Med Res* 2013;22:630–642.",
)


def to_markdown(study: Study, picture: str | None = None) -> str:
    """The whole report; `picture` is the link to the figure as the report should show it."""
    parts = [
        f"# Hip rotation in {words.subjects(study)}",
        *([f"![Agreement, test–retest and asymmetry in pictures]({picture})"] if picture else []),
        "## Methods",
        methods(study),
        "## Results",
        results(study),
        *_tables(study),
        *(["## Not used", bullets([fault.said() for fault in study.cohort.faults])] if study.cohort.faults else []),
        "## Sources",
        bullets(SOURCES),
        intended_use(),
    ]
    return "\n\n".join(parts) + "\n"


def methods(study: Study) -> str:
    """The methods paragraph, limited to the analyses in this study."""
    said = [f"Internal and external rotation of each hip were read from phone videos of the seated test with {_software(study)}."]
    said += words.standing(study)
    if study.retest:
        said += [
            f"Test–retest reliability was computed for each side on subjects with a value in each of {len(study.sessions)} sessions.",
            *words.retest_sentences(study),
            "The intraclass correlation is ICC(A,1), also called ICC(2,1): two-way random effects, absolute agreement, a single measurement. "
            "The standard error of measurement (SEM) is √MSE of the two-way analysis of variance of subjects and sessions (with two sessions "
            "the standard deviation of the differences over √2); the minimal detectable change (MDC95) is 1.96 · √2 · SEM. "
            "The two hips of a person are not independent: no correlation was taken over both; their SEM is the root of the mean squared SEM of the sides, "
            "with the interval of one side.",
        ]
    if study.agreement:
        said.append(
            "Agreement with the reference is bias (measured minus reference) and 95 % limits of agreement, bias ± 1.96 SD; several differences of one person were "
            "taken into account by the variance between and within persons, intervals of the limits by the MOVER method. "
            "Proportional bias is the slope of the difference on the mean of both, over persons."
        )
    if study.asymmetry:
        said.append("Asymmetry is right minus left of one clip, averaged for each subject.")
    said.append("In brackets: 95 % confidence intervals.")
    return " ".join(said)


def results(study: Study) -> str:
    """The main results as sentences, where there are any."""
    paragraphs = [
        " ".join(_retest_sentence(one) for one in study.retest if one.side != POOLED),
        " ".join(_asymmetry_sentence(one) for one in study.asymmetry),
        " ".join(_agreement_sentence(one) for one in _widest(study.agreement)),
        " ".join(words.few(study)),
    ]
    return "\n\n".join(filter(None, paragraphs)) or "There are too few subjects, sessions and references; see below."


def _widest(found: Sequence[Agreement]) -> list[Agreement]:
    """Both hips together where available, otherwise the one there is; and the differences between the hips."""
    pooled = {one.quantity for one in found if one.side == POOLED}
    return [one for one in found if one.side in (POOLED, BOTH_SIDES) or one.quantity not in pooled]


def _asymmetry_sentence(one: Spread) -> str:
    n = one.summary_deg.n
    values = f"{words.mean_and_sd(one.summary_deg, signed=True)} ({'mean ± SD, ' if n > 1 else ''}n = {n})"
    beyond = f"{one.n_beyond} of {n} ({percent(one.n_beyond / n)}) differed by {one.limit_deg:g}° or more"
    return f"Right minus left in {_rotation(one.quantity)} was {values}; {beyond}."


def _retest_sentence(one: Retest) -> str:
    icc = f"ICC(A,1) {icc_text(one.icc)}, " if one.icc else ""
    change = f", change between sessions {words.estimate(one.change_deg, signed=True)}°" if one.change_deg else ""
    name = f"{_rotation(one.quantity).capitalize()} of the {one.side} hip (n = {one.n_subjects})"
    return f"{name}: {icc}SEM {words.estimate(one.sem_deg)}°, MDC95 {degrees(one.mdc95_deg.value)}{change}."


def _agreement_sentence(one: Agreement) -> str:
    where = {BOTH_SIDES: "right minus left in ", POOLED: ""}.get(one.side)
    what = f"{_rotation(one.quantity)} of the {one.side} hip" if where is None else f"{where}{_rotation(one.quantity)}"
    counts = f"{counted(one.n, 'difference')} of {counted(one.n_people, 'subject')}"
    limits = f"{words.estimate(one.lower_deg, signed=True)} and {words.estimate(one.upper_deg, signed=True)}°"
    inside = f"; the stated interval held the reference in {percent(one.n_inside / one.n_intervals)}" if one.n_intervals else ""
    return f"Against the reference, {what} ({counts}) had a bias of {words.estimate(one.bias_deg, signed=True)}° and limits of agreement of {limits}{inside}."


def _rotation(quantity: str) -> str:
    return "total rotation" if quantity == "total" else f"{quantity} rotation"


def _software(study: Study) -> str:
    versions = dict(study.cohort.software)
    name = f"hipcv {versions['hipcv']}" if "hipcv" in versions else "hipcv"
    others = [f"{part} {versions[part]}" for part in ("mediapipe", "model") if part in versions]
    return f"{name} ({', '.join(others)})" if others else name


def _tables(study: Study) -> list[str]:
    parts = ["## Test–retest"]
    parts += [markdown_table(words.retest_table(study))] if study.retest else []
    parts += [" ".join(words.retest_sentences(study)), "## Asymmetry"]
    parts += [markdown_table(words.asymmetry_table(study))] if study.asymmetry else []
    parts += [words.asymmetry_sentence(study), "## Agreement with the reference"]
    parts += [markdown_table(one(study)) for one in (words.bias_table, words.limits_table, words.slope_table)] if study.agreement else []
    parts += [words.agreement_sentence(study)]
    return [*parts, "## Rotation", markdown_table(words.group_table(study)), words.group_sentence()]
