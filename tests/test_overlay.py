import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from hipcv.codes import FindingCode, Reason
from hipcv.errors import ClipError, OutputError
from hipcv.kinematics import angles, ranges
from hipcv.kinematics.drawn_leg import held_knee_px
from hipcv.kinematics.geometry import from_down_deg
from hipcv.landmarks import FACE, Landmark, Side, of_side
from hipcv.measurement import Finding, Measurement, Rep
from hipcv.rendering import face_blur, overlay
from hipcv.rendering.overlay import write_overlay
from hipcv.settings import Settings
from hipcv.values import Direction, FloatArray, ImageArray, LandmarkSeries
from hipcv.video.clip import open_clip
from tests.builders import Subject, a_clip, a_measurement, measured, still_deg, swings_deg

SAMPLES = Path(__file__).parent.parent / "samples"
SETTINGS = Settings()
BLUE, VERMILLION = (0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)


def measurement_of(subject: Subject, clip: Path | None = None, *, mirrored: bool = False) -> Measurement:
    """What the pipeline makes of a subject, without a pose network; `clip` is the file that shows them."""
    seen = measured(subject, SETTINGS)
    content = clip.read_bytes() if clip else b""
    return a_measurement(
        clip=a_clip(name=clip.name if clip else "subject.mp4", sha256=sha256(content).hexdigest()),
        mirrored=mirrored,
        landmarks=seen.series,
        rotation=seen.rotation,
        body=seen.body,
        hips=seen.hips,
        asymmetry=ranges.asymmetry(seen.hips, SETTINGS),
        findings=(),
    )


def film(path: Path, series: LandmarkSeries, pix_fmt: str = "yuv420p") -> None:
    """A clip of the series' size and times that shows fine noise, so that every blur is seen, with tags that tell of somebody."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(0, 256, (series.height_px // 3 + 1, series.width_px // 3 + 1, 1), dtype=np.uint8)
    picture = np.repeat(np.repeat(coarse, 3, axis=0), 3, axis=1)[: series.height_px, : series.width_px].repeat(3, axis=2)
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Zoe's hip"
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast", "crf": "12"})
        stream.width, stream.height, stream.pix_fmt = series.width_px, series.height_px, pix_fmt
        stream.codec_context.time_base = Fraction(1, 90_000)
        for time_s in series.time_s:
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(time_s * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def subject() -> Subject:
    """The right leg turns in by 30° and out by 25°, in 3.5 s of frames at uneven times, in a picture of 270 x 480."""
    right = swings_deg((0, 0.5), (30, 0.5), (-25, 0.5), (0, 0.5))
    n = len(right)
    time_s = np.arange(n) / 30 + 0.006 * (np.arange(n) % 2)
    return Subject(left_deg=still_deg(n), right_deg=right, time_s=time_s, scale=0.5)


@dataclass
class Filmed:
    path: Path
    measurement: Measurement

    @property
    def series(self) -> LandmarkSeries:
        return self.measurement.landmarks


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Filmed:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    film(path, subject().landmarks())
    return Filmed(path, measurement_of(subject(), path))


def pictures(path: Path) -> tuple[FloatArray, list[ImageArray]]:
    with av.open(str(path)) as container:
        frames = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return np.array([time for time, _ in frames]), [rgb for _, rgb in frames]


def original(clip: Filmed) -> list[ImageArray]:
    with open_clip(clip.path, SETTINGS) as opened:
        return [frame.rgb for frame in opened.frames()]


def likeness(a: ImageArray, b: ImageArray) -> float:
    """Correlation of two cuttings: 1 = the same, 0 = nothing in common."""
    return float(np.corrcoef(a.ravel().astype(float), b.ravel().astype(float))[0, 1])


def is_near(pixel: ImageArray, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() < 60)


# ---------------------------------------------------------------------- the file
def test_overlay_is_h264_that_starts_fast_and_says_nothing_of_the_source(filmed: Filmed, tmp_path: Path) -> None:
    out = tmp_path / "overlay.mp4"
    write_overlay(filmed.path, filmed.measurement, out)
    with av.open(str(out)) as container:
        (stream,) = container.streams
        context = stream.codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 270, 480)
        assert context.profile in {"High", "Main"}
        assert not {"title", "comment", "location", "creation_time"} & {*container.metadata, *stream.metadata}
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert b"Zoe" not in content
    assert [file.name for file in tmp_path.iterdir()] == ["overlay.mp4"]


def test_every_frame_keeps_its_own_time(filmed: Filmed, tmp_path: Path) -> None:
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4")
    time_s, _ = pictures(tmp_path / "overlay.mp4")
    assert time_s == pytest.approx(filmed.series.time_s, abs=0.002)


def test_odd_size_loses_one_row_and_column(tmp_path: Path) -> None:
    seated = replace(subject(), scale=0.5033)
    path = tmp_path / "odd.mp4"
    series = replace(seated.landmarks(), width_px=271, height_px=483)
    film(path, series, "yuv444p")
    measurement = replace(measurement_of(seated, path), landmarks=series)
    write_overlay(path, measurement, tmp_path / "overlay.mp4")
    assert pictures(tmp_path / "overlay.mp4")[1][0].shape == (482, 270, 3)


def test_progress_counts_to_the_last_frame(filmed: Filmed, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4", on_progress=lambda done, total: told.append((done, total)))
    n = len(filmed.series.time_s)
    assert told == [(i + 1, n) for i in range(n)]


@pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt])
def test_nothing_is_left_of_an_overlay_that_breaks_off(filmed: Filmed, tmp_path: Path, trouble: type[BaseException]) -> None:
    def stop(done: int, total: int) -> None:
        if done == 20:
            raise trouble

    with pytest.raises(trouble):
        write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4", on_progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_older_overlay_survives_one_that_breaks_off(filmed: Filmed, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise RuntimeError

    out = tmp_path / "overlay.mp4"
    out.write_bytes(b"older")
    with pytest.raises(RuntimeError):
        write_overlay(filmed.path, filmed.measurement, out, on_progress=stop)
    assert out.read_bytes() == b"older"


def test_missing_folder_is_named(filmed: Filmed, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"overlay\.mp4"):
        write_overlay(filmed.path, filmed.measurement, tmp_path / "nowhere" / "overlay.mp4")


def test_folder_is_not_overwritten(filmed: Filmed, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="a folder"):
        write_overlay(filmed.path, filmed.measurement, tmp_path)


def test_clip_itself_is_not_overwritten(filmed: Filmed, tmp_path: Path) -> None:
    link = tmp_path / "link.mp4"
    link.symlink_to(filmed.path)
    for out in (filmed.path, link):
        with pytest.raises(OutputError, match="the clip itself"):
            write_overlay(filmed.path, filmed.measurement, out)


def test_another_clip_than_the_measured_one_is_refused(filmed: Filmed, tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    film(other, filmed.series, "yuv444p")
    with pytest.raises(ClipError, match="not the file that was measured"):
        write_overlay(other, filmed.measurement, tmp_path / "overlay.mp4")


# ---------------------------------------------------------------------- what is drawn
def shank_middle(series: LandmarkSeries, side: Side, frame: int) -> tuple[int, int]:
    x, y = (0.5 * series.image_px[frame, of_side("knee", side)] + 0.5 * series.image_px[frame, of_side("ankle", side)]).round()
    return int(y), int(x)


def test_shanks_have_the_colour_of_their_side(filmed: Filmed, tmp_path: Path) -> None:
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4")
    rgb = pictures(tmp_path / "overlay.mp4")[1][35]  # the hold of internal rotation
    assert is_near(rgb[shank_middle(filmed.series, Side.RIGHT, 35)], BLUE)
    assert is_near(rgb[shank_middle(filmed.series, Side.LEFT, 35)], VERMILLION)


def test_mirrored_picture_stays_as_filmed_and_sides_stay_the_persons(filmed: Filmed, tmp_path: Path) -> None:
    mirrored = replace(filmed.measurement, mirrored=True)
    write_overlay(filmed.path, mirrored, tmp_path / "overlay.mp4")
    rgb = pictures(tmp_path / "overlay.mp4")[1][35]
    y, x = shank_middle(filmed.series, Side.RIGHT, 35)
    assert is_near(rgb[y, filmed.series.width_px - x], BLUE)
    corner = np.s_[280:400, :40]
    assert likeness(rgb[corner], original(filmed)[35][corner]) > 0.9


@pytest.mark.parametrize("side", Side)
def test_drawn_shank_has_the_reported_angle(side: Side) -> None:
    measurement = measurement_of(subject())
    rotation = measurement.rotation[side]
    points = angles.steady_points(measurement.landmarks, SETTINGS)
    knee, ankle = points[:, of_side("knee", side)] + [3.0, 2.0], points[:, of_side("ankle", side)]
    held = held_knee_px(knee, ankle, side.lateral_x * rotation.from_vertical_deg)
    assert side.lateral_x * from_down_deg(ankle - held) == pytest.approx(rotation.from_vertical_deg)
    assert np.abs(held - knee).max() < 20


def test_bar_tells_a_swing_from_its_hold_and_from_rest(filmed: Filmed, tmp_path: Path) -> None:
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4")
    rgb = pictures(tmp_path / "overlay.mp4")[1]
    rest, swing, hold = (rgb[i][-4:, :20] for i in (5, 20, 35))
    assert rest.std() > 40  # the picture itself
    assert is_near(swing.mean(axis=(0, 1)), (32, 32, 32))
    assert is_near(hold.mean(axis=(0, 1)), BLUE)


def test_bar_of_a_rep_that_does_not_count_is_grey(filmed: Filmed, tmp_path: Path) -> None:
    hip = filmed.measurement.hips[Side.RIGHT]
    spoiled = replace(hip, reps=tuple(replace(rep, usable=False, reasons=(Reason.HIDDEN,)) for rep in hip.reps))
    measurement = replace(filmed.measurement, hips={**filmed.measurement.hips, Side.RIGHT: spoiled})
    write_overlay(filmed.path, measurement, tmp_path / "overlay.mp4")
    assert is_near(pictures(tmp_path / "overlay.mp4")[1][35][-4:, :20].mean(axis=(0, 1)), (90, 90, 90))


@pytest.mark.parametrize(
    ("angle_deg", "text"),
    [
        pytest.param(31.6, "R IR 32°", id="inward"),
        pytest.param(-18.2, "R ER 18°", id="outward"),
        pytest.param(-0.3, "R 0°", id="rest"),
    ],
)
def test_angle_is_named_by_its_direction(angle_deg: float, text: str) -> None:
    assert overlay.angle_text("R", angle_deg) == text


def test_a_still_has_numbers_but_no_words(filmed: Filmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    kept: dict[int, tuple[list[str], ImageArray]] = {}
    draw = overlay.sprite

    def sprite(text: str, *look: object) -> ImageArray:
        written.append(text)
        return draw(text, *look)  # type: ignore[arg-type]

    def keep(frame: int, rgb: ImageArray) -> None:
        kept[frame] = written[-2:], rgb

    monkeypatch.setattr(overlay, "sprite", sprite)
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4", on_picture=keep)
    texts, rgb = kept[35]  # the hold of internal rotation
    assert [re.fullmatch(r"[RL] \d+°", text) is not None for text in texts] == [True, True]
    assert {text[0] for text in texts} == {"R", "L"}
    assert is_near(rgb[shank_middle(filmed.series, Side.RIGHT, 35)], BLUE)
    assert likeness(original(filmed)[35][-40:], rgb[-40:]) > 0.9
    assert likeness(original(filmed)[35][-40:], pictures(tmp_path / "overlay.mp4")[1][35][-40:]) < 0.5


def a_rep(**changes: object) -> Rep:
    return replace(Rep(Side.LEFT, Direction.EXTERNAL, 1.0, 2.0, 3.0, 4.0, 18.4, 18.4, True, True), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rep", "hold", "text"),
    [
        pytest.param(a_rep(), False, "L external, rep 2: 18°", id="swing"),
        pytest.param(a_rep(), True, "L external, rep 2: 18° hold", id="hold"),
        pytest.param(
            a_rep(usable=False, reasons=(Reason.NO_HOLD, Reason.BOTH_LEGS)),
            False,
            "L external, rep 2: not counted (both legs moved)",
            id="does not count",
        ),
    ],
)
def test_rep_is_told_in_words(rep: Rep, hold: bool, text: str) -> None:
    assert overlay.rep_text("L", overlay.Now(rep, 2, hold)) == text


# ---------------------------------------------------------------------- faces
def head_cutting(series: LandmarkSeries) -> tuple[slice, slice]:
    x, y = series.image_px[0, Landmark.NOSE].astype(int)
    return slice(y - 35, y + 30), slice(x - 25, x + 25)


def test_head_is_blurred_and_legs_are_not(filmed: Filmed, tmp_path: Path) -> None:
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4")
    head, feet = head_cutting(filmed.series), np.s_[300:400, 180:260]
    for before, after in zip(original(filmed), pictures(tmp_path / "overlay.mp4")[1], strict=True):
        assert after[head].std() < 0.4 * before[head].std()
        assert likeness(before[head], after[head]) < 0.5
        assert likeness(before[feet], after[feet]) > 0.9


def test_head_is_left_alone_if_that_is_wanted(filmed: Filmed, tmp_path: Path) -> None:
    write_overlay(filmed.path, filmed.measurement, tmp_path / "overlay.mp4", show_face=True)
    head = head_cutting(filmed.series)
    assert likeness(original(filmed)[50][head], pictures(tmp_path / "overlay.mp4")[1][50][head]) > 0.9


def test_with_other_people_the_whole_width_is_blurred(filmed: Filmed, tmp_path: Path) -> None:
    second = Finding.info(FindingCode.SECOND_PERSON, n=2)
    write_overlay(filmed.path, replace(filmed.measurement, findings=(second,)), tmp_path / "overlay.mp4")
    band = np.s_[:140, :]
    assert likeness(original(filmed)[50][band], pictures(tmp_path / "overlay.mp4")[1][50][band]) < 0.4


def boxes(series: LandmarkSeries, others: bool = False) -> FloatArray:
    return face_blur.boxes_to_blur(series, SETTINGS.min_visibility, others=others)


def without_face(series: LandmarkSeries, start_s: float, end_s: float) -> LandmarkSeries:
    visibility = series.visibility.copy()
    gone = (series.time_s >= start_s) & (series.time_s < end_s)
    visibility[np.ix_(gone, FACE)] = 0.1
    return replace(series, visibility=visibility)


def test_box_holds_the_head_with_its_hair() -> None:
    left, top, right, bottom = boxes(subject().landmarks())[0]
    nose = subject().landmarks().image_px[0, Landmark.NOSE]
    shoulders_px = 75.0  # a head is about 0.42 of this wide and 0.65 of it high
    assert nose[0] - left > 0.3 * shoulders_px
    assert right - nose[0] > 0.3 * shoulders_px
    assert nose[1] - top > 0.6 * shoulders_px
    assert bottom - nose[1] > 0.5 * shoulders_px


def test_short_loss_of_the_face_keeps_a_wider_box_at_its_place() -> None:
    whole = subject().landmarks()
    lost = boxes(without_face(whole, 1.0, 1.8))
    known, bridged = lost[0], lost[np.searchsorted(whole.time_s, 1.4)]
    assert (bridged[:2] < known[:2]).all()
    assert (bridged[2:] > known[2:]).all()
    assert bridged[2] - bridged[0] < whole.width_px


def test_long_loss_of_the_face_blurs_everything_above_the_shoulders() -> None:
    whole = subject().landmarks()
    lost = boxes(without_face(whole, 0.5, 3.0))
    assert list(lost[np.searchsorted(whole.time_s, 1.7)]) == [0, 0, 270, 170]


def test_face_and_shoulders_out_of_sight_blur_the_upper_third() -> None:
    series = subject().landmarks()
    visibility = series.visibility.copy()
    visibility[:, : Landmark.LEFT_HIP] = 0.1
    assert list(boxes(replace(series, visibility=visibility))[0]) == [0, 0, 270, 160]


def test_where_nobody_is_found_the_whole_picture_is_blurred() -> None:
    series = subject().landmarks()
    image_px = series.image_px.copy()
    image_px[30:] = np.nan
    lost = boxes(replace(series, image_px=image_px))
    assert list(lost[-1]) == [0, 0, 270, 480]
    assert lost[29, 3] < 200


def test_face_below_the_shoulders_is_not_believed() -> None:
    series = subject().landmarks()
    image_px = series.image_px.copy()
    image_px[:, FACE] += [0, 150]
    assert list(boxes(replace(series, image_px=image_px))[0]) == [0, 0, 270, 170]


def test_one_jump_of_the_landmarks_bares_nothing() -> None:
    series = subject().landmarks()
    image_px = series.image_px.copy()
    image_px[50, FACE] += [80, 0]
    calm, jumped = boxes(series)[50], boxes(replace(series, image_px=image_px))[50]
    assert jumped[0] <= calm[0]
    assert jumped[2] > calm[2]


def test_blur_keeps_nothing_but_a_few_mean_colours() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (120, 90, 3), dtype=np.uint8)
    whole = np.array([0, 0, 90, 120])
    one, shuffled = picture.copy(), picture.reshape(8, 15, 6, 15, 3)[:, ::-1, :, ::-1].reshape(120, 90, 3).copy()
    face_blur.blur(one, whole)
    face_blur.blur(shuffled, whole)
    assert np.abs(one.astype(int) - shuffled).max() <= 1  # cells of 15 px: what is within them is gone
    assert not np.array_equal(one, picture)


@pytest.mark.parametrize("box", [[0, 0, 0, 0], [5, 5, 6, 40], [0, 0, 1, 1]], ids=["empty", "a column", "one pixel"])
def test_blur_takes_any_box(box: list[int]) -> None:
    face_blur.blur(np.zeros((40, 40, 3), np.uint8), np.array(box))


# ---------------------------------------------------------------------- with the real network
@pytest.mark.slow
@pytest.mark.pose
def test_overlay_of_a_real_clip(tmp_path: Path, measured_sample: Callable[[str], Measurement]) -> None:
    path, measurement = SAMPLES / "p07_oneleg.mp4", measured_sample("p07_oneleg")
    write_overlay(path, measurement, tmp_path / "overlay.mp4")
    time_s, after = pictures(tmp_path / "overlay.mp4")
    before = original(Filmed(path, measurement))
    assert time_s == pytest.approx(measurement.landmarks.time_s, abs=0.002)
    assert len(after) == len(before)
    nose_x, nose_y = measurement.landmarks.image_px[60, Landmark.NOSE].astype(int)
    eyes = np.s_[nose_y - 20 : nose_y + 10, nose_x - 20 : nose_x + 20]
    assert after[60][eyes].std() < 0.5 * before[60][eyes].std()
    window = np.s_[:200, 700:900]
    assert likeness(before[60][window], after[60][window]) > 0.9
