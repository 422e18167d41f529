"""README.md of a dataset: every file, and every column with its unit and sign."""

from collections.abc import Iterator

from hipcv.batch.columns import tables
from hipcv.batch.extra_files import EXPORTS, SERIES
from hipcv.batch.folders import CLIPS
from hipcv.batch.plan import Plan
from hipcv.codes import Reason
from hipcv.language.sentences import ENGLISH
from hipcv.version import __version__

_HEAD = f"""\
# Hip rotation, measured by hipcv {__version__}

Internal and external rotation of each hip in the seated test, from video. A measuring aid for research; not for diagnosis or treatment \
decisions, not a medical device.

Angles are degrees. A range is positive in its own direction: external rotation is a positive number, too. A difference is right
minus left. An empty cell (null in Parquet) was not measured; it is never 0. Intervals are meant to hold the true angle in 19 of 20
measurements. Text is UTF-8; a decimal point; commas between the cells. A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage
return has an apostrophe before it in the CSV, so that no spreadsheet program takes it for a formula; Parquet and JSON have it without.

| File | One row or file for |
| --- | --- |
| `measurements.csv`, `.parquet` | a clip, a side, a direction |
| `reps.csv`, `.parquet` | a repetition |
| `asymmetry.csv`, `.parquet` | a clip and a quantity: right minus left |
| `failures.csv` | a clip without a number, with the reason |
| `{CLIPS}/` | a clip: everything, as `hipcv measure --json` writes it (`hipcv-measurement/1`) |"""
_DEIDENTIFIED = """
## De-identified
Clips, subjects and hashes are codes that only the key of this study leads back from; it is not in this folder and should not be passed on
with it. A session that was named after its date is the number of days since the subject's first one (`day 0`, `day 14`); other names of
sessions and groups stand as they were given. Names, paths, dates and further columns of the manifest were left out.
"""


def readme(plan: Plan) -> str:
    """The README as Markdown."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    yield _HEAD
    extras = plan.method.extras
    if SERIES in extras:
        yield f"| `{SERIES}/` | a clip: its angles over time in Parquet, one row a picture, as `hipcv measure --csv` writes them |"
    if endings := [f"`.{extra}`" for extra in extras if extra != SERIES]:
        yield f"| `{EXPORTS}/` | a clip: {', '.join(endings)}, as `hipcv export` writes them; a format that cannot hold a clip is not there |"
    yield "| `run.json` | the run: settings, versions, hash of the model, counts; only `time` differs between two runs over the same clips |"
    for title, columns in tables(plan.extra).items():
        yield from ("", f"## {title}", "", "| Column | Type | Meaning |", "| --- | --- | --- |")
        for column in columns:
            name = column.name.replace("|", "\\|").replace("\n", " ").replace("`", "'")
            yield f"| `{name}` | {column.type} | {column.meaning} |"
    yield from ("", "## reasons", "", "| Code | What it says of a repetition | Counts |", "| --- | --- | --- |")
    for reason in Reason:
        yield f"| `{reason}` | {ENGLISH.word('reasons', reason)} | {'no' if reason.rules_out else 'yes'} |"
    if plan.deidentified:
        yield _DEIDENTIFIED.rstrip()
