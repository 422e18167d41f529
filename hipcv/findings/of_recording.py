"""Caveats about the clip as a whole. Every doubt becomes a finding: what was seen, what is needed, what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hipcv.capture import people
from hipcv.capture.picture_quality import PictureSample
from hipcv.catalogues.message import Message
from hipcv.codes import Doubt, FindingCode, Severity
from hipcv.findings import of_legs
from hipcv.kinematics.camera_view import in_view, inside, yaw_deg
from hipcv.kinematics.signals import nanmedian, runs
from hipcv.landmarks import Side, of_side
from hipcv.measurement import Assessment, Finding, doubt
from hipcv.settings import Mirrored, Settings, Step
from hipcv.values import CameraRoll, LandmarkSeries, ReadFaults, RotationSeries, VideoInfo, short_of

if TYPE_CHECKING:
    from hipcv.capture.capture import Capture

_OUT_SHARE = 0.05
"""Being outside the image or unseen for a larger share of the clip than this is worth a finding."""
_NOBODY_SHARE = 0.2
_SPOILS: dict[str, Doubt] = {
    FindingCode.SCENE_JUMP: Doubt.SCENE_JUMP,
    FindingCode.DAMAGED_FRAMES: Doubt.DAMAGED_FRAMES,
    FindingCode.MIRRORED_AGAINST_FILE: Doubt.MIRRORED_AGAINST_FILE,
    FindingCode.MIRRORED_MIDWAY: Doubt.MIRRORED_AGAINST_FILE,
}
"""Findings that rule out comparing the two hips."""
_NOBODY_S = 0.7
"""A longer absence between frames with a person is long enough for a quick repetition."""
_ONE_JUMP_S = 0.5
_BESIDE = 7
"""Width in frames of what a jump borders on: it is dated to within three frames."""


def findings(taken: "Capture", series: LandmarkSeries, n_swapped: int, seen: Assessment, settings: Settings) -> tuple[Finding, ...]:
    """All caveats, the serious ones first.

    Parameters
    ----------
    taken : the clip as captured
    series : its landmarks, with the person's own sides
    n_swapped : frames in which the network had exchanged left and right
    seen : the result of landmarks and registration
    """
    rotation, hips = seen.rotation, seen.hips
    found = [
        *_file(taken.clip, taken.faults, settings),
        *([Finding.warning(FindingCode.PICTURE_FROZEN, spans_s=taken.frozen_s)] if taken.frozen_s else ()),
        *_light([sample for sample in taken.samples if _shows_somebody(sample, series)] or taken.samples, settings),
        *_framing(series, rotation, settings),
        *_people(taken.n_people, series, taken.samples, n_swapped),
        *([Finding.warning(FindingCode.SECOND_PERSON, n=2, case="smaller")] if taken.smaller_person else ()),
        *_camera(series, rotation, seen.lean, settings),
        *_mirror(taken, settings.mirrored),
        *of_legs.of_reps(hips, rotation, settings),
        *(of_legs.of_second_look(hips, rotation, taken.n_people, settings) if Step.REGISTRATION not in settings.without else ()),
    ]
    order = list(Severity)[::-1]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def recording_doubt(found: Sequence[Finding]) -> Message | None:
    """The reason why the hips cannot be compared, whatever the numbers; None if the recording is sound."""
    return next((doubt(_SPOILS[finding.code]) for finding in found if finding.code in _SPOILS), None)


def _file(clip: VideoInfo, faults: ReadFaults, settings: Settings) -> Iterator[Finding]:
    if faults.cut_after_s is not None:
        yield Finding.serious(FindingCode.CLIP_CUT, after_s=faults.cut_after_s)
    if faults.n_corrupt:
        yield Finding.serious(FindingCode.DAMAGED_FRAMES, n=faults.n_corrupt)
    if faults.n_bad_times:
        yield Finding.warning(FindingCode.BAD_TIMES, n=faults.n_bad_times)
    if faults.longest_gap_s > max(settings.longest_gap_s, 1.5 / settings.min_frame_rate_hz):
        yield Finding.warning(FindingCode.TIME_GAP, longest_s=faults.longest_gap_s)
    if clip.frame_rate_hz < settings.min_frame_rate_hz:
        yield Finding.warning(FindingCode.LOW_FRAME_RATE, rate_hz=clip.frame_rate_hz, least_hz=settings.min_frame_rate_hz)


def _shows_somebody(sample: PictureSample, series: LandmarkSeries) -> bool:
    """Whether the frame of a sample is more than a title, and of the time that tells something."""
    frame = min(int(np.searchsorted(series.time_s, sample.time_s)), len(series.time_s) - 1)
    return bool(series.seen[frame])


def _light(samples: Sequence[PictureSample], settings: Settings) -> Iterator[Finding]:
    brightness = float(np.median([s.brightness for s in samples]))
    blur = float(nanmedian(np.array([s.blur for s in samples]), axis=0))
    if brightness < settings.dark_level:
        yield Finding.warning(FindingCode.POOR_LIGHT, brightness=short_of(brightness, settings.dark_level, 0), least=settings.dark_level)
    if blur > settings.blur_level:
        yield Finding.warning(FindingCode.BLUR)


def _framing(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    first, last = np.flatnonzero(series.seen)[[0, -1]]
    lost = 1 - series.found[first : last + 1].mean()
    if gaps_s := _away_s(series):
        yield Finding.warning(FindingCode.PERSON_LOST, case="spans", spans_s=gaps_s)
    elif lost > _NOBODY_SHARE:
        yield Finding.warning(FindingCode.PERSON_LOST, case="share", share_percent=float(100 * lost))
    shank_px = float(np.nanmedian([r.shank_px for r in rotation.values()]))
    if shank_px < settings.min_shank_px:
        yield Finding.warning(FindingCode.TOO_FAR, shank_px=short_of(shank_px, settings.min_shank_px, 0), least_px=settings.min_shank_px)
    for side in Side:
        legs = [of_side("knee", side), of_side("ankle", side)]
        if (away := float(1 - in_view(series, legs, settings)[series.seen].mean())) > _OUT_SHARE:
            yield Finding.warning(FindingCode.LEG_OUT_OF_PICTURE, side=side, share_percent=100 * away)
        elif (away := float(1 - inside(series, [of_side("foot_index", side)])[series.seen].mean())) > _OUT_SHARE:
            yield Finding.warning(FindingCode.FOOT_OUT_OF_PICTURE, side=side, share_percent=100 * away)


def _away_s(series: LandmarkSeries) -> list[tuple[float, float]]:
    """Longer stretches without a person, between the first and the last frame with one."""
    ends = np.flatnonzero(series.seen)[[0, -1]]
    spans = [(float(series.time_s[start]), float(series.time_s[end])) for start, end in runs(~series.found) if ends[0] < start < ends[1]]
    return [(start_s, end_s) for start_s, end_s in spans if end_s - start_s > _NOBODY_S]


def jumps_s(series: LandmarkSeries, samples: Sequence[PictureSample]) -> list[float]:
    """Times at which the person or the whole image jumps, each jump once; not where it borders on frames that tell nothing."""
    jumps: list[float] = []
    beside = np.convolve(series.blind, np.ones(_BESIDE), "same") > 0
    for jump_s in sorted([*people.jumps_s(series.time_s, series.image_px), *(cut_s for sample in samples for cut_s in sample.cuts_s)]):
        is_beside = beside[min(int(np.searchsorted(series.time_s, jump_s)), len(beside) - 1)]
        if not is_beside and (not jumps or jump_s - jumps[-1] > _ONE_JUMP_S):
            jumps.append(jump_s)
    return jumps


def _people(n_people: int, series: LandmarkSeries, samples: Sequence[PictureSample], n_swapped: int) -> Iterator[Finding]:
    if jumps := jumps_s(series, samples):
        yield Finding.serious(FindingCode.SCENE_JUMP, jumps_s=jumps)
    if n_people > 1:
        yield Finding.warning(FindingCode.SECOND_PERSON, n=n_people)
    if n_swapped > 0.02 * len(series.time_s):
        yield Finding.info(FindingCode.SIDES_SWAPPED, n=n_swapped)


def _camera(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], lean: CameraRoll, settings: Settings) -> Iterator[Finding]:
    roll = lean.roll_deg
    if abs(roll) >= settings.roll_warn_deg and abs(roll) > 2 * lean.sd_deg:
        way = "clockwise" if roll < 0 else "counter-clockwise"
        yield Finding.warning(FindingCode.CAMERA_ROLLED, roll_deg=abs(roll), way=way, within_deg=2 * lean.sd_deg)
    yaw = yaw_deg(series, {side: replace(leg, moving=leg.moving | series.blind) for side, leg in rotation.items()})
    if np.isfinite(yaw) and abs(yaw) >= settings.yaw_warn_deg:
        yield Finding.warning(FindingCode.CAMERA_TURNED, yaw_deg=abs(yaw), side=Side.LEFT if yaw > 0 else Side.RIGHT)


def _mirror(taken: "Capture", wanted: Mirrored) -> Iterator[Finding]:
    """Whether right and left may be exchanged: it changes, is not stated, or the statement contradicts the file."""
    if taken.mirrorings_s:
        yield Finding.serious(FindingCode.MIRRORED_MIDWAY, jumps_s=taken.mirrorings_s)
    yield from of_mirroring(taken.clip, wanted)


def of_mirroring(clip: VideoInfo, wanted: Mirrored) -> Iterator[Finding]:
    """Findings on whether right and left may be exchanged throughout, from what the file says and what was stated."""
    if clip.camera_mirrored is None:
        yield from _mirror_unknown(clip.front_camera, wanted)
    if wanted is Mirrored.NO and clip.camera_mirrored:
        yield Finding.serious(FindingCode.MIRRORED_AGAINST_FILE, case="is_mirrored")
    if wanted is Mirrored.YES and clip.camera_mirrored is False:
        yield Finding.serious(FindingCode.MIRRORED_AGAINST_FILE, case="is_not_mirrored")


def _mirror_unknown(front_camera: bool, wanted: Mirrored) -> Iterator[Finding]:
    if wanted is Mirrored.AUTO:
        yield Finding.warning(FindingCode.MIRRORED_UNKNOWN) if front_camera else Finding.info(FindingCode.MIRRORED_ASSUMED_NO)
    if wanted is Mirrored.NO and front_camera:
        yield Finding.warning(FindingCode.MIRRORED_AGAINST_CAMERA)
