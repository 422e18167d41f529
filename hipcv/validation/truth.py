"""Finds, reads and checks the file with a clip's true angles, `NAME.truth.json`."""

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

from hipcv.catalogues.message import Message
from hipcv.errors import HipcvError, UnreadableClip
from hipcv.landmarks import Side
from hipcv.values import Direction

ENDING = ".truth.json"
SIDE_KEYS = {Side.LEFT: "L", Side.RIGHT: "R"}
DIRECTION_KEYS = {Direction.INTERNAL: "IR", Direction.EXTERNAL: "ER"}
VIDEO_ENDINGS = {".mp4", ".mov", ".m4v", ".3gp", ".webm", ".mkv", ".avi", ".ts"}


def truth_files(folder: Path) -> list[Path]:
    """Every truth file of a folder, sorted by name.

    Raises
    ------
    UnreadableClip
        If there is no such folder, or it holds no truth file.
    """
    if not folder.exists():
        raise UnreadableClip("truth_no_such_folder", about=folder)
    if not folder.is_dir():
        raise UnreadableClip("truth_is_file", about=folder)
    truths = sorted(folder.glob(f"*{ENDING}"))
    if not truths:
        raise UnreadableClip("truth_none", about=folder)
    return truths


def read_by(folder: Path) -> list[Path]:
    """Files that a comparison with the truth reads and that must not be overwritten."""
    return [path for path in folder.glob("*") if path.name.endswith(ENDING) or path.suffix.lower() in VIDEO_ENDINGS]


def clip_of(truth_file: Path) -> Path:
    """The video with the same name; `NAME.mp4` if there is none."""
    name = truth_file.name.removesuffix(ENDING)
    clips = [path for path in truth_file.parent.iterdir() if path.stem == name and path.suffix.lower() in VIDEO_ENDINGS]
    return min(clips, default=truth_file.parent / f"{name}.mp4")


def read_truth(truth_file: Path) -> dict[str, Any]:
    """The truth of a clip, checked for everything that a comparison uses; `camera` and `frames` may be missing.

    Raises
    ------
    UnreadableClip
        If the file cannot be read, is not JSON, or is incomplete.
    """
    truth = read_json(truth_file, UnreadableClip, "truth_no_json")
    if fault := _fault_of(truth):
        raise UnreadableClip("truth_lacks", fault=fault)
    return truth  # type: ignore[no-any-return]


def read_json(path: Path, refusal: type[HipcvError], code_if_no_json: str) -> Any:
    """The content of a JSON file; raises `refusal` with the reason if it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise refusal("json_unreadable", reason=problem.strerror) from None
    except (ValueError, RecursionError):
        raise refusal(code_if_no_json) from None


def _fault_of(truth: object) -> Message | None:
    """The first thing missing from a truth file, or None."""
    if not isinstance(truth, dict) or not isinstance(truth.get("mirrored"), bool):
        return Message("faults.truth_mirrored")
    if fault := _fault_of_protocol(truth.get("protocol")):
        return fault
    camera = truth.get("camera", {})
    if not isinstance(camera, dict) or not (_is_angle(camera.get("yaw_deg")) and _is_angle(camera.get("roll_deg"))):
        return Message("faults.truth_camera")
    return _fault_of_frames(truth["frames"]) if "frames" in truth else None


def _fault_of_protocol(protocol: object) -> Message | None:
    """The first fault in the true angles of the hips, or None."""
    if not isinstance(protocol, dict):
        return Message("faults.truth_protocol")
    for side in SIDE_KEYS.values():
        hip = protocol.get(side, {})
        if not isinstance(hip, dict) or not _is_angle(hip.get("total_arc_deg")):
            return Message("faults.truth_hip", {"hip": side})
        for key in DIRECTION_KEYS.values():
            one = hip.get(key, {})
            if not isinstance(one, dict) or not _is_angle(one.get("mean_end_range_deg")) or not _are_reps(one.get("reps", [])):
                return Message("faults.truth_end_range", {"range": key, "hip": side})
    return None


def _fault_of_frames(frames: object) -> Message | None:
    """The first fault in the angles over time, or None."""
    if not isinstance(frames, dict) or not _are_times(frames.get("t")):
        return Message("faults.truth_times")
    active = frames.get("active_leg")
    if not isinstance(active, list) or len(active) != len(frames["t"]):
        return Message("faults.truth_active_leg")
    for side in SIDE_KEYS.values():
        if side in active and not _has_angles(frames.get(side), len(active)):
            return Message("faults.truth_angles", {"hip": side})
    return None


def _has_angles(leg: object, n_frames: int) -> bool:
    angles = leg.get("hip_rot_deg") if isinstance(leg, dict) else None
    return isinstance(angles, list) and len(angles) == n_frames and all(map(_is_number, angles))


def _is_angle(value: object) -> bool:
    """Whether it is a number, or None for an unknown angle."""
    return value is None or _is_number(value)


def _are_reps(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(rep, dict) and _is_number(rep.get("peak_s")) for rep in value)


def _are_times(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_number, value)) and all(a < b for a, b in pairwise(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
