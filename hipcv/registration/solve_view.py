"""How the camera sees both thighs, solved for the two legs together: one camera, and the thighs of one body.

The unknowns of each leg are those of `ThighView` but for the zoom, which both legs share. The evidence is the image of each held end range,
with its pose eliminated (Schur complement), and what landmarks and anatomy say of the thighs: a turn of the camera about the person is
common to both, abduction is each leg's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipcv.registration.fit_pose import MAX_ROUNDS, Prior
from hipcv.registration.leg_camera import N_POSE, N_VIEW, ThighView
from hipcv.values import FloatArray

if TYPE_CHECKING:
    from hipcv.registration.register_leg import LegRegistration

_E = os.environ.get
_TURN_SD, _ABDUCTION_SD = float(_E("TURN", "0.03")), float(_E("ABD", "0.03"))
_DOWN_SD, _OWN_DOWN_SD = float(_E("DOWN", "0.06")), float(_E("OWNDOWN", "0.03"))
_INSTEP_SD = float(_E("INSTEP", "0.4"))
_KNEE_SD = float(_E("CENTRE", "0.025"))
_ZOOM_SD = float(_E("ZOOM", "0.12"))
_SAME_POSTURE = float(_E("SAME", "0.5"))
"""Weight per image: two images of the same hold share their error, so together they count as one."""
_OWN = N_VIEW - 1


@dataclass(slots=True, eq=False)
class Look:
    """One image of a held end range, what is known of its pose beforehand, and its pose so far."""

    picture: FloatArray
    prior: Prior
    pose: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """The equations of the view from one image, and the step of its pose as `rest - response @ step of the view`."""

    matrix: FloatArray
    vector: FloatArray
    response: FloatArray
    rest: FloatArray


def without_pose(equations: tuple[FloatArray, FloatArray], pose: FloatArray, prior: Prior) -> Solved:
    """The equations of one image with its pose eliminated."""
    matrix, vector = _SAME_POSTURE * equations[0], _SAME_POSTURE * equations[1]
    precision = prior.precision * [1, float(_E('EPREC', '1')), 1, 1]
    own = matrix[:N_POSE, :N_POSE] + np.diag(precision)
    pull = vector[:N_POSE] - precision * (pose - prior.pose)
    mixed = matrix[:N_POSE, N_POSE:]
    response = np.asarray(np.linalg.solve(own, mixed), dtype=float)
    rest = np.asarray(np.linalg.solve(own, pull), dtype=float)
    return Solved(matrix[N_POSE:, N_POSE:] - mixed.T @ response, vector[N_POSE:] - mixed.T @ rest, response, rest)


def solve_views(legs: Sequence[LegRegistration], looks: Sequence[Sequence[Look]], stopped: Callable[[], bool]) -> None:
    """Give each leg its view and its covariance."""
    places = [[*range(_OWN * k, _OWN * (k + 1)), _OWN * len(legs)] for k in range(len(legs))]
    precision = np.linalg.inv(_prior_covariance(legs))
    start = _as_vector([leg.view for leg in legs])
    value = start.copy()
    left = precision
    for _ in range(2 * MAX_ROUNDS):
        if stopped():
            return
        left, right = precision.copy(), -precision @ (value - start)
        solved = [
            [leg.view_equations(look, _view(value[place])) for look in seen] for leg, seen, place in zip(legs, looks, places, strict=True)
        ]
        for place, seen in zip(places, solved, strict=True):
            for one in filter(None, seen):
                left[np.ix_(place, place)] += one.matrix
                right[place] += one.vector
        step = np.asarray(np.linalg.solve(left, right), dtype=float)
        scale = max(_scale(step[place]) for place in places)
        value = value + step / scale
        for place, seen, ones in zip(places, looks, solved, strict=True):
            for look, one in zip(seen, ones, strict=True):
                if one:
                    own = one.rest / scale - one.response @ (step[place] / scale)
                    look.pose = look.pose + own / max(1.0, np.abs(own[:2]).max() / 0.1)
        if np.abs(step).max() < 1e-3:
            break
    covariance = np.linalg.inv(left)
    for leg, place in zip(legs, places, strict=True):
        leg.view, leg.view_covariance = _view(value[place]), covariance[np.ix_(place, place)]


def _scale(step: FloatArray) -> float:
    return max(1.0, float(np.max(np.abs(step) / [0.08, 0.08, 0.5, 0.04, 0.04, 0.04, 0.1])))


def _view(values: FloatArray) -> ThighView:
    return ThighView(*values.tolist())


def _as_vector(views: Sequence[ThighView]) -> FloatArray:
    return np.concatenate([*(view.as_array()[:_OWN] for view in views), [0.0]])


def _prior_covariance(legs: Sequence[LegRegistration]) -> FloatArray:
    n = _OWN * len(legs) + 1
    covariance = np.zeros((n, n))
    covariance[-1, -1] = _ZOOM_SD**2
    for k, leg in enumerate(legs):
        at = _OWN * k
        own = np.square([*np.hypot([_ABDUCTION_SD, _OWN_DOWN_SD], leg.further_sd), _INSTEP_SD, _KNEE_SD, _KNEE_SD, float(_E('FRONT','.05'))])
        covariance[range(at, at + _OWN), range(at, at + _OWN)] = own
        for other in range(0, n - 1, _OWN):
            covariance[at, other] += _TURN_SD**2
            covariance[at + 1, other + 1] += _DOWN_SD**2
    return covariance
