"""Registration of one leg: the rotation of the shank, measured on the image itself.

Landmarks are accurate to a few hundredths of a shank, and at end range they are dragged along. But a shank is nearly rigid: its image at
rest (leg_template.py), moved as a rigid leg moves in front of a camera (leg_camera.py) and drawn over the background, must reproduce the
image that the camera saw. The best pose is found by Gauss-Newton, coarse to fine, starting from the landmarks and the previous frame.
Anything that does not fit (another leg in front, a fold, a shadow) loses its weight (Cauchy). The direction in which the thigh points at
the camera is solved for both legs together (solve_view.py), from rest and both end ranges and what landmarks and room say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hipcv.capture.leg_footage import Footage
from hipcv.kinematics.camera_view import THIGH, ThighGuess
from hipcv.registration import priors
from hipcv.registration.fit_pose import Fitter
from hipcv.registration.leg_camera import N_POSE, N_VIEW, SHIFT, LegCamera, ThighView, pose_of
from hipcv.registration.leg_template import Layers, LegTrack, outline_slope_rad
from hipcv.registration.pose_prior import Equations, Prior
from hipcv.registration.solve_view import Look, SolvedView, first_view
from hipcv.values import BoolArray, FloatArray

# Scale, and how much misfit it forgives: each level starts from the result of the one before and forgives less.
_LEVELS = ((0.25, 60.0), (0.5, 40.0), (1.0, 25.0))
_COARSE, _MIDDLE, _FULL = range(len(_LEVELS))
_ALL_LEVELS, _SWINGING, _STAYING = (_COARSE, _MIDDLE, _FULL), (_COARSE, _MIDDLE), (_MIDDLE, _FULL)
"""Of a leg that swings nobody reads the last digit; one that is held still is where it was in the image before."""
_SAME_START = 0.08
"""A start this near to a pose already found would lead to the same pose."""
_SAME_OPENING = 0.14
"""The same for the opening, which moves the image less."""
_MORE = 1.12
"""Landmarks show 0.8 to 1 of a turn; a start this much larger lies between."""
_OPEN: FloatArray = pose_of(0.0, np.radians(30.0))
"""Guess for an end range that no earlier image leads to: the knee may have opened far more than is usual."""
_FOLLOWED_S, _FARTHEST_STEP = 0.25, 0.25
"""A leg is taken to go on turning as before over this time at most, by this much at most (rad)."""
_RULED_OUT = np.log(20)
"""An explanation that is twenty times less likely than another is ruled out."""
_SAME_TURN = 0.02
"""Two fits nearer than this found the same pose."""


_Fit = tuple[FloatArray, FloatArray]
"""A pose and its covariance."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Doubt about the best pose, as others explain its image about as well: one standard deviation of the turn."""

    sd_rad: float = 0.0
    apart_rad: float = 0.0
    """From the best to the farthest that is not ruled out."""


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """One registered leg; arrays are (n,) over the footage, NaN in frames that were not registered."""

    turn_deg: FloatArray
    """Rotation about the thigh since rest, positive toward image right."""
    planar_deg: FloatArray
    """The same rotation as seen in the image plane."""
    extension_deg: FloatArray
    knee_shift: FloatArray
    """Movement of the knee since rest, in shanks: (n, 2)."""
    sd_deg: FloatArray
    """One standard deviation of `turn_deg`, from the image and the view."""
    misfit: FloatArray
    """0 = the image is fully explained, 1 = not at all."""
    seen: SolvedView
    rival: Rival = Rival()


def unregistered(n: int, seen: SolvedView) -> Registration:
    """A leg of which no image could be used, only its view."""
    nothing = np.full(n, np.nan)
    return Registration(nothing, nothing, nothing, np.full((n, 2), np.nan), nothing, nothing, seen)


class _Guess:
    """Where a leg should be, from where it was in the last frame that was registered and how fast it turned."""

    def __init__(self, time_s: Sequence[float]) -> None:
        self.index: int | None = None
        self._pose, self._speed, self._time_s = np.zeros(N_POSE), 0.0, time_s

    def at(self, index: int) -> FloatArray:
        pose, step_s = self._pose.copy(), self._since_last_s(index)
        pose[0] += np.clip(self._speed * step_s, -_FARTHEST_STEP, _FARTHEST_STEP) if step_s < _FOLLOWED_S else 0.0
        return pose

    def found(self, index: int, pose: FloatArray) -> None:
        self._speed = float(pose[0] - self._pose[0]) / self._since_last_s(index)
        self.index, self._pose = index, pose

    def _since_last_s(self, index: int) -> float:
        return np.inf if self.index is None else self._time_s[index] - self._time_s[self.index]


class LegRegistration:
    """Registration of one leg of one clip."""

    def __init__(self, footage: Footage, track: LegTrack, layers: Layers, camera: LegCamera, guess: ThighGuess, inward: int) -> None:
        self._footage, self._camera, self._leg = footage, camera, camera.leg
        self._fitters = [Fitter(layers if f == 1 else layers.shrunk(f), camera, f) for f, _ in _LEVELS]
        self._inward = inward
        line = track.points[:, 1] - track.points[:, 0]
        self._landmark_rad = np.arctan2(line[:, 0], line[:, 1]) - self._leg.angle_rad
        self.seen = SolvedView(first_view(guess), np.zeros((N_VIEW, N_VIEW)))
        self._rivals: dict[float, Rival] = {}

    def askew_deg(self, roll_deg: float, pitch_deg: float | None) -> float:
        """Angle of the resting shank's outline about the thigh from the vertical, positive toward image right; NaN if it is not seen.

        Without a known pitch of the camera, the thigh is taken to lie level.
        """
        slope_rad = outline_slope_rad(self._fitters[-1].layers, self._leg.knee, self._leg.angle_rad, self._leg.shank_px)
        outline = LegCamera(replace(self._leg, angle_rad=self._leg.angle_rad + slope_rad))
        roll = np.radians(roll_deg)
        pitch = np.arcsin(self.seen.view.downward) if pitch_deg is None else np.radians(pitch_deg)
        down = np.array([-np.sin(roll) * np.cos(pitch), np.cos(roll) * np.cos(pitch), np.sin(pitch)])
        return float(np.degrees(outline.askew_rad(self.seen.view, down)))

    def _prior(self, index: int, body_shift: float) -> Prior:
        """Prior of a pose: how the landmarks turned in the image, clearance for an inward swing, and a knee that stays unless the body moves."""
        turn = self._landmark_rad[index]
        opening = priors.opening_rad(self._inward * turn)
        knee_px = self._leg.shank_px * np.hypot(priors.KNEE_SD, body_shift)
        sd = np.array([np.inf, priors.EXTENSION_SD, knee_px, knee_px, priors.ANKLE_SD])
        return Prior(self._camera, pose_of(0.0, opening), 1 / sd**2, turn, priors.TURN_SD**-2, priors.BENDING_SD**-2)

    def _follow(self, picture: FloatArray, prior: Prior, guess: FloatArray, levels: Sequence[int]) -> tuple[FloatArray, FloatArray]:
        """Pose in one image and its covariance: at the first of these scales the likeliest of several starts is taken.

        Where landmarks and guess agree, there is one start, and no need for the coarsest scale.
        """
        poses = self._starts(prior, guess, more=levels == _ALL_LEVELS)
        for level in levels[1:] if len(poses) == 1 and levels[0] == _COARSE else levels:
            pose, covariance = self._likeliest(level, picture, prior, self._fits(level, picture, prior, poses))
            poses = [pose]
        return pose, covariance

    def _explore(self, picture: FloatArray, prior: Prior) -> list[FloatArray]:
        """Poses that may explain an image to which no earlier one leads, at the middle scale."""
        poses = self._starts(prior, _OPEN, more=True)
        for level in (_COARSE, _MIDDLE):
            poses = [pose for pose, _ in self._fits(level, picture, prior, poses)]
        return poses

    def _explored(self, picture: FloatArray, prior: Prior, poses: Sequence[FloatArray]) -> FloatArray:
        """The likeliest of them, at full scale."""
        likeliest = poses[int(np.argmin(self._unlikely(_MIDDLE, picture, prior, poses)))]
        return self._fits(_FULL, picture, prior, [likeliest])[0][0]

    def _fits(self, level: int, picture: FloatArray, prior: Prior, poses: Sequence[FloatArray]) -> list[_Fit]:
        """Each pose fitted at one scale, with its covariance."""
        fitter, (_, forgiving) = self._fitters[level], _LEVELS[level]
        columns = (0, 2, 3) if level == _COARSE else range(N_POSE)  # a coarse image hardly shows how far a knee opens
        small = fitter.shrink(picture)
        return [fitter.fit(small, self.seen.view, pose, prior, forgiving, columns, closely=level == _FULL) for pose in poses]

    def _likeliest(self, level: int, picture: FloatArray, prior: Prior, fits: Sequence[_Fit]) -> _Fit:
        return fits[int(np.argmin(self._unlikely(level, picture, prior, [pose for pose, _ in fits])))]

    def _starts(self, prior: Prior, guess: FloatArray, more: bool) -> list[FloatArray]:
        """Poses to start from: the opening that is usual and the guessed one, each with the guessed turn and that of the landmarks, or,
        with `more`, also a larger one, as landmarks show less than there is.
        """
        poses = []
        for opening in _distinct((prior.pose[1], guess[1]), _SAME_OPENING):
            shown = self._turn_that_shows(prior.planar_rad, opening)
            turns = (guess[0], shown, _MORE * shown) if more else (guess[0], shown)
            poses += [pose_of(turn, opening, guess[SHIFT], guess[4]) for turn in _distinct(turns, _SAME_START)]
        return poses

    def _unlikely(self, level: int, picture: FloatArray, prior: Prior, poses: Sequence[FloatArray]) -> FloatArray:
        """How unlikely each of these poses is, by the image and by what is known beforehand: negative logarithms, (poses,)."""
        if len(poses) == 1:
            return np.zeros(1)
        fitter, view = self._fitters[level], self.seen.view
        known = [prior.cost(view, pose) for pose in poses]
        return fitter.costs(fitter.shrink(picture), view, poses, _LEVELS[level][1]) + known

    def _turn_that_shows(self, planar_rad: float, opening_rad: float) -> float:
        """The rotation that looks like this in the image, with the knee opened."""
        turn = planar_rad
        for _ in range(3):
            turn += planar_rad - self._camera.planar_turn_rad(self.seen.view, pose_of(turn, opening_rad))
        return turn

    def looks(self, indices: Sequence[int], shifts: FloatArray) -> list[Look]:
        """Images of held end ranges from which the view is solved, each with the pose found under the view so far."""
        return [self._look(self._footage.picture(index), self._prior(index, shifts[index])) for index in indices]

    def _look(self, picture: FloatArray, prior: Prior) -> Look:
        def equations(view: ThighView, pose: FloatArray) -> Equations | None:
            return self._fitters[-1].normal(picture, view, pose, range(N_POSE + N_VIEW), _LEVELS[-1][1])

        poses = self._explore(picture, prior)
        return Look(prior, self._explored(picture, prior, poses), equations, poses)

    def explained_by_knee(self, indices: Sequence[int], shifts: FloatArray) -> bool:
        """Whether a knee that straightens may be what every one of these images shows, rather than a hip that turns.

        From the front a straightening knee moves the foot along the thigh, so all ends must lie on the side to which the thigh points, no
        farther than a knee straightens. A hip tested in both directions is therefore never mistaken for a knee.
        """
        view = self.seen.view
        aside = view.sideways + self._leg.line_of_sight[0]
        needed = np.arctan2(np.tan(np.clip(np.sign(aside) * self._landmark_rad[list(indices)], -1.4, 1.4)), abs(aside))
        if not len(needed) or not ((needed > 0) & (needed < priors.STRAIGHTENS_RAD)).all():
            return False
        return all(self._knee_fits(self._footage.picture(index), self._prior(index, shifts[index])) for index in indices)

    def _knee_fits(self, picture: FloatArray, prior: Prior) -> bool:
        turned = self._explored(picture, prior, self._explore(picture, prior))
        straight = replace(prior, pose=pose_of(0.0, priors.STRAIGHTENING), precision=prior.precision.copy(), planar_precision=0.0)
        straight.precision[:2] = priors.STILL_HIP_SD**-2, priors.STRAIGHTENING_SD**-2
        poses = [turned]
        for extension in priors.STRAIGHTENING_STARTS:
            pose = pose_of(0.0, extension)
            for fitter, (_, forgiving) in zip(self._fitters, _LEVELS, strict=True):
                pose, _ = fitter.fit(fitter.shrink(picture), self.seen.view, pose, straight, forgiving)
            poses.append(pose)
        by_hip, *by_knee = self._fitters[-1].costs(picture, self.seen.view, poses, _LEVELS[-1][1])
        return bool(min(by_knee) < by_hip + _RULED_OUT)

    def weigh_rivals(self, indices: Sequence[int], looks: Sequence[Look]) -> None:
        """Of the ends in either direction, ask the one whose image is explained best whether another pose explains it about as well."""
        seen = [(self._footage.picture(index), look) for index, look in zip(indices, looks, strict=True)]
        misfits = [self._fitters[-1].misfit(picture, self.seen.view, look.pose) for picture, look in seen]
        best_last = [seen[k] for k in np.argsort(misfits)[::-1]]
        ways = {float(np.sign(look.prior.planar_rad)): (picture, look) for picture, look in best_last}
        self._rivals = {way: self._rival(picture, look) for way, (picture, look) in ways.items()}

    def _rival(self, picture: FloatArray, look: Look) -> Rival:
        poses = [pose for pose, _ in self._fits(_FULL, picture, look.prior, look.others)]
        return rival_of(np.array([pose[0] for pose in poses]), self._unlikely(_FULL, picture, look.prior, poses))

    def follow(self, indices: Sequence[int], held: BoolArray, shifts: FloatArray) -> Registration:
        """Register these frames, in order of time; those of a hold (held: (n,)) more closely than those of a swing."""
        n, time_s = len(self._footage.time_s), self._footage.time_s
        turn, planar, extension, sd, misfit = (np.full(n, np.nan) for _ in range(5))
        knee = np.full((n, 2), np.nan)
        guess, view_variance = _Guess(time_s), np.nan
        for index in indices:
            picture, stays = self._footage.picture(index), bool(guess.index is not None and held[index] and held[guess.index])
            levels = _STAYING if stays else _ALL_LEVELS if held[index] else _SWINGING
            pose, covariance = self._follow(picture, self._prior(index, shifts[index]), guess.at(index), levels)
            guess.found(index, pose)
            turn[index], extension[index] = np.degrees(pose[:2])
            planar[index] = np.degrees(self._camera.planar_turn_rad(self.seen.view, pose))
            knee[index] = pose[SHIFT] / self._leg.shank_px
            misfit[index] = self._fitters[-1].misfit(picture, self.seen.view, pose)
            if (held[index] and not stays) or np.isnan(view_variance):  # once a hold, as it changes slowly
                view_variance = self._view_variance(picture, pose, covariance)
            aside = float(np.hypot(*pose[SHIFT])) / (self._leg.shank_px * THIGH)
            rival_rad = self._rivals.get(float(np.sign(pose[0])), Rival()).sd_rad
            sd[index] = np.degrees(np.sqrt(covariance[0, 0] + view_variance + (priors.FLAT_ASIDE * aside) ** 2 + rival_rad**2))
        rival = max(self._rivals.values(), key=lambda one: one.sd_rad, default=Rival())
        return Registration(turn, planar, extension, knee, sd, misfit, self.seen, rival)

    def _view_variance(self, picture: FloatArray, pose: FloatArray, covariance: FloatArray) -> float:
        """Variance of the rotation caused by the uncertainty of the view."""
        equations = self._fitters[-1].normal(picture, self.seen.view, pose, range(N_POSE + N_VIEW), _LEVELS[-1][1])
        if equations is None:
            return priors.TURN_SD**2
        response = -(covariance @ equations[0][:N_POSE, N_POSE:])[0]
        return float(response @ self.seen.covariance @ response)


def rival_of(turns_rad: FloatArray, unlikely: FloatArray) -> Rival:
    """Doubt about the best of several fits (n,), by how likely the others are; `unlikely` are negative logarithms of likelihoods, (n,).

    >>> rival_of(np.array([0.5, 0.501, 0.9]), np.array([1.0, 1.0, 9.0])).sd_rad < 0.01  # the rival is 3,000 times less likely
    True
    >>> round(rival_of(np.array([0.5, 0.501, 0.9]), np.array([1.0, 1.0, 1.0])).sd_rad, 2)
    0.28
    """
    order = np.argsort(unlikely)
    turns = _distinct(turns_rad[order], _SAME_TURN)
    likely = np.exp(unlikely[order[0]] - unlikely[[int(np.flatnonzero(turns_rad == turn)[0]) for turn in turns]])
    apart = np.abs(np.array(turns) - turns[0])
    shares = likely / likely.sum()
    return Rival(float(np.sqrt(shares @ np.square(apart))), float(apart[np.log(likely) > -_RULED_OUT].max()))


def _distinct(values: Iterable[float], apart: float) -> list[float]:
    """The values, without those nearer than `apart` to an earlier one."""
    kept: list[float] = []
    for value in values:
        if all(abs(value - other) >= apart for other in kept):
            kept.append(float(value))
    return kept
