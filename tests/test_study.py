from dataclasses import replace

import numpy as np
import pytest

from hipcv.statistics.agreement import BOTH_SIDES
from hipcv.study import spread
from hipcv.study.study import study
from tests.cohorts import a_cohort, an_angle, four_twice


def named(found):
    return {(one.side, one.quantity): one for one in found}


# ---------------------------------------------------------------------- everything there is
def test_every_quantity_of_either_side_and_of_both():
    found = study(four_twice())
    keys = [(side, quantity) for quantity in ("internal", "external", "total") for side in ("right", "left", "both")]
    assert list(named(found.retest)) == keys
    assert list(named(found.agreement)) == keys
    assert [one.quantity for one in found.asymmetry] == ["internal", "external", "total"]
    assert (found.n_clips, found.n_people, found.sessions, found.n_subjects_twice) == (8, 4, ("1", "2"), 4)


def test_the_error_of_a_total_is_that_of_the_sum():
    """Internal and external change alike here, so the total changes twice as much: of differences 4, 0, 4, −4 MSE is 22 / 3."""
    found = named(study(four_twice()).retest)
    assert found["right", "total"].sem_deg.value == pytest.approx((22 / 3) ** 0.5)
    assert found["right", "total"].summary_deg[0] == pytest.approx(2 * 32.75 + 10)


def test_a_total_that_the_table_holds_is_not_made_again():
    given = an_angle(70, "a", quantity="total")
    found = study(a_cohort(an_angle(30, "a"), an_angle(38, "a", quantity="external"), given))
    assert [angle.value_deg for angle in found.angles if angle.quantity == "total"] == [70]


def test_the_reference_of_a_total_is_the_sum_of_both():
    whole = [an_angle(30, "a", reference_deg=29), an_angle(40, "a", quantity="external", reference_deg=42)]
    half = [an_angle(30, "b", reference_deg=29), an_angle(40, "b", quantity="external")]
    totals = [angle for angle in study(a_cohort(*whole, *half)).angles if angle.quantity == "total"]
    assert [(angle.value_deg, angle.reference_deg, angle.low_deg) for angle in totals] == [(70, 71, None), (70, None, None)]


def test_bias_is_measured_minus_reference():
    """The reference of two subjects lies 1° below what was measured, of two on it: the mean of the four persons is 0.5."""
    found = named(study(four_twice()).agreement)
    assert found["both", "internal"].bias_deg.value == pytest.approx(0.5)
    assert (found["both", "internal"].n, found["both", "internal"].n_hips, found["both", "internal"].n_people) == (16, 8, 4)
    assert found["right", "total"].bias_deg.value == pytest.approx(1.0)
    assert found["right", "internal"].n_inside == found["right", "internal"].n_intervals == 8
    assert found["right", "total"].n_intervals == 0


# ---------------------------------------------------------------------- what counts
def with_serious():
    cohort = four_twice()
    return replace(cohort, angles=tuple(replace(angle, serious=angle.clip == "d2.mp4") for angle in cohort.angles))


def test_a_clip_with_a_serious_finding_is_left_out_and_counted():
    found = study(with_serious())
    assert (found.n_clips, found.n_clips_serious) == (7, 1)
    assert {(one.n_subjects, one.n_incomplete) for one in found.retest if one.side != "both"} == {(3, 1)}


def test_or_taken_in():
    found = study(with_serious(), with_serious=True)
    assert (found.n_clips, found.n_clips_serious) == (8, 1)
    assert {one.n_subjects for one in found.retest} == {4}


def test_a_clip_without_a_subject_is_a_person_apart():
    angles = [an_angle(30, "", "", clip=f"{n}.mp4", reference_deg=29 + n) for n in range(3)]
    found = study(a_cohort(*angles))
    assert (found.n_people, found.n_clips_without_subject, found.retest) == (3, 3, ())
    assert found.agreement[0].n_people == 3


def test_dates_are_counted_for_each_subject():
    days = {"a": ("2026-03-01", "2026-03-08"), "b": ("2026-04-30", "2026-05-02"), "c": ("2026-01-01", "2026-12-31")}
    angles = [an_angle(30 + n, subject, day) for subject, pair in days.items() for n, day in enumerate(pair)]
    found = study(a_cohort(*reversed(angles)))
    assert (found.sessions, found.sessions_are_dates) == (("1", "2"), True)
    assert found.retest[0].change_deg.value == pytest.approx(1.0)


def test_a_date_that_is_left_out_leaves_a_gap():
    """Or the second session of one subject would be compared with the first of the others."""
    angles = [
        an_angle(30, subject, day, serious=(subject, day) == ("a", "2026-03-01"))
        for subject in "abcd"
        for day in ("2026-03-01", "2026-03-08")
    ]
    found = study(a_cohort(*angles))
    assert (found.retest[0].n_subjects, found.retest[0].n_incomplete) == (3, 1)


@pytest.mark.parametrize(
    "angles",
    [
        pytest.param([an_angle(30)], id="one angle"),
        pytest.param([an_angle(30, subject, session) for subject in "abc" for session in "12"], id="constant values"),
        pytest.param([an_angle(30, "a", session) for session in "12"], id="one subject"),
        pytest.param([an_angle(30, subject, "") for subject in "abc"], id="no session"),
        pytest.param([an_angle(30, subject, session) for subject, session in ("a1", "a2", "b1", "c2")], id="one subject twice"),
    ],
)
def test_small_and_odd_cohorts_are_computed(angles):
    found = study(a_cohort(*angles))
    assert found.n_clips == len(angles)
    assert all(one.sem_deg.value == 0 and one.icc is None for one in found.retest)


# ---------------------------------------------------------------------- spread and groups
def differences(**values):
    return [an_angle(value, subject, side=BOTH_SIDES) for subject, value in values.items()]


def test_the_spread_of_differences_by_hand():
    found = spread.spread(differences(a=-12.0, b=0.0, c=4.0, d=10.0, e=3.0), "internal", 10.0)
    assert (found.summary_deg.n, found.summary_deg.mean) == (5, 1.0)
    assert found.summary_deg.sd == pytest.approx(((13**2 + 1 + 9 + 81 + 4) / 4) ** 0.5)
    assert found.percentiles_deg[1:4] == (0.0, 3.0, 4.0)
    assert found.n_beyond == 2  # 10 is beyond, as it is for the verdict on a clip


def test_a_persons_clips_are_averaged_before_they_are_spread():
    some = [*differences(a=20.0), an_angle(0, "a", "2", side=BOTH_SIDES), *differences(b=0.0)]
    assert spread.spread(some, "internal", 10.0).n_beyond == 1
    assert sorted(spread.spread(some, "internal", 10.0).values_deg) == [0, 10]
    assert spread.spread(some, "total", 12.0) is None


def test_groups_stand_beside_everybody():
    found = study(four_twice()).groups
    assert [(one.group, one.quantity) for one in found if one.quantity == "internal"] == [
        ("all", "internal"),
        ("control", "internal"),
        ("patient", "internal"),
    ]
    everybody = found[0]
    assert (everybody.right_deg.mean, everybody.left_deg.mean, everybody.both_deg.mean) == pytest.approx((32.75, 31.75, 32.25))
    control = next(one for one in found if one.group == "control")
    assert (control.right_deg.n, control.right_deg.mean, control.right_deg.sd) == (2, 35.5, pytest.approx(np.std([31, 40], ddof=1)))


def test_one_group_alone_is_everybody():
    assert {one.group for one in study(a_cohort(an_angle(30, group="x"))).groups} == {"all"}
