"""The table of a result: both hips side by side, and their difference."""

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity, Verdict
from hipcv.landmarks import SHOWN_SIDES
from hipcv.language.sentences import differences_seem_off, edited_mark, end, rounding_note, whole
from hipcv.measurement import Difference, Measurement, Range


def table(measurement: Measurement, words: Words) -> str:
    """A table of both hips side by side, in the same whole degrees as the command line prints."""
    marks = {side: f'<span class="hipcv-mark hipcv-{side.value}" aria-hidden="true"></span>' for side in SHOWN_SIDES}
    heads = "".join(f'<th scope="col">{marks[side]}{words(f"app.side.{side.value}")}</th>' for side in SHOWN_SIDES)
    rows = []
    for quantity in Quantity:
        cells = "".join(_cell(measurement.hips[side][quantity], words) for side in SHOWN_SIDES)
        difference = _difference_cell(measurement.asymmetry[quantity], words)
        rows.append(f'<tr><th scope="row">{words(f"app.quantity.{quantity}")}</th>{cells}{difference}</tr>')
    heading = words("result.difference_heading")
    if differences_seem_off(measurement):  # said where the eye stumbles
        heading += f"<small>{words('result.from_unrounded')}</small>"
    return (
        f'<table class="hipcv-table"><thead><tr><td></td>{heads}<th scope="col">{heading}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def caption(measurement: Measurement, words: Words) -> str:
    """What the small numbers are, and that rounded ones need not add up, where they do not."""
    return " ".join(part for part in (words("result.interval"), rounding_note(measurement, words)) if part)


def _cell(span: Range | None, words: Words) -> str:
    if span is None:
        return f"<td><small>{words('result.not_tested')}</small></td>"
    return (
        f'<td><span class="value">{whole(span.value)}°{edited_mark(span)}</span><small>{whole(span.low)} … {whole(span.high)}</small></td>'
    )


def _difference_cell(difference: Difference | None, words: Words) -> str:
    if difference is None:
        return "<td>–</td>"
    low, high = (words.marked(end(one)) for one in (difference.low, difference.high))
    look = "value hipcv-unjudged" if difference.verdict is Verdict.NONE else "value"
    return f'<td><span class="{look}">{whole(difference.value, signed=True)}°{edited_mark(difference)}</span><small>{low} … {high}</small></td>'
