"""A study as Markdown: a paragraph for the methods section with its numbers filled in, the tables, and the sources."""

from collections.abc import Mapping, Sequence

from hipcv.language.sentences import ENGLISH, intended_use
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.statistics.text_blocks import bullets, degrees, icc_text, markdown_table, percent
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
        f"# {ENGLISH('research.study.title', subjects=words.subjects(study))}",
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
    said = [ENGLISH("research.methods.rotation", software=_software(study.cohort.software)), *words.standing(study)]
    if study.retest:
        said += [
            ENGLISH("research.retest.methods", n_sessions=len(study.sessions)),
            *words.retest_sentences(study),
            ENGLISH("research.retest.formulas"),
        ]
    if study.agreement:
        said.append(ENGLISH("research.agreement.methods"))
    if study.asymmetry:
        said.append(ENGLISH("research.asymmetry.methods"))
    return " ".join([*said, ENGLISH("research.intervals")])


def results(study: Study) -> str:
    """The main results as sentences, where there are any."""
    paragraphs = [
        " ".join(_retest_sentence(one) for one in study.retest if one.side != POOLED),
        " ".join(_asymmetry_sentence(one) for one in study.asymmetry),
        " ".join(_agreement_sentence(one) for one in _widest(study.agreement)),
        " ".join(words.few(study)),
    ]
    return "\n\n".join(filter(None, paragraphs)) or ENGLISH("research.study.nothing_to_tell")


def _widest(found: Sequence[Agreement]) -> list[Agreement]:
    """Both hips together where available, otherwise the one there is; and the differences between the hips."""
    pooled = {one.quantity for one in found if one.side == POOLED}
    return [one for one in found if one.side in (POOLED, BOTH_SIDES) or one.quantity not in pooled]


def _asymmetry_sentence(one: Spread) -> str:
    n = one.summary_deg.n
    return ENGLISH(
        "research.asymmetry.result",
        rotation=one.quantity,
        mean=words.mean_and_sd(one.summary_deg, signed=True),
        n=n,
        beyond=one.n_beyond,
        share=percent(one.n_beyond / n),
        limit_deg=one.limit_deg,
    )


def _retest_sentence(one: Retest) -> str:
    figures = [f"ICC(A,1) {icc_text(one.icc)}"] if one.icc else []
    figures += [f"SEM {words.estimate(one.sem_deg)}°", f"MDC95 {degrees(one.mdc95_deg.value)}"]
    figures += [ENGLISH("research.retest.change", change=words.estimate(one.change_deg, signed=True))] if one.change_deg else []
    return ENGLISH("research.retest.result", rotation=one.quantity.capitalize(), side=one.side, n=one.n_subjects, figures=figures)


def _agreement_sentence(one: Agreement) -> str:
    case = {BOTH_SIDES: "differences", POOLED: "both"}.get(one.side, "hip")
    held = ENGLISH("research.agreement.inside", share=percent(one.n_inside / one.n_intervals)) if one.n_intervals else ""
    return ENGLISH(
        "research.agreement.result",
        what=ENGLISH("research.agreement.what", case=case, rotation=one.quantity, side=one.side),
        differences=ENGLISH("research.count.differences", n=one.n),
        subjects=ENGLISH("research.count.subjects", n=one.n_people),
        bias=words.estimate(one.bias_deg, signed=True),
        lower=words.estimate(one.lower_deg, signed=True),
        upper=words.estimate(one.upper_deg, signed=True),
        inside=held,
    )


def _software(versions: Mapping[str, str]) -> str:
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
