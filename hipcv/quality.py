"""Can this clip be trusted? Every doubt becomes a finding: what was seen, what is needed, what to do."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hipcv import people
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.picture import PictureSample
from hipcv.settings import Settings
from hipcv.signals import nanmedian, runs
from hipcv.values import Direction, Finding, Hip, LandmarkSeries, Lean, ReadFaults, RotationSeries, Severity, VideoInfo, Zero
from hipcv.view import in_view, inside, yaw_deg

_OUT_SHARE = 0.05
"""Out of the picture, or unseen, for more of the clip than this is worth a finding."""
_NOBODY_SHARE = 0.2
_SPOILT = {"scene_jump": "the picture jumps in the middle", "damaged_frames": "parts of the video are damaged"}
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
    assumed_unmirrored: bool,
    settings: Settings,
    looked_twice: bool = False,
) -> tuple[Finding, ...]:
    """All caveats, the serious ones first."""
    found = [
        *_file(clip, faults, settings),
        *_light(samples, settings),
        *_framing(series, rotation, settings),
        *_people(n_people, series, samples, n_swapped),
        *_camera(series, rotation, lean, settings),
        *_mirror(clip, assumed_unmirrored),
        *_reps(hips, rotation, settings),
        *(_second_look(hips, rotation, settings) if looked_twice else ()),
    ]
    order = list(Severity)[::-1]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def recording_doubt(found: Sequence[Finding]) -> str:
    """Why nothing may be said of a difference between the hips, whatever the numbers; empty if the recording is sound."""
    return next((_SPOILT[finding.code] for finding in found if finding.code in _SPOILT), "")


def _info(code: str, message: str) -> Finding:
    return Finding(code, Severity.INFO, message)


def _warning(code: str, message: str) -> Finding:
    return Finding(code, Severity.WARNING, message)


def _serious(code: str, message: str) -> Finding:
    return Finding(code, Severity.SERIOUS, message)


def _file(clip: VideoInfo, faults: ReadFaults, settings: Settings) -> Iterator[Finding]:
    if faults.cut_after_s is not None:
        yield _serious(
            "clip_cut",
            f"The file breaks off after {faults.cut_after_s:.1f} s; what comes before was measured. Copy or send the whole video again.",
        )
    if faults.n_corrupt:
        yield _serious(
            "damaged_frames",
            f"{_were(faults.n_corrupt, 'damaged part')} left out of the video, and pictures beside them may be wrong. "
            "Copy or send the original video again.",
        )
    if faults.n_bad_times:
        yield _warning(
            "bad_times",
            f"{_were(faults.n_bad_times, 'picture')} left out for want of a usable time. Send the original video from the phone.",
        )
    if faults.longest_gap_s > max(settings.longest_gap_s, 1.5 / settings.min_frame_rate_hz):
        yield _warning(
            "time_gap",
            f"The recording pauses for up to {faults.longest_gap_s:.1f} s; a movement may be missing. Film without interruption.",
        )
    if clip.frame_rate_hz < settings.min_frame_rate_hz:
        yield _warning(
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
        yield _warning(
            "poor_light",
            f"The person is dark (brightness {brightness:.0f} of 255; {settings.dark_level:.0f} is needed). "
            "Switch on the light, and have no window behind the person.",
        )
    if blur > settings.blur_level:
        yield _warning("blur", "The picture is blurred. Wipe the lens, tap on the person to focus, and prop the phone up.")


def _framing(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    lost = 1 - series.found.mean()
    if gaps_s := _away_s(series):
        spans = " and ".join(f"from {start_s:.1f} to {end_s:.1f} s" for start_s, end_s in gaps_s[:3])
        yield _warning(
            "person_lost",
            f"Nobody was found {spans}{' and later' if len(gaps_s) > 3 else ''}; a movement may be missing there. "
            "Keep the whole person in the picture throughout.",
        )
    elif lost > _NOBODY_SHARE:
        yield _warning(
            "person_lost", f"Nobody was found in {100 * lost:.0f} % of the video. Keep the whole person in the picture throughout."
        )
    shank_px = float(np.nanmedian([r.shank_px for r in rotation.values()]))
    if shank_px < settings.min_shank_px:
        yield _warning(
            "too_far",
            f"The lower leg is only {shank_px:.0f} pixels long ({settings.min_shank_px:.0f} are needed). Come nearer, to 2 to 3 m, and film upright.",
        )
    for side in Side:
        legs = [of_side("knee", side), of_side("ankle", side)]
        if (away := _out_of_view(series, legs, settings)) > _OUT_SHARE:
            yield _warning(
                "leg_out_of_picture",
                f"The {side.value} knee or ankle was out of sight for {100 * away:.0f} % of the video. Move the phone back and clear the view.",
            )
        elif (away := _outside(series, [of_side("foot_index", side)])) > _OUT_SHARE:
            yield _warning(
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
        yield _serious(
            "scene_jump",
            f"The picture jumps at {times} s{' and later' if len(jumps) > 3 else ''}, as if two recordings were joined, the phone was pushed, or somebody walked past. "
            "Film one person in one go, with the phone propped up.",
        )
    if n_people > 1:
        yield _warning(
            "second_person",
            f"{n_people} people were seen; the seated one nearest to the middle was measured. "
            "Check the overlay, or film with one person in the picture.",
        )
    if n_swapped > 0.02 * len(series.time_s):
        yield _info("sides_swapped", f"Left and right were exchanged in {n_swapped} pictures and put back. Check the overlay.")


def _camera(series: LandmarkSeries, rotation: Mapping[Side, RotationSeries], lean: Lean, settings: Settings) -> Iterator[Finding]:
    roll = lean.roll_deg
    if abs(roll) >= settings.roll_warn_deg and abs(roll) > 2 * lean.sd_deg:
        way = "clockwise" if roll < 0 else "counter-clockwise"
        yield _warning(
            "camera_rolled",
            f"The phone leans by about {abs(roll):.0f}° {way} (within {2 * lean.sd_deg:.0f}°), which the angles do not follow. "
            "Prop the phone upright next time.",
        )
    yaw = yaw_deg(series, rotation)
    if np.isfinite(yaw) and abs(yaw) >= settings.yaw_warn_deg:
        side = "left" if yaw > 0 else "right"
        yield _warning(
            "camera_turned",
            f"The camera stands about {abs(yaw):.0f}° or more to the person's {side}; from there the legs read unequally. "
            "Put the phone straight in front of the knees.",
        )


def _mirror(clip: VideoInfo, assumed_unmirrored: bool) -> Iterator[Finding]:
    if not assumed_unmirrored:
        return
    if clip.front_camera:
        yield _warning(
            "mirrored_unknown",
            "The front camera filmed this, and some phones mirror such a video; left and right are given as for one that is not. "
            "If writing in the picture reads backwards, measure again with --mirrored yes.",
        )
    else:
        yield _info(
            "mirrored_assumed_no", "The video was taken as not mirrored: the file does not tell. For a mirrored selfie use --mirrored yes."
        )


def _reps(hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    for side, hip in hips.items():
        if not hip.reps:
            yield _info("leg_not_tested", f"No repetition of the {side.value} leg was seen, so it has no result.")
            continue
        yield from _zero(hip)
        yield from _knee(hip, rotation[side], settings)
        for direction in Direction:
            yield from _direction(hip, direction, settings)


def _second_look(hips: Mapping[Side, Hip], rotation: Mapping[Side, RotationSeries], settings: Settings) -> Iterator[Finding]:
    """What stood in the way of measuring on the picture itself."""
    for side, hip in hips.items():
        counted = [rep for rep in hip.reps if rep.usable]
        blind = [rep for rep in counted if not np.isfinite(rep.sd_deg)]
        if blind:
            yield _warning(
                "landmarks_only",
                f"In {len(blind)} of {len(counted)} repetitions the {side.value} shank could not be told from what is around it, so they are read from body points "
                "alone and are less sure. Film with bare shins or tight trousers, in good light, before a plain wall, and sit still first.",
            )
        seen = rotation[side].corrected
        if counted and seen is not None and abs(seen.thigh_outward_deg) > settings.thigh_aside_warn_deg:
            yield _warning(
                "thigh_aside",
                f"The {side.value} thigh points {abs(seen.thigh_outward_deg):.0f}° past the camera, and from there a knee that opens looks like rotation; "
                "the interval says how much. Put the phone straight in front of that knee, or film each leg on its own.",
            )


def _zero(hip: Hip) -> Iterator[Finding]:
    side = hip.side
    if not np.isfinite(hip.rest_deg):
        yield _warning(
            "no_rest",
            f"The {side.value} leg was never seen at rest, so its angles are read from the vertical of the picture, which leans with the phone. "
            "Let both legs hang still for a second at the beginning.",
        )
    elif hip.zero is Zero.GRAVITY:
        way = "outward" if hip.rest_deg > 0 else "inward"
        yield _warning(
            "rest_posture",
            f"The {side.value} foot rested {abs(hip.rest_deg):.0f}° {way}, so its angles are read from the vertical of the picture instead, "
            "which leans with the phone. Let both legs hang straight down and still for a second at the beginning.",
        )
    elif hip.rest_doubt_deg:
        yield _warning(
            "rest_changed",
            f"The {side.value} leg rested {2 * hip.rest_doubt_deg:.0f}° differently at the beginning and at the end, so its zero is less sure. "
            "Let the leg hang straight down whenever it rests.",
        )


def _knee(hip: Hip, rotation: RotationSeries, settings: Settings) -> Iterator[Finding]:
    travels = []
    for rep in hip.reps:
        hold = (rotation.time_s >= rep.hold_start_s) & (rotation.time_s <= rep.hold_end_s)
        travels.append(float(np.abs(np.median(rotation.knee_travel_percent[hold]))))
    if max(travels) > settings.knee_travel_warn_percent:
        yield _warning(
            "knee_travel",
            f"The {hip.side.value} knee moved sideways by {max(travels):.0f} % of the lower leg, so the thigh turned along and the angle is not the hip's alone. "
            "Keep the thigh still on the seat.",
        )


def _direction(hip: Hip, direction: Direction, settings: Settings) -> Iterator[Finding]:
    reps = [rep for rep in hip.reps if rep.direction is direction]
    what = f"{direction.value} rotation of the {hip.side.value} hip"
    counted = [rep for rep in reps if rep.usable]
    if not reps:
        yield _info("direction_not_tested", f"No {what} was seen, so it has no result.")
        return
    if len(counted) < settings.min_reps:
        yield _warning("too_few_reps", f"{_counted(len(counted))} for {what}; {settings.min_reps} or more are needed. Film three of each.")
    if counted and all(not rep.held for rep in counted):
        yield _warning("no_hold", f"The end of {what} was never held still, so it is read less well. Hold each end for a second.")
    if any("compensation" in rep.reasons or "compensation_spoiled" in rep.reasons for rep in reps):
        yield _serious(
            "compensation",
            f"The pelvis or the trunk tilted during {what}, which looks like rotation. Sit evenly on both buttocks, hold on to the seat, turn less far.",
        )
    values = [rep.end_range_deg for rep in counted]
    if len(values) > 1 and np.std(values, ddof=1) > settings.max_rep_spread_deg:
        yield _warning(
            "reps_differ", f"The repetitions of {what} differ by {max(values) - min(values):.0f}°. Repeat it evenly, as far as it goes."
        )


def _counted(n_reps: int) -> str:
    return {0: "No repetition counts", 1: "Only one repetition counts"}.get(n_reps, f"Only {n_reps} repetitions count")


def _out_of_view(series: LandmarkSeries, points: Sequence[Landmark], settings: Settings) -> float:
    return float(1 - in_view(series, points, settings)[series.found].mean())


def _outside(series: LandmarkSeries, points: Sequence[Landmark]) -> float:
    return float(1 - inside(series, points)[series.found].mean())
