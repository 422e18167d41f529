from dataclasses import replace

import matplotlib.image
import pytest
from matplotlib.text import Text

from hipcv.validation.comparison import Ablation
from hipcv.validation.figure import draw_figure, write_figure
from tests.validations import a_validation, by_hand, nothing

TRUTH = ["Bland–Altman", "Measured against true", "Error against the angle", "Error against camera yaw", "Error against camera roll"]


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_the_panels_are_those_that_something_is_known_for():
    assert titles(draw_figure(a_validation())) == [*TRUTH, "Mean absolute error with one step left out"]
    assert titles(draw_figure(a_validation(ablation=()))) == TRUTH
    assert titles(draw_figure(by_hand())) == ["Bland–Altman", "Measured against goniometer", "Error against the angle"]


def test_bias_and_limits_are_written():
    # errors 1, -2, 0.5, -5: mean -1.375, SD of the sample 2.75
    text = words(draw_figure(a_validation()))
    for part in ("bias −1.4°", "limits −6.8 to +4.0°", "internal", "external"):
        assert part in text


def test_with_nothing_measured_the_picture_says_so():
    assert "Nothing could be compared." in words(draw_figure(nothing()))


def test_a_single_angle_is_drawn():
    draw_figure(a_validation(rows=a_validation().rows[:1])).canvas.draw()


@pytest.mark.slow
def test_the_picture_is_a_png_and_no_words_overlap(tmp_path):
    result = a_validation()
    write_figure(result, tmp_path / "p.png")
    assert matplotlib.image.imread(tmp_path / "p.png").shape[1] == 1400
    assert [path.name for path in tmp_path.iterdir()] == ["p.png"]
    for axes_words in word_boxes(draw_figure(result)):
        for index, (name, box) in enumerate(axes_words):
            for other, other_box in axes_words[index + 1 :]:
                assert not box.overlaps(other_box), (name, other)


def word_boxes(figure):
    """The words inside each panel with where they stand."""
    figure.canvas.draw()
    return [[(text.get_text(), text.get_window_extent()) for text in axes.texts] for axes in figure.axes]


@pytest.mark.parametrize("size", [1, 40])
def test_ablation_bars_that_have_no_number_are_left_out(size):
    known = replace(a_validation().ablation[0], step="space")
    steps = (known, Ablation("pelvis", None, None, None, 0, 0, size))
    text = words(draw_figure(a_validation(ablation=steps)))
    assert "rotation in space" in text
    assert "subtraction of pelvis tilt" not in text


def test_the_limits_of_agreement_lie_inside_the_panel():
    figure = draw_figure(a_validation())
    low_deg, high_deg = figure.axes[0].get_ylim()
    assert low_deg < -6.8
    assert high_deg > 4.0
