"""Refit the constants that were derived from clips with each clip left out: `python scripts/constants.py CLIPS_DIR`.

A constant that moves by more than its rounding when one clip is missing describes that clip, not people in front of phones.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from hipcv import measure
from hipcv.kinematics import angles, camera_view, pelvis
from hipcv.kinematics.geometry import length
from hipcv.kinematics.rest import both_at_rest
from hipcv.landmarks import Side, of_side
from hipcv.settings import Mirrored, Settings, Step
from hipcv.validation.truth import SIDE_KEYS, clip_of, read_truth
from hipcv.values import FloatArray

Pairs = FloatArray
"""(k, 2): the value that the landmarks show, and the true one."""
Truth = dict[str, Any]


def thigh_pairs(points: FloatArray, truth: Truth, size_px: tuple[int, int]) -> Pairs:
    """How far both thighs point away from the line of sight: as landmarks show it, and truly. One pair."""
    thighs, rays = camera_view.thighs_and_rays(points, size_px)
    yaw = np.radians(truth["camera"]["yaw_deg"])
    abduction = {side: np.radians(np.median(truth["frames"][key]["thigh_abd_deg"][:10])) for side, key in SIDE_KEYS.items()}
    true = [np.sin(side.lateral_x * abduction[side] - yaw) for side in Side]
    ray = np.mean([rays[side][0] for side in Side])
    return np.array([[np.mean([thighs[side][0] for side in Side]) + ray, np.mean(true) + ray]])


def hip_height_pairs(points: FloatArray, truth: Truth) -> Pairs:
    """1, and the height of the network's hip point above the joint along the body, in shank lengths; one pair per side."""
    pairs = []
    for side, key in SIDE_KEYS.items():
        hip, knee, ankle = (points[of_side(part, side)] for part in ("hip", "knee", "ankle"))
        down = (ankle - knee) / length(ankle - knee)
        joint = np.median(np.array(truth["frames"][key]["px"]["hip"])[:10], axis=0)
        pairs.append([1.0, float((joint - hip) @ down / length(ankle - knee))])
    return np.array(pairs)


def drag_pairs(time_s: FloatArray, points: FloatArray, truth: Truth) -> Pairs:
    """External rotation, and tilt of the hip line beyond the pelvis, moving side down; one pair per frame of external rotation."""
    body = angles.body_series(time_s, points)
    n = min(len(time_s), len(truth["frames"]["t"]))
    active, pelvis_deg = np.array(truth["frames"]["active_leg"][:n]), np.array(truth["frames"]["pelvis_tilt_deg"][:n])
    rest = active == None  # noqa: E711 (element by element)
    tilt = body.pelvis_tilt_deg[:n] - np.nanmedian(body.pelvis_tilt_deg[:n][rest]) - pelvis_deg
    pairs = []
    for side, key in SIDE_KEYS.items():
        external = -np.array(truth["frames"][key]["hip_rot_deg"])[:n]
        held = (active == key) & (external > 10) & np.isfinite(tilt)
        pairs.append(np.stack([external[held], -side.lateral_x * tilt[held]], axis=1))
    return np.concatenate(pairs)


def clip_pairs(truth_file: Path) -> dict[str, Pairs]:
    """The pairs of one clip, by constant."""
    truth = read_truth(truth_file)
    mirrored = Mirrored.YES if truth["mirrored"] else Mirrored.NO
    measured = measure(clip_of(truth_file), settings=Settings(mirrored=mirrored, without=frozenset({Step.REGISTRATION})))
    landmarks = measured.landmarks
    points = angles.steady_points(landmarks, measured.settings)
    at_rest = both_at_rest(measured.rotation)
    rest = np.nanmedian(points[at_rest], axis=0)
    truth = unmirrored(truth, landmarks.width_px)
    return {
        "camera_view._YAW_GAIN": thigh_pairs(rest, truth, (landmarks.width_px, landmarks.height_px)),
        "camera_view.HIP_ABOVE": hip_height_pairs(rest, truth),
        "pelvis._HIP_DRAG": drag_pairs(landmarks.time_s, points, truth),
    }


def unmirrored(truth: Truth, width_px: int) -> Truth:
    """The truth with its pixels as in the unmirrored image; its angles are the person's own anyway."""
    if truth["mirrored"]:
        for key in SIDE_KEYS.values():
            truth["frames"][key]["px"]["hip"] = [[width_px - x, y] for x, y in truth["frames"][key]["px"]["hip"]]
    return truth


def slope(pairs: Pairs) -> float:
    """Slope of true against shown values, through zero."""
    return float(pairs[:, 0] @ pairs[:, 1] / (pairs[:, 0] @ pairs[:, 0]))


def main() -> None:
    """Print a table: the constant in use, its fit to all clips, and its range with each clip left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    clips = {file.name.removesuffix(".truth.json"): clip_pairs(file) for file in sorted(parser.parse_args().folder.glob("*.truth.json"))}
    in_use = {
        "camera_view._YAW_GAIN": camera_view._YAW_GAIN,
        "camera_view.HIP_ABOVE": camera_view.HIP_ABOVE,
        "pelvis._HIP_DRAG": pelvis._HIP_DRAG,
    }
    print("| constant | in use | all clips | each clip left out |\n| --- | --- | --- | --- |")
    for name, value in in_use.items():
        left_out = {out: slope(np.concatenate([pairs[name] for clip, pairs in clips.items() if clip != out])) for out in clips}
        low, high = min(left_out, key=left_out.__getitem__), max(left_out, key=left_out.__getitem__)
        together = slope(np.concatenate([pairs[name] for pairs in clips.values()]))
        print(f"| `{name}` | {value:.2f} | {together:.2f} | {left_out[low]:.2f} (without {low}) to {left_out[high]:.2f} (without {high}) |")


if __name__ == "__main__":
    main()
