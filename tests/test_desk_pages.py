"""The pages of the desk without a browser: opened empty and with visits in every language, and with addresses that lead nowhere."""

import pytest

from hipcv.catalogues.words import Words, languages, texts
from hipcv.desk import review_state
from hipcv.review.edits import PelvisRating
from hipcv.store.people import People, Person
from hipcv.store.place import DATA, DATABASE
from hipcv.store.reviews import Outcome, Reviews, Verdict
from hipcv.store.settings import DESK, REVIEWER, remember
from hipcv.web.parts.people_view import told_apart
from hipcv.web.parts.stage_data import stage_data
from hipcv.web.server.service import service
from tests.test_app import button_of, html_of, opened, written
from tests.visits import add_visit

PAGES = ("inbox", "people", "agreement", "desk")
pytestmark = pytest.mark.pose


@pytest.fixture
def running(tmp_path, monkeypatch):
    """The service behind the pages of a desk, on a folder of its own."""
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    monkeypatch.delenv(DATABASE, raising=False)
    remember(service().store, DESK, True)
    yield service()
    service().supervisor.close()


def at(page, **query):
    return opened("measure" if page == "inbox" else page, **query)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_empty_and_says_what_it_is_for(page, language, running):
    assert texts(language)[f"{page}.title"] in written(at(page, lang=language))


@pytest.mark.parametrize("language", languages())
def test_a_review_and_a_person_open_in_every_language(language, running, kept_record):
    person = People(running.store).add(Person("", "*A* <b>dler</b>"))
    visit = add_visit(running.store, kept_record)
    People(running.store).give_visit(visit.id, person.id)
    window = at("review", visit=visit.id, lang=language)
    assert texts(language)["review.sign.heading"] in written(window)
    assert "hipcv-table" in html_of(window)
    review_state.sign(running.store, review_state.open_review(running.store, visit.id), Verdict(Outcome.ACCEPTED, "V"))
    assert texts(language)["review.out.heading"] in written(at("review", visit=visit.id, lang=language))
    shown = written(at("person", person=person.id, lang=language))
    assert texts(language)["course.heading"] in shown
    assert "\\*A\\*" in shown


@pytest.mark.parametrize(
    ("page", "query"), [("review", {"visit": "0" * 32}), ("review", {"visit": "../.."}), ("person", {"person": "0" * 32})]
)
def test_an_address_that_leads_nowhere_is_told(page, query, running):
    (problem,) = at(page, **query).error
    assert problem.value.endswith(".")


def test_a_page_without_an_address_leads_on(running):
    assert texts("en")["review.none"] in written(at("review"))
    assert texts("en")["people.title"] in written(at("person"))


# ---------------------------------------------------------------- what another window has done meanwhile
def first_rep(visit):
    return stage_data(visit, Words("en"), None)["reps"][0]["key"]


def test_a_choice_that_is_refused_is_told_once_and_the_page_comes_to_rest(running, kept_record):
    visit = add_visit(running.store, kept_record)
    window = at("review", visit=visit.id)
    review = review_state.open_review(running.store, visit.id)
    pelvis = window.button_group(key=f"pelvis-{visit.id}-{first_rep(review)}")
    review_state.sign(running.store, review, Verdict(Outcome.ACCEPTED, "V"))
    pelvis.set_value(PelvisRating.MOVED).run()
    assert not window.exception
    assert [one.value for one in window.error] == [Words("en")("errors.visit_signed")]
    assert Reviews(running.store).edits(visit.id) == []
    assert texts("en")["review.out.heading"] in written(window)
    assert [one.value for one in window.run().error] == []


def test_a_page_of_the_inbox_that_is_no_more_shows_the_first(running, kept_record):
    add_visit(running.store, kept_record)
    window = at("inbox")
    window.session_state["inbox-page"] = 3
    shown = written(window.run())
    assert window.session_state["inbox-page"] == 0
    assert texts("en")["inbox.keys"] in shown


def test_words_for_one_patient_are_not_in_the_form_of_the_next(running, kept_record):
    first, second = (add_visit(running.store, kept_record, day) for day in (0, 1))
    window = at("review", visit=first.id)
    window.text_area(key=f"patient-{first.id}").set_value("Nur für Frau A.").run()
    window.query_params["visit"] = second.id
    window.run()
    assert window.text_area(key=f"patient-{second.id}").value == ""
    assert "Nur für" not in str([one.value for one in window.text_area])


def field(window, name, visit):
    (found,) = [
        one for one in (*window.radio, *window.multiselect, *window.text_area, *window.text_input) if one.key == f"{name}-{visit.id}"
    ]
    return found


def filled_in(window, visit):
    return {name: field(window, name, visit).value for name in ("usable", "again", "patient", "record", "name")}


def press(window, name, language="en"):
    return button_of(window, texts(language)[name]).click().run()


def test_the_form_under_a_review_outlives_another_page_and_another_language_and_is_empty_once_it_is_signed(running, kept_record):
    visit = add_visit(running.store, kept_record)
    window = at("review", visit=visit.id)
    field(window, "usable", visit).set_value(False).run()
    field(window, "again", visit).set_value([texts("en")["review.film_again.feet"], "And slower, please."]).run()
    for name, text in (("patient", "Please film again."), ("record", "Feet cut off."), ("name", "Dr. B")):
        field(window, name, visit).set_value(text).run()
    told = filled_in(window, visit)
    assert told["again"] == [texts("en")["review.film_again.feet"], "And slower, please."]
    window.switch_page("about.py").run()
    window.query_params["visit"] = visit.id
    window.switch_page("review.py").run()
    assert filled_in(window, visit) == told
    window.session_state["language"] = "de"
    in_german = [texts("de")["review.film_again.feet"], "And slower, please."]
    assert filled_in(window.run(), visit) == {**told, "again": in_german}
    press(window, "review.sign.sign", "de")
    (signed,) = Reviews(running.store).signatures(visit.id)
    assert signed.verdict == Verdict(Outcome.NOT_USABLE, "Dr. B", "Please film again.", "Feet cut off.", " ".join(in_german))
    press(window, "review.sign.reopen", "de")
    assert [field(window, name, visit).value for name in ("usable", "patient", "record", "name")] == [True, "", "", "Dr. B"]


def test_the_name_that_is_shown_signs_whoever_signs_elsewhere_meanwhile(running, kept_record):
    visit = add_visit(running.store, kept_record)
    remember(running.store, REVIEWER, "Dr. B")
    window = at("review", visit=visit.id)
    assert field(window, "name", visit).value == "Dr. B"
    remember(running.store, REVIEWER, "Dr. A")
    press(window, "review.sign.sign")
    assert [one.verdict.reviewer for one in Reviews(running.store).signatures(visit.id)] == ["Dr. B"]


def test_a_name_that_nobody_typed_is_that_of_whoever_signed_last_when_the_page_is_opened(running, kept_record):
    visit = add_visit(running.store, kept_record)
    remember(running.store, REVIEWER, "Dr. A")
    window = at("review", visit=visit.id)
    for typed, expected in (("", "Dr. B"), ("Dr. C", "Dr. C")):
        if typed:
            field(window, "name", visit).set_value(typed).run()
        window.switch_page("about.py").run()
        remember(running.store, REVIEWER, "Dr. B")
        window.query_params["visit"] = visit.id
        window.switch_page("review.py").run()
        assert field(window, "name", visit).value == expected


def test_what_is_half_written_is_not_in_the_next_version_that_another_window_began(running, kept_record):
    visit = add_visit(running.store, kept_record)
    window = at("review", visit=visit.id)
    field(window, "record", visit).set_value("Half a").run()
    key = button_of(window, texts("en")["review.sign.sign"]).key
    review_state.sign(running.store, review_state.open_review(running.store, visit.id), Verdict(Outcome.ACCEPTED, "V"))
    assert "Half a" in written(window.run())
    Reviews(running.store).reopen(visit.id)
    assert "Half a" not in written(window.run())
    assert field(window, "record", visit).value == ""
    assert button_of(window, texts("en")["review.sign.sign"]).key != key


def test_a_problem_of_one_visit_is_not_told_of_the_next(running, kept_record):
    gone, kept = (add_visit(running.store, kept_record, day) for day in (0, 1))
    window = at("review", visit=gone.id)
    pelvis = window.button_group(key=f"pelvis-{gone.id}-{first_rep(review_state.open_review(running.store, gone.id))}")
    running.store.delete(gone.id)
    pelvis.set_value(PelvisRating.MOVED).run()
    assert [one.value for one in window.error] == [Words("en")("errors.visit_gone")]
    window.query_params["visit"] = kept.id
    assert [*window.run().error] == []


@pytest.mark.parametrize(
    ("people", "labels"),
    [
        pytest.param([("A", None), ("B", None)], ["A", "B"], id="different"),
        pytest.param([("A", 1950), ("A", 1960)], ["A, born 1950", "A, born 1960"], id="born in other years"),
        pytest.param([("A", 1950), ("A", 1950)], ["A, born 1950", "A, born 1950 (2)"], id="in the same year"),
        pytest.param([("A", None), ("A", None), ("A", 1950)], ["A", "A (2)", "A, born 1950"], id="in an unknown year"),
    ],
)
def test_namesakes_can_be_told_apart_where_one_is_chosen(people, labels):
    namesakes = [Person(str(number), code, birth_year=year) for number, (code, year) in enumerate(people)]
    assert list(told_apart(namesakes, Words("en")).values()) == labels
