"""Numbers and tables as text, for the reports of studies and validations."""

from collections.abc import Sequence
from dataclasses import dataclass

from hipcv.statistics.estimate import Estimate

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header, and rows with as many cells."""

    header: Line
    lines: Sequence[Line]


def degrees(value: float | None, *, signed: bool = False) -> str:
    """`1.4°`, `−0.3°` or a dash.

    >>> degrees(-0.04, signed=True)
    '+0.0°'
    """
    if value is None:
        return "–"
    return (f"{value:+z.1f}°" if signed else f"{value:z.1f}°").replace("-", "−")


def icc_text(icc: Estimate | None) -> str:
    """`0.98 (0.95 to 0.99)`, or a dash."""
    return f"{icc.value:z.2f} ({icc.low:z.2f} to {icc.high:z.2f})".replace("-", "−") if icc else "–"


def percent(share: float) -> str:
    """A share of 0 to 1 as a percentage; a share below 100 % is never rounded up to it.

    >>> percent(0.999)
    '99 %'
    """
    return f"{100 * share:.0f} %" if share in (0, 1) else f"{min(max(round(100 * share), 1), 99)} %"


def markdown_table(content: Table) -> str:
    """A Markdown table; the first column aligned left, the others right."""
    marks = ["---", *["---:"] * (len(content.header) - 1)]
    rows = [[cell.strip().replace("|", "\\|") for cell in cells] for cells in (content.header, marks, *content.lines)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def bullets(lines: Sequence[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {line}" for line in lines)
