"""The film of the legs: what part of the clip it shows, that it shows the clip itself, and that a browser finds every frame of it."""

import base64
import io
import json
import shutil
from dataclasses import replace
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from hipcv.kinematics.body import SHANK_ENDS
from hipcv.landmarks import Landmark, Side, of_side
from hipcv.records import record
from hipcv.rendering import leg_film
from hipcv.rendering.leg_film import LegView, leg_view
from hipcv.rendering.overlay import write_overlay
from hipcv.settings import Settings
from hipcv.store.store import new_id
from hipcv.video.clip import open_clip
from hipcv.web.server import media_routes
from tests.browser import DESKTOP, browser, needs_browser, serve, window
from tests.builders import MIDDLE_X, NOSE_Y, SHANK_PX, Subject, a_measurement, with_nobody
from tests.conftest import SAMPLES
from tests.test_overlay import film, likeness, measurement_of, pictures, subject

SAMPLE = SAMPLES / "p06_asym.mp4"
TICK_S = 1 / 90_000


def cut(rgb, view):
    """The part of an image that a film shows."""
    return rgb[view.top_px : view.top_px + view.height_px, view.left_px : view.left_px + view.width_px]


def off(a, b):
    """Mean difference of two pictures in grey values."""
    return float(np.abs(a.astype(int) - b).mean())


def filmed(measurement, clip, folder, **choices):
    """The frames of the film, as it is written beside the overlay."""
    with leg_film.keeper(measurement, folder) as keep:
        write_overlay(clip, measurement, folder / record.OVERLAY, on_plain=keep, **choices)
    return pictures(folder / record.LEG_FILM)


def shown(measurement, folder, image):
    """The frames of a film whose clip shows the same image all the time."""
    with leg_film.keeper(measurement, folder) as keep:
        for frame in range(len(measurement.landmarks.time_s)):
            keep(frame, image)
    return pictures(folder / record.LEG_FILM)[1]


# ---------------------------------------------------------------------- of a real clip
@pytest.fixture(scope="module")
def sample(kept_record):
    """The record of a sample clip, what its film shows, and the film's frames with their times."""
    kept = record.read(kept_record)
    return kept, leg_film.kept_view(kept), *pictures(kept.leg_film)


@pytest.mark.pose
def test_every_frame_of_the_clip_is_in_the_film_at_its_own_time(sample):
    kept, view, time_s, frames = sample
    assert len(frames) == view.n_frames == len(kept.measurement.landmarks.time_s) == 492
    assert time_s == pytest.approx(kept.measurement.landmarks.time_s, abs=TICK_S)
    assert {rgb.shape for rgb in frames} == {(*reversed(view.film_size_px), 3)}


@pytest.mark.pose
def test_the_facts_are_those_of_the_measurement(sample, measured_sample):
    kept, view, _, _ = sample
    assert view == leg_view(measured_sample("p06_asym")) == leg_view(kept.measurement)


@pytest.mark.slow
@pytest.mark.pose
def test_the_film_shows_the_clip_and_nothing_that_is_drawn(sample):
    kept, view, _, frames = sample
    assert view.scale == 1.0
    series, drawn = kept.measurement.landmarks_as_filmed, pictures(kept.overlay)[1]
    corner = np.array([view.left_px, view.top_px])
    with open_clip(SAMPLE, kept.measurement.settings) as clip:
        for i, frame in enumerate(clip.frames()):
            plain = cut(frame.rgb, view)
            assert off(frames[i], plain) < 3
            middle_px = series.image_px[i, SHANK_ENDS].reshape(2, 2, 2).mean(axis=1)
            for x, y in (middle_px - corner).round().astype(int):
                near = np.s_[y - 3 : y + 4, x - 3 : x + 4]
                assert off(frames[i][near], plain[near]) < 12
                assert off(cut(drawn[i], view)[near], plain[near]) > 30


@pytest.mark.pose
def test_a_frame_of_a_swing_is_none_of_its_neighbours(sample):
    kept, view, _, frames = sample
    swing = int(np.argmax(np.abs(np.gradient(kept.measurement.rotation[Side.LEFT].internal_rotation_deg))))
    with open_clip(SAMPLE, kept.measurement.settings) as clip:
        plain = next(cut(frame.rgb, view) for i, frame in enumerate(clip.frames()) if i == swing)
    differences = {i: off(frames[i], plain) for i in range(swing - 3, swing + 4)}
    assert min(differences, key=differences.get) == swing


@pytest.mark.pose
@pytest.mark.parametrize("name", ["p01_front", "p06_asym", "p07_oneleg"])
def test_knees_and_ankles_lie_in_the_film_with_room_around_them(measured_sample, name):
    measurement = measured_sample(name)
    view, series = leg_view(measurement), measurement.landmarks_as_filmed
    points_px = series.image_px[series.seen][:, SHANK_ENDS].reshape(-1, 2)
    room_px = 0.3 * measurement.rotation[Side.LEFT].shank_px
    assert (points_px - room_px >= [view.left_px, view.top_px]).all()
    assert (points_px + room_px <= [view.left_px + view.width_px, view.top_px + view.height_px]).all()
    assert view.width_px * view.height_px < 0.5 * series.width_px * series.height_px


@pytest.mark.pose
def test_the_film_is_small_seeks_fast_and_says_nothing_of_the_source(sample):
    path = sample[0].leg_film
    content = path.read_bytes()
    print(f"{SAMPLE.name}: {len(content)} bytes")
    assert len(content) < 3_000_000
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(path)) as container:
        (stream,) = container.streams
        context = stream.codec_context
        assert (context.name, context.pix_fmt, context.has_b_frames, float(stream.start_time)) == ("h264", "yuv420p", False, 0.0)
        assert not {"title", "comment", "location", "creation_time"} & {*container.metadata, *stream.metadata}
        packets = [packet for packet in container.demux() if packet.size]
    assert all(packet.pts == packet.dts for packet in packets)
    keys = [i for i, packet in enumerate(packets) if packet.is_keyframe]
    assert max(after - before for before, after in pairwise([*keys, len(packets)])) <= 15


_SEEK = """async ([time_s, withPicture]) => {
    const video = document.querySelector("video");
    const seeked = new Promise(done => video.addEventListener("seeked", done, {once: true}));
    const presented = new Promise(done => video.requestVideoFrameCallback((_, facts) => done(facts.mediaTime)));
    video.currentTime = time_s;
    await seeked;
    const mediaTime = await presented;
    if (!withPicture) return [mediaTime, ""];
    const canvas = Object.assign(document.createElement("canvas"), {width: video.videoWidth, height: video.videoHeight});
    canvas.getContext("2d").drawImage(video, 0, 0);
    return [mediaTime, canvas.toDataURL("image/png").split(",")[1]];
}"""


@pytest.mark.slow
@needs_browser
@pytest.mark.pose
def test_a_browser_finds_every_frame_that_it_is_sent_to(sample, tmp_path):
    """From the server that a person runs; to the middle of frames in no order, and to neighbours of each other, as a person steps."""
    kept, _, time_s, frames = sample
    middle_s = time_s + np.diff(time_s, append=time_s[-1] + 1 / 30) / 2
    jumps = np.random.default_rng(4).permutation(len(frames) - 1)[:60].tolist()
    steps = [*range(200, 220), *range(218, 198, -1)]
    with serve(tmp_path) as server, browser() as chromium, window(chromium, DESKTOP, []) as page:
        folder = server.data / "visits" / new_id()
        shutil.copytree(kept.folder, folder)
        page.goto(server.url + media_routes.address(folder, record.LEG_FILM))
        page.evaluate("document.querySelector('video').pause()")
        page.wait_for_function("document.querySelector('video').readyState >= 2")
        for place, k in enumerate([*jumps, *steps, len(frames) - 1]):
            media_s, png = page.evaluate(_SEEK, [float(middle_s[k]), place % 10 == 0])
            assert int(np.argmin(np.abs(time_s - media_s))) == k
            if png:
                seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))
                assert off(seen, frames[k]) < 4


# ---------------------------------------------------------------------- what it shows
def test_the_box_is_that_of_a_subject_whose_place_is_known():
    """Knees 55 px aside of the middle at y = 570, shanks of 170 px, the right foot 30° outward and 25° inward; all halved."""
    view = leg_view(measurement_of(subject()))
    toe_px = 1.15 * SHANK_PX
    low = [MIDDLE_X - 55 - toe_px * np.sin(np.radians(30)) - 0.35 * SHANK_PX, 570 - 0.5 * SHANK_PX]
    high = [MIDDLE_X + 55 + 0.35 * SHANK_PX, 570 + toe_px + 0.35 * SHANK_PX]
    assert [view.left_px, view.top_px] == pytest.approx(np.array(low) / 2, abs=2)
    assert [view.left_px + view.width_px, view.top_px + view.height_px] == pytest.approx(np.array(high) / 2, abs=3)
    assert (view.scale, view.n_frames) == (1.0, len(subject().left_deg))


@pytest.mark.parametrize("part", ["knee", "ankle", "heel", "foot_index"])
@pytest.mark.parametrize("n_frames", [1, 12])
def test_a_landmark_astray_does_not_widen_the_box(part, n_frames):
    measurement = measurement_of(subject())
    image_px = measurement.landmarks.image_px.copy()
    image_px[30 : 30 + n_frames, of_side(part, Side.LEFT)] = [1.0, 1.0]
    astray = leg_view(replace(measurement, landmarks=replace(measurement.landmarks, image_px=image_px)))
    usual = leg_view(measurement)
    if n_frames == 1:
        assert astray == usual
    else:  # on the way there and back the smoothed point may come as far as a leg reaches
        assert astray.top_px > usual.top_px - SHANK_PX / 2 * 1.6
        assert astray.left_px > usual.left_px - SHANK_PX / 2


def test_the_way_to_the_seat_widens_the_box_by_less_than_a_shank():
    """The whole picture moves in from the left during the first second."""
    seated = subject()
    n = 30
    way = Subject(
        left_deg=np.concatenate([np.zeros(n), seated.left_deg]),
        right_deg=np.concatenate([np.zeros(n), seated.right_deg]),
        shift_px=np.concatenate([np.linspace([-200.0, -300.0], [0.0, 0.0], n), np.zeros((len(seated.left_deg), 2))]),
    )
    view, there = leg_view(measurement_of(way)), leg_view(measurement_of(replace(way, shift_px=None)))
    assert view.top_px > there.top_px - SHANK_PX
    assert view.height_px < there.height_px + SHANK_PX


def test_where_no_leg_was_seen_it_is_the_whole_picture():
    measurement = a_measurement()
    series = with_nobody(measurement.landmarks, slice(None))
    assert leg_view(replace(measurement, landmarks=series)) == LegView(0, 0, 539, 960, 0.75, 4)


def test_a_mirrored_clip_stays_as_filmed(tmp_path):
    path = tmp_path / "clip.mp4"
    film(path, subject().landmarks())
    plain = measurement_of(subject(), path)
    mirrored = replace(plain, mirrored=True)
    there, here = leg_view(plain), leg_view(mirrored)
    assert here.left_px == pytest.approx(270 - there.left_px - there.width_px, abs=1)
    _, frames = filmed(mirrored, path, tmp_path)
    with open_clip(path, Settings()) as clip:
        for before, after in zip(clip.frames(), frames, strict=True):
            assert likeness(cut(before.rgb, here), after) > 0.95


@pytest.mark.parametrize("scale", [0.25, 0.2533, 0.3])
def test_a_tiny_clip_of_odd_size_has_a_film_too(tmp_path, scale):
    seated = replace(subject(), scale=scale)
    series = seated.landmarks()
    series = replace(series, width_px=series.width_px // 2 * 2 + 1, height_px=series.height_px // 2 * 2 + 1)
    path = tmp_path / "tiny.mp4"
    film(path, series, "yuv444p")
    measurement = replace(measurement_of(seated, path), landmarks=series)
    view = leg_view(measurement)
    time_s, frames = filmed(measurement, path, tmp_path)
    assert time_s == pytest.approx(series.time_s, abs=TICK_S)
    assert frames[0].shape == (view.height_px, view.width_px, 3)
    assert [size % 2 for size in view.film_size_px] == [0, 0]


@pytest.mark.parametrize("scale", [2.2, 2.53, 3.1])
def test_a_large_picture_is_reduced_and_every_point_lies_where_the_facts_say(tmp_path, scale):
    measurement = measurement_of(replace(subject(), scale=scale))
    series, view = measurement.landmarks, leg_view(measurement)
    assert max(view.film_size_px) == 720
    assert [size % 2 for size in view.film_size_px] == [0, 0]
    image = np.zeros((series.height_px, series.width_px, 3), np.uint8)
    spots = [(view.left_px + round(a * view.width_px), view.top_px + round(b * view.height_px)) for a in (0.1, 0.9) for b in (0.1, 0.9)]
    for x, y in spots:
        image[y - 8 : y + 9, x - 8 : x + 9] = 255
    bright = shown(measurement, tmp_path, image)[50].mean(axis=2)
    for x, y in spots:
        left, top = ((np.array([x + 0.5, y + 0.5]) - [view.left_px, view.top_px]) * view.scale).round().astype(int)
        near = bright[top - 12 : top + 13, left - 12 : left + 13]
        rows, columns = np.indices(near.shape)
        middle = [left - 12 + (near * (columns + 0.5)).sum() / near.sum(), top - 12 + (near * (rows + 0.5)).sum() / near.sum()]
        assert middle == pytest.approx((np.array([x + 0.5, y + 0.5]) - [view.left_px, view.top_px]) * view.scale, abs=0.6)


def test_a_small_picture_is_not_enlarged():
    view = leg_view(measurement_of(subject()))
    assert (view.scale, view.film_size_px) == (1.0, (view.width_px, view.height_px))


# ---------------------------------------------------------------------- the face
def test_the_face_is_blurred_before_anything_is_kept(tmp_path):
    """A person bent forward until the face is above the knees."""
    series = subject().landmarks()
    image_px = series.image_px.copy()
    image_px[:, : Landmark.LEFT_SHOULDER] += [0.0, (520 - NOSE_Y) / 2]
    image_px[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] = 262
    bent = replace(series, image_px=image_px)
    path = tmp_path / "clip.mp4"
    film(path, bent)
    measurement = replace(measurement_of(subject(), path), landmarks=bent)
    view, frames = leg_view(measurement), filmed(measurement, path, tmp_path)[1]
    x, y = (image_px[0, Landmark.NOSE] - [view.left_px, view.top_px]).astype(int)
    face = np.s_[max(0, y - 10) : y + 15, x - 15 : x + 15]
    with open_clip(path, Settings()) as clip:
        for before, after in zip(clip.frames(), frames, strict=True):
            assert likeness(cut(before.rgb, view)[face], after[face]) < 0.5


def test_an_image_with_a_visible_face_is_never_given_away(tmp_path):
    path = tmp_path / "clip.mp4"
    film(path, subject().landmarks())
    measurement = measurement_of(subject(), path)
    with pytest.raises(ValueError, match="blurred"):
        filmed(measurement, path, tmp_path, show_face=True)
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]


# ---------------------------------------------------------------------- files
@pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt])
def test_nothing_is_left_of_a_film_that_breaks_off(tmp_path, trouble):
    path = tmp_path / "clip.mp4"
    film(path, subject().landmarks())
    measurement = measurement_of(subject(), path)

    def stop(done, total):
        if done == 20:
            raise trouble

    with pytest.raises(trouble):
        filmed(measurement, path, tmp_path, on_progress=stop)
    assert list(tmp_path.iterdir()) == [path]


def test_the_facts_are_read_back(tmp_path):
    measurement = measurement_of(subject())
    record.write(measurement, tmp_path)
    assert leg_film.kept_view(record.read(tmp_path)) is None
    shown(measurement, tmp_path, np.zeros((480, 270, 3), np.uint8))
    assert leg_film.kept_view(record.read(tmp_path)) == leg_view(measurement)
    facts = json.loads((tmp_path / record.LEG_FILM_FACTS).read_text(encoding="utf-8"))
    assert set(facts) == {"left_px", "top_px", "width_px", "height_px", "scale", "n_frames"}
    assert LegView.from_dict({**facts, "more": 1}) == leg_view(measurement)


FACTS = {"left_px": 10, "top_px": 20, "width_px": 200, "height_px": 100, "scale": 0.5, "n_frames": 105}


@pytest.mark.parametrize(
    "changed",
    [{name: value} for name in FACTS for value in (None, "1", [], -1, float("nan"), True)]
    + [{"left_px": 1.5}, {"width_px": 0}, {"n_frames": 0}, {"scale": 0}, {"scale": 1.01}, {"scale": 10**400}],
    ids=str,
)
def test_facts_that_no_film_has_are_refused(changed):
    assert LegView.from_dict(FACTS).to_dict() == FACTS
    with pytest.raises(ValueError, match=r"."):
        LegView.from_dict({**FACTS, **changed})


@pytest.mark.parametrize("facts", [None, [], 7, "text", {}, {name: FACTS[name] for name in list(FACTS)[1:]}], ids=str)
def test_what_are_no_facts_is_refused(facts):
    with pytest.raises(ValueError, match="missing"):
        LegView.from_dict(facts)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="no JSON"),
        pytest.param("[" * 5000, id="nested without end"),
        pytest.param(json.dumps({**FACTS, "n_frames": 104}), id="another number of frames"),
        pytest.param(json.dumps({**FACTS, "left_px": 71}), id="beyond the right edge"),
        pytest.param(json.dumps({**FACTS, "top_px": 381}), id="beyond the lower edge"),
        pytest.param(json.dumps({**FACTS, "more": "x" * 20_000}), id="too large"),
    ],
)
def test_facts_that_do_not_fit_the_measurement_are_no_film(tmp_path, content):
    record.write(measurement_of(subject()), tmp_path)
    (tmp_path / record.LEG_FILM).write_bytes(b"a film")
    kept = record.read(tmp_path)
    (tmp_path / record.LEG_FILM_FACTS).write_text(json.dumps({**FACTS, "left_px": 70, "top_px": 380}), encoding="utf-8")
    assert leg_film.kept_view(kept) is not None
    (tmp_path / record.LEG_FILM_FACTS).write_text(content, encoding="utf-8")
    assert leg_film.kept_view(kept) is None
