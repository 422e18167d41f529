"""What the page that films has to know: the thresholds of the measurement, the movements of the test, and the texts."""

import tomllib
from importlib import resources
from typing import Any

from hipcv.capture import people
from hipcv.catalogues.words import Words, texts
from hipcv.kinematics import camera_roll, camera_view, seated
from hipcv.settings import Settings
from hipcv.version import __version__
from hipcv.web.server.film_files import MODEL

_SETTINGS = (
    "long_side_px", "min_visibility", "min_shank_px", "dark_level", "roll_warn_deg", "yaw_warn_deg", "thigh_aside_warn_deg",
    "rest_limit_deg", "rest_speed_deg_s", "min_excursion_deg", "min_prominence", "min_relative_excursion", "hold_band_deg",
    "hold_speed_deg_s", "min_hold_s", "compensation_reject_deg",
)  # fmt: skip
_TEXTS = "film."


def page_facts(language: str) -> dict[str, Any]:
    """Everything as plain values."""
    words = Words(language)
    return {
        "version": __version__,
        "language": words.language,
        "home": "../",
        "network": {"vendor": "vendor", "model": MODEL, "nPoses": 2},
        "facts": facts(),
        "test": seated_rotation(),
        "words": {key.removeprefix(_TEXTS): words(key) for key in texts("en") if key.startswith(_TEXTS)},
    }


def facts() -> dict[str, float]:
    """The thresholds of the measurement and of its findings, by name: the coach has none of its own for what they judge."""
    settings = Settings()
    return {
        **{name: getattr(settings, name) for name in _SETTINGS},
        "standing_thigh_per_shank": seated.STANDING_THIGH_PER_SHANK,
        "most_trunk_lean_deg": seated.MOST_TRUNK_LEAN_DEG,
        "focal_per_long_side": camera_view.FOCAL_PER_LONG_SIDE,
        "thigh": camera_view.THIGH,
        "hip_above": camera_view.HIP_ABOVE,
        "shanks_sd_deg": camera_roll.SHANKS_SD_DEG,
        "shoulders_sd_deg": camera_roll.SHOULDERS_SD_DEG,
        "hips_sd_deg": camera_roll.HIPS_SD_DEG,
        "same_person": people.SAME_PERSON,
        "min_size": people.MIN_SIZE,
    }


def seated_rotation() -> dict[str, Any]:
    """The movements of the seated test, from movements.toml."""
    table = tomllib.loads((resources.files("hipcv.web") / "film" / "movements.toml").read_text(encoding="utf-8"))
    return dict(table["seated_rotation"])
