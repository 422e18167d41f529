"""The sheet with which a practice asks for a measurement at home: one A4 page with a code, a QR code and what to do.

The layout is in typst/request.typ. The texts reach it as data, never as markup.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from hipcv.catalogues.words import Words
from hipcv.codes import REQUEST_PREFIX
from hipcv.rendering.qr_code import qr_svg
from hipcv.rendering.typesetting import labels, printable, typeset

STEPS = ("film", "open", "choose", "code", "send")
"""The steps in order: text groups `request.steps.NAME`."""
_LONGEST_LABEL = 60


def request_address(code: str, app_address: str = "") -> str:
    """What the QR code of a request holds: the app's address with the code in it, or the code alone if no address is known.

    >>> request_address("7K2QX-M9D40", "https://practice.example/hipcv/?lang=de")
    'https://practice.example/hipcv/?lang=de&code=7K2QX-M9D40'
    >>> request_address("7K2QX-M9D40")
    'HIPCV:7K2QX-M9D40'
    """
    if not app_address:
        return f"{REQUEST_PREFIX}{code}"
    parts = urlsplit(app_address)
    return parts._replace(query=urlencode([*parse_qsl(parts.query, keep_blank_values=True), ("code", code)])).geturl()


def sheet_pdf(code: str, person_label: str, words: Words, app_address: str = "") -> bytes:
    """The sheet as a tagged PDF (PDF/UA-1).

    Parameters
    ----------
    code : as `hipcv.desk.request_code.new_code` makes it
    person_label : by what the practice knows the person; cut after 60 letters, left out if it is empty
    words : texts in the language of the page
    app_address : where the person opens hipcv in a browser; empty if hipcv is installed on the person's own device
    """
    return typeset("request", sheet_values(code, person_label, words, app_address))


def sheet_values(code: str, person_label: str, words: Words, app_address: str) -> dict[str, Any]:
    """Every value that the template prints."""
    where = "there" if app_address else "here"
    link = request_address(code, app_address)
    named = {"guide": words("app.page.guide"), "measure": words("app.page.measure"), "share": words("result.share")}
    return {
        "language": words.language,
        "code": code,
        "person": printable(person_label[:_LONGEST_LABEL]),
        "address": app_address,
        "link": link,
        "qr": qr_svg(link),
        "qr_caption": words("request.qr", case=where),
        "qr_alt": words("request.qr_alt", case=where),
        "steps": [(words(f"request.steps.{name}.title"), words(f"request.steps.{name}.text", case=where, **named)) for name in STEPS],
        "goes": words("request.file.goes", case=where),
        "words": labels("request.", words),
        "first": labels("guide.first.", words),
    }
