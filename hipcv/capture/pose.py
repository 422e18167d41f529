"""From frame to landmarks: the only file that imports MediaPipe.

Its results are copied into plain arrays at once, and its 0..1 coordinates become pixels here, each axis by its own length (taken as they
are, a true 45° reads 61° in a 1080 x 1920 image).
"""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

from hipcv.capture import pose_models
from hipcv.errors import InstallationError, ModelError
from hipcv.landmarks import N_LANDMARKS
from hipcv.system.stopping import Stopped
from hipcv.values import FloatArray, Frame

MOST_PEOPLE = 4
"""The most people looked for in one frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person in one frame: image_px (33, 2), world_m (33, 3), visibility (33,)."""

    image_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray


class PoseFinder(AbstractContextManager["PoseFinder"]):
    """The pose network for one clip. It tracks from frame to frame, so every clip needs its own.

    With `track=False`, every frame is searched afresh.
    """

    def __init__(self, bundle: bytes, *, n_people: int = 1, track: bool = True) -> None:
        options = PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=bundle),
            running_mode=RunningMode.VIDEO if track else RunningMode.IMAGE,
            num_poses=n_people,
        )
        self._track, self._last_ms, self._warm = track, -1, False
        try:
            with _native_log.off():
                self._network = PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, FileNotFoundError):  # FileNotFoundError: one of the networks is missing from the bundle
            raise ModelError("model_unloadable") from None
        except OSError as problem:
            raise InstallationError.without(problem) from None

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the network's memory."""
        with _native_log.off():  # a network closed soon after its start writes its messages only now
            self._network.close()

    def find(self, frame: Frame) -> list[Pose]:
        """The people in a frame, in no particular order; frames must come in order of time."""
        if self._warm:
            return self._find(frame)
        with _native_log.off():  # the native library logs once more when it sees its first person
            found = self._find(frame)
        self._warm = bool(found)
        return found

    def _find(self, frame: Frame) -> list[Pose]:
        # MediaPipe reads the bytes row by row and ignores the strides of the array.
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame.rgb))
        if self._track:
            self._last_ms = max(self._last_ms + 1, round(1000 * frame.time_s))
            result = self._network.detect_for_video(image, self._last_ms)
        else:
            result = self._network.detect(image)
        height, width = frame.rgb.shape[:2]
        return [
            Pose(
                np.array([(p.x * width, p.y * height) for p in points]),
                np.array([(p.x, p.y, p.z) for p in world]),
                np.array([p.visibility for p in points], dtype=float),
            )
            for points, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
            if len(points) == N_LANDMARKS
        ]


def everybody_finder() -> PoseFinder:
    """Searches single frames afresh for everybody, with the fastest network."""
    return PoseFinder(pose_models.load("lite")[0], n_people=MOST_PEOPLE, track=False)


class _NativeLog:
    """Silences MediaPipe's C++ side, which writes to file descriptor 2 whatever its log settings say.

    The descriptor belongs to the whole process, so clips that are measured in parallel share one redirection.
    """

    def __init__(self) -> None:
        self._lock, self._users, self._kept = threading.Lock(), 0, -1

    @contextmanager
    def off(self) -> Iterator[None]:
        """Suppress everything that native code writes to stderr; after a stop, until the end of the process.

        Threads that were just starting at a stop may still write at any time.
        """
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._redirect()
        stopped = False
        try:
            yield
        except Stopped:
            stopped = True
            raise
        finally:
            with self._lock:
                self._users -= not stopped
                if self._users == 0:
                    self._restore()

    def _redirect(self) -> None:
        try:
            self._kept = os.dup(2)
        except OSError:  # no stderr at all, as in a windowed program
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    def _restore(self) -> None:
        if self._kept >= 0:
            os.dup2(self._kept, 2)
            os.close(self._kept)
            self._kept = -1


_native_log = _NativeLog()
