"""How the camera sees both thighs, solved for the two legs together: one camera, and the thighs of one body.

The unknowns of each leg are those of `ThighView`; both legs share the zoom. The evidence is the image of each held end range, with its pose
eliminated (Schur complement), and what landmarks, room and anatomy say of the thighs: how the body is turned against the camera, and how
far the camera looks down, is common to both; abduction is each leg's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hipcv.kinematics.camera_view import FOCAL_SD, ThighGuess
from hipcv.registration import priors
from hipcv.registration.fit_pose import MAX_ROUNDS, SHARE
from hipcv.registration.leg_camera import N_POSE, N_VIEW, ThighView
from hipcv.registration.pose_prior import Equations, Prior
from hipcv.values import UNUSUAL_SD, FloatArray

_LONGEST_STEP = np.array([0.08, 0.08, 0.5, 0.04, 0.04, 0.04, 0.1])
_STEP_LEFT = 1e-3
_OWN = N_VIEW - 1
"""Unknowns of one leg; the last one of a view, the zoom, is shared."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One image of a held end range: what is known of its pose beforehand, its pose so far, and its equations (`Fitter.normal`)."""

    prior: Prior
    pose: FloatArray
    equations: Callable[[ThighView, FloatArray], Equations | None]
    others: Sequence[FloatArray] = ()
    """All poses that were found for it from several starts, less closely."""


@dataclass(frozen=True, slots=True, eq=False)
class SolvedView:
    """A view and its covariance (N_VIEW, N_VIEW)."""

    view: ThighView
    covariance: FloatArray
    pressed: float = 0.0
    """How far the direction of the thigh is from what was known before its images, in standard deviations of that."""


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """The equations of the view from one image, and the step of its pose as `rest - response @ step of the view`."""

    matrix: FloatArray
    vector: FloatArray
    response: FloatArray
    rest: FloatArray


def solve_views(guesses: Sequence[ThighGuess], looks: Sequence[Sequence[Look]]) -> list[SolvedView]:
    """The view of each leg from its images; of a leg without any, what was known beforehand."""
    places = [[*range(_OWN * leg, _OWN * (leg + 1)), _OWN * len(guesses)] for leg in range(len(guesses))]
    start = np.concatenate([*(first_view(guess).as_array()[:_OWN] for guess in guesses), [0.0]])
    known = _prior_covariance(guesses)
    precision: FloatArray = np.asarray(np.linalg.inv(known), dtype=float)
    seen = [(place, look) for place, of_leg in zip(places, looks, strict=True) for look in of_leg]
    value, matrix = start.copy(), precision
    for _ in range(2 * MAX_ROUNDS):
        seen, step, matrix = _step(seen, value, precision, precision @ (start - value))
        value = value + step
        if np.abs(step).max() < _STEP_LEFT:
            break
    covariance: FloatArray = np.asarray(np.linalg.inv(matrix), dtype=float)
    off = np.abs(value - start) / np.sqrt(np.diag(known))

    def solved(place: list[int]) -> SolvedView:
        too_sure = max(1.0, float(off[place].max()) / UNUSUAL_SD)  # what is so far off was known less well than was thought
        return SolvedView(_view(value[place]), covariance[np.ix_(place, place)] * too_sure**2, float(off[place[:2]].max()))

    return [solved(place) for place in places]


_Seen = list[tuple[list[int], Look]]
"""Each image with the places of its leg's view among the unknowns."""


def _step(seen: _Seen, value: FloatArray, precision: FloatArray, pull: FloatArray) -> tuple[_Seen, FloatArray, FloatArray]:
    """The images with their poses moved, the step of the view, and the matrix of the equations it solves."""
    solved = [_solved(look, _view(value[place])) for place, look in seen]
    matrix, vector = precision.copy(), pull
    for (place, _), one in zip(seen, solved, strict=True):
        if one is not None:
            matrix[np.ix_(place, place)] += one.matrix
            vector[place] += one.vector
    step = np.asarray(np.linalg.solve(matrix, vector), dtype=float)
    scale = max([1.0, *(float(np.max(np.abs(step[place]) / _LONGEST_STEP)) for place, _ in seen)])
    step = step / scale
    moved = [(place, _moved(look, one, step[place], scale)) for (place, look), one in zip(seen, solved, strict=True)]
    return moved, step, matrix


def first_view(guess: ThighGuess) -> ThighView:
    """The view before any image is looked at."""
    return ThighView(float(guess.direction[0]), float(guess.direction[1]), priors.INSTEP)


def _view(values: FloatArray) -> ThighView:
    return ThighView(*values.tolist())


def _solved(look: Look, view: ThighView) -> _Solved | None:
    """The equations of one image with its pose eliminated; None where nothing of the leg is in sight."""
    equations = look.equations(view, look.pose)
    if equations is None:
        return None
    matrix, vector = SHARE * equations[0], SHARE * equations[1]
    known = look.prior.equations(view, look.pose)
    own, pull = matrix[:N_POSE, :N_POSE] + known[0], vector[:N_POSE] + known[1]
    mixed = matrix[:N_POSE, N_POSE:]
    response = np.asarray(np.linalg.solve(own, mixed), dtype=float)
    rest = np.asarray(np.linalg.solve(own, pull), dtype=float)
    return _Solved(matrix[N_POSE:, N_POSE:] - mixed.T @ response, vector[N_POSE:] - mixed.T @ rest, response, rest)


def _moved(look: Look, solved: _Solved | None, view_step: FloatArray, scale: float) -> Look:
    """The pose of one image after a step of the view."""
    if solved is None:
        return look
    step = solved.rest / scale - solved.response @ view_step
    return replace(look, pose=look.pose + step / max(1.0, np.abs(step[:2]).max() / 0.1))


def _prior_covariance(guesses: Sequence[ThighGuess]) -> FloatArray:
    covariance = np.zeros((_OWN * len(guesses) + 1,) * 2)
    covariance[-1, -1] = FOCAL_SD**2
    shared = np.square(np.min([guess.shared_sd for guess in guesses], axis=0))
    for leg, guess in enumerate(guesses):
        at = _OWN * leg
        own = np.square([*guess.own_sd, priors.INSTEP_SD, priors.CENTRE_SD, priors.CENTRE_SD, priors.FRONT_SD])
        covariance[range(at, at + _OWN), range(at, at + _OWN)] = own
        for other in range(0, _OWN * len(guesses), _OWN):
            covariance[[at, at + 1], [other, other + 1]] += shared
    return covariance
