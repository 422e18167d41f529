"""Tables as spreadsheets save them: CSV with commas, semicolons or tabs between the cells; and as we write them, with commas."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

from hipcv.catalogues.message import Message
from hipcv.errors import UnreadableTable

T = TypeVar("T")
_FORMULA = re.compile(r"'*[=+@\t\r\n＝＋＠－-]")
"""Beginnings that a spreadsheet program may run, after any apostrophes: OWASP, *CSV Injection*, which names the full-width signs, too."""


class LineFault(Exception):
    """A fault in one line; the sentences are in `catalogues/LANGUAGE/faults.toml`, by code."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.message = Message(f"faults.{code}", values)

    def at(self, table: Path, line: int) -> Message:
        """The same, with where it stands."""
        return Message("faults.in_table", {"table": table.name, "line": line, "fault": self.message})


def escaped(text: str) -> str:
    """The text of a cell for CSV, with an apostrophe before a beginning that a spreadsheet program would take for a formula (OWASP).

    Apostrophes that already stand before such a beginning get another one, so that `unescaped` gives back every text.

    >>> escaped("=1+1"), escaped("'-x"), escaped("'x"), unescaped(escaped("'-x"))
    ("'=1+1", "''-x", "'x", "'-x")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given; other text unchanged."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """A table with commas between the cells, quoted where a cell needs it, and a line feed after every row."""
    return "".join(map(csv_line, rows))


def csv_line(cells: Iterable[Any]) -> str:
    """One row of such a table."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)  # with a line feed alone, a carriage return in a cell would not be quoted
    return out.getvalue().removesuffix("\r\n") + "\n"


def lines_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Lines of a table that are not blank, as stripped cells, each with the number of its last line in the file.

    Raises
    ------
    UnreadableTable
        The file cannot be read, is not text, or stops being a table at some line.
    """
    separator, number, text = _separator(_text(path))
    n_before = number
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            number = n_before + reader.line_num
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error as problem:
        raise UnreadableTable("table_broken", about=path, line=number + 1, reason=problem) from None


def parsed_lines(
    path: Path,
    parse: Callable[[int, dict[str, str]], T],
    *,
    needed: Collection[str],
    read: Collection[str],
    refuse: Callable[[str, str], UnreadableTable],
) -> tuple[list[T], list[Message]]:
    """The parsed lines, and a fault for each line that `parse`, given its number and cells, refuses with `LineFault`.

    Cells go by the names of their columns in small letters. A line that ends before one of the columns `read` was cut off. For a column of
    `needed` that is not there just once, `refuse` makes the error, of the column and the case: `twice` or `missing`.
    """
    lines = lines_of(path)
    _, header = next(lines, (0, []))
    names = [name.lower() for name in header]
    for column in needed:
        if names.count(column) != 1:
            raise refuse(column, "twice" if column in names else "missing")
    found, faults = [], []
    for number, cells in lines:
        try:
            if len(cells) > len(names):  # an empty one too: 34,5, is the angle 34.5 and an empty note
                raise LineFault("cells", case="decimal_point", cells=len(cells), columns=len(names))
            if not set(read).isdisjoint(names[len(cells) :]):
                raise LineFault("cells", case="missing", cells=len(cells), columns=len(names))
            found.append(parse(number, dict(zip_longest(names, cells, fillvalue=""))))
        except LineFault as fault:
            faults.append(fault.at(path, number))
    return found, faults


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except OSError as problem:
        raise UnreadableTable("table_unreadable", about=path, reason=problem.strerror) from None
    except UnicodeDecodeError:
        raise UnreadableTable("table_not_utf8", about=path) from None


def _separator(text: str) -> tuple[str, int, str]:
    r"""Cell separator; number of lines that only declare it (`sep=;`, for the spreadsheet program); and the text after them.

    >>> _separator('"a;b",c'), _separator("sep=;\na,b;c")
    ((',', 0, '"a;b",c'), (';', 1, 'a,b;c'))
    """
    if told := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return told[1], 1, text[told.end() :]
    header = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", header)
    return next((sign for sign in ";\t" if sign in unquoted), ","), 0, text
