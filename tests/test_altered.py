"""The same movement filmed or sent in another way gives the same ranges: each alteration as a real file, through the real model."""

from pathlib import Path

import pytest

from hipcv import Mirrored, Settings, Side, measure
from hipcv.measurement import Measurement
from tests import variants
from tests.variants import bit_rate_of, rewritten

pytestmark = [pytest.mark.pose, pytest.mark.release]

SAMPLE = "p06_asym"
PIECE = range(118, 364)
"""The left leg turns in and out, it rests, the right leg turns in and out."""
CHANGES = {
    "shifted": variants.shifted,
    "scaled to three quarters": variants.scaled,
    "darkened to half the brightness": variants.darkened,
    "shaken by 2 px": variants.shaken,
}


def altered(target: Path, **changes) -> Path:
    return rewritten(SAMPLE, target, keep=PIECE.__contains__, **changes)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Measurement:
    """The pictures themselves, without loss: what compressing once more changes is not the alteration's doing."""
    return measured(altered(tmp_path_factory.mktemp("piece") / "piece.mp4", crf=0))


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


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_ranges_of_an_altered_picture_stay_within_a_degree(change, original, tmp_path):
    one = change() if change is variants.shaken else change  # it goes on from picture to picture
    assert changed_deg(original, measured(altered(tmp_path / "altered.mp4", change=one)), at_least=1.0) == {}


def test_ranges_at_half_the_bitrate_stay_within_a_degree(original, tmp_path):
    sent = altered(tmp_path / "sent.mp4", bit_rate=bit_rate_of(SAMPLE) // 2)
    assert bit_rate_of(sent) == pytest.approx(bit_rate_of(SAMPLE) / 2, rel=0.1)
    assert changed_deg(original, measured(sent), at_least=1.0) == {}


def test_a_mirrored_clip_gives_the_ranges_of_the_clip_within_half_a_degree(measured_sample, tmp_path):
    """Of several repetitions; of a single one the network's own noise comes near to half a degree."""
    mirrored = rewritten(SAMPLE, tmp_path / "mirrored.mp4", change=variants.mirrored, crf=0)
    assert changed_deg(measured_sample(SAMPLE), measured(mirrored, Mirrored.YES), at_least=0.5) == {}
