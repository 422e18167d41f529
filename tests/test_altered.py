"""The same movement filmed or sent in another way gives the same ranges: each alteration as a real file, through the real model."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hipcv import Mirrored, Settings, Side, measure
from hipcv.measurement import Measurement
from tests import variants
from tests.variants import bit_rate_of, rewritten

pytestmark = pytest.mark.pose

SAMPLE = "p06_asym"
MANY_BITS = 40 * bit_rate_of(SAMPLE)
"""What compressing once more changes is not the alteration's doing."""
PIECE = range(118, 364)
"""The left leg turns in and out, it rests, the right leg turns in and out."""
CHANGES = [
    pytest.param(variants.shifted, id="shifted"),
    pytest.param(variants.scaled, id="scaled to three quarters"),
    pytest.param(variants.darkened, id="darkened to half the brightness"),
    pytest.param(variants.shaken, id="shaken by 2 px"),
]


@dataclass(frozen=True)
class Original:
    """What is altered: pictures of the sample, and their measurement."""

    keep: Callable[[int], bool]
    measurement: Measurement

    def altered(self, target: Path, **changes) -> Path:
        return rewritten(SAMPLE, target, keep=self.keep, **changes)


@pytest.fixture(params=["a turn of each leg each way", pytest.param("the whole clip", marks=pytest.mark.release)])
def original(request, memory, measured_sample, piece) -> Original:
    if request.param == "the whole clip":
        return Original(lambda _: True, measured_sample(SAMPLE))
    return Original(PIECE.__contains__, memory.measure(piece, settings=Settings(mirrored=Mirrored.NO)))


@pytest.fixture(scope="module")
def piece(tmp_path_factory) -> Path:
    """The pictures themselves, hardly compressed once more; one file, as no two runs of the encoder give the same bytes."""
    return rewritten(SAMPLE, tmp_path_factory.mktemp("piece") / "piece.mp4", keep=PIECE.__contains__, bit_rate=MANY_BITS)


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
def test_ranges_of_an_altered_picture_stay_within_a_degree(change, original, tmp_path):
    one = change() if change is variants.shaken else change  # it goes on from picture to picture
    altered = measured(original.altered(tmp_path / "altered.mp4", change=one))
    assert changed_deg(original.measurement, altered, at_least=1.0) == {}


def test_ranges_at_half_the_bitrate_stay_within_a_degree(original, tmp_path):
    sent = original.altered(tmp_path / "sent.mp4", bit_rate=bit_rate_of(SAMPLE) // 2)
    assert bit_rate_of(sent) == pytest.approx(bit_rate_of(SAMPLE) / 2, rel=0.1)
    assert changed_deg(original.measurement, measured(sent), at_least=1.0) == {}


def test_a_mirrored_clip_gives_the_ranges_of_the_clip_within_half_a_degree(original, tmp_path):
    mirrored = measured(original.altered(tmp_path / "mirrored.mp4", change=variants.mirrored, bit_rate=MANY_BITS), Mirrored.YES)
    assert changed_deg(original.measurement, mirrored, at_least=0.5) == {}
