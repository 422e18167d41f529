"""One measurement as one A4 page to hand to a physical therapist: numbers, images, caveats, and what it is not.

The layout is in typst/report.typ; report_values.py gathers the values it prints.
"""

from hipcv.catalogues.words import Words
from hipcv.records.record import Record
from hipcv.records.visit import Visit
from hipcv.rendering.report_values import page_values
from hipcv.rendering.typesetting import all_printable, typeset


def report_pdf(record: Record, visit: Visit | None, words: Words) -> bytes:
    """The page as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    record : the measurement, with figure and stills if there are any
    visit : the person's own words about it; None for a measurement received as a file
    words : texts in the language of the page
    """
    return typeset("report", all_printable(page_values(record, visit, words)))
