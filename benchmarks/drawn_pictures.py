"""Pictures of a drawn person (drawn_body.py) in a room, seen by one pinhole camera: Lambert shading, painted back to front."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from drawn_body import FLOOR_M, Figure
from drawn_people import HEIGHT_PX, WIDTH_PX, Camera, LegPose, Quads

from hipcv.landmarks import Side
from hipcv.values import FloatArray, ImageArray

_FINER = 2
"""Pictures are painted this much finer than they are shown."""
_SHIFT = 4
"""Bits of a pixel in which corners are placed."""
_LIGHT = np.array([-0.35, -0.75, -0.56])
"""Direction toward the light, world axes."""
_AMBIENT, _DIFFUSE = 0.66, 0.40
_BLUR_PX = 0.55
_NOISE = 2.0
"""Standard deviation of sensor noise, of 255, as in the rendered clips."""
_WALL_M, _REACH_M, _HIGH_M = 1.1, 7.0, 4.5
"""Distance of the wall behind the hips; half width and height of what is drawn of it."""
_PER_M = 150
"""Pixels of wall and floor per metre."""


def _wall(rng: np.random.Generator) -> ImageArray:
    """A wall with a door frame on either side, pictures and a skirting board; its lower edge is the floor."""
    height, width = round(_HIGH_M * _PER_M), round(2 * _REACH_M * _PER_M)
    tone = rng.uniform(150, 205) * np.array([1.0, rng.uniform(0.95, 1.0), rng.uniform(0.88, 1.0)])
    picture = _grain(rng, (height, width), tone, 3.0)

    def plate(x_m: float, up_m: float, wide_m: float, high_m: float, colour: Any, line: Any) -> None:
        corner = (round((x_m + _REACH_M) * _PER_M), round((_HIGH_M - up_m - high_m) * _PER_M))
        far = (corner[0] + round(wide_m * _PER_M), corner[1] + round(high_m * _PER_M))
        cv2.rectangle(picture, corner, far, colour, -1)
        cv2.rectangle(picture, corner, far, line, 8)

    for x_m in (-4.0, -1.75, 0.85, 3.4):
        plate(x_m + rng.uniform(-0.1, 0.1), -0.1, 0.9, 2.15, (tone * rng.uniform(0.75, 0.95)).tolist(), (tone * 0.6).tolist())
    for x_m in (-2.7, -0.62, 0.28, 2.1):
        plate(x_m, rng.uniform(1.5, 1.8), 0.36, rng.uniform(0.3, 0.55), rng.uniform(60, 200, 3).tolist(), (60, 50, 44))
    cv2.rectangle(picture, (0, height - 15), (width, height), (tone * 1.12).clip(0, 255).tolist(), -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


def _floor(rng: np.random.Generator) -> ImageArray:
    """Boards that run along the wall."""
    deep, width = round(10 * _PER_M), round(2 * _REACH_M * _PER_M)
    picture = _grain(rng, (deep, width), np.array([186, 164, 138]) * rng.uniform(0.7, 1.0), 4.0)
    board = round(0.16 * _PER_M)
    for top in range(0, deep, board):
        picture[top : top + board] = (picture[top : top + board] * rng.uniform(0.92, 1.05)).clip(0, 255)
        picture[top : top + 2] = picture[top : top + 2] * 0.7
        for x in rng.integers(0, width, 12):
            picture[top : top + board, x : x + 2] = picture[top : top + board, x : x + 2] * 0.75
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


def _grain(rng: np.random.Generator, shape: tuple[int, int], tone: FloatArray, strength: float) -> ImageArray:
    """A surface of one tone (3,) with smooth stains and a fine texture."""
    coarse = cv2.resize(rng.normal(0, 1, (shape[0] // 40 + 2, shape[1] // 40 + 2)), shape[::-1], interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 1, shape), (0, 0), 1.2) * 3
    result: ImageArray = (tone + strength * (coarse + fine)[..., None]).clip(0, 255).astype(np.uint8)
    return result


@dataclass(frozen=True)
class Studio:
    """One figure before one camera, in one room."""

    figure: Figure
    camera: Camera
    seed: int

    @cached_property
    def _room(self) -> ImageArray:
        """The empty room as this camera sees it, `_FINER` times finer: every pixel's ray meets the wall or the floor first."""
        rng = np.random.default_rng([self.seed, 4])
        y, x = np.mgrid[0 : _FINER * HEIGHT_PX, 0 : _FINER * WIDTH_PX].astype(np.float32)
        seen = np.stack(
            [(x + 0.5) / _FINER - WIDTH_PX / 2, (y + 0.5) / _FINER - HEIGHT_PX / 2, np.full_like(x, self.camera.focal_px)], axis=-1
        )
        ray = seen @ self.camera.turn
        start = self.camera.position
        floor_m = self.figure.looks.person.shank_m + FLOOR_M
        to_wall = (_WALL_M - start[2]) / np.maximum(ray[..., 2], 1e-6)
        to_floor = np.where(ray[..., 1] > 1e-6, (floor_m - start[1]) / np.maximum(ray[..., 1], 1e-6), np.inf)
        meets = start + np.minimum(to_wall, to_floor)[..., None] * ray
        across = ((meets[..., 0] + _REACH_M) * _PER_M).astype(np.float32)
        up = ((meets[..., 1] - floor_m + _HIGH_M) * _PER_M).astype(np.float32)
        away = ((_WALL_M - meets[..., 2]) * _PER_M).astype(np.float32)
        wall = cv2.remap(_wall(rng), across, up, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        floor = cv2.remap(_floor(rng), across, away, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(np.where((to_floor < to_wall)[..., None], floor, wall), np.uint8)

    @cached_property
    def _noise(self) -> Any:
        """More sensor noise than one picture needs, (h + 64, w + 64, 3)."""
        rng = np.random.default_rng([self.seed, 5])
        return np.round(rng.normal(0, _NOISE, (HEIGHT_PX + 64, WIDTH_PX + 64, 3))).astype(np.int16)

    def clean(self, poses: dict[Side, LegPose]) -> ImageArray:
        """The picture without noise, (960, 540, 3)."""
        canvas = self._room.copy()
        corners, colours = self._sorted(self.figure.quads(poses))
        for corner, colour in zip(corners, colours.tolist(), strict=True):
            cv2.fillConvexPoly(canvas, corner, colour, cv2.LINE_8, _SHIFT)
        small = cv2.resize(canvas, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
        result: ImageArray = cv2.GaussianBlur(small, (0, 0), _BLUR_PX)
        return result

    def noisy(self, clean: ImageArray, index: int) -> ImageArray:
        """A clean picture with the noise of frame `index`."""
        down, right = np.random.default_rng([self.seed, 6, index]).integers(0, 64, 2)
        noise = self._noise[down : down + HEIGHT_PX, right : right + WIDTH_PX]
        result: ImageArray = cv2.add(clean, noise, dtype=cv2.CV_8U)
        return result

    def _sorted(self, quads: Quads) -> tuple[Any, FloatArray]:
        """Quads that face the camera, farthest first: corners (n, 4, 2) in fractions of fine pixels, and shaded colours (n, 3)."""
        corners, middle = quads.corners, quads.corners.mean(axis=1)
        normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        normal *= np.sign(np.einsum("ij,ij->i", normal, middle - quads.inside))[:, None]
        facing = np.flatnonzero(np.einsum("ij,ij->i", normal, middle - self.camera.position) < 0)
        distance = np.linalg.norm(middle[facing] - self.camera.position, axis=1)
        order = facing[np.argsort(-distance)]
        light = _LIGHT / np.linalg.norm(_LIGHT)
        shade = _AMBIENT + _DIFFUSE * np.maximum(normal[order] @ light, 0)
        # Corners are pixels from the edge of the image; OpenCV counts from the middle of the first pixel.
        fine = (self.camera.project(corners[order]) * _FINER - 0.5) * (1 << _SHIFT)
        return np.round(fine).astype(np.int32), (quads.colour[order] * shade[:, None]).clip(0, 255)
