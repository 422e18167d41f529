"""The trend over visits, made of documents whose numbers are written by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from hipcv.catalogues.words import Words, languages
from hipcv.codes import Quantity
from hipcv.landmarks import Side
from hipcv.records.visit import Kind, Visit
from hipcv.store.changes import ChangeVerdict, change_of_hip, variation_deg
from hipcv.web.parts import trend_charts, visits_view
from tests.test_changes import document, doubtful

EN = Words("en")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def visit(one=None, days=0.0):
    return Visit(f"{days}", NOON + timedelta(days=days), "", Kind.SINGLE, "", one or document())


def undecided():
    one = document()
    one["asymmetry"]["total_deg"]["verdict"] = "no_verdict"
    return one


def drawn(visits, points=trend_charts.of_hips):
    return trend_charts.trend(points(visits, Quantity.TOTAL, EN), Quantity.TOTAL, EN).to_dict()


def test_two_visits_of_one_minute_stay_two():
    points = trend_charts.of_hips([visit(), visit()], Quantity.TOTAL, EN)
    assert [(point.visit, point.side) for point in points] == [
        ("1. 02 Mar 2026", "Right"),
        ("1. 02 Mar 2026", "Left"),
        ("2. 02 Mar 2026", "Right"),
        ("2. 02 Mar 2026", "Left"),
    ]


def test_what_was_not_measured_has_no_point():
    one = document()
    one["hips"]["left"]["total_deg"] = one["asymmetry"]["total_deg"] = None
    assert [point.side for point in trend_charts.of_hips([visit(one)], Quantity.TOTAL, EN)] == ["Right"]
    assert trend_charts.of_difference([visit(one)], Quantity.TOTAL, EN) == []


def test_a_visit_with_a_serious_finding_is_hollow_and_one_of_another_set_up_is_dashed():
    visits = [visit(doubtful(document(), "serious")), visit(document(model="other"), 1), visit(days=2)]
    points = trend_charts.of_hips(visits, Quantity.TOTAL, EN)
    assert [(point.sound, point.alike) for point in points[::2]] == [(False, True), (True, False), (True, True)]
    assert list(trend_charts.caveats(visits, None, EN)) == [
        EN("visits.trend_doubtful", visits="1"),
        f"{EN('visits.trend_unlike', latest=3)}\n- {EN('visits.trend_why', visits='2', why=EN('visits.obstacle.model'))}",
    ]


def test_of_a_difference_without_a_verdict_the_point_is_hollow_and_a_sentence_says_so():
    visits = [visit(), visit(undecided(), 1)]
    assert [point.sound for point in trend_charts.of_difference(visits, Quantity.TOTAL, EN)] == [True, False]
    assert list(trend_charts.caveats(visits, Quantity.TOTAL, EN)) == [EN("visits.trend_no_verdict", visits="2")]
    assert list(trend_charts.caveats(visits, None, EN)) == []


@pytest.mark.parametrize("points", [trend_charts.of_hips, trend_charts.of_difference], ids=["hips", "difference"])
def test_hollow_and_dashed_are_drawn(points):
    layers = drawn([visit(), visit(days=1)], points)["layer"]
    filled = {(layer["transform"][0]["filter"], layer["mark"]["filled"]) for layer in layers if layer["mark"]["type"] == "point"}
    assert filled == {("datum.sound", True), ("!datum.sound", False)}
    dashed = {layer["encoding"]["strokeDash"]["condition"]["test"] for layer in layers if "strokeDash" in layer["encoding"]}
    assert dashed == {"datum.alike"}


def rows_of(chart):
    """The points of every layer with points, with how far each layer is drawn aside."""
    for layer in chart["layer"]:
        if layer["mark"]["type"] == "point":
            yield layer["mark"]["xOffset"], chart["datasets"][layer["data"]["name"]]


def test_visits_lie_at_their_days_and_those_of_one_day_and_its_sides_apart():
    chart = drawn([visit(), visit(days=0.01), visit(days=21)])
    places = {(apart, row["side"], row["at"][:10]) for apart, rows in rows_of(chart) for row in rows}
    assert {day for *_, day in places} == {"2026-03-02", "2026-03-23"}
    assert len({(apart, day) for apart, _, day in places}) == 6  # two sides of each visit, none on another
    assert {layer["encoding"]["x"]["type"] for layer in chart["layer"]} == {"temporal"}


def bands_of(visits, points=trend_charts.of_hips):
    chart = drawn(visits, points)
    bands = [chart["datasets"][layer["data"]["name"]] for layer in chart["layer"] if layer["mark"]["type"] == "area"]
    return [sorted({(row["from"], row["to"]) for row in band}) for band in bands]


def test_what_varies_by_itself_is_shaded_around_the_first_number_of_each_side():
    value = document()["hips"]["right"]["total_deg"]["value"]
    half = variation_deg(Quantity.TOTAL, same_day=False)
    assert bands_of([visit(), visit(days=21)]) == [[(value - half, value + half)]] * 2
    of_one_day = variation_deg(Quantity.TOTAL, same_day=True)
    assert bands_of([visit(), visit(days=0.01)]) == [[(value - of_one_day, value + of_one_day)]] * 2
    assert bands_of([visit(), visit(days=21)], trend_charts.of_difference) == [
        [(pytest.approx(-half * 2**0.5), pytest.approx(half * 2**0.5))]
    ]


def test_no_doubtful_number_has_a_band_around_it():
    later = document((35.0, 45.0))
    visits = [visit(doubtful(document(), "serious")), visit(later, 7), visit(later, 21)]
    value = later["hips"]["right"]["total_deg"]["value"]
    half = variation_deg(Quantity.TOTAL, same_day=False)
    assert bands_of(visits) == [[(value - half, value + half)]] * 2


def test_no_change_is_claimed_of_a_number_within_the_band():
    first, half = document(), variation_deg(Quantity.INTERNAL, same_day=False)
    for change in (0.0, 0.99 * half, -0.99 * half):
        later = document((30.0 + change, 40.0))
        judged = change_of_hip(first, later, Side.RIGHT, Quantity.INTERNAL, same_day=False)
        assert judged.verdict is not ChangeVerdict.CHANGED


def test_labels_stand_at_the_days_of_visits_and_are_not_too_many():
    noon = NOON.replace(tzinfo=None)
    assert [tick.date for tick in trend_charts.ticks([noon + timedelta(minutes=5), noon])] == [2]
    assert len(trend_charts.ticks(noon + timedelta(days=7 * week) for week in range(52))) <= 8


def test_the_trend_is_told_in_words():
    visits = [visit(), visit(document((32.0, 41.0)), 1)]
    assert trend_charts.trend_text(trend_charts.of_hips(visits, Quantity.TOTAL, EN), EN) == (
        "1. 02 Mar 2026: Right: 70° (67 … 73), Left: 70° (67 … 73); 2. 03 Mar 2026: Right: 73° (70 … 76), Left: 73° (70 … 76)"
    )
    assert trend_charts.trend_text(trend_charts.of_difference(visits[:1], Quantity.TOTAL, EN), EN) == "1. 02 Mar 2026: 0° (−4 … +4)"


# ---------------------------------------------------------------------- the table of changes
@pytest.mark.parametrize("language", languages())
def test_the_table_of_changes_has_heads_and_judges_each_row(language):
    words = Words(language)
    table = visits_view.table(document(), document((50.0, 40.0)), words, same_day=True)
    assert table.count('<th scope="col">') == 3
    assert table.count('<th scope="rowgroup"') == 3
    assert table.count('<th scope="row">') == 9
    assert table.count(f"{words('visits.verdict.changed')} (") == 4


def test_a_difference_without_a_verdict_is_no_change_in_the_table():
    table = visits_view.table(document(), undecided(), EN, same_day=True)
    assert table.count(EN("visits.no_verdict")) == 1
    assert table.count("<td>–</td>") == 1
