"""A study as JSON (`hipcv-study/1`). The format is a contract: fields are added, never renamed. docs/study.md describes every field."""

from dataclasses import asdict
from typing import Any

from hipcv.records.document import as_text, rounded
from hipcv.study.retest import Retest
from hipcv.study.spread import PERCENTILES, Spread
from hipcv.study.study import Study
from hipcv.version import __version__

SCHEMA = "hipcv-study/1"


def to_json(study: Study) -> str:
    """The document as text, ending in a line break; numbers with four decimals, null = cannot be told."""
    return as_text(rounded(to_document(study)))


def to_document(study: Study) -> dict[str, Any]:
    """The study as plain values, unrounded."""
    return {
        "schema": SCHEMA,
        "hipcv": __version__,
        "run": dict(study.cohort.software),
        "with_serious": study.with_serious,
        "n_clips": study.n_clips,
        "n_clips_serious": study.n_clips_serious,
        "n_subjects": study.n_people,
        "n_clips_without_subject": study.n_clips_without_subject,
        "n_unmeasured": study.cohort.n_unmeasured,
        "sessions": {
            "compared": list(study.sessions),
            "left_out": list(study.other_sessions),
            "by_date": study.sessions_are_dates,
            "dates": None if study.dates is None else dict(study.dates),
            "n_averaged": study.n_averaged,
        },
        "retest": [_retest(one) for one in study.retest],
        "asymmetry": [_spread(one) for one in study.asymmetry],
        "agreement": [
            {**asdict(one), "inside_share": one.n_inside / one.n_intervals if one.n_intervals else None} for one in study.agreement
        ],
        "groups": [asdict(one) for one in study.groups],
        "faults": [fault.said() for fault in study.cohort.faults],
    }


def _retest(one: Retest) -> dict[str, Any]:
    mean_deg, sd_deg = one.summary_deg or (None, None)
    return {
        "side": one.side,
        "quantity": one.quantity,
        "n_subjects": one.n_subjects,
        "n_incomplete": one.n_incomplete,
        "mean_deg": mean_deg,
        "sd_between_subjects_deg": sd_deg,
        "change_deg": asdict(one.change_deg) if one.change_deg else None,
        "icc_a_1": asdict(one.icc) if one.icc else None,
        "sem_deg": asdict(one.sem_deg),
        "mdc95_deg": asdict(one.mdc95_deg),
    }


def _spread(one: Spread) -> dict[str, Any]:
    return {
        "quantity": one.quantity,
        "n_subjects": one.summary_deg.n,
        "mean_deg": one.summary_deg.mean,
        "sd_deg": one.summary_deg.sd,
        "percentiles_deg": {str(percent): value for percent, value in zip(PERCENTILES, one.percentiles_deg, strict=True)},
        "limit_deg": one.limit_deg,
        "n_beyond": one.n_beyond,
        "share_beyond": one.n_beyond / one.summary_deg.n,
    }
