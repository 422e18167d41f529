"""The angles of one clip over time as a Parquet table: the columns of `measure --csv`, one row per frame, null = not measured."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hipcv.measurement import Measurement
from hipcv.records.document import series_columns
from hipcv.system.writing import replacing

_DECIMALS = 4


def write(measurement: Measurement, path: Path) -> None:
    """Write the table; a failure leaves no partial file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    columns = {name: pa.array(np.round(values, _DECIMALS), from_pandas=True) for name, values in series_columns(measurement).items()}
    with replacing(path) as unfinished:
        pq.write_table(pa.table(columns), unfinished)
