"""The same movement filmed or sent in another way gives the same ranges: each alteration as a real file, through the real model."""

from pathlib import Path

import pytest

from hipcv import Mirrored, Settings, Side, measure
from hipcv.measurement import Measurement
from tests import variants
from tests.variants import bit_rate_of, rewritten

pytestmark = pytest.mark.pose

SAMPLE = "p06_asym"
CHANGES = [
    pytest.param(variants.shifted, id="shifted"),
    pytest.param(variants.scaled, id="scaled to three quarters"),
    pytest.param(variants.darkened, id="darkened to half the brightness"),
    pytest.param(variants.shaken(), id="shaken by 2 px"),
]


def changed_deg(before: Measurement, after: Measurement, at_least: float) -> dict[str, float]:
    """The ranges that differ by more than so many degrees, by hip and quantity; none may have come or gone."""
    changes = {}
    for side in Side:
        for quantity in ("internal_rotation_deg", "external_rotation_deg", "total_deg"):
            ours, theirs = getattr(before.hips[side], quantity), getattr(after.hips[side], quantity)
            assert ours is not None
            assert theirs is not None
            changes[f"{side.value} {quantity}"] = round(theirs.value - ours.value, 2)
    return {name: change for name, change in changes.items() if abs(change) > at_least}


def measured(clip: Path, mirrored: Mirrored = Mirrored.NO) -> Measurement:
    return measure(clip, settings=Settings(mirrored=mirrored))


@pytest.mark.parametrize("change", CHANGES)
def test_ranges_of_an_altered_picture_stay_within_a_degree(change, measured_sample, tmp_path):
    altered = measured(rewritten(SAMPLE, tmp_path / "altered.mp4", change))
    assert changed_deg(measured_sample(SAMPLE), altered, at_least=1.0) == {}


def test_ranges_at_half_the_bitrate_stay_within_a_degree(measured_sample, tmp_path):
    sent = rewritten(SAMPLE, tmp_path / "sent.mp4", bit_rate=bit_rate_of(SAMPLE) // 2)
    assert bit_rate_of(sent) == pytest.approx(bit_rate_of(SAMPLE) / 2, rel=0.1)
    assert changed_deg(measured_sample(SAMPLE), measured(sent), at_least=1.0) == {}


def test_a_mirrored_clip_gives_the_ranges_of_the_clip_within_half_a_degree(measured_sample, tmp_path):
    many_bits = 40 * bit_rate_of(SAMPLE)  # what compressing once more changes is not the mirror's doing
    mirrored = measured(rewritten(SAMPLE, tmp_path / "mirrored.mp4", variants.mirrored, bit_rate=many_bits), Mirrored.YES)
    assert changed_deg(measured_sample(SAMPLE), mirrored, at_least=0.5) == {}
