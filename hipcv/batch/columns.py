"""The columns of the tables: names, types and meanings, defined only here. Header, Parquet schema and data dictionary are built from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: pa.DataType
    meaning: str
    """Text for the data dictionary, with unit and sign."""


TEXT, NUMBER, COUNT, FLAG = pa.string(), pa.float64(), pa.int32(), pa.bool_()

WHO = (
    Column("clip", TEXT, "The file: its path below the measured folder, or as the manifest names it (a code in a de-identified dataset)."),
    Column("subject", TEXT, "Who was filmed, from the manifest; empty without one."),
    Column("session", TEXT, "Which visit, from the manifest."),
    Column("group", TEXT, "Which arm or group, from the manifest."),
    Column("date", TEXT, "When it was filmed, from the manifest; empty in a de-identified dataset, where `session` has the days."),
)
_SIDE = Column("side", TEXT, "right or left: the person's own.")
_DIRECTION = Column("direction", TEXT, "internal (the foot swings outward) or external (it swings inward).")
_SERIOUS = Column("serious", FLAG, "true = something was seriously wrong with the recording; look at `findings` before using the number.")

MEASUREMENTS = (
    *WHO,
    _SIDE,
    _DIRECTION,
    Column("value_deg", NUMBER, "End range in degrees from the zero in `zero`, positive in its own direction; empty = not measured."),
    Column("low_deg", NUMBER, "Lower end of its 95 % interval, degrees."),
    Column("high_deg", NUMBER, "Upper end of its 95 % interval, degrees."),
    Column("sd_deg", NUMBER, "Standard deviation between the repetitions, degrees; empty for one repetition."),
    Column("n_reps", COUNT, "Repetitions that the value rests on."),
    Column("mdc95_deg", NUMBER, "Smallest change between two such readings that exceeds their error (95 %), degrees."),
    Column("reference_deg", NUMBER, "What another method read, from the manifest, degrees, positive in its own direction."),
    Column(
        "zero",
        TEXT,
        "Where the angle counts from: `rest` (the leg as it hung) or `image_vertical` (the vertical, less the lean of the phone).",
    ),
    _SERIOUS,
    Column("findings", TEXT, "Codes of everything that was noticed, separated by semicolons; the sentences are in the clip's JSON."),
    Column("result", TEXT, "The clip's JSON in the folder `clips`."),
)
REPS = (
    *WHO,
    _SIDE,
    _DIRECTION,
    Column("rep", COUNT, "Number of the repetition among those of its side and direction, from 1, in order of time."),
    Column("start_s", NUMBER, "When it begins, seconds from the first picture."),
    Column("hold_start_s", NUMBER, "When the end range is reached, seconds."),
    Column("hold_end_s", NUMBER, "When it is left, seconds."),
    Column("end_s", NUMBER, "When it is over, seconds."),
    Column("end_range_deg", NUMBER, "End range in degrees, positive in its own direction."),
    Column("sd_deg", NUMBER, "Standard deviation of that reading, degrees; empty = not known."),
    Column("usable", FLAG, "true = it counts for the value."),
    Column(
        "grade",
        TEXT,
        "`clean`; `corrected`: the pelvis tilted along and that was taken off; `spoiled`: it could not be taken off, so the interval is wider or it does not count.",
    ),
    Column("reasons", TEXT, "Codes, listed below: why it does not count, or what to bear in mind if it does; separated by semicolons."),
    Column("pelvis_deg", NUMBER, "Tilt of the pelvis that was taken off, degrees."),
    Column("knee_extension_deg", NUMBER, "How far the knee opened, degrees."),
)
ASYMMETRY = (
    *WHO,
    Column("quantity", TEXT, "internal, external or total."),
    Column("value_deg", NUMBER, "Right minus left, degrees: positive = right is larger; empty = not both measured."),
    Column("low_deg", NUMBER, "Lower end of its 95 % interval, degrees."),
    Column("high_deg", NUMBER, "Upper end of its 95 % interval, degrees."),
    Column("mdc95_deg", NUMBER, "Smallest change between two such differences that exceeds their error (95 %), degrees."),
    Column(
        "verdict",
        TEXT,
        "What its interval allows to say: `within_measurement_error`, `small_difference` (common in healthy people), `difference`, `large_difference`, or `no_verdict` (the JSON says why).",
    ),
    Column("reference_deg", NUMBER, "The same difference of what another method read, degrees."),
    _SERIOUS,
)
FAILURES = (
    *WHO,
    Column("code", TEXT, "The reason in a word."),
    Column("sentence", TEXT, "What was seen, what is needed, what to do."),
)
TABLES = {"measurements": MEASUREMENTS, "reps": REPS, "asymmetry": ASYMMETRY, "failures": FAILURES}
TAKEN_NAMES = {column.name for table in TABLES.values() for column in table} - {column.name for column in WHO}
"""Names that a manifest column may not have: manifest columns are copied into the tables."""


def schema(columns: Sequence[Column]) -> pa.Schema:
    """The Parquet schema of the columns."""
    return pa.schema([(column.name, column.type) for column in columns])


def tables(extra: Iterable[str]) -> dict[str, tuple[Column, ...]]:
    """The columns of every table by its name; `extra` are the manifest fields that hipcv does not know and only copies."""
    carried = (Column(name, TEXT, "From the manifest, as it stood there.") for name in extra)
    return {**TABLES, "measurements": (*MEASUREMENTS, *carried)}
