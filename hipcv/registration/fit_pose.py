"""Fit of the pose of one leg to one image, at one scale: Gauss-Newton on the colours of the leg drawn over the background.

Anything that does not fit (another leg in front, a fold, a shadow) loses its weight (Cauchy).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from hipcv.registration.leg_camera import N_POSE, N_VIEW, SHIFT, LegCamera, ThighView
from hipcv.registration.leg_template import Layers
from hipcv.registration.pose_prior import Equations, Prior
from hipcv.values import BoolArray, FloatArray

_NOISE_PX = 300.0
"""Pixels that count as one independent observation: the misfit of neighbouring pixels is correlated."""
MAX_ROUNDS = 5
_TURN_LEFT, _SHIFT_LEFT, _LOOSELY = 1e-3, 0.1, 6
"""A step by less, in radians and pixels, is the last one; by six times as much where a pose only leads to the next scale or frame."""
SHARE = 0.1
"""Weight of an image in the view, and where two poses are compared. What flat pieces do not show of a leg errs alike in every pixel and
image: a pose is found as closely as the pixels allow, but a wrong view or pose may explain some of them a little better than the right one."""
_FEWEST_PX = 30
"""With fewer pixels in sight nothing is said of a pose."""
_STEPS: FloatArray = np.array([3e-4, 3e-4, 0.01, 0.01, 3e-4, *[3e-4] * N_VIEW])
"""Steps of the numerical derivatives by pose (rad, rad, px, px, rad) and view."""
_COVERED = 0.95
"""Opacity from which on the leg hides what is behind it."""


class Fitter:
    """Fits one leg at one scale."""

    def __init__(self, layers: Layers, camera: LegCamera, factor: float) -> None:
        self.layers = layers
        self._camera = camera
        offset = 0.5 * factor - 0.5
        self._to_level = np.array([[factor, 0, offset], [0, factor, offset], [0, 0, 1.0]])
        self._from_level = np.linalg.inv(self._to_level)
        self.factor = factor
        self.height, self.width = layers.valid.shape
        self._corners = [_corners(layers.shank[..., 3] * layers.valid), _corners(layers.foot[..., 3])]

    def shrink(self, picture: FloatArray) -> FloatArray:
        """The image at this scale."""
        small: FloatArray = cv2.resize(picture, (self.width, self.height), interpolation=cv2.INTER_AREA)
        return small

    def _homographies(self, view: ThighView, poses: FloatArray) -> list[FloatArray]:
        """Of shank and foot, at this scale: (n, N_POSE) -> (n, 3, 3) each."""
        return [self._to_level @ flat @ self._from_level for flat in self._camera.homographies(view, poses)]

    def _compare(self, picture: FloatArray, view: ThighView, pose: FloatArray) -> "_Comparison":
        """The image compared with the leg drawn over the background."""
        shank, foot = self._homographies(view, pose[None])
        return self._compare_moved(picture, (shank[0], foot[0]))

    def _compare_moved(self, picture: FloatArray, flats: tuple[FloatArray, FloatArray]) -> "_Comparison":
        """The same, with shank and foot moved by these homographies."""
        seen = np.vstack([corners @ flat.T for corners, flat in zip(self._corners, flats, strict=True)])
        seen = seen[:, :2] / seen[:, 2:]
        left, top = np.clip(np.floor(seen.min(axis=0)).astype(int) - 3, 0, [self.width - 8, self.height - 8])
        right, bottom = np.clip(np.ceil(seen.max(axis=0)).astype(int) + 4, [left + 8, top + 8], [self.width, self.height])
        shift = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]])
        size = (int(right - left), int(bottom - top))
        shank = cv2.warpPerspective(self.layers.shank, shift @ flats[0], size)
        foot = cv2.warpPerspective(self.layers.foot, shift @ flats[1], size)
        valid = cv2.warpPerspective(self.layers.valid, shift @ flats[0], size)
        box = np.s_[top:bottom, left:right]
        room, known = self.layers.room[box], self.layers.known[box]
        leg = shank + foot
        near = cv2.dilate(((leg[..., 3] > 0.02) & (valid > 0.05)).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        used = near & (valid > 0.05) & (known | (leg[..., 3] > _COVERED))
        residual = picture[box] - (leg[..., :3] + (1 - leg[..., 3:]) * room)
        return _Comparison(box, leg, foot[..., 3], room, used, valid, residual)

    def misfit(self, picture: FloatArray, view: ThighView, pose: FloatArray) -> float:
        """Share of the pixels that the pose does not explain, 0 to 1."""
        seen = self._compare(picture, view, pose)
        if seen.used.sum() < _FEWEST_PX:
            return 1.0
        square = np.square(seen.residual).sum(axis=2)[seen.used]
        weight = seen.valid[seen.used]
        return float((weight * square / (square + 625.0)).sum() / weight.sum())

    def costs(self, picture: FloatArray, view: ThighView, poses: Sequence[FloatArray], forgiving: float) -> FloatArray:
        """How unlikely each pose makes this image: negative logarithm of its density, up to a constant, (poses,).

        All are compared on the same pixels, those that any of them covers, as long as each pose says what is to be seen there.
        """
        seen = [self._compare(picture, view, pose) for pose in poses]
        bare = np.linalg.norm(picture - self.layers.room, axis=2)
        sizes, weight, sure = [], np.zeros(bare.shape, np.float32), np.ones(bare.shape, bool)
        for one in seen:
            size, known = bare.copy(), self.layers.known.copy()
            size[one.box] = np.linalg.norm(one.residual, axis=2)
            known[one.box] |= one.leg[..., 3] > _COVERED
            weight[one.box] = np.maximum(weight[one.box], one.used * one.valid)
            sizes.append(size)
            sure &= known
        shared = sure & (weight > 0)
        if shared.sum() < _FEWEST_PX:
            return np.zeros(len(poses))
        usual = min(float(np.median(size[shared])) for size in sizes)
        limit = max(forgiving, 2 * usual)
        noise = _noise(usual) * self.factor**2 / SHARE
        lost = [float((weight[shared] * np.log1p(np.square(size[shared] / limit))).sum()) for size in sizes]
        return limit**2 / 2 * np.array(lost) / noise

    def normal(self, picture: FloatArray, view: ThighView, pose: FloatArray, columns: Sequence[int], forgiving: float) -> Equations | None:
        """Normal equations of a step in pose (the first N_POSE columns) and view (the rest); None if nothing of the leg is visible."""
        columns = list(columns)
        shank, foot = self._moved(view, pose, columns)
        seen = self._compare_moved(picture, (shank[0], foot[0]))
        at, n_shank = seen.pixels()
        if len(at) < _FEWEST_PX:
            return None
        residual, weight = seen.residual.reshape(-1, 3)[at], seen.valid.reshape(-1)[at]
        size = np.sqrt(np.einsum("nc,nc->n", residual, residual))
        usual = float(np.median(size))
        weight /= (1 + np.square(size / max(forgiving, 2 * usual))) * _noise(usual)
        x, y = self._places(seen.box, at)
        gradient_x, gradient_y = (self.height * slope for slope in seen.gradients(at))
        matrix, vector = np.zeros((len(columns), len(columns))), np.zeros(len(columns))
        for piece, flats in ((np.s_[:n_shank], shank), (np.s_[n_shank:], foot)):
            of_flat = _equations_of_flat(x[piece], y[piece], gradient_x[piece], gradient_y[piece], residual[piece], weight[piece])
            directions = self._directions(flats, columns)
            matrix += directions.T @ of_flat[0] @ directions
            vector += directions.T @ of_flat[1]
        return matrix, vector

    def _moved(self, view: ThighView, pose: FloatArray, columns: list[int]) -> list[FloatArray]:
        """Homographies of shank and foot in this pose, and in those a step away in each column: (1 + columns, 3, 3) each."""
        steps = np.diag(_STEPS)
        of_pose = self._homographies(view, np.vstack([pose, pose + steps[[c for c in columns if c < N_POSE], :N_POSE]]))
        of_view = [self._homographies(view.moved(steps[c, N_POSE:]), pose[None]) for c in columns if c >= N_POSE]
        return [np.concatenate(parts) for parts in zip(of_pose, *of_view, strict=True)]

    def _places(self, box: tuple[slice, slice], at: Any) -> tuple[FloatArray, FloatArray]:
        """Where pixels of a box (n,) lie from the middle of the image, in heights: x and y, (n,) each."""
        y, x = np.divmod(at, box[1].stop - box[1].start)
        places = (x + box[1].start - self.width / 2) / self.height, (y + box[0].start - self.height / 2) / self.height
        return places[0].astype(np.float32), places[1].astype(np.float32)

    def _directions(self, flats: FloatArray, columns: list[int]) -> FloatArray:
        """How the first homography of `_moved` changes with each column, in the eight directions of `_equations_of_flat`: (8, columns)."""
        centred = np.array([[1 / self.height, 0, -self.width / 2 / self.height], [0, 1 / self.height, -0.5], [0, 0, 1.0]])
        m = centred @ flats[1:] @ np.linalg.inv(centred @ flats[0])
        m = (m / m[:, 2:, 2:] - np.eye(3)) / _STEPS[columns][:, None, None]
        return np.stack([m[:, 0, 2], m[:, 0, 0], m[:, 0, 1], m[:, 1, 2], m[:, 1, 0], m[:, 1, 1], -m[:, 2, 0], -m[:, 2, 1]])

    def fit(
        self,
        picture: FloatArray,
        view: ThighView,
        start: FloatArray,
        prior: Prior,
        forgiving: float,
        columns: Sequence[int] = range(N_POSE),
        closely: bool = True,
    ) -> tuple[FloatArray, FloatArray]:
        """The pose (N_POSE,) that explains the image best, from a starting pose, and its covariance (columns, columns)."""
        columns, pose = list(columns), start.copy()
        enough = 1 if closely else _LOOSELY
        covariance: FloatArray = np.eye(len(columns))
        for _ in range(MAX_ROUNDS):
            equations = self.normal(picture, view, pose, columns, forgiving)
            if equations is None:
                break
            matrix, vector = prior.equations(view, pose)
            step = np.zeros(N_POSE)
            matrix = equations[0] + matrix[np.ix_(columns, columns)]
            step[columns] = np.linalg.solve(matrix, equations[1] + vector[columns])
            covariance = np.asarray(np.linalg.inv(matrix), dtype=float)
            pose = pose + step / max(1.0, np.abs(step[:2]).max() / 0.1, np.abs(step[SHIFT]).max() * self.factor / 4)
            if np.abs(step[:2]).max() < enough * _TURN_LEFT and np.abs(step[SHIFT]).max() < enough * _SHIFT_LEFT:
                break
        return pose, covariance


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    box: tuple[slice, slice]
    """Rows and columns of the image that were compared."""
    leg: FloatArray
    foot: FloatArray
    room: FloatArray
    used: BoolArray
    valid: FloatArray
    residual: FloatArray

    def gradients(self, at: Any) -> tuple[FloatArray, FloatArray]:
        """Gradients along x and y of the leg over the background, at these pixels (n,): (n, 3) each."""
        room = self.room[np.divmod(at, self.room.shape[1])]
        slopes = [cv2.Sobel(self.leg, cv2.CV_32F, dx, dy, scale=1 / 8).reshape(-1, 4)[at] for dx, dy in ((1, 0), (0, 1))]
        along_x, along_y = (slope[:, :3] - slope[:, 3:] * room for slope in slopes)
        return along_x, along_y

    def pixels(self) -> tuple[Any, int]:
        """The used pixels (n,): first those that move with the shank, and how many these are, then those that move with the foot."""
        on_foot = cv2.blur(self.foot, (7, 7)) > 0.5 * cv2.blur(self.leg[..., 3], (7, 7))
        of_shank, of_foot = np.flatnonzero(self.used & ~on_foot), np.flatnonzero(self.used & on_foot)
        return np.concatenate([of_shank, of_foot]), len(of_shank)


def _noise(usual: float) -> float:
    """Variance of a colour channel, per independent observation, from the usual colour distance of a pixel."""
    return float(max(4.0, usual**2 / 3) * _NOISE_PX)


_X, _Y = [0, 1, 2, 6, 7], [3, 4, 5, 6, 7]
"""Which of the eight ways of `_equations_of_flat` move a point along x, and which along y."""
_FOR_X, _FOR_Y = np.ix_(_X, _X), np.ix_(_Y, _Y)


def _equations_of_flat(
    x: FloatArray, y: FloatArray, gradient_x: FloatArray, gradient_y: FloatArray, residual: FloatArray, weight: FloatArray
) -> Equations:
    """Normal equations of the eight ways in which a homography can move a flat piece: (8, 8) and (8,).

    A point (x, y) moves by (a + b x + c y + g x² + h x y, d + e x + f y + g x y + h y²), in the order a to h.
    """
    one, mixed = np.ones_like(x), x * y
    across, down = np.stack([one, x, y, x * x, mixed]), np.stack([one, x, y, mixed, y * y])

    def weighed(first: FloatArray, second: FloatArray) -> FloatArray:
        return np.asarray(weight * np.einsum("nc,nc->n", first, second))

    matrix, vector = np.zeros((8, 8)), np.zeros(8)
    matrix[_FOR_X] += (across * weighed(gradient_x, gradient_x)) @ across.T
    matrix[_FOR_Y] += (down * weighed(gradient_y, gradient_y)) @ down.T
    both = (across * weighed(gradient_x, gradient_y)) @ down.T
    matrix[_FOR_X[0], _FOR_Y[1]] += both
    matrix[_FOR_Y[0], _FOR_X[1]] += both.T
    vector[_X] -= across @ weighed(gradient_x, residual)
    vector[_Y] -= down @ weighed(gradient_y, residual)
    return matrix, vector


def _corners(opacity: FloatArray) -> FloatArray:
    y, x = np.nonzero(opacity > 0.02)
    if not len(x):
        return np.array([[opacity.shape[1] / 2, opacity.shape[0] / 2, 1.0]])
    return np.array([[a, b, 1.0] for a in (x.min(), x.max()) for b in (y.min(), y.max())])
