"""Can this clip be trusted? Every doubt becomes a finding: what was seen, what is needed, what to do."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hipcv.capture import people
from hipcv.capture.picture_quality import PictureSample
from hipcv.findings import of_legs
from hipcv.kinematics.camera_view import in_view, inside, yaw_deg
from hipcv.kinematics.signals import nanmedian, runs
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.measurement import Finding, Hip, Severity
from hipcv.settings import Mirrored, Settings, Step
from hipcv.values import LandmarkSeries, Lean, ReadFaults, RotationSeries, VideoInfo

_OUT_SHARE = 0.05
"""Out of the picture, or unseen, for more of the clip than this is worth a finding."""
_NOBODY_SHARE = 0.2
_SPOILT = {
    "scene_jump": "the picture jumps in the middle",
    "damaged_frames": "parts of the video are damaged",
    "mirrored_against_file": "right and left are in doubt",
}
"""Findings after which the two hips cannot be compared."""
_NOBODY_S = 0.7
"""Nobody for longer than this between frames with somebody: time enough for a quick repetition."""
_ONE_JUMP_S = 0.5


def findings(
    clip: VideoInfo,
    faults: ReadFaults,
    samples: Sequence[PictureSample],
    n_people: int,
    series: LandmarkSeries,
    rotation: Mapping[Side, RotationSeries],
    lean: Lean,
    hips: Mapping[Side, Hip],
    n_swapped: int,
    settings: Settings,
) -> tuple[Finding, ...]:
    """All caveats, the serious ones first."""
    found = [
        *_file(clip, faults, settings),
        *_light(samples, settings),
        *_framing(series, rotation, settings),
        *_people(n_people, series, samples, n_swapped),
        *_camera(series, rotation, lean, settings),
        *_mirror(clip, settings.mirrored),
        *of_legs.of_reps(hips, rotation, settings),
        *(of_legs.of_second_look(hips, rotation, n_people, settings) if Step.REGISTRATION not in settings.without else ()),
    ]
    order = list(Severity)[::-1]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def recording_doubt(found: Sequence[Finding]) -> str:
    """Why nothing may be said of a difference between the hips, whatever the numbers; empty if the recording is sound."""
    return next((_SPOILT[finding.code] for finding in found if finding.code in _SPOILT), "")


def _file(clip: VideoInfo, faults: ReadFaults, settings: Settings) -> Iterator[Finding]:
    if faults.cut_after_s is not None:
        yield Finding.serious(
            "clip_cut",
            f"The file breaks off after {faults.cut_after_s:.1f} s; what comes before was measured. Copy or send the whole video again.",
        )
    if faults.n_corrupt:
        yield Finding.serious(
            "damaged_frames",
            f"{_were(faults.n_corrupt, 'damaged part')} left out of the video, and pictures beside them may be wrong. "
            "Copy or send the original video again.",
        )
    if faults.n_bad_times:
        yield Finding.warning(
            "bad_times",
            f"{_were(faults.n_bad_times, 'picture')} left out for want of a usable time. Send the original video from the phone.",
        )
    if faults.longest_gap_s > max(settings.longest_gap_s, 1.5 / settings.min_frame_rate_hz):
        yield Finding.warning(
            "time_gap",
            f"The recording pauses for up to {faults.longest_gap_s:.1f} s; a movement may be missing. Film without interruption.",
        )
    if clip.frame_rate_hz < settings.min_frame_rate_hz:
        yield Finding.warning(
            "low_frame_rate",
            f"The video has {clip.frame_rate_hz:.0f} pictures a second; {settings.min_frame_rate_hz:.0f} or more show the hold well. "
            "Film at 30, in good light.",
        )


def _were(n: int, thing: str) -> str:
    return f"{n} {thing} was" if n == 1 else f"{n} {thing}s were"


def _light(samples: Sequence[PictureSample], settings: Settings) -> Iterator[Finding]:
    brightness = float(np.median([s.brightness for s in samples]))
    blur = float(nanmedian(np.array([s.blur for s in samples]), axis=0))
    if brightness < settings.dark_level:
        yield Finding.warning(
            "poor_light",
            f"The person is dark (brightness {brightness:.0f} of 255; {settings.dark_level:.0f} is needed). "
            "Switch on the light, and have no window behind the person.",
        )
    if blur > settings.blur_level:
        yield Finding.warning("blur", "The picture is blurred. Wipe the lens, tap on the person to focus, and prop the phone up.")


def _framing(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    lost = 1 - series.found.mean()
    if gaps_s := _away_s(series):
        spans = " and ".join(f"from {start_s:.1f} to {end_s:.1f} s" for start_s, end_s in gaps_s[:3])
        yield Finding.warning(
            "person_lost",
            f"Nobody was found {spans}{' and later' if len(gaps_s) > 3 else ''}; a movement may be missing there. "
            "Keep the whole person in the picture throughout.",
        )
    elif lost > _NOBODY_SHARE:
        yield Finding.warning(
            "person_lost", f"Nobody was found in {100 * lost:.0f} % of the video. Keep the whole person in the picture throughout."
        )
    shank_px = float(np.nanmedian([r.shank_px for r in rotation.values()]))
    if shank_px < settings.min_shank_px:
        yield Finding.warning(
            "too_far",
            f"The lower leg is only {shank_px:.0f} pixels long ({settings.min_shank_px:.0f} are needed). Come nearer, to 2 to 3 m, and film upright.",
        )
    for side in Side:
        legs = [of_side("knee", side), of_side("ankle", side)]
        if (away := _out_of_view(series, legs, settings)) > _OUT_SHARE:
            yield Finding.warning(
                "leg_out_of_picture",
                f"The {side.value} knee or ankle was out of sight for {100 * away:.0f} % of the video. Move the phone back and clear the view.",
            )
        elif (away := _outside(series, [of_side("foot_index", side)])) > _OUT_SHARE:
            yield Finding.warning(
                "foot_out_of_picture",
                f"The {side.value} foot was outside the picture for {100 * away:.0f} % of the video. Move the phone back a little.",
            )


def _away_s(series: LandmarkSeries) -> list[tuple[float, float]]:
    """The longer stretches without a person between the first and the last frame with one."""
    ends = np.flatnonzero(series.found)[[0, -1]]
    spans = [(float(series.time_s[start]), float(series.time_s[end])) for start, end in runs(~series.found) if ends[0] < start < ends[1]]
    return [(start_s, end_s) for start_s, end_s in spans if end_s - start_s > _NOBODY_S]


def _jumps_s(series: LandmarkSeries, samples: Sequence[PictureSample]) -> list[float]:
    """Where the person or the whole picture jumps, each jump once."""
    jumps: list[float] = []
    for jump_s in sorted([*people.jumps_s(series.time_s, series.image_px), *(cut_s for sample in samples for cut_s in sample.cuts_s)]):
        if not jumps or jump_s - jumps[-1] > _ONE_JUMP_S:
            jumps.append(jump_s)
    return jumps


def _people(n_people: int, series: LandmarkSeries, samples: Sequence[PictureSample], n_swapped: int) -> Iterator[Finding]:
    if jumps := _jumps_s(series, samples):
        times = " and ".join(f"{time_s:.1f}" for time_s in jumps[:3])
        yield Finding.serious(
            "scene_jump",
            f"The picture jumps at {times} s{' and later' if len(jumps) > 3 else ''}, as if two recordings were joined, the phone was pushed, or somebody walked past. "
            "Film one person in one go, with the phone propped up.",
        )
    if n_people > 1:
        yield Finding.warning(
            "second_person",
            f"{n_people} people were seen; the seated one nearest to the middle was measured. "
            "Check the overlay, or film with one person in the picture.",
        )
    if n_swapped > 0.02 * len(series.time_s):
        yield Finding.info("sides_swapped", f"Left and right were exchanged in {n_swapped} pictures and put back. Check the overlay.")


def _camera(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], lean: Lean, settings: Settings) -> Iterator[Finding]:
    roll = lean.roll_deg
    if abs(roll) >= settings.roll_warn_deg and abs(roll) > 2 * lean.sd_deg:
        way = "clockwise" if roll < 0 else "counter-clockwise"
        yield Finding.warning(
            "camera_rolled",
            f"The phone leans by about {abs(roll):.0f}° {way} (within {2 * lean.sd_deg:.0f}°), which the angles do not follow. "
            "Prop the phone upright next time.",
        )
    yaw = yaw_deg(series, rotation)
    if np.isfinite(yaw) and abs(yaw) >= settings.yaw_warn_deg:
        side = "left" if yaw > 0 else "right"
        yield Finding.warning(
            "camera_turned",
            f"The camera stands about {abs(yaw):.0f}° or more to the person's {side}; from there the legs read unequally. "
            "Put the phone straight in front of the knees.",
        )


def _mirror(clip: VideoInfo, wanted: Mirrored) -> Iterator[Finding]:
    """Whether right and left may be exchanged: nobody said, or what was said does not fit what the file says."""
    if wanted is Mirrored.AUTO and clip.camera_mirrored is None:
        yield _assumed_unmirrored(clip.front_camera)
    if wanted is Mirrored.NO and clip.camera_mirrored:
        yield Finding.serious(
            "mirrored_against_file",
            "The file says that the picture is mirrored, but it was measured as not mirrored, as was said; right and left may be exchanged. "
            "Check whether writing in the picture reads backwards, and measure again as it is.",
        )
    if wanted is Mirrored.YES and clip.camera_mirrored is False:
        yield Finding.serious(
            "mirrored_against_file",
            "The file says that the picture is not mirrored, but it was measured as mirrored, as was said; right and left may be exchanged. "
            "Check whether writing in the picture reads backwards, and measure again as it is.",
        )
    if wanted is Mirrored.NO and clip.camera_mirrored is None and clip.front_camera:
        yield Finding.warning(
            "mirrored_against_camera",
            "The front camera filmed this, and it was measured as not mirrored, as was said. "
            "If writing in the picture reads backwards, right and left are exchanged: measure again as mirrored (front camera; --mirrored yes).",
        )


def _assumed_unmirrored(front_camera: bool) -> Finding:
    if front_camera:
        return Finding.warning(
            "mirrored_unknown",
            "The front camera filmed this, and some phones mirror such a video; left and right are given as for one that is not. "
            "If writing in the picture reads backwards, measure again as mirrored (front camera; --mirrored yes).",
        )
    return Finding.info(
        "mirrored_assumed_no",
        "The video was taken as not mirrored: the file does not tell. For a mirrored selfie say so (front camera; --mirrored yes).",
    )


def _out_of_view(series: LandmarkSeries, points: Sequence[Landmark], settings: Settings) -> float:
    return float(1 - in_view(series, points, settings)[series.found].mean())


def _outside(series: LandmarkSeries, points: Sequence[Landmark]) -> float:
    return float(1 - inside(series, points)[series.found].mean())
