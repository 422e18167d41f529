from dataclasses import replace
from pathlib import Path

import matplotlib
import matplotlib.image
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from hipcv.codes import Reason, Severity
from hipcv.errors import OutputError
from hipcv.landmarks import Side
from hipcv.measurement import Finding, Measurement, Range, Rep
from hipcv.rendering.figure import draw_figure, interval_text, printable, write_figure
from hipcv.values import Direction, Zero
from tests.builders import Subject, both_legs, still_deg, swings_deg, written
from tests.test_overlay import measurement_of


@pytest.fixture(scope="module")
def measurement() -> Measurement:
    return measurement_of(both_legs((35, 40), (30, 38)))


def panel_words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def words(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text))


def with_reps(measurement: Measurement, n_pairs: int, seconds: float, reasons: tuple[Reason, ...] = (), spoiled: int = 1) -> Measurement:
    """The same with `n_pairs` of internal and external repetitions of the right leg, back to back; the `reasons` spoil every n-th."""
    reps = []
    for i in range(2 * n_pairs):
        start, direction = i * seconds, list(Direction)[i % 2]
        times = (start, start + 0.3 * seconds, start + 0.7 * seconds, start + seconds)
        reps.append(
            Rep(
                Side.RIGHT, direction, *times, 30.0 + i % 5, 30.0, True, *((False, reasons) if reasons and i % spoiled == 0 else (True, ()))
            )
        )
    hips = {**measurement.hips, Side.RIGHT: replace(measurement.hips[Side.RIGHT], reps=tuple(reps))}
    return replace(measurement, hips=hips, clip=replace(measurement.clip, duration_s=2 * n_pairs * seconds))


def test_figure_is_a_png_with_something_on_it(measurement: Measurement, tmp_path: Path) -> None:
    write_figure(measurement, tmp_path / "hips.png")
    assert (tmp_path / "hips.png").read_bytes().startswith(b"\x89PNG")
    picture = matplotlib.image.imread(tmp_path / "hips.png")
    assert picture.shape[:2] == (1150, 1400)
    assert 0.02 < (picture[..., :3] < 0.9).any(axis=2).mean() < 0.6
    assert [file.name for file in tmp_path.iterdir()] == ["hips.png"]


def test_missing_folder_is_named(measurement: Measurement, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"hips\.png"):
        write_figure(measurement, tmp_path / "nowhere" / "hips.png")


def test_nothing_is_left_of_a_figure_that_fails(measurement: Measurement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half_written(self: Figure, path: Path, **_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", half_written)
    with pytest.raises(OutputError, match="No space left"):
        write_figure(measurement, tmp_path / "hips.png")
    assert list(tmp_path.iterdir()) == []


def test_global_settings_of_matplotlib_are_left_alone(measurement: Measurement) -> None:
    before = dict(matplotlib.rcParams)
    draw_figure(measurement)
    assert dict(matplotlib.rcParams) == before


def test_numbers_intervals_zero_and_intended_use_are_below(measurement: Measurement) -> None:
    said = words(draw_figure(measurement))
    for hip in measurement.hips.values():
        for span in (hip.internal_rotation_deg, hip.external_rotation_deg, hip.total_deg):
            assert interval_text(span) in said
    for expected in (
        "subject.mp4",
        "zero: vertical",
        "95 % interval",
        "Measurement aid; not a diagnosis.",
        "external",
        "internal",
    ):
        assert expected in said


def test_zero_by_the_picture_is_told(measurement: Measurement) -> None:
    hips = {side: replace(hip, zero=Zero.GRAVITY) for side, hip in measurement.hips.items()}
    assert "zero: picture's vertical" in words(draw_figure(replace(measurement, hips=hips)))


def test_each_plateau_carries_its_value(measurement: Measurement) -> None:
    right, left = draw_figure(measurement).axes
    for axes, side in ((right, Side.RIGHT), (left, Side.LEFT)):
        assert sorted(panel_words(axes)) == sorted(f"{rep.end_range_deg:.0f}°" for rep in measurement.hips[side].reps)


def test_leg_without_repetitions_is_shown_smaller_with_a_note() -> None:
    right = swings_deg((0, 1), (30, 0.6), (-30, 0.6), (0, 1))
    figure = draw_figure(measurement_of(Subject(left_deg=still_deg(len(right)), right_deg=right)))
    tested, untested = figure.axes
    assert untested.get_position().height < 0.6 * tested.get_position().height
    assert untested.get_title(loc="left") == "Left hip: no repetition"


def test_leg_that_was_never_seen_is_noted(measurement: Measurement, tmp_path: Path) -> None:
    nothing = np.full(len(measurement.landmarks.time_s), np.nan)
    left = replace(measurement.rotation[Side.LEFT], from_vertical_deg=nothing, from_rest_deg=nothing)
    bare = replace(measurement.hips[Side.LEFT], reps=(), internal_rotation_deg=None, external_rotation_deg=None, total_deg=None)
    unseen = replace(measurement, rotation={**measurement.rotation, Side.LEFT: left}, hips={**measurement.hips, Side.LEFT: bare})
    write_figure(unseen, tmp_path / "hips.png")
    assert draw_figure(unseen).axes[1].get_title(loc="left") == "Left hip: not seen"


def test_rep_that_does_not_count_has_a_reason_and_no_value(measurement: Measurement) -> None:
    figure = draw_figure(with_reps(measurement, 2, 4.0, (Reason.NO_HOLD, Reason.BOTH_LEGS)))
    assert panel_words(figure.axes[0]) == ["both legs moved"] * 4
    assert "Hatched: not counted (both legs moved)" in words(figure)


def a_finding(severity: Severity, number: int, n_words: int = 4) -> Finding:
    return written(severity, f"Seen at {number}.5 s{' and more' * n_words}. Film again.")


def test_caveats_stand_below_the_numbers_and_remarks_do_not(measurement: Measurement) -> None:
    findings = (a_finding(Severity.SERIOUS, 1), a_finding(Severity.WARNING, 2), a_finding(Severity.INFO, 3))
    said = words(draw_figure(replace(measurement, findings=findings)))
    assert "!! Seen at 1.5 s and more" in said
    assert "!  Seen at 2.5 s and more" in said
    assert "3.5" not in said
    assert "Film again" not in said


def test_of_many_caveats_the_first_three_are_told_and_the_others_counted(measurement: Measurement) -> None:
    findings = tuple(a_finding(Severity.WARNING, number) for number in range(1, 6))
    said = words(draw_figure(replace(measurement, findings=findings)))
    assert "Seen at 3.5" in said
    assert "Seen at 4.5" not in said
    assert "and 2 more" in said


def test_a_figure_without_caveats_keeps_its_size(measurement: Measurement) -> None:
    remark = replace(measurement, findings=(a_finding(Severity.INFO, 1),))
    assert draw_figure(remark).get_figheight() == draw_figure(measurement).get_figheight() == 11.5


def test_end_range_with_a_tilted_body_has_a_sign_that_is_explained(measurement: Measurement) -> None:
    right = measurement.hips[Side.RIGHT]
    reps = (replace(right.reps[0], reasons=(Reason.COMPENSATION,)), *right.reps[1:])
    figure = draw_figure(replace(measurement, hips={**measurement.hips, Side.RIGHT: replace(right, reps=reps)}))
    assert [text for text in panel_words(figure.axes[0]) if "*" in text] == [f"{reps[0].end_range_deg:.0f}°*"]
    assert "* the body tilted with it" in words(figure)
    assert "tilted" not in words(draw_figure(measurement))


def test_long_caveats_do_not_run_into_anything(measurement: Measurement) -> None:
    findings = (*(a_finding(Severity.SERIOUS, number, 30) for number in range(1, 4)), a_finding(Severity.WARNING, 4))
    figure = draw_figure(replace(measurement, findings=findings))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    frames = [text.get_window_extent(canvas.get_renderer()) for text in [*figure.texts, figure.axes[1].xaxis.label]]
    for i, frame in enumerate(frames):
        assert not any(frame.overlaps(other) for other in frames[:i])
        assert frame.x1 <= 1400
        assert frame.y0 >= 0


@pytest.mark.parametrize(
    ("n_pairs", "seconds", "reasons", "n_texts"),
    [
        pytest.param(10, 3.0, (), 20, id="20 repetitions in a minute"),
        pytest.param(20, 1.5, (), 40, id="40 repetitions in a minute: upright numbers"),
        pytest.param(60, 1.0, (), 0, id="120 repetitions: no room for numbers"),
        pytest.param(3, 4.0, (Reason.BOTH_LEGS,), 6, id="some do not count"),
        pytest.param(10, 3.0, (Reason.BOTH_LEGS,), 20, id="some of 20 do not count"),
    ],
)
def test_texts_do_not_overlap(measurement: Measurement, n_pairs: int, seconds: float, reasons: tuple[Reason, ...], n_texts: int) -> None:
    figure = draw_figure(with_reps(measurement, n_pairs, seconds, reasons, spoiled=3))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    panel = figure.axes[0]
    frames = [text.get_window_extent(canvas.get_renderer()) for text in [*panel.texts, *figure.texts, panel.title, panel.yaxis.label]]
    frames = [frame for frame in frames if frame.width > 0]
    assert len(panel.texts) == n_texts
    for i, frame in enumerate(frames):
        assert not any(frame.overlaps(other) for other in frames[:i])
        assert frame.x0 >= 0
        assert frame.x1 <= 1400
        assert frame.y0 >= 0
        assert frame.y1 <= 1150


def test_name_of_the_clip_is_neither_formula_nor_missing_glyph(measurement: Measurement, tmp_path: Path) -> None:
    odd = replace(measurement, clip=replace(measurement.clip, name="Zoë $x_$ 患者\n.mp4"))
    write_figure(odd, tmp_path / "hips.png")
    assert "Zoë $x_$ ???.mp4" in words(draw_figure(odd))
    assert len(printable("a" * 300)) == 60


@pytest.mark.parametrize(
    ("span", "text"),
    [
        pytest.param(None, "–", id="not tested"),
        pytest.param(Range(33.2, 24.6, 42.1, 1.0, 3), "33° (25 to 42)", id="ordinary"),
        pytest.param(Range(6.0, -3.0, 15.0, 1.0, 3), "6° (−3 to 15)", id="interval below zero"),
    ],
)
def test_range_is_told_with_its_interval(span: Range | None, text: str) -> None:
    assert interval_text(span) == text
