"""A study as it is shown: tables, sentences, Markdown, JSON, the picture, and the command."""

import io
import json
from dataclasses import replace

import matplotlib.image
import pytest
from rich.console import Console

from hipcv.catalogues.message import Message
from hipcv.cli import research
from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.study import words
from hipcv.study.figure import draw_figure, write_figure
from hipcv.study.json_report import to_json
from hipcv.study.markdown import methods, results, to_markdown
from hipcv.study.study import study
from tests.cohorts import a_cohort, an_angle, four_twice, write_tables
from tests.command import quick

TABLES = (words.retest_table, words.asymmetry_table, words.bias_table, words.limits_table, words.slope_table, words.group_table)


def of(*angles, **choices):
    return study(a_cohort(*angles, **choices))


@pytest.mark.parametrize("table_of", TABLES, ids=lambda table: table.__name__)
def test_every_table_fits_80_columns(table_of):
    found = study(four_twice())
    far = replace(
        found, cohort=replace(found.cohort, angles=tuple(replace(one, value_deg=one.value_deg + 40) for one in found.cohort.angles))
    )
    for one in (found, study(far.cohort)):
        table = table_of(one)
        assert table.lines
        widths = [max(len(line[column]) for line in (table.header, *table.lines)) for column in range(len(table.header))]
        assert sum(widths) + 2 * (len(widths) - 1) <= 80


def test_the_tables_say_the_figures():
    found = study(four_twice(software={"hipcv": "0.1.0", "mediapipe": "0.10.31", "model": "full"}))
    first = words.retest_table(found).lines[0]
    # MSE 11 / 6: SEM 1.35, MDC95 3.75; sessions differ by 0.5.
    assert (first[0], first[1], first[3][:3], first[4], first[5]) == ("internal, right", "4", "1.4", "3.8", "+0.5")
    assert words.asymmetry_table(found).lines[0] == ("internal", "4", "+1.0 ± 0.0", *["+1.0"] * 5, "±10: 0 (0 %)")
    assert words.bias_table(found).lines[2][:4] == ("internal, both", "8", "8", "4")
    assert words.group_table(found).lines[0] == ("all", "internal", "32.8 ± 5.9° (4)", "31.8 ± 5.9° (4)", "32.2 ± 5.9° (4)")


# ---------------------------------------------------------------------- what is missing
@pytest.mark.parametrize(
    ("found", "part"),
    [
        pytest.param(of(an_angle(30, "", "", clip="a.mp4")), "no clip names its subject", id="no subject"),
        pytest.param(of(an_angle(30, "a", ""), an_angle(30, "b", "")), "no clip names its session", id="no session"),
        pytest.param(
            of(an_angle(30, "a"), an_angle(31, "b")),
            "no subject has two sessions: fill in the columns subject and session of the manifest.",
            id="once",
        ),
        pytest.param(of(an_angle(30, "a"), an_angle(31, "a", "2")), "1 subject has two sessions; for a figure 3 are needed", id="too few"),
    ],
)
def test_one_sentence_says_why_there_is_no_reliability(found, part):
    (sentence,) = words.retest_sentences(found)
    assert part in sentence


def test_one_sentence_says_why_there_is_no_asymmetry_and_no_agreement():
    assert "asymmetry.csv holds no difference" in words.asymmetry_sentence(of(an_angle(30)))
    assert "no clip has a reference" in words.agreement_sentence(of(an_angle(30)))
    assert "1 subject with a reference; 3 are needed" in words.agreement_sentence(of(an_angle(30, reference_deg=31)))


def test_what_the_figures_stand_on_is_said():
    cohort = four_twice(n_unmeasured=2)
    serious = replace(cohort, angles=tuple(replace(angle, serious=angle.clip == "d2.mp4") for angle in cohort.angles))
    said = " ".join(words.standing(study(serious)))
    assert "7 clips of 4 subjects were used. 1 further clip was left out because of a serious finding." in said
    assert "2 end ranges of the table were not measured." in said
    assert "--with-serious" in words.hints(study(serious))[0]
    assert "1 clip with a serious finding was among them." in " ".join(words.standing(study(serious, with_serious=True)))
    assert any(
        "up to 1 subject had no value in one of the sessions and was not used" in one for one in words.retest_sentences(study(serious))
    )


def all_serious(cohort):
    return replace(cohort, angles=tuple(replace(angle, serious=True) for angle in cohort.angles), differences=())


def test_where_everything_was_left_out_that_is_said_and_nothing_to_fill_in():
    found = study(all_serious(four_twice()))
    said = " ".join([*words.standing(found), *words.retest_sentences(found), words.agreement_sentence(found)])
    assert "No clip could be used. 8 clips were left out because of a serious finding." in said
    assert "Test–retest: too little is left without the 8 clips with a serious finding." in said
    assert "Agreement: too little is left without the 8 clips with a serious finding." in said
    assert "fill in" not in said.lower()


def test_where_too_little_is_left_of_the_second_session_that_is_said():
    cohort = four_twice()
    found = study(replace(cohort, angles=tuple(replace(angle, serious=angle.session == "2") for angle in cohort.angles)))
    assert words.retest_sentences(found) == ["Test–retest: too little is left without the 4 clips with a serious finding."]
    assert found.other_sessions == ("1",)


def test_it_is_said_which_session_is_taken_off_which():
    angles = [an_angle(30 + 5 * (session == "post"), subject, session) for subject in "abc" for session in ("pre", "post")]
    found = of(*angles)
    assert "Sessions pre and post were compared, the same hip each time. Change: session post minus session pre." in words.retest_sentences(
        found
    )
    assert found.retest[0].change_deg.value == pytest.approx(5)


@pytest.mark.parametrize(
    ("first", "second", "said", "dates"),
    [
        pytest.param("2026-01-15", "2026-02-01", "The sessions are dates; for each", {}, id="ISO"),
        pytest.param(
            "15.01.2026",
            "01.02.2026",
            "The sessions are dates (15.01.2026 = 2026-01-15, 01.02.2026 = 2026-02-01); for each",
            {"15.01.2026": "2026-01-15", "01.02.2026": "2026-02-01"},
            id="the day first",
        ),
        pytest.param(
            "3.4.2025", "5.6.2025", "The sessions are dates, in the same order whether day, month or year is read first", None, id="either"
        ),
    ],
)
def test_it_is_said_how_dates_were_read(first, second, said, dates):
    """The later session is larger by 2; sorted as text it would come first."""
    pairs = {"a": (30, 32), "b": (40, 43), "c": (25, 26)}
    angles = [an_angle(value, s, session) for s, pair in pairs.items() for session, value in zip((first, second), pair, strict=True)]
    found = of(*reversed(angles))
    assert found.retest[0].change_deg.value == pytest.approx(2.0)
    assert any(one.startswith(said) for one in words.retest_sentences(found))
    assert json.loads(to_json(found))["sessions"]["dates"] == dates


def test_a_side_that_has_no_line_is_said():
    right = [an_angle(30, subject, session) for subject in "abcd" for session in "12"]
    left = [an_angle(30, subject, session, side="left") for subject in "abc" for session in "34"]
    assert any("No line for left internal: fewer than 3 subjects" in one for one in words.retest_sentences(of(*right, *left)))


def test_a_small_sample_is_one_of_each_analysis():
    many = [an_angle(30, f"s{number}", "1") for number in range(40)]
    twice = [an_angle(30 + number, f"s{number}", "2") for number in range(4)]
    (sentence,) = words.few(of(*many, *twice))
    assert sentence == "Fewer than 30 subjects count as too few for such figures (COSMIN; 4 in test–retest): look at the intervals."
    assert sentence in to_markdown(of(*many, *twice))
    assert words.few(of(*many)) == []


def test_references_of_one_side_are_not_called_those_of_both():
    found = of(
        *[
            an_angle(30 + n, subject, side=side, reference_deg=30 if side == "right" else None)
            for n, subject in enumerate("abcd")
            for side in ("right", "left")
        ]
    )
    assert {one.side for one in found.agreement} == {"right"}
    assert "Against the reference, internal rotation of the right hip (4 differences of 4 subjects)" in results(found)


def test_one_clip_for_each_leg_is_not_averaged():
    halves = [
        an_angle(30, s, session, side=side, clip=f"{s}{session}{side}") for s in "abc" for session in "12" for side in ("right", "left")
    ]
    assert of(*halves).n_averaged == 0
    assert of(*[an_angle(30, "a", "", clip=name) for name in "xy"]).n_averaged == 0


def test_a_group_called_all_stands_beside_everybody():
    groups = of(an_angle(30, "a", group="all"), an_angle(40, "b", group="other")).groups
    assert [(one.group, one.right_deg.n) for one in groups] == [("all", 2), ("all", 1), ("other", 1)]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_long_name_or_a_narrow_screen_costs_no_number(monkeypatch, width):
    cohort, screen = four_twice(), io.StringIO()
    named = replace(
        cohort, angles=tuple(replace(angle, group=f"{angle.group} who were treated for a long time") for angle in cohort.angles)
    )
    monkeypatch.setattr(research, "console", lambda: Console(file=screen, width=width))
    research.print_study(study(named), [])
    assert "…" not in screen.getvalue()
    for number in ("0.96", "35.5", "34.5", "35.0", "100"):
        assert number in screen.getvalue()


def test_sessions_that_are_left_out_and_clips_that_are_averaged_are_said():
    angles = [an_angle(30, subject, session) for subject in "abc" for session in "12"]
    found = of(*angles, an_angle(30, "a", "3"), an_angle(31, "a", "1", clip="again.mp4"))
    assert "Session 3 was left out: the others leave more to compare." in words.retest_sentences(found)
    assert "1 time a subject had several clips of one session" in " ".join(words.standing(found))


# ---------------------------------------------------------------------- files
def test_the_methods_paragraph_has_its_figures():
    found = study(four_twice(software={"hipcv": "0.1.0", "mediapipe": "0.10.31", "model": "full"}))
    text = methods(found)
    assert "\n" not in text
    for part in (
        "hipcv 0.1.0 (mediapipe 0.10.31, model full)",
        "8 clips of 4 subjects were used.",
        "ICC(A,1)",
        "√MSE",
        "1.96 · √2 · SEM",
        "MOVER",
    ):
        assert part in text
    said = results(found)
    assert "Internal rotation of the right hip (n = 4): ICC(A,1)" in said
    assert "MDC95 3.8°" in said
    assert "0 of 4 (0 %) differed by 12° or more" in said
    assert "internal rotation (16 differences of 4 subjects) had a bias of +0.5" in said


def test_a_small_study_claims_no_method_that_it_did_not_use():
    text = to_markdown(of(an_angle(30)))
    for part in ("√MSE", "MOVER", "nan", "None"):
        assert part not in text
    assert "no subject has two sessions" in text


def test_markdown_shows_the_picture_and_what_was_not_used():
    text = to_markdown(study(four_twice(faults=(Message("faults.turned", about="measurements.csv"),))), "f.png")
    assert "](f.png)" in text
    assert "- measurements.csv: most references of external rotation are negative." in text


def test_few_subjects_are_called_few():
    assert any("Fewer than 30 subjects" in one for one in words.hints(study(four_twice())))
    assert words.hints(of(an_angle(30))) == []
    thirty = [an_angle(30 + number, str(number), session) for number in range(30) for session in "12"]
    assert words.hints(of(*thirty)) == []


def test_the_document_holds_every_figure():
    document = json.loads(to_json(study(four_twice())))
    assert document["schema"] == "hipcv-study/1"
    assert (document["n_clips"], document["n_subjects"], document["sessions"]["compared"]) == (8, 4, ["1", "2"])
    first = document["retest"][0]
    assert (first["side"], first["quantity"], first["sem_deg"]["value"]) == ("right", "internal", 1.354)
    assert document["retest"][2]["icc_a_1"] is None
    assert document["asymmetry"][0]["percentiles_deg"] == {"5": 1, "25": 1, "50": 1, "75": 1, "95": 1}
    assert document["agreement"][0]["inside_share"] == 1
    assert document["groups"][0]["right_deg"]["n"] == 4


@pytest.mark.parametrize(("n", "n_points", "n_bars"), [(9, 9, 0), (10, 0, 10)], ids=["a point each", "bars"])
def test_asymmetry_of_few_subjects_is_a_point_each(n, n_points, n_bars):
    cohort = a_cohort(*(an_angle(value, str(number), side=BOTH_SIDES) for number, value in enumerate([1.0] * (n - 1) + [5.0])))
    axes = draw_figure(study(cohort)).axes[0]
    assert axes.get_title(loc="left") == "Internal rotation: asymmetry"
    points = [tuple(point) for drawn in axes.collections for point in drawn.get_offsets()]
    assert points == [*((1.0, place + 1.0) for place in range(n - 1)), (5.0, 1.0)][:n_points]
    assert sum(bar.get_height() for bar in axes.patches) == n_bars


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]


def test_the_picture_has_a_panel_for_what_there_is(tmp_path):
    found = study(four_twice())
    kinds = ("Bland–Altman", "test–retest", "asymmetry")
    assert titles(draw_figure(found)) == [f"{q} rotation: {kind}" for kind in kinds for q in ("Internal", "External", "Total")]
    write_figure(found, tmp_path / "f.png")
    assert matplotlib.image.imread(tmp_path / "f.png").shape[1] == 1600


def test_the_picture_of_three_sessions_names_both_sides():
    angles = [an_angle(30 + n, s, str(k), side=side) for n, s in enumerate("abcd") for k in (1, 2, 3) for side in ("right", "left")]
    figure = draw_figure(of(*angles))
    assert titles(figure) == ["Internal rotation: test–retest"]
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["right", "left", "equal"]


def test_with_nothing_to_show_the_picture_says_so():
    figure = draw_figure(of(an_angle(30)))
    assert [text.get_text() for text in figure.texts][1].startswith("Too few subjects")


# ---------------------------------------------------------------------- the command
def test_the_command_prints_and_writes_everything(tmp_path):
    write_tables(four_twice(), tmp_path)
    run = quick("study", ".", "--json", "r.json", "--markdown", "r.md", "--figure", "f.png", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    for part in (
        "8 clips of 4 subjects were used.",
        "Test–retest",
        "Asymmetry",
        "Agreement",
        "Rotation",
        "internal, both sides",
        "Written: r.md",
    ):
        assert part in run.stdout
    assert "](f.png)" in (tmp_path / "r.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["n_clips"] == 8
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


def test_a_dash_sends_one_of_them_to_stdout_alone(tmp_path):
    write_tables(four_twice(), tmp_path)
    assert json.loads(quick("study", ".", "--json", "-", cwd=tmp_path).stdout)["n_subjects"] == 4


def test_without_sessions_the_rest_is_printed(tmp_path):
    write_tables(a_cohort(an_angle(30), an_angle(33, "b", side="left")), tmp_path)
    run = quick("study", ".", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "no subject has two sessions: fill in the columns subject and session of the manifest." in run.stdout
    assert "30.0° (1)" in run.stdout


def test_a_line_that_cannot_be_used_is_printed_and_is_status_1(tmp_path):
    write_tables(four_twice(), tmp_path)
    table = tmp_path / "measurements.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",32,", ",about 32,", 1), encoding="utf-8")
    run = quick("study", ".", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (1, "")
    assert "Not used: measurements.csv, line " in run.stdout


@pytest.mark.release
def test_the_tables_are_not_overwritten_and_a_wrong_folder_is_refused(tmp_path):
    write_tables(four_twice(), tmp_path)
    before = (tmp_path / "measurements.csv").read_bytes()
    run = quick("study", ".", "--json", "measurements.csv", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert "a file of the dataset" in run.stderr
    assert (tmp_path / "measurements.csv").read_bytes() == before
    for name, option in (("README.md", "--markdown"), ("reps.csv", "--json"), ("clips/a.json", "--json")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("of the dataset")
        assert quick("study", ".", option, name, cwd=tmp_path).returncode == 1
        assert (tmp_path / name).read_text() == "of the dataset"
    run = quick("study", "nowhere", cwd=tmp_path)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert "there is no such folder" in run.stderr
