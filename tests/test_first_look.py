"""What is seen of a clip before it is measured: real clips with one thing wrong each, through the real model."""

from itertools import islice

import av
import cv2
import numpy as np
import pytest

from hipcv.capture.clip_check import camera_says, look
from hipcv.capture.clip_check_items import ClipCheck, Item
from hipcv.errors import UnreadableClip
from hipcv.settings import Settings
from tests.conftest import SAMPLES
from tests.media import write_clip, write_sound
from tests.tiers import release
from tests.variants import rewritten, write_pictures

SAMPLES_SHOWN = ["p01_front", "p06_asym", "p07_oneleg"]
LOOKED_AT = [Item.READABLE, Item.UPRIGHT, Item.ONE_PERSON, Item.WHOLE_BODY, Item.FEET, Item.LIGHT]
FIRST = range(0, 66, 3)
"""Ten frames a second of the first two seconds, and a few more."""


def wrong(clip):
    """What is not fine, and how it is called."""
    return {glance.item: glance.seen for glance in look(clip, Settings()) if not glance.fine}


def changed(tmp_path, change, source="p01_front"):
    """What is wrong with the first seconds of a sample whose pictures are changed."""
    return wrong(rewritten(source, tmp_path / "changed.mp4", change, keep=FIRST.__contains__, time_s=lambda index: index / 10))


def dimmed(share):
    return lambda rgb: np.round(share * rgb).astype(np.uint8)


@pytest.mark.pose
@pytest.mark.parametrize("name", SAMPLES_SHOWN)
def test_a_good_clip_is_fine_in_every_item(name):
    assert look(SAMPLES / f"{name}.mp4", Settings()) == [ClipCheck(item, True) for item in LOOKED_AT]


@pytest.mark.slow
@pytest.mark.pose
@pytest.mark.parametrize("turns", [1, *release(2, 3)], ids=["onto its left side", "upside down", "onto its right side"])
def test_a_picture_that_lies_is_not_upright(tmp_path, turns):
    assert changed(tmp_path, lambda rgb: np.rot90(rgb, turns))[Item.UPRIGHT] == "lying"


@pytest.mark.slow
@pytest.mark.pose
def test_two_people_are_seen(tmp_path):
    def pictures(name):
        with av.open(str(SAMPLES / f"{name}.mp4")) as clip:
            for frame in islice(clip.decode(video=0), 66):
                yield frame.to_ndarray(format="rgb24")

    both = (np.hstack(pair) for pair in zip(pictures("p01_front"), pictures("p06_asym"), strict=True))
    assert wrong(write_pictures(islice(both, 0, None, 3), tmp_path / "two.mp4", time_s=lambda index: index / 10)) == {
        Item.ONE_PERSON: "several"
    }


@pytest.mark.pose
def test_a_head_outside_the_picture_is_told(tmp_path):
    assert changed(tmp_path, lambda rgb: rgb[cut_at("head", rgb) :]) == {Item.WHOLE_BODY: "head"}


@pytest.mark.pose
def test_feet_outside_the_picture_are_told(tmp_path):
    assert changed(tmp_path, lambda rgb: rgb[: cut_at("feet", rgb)]) == {Item.FEET: "feet"}


@pytest.mark.pose
def test_a_dark_picture_is_told(tmp_path):
    assert changed(tmp_path, dimmed(0.15)) == {Item.LIGHT: "dark"}


@pytest.mark.slow
@pytest.mark.pose
def test_a_blurred_picture_is_told(tmp_path):
    assert changed(tmp_path, lambda rgb: cv2.GaussianBlur(rgb, (0, 0), 6.0)) == {Item.LIGHT: "blurred"}


@pytest.mark.pose
def test_an_empty_room_shows_nobody_and_says_nothing_of_a_body(tmp_path):
    clip = write_pictures([np.full((480, 270, 3), 150, np.uint8)] * 66, tmp_path / "empty.mp4")
    seen = look(clip, Settings())
    assert [glance.item for glance in seen] == [Item.READABLE, Item.ONE_PERSON, Item.LIGHT]
    assert seen[1] == ClipCheck(Item.ONE_PERSON, False, "nobody")


@pytest.mark.pose
def test_somebody_who_comes_a_little_late_is_fine(tmp_path):
    """The first 0.7 s show the empty room."""
    assert changed(tmp_path, late(7)) == {}


def late(n_frames):
    left = iter(range(10_000))
    return lambda rgb: np.full_like(rgb, 150) if next(left) < n_frames else rgb


def cut_at(part, rgb):
    """The row of the nose, or above the ankles, of `p01_front`."""
    return round({"head": 0.28, "feet": 0.70}[part] * len(rgb)) // 2 * 2


@pytest.mark.pose
def test_only_the_first_seconds_are_looked_at(tmp_path):
    """What comes later may be as it will."""
    clip = rewritten(
        "p01_front", tmp_path / "late.mp4", dark_after(22), keep=range(0, 180, 3).__contains__, time_s=lambda index: index / 10
    )
    assert wrong(clip) == {}


def dark_after(n_frames):
    left = iter(range(10_000))
    return lambda rgb: rgb if next(left) < n_frames else np.zeros_like(rgb)


# ---------------------------------------------------------------- files that cannot be used
@pytest.mark.parametrize("see", [look, camera_says])
def test_a_file_that_cannot_be_used_is_told_under_the_name_that_the_person_gave_it(tmp_path, see):
    (tmp_path / "clip").write_bytes(b"this is not a video\n" * 100)
    with pytest.raises(UnreadableClip, match=r"^holiday\.mp4: "):
        see(tmp_path / "clip", Settings(), "holiday.mp4")
    with pytest.raises(UnreadableClip, match=r"^sound\.m4a: "):
        see(write_sound(tmp_path / "sound.m4a"), Settings())


# ---------------------------------------------------------------- what the camera says
@pytest.mark.parametrize(
    ("metadata", "seen"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"com.example.camera.is_mirrored": "1"}, "mirrored", id="mirrored"),
        pytest.param({"com.example.camera.is_mirrored": "0"}, "not_mirrored", id="not mirrored"),
        pytest.param({"com.apple.quicktime.camera.lens_model": "iPhone 15 front camera"}, "front", id="the front camera"),
    ],
)
def test_what_the_file_says_of_mirroring_is_taken_over(tmp_path, metadata, seen):
    clip = write_clip(tmp_path / "clip.mp4", metadata=metadata, muxer_options={"movflags": "use_metadata_tags"})
    assert camera_says(clip, Settings()) == ClipCheck(Item.MIRRORED, True, seen)
