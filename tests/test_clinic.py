"""Results against a goniometer's table: what is paired, what is averaged, what is left over."""

import json

import pytest

from hipcv.codes import FindingCode, Verdict
from hipcv.errors import UnreadableResult
from hipcv.landmarks import Side
from hipcv.measurement import Asymmetry, Difference, Finding
from hipcv.records.document import to_json
from hipcv.validation.against_goniometer import compare_with_goniometer
from hipcv.validation.comparison import Reference
from hipcv.validation.results import read_result
from hipcv.validation.unwarned import wrong_without_warning
from tests.builders import a_clip, a_hip, a_measurement, a_range

HEADER = "clip,side,direction,degrees\n"


def a_result(right=(35.0, 40.0), left=(30.0, 45.0), **choices):
    def hip(side, internal, external):
        ranges = {"internal_rotation_deg": a_range(internal, 4.0), "external_rotation_deg": a_range(external, 4.0)}
        return a_hip(side, **ranges, total_deg=a_range(internal + external, 5.0))

    difference = Difference(right[0] - left[0], right[0] - left[0] - 6, right[0] - left[0] + 6, Verdict.WITHIN_ERROR)
    hips = {Side.RIGHT: hip(Side.RIGHT, *right), Side.LEFT: hip(Side.LEFT, *left)}
    return a_measurement(clip=a_clip(), hips=hips, asymmetry=Asymmetry(difference, None, None), **choices)


@pytest.fixture
def compare(tmp_path):
    """Write a table and results by name (a measurement, or the text of a file), and compare them."""

    def compared(lines, **results):
        folder = tmp_path / "results"
        folder.mkdir(exist_ok=True)
        for name, content in results.items():
            (folder / f"{name}.json").write_text(content if isinstance(content, str) else to_json(content), encoding="utf-8")
        (tmp_path / "table.csv").write_text(HEADER + lines, encoding="utf-8")
        return compare_with_goniometer(folder, tmp_path / "table.csv")

    return compared


def test_repeated_readings_are_averaged_whatever_the_clip_is_called(compare):
    result = compare("p1,R,IR,33\np1.MP4,right,internal,36\np1.json,r,ir,36\n", p1=a_result())
    (row,) = result.rows
    assert (row.clip, row.side, row.quantity, row.true_deg, row.measured_deg) == ("p1", "right", "internal", 35.0, 35.0)
    assert (row.low_deg, row.high_deg) == (31.0, 39.0)
    assert result.reference is Reference.GONIOMETER
    assert (result.n_clips, result.model, result.failures) == (1, "full", ())


def test_a_total_is_the_sum_unless_it_was_read(compare):
    summed = compare("p1,R,IR,33\np1,R,ER,40\n", p1=a_result())
    assert [row.true_deg for row in summed.of("total")] == [73.0]
    read = compare("p1,R,IR,33\np1,R,ER,40\np1,R,total,70\n", p1=a_result())
    assert [row.true_deg for row in read.of("total")] == [70.0]


def test_a_difference_between_the_hips_is_compared_where_both_were_read(compare):
    (row,) = compare("p1,R,IR,33\np1,L,IR,30\np1,R,ER,33\n", p1=a_result()).asymmetry
    assert (row.quantity, row.true_deg, row.measured_deg, row.inside) == ("internal", 3.0, 5.0, True)


def test_nothing_is_dropped_in_silence(compare):
    result = compare(
        "p1,R,IR,33\np1,L,ER,40\np9.mov,R,IR,30\np9.mov,R,ER,30\np1,middle,IR,3\n",
        p1=a_measurement(),
        p2=a_measurement(),
        broken="{",
        other='{"schema": "hipcv-validation/1"}',
        altered=json.dumps({"schema": "hipcv-measurement/1", "hips": {}}),
    )
    assert len(result.rows) == 1
    fault, *unreadable, lost, missing = result.failures
    assert fault.startswith("table.csv, line 6: ")
    assert [line.split(":")[0] for line in unreadable] == ["altered.json", "broken.json", "other.json"]
    assert all(line.endswith(".") for line in unreadable)
    assert '"hipcv-measurement/1" is needed' in unreadable[2]
    assert lost == "p9.mov: no result p9.json in the folder (lines 4, 5 of the table)"
    assert missing == "p1: left external, line 3 of the table"
    assert result.unpaired == ("p1: left internal, right external, right total", "p2: no line of the table")
    assert result.warned == {"p1"}


@pytest.mark.parametrize(("side", "n"), [(Side.RIGHT, 0), (Side.LEFT, 1)], ids=["of this leg", "of the other leg"])
def test_a_warning_in_a_result_counts_for_the_leg_it_names(compare, side, n):
    finding = Finding.warning(FindingCode.KNEE_TRAVEL, side=side, travel_percent=30.0)
    result = compare("p1,R,IR,29\n", p1=a_result(findings=(finding,)))
    assert result.warned_legs == {("p1", side.value)}
    assert len(wrong_without_warning(result)) == n


def test_a_result_of_0_1_0_does_not_say_which_leg_it_warns_of(compare):
    document = json.loads(to_json(a_result(findings=(Finding.warning(FindingCode.NO_REST, side=Side.RIGHT),))))
    del document["findings"][0]["values"]
    result = compare("p1,R,IR,29\n", p1=json.dumps(document))
    assert (result.warned, result.warned_legs) == ({"p1"}, frozenset())
    assert len(wrong_without_warning(result)) == 1


def test_a_table_that_meets_no_result_is_no_error(compare):
    result = compare("p9,R,IR,30\n", p1=a_result())
    assert (result.rows, result.model) == ((), "unknown")
    assert len(result.failures) == 1


@pytest.mark.parametrize("field", ["value", "low"])
@pytest.mark.parametrize("bad", [None, "wide", float("inf")], ids=["nothing", "a word", "no end"])
def test_a_result_with_an_angle_that_is_none_is_refused(tmp_path, field, bad):
    document = json.loads(to_json(a_result()))
    document["hips"]["left"]["total_deg"][field] = bad
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UnreadableResult, match="missing or altered"):
        read_result(tmp_path / "a.json")


@pytest.mark.parametrize(("name", "part"), [("nowhere", "no such folder"), (".", "no result in this folder")])
def test_a_folder_without_results_is_refused_in_a_sentence(tmp_path, name, part):
    (tmp_path / "p1.truth.json").write_text("{}", encoding="utf-8")
    (tmp_path / "table.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(UnreadableResult, match=rf"{part}.*\.$"):
        compare_with_goniometer(tmp_path / name, tmp_path / "table.csv")
