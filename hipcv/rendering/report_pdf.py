"""One measurement as one A4 page that a person hands to a physical therapist: numbers, pictures, doubts, and what it is not.

What stands where is decided in typst/report.typ; report_values.py gathers what it prints.
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
    record : what was measured, with the pictures if there are any
    visit : what the person says of it; None for a measurement that came as a file
    words : the language of the page
    """
    return typeset("report", all_printable(page_values(record, visit, words)))
