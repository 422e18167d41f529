import json

import pytest

from hipcv.errors import UnreadableTable
from hipcv.study.read_tables import read_cohort
from hipcv.study.study import study
from tests.cohorts import an_angle, four_twice, write_tables

HEADER = "clip,subject,session,group,side,direction,value_deg,low_deg,high_deg,sd_deg,n_reps,reference_deg,zero,serious,findings"
LINE = "a.mp4,S1,1,control,right,internal,34.5,30,39,1.2,3,33,rest,false,clip_cut;blur"


def folder_with(tmp_path, text, encoding="utf-8", **others):
    (tmp_path / "measurements.csv").write_bytes(text.encode(encoding))
    for name, content in others.items():
        (tmp_path / f"{name}").write_text(content, encoding="utf-8")
    return tmp_path


def test_what_was_written_is_read(tmp_path):
    cohort = four_twice()
    write_tables(cohort, tmp_path)
    read = read_cohort(tmp_path)
    assert read.angles == cohort.angles
    assert read.differences == cohort.differences
    assert (read.faults, read.n_unmeasured, read.notice_direction_deg, read.notice_total_deg) == ((), 0, 10, 12)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(f"{HEADER}\n{LINE}\n", "utf-8", id="as it was written"),
        pytest.param(f"{HEADER}\n{LINE}\n", "utf-8-sig", id="with a byte order mark"),
        pytest.param(
            f"{HEADER.replace(',', ';')}\r\n"
            + LINE.replace("clip_cut;blur", "clip_cut").replace(",", ";").replace("34.5", "34,5")
            + "\r\n",
            "utf-8-sig",
            id="saved again by a spreadsheet of Europe",
        ),
        pytest.param(f"{HEADER}\n{LINE.replace('false', 'FALSCH')}\n", "utf-8", id="a German word for false"),
        pytest.param(f"{HEADER}\n{LINE}\n".replace(",", "\t"), "utf-16", id="saved as Unicode text, with tabs"),
        pytest.param(
            f"{HEADER}\n\n{LINE.replace('34.5', '34.5°').replace('right', 'Right').replace('false', 'FALSE')}", "utf-8", id="capitals"
        ),
        pytest.param(
            "value_deg,direction,side,clip,subject,session,group,reference_deg,low_deg,high_deg\n34.5,internal,right,a.mp4,S1,1,control,33,30,39",
            "utf-8",
            id="another order",
        ),
    ],
)
def test_tables_as_they_come_back_from_spreadsheets(tmp_path, text, encoding):
    (angle,) = read_cohort(folder_with(tmp_path, text, encoding)).angles
    expected = an_angle(34.5, "S1", clip="a.mp4", group="control", low_deg=30, high_deg=39, reference_deg=33)
    assert angle == expected


def test_columns_that_nobody_filled_in_may_lack(tmp_path):
    (angle,) = read_cohort(folder_with(tmp_path, "clip,side,direction,value_deg\na.mp4,left,external,40\n")).angles
    assert (angle.subject, angle.session, angle.group, angle.reference_deg, angle.serious) == ("", "", "", None, False)


def test_a_dataset_of_a_german_spreadsheet_with_words_for_true_and_false(tmp_path):
    lines = [LINE.replace("clip_cut;blur", ""), LINE.replace("a.mp4", "b.mp4").replace("false", "true").replace("clip_cut;blur", "")]
    text = "\r\n".join([HEADER, *lines, ""]).replace(",", ";").replace("34.5", "34,5").replace("false", "FALSCH").replace("true", "WAHR")
    found = read_cohort(folder_with(tmp_path, text, "utf-8-sig"))
    assert [(angle.value_deg, angle.serious) for angle in found.angles] == [(34.5, False), (34.5, True)]
    assert found.faults == ()


@pytest.mark.parametrize("blank", ["n/a", "NA", "-", "–"])
def test_a_word_for_nothing_is_no_reference_and_no_date(tmp_path, blank):
    text = f"{HEADER},date\n{LINE.replace(',33,', f',{blank},').replace(',1,control', ',,control')},{blank}\n"
    found = read_cohort(folder_with(tmp_path, text))
    assert [(angle.reference_deg, angle.session) for angle in found.angles] == [(None, "")]
    assert found.faults == ()


def test_an_empty_angle_is_not_measured_and_no_fault(tmp_path):
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n{LINE.replace('right', 'left').replace('34.5', '')}\n"))
    assert (len(found.angles), found.n_unmeasured, found.faults) == (1, 1, ())


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        pytest.param("34.5", "about 30", 'value_deg is "about 30". Write degrees as a number', id="text in a number"),
        pytest.param("34.5", "nan", 'value_deg is "nan"', id="no number"),
        pytest.param("34.5", "3450", 'value_deg is "3450"', id="no angle"),
        pytest.param("34.5", "34500", 'value_deg is "34500", which a spreadsheet program may have made from', id="a thousands mark"),
        pytest.param("34.5", "12. Mai", 'value_deg is "12. Mai", which a spreadsheet program may have made from', id="a date"),
        pytest.param(",33,", ",?,", 'reference_deg is "?"', id="text in the reference"),
        pytest.param("34.5", "34,5", "16 cells, but the header has 15", id="decimal comma between commas"),
        pytest.param("right", "both", 'the side is "both"', id="side"),
        pytest.param("internal", "flexion", 'the direction is "flexion"', id="direction"),
        pytest.param("false", "maybe", 'serious is "maybe"', id="serious"),
        pytest.param("a.mp4", "", "the clip is missing", id="clip"),
        pytest.param("1.2", "1.2", "line 2 holds the same angle of the same clip", id="twice"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_number(tmp_path, old, new, part):
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n{LINE.replace(old, new, 1)}\n"))
    assert len(found.angles) == 1
    (fault,) = found.faults
    assert fault.said().startswith("measurements.csv, line 3: ")
    assert part in fault.said()
    assert fault.said().endswith(".")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("", 'the column "clip" is missing', id="empty"),
        pytest.param("clip,side,value_deg\na,left,30\n", 'the column "direction" is missing', id="a column less"),
        pytest.param("clip,clip,side,direction,value_deg\n", 'the column "clip" stands there twice', id="a column twice"),
        pytest.param(f"{HEADER}\n", "no line holds an angle", id="no line"),
        pytest.param(
            f"{HEADER}\n{LINE.replace('34.5', 'x')}\n",
            r"no line holds an angle that can be read. measurements.csv, line 2: value_deg is .*, or leave the cell empty\.$",
            id="no line that can be read",
        ),
    ],
)
def test_a_table_without_angles_is_refused(tmp_path, text, part):
    with pytest.raises(UnreadableTable, match=part):
        read_cohort(folder_with(tmp_path, text))


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(UnreadableTable, match="there is no measurements"):
        read_cohort(tmp_path)
    with pytest.raises(UnreadableTable, match="there is no such folder"):
        read_cohort(tmp_path / "nowhere")


def test_a_difference_is_as_serious_as_its_clip(tmp_path):
    asymmetry = "clip,quantity,value_deg\na.mp4,internal,-4\nb.mp4,internal,5\nb.mp4,total,\n"
    lines = f"{HEADER}\n{LINE.replace('false', 'true')}\n{LINE.replace('a.mp4', 'b.mp4')}\n"
    found = read_cohort(folder_with(tmp_path, lines, **{"asymmetry.csv": asymmetry}))
    assert [(one.clip, one.value_deg, one.serious) for one in found.differences] == [("a.mp4", -4, True), ("b.mp4", 5, False)]


def test_a_difference_is_of_whom_the_table_of_angles_names(tmp_path):
    asymmetry = "clip,subject,session,quantity,value_deg\na.mp4,,,internal,-4\ngone.mp4,S9,1,internal,9\n"
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n", **{"asymmetry.csv": asymmetry}))
    assert [(one.subject, one.session, one.group, one.value_deg) for one in found.differences] == [("S1", "1", "control", -4)]
    (fault,) = found.faults
    assert fault.said() == "asymmetry.csv: 1 clip is not in measurements.csv. Delete the lines there as well, or restore them here."


def test_a_damaged_table_of_differences_costs_nothing_else(tmp_path):
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n", **{"asymmetry.csv": 'clip,"quantity\n'}))
    assert len(found.angles) == 1
    assert "asymmetry.csv: this is no table" in found.faults[0].said()


def test_a_table_that_was_cut_off_in_a_line_is_seen(tmp_path):
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n{LINE.replace('right', 'left').partition(',1.2,')[0]}"))
    assert len(found.angles) == 1
    (fault,) = found.faults
    assert fault.said() == "measurements.csv, line 3: 9 cells, but the header has 15. Fill in what is missing."


def test_a_line_may_end_before_what_nobody_looks_at(tmp_path):
    found = read_cohort(folder_with(tmp_path, f"{HEADER},age\n{LINE.rpartition(',')[0]}\n"))
    assert (len(found.angles), found.faults) == (1, ())


def test_visits_are_known_from_every_table_and_by_their_dates_where_they_have_no_name(tmp_path):
    header = "clip,subject,session,date,side,direction,value_deg"
    lines = "a.mp4,S1,,2026-03-09,right,internal,30\nb.mp4,S1,,2026-03-01,right,internal,\n"
    failures = "clip,subject,session,date,code\nc.mp4,S1,,2026-02-01,no_person\n"
    found = read_cohort(folder_with(tmp_path, f"{header}\n{lines}", **{"failures.csv": failures}))
    assert found.visits == (("S1", "2026-03-09"), ("S1", "2026-03-01"), ("S1", "2026-02-01"))
    assert study(found).angles[0].session == "3"


def of_subjects(*subjects, session="1"):
    lines = [LINE.replace("a.mp4", f"{n}.mp4").replace(",S1,1,", f",{subject},{session},") for n, subject in enumerate(subjects)]
    return "\n".join([HEADER, *lines])


def test_a_subject_in_two_unicode_forms_or_with_odd_spaces_is_one(tmp_path):
    found = read_cohort(folder_with(tmp_path, of_subjects("J\u00f6rg 1", "Jo\u0308rg 1", "J\u00f6rg\u00a01 ", "J\u00f6rg 2")))
    assert [angle.subject for angle in found.angles] == ["J\u00f6rg 1"] * 3 + ["J\u00f6rg 2"]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        pytest.param("S1", "s1", 'the subjects "S1" and "s1" look like one person', id="capitals"),
        pytest.param("S1", "S01", 'the subjects "S01" and "S1" look like one person', id="a leading zero"),
        pytest.param("S1,1", "S1,01", 'the sessions "01" and "1" look like one session', id="session"),
        pytest.param("control", "Control", 'the groups "Control" and "control" look like one group', id="group"),
    ],
)
def test_names_that_look_alike_stop_a_study_before_they_cost_a_part_of_it(tmp_path, old, new, part):
    lines = f"{HEADER}\n{LINE}\n{LINE.replace('a.mp4', 'b.mp4').replace(old, new)}\n"
    with pytest.raises(UnreadableTable, match=f"measurements.csv: no study was computed: {part} .* another name."):
        read_cohort(folder_with(tmp_path, lines))


def test_a_subject_that_could_not_be_measured_is_compared_with_the_others(tmp_path):
    failures = "clip,subject,session,code\nc.mp4,s1,2,no_person\n"
    with pytest.raises(UnreadableTable, match='the subjects "S1" and "s1"'):
        read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n", **{"failures.csv": failures}))


def test_one_day_may_be_written_in_two_ways(tmp_path):
    lines = f"{of_subjects('S1', session='3.4.2026')}\n{LINE.replace(',1,', ',03.04.2026,')}\n"
    assert len(read_cohort(folder_with(tmp_path, lines)).angles) == 2


def test_external_references_that_count_the_other_way_round_are_told(tmp_path):
    line = LINE.replace("internal", "external").replace(",33,", ",-33,")
    lines = "\n".join(line.replace("a.mp4", f"{name}.mp4") for name in "abc")
    assert "turn the signs" in read_cohort(folder_with(tmp_path, f"{HEADER}\n{lines}\n")).faults[0].said()
    assert read_cohort(folder_with(tmp_path, f"{HEADER}\n{line}\n")).faults == ()


@pytest.mark.parametrize(
    "run",
    [
        {"software": {"hipcv": "0.1.0", "model": "full"}, "settings": {"notice_direction_deg": 8.0, "notice_total_deg": 15}},
        {"software": {"hipcv": "0.1.0", "model": "full", "settings": {"notice_direction_deg": 8, "notice_total_deg": 15.0}}},
    ],
    ids=["beside the versions", "among the versions"],
)
def test_versions_and_limits_are_those_of_the_run(tmp_path, run):
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n", **{"run.json": json.dumps(run)}))
    assert dict(found.software) == {"hipcv": "0.1.0", "model": "full"}
    assert (found.notice_direction_deg, found.notice_total_deg) == (8, 15)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_damaged_run_file_is_told_and_the_rest_is_read(tmp_path, text):
    found = read_cohort(folder_with(tmp_path, f"{HEADER}\n{LINE}\n", **{"run.json": text}))
    assert (len(found.angles), len(found.faults), found.notice_total_deg) == (1, 1, 12)
