"""Draw the pictures of the guide "Film it right" into hipcv/rendering/guide_pictures: `python scripts/draw_guide.py`.

The figure is drawn in centimetres of a person 170 cm tall (x to the right, y down, 0 = middle of the seat's front edge), then scaled to
480 x 360. A point is a complex number, x + yj, because rotation is then a multiplication. The drawings have no text, so that they suit
every language, and no `id`, so that several fit on one page.
"""

import cmath
import math
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "hipcv" / "rendering" / "guide_pictures"
WIDTH, HEIGHT = 480, 360

CARD, CARD_EDGE, PAPER = "#F6F8FA", "#DDE3E8", "#FFFFFF"
BLUE, PALE_BLUE = "#0072B2", "#CFE4F1"
VERMILLION, PALE_VERMILLION = "#D55E00", "#F8DDCB"
GREEN, RED = "#2B7A3D", "#C62828"
INK, GREY, PALE_GREY = "#3C4650", "#8A96A1", "#C9D1D8"
SKIN, SKIN_SHADE, HAIR = "#D8AE8F", "#B98B6B", "#574A42"
SHIRT, SHIRT_SHADE, SHORTS, SHORTS_SHADE = "#8FA9BD", "#7891A6", "#4A5866", "#3B4753"
SEAT, SEAT_SHADE, WOOD = "#AEB9C2", "#97A3AE", "#BCC5CC"

KNEE = 15.5 + 4j
"""The knee on the right of the image, at rest."""
HIP = 9.5 - 9j
SHOULDER = 17.6 - 53.4j
SOLE = 57.0
"""Distance from the knee to the tip of the hanging foot."""
FLOOR = 75.0


# Shapes


def number(value: float) -> str:
    """A number as short as possible."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def at(point: complex) -> str:
    """A point as SVG paths and transforms write it."""
    return f"{number(point.real)} {number(point.imag)}"


def attributes(**names: object) -> str:
    """The attributes of an SVG element; `stroke_width` becomes `stroke-width`."""
    return "".join(f' {name.replace("_", "-")}="{number(value) if isinstance(value, float) else value}"' for name, value in names.items())


def path(d: str, **style: object) -> str:
    """A path, unfilled by default."""
    return f'<path d="{d}"{attributes(**{"fill": "none"} | style)}/>'


def line(*points: complex, color: str = INK, width: float = 1.0, dashes: str = "", **style: object) -> str:
    """A line through points, with round ends."""
    dashed = {"stroke_dasharray": dashes} if dashes else {}
    round_ends = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return path("M" + "L".join(map(at, points)), stroke=color, stroke_width=float(width), **(round_ends | dashed | style))


def smooth(points: Sequence[complex]) -> str:
    """A closed smooth outline through points (Catmull-Rom)."""
    n = len(points)
    pieces = [f"M{at(points[0])}"]
    for i in range(n):
        before, start, end, after = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        pieces.append(f"C{at(start + (end - before) / 6)} {at(end - (after - start) / 6)} {at(end)}")
    return "".join(pieces) + "Z"


def blob(*points: complex, fill: str, **style: object) -> str:
    """A filled smooth shape through points."""
    return path(smooth(points), **({"fill": fill} | style))


def circle(center: complex, radius: float, fill: str, **style: object) -> str:
    """A circle."""
    return f'<circle cx="{number(center.real)}" cy="{number(center.imag)}" r="{number(radius)}"{attributes(fill=fill, **style)}/>'


def ellipse(center: complex, rx: float, ry: float, fill: str, **style: object) -> str:
    """An ellipse."""
    return f'<ellipse cx="{number(center.real)}" cy="{number(center.imag)}" rx="{number(rx)}" ry="{number(ry)}"{attributes(fill=fill, **style)}/>'


def box(corner: complex, size: complex, fill: str, radius: float = 0.0, **style: object) -> str:
    """A rectangle, given by its upper left corner."""
    x, y, width, height = map(number, (corner.real, corner.imag, size.real, size.imag))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{number(radius)}"{attributes(fill=fill, **style)}/>'


def group(*parts: str, move: complex = 0, turn: float = 0.0, scale: float = 1.0, mirror: bool = False, **style: object) -> str:
    """Parts transformed together: mirrored, scaled, rotated (degrees, clockwise), then moved."""
    transform = f"translate({at(complex(move))})"
    if turn:
        transform += f" rotate({number(turn)})"
    if scale != 1 or mirror:
        transform += f" scale({number(-scale if mirror else scale)} {number(scale)})"
    return f'<g transform="{transform}"{attributes(**style)}>' + "".join(parts) + "</g>"


def turned(point: complex, about: complex, degrees: float) -> complex:
    """A point rotated clockwise about another."""
    return about + (point - about) * cmath.rect(1, math.radians(degrees))


def head_of_arrow(tip: complex, direction: complex, size: float, color: str) -> str:
    """The head of an arrow that ends at `tip`."""
    ahead = direction / abs(direction) * size
    corners = (tip, tip - ahead * (1 + 0.62j), tip - ahead * 0.78, tip - ahead * (1 - 0.62j))
    return path("M" + "L".join(map(at, corners)) + "Z", fill=color, stroke=color, stroke_width=float(size / 7), stroke_linejoin="round")


def arrow(start: complex, end: complex, color: str, width: float, both_ways: bool = False) -> str:
    """A straight arrow."""
    size = 3.4 * width
    ahead = (end - start) / abs(end - start)
    heads = head_of_arrow(end, ahead, size, color) + (head_of_arrow(start, -ahead, size, color) if both_ways else "")
    return line(start + ahead * size * 0.8 * both_ways, end - ahead * size * 0.8, color=color, width=width) + heads


def arc_arrow(center: complex, radius: float, start_deg: float, end_deg: float, color: str, width: float) -> str:
    """An arrow along a circle; 0 is straight down, positive angles go to the right of the image."""
    size = 3.4 * width

    def on_circle(deg: float) -> complex:
        return center + radius * complex(math.sin(math.radians(deg)), math.cos(math.radians(deg)))

    ahead = math.copysign(1, end_deg - start_deg)
    stop = end_deg - ahead * math.degrees(size * 0.8 / radius)
    middle = end_deg - ahead * math.degrees(size * 0.5 / radius)
    direction = ahead * complex(math.cos(math.radians(middle)), -math.sin(math.radians(middle)))
    curve = f"M{at(on_circle(start_deg))}A{number(radius)} {number(radius)} 0 0 {int(ahead < 0)} {at(on_circle(stop))}"
    return path(curve, stroke=color, stroke_width=float(width), stroke_linecap="round") + head_of_arrow(
        on_circle(end_deg), direction, size, color
    )


# The person from the front


def leg(foot_flat: bool = False) -> str:
    """The shank and foot on the right of the image, knee at 0, hanging straight down."""
    shank = (
        -6.1 - 3j,
        -5.7 + 5j,
        -5.9 + 13j,
        -5.2 + 22j,
        -3.6 + 33j,
        -3.3 + 40j,
        3.3 + 40j,
        3.7 + 33j,
        5.7 + 22j,
        6.5 + 13j,
        6.0 + 5j,
        6.1 - 3j,
        -6.5j,
    )
    tip = 47.5 if foot_flat else SOLE - 3
    ball = 44.5 if foot_flat else 49.0
    width = 5.2 if foot_flat else 4.7
    foot = (
        -3.3 + 37j,
        -3.7 + 41j,
        complex(-width + 0.2, ball),
        complex(-width + 0.6, tip),
        complex(width - 0.2, tip - 0.6),
        complex(width, ball - 0.4),
        3.8 + 41j,
        3.3 + 37j,
    )
    toes = [(-3.3, 2.1), (-0.8, 1.7), (1.1, 1.6), (2.9, 1.5), (4.4, 1.3)]
    return (
        "".join(circle(complex(x, tip + 0.7 - 0.25 * i), r, SKIN) for i, (x, r) in enumerate(toes))
        + blob(*foot, fill=SKIN)
        + "".join(line(complex(x, tip - 0.4), complex(x, tip + 1.2), color=SKIN_SHADE, width=0.45) for x in (-1.6, 0.2, 2.0, 3.6))
        + blob(*shank, fill=SKIN)
        + path("M-2.9 40.2q2.9 1.9 5.8 0", stroke=SKIN_SHADE, stroke_width=0.6, stroke_linecap="round")
        + path(
            "M-3.3 1.6q3.3 3.4 6.6 0M-3.6 -2q-.6 1.6 .1 3M3.6 -2q.6 1.6 -.1 3", stroke=SKIN_SHADE, stroke_width=0.7, stroke_linecap="round"
        )
    )


def outline_of_leg() -> str:
    """The outline of the hanging leg, to show its position before it moved."""
    return smooth(
        (
            -5.8 + 4j,
            -5.9 + 13j,
            -5.2 + 22j,
            -3.6 + 33j,
            -3.5 + 40j,
            -4.6 + 49j,
            -4.2 + 54j,
            0.4 + 55.4j,
            4.6 + 54j,
            4.7 + 49j,
            3.6 + 40j,
            3.7 + 33j,
            5.7 + 22j,
            6.5 + 13j,
            6.0 + 4j,
            0.2j,
        )
    )


def ghost_of_leg(knee: complex = KNEE) -> str:
    """The leg's position at rest, dashed."""
    return group(
        path(outline_of_leg(), fill=PALE_GREY, fill_opacity=0.35, stroke=GREY, stroke_width=0.9, stroke_dasharray="2.6 2.2"), move=knee
    )


def moved_leg(knee: complex, out_deg: float, mirror: bool = False, halo: str = "", foot_flat: bool = False) -> str:
    """A leg whose foot swung outward (negative: inward), with a margin around it if it passes in front of something."""
    edge = path(outline_of_leg(), fill=halo, stroke=halo, stroke_width=1.6) if halo else ""
    return group(edge, leg(foot_flat), move=knee, turn=out_deg if mirror else -out_deg, mirror=mirror)


def thigh(hip: complex, knee: complex) -> str:
    """A thigh in shorts that points at the viewer, on the right of the image."""
    hem = knee + (-0.3 - 4.4j)
    return blob(
        knee + (-7.3 - 5j), knee + (-6.6 + 1j), knee + (-3.6 + 4.2j), knee + (3.6 + 4.2j), knee + (6.8 + 1j), knee + (7.6 - 5j), fill=SKIN
    ) + blob(
        hip + (-9 - 1.6j),
        hip + (-8.7 + 5j),
        hem + (-8.4 + 0.4j),
        hem + (-7 + 2.6j),
        hem + (0.6 + 3.6j),
        hem + (8 + 2.4j),
        hem + (9.6 - 0.6j),
        hem + (5.4 - 7j),
        hip + (9 - 2.6j),
        hip + (2 - 3.4j),
        fill=SHORTS,
    )


def trunk() -> str:
    """Shirt, neck and head, upright; the middle of the pelvis is at -9."""
    hair = (
        -8.9 - 77j,
        -9.3 - 83j,
        -6 - 89.4j,
        0.5 - 91j,
        6.4 - 89j,
        9.4 - 83j,
        8.9 - 77j,
        7.6 - 81.4j,
        2.4 - 83.6j,
        -4.5 - 82.2j,
        -7.4 - 80.6j,
    )
    half = (5.6 - 62.6j, 12 - 60.2j, 18.6 - 57.6j, 21.2 - 53j, 20 - 46j, 17.4 - 38j, 16 - 27j, 16.6 - 18j, 18.6 - 9j, 18 - 4.4j, 9 - 2.6j)
    shirt = (*half, *(-p.conjugate() for p in reversed(half)))
    return (
        path("M-5 -72L-5.2 -62Q0 -56 5.2 -62L5 -72Z", fill=SKIN_SHADE)
        + blob(*shirt, fill=SHIRT)
        + blob(-8 - 9j, -8 - 1j, -4 + 1.4j, 4 + 1.4j, 8 - 1j, 8 - 9j, fill=SHORTS_SHADE)
        + path("M-5.3 -62.8Q0 -55.6 5.3 -62.8L5 -65L-5 -65Z", fill=SKIN_SHADE)
        + both(ellipse(8.9 - 75.6j, 1.6, 2.7, SKIN_SHADE))
        + blob(
            -8.8 - 78.4j, -8.3 - 72.4j, -5.6 - 67j, -64.8j, 5.6 - 67j, 8.3 - 72.4j, 8.8 - 78.4j, 5.6 - 86j, -87.4j, -5.6 - 86j, fill=SKIN
        )
        + blob(*hair, fill=HAIR)
        + both(circle(3.3 - 76.6j, 0.8, HAIR))
        + path("M0 -75.6q1 2.2 -.4 2.7M-2.5 -69.6q2.5 1.5 5 0", stroke=SKIN_SHADE, stroke_width=0.75, stroke_linecap="round")
    )


def arm(shoulder: complex, elbow: complex, hand: complex) -> str:
    """An arm on the right of the image, with a short sleeve, the hand on the edge of the seat."""
    sleeve = shoulder + (elbow - shoulder) * 0.62
    across = (elbow - shoulder) / abs(elbow - shoulder) * 1j
    cap = (shoulder - 3.9 * across, sleeve - 4.6 * across, sleeve + 4.6 * across, shoulder + 4 * across)
    fingers = "".join(line(hand + complex(x, 2.6), hand + complex(x, 5), color=SKIN_SHADE, width=0.5) for x in (-1.2, 0.5, 2.1))
    return (
        line(shoulder, elbow, hand, color=SKIN, width=5.8)
        + blob(
            hand + (-2.8 - 2j),
            hand + (-3.4 + 2j),
            hand + (-2.4 + 5.2j),
            hand + (0.6 + 6j),
            hand + (3.2 + 4.8j),
            hand + (3.4 + 1j),
            hand + (2.6 - 2.4j),
            fill=SKIN,
        )
        + fingers
        + path("M" + "L".join(map(at, cap)) + "Z", fill=SHIRT, stroke=SHIRT, stroke_width=0.8, stroke_linejoin="round")
        + circle(shoulder, 4.3, SHIRT)
        + line(sleeve + 4.4 * across, shoulder + 4.4 * across + 3j, color=SHIRT_SHADE, width=0.8)
        + line(sleeve - 4.6 * across, sleeve + 4.6 * across, color=SHIRT_SHADE, width=0.8)
    )


def both(part: str, other: str | None = None) -> str:
    """A part on the right of the image and its mirror image on the left."""
    return part + group(other or part, mirror=True)


def seat(half_width: float = 62, floor: float = FLOOR, legs: bool = True) -> str:
    """The high seat from the front, with its posts down to the floor."""
    posts = "".join(box(complex(x, 8), complex(5, floor - 8), WOOD, 1) for x in (-half_width + 4, half_width - 9)) if legs else ""
    return (
        posts
        + box(complex(-half_width, 7), complex(2 * half_width, 5), SEAT_SHADE, 1.5)
        + box(complex(-half_width, 0), complex(2 * half_width, 8.5), SEAT, 3)
    )


def ground(half_width: float, floor: float = FLOOR, color: str = GREY) -> str:
    """The floor."""
    return line(complex(-half_width, floor), complex(half_width, floor), color=color, width=1)


def shadow(x: float, floor: float = FLOOR) -> str:
    """The shadow of a hanging foot on the floor."""
    return ellipse(complex(x, floor + 3.4), 6.5, 1.3, PALE_GREY)


def person(
    out_deg: float = 0.0, lean_deg: float = 0.0, knee: complex = KNEE, ghost: bool = False, foot_flat: bool = False, halo: str = SKIN_SHADE
) -> str:
    """The seated person; the leg on the right of the image moves.

    Parameters
    ----------
    out_deg : deg
        Swing of the moving foot, outward positive.
    lean_deg : deg
        Tilt of pelvis and trunk to the left of the image.
    knee
        Position of the moving knee.
    ghost
        Whether to show the moving leg's position at rest.
    foot_flat
        Whether the feet stand on the floor instead of hanging.
    halo
        Colour of the edge around a leg that passes in front of the other.
    """
    pivot = -12 + 0j
    hip, shoulder, other_shoulder = (turned(point, pivot, -lean_deg) for point in (HIP, SHOULDER, -SHOULDER.conjugate()))
    hand, other_hand = 27 - 2j, 27 - 2j
    elbow = (shoulder + hand) / 2 + (3.4 + 1j)
    other = -other_shoulder.conjugate()
    other_elbow = (other + other_hand) / 2 + (3.4 + 1j + lean_deg * 0.12)
    still = moved_leg(-KNEE.conjugate(), 0, mirror=True, foot_flat=foot_flat)
    return "".join(
        (
            group(trunk(), move=pivot - turned(0j, 0j, -lean_deg) - pivot * cmath.rect(1, math.radians(-lean_deg)), turn=-lean_deg),
            arm(shoulder, elbow, hand),
            group(arm(other, other_elbow, other_hand), mirror=True),
            still,
            group(thigh(HIP, KNEE), mirror=True),
            ghost_of_leg() if ghost else "",
            moved_leg(knee, out_deg, halo=halo if out_deg else "", foot_flat=foot_flat),
            thigh(hip, knee),
        )
    )


# Things around the person


def badge(right: bool, place: complex = WIDTH - 40 + 40j) -> str:
    """A round green tick or a square red cross: they differ in colour and in shape."""
    if right:
        return group(circle(0j, 21, PAPER), circle(0j, 19, GREEN), line(-9 + 1j, -3 + 7j, 9 - 6j, color=PAPER, width=5), move=place)
    cross = line(-7 - 7j, 7 + 7j, color=PAPER, width=5) + line(7 - 7j, -7 + 7j, color=PAPER, width=5)
    return group(box(-19 - 19j, 38 + 38j, PAPER, 7), box(-17 - 17j, 34 + 34j, RED, 5), cross, move=place)


def pin(knee: complex, color: str = BLUE) -> str:
    """The knee as the pivot, which ought to stay in place."""
    return circle(knee, 3.3, PAPER, stroke=color, stroke_width=1.7) + circle(knee, 1.1, color)


def stopwatch(place: complex, size: float = 15) -> str:
    """A stopwatch: hold the position for a moment."""
    hands = (
        path("M0 0L0 -10A10 10 0 0 1 8.66 -5Z", fill=BLUE)
        + line(0j, -9.6j, color=BLUE, width=2)
        + line(0j, 8.3 - 4.8j, color=BLUE, width=2)
    )
    button = (
        line(-17.5j, -21j, color=INK, width=4)
        + line(-4 - 21.5j, 4 - 21.5j, color=INK, width=3.4)
        + line(11.5 - 13j, 13.5 - 15j, color=INK, width=3.4)
    )
    return group(button, circle(0j, 15, PAPER, stroke=INK, stroke_width=3), hands, move=place, scale=size / 15)


def phone_from_side(place: complex, tilt_deg: float = 0.0, ghost: bool = False, length: float = 34) -> str:
    """A phone standing upright, seen edge-on; its camera looks to the right."""
    if ghost:
        body = box(complex(-4, -length / 2), complex(8, length), CARD, 2, stroke=INK, stroke_width=1.4, stroke_dasharray="3 2.6")
    else:
        body = box(complex(-3, -length / 2), complex(6, length), INK, 2) + box(complex(2.4, -length / 2 + 4), 2.4 + 6j, INK, 1)
    return group(body, move=place, turn=tilt_deg)


def tripod(top: complex, floor: float, spread: float = 17) -> str:
    """A tripod for the phone."""
    knot = complex(top.real, top.imag + 8)
    feet = [complex(top.real + x, floor) for x in (-spread, 0, spread)]
    return "".join(line(knot, foot, color=GREY, width=3.4) for foot in feet) + line(top, knot + 4j, color=INK, width=5)


def phone_frame(place: complex, size: complex) -> str:
    """A phone seen from the screen side: only its frame, as the filmed scene is drawn beneath; `place` is the corner of the screen."""
    rim, x, y, w, h = 8, place.real, place.imag, size.real, size.imag
    outer = f"M{number(x - rim + 14)} {number(y - rim)}h{number(w + 2 * rim - 28)}q14 0 14 14v{number(h + 2 * rim - 28)}q0 14 -14 14h{number(-w - 2 * rim + 28)}q-14 0 -14 -14v{number(-h - 2 * rim + 28)}q0 -14 14 -14Z"
    inner = f"M{number(x + 8)} {number(y)}h{number(w - 16)}q8 0 8 8v{number(h - 16)}q0 8 -8 8h{number(-w + 16)}q-8 0 -8 -8v{number(-h + 16)}q0 -8 8 -8Z"
    return path(outer + inner, fill=INK, fill_rule="evenodd")


# The person from the side, facing left


def person_aside() -> str:
    """The seated person from the side, facing left; the middle of the knee is at `KNEE_ASIDE`."""
    shank = (-50.6 - 7j, -50.4 + 0j, -49 + 12j, -47.6 + 24j, -46.8 + 36j, -41 + 36j, -38.6 + 24j, -36.6 + 12j, -37.4 + 2j, -40 - 6j)
    foot = (
        -46.8 + 34j,
        -48.6 + 38j,
        -53.6 + 42.4j,
        -59.6 + 46.8j,
        -61.2 + 49.4j,
        -59.4 + 51j,
        -53 + 49.6j,
        -46.4 + 46.2j,
        -41 + 44.6j,
        -38.8 + 42j,
        -39.6 + 38.6j,
        -41 + 34j,
    )
    knee = (-30 - 15.6j, -40 - 14.6j, -47.6 - 13j, -51 - 7.6j, -49 - 1.5j, -40 + 0.4j, -28 + 0j)
    shorts = (-6 - 18.5j, -18 - 17.4j, -33 - 16j, -34.8 - 8j, -33.8 + 0j, -14 + 0j, 3 + 0j, 10 - 2.4j, 11.4 - 9j, 8 - 18j)
    shirt = (
        -4.8 - 62.6j,
        -9.4 - 58j,
        -11.8 - 49j,
        -11.2 - 38j,
        -10.2 - 27j,
        -10.6 - 15.6j,
        -4 - 13j,
        9 - 13j,
        11 - 20j,
        9 - 30j,
        10.6 - 42j,
        10.8 - 52j,
        8 - 59j,
        3.6 - 62.4j,
    )
    face = (
        -9.6 - 87.6j,
        -11.4 - 82.5j,
        -11.6 - 79.4j,
        -13.4 - 76j,
        -11.8 - 74.8j,
        -11.9 - 72j,
        -11.6 - 69.6j,
        -9.6 - 67j,
        -5.4 - 67.2j,
        -1.4 - 70j,
        3.4 - 76j,
        4 - 84j,
        0 - 89.6j,
        -5 - 90.4j,
    )
    hair = (
        -10.6 - 86.8j,
        -8 - 90.8j,
        -2 - 92.4j,
        4.4 - 90.2j,
        7.4 - 84j,
        6.6 - 76.6j,
        3.6 - 72.6j,
        1.2 - 74.6j,
        0.6 - 79.6j,
        -2 - 81j,
        -3.4 - 85j,
        -7 - 85.8j,
    )
    return (
        blob(*foot, fill=SKIN)
        + blob(*shank, fill=SKIN)
        + blob(*knee, fill=SKIN)
        + path("M-7.4 -70L-6.6 -59L6 -59L4.8 -76Z", fill=SKIN_SHADE)
        + blob(*shirt, fill=SHIRT)
        + blob(*shorts, fill=SHORTS)
        + blob(*face, fill=SKIN)
        + blob(*hair, fill=HAIR)
        + ellipse(-0.4 - 77.6j, 1.6, 2.6, SKIN_SHADE)
        + circle(-8.6 - 79j, 0.9, HAIR)
        + path("M-11 -71.4q1.4 .5 2.4 -.4", stroke=SKIN_SHADE, stroke_width=0.8, stroke_linecap="round")
        + line(0.6 - 53j, 3.6 - 31j, -10 - 19j, color=SKIN, width=6)
        + blob(-8 - 22.4j, -12.6 - 21j, -17.4 - 18j, -16.6 - 16.2j, -12 - 16.4j, -7.6 - 17.4j, fill=SKIN)
        + line(0.6 - 53j, 2.6 - 39j, color=SHIRT, width=9.4, stroke_linecap="butt")
        + circle(0.6 - 53j, 4.7, SHIRT)
        + path(
            "M-4 -51L-2.1 -38.4L7.3 -39.7L5.4 -52.4", stroke=SHIRT_SHADE, stroke_width=0.8, stroke_linejoin="round", stroke_linecap="round"
        )
    )


KNEE_ASIDE = -44 - 6.5j


def seat_aside(floor: float) -> str:
    """The high seat from the side; its front edge is at -33."""
    return (
        box(complex(-29, 8), complex(5, floor - 8), WOOD, 1)
        + box(complex(17, 8), complex(5, floor - 8), WOOD, 1)
        + box(-31 + 6j, 55 + 6j, SEAT_SHADE, 1.5)
        + box(-33 + 0j, 59 + 8.5j, SEAT, 3)
    )


# The finished drawings


def picture(*parts: str) -> str:
    """A complete drawing on its card."""
    card = box(1 + 1j, complex(WIDTH - 2, HEIGHT - 2), CARD, 16, stroke=CARD_EDGE, stroke_width=1.5)
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    return "\n".join((opened, card, *parts, "</svg>")) + "\n"


def front(*parts: str, move: complex = 240 + 196j, scale: float = 2.02) -> str:
    """Parts in centimetres, scaled and placed in the image."""
    return group(*parts, move=move, scale=scale)


def spirit_level(middle: complex) -> str:
    """A phone upright on its stand, with a centred spirit level."""
    level = box(-22 + 20j, 44 + 14j, PAPER, 7, stroke=BLUE, stroke_width=2.2) + line(-6.5 + 20j, -6.5 + 34j, color=BLUE, width=1.6)
    return group(
        circle(0j, 50, PAPER, stroke=PALE_GREY, stroke_width=2),
        box(-14 - 40j, 28 + 52j, INK, 5),
        box(-11 - 35j, 22 + 42j, PALE_BLUE, 2),
        line(-34j, 6j, color=BLUE, width=1.8, dashes="4 3.4"),
        level,
        line(6.5 + 20j, 6.5 + 34j, color=BLUE, width=1.6),
        circle(27j, 4.6, BLUE),
        move=middle,
    )


def place() -> str:
    """Phone on a stand at knee height, level, straight in front."""
    scale, floor = 1.44, 66.0
    at_person = 412 + 214j
    knee = at_person + scale * KNEE_ASIDE
    ground_y = at_person.imag + scale * floor
    lens = complex(64, knee.imag)
    toes, crown = at_person + scale * (-62 + 56j), at_person + scale * (0 - 97j)
    behind = at_person.real + scale * 16
    eye = lens + 6
    upper = eye + (crown - eye) * ((behind - eye.real) / (crown - eye).real)
    lower = eye + (toes - eye) * ((ground_y - eye.imag) / (toes - eye).imag)
    view = path("M" + "L".join(map(at, (eye, upper, complex(behind, ground_y), lower))) + "Z", fill=PALE_BLUE, fill_opacity=0.7)
    metre = (knee.real - lens.real) / 2.5
    ruler_y = ground_y + 24
    marks = "".join(
        line(complex(lens.real + metre * i, ruler_y - 6), complex(lens.real + metre * i, ruler_y + 6), color=BLUE, width=2.6)
        for i in (1, 2)
    )
    return picture(
        view,
        line(complex(22, ground_y), complex(458, ground_y), color=GREY, width=2),
        group(seat_aside(floor), person_aside(), move=at_person, scale=scale),
        line(lens + 11, knee - 10, color=BLUE, width=2.6, dashes="7 6"),
        circle(knee, 5.4, PAPER, stroke=BLUE, stroke_width=2.8),
        tripod(lens + 16j, ground_y),
        phone_from_side(lens),
        arrow(complex(lens.real, ruler_y), complex(knee.real, ruler_y), BLUE, 2.8, both_ways=True),
        marks,
        spirit_level(76 + 76j),
        badge(True),
    )


def visible() -> str:
    """The whole person in the image, feet clear of the floor."""
    corner, size = 147 + 20j, 186 + 320j
    scale, origin, floor = 1.74, 240 + 200j, 72.0
    ground_y = origin.imag + floor * scale
    top, bottom = origin.imag - 91 * scale, origin.imag + (KNEE.imag + SOLE) * scale
    x = 372
    return picture(
        box(corner, size, PAPER),
        box(complex(corner.real, ground_y), complex(size.real, corner.imag + size.imag - ground_y), "#E3E8EC"),
        group(seat(53.5, floor), shadow(-15.5, floor), shadow(15.5, floor), person(), move=origin, scale=scale),
        phone_frame(corner, size),
        *(line(complex(x - 10, y), complex(x + 10, y), color=BLUE, width=3) for y in (top, bottom)),
        arrow(complex(x, top + 4), complex(x, bottom - 4), BLUE, 3, both_ways=True),
        feet_nearer(76 + 256j),
        badge(True),
    )


def feet_nearer(middle: complex) -> str:
    """The gap between soles and floor, under a magnifying glass."""
    r, frame = 56, 62
    feet = group(both(group(leg(), move=14.5 - 61j)), scale=1.9)
    outside = f"M{-frame} -150H{frame}V{frame}H{-frame}ZM{-r} 0A{r} {r} 0 0 0 {r} 0A{r} {r} 0 0 0 {-r} 0Z"
    return group(
        circle(0j, r, PAPER),
        box(-r + 32j, complex(2 * r, 30), "#E3E8EC"),
        feet,
        arrow(-6j, 30j, BLUE, 3, both_ways=True),
        path(outside, fill=CARD, fill_rule="evenodd"),
        circle(0j, r, "none", stroke=GREY, stroke_width=3),
        move=middle,
    )


def outward() -> str:
    """The foot swings outward from rest."""
    return picture(
        front(
            ground(104),
            seat(),
            shadow(-15.5),
            person(out_deg=33, ghost=True),
            line(KNEE, KNEE + 62j, color=BLUE, width=0.9, dashes="2.6 2.2"),
            arc_arrow(KNEE, 63.5, 3, 36, BLUE, 2.4),
            pin(KNEE),
        ),
        stopwatch(420 + 250j, 18),
        badge(True),
    )


def inward() -> str:
    """The foot swings inward, in front of the other leg."""
    return picture(
        front(
            ground(104),
            seat(),
            shadow(-15.5),
            person(out_deg=-36, ghost=True),
            line(KNEE, KNEE + 62j, color=BLUE, width=0.9, dashes="2.6 2.2"),
            arc_arrow(KNEE, 67.5, -3, -32, BLUE, 2.4),
            pin(KNEE),
        ),
        stopwatch(60 + 250j, 18),
        badge(True),
    )


def test() -> str:
    """The test at a glance: one foot swings outward and inward, while the knee stays where it is."""
    return picture(
        front(
            ground(104),
            seat(),
            person(out_deg=33, ghost=True),
            line(KNEE, KNEE + 62j, color=BLUE, width=0.9, dashes="2.6 2.2"),
            arc_arrow(KNEE, 63.5, 3, 36, BLUE, 2.4),
            arc_arrow(KNEE, 67.5, -3, -32, BLUE, 2.4),
            pin(KNEE),
        )
    )


def wrong_lean() -> str:
    """The trunk leans and the pelvis rises with the leg."""
    lean = 14.0
    pivot = -12 + 0j
    dashed = {"stroke": GREY, "stroke_width": 0.9, "stroke_dasharray": "2.6 2.2"}
    upright = (path("M18.6 -9C15 -22 18 -40 21 -53L17 -58L6 -62L-6 -62", **dashed), ellipse(-77j, 9.2, 12.8, "none", **dashed))
    hips = [turned(point, pivot, -lean) for point in (-18 - 9j, 19 - 9j)]
    return picture(
        front(
            ground(104),
            seat(),
            shadow(-15.5),
            *upright,
            person(out_deg=38, lean_deg=lean, knee=KNEE + (-1 - 5.2j), ghost=True),
            line(hips[0], hips[0] + 50, color=INK, width=1, dashes="2.6 2.2"),
            line(*hips, color=VERMILLION, width=2.2),
            arrow(34 - 7j, 34 - 25j, VERMILLION, 2.4),
            arc_arrow(pivot, 99, 180 - 8, 180 + 11, VERMILLION, 2.4),
            move=240 + 207j,
            scale=1.88,
        ),
        badge(False),
    )


def wrong_knee() -> str:
    """The whole thigh moves sideways instead of the shank turning about the knee."""
    knee = KNEE + 22
    return picture(
        front(
            ground(104),
            seat(),
            shadow(-15.5),
            person(out_deg=4, knee=knee, ghost=True),
            circle(KNEE, 3, PAPER, stroke=GREY, stroke_width=1.5),
            arrow(KNEE + 4.5, knee - 4.5, VERMILLION, 2),
            arrow(KNEE + 64.5j, KNEE + (27 + 64.5j), VERMILLION, 2.4),
            pin(knee, VERMILLION),
        ),
        badge(False),
    )


def wrong_feet() -> str:
    """The feet stand on the floor, or are cut off by the edge of the image."""
    floor = 53.0
    standing = group(
        ground(56, floor),
        seat(44, floor),
        person(foot_flat=True),
        *(line(complex(x - 8, floor + 0.4), complex(x + 8, floor + 0.4), color=VERMILLION, width=2.6) for x in (-15.5, 15.5)),
        *(arrow(complex(x, floor + 16), complex(x, floor + 4), VERMILLION, 2.4) for x in (-15.5, 15.5)),
        move=122 + 212j,
        scale=1.84,
    )
    corner, size = 268 + 42j, 146 + 270j
    bottom = corner.imag + size.imag
    cut = (
        box(corner, size, PAPER),
        group(seat(39, 56), person(), move=341 + 233j, scale=1.84),
        box(complex(corner.real - 30, bottom), complex(size.real + 60, HEIGHT - 6 - bottom), CARD),
        phone_frame(corner, size),
        line(complex(corner.real + 4, bottom), complex(corner.real + size.real - 4, bottom), color=VERMILLION, width=5, dashes="9 8"),
    )
    return picture(
        standing, *cut, line(240 + 24j, 240 + 336j, color=PALE_GREY, width=1.6), badge(False, 208 + 32j), badge(False, 450 + 34j)
    )


def person_from_above() -> str:
    """The seated person from above, facing down the image."""
    legs = (
        line(9.5 + 0j, 15 + 40j, color=SKIN, width=13)
        + ellipse(15.6 + 50j, 5.2, 10, SKIN)
        + line(9.5 + 0j, 13.6 + 26j, color=SHORTS, width=16.5, stroke_linecap="butt")
        + circle(9.5 + 0j, 8.2, SHORTS)
    )
    return (
        both(legs)
        + both(line(19 + 0j, 27 + 10j, color=SKIN, width=6.4))
        + blob(-25 + 0j, -19 - 8.4j, -10.4j, 19 - 8.4j, 25 + 0j, 19 + 7j, 8.4j, -19 + 7j, fill=SHIRT)
        + ellipse(3.4j, 8, 10, SKIN)
        + blob(-1.7 + 12.4j, 15.4j, 1.7 + 12.4j, 10j, fill=SKIN)
        + ellipse(0.6j, 9, 10.4, HAIR)
    )


def phone_from_above(place: complex, turn_deg: float, ghost: bool = False) -> str:
    """A phone from above; before it is rotated, its camera looks up the image."""
    if ghost:
        body = box(-11 - 4j, 22 + 8j, CARD, 2, stroke=INK, stroke_width=1.5, stroke_dasharray="3 2.6")
    else:
        body = box(-11 - 3j, 22 + 6j, INK, 2) + box(3 - 5.6j, 5 + 4j, INK, 1)
    return group(body, move=place, turn=turn_deg)


def wrong_aside() -> str:
    """The phone stands to one side (seen from above), or is high up and looks down (seen from the side)."""
    knees = 108 + 128j
    aside_deg, far = 38.0, 176.0
    lens = turned(knees + far * 1j, knees, -aside_deg)
    eye = lens + (knees - lens) * 0.03
    view = [eye + cmath.rect(far + 62, cmath.phase(knees - 26j - eye) + math.radians(d)) for d in (-17, 17)]
    from_above = (
        box(38 + 46j, 140 + 62j, SEAT, 5),
        path(f"M{at(eye)}L{at(view[0])}L{at(view[1])}Z", fill=PALE_VERMILLION, fill_opacity=0.75),
        group(person_from_above(), move=108 + 76j, scale=1.16),
        line(knees + 18j, knees + far * 1j, color=GREY, width=2.2, dashes="6 5"),
        phone_from_above(knees + (far + 4) * 1j, 0, ghost=True),
        line(lens + (knees - lens) * 0.08, knees + (lens - knees) * 0.12, color=VERMILLION, width=2.6, dashes="7 6"),
        phone_from_above(lens, -aside_deg),
        arc_arrow(knees, 140, 4, aside_deg - 6, VERMILLION, 4.4),
    )
    at_person, scale, floor = 432 + 222j, 1.06, 68.0
    knee = at_person + scale * KNEE_ASIDE
    ground_y = at_person.imag + scale * floor
    high, level = complex(288, 92), complex(288, knee.imag)
    cone = [at_person + scale * (-24 - 98j), at_person + scale * complex(-30, 58)]
    tilt = math.degrees(cmath.phase(knee - high))
    from_aside = (
        path(f"M{at(high)}L{at(cone[0])}L{at(cone[1])}Z", fill=PALE_VERMILLION, fill_opacity=0.8),
        line(complex(258, ground_y), complex(462, ground_y), color=GREY, width=2),
        group(seat_aside(floor), person_aside(), move=at_person, scale=scale),
        line(level + 10, knee - 8, color=GREY, width=2.2, dashes="6 5"),
        tripod(high + 3j, ground_y, spread=15),
        phone_from_side(level, ghost=True, length=30),
        line(high + (knee - high) * 0.08, knee - (knee - high) * 0.06, color=VERMILLION, width=2.6, dashes="7 6"),
        phone_from_side(high, tilt, length=30),
        arrow(level - 16 - 14j, complex(level.real - 16, high.imag + 22), VERMILLION, 4.4),
    )
    return picture(
        *from_above, *from_aside, line(240 + 24j, 240 + 336j, color=PALE_GREY, width=1.6), badge(False, 208 + 32j), badge(False, 448 + 32j)
    )


PICTURES = {
    "test": test,
    "place": place,
    "visible": visible,
    "outward": outward,
    "inward": inward,
    "wrong_lean": wrong_lean,
    "wrong_knee": wrong_knee,
    "wrong_feet": wrong_feet,
    "wrong_aside": wrong_aside,
}


def main() -> None:
    """Write all drawings."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
