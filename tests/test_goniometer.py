import pytest

from hipcv.errors import UnreadableTable
from hipcv.landmarks import Side
from hipcv.validation.goniometer import read_table


def written(folder, text, encoding="utf-8"):
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("clip,side,direction,degrees\np1,left,internal,34.5\n", "utf-8", id="plain"),
        pytest.param("clip,side,direction,degrees\np1,left,internal,34.5", "utf-8", id="no last line break"),
        pytest.param("clip;side;direction;degrees\r\np1;left;internal;34,5\r\n", "utf-8-sig", id="a spreadsheet of Europe"),
        pytest.param("clip\tside\tdirection\tdegrees\np1\tleft\tinternal\t34,5\n", "utf-8", id="tabs"),
        pytest.param('clip,side,direction,degrees\np1,left,internal,"34,5"\n', "utf-8", id="decimal comma in quotes"),
        pytest.param("Degrees, SIDE ,Clip,Direction\n34.5°, L ,p1,Ir\n", "utf-8", id="order, capitals and spaces"),
        pytest.param("\n \nclip,side,direction,degrees\n,,,\np1,left,internal,34.5\n\n", "utf-8", id="blank lines"),
        pytest.param("who,clip,side,direction,degrees,note\nMs A,p1,left,internal,34.5,\n", "utf-8", id="further columns"),
        pytest.param("clip,side,direction,degrees,note\np1,left,internal,34.5\n", "utf-8", id="a further column left out"),
        pytest.param("clip\tside\tdirection\tdegrees\np1\tleft\tinternal\t34,5\n", "utf-16", id="Unicode text with tabs"),
    ],
)
def test_a_table_as_spreadsheets_write_it_is_read(tmp_path, text, encoding):
    (reading,), faults = read_table(written(tmp_path, text, encoding))
    assert faults == []
    assert (reading.clip, reading.side, reading.quantity, reading.degrees) == ("p1", Side.LEFT, "internal", 34.5)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        pytest.param("p1,left,internal", "3 cells", id="too few cells"),
        pytest.param("p1,left,internal,34,5", "decimal point", id="decimal comma between commas"),
        pytest.param("p1,left,internal,34,", "decimal point", id="a cell too many, though empty"),
        pytest.param(",left,internal,34", "clip is missing", id="no clip"),
        pytest.param("p1,both,internal,34", 'side is "both"', id="unknown side"),
        pytest.param("p1,left,flexion,34", 'direction is "flexion"', id="unknown direction"),
        pytest.param("p1,left,internal,", 'angle is ""', id="no angle"),
        pytest.param("p1,left,internal,nan", 'angle is "nan"', id="nan"),
        pytest.param("p1,left,external,-40", "positive number", id="negative"),
        pytest.param("p1,left,internal,400", "0 to 180", id="too large"),
    ],
)
def test_a_line_that_is_no_reading_is_named_and_the_others_go_on(tmp_path, line, part):
    readings, (fault,) = read_table(written(tmp_path, f"clip,side,direction,degrees\np1,R,er,40\n\n{line}\np1,R,TOTAL,70\n"))
    assert [(reading.line, reading.quantity) for reading in readings] == [(2, "external"), (5, "total")]
    assert fault.said().startswith("table.csv, line 4: ")
    assert part in fault.said()
    assert fault.said().endswith(".")


@pytest.mark.parametrize(
    ("text", "encoding", "part"),
    [
        pytest.param("", "utf-8", '"clip" is missing', id="empty"),
        pytest.param("p1,left,internal,34\n", "utf-8", '"clip" is missing', id="no header"),
        pytest.param("clip,side,degrees\n", "utf-8", '"direction" is missing', id="a column is missing"),
        pytest.param("clip,side,side,direction,degrees\n", "utf-8", '"side" stands there twice', id="a column twice"),
        pytest.param("clip,side,direction,degrees,prüfer\n", "cp1252", "not a text in UTF-8", id="another encoding"),
        pytest.param(
            f'clip,side,direction,degrees\n"{"a" * 200_000}",left,ir,3\n', "utf-8", "no table from line 2 on", id="an endless cell"
        ),
        pytest.param("a" * 200_000 + "\n", "utf-8", "no table from line 1 on", id="an endless first line"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, text, encoding, part):
    with pytest.raises(UnreadableTable, match=r"table\.csv: .*\.$") as caught:
        read_table(written(tmp_path, text, encoding))
    assert part in str(caught.value)


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnreadableTable, match=r"nowhere\.csv: it cannot be read .*Check the name"):
        read_table(tmp_path / "nowhere.csv")
