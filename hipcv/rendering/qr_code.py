"""QR codes as vectors, dark on white whatever the page around them is."""

from html import escape

import segno

_QUIET_ZONE = 4
"""Modules of white on every side, as ISO/IEC 18004 asks for."""


def qr_svg(content: str, title: str = "") -> str:
    """A QR code that scales with its place; at least 15 % of it may be unreadable (error correction M or better).

    Parameters
    ----------
    content : what a phone reads
    title : what a screen reader says; the content itself if it is empty

    Raises
    ------
    segno.DataOverflowError
        The content has more than about 2300 letters.
    """
    said = title or content
    svg = segno.make_qr(content, error="m").svg_inline(border=_QUIET_ZONE, dark="#000", light="#fff", omitsize=True, title=said)
    return svg.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(said)}" ', 1)
