"""Texts in the CSV of a dataset: nothing runs as a formula, and everything comes back as it was."""

import csv

import pyarrow.parquet as pq
import pytest

from hipcv.batch.columns import NUMBER, TEXT, Column
from hipcv.batch.table_files import table
from hipcv.system.spreadsheet import escaped, lines_of, unescaped

FORMULAS = ['=HYPERLINK("http://x")', "+1", "-x", "@x", "\tx", "\rx", "-1.5", "\nx", "＝1", "＋1", "－1", "＠x"]
OTHERS = ["", "x", "'x", "a=b", " =x", "1-2", "‘=x", "''", "O'Neil"]


@pytest.mark.parametrize("text", [*FORMULAS, *OTHERS, "'=x", "''-x", "'"])
def test_every_text_comes_back(text):
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", OTHERS)
def test_a_text_that_is_no_formula_stays_as_it_is(text):
    assert escaped(text) == text


def test_a_text_cell_cannot_run_and_a_number_stays_a_number(tmp_path):
    with table(tmp_path / "t.csv", [Column("=note", TEXT, ""), Column("value_deg", NUMBER, "")]) as made:
        for text in FORMULAS:
            made.add([text, -1.5])
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["'=note", "value_deg"], *([f"'{text}", "-1.5"] for text in FORMULAS)]
    assert pq.read_table(tmp_path / "t.parquet").to_pydict() == {"=note": FORMULAS, "value_deg": [-1.5] * len(FORMULAS)}
    assert [unescaped(cells[0]) for _, cells in lines_of(tmp_path / "t.csv")] == ["=note", *FORMULAS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_in_the_encodings_that_say_what_they_are(tmp_path, encoding):
    (tmp_path / "t.csv").write_text("clip\tsubject\na.mp4\tJörg\n", encoding=encoding)
    assert list(lines_of(tmp_path / "t.csv")) == [(1, ["clip", "subject"]), (2, ["a.mp4", "Jörg"])]
