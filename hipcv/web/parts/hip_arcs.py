"""Both hips as a picture: how far each foot swung outward and inward, seen from the front, so that the right leg is on the left.

The shapes are an image, the numbers are text upon it: it follows the page's colour, and a reader's own size.
"""

import math
from base64 import b64encode
from collections.abc import Iterator
from html import escape

from hipcv.catalogues.words import Words
from hipcv.codes import Quantity
from hipcv.landmarks import SHOWN_SIDES, Side
from hipcv.language.sentences import edited_mark, whole
from hipcv.measurement import Hip, Measurement, Range
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.values import Direction
from hipcv.web.parts.charts import GREY, range_text

_WIDTH, _HEIGHT = 460, 200
_KNEES = {Side.RIGHT: (118, 16), Side.LEFT: (342, 16)}
"""Where each knee is, in units of the picture; the person's right leg is on the left, as the phone sees it."""
_OUTWARD = {Side.RIGHT: -1, Side.LEFT: 1}
_SHANK, _RING, _THICK, _LABEL = 118, 100, 20, 138
"""Length of a shank, radius and thickness of its arc, and distance of the numbers from the knee."""
_LABEL_DEG = {Direction.INTERNAL: (14, 52), Direction.EXTERNAL: (14, 30)}
"""Numbers stand within these directions, so that neither the two of a leg nor those of both legs lie on each other."""


def show(measurement: Measurement, words: Words) -> str:
    """The picture as HTML, with its numbers in its description; empty if nothing was measured."""
    hips = [measurement.hips[side] for side in SHOWN_SIDES]
    if not any(_ends(hip) for hip in hips):
        return ""
    shapes = "".join(shape for hip in hips for shape in _shapes(hip))
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">{shapes}</svg>'
    source = f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
    alt = escape("; ".join(_as_text(hip, words) for hip in hips))
    labels = "".join(label for hip in hips for label in _labels(hip, words))
    return (
        f'<figure class="hipcv-arcs"><div class="hipcv-arcs-drawing"><img src="{source}" alt="{alt}">{labels}</div>'
        f"<figcaption>{words('result.arcs_help')}</figcaption></figure>"
    )


def _ends(hip: Hip) -> dict[Direction, Range]:
    """The ranges that were measured."""
    return {direction: span for direction in Direction if (span := hip[Quantity.of(direction)])}


def _as_text(hip: Hip, words: Words) -> str:
    told = [f"{words(f'app.short.{direction.value}')} {range_text(span)}" for direction, span in _ends(hip).items()]
    return f"{words(f'app.hip.{hip.side.value}')}: {', '.join(told) or words('result.not_tested')}"


# ---------------------------------------------------------------------- shapes
def _shapes(hip: Hip) -> Iterator[str]:
    """Of one leg: the arc that is sure, the intervals at its ends, the shank at either end, the vertical, and the knee."""
    ends, colour = _ends(hip), SIDE_COLOURS[hip.side]
    sure = {direction: span.low for direction, span in ends.items()}
    yield _arc(hip.side, -sure.get(Direction.EXTERNAL, 0.0), sure.get(Direction.INTERNAL, 0.0), colour, 1.0)
    for direction, span in ends.items():
        inner, outer = sorted((direction.sign * span.low, direction.sign * span.high))
        yield _arc(hip.side, inner, outer, colour, 0.4)
        yield _line(hip.side, direction.sign * span.value, _SHANK, f'stroke="{colour}" stroke-width="4" stroke-linecap="round"')
    yield _line(hip.side, 0, _SHANK + 8, f'stroke="{GREY}" stroke-width="2" stroke-dasharray="4 4"')
    x, y = _KNEES[hip.side]
    yield f'<circle cx="{x}" cy="{y}" r="7" fill="{colour}"/>'


def _arc(side: Side, from_deg: float, to_deg: float, colour: str, opacity: float) -> str:
    """A part of the ring, from an inward to a more outward direction; empty where there is nothing between them."""
    if to_deg <= from_deg:
        return ""
    (x1, y1), (x2, y2) = _at(side, from_deg, _RING), _at(side, to_deg, _RING)
    path = f"M{x1:.1f} {y1:.1f}A{_RING} {_RING} 0 0 {int(_OUTWARD[side] < 0)} {x2:.1f} {y2:.1f}"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_THICK}" stroke-opacity="{opacity:g}"/>'


def _line(side: Side, outward_deg: float, length: float, look: str) -> str:
    """A line from the knee."""
    (x1, y1), (x2, y2) = _KNEES[side], _at(side, outward_deg, length)
    return f'<path d="M{x1} {y1}L{x2:.1f} {y2:.1f}" {look}/>'


def _at(side: Side, outward_deg: float, radius: float) -> tuple[float, float]:
    """A point at this distance from the knee, in a direction counted outward from straight down."""
    x, y = _KNEES[side]
    turned = math.radians(outward_deg)
    return x + _OUTWARD[side] * radius * math.sin(turned), y + radius * math.cos(turned)


# ---------------------------------------------------------------------- numbers
def _labels(hip: Hip, words: Words) -> Iterator[str]:
    """The name of a leg, and its numbers at the ends of its arc."""
    ends, (x, y) = _ends(hip), _KNEES[hip.side]
    yield _label(x, _HEIGHT - 12, words(f"app.hip.{hip.side.value}"))
    if not ends:
        yield _label(x, y + _SHANK / 2, words("result.not_tested"))
    for direction, span in ends.items():
        least, most = _LABEL_DEG[direction]
        turned_deg = math.copysign(min(max(abs(span.value), least), most), span.value)
        name = words(f"app.short.{direction.value}")
        yield _label(*_at(hip.side, direction.sign * turned_deg, _LABEL), f"{name} {whole(span.value)}°{edited_mark(span)}")


def _label(x: float, y: float, text: str) -> str:
    """A text with its middle at a point of the picture."""
    return f'<span aria-hidden="true" style="left: {100 * x / _WIDTH:.1f}%; top: {100 * y / _HEIGHT:.1f}%">{escape(text)}</span>'
