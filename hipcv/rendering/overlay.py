"""The clip with its landmarks and angles drawn on it, as an H.264 file that browsers play.

The drawing shows what was measured: the shank's line runs from the ankle in the direction of the reported angle to the knee as it was
held (angles.py explains why), and the dashed line is the zero from which the angle counts. The image keeps its filmed orientation.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipcv.codes import FindingCode
from hipcv.errors import ClipError, OutputError
from hipcv.kinematics.angles import steady_points
from hipcv.kinematics.drawn_leg import DrawnLeg, direction, drawn_leg
from hipcv.landmarks import BONES, Side, of_side
from hipcv.language.sentences import short_reason, whole
from hipcv.measurement import Hip, Measurement, Rep
from hipcv.rendering import face_blur
from hipcv.rendering.canvas import DARK, GREY, WHITE, Colour, arc, dot, font, line, paste, sprite
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.rendering.film import encoder, even
from hipcv.settings import Settings
from hipcv.system.writing import replacing
from hipcv.values import FloatArray, Frame, ImageArray, LandmarkSeries, RotationSeries
from hipcv.video.clip import Clip, open_clip

_JOINTS = sorted({point for bone in BONES for point in bone})


def write_overlay(
    path: str | os.PathLike[str],
    measurement: Measurement,
    out: str | os.PathLike[str],
    *,
    show_face: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
    on_plain: Callable[[int, ImageArray], None] | None = None,
    on_picture: Callable[[int, ImageArray], None] | None = None,
) -> None:
    """Write the clip with landmarks, angles and repetitions drawn on it, without sound; faces are blurred unless `show_face`.

    Parameters
    ----------
    path : the clip that was measured
    measurement : its measurement
    out : the MP4 file to write; no partial file is left if it cannot be finished
    on_progress : called with (frames done, total number of frames)
    on_plain : called with (frame number, image with the face blurred, before anything is drawn on it); it must copy what it keeps
    on_picture : called with (frame number, image with the drawing but without words), for stills in any language

    Raises
    ------
    ClipError
        If the clip cannot be read, or is not the one that was measured.
    OutputError
        If the overlay cannot be written.
    ValueError
        If an image with a visible face would go to `on_plain`.
    """
    if show_face and on_plain:
        raise ValueError("on_plain is given blurred faces only")
    _check_is_not_the_clip(Path(path), Path(out))
    series = measurement.landmarks_as_filmed
    steady_px = steady_points(measurement.landmarks, measurement.settings)
    legs = [_leg(measurement, steady_px, side) for side in Side]
    points_px = _points_px(series, measurement.as_filmed(steady_px), legs, measurement.settings)
    with replacing(out) as unfinished, open_clip(path, measurement.settings) as clip:
        if clip.sha256 != measurement.clip.sha256:
            raise ClipError("overlay_of_other_clip", about=clip.name, measured=measurement.clip.name)
        with encoder(unfinished, even(series.width_px), even(series.height_px), crf="23", g="60") as encode:
            for i, frame in enumerate(_frames(clip, measurement, show_face, on_plain)):
                _draw_lines(frame.rgb, points_px[i], legs, i)
                if on_picture:
                    on_picture(i, _still(frame.rgb, legs, i))
                _draw_angles(frame.rgb, legs, i, angle_text)
                _draw_strips(frame.rgb, legs, i)
                encode(frame.rgb[: even(series.height_px), : even(series.width_px)], frame.time_s)
                if on_progress:
                    on_progress(i + 1, len(series.time_s))


def _frames(clip: Clip, measurement: Measurement, show_face: bool, on_plain: Callable[[int, ImageArray], None] | None) -> Iterator[Frame]:
    """The frames to draw on: faces blurred unless `show_face`, and then shown to `on_plain`."""
    heads = face_blur.boxes_to_blur(measurement.landmarks_as_filmed, measurement.settings.min_visibility, others=_has_others(measurement))
    for i, frame in enumerate(clip.frames()):
        if not show_face:
            face_blur.blur(frame.rgb, heads[i])
        if on_plain:
            on_plain(i, frame.rgb)
        yield frame


def _has_others(measurement: Measurement) -> bool:
    """Whether other people may be in the image: as was found, or where the recording was not measured."""
    told = {FindingCode.SECOND_PERSON, FindingCode.SCENE_JUMP}
    return bool(measurement.landmarks.blind.any()) or any(finding.code in told for finding in measurement.findings)


def _check_is_not_the_clip(clip: Path, out: Path) -> None:
    """Refuse to overwrite the clip; `writing.replacing` refuses only paths that are not files."""
    if out.exists() and clip.exists() and out.samefile(clip):
        raise OutputError("overlay_onto_clip", about=out)


# ---------------------------------------------------------------------- what to draw
@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One leg in the image as filmed; `zero_deg` (n_frames,) in degrees from straight down toward image right."""

    rotation: RotationSeries
    hip: Hip
    drawn: DrawnLeg
    zero_deg: FloatArray

    @property
    def letter(self) -> str:
        """The side's letter, R or L."""
        return self.rotation.side.name[0]

    @property
    def colour(self) -> Colour:
        """Red, green and blue of the side."""
        red, green, blue = bytes.fromhex(SIDE_COLOURS[self.rotation.side][1:])
        return red, green, blue

    def is_seen(self, i: int) -> bool:
        """Whether that frame has an angle to draw."""
        return bool(np.isfinite([*self.drawn.knee_px[i], *self.drawn.ankle_px[i], self.rotation.internal_rotation_deg[i]]).all())

    def counts_at(self, i: int) -> bool:
        """Whether that frame is part of a hold that counts."""
        now = self.rep_at(self.rotation.time_s[i])
        return now is not None and now.hold and now.rep.usable

    def rep_at(self, time_s: float) -> "Now | None":
        """The repetition in progress at that time."""
        rep = next((rep for rep in self.hip.reps if rep.start_s <= time_s <= rep.end_s), None)
        if rep is None:
            return None
        return Now(rep, self.hip.number_of(rep), rep.hold_start_s <= time_s <= rep.hold_end_s)

    def shown_deg(self, i: int) -> float:
        """The angle written beside the leg, internal positive: at its end that of the repetition, as in every table, else that of the frame."""
        now = self.rep_at(self.rotation.time_s[i])
        if now is not None and now.at_end:
            return now.rep.direction.sign * now.rep.end_range_deg
        return float(self.rotation.internal_rotation_deg[i])


@dataclass(frozen=True, slots=True)
class Now:
    """The repetition in progress, its number among those of its direction, and whether the leg is at its end."""

    rep: Rep
    number: int
    at_end: bool

    @property
    def hold(self) -> bool:
        """Whether the end is held."""
        return self.at_end and self.rep.held


def _leg(measurement: Measurement, steady_px: FloatArray, side: Side) -> Leg:
    rotation = measurement.rotation[side]
    drawn = drawn_leg(measurement, side, steady_px)
    return Leg(rotation, measurement.hips[side], drawn, drawn.outward_x * rotation.zero_deg)


def _points_px(series: LandmarkSeries, steady_px: FloatArray, legs: Sequence[Leg], settings: Settings) -> FloatArray:
    """All points in the image as filmed, smoothed where they were measured, NaN where not visible: (n_frames, 33, 2)."""
    hidden = series.visibility < settings.min_visibility
    points_px = np.where(hidden[..., None], np.nan, series.image_px)
    points_px = np.where(np.isfinite(steady_px), steady_px, points_px)
    for leg in legs:
        points_px[:, of_side("knee", leg.rotation.side)] = leg.drawn.knee_px
        points_px[:, of_side("ankle", leg.rotation.side)] = leg.drawn.ankle_px
    return points_px


# ---------------------------------------------------------------------- drawing
def _draw_lines(rgb: ImageArray, points_px: FloatArray, legs: Sequence[Leg], i: int) -> None:
    """Draw the body, both shanks, and their angles from zero."""
    unit = _unit(rgb)
    for a, b in BONES:
        line(rgb, points_px[a], points_px[b], WHITE, 2 * unit)
    for joint in _JOINTS:
        dot(rgb, points_px[joint], WHITE, 4 * unit)
    for leg in legs:
        if leg.is_seen(i):
            _draw_leg(rgb, leg, i, unit)


def _still(rgb: ImageArray, legs: Sequence[Leg], i: int) -> ImageArray:
    """A copy with the sizes of the angles; words go next to a still, in the reader's language."""
    still = rgb.copy()
    _draw_angles(still, legs, i, size_text)
    return still


def _unit(rgb: ImageArray) -> float:
    """The unit for line widths and text: one pixel of an image whose long side has 960."""
    return float(max(rgb.shape[:2])) / 960


def _draw_leg(rgb: ImageArray, leg: Leg, i: int, unit: float) -> None:
    knee, ankle, shank_px = leg.drawn.knee_px[i], leg.drawn.ankle_px[i], leg.rotation.shank_px
    zero_deg, shank_deg = float(leg.zero_deg[i]), float(leg.drawn.shank_deg[i])
    for share in np.arange(-0.1, 1.1, 0.1):
        start, end = (knee + (share + part) * shank_px * direction(zero_deg) for part in (0.0, 0.05))
        line(rgb, start, end, WHITE, 2 * unit)
    arc(rgb, knee, 0.4 * shank_px, zero_deg, shank_deg, leg.colour, 3 * unit)
    line(rgb, knee, ankle, leg.colour, (11 if leg.counts_at(i) else 6) * unit)
    for joint in (knee, ankle):
        dot(rgb, joint, leg.colour, 7 * unit)


def _draw_angles(rgb: ImageArray, legs: Sequence[Leg], i: int, text_of: Callable[[str, float], str]) -> None:
    """Write each angle next to the knee, on its outer side; `text_of` makes the text from the leg's letter and angle."""
    unit = _unit(rgb)
    for leg in legs:
        if leg.is_seen(i):
            text = text_of(leg.letter, leg.shown_deg(i))
            label = sprite(text, round(26 * unit), leg.colour if leg.counts_at(i) else DARK, leg.colour)
            side_px = 30 * unit if leg.drawn.outward_x[i] > 0 else -30 * unit - label.shape[1]
            paste(rgb, label, leg.drawn.knee_px[i] + np.array([side_px, -label.shape[0] / 2]))


def _draw_strips(rgb: ImageArray, legs: Sequence[Leg], i: int) -> None:
    """Draw a bar for each repetition in progress, from the bottom up."""
    bottom = rgb.shape[0]
    for leg in legs:
        if now := leg.rep_at(leg.rotation.time_s[i]):
            bottom = _draw_strip(rgb, leg, now, bottom, _unit(rgb))


def _draw_strip(rgb: ImageArray, leg: Leg, now: Now, bottom: int, unit: float) -> int:
    """Draw a bar across the image that ends at `bottom`; returns its upper edge."""
    fill = GREY if not now.rep.usable else leg.colour if now.hold else DARK
    size, text = round(26 * unit), rep_text(leg.letter, now)
    widest = 0.96 * rgb.shape[1]
    text_image = sprite(text, int(size * min(1.0, widest / font(size).getlength(text + "  "))), fill, fill)
    top = bottom - round(1.7 * size)
    rgb[max(0, top) : bottom] = fill
    paste(rgb, text_image, np.array([(rgb.shape[1] - text_image.shape[1]) / 2, (top + bottom - text_image.shape[0]) / 2]))
    return top


def angle_text(letter: str, angle_deg: float) -> str:
    """The angle as text: `R IR 32°`; no direction at zero."""
    way = " IR" if angle_deg > 0 else " ER"
    return size_text(f"{letter}{way}" if whole(angle_deg) != "0" else letter, angle_deg)


def size_text(letter: str, angle_deg: float) -> str:
    """The size of the angle as text: `R 32°`; the image shows the direction, whose name would depend on the language."""
    return f"{letter} {whole(abs(angle_deg))}°"


def rep_text(letter: str, now: Now) -> str:
    """`R internal, rep 2: 34°`, plus `hold` during the hold, or why the repetition does not count."""
    name = f"{letter} {now.rep.direction.value}, rep {now.number}"
    if not now.rep.usable:
        return f"{name}: not counted ({short_reason(now.rep)})"
    return f"{name}: {whole(now.rep.end_range_deg)}°{' hold' if now.hold else ''}"
