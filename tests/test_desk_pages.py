"""The pages of the desk without a browser: opened empty and with visits in every language, and with addresses that lead nowhere."""

import pytest

from hipcv.catalogues.words import languages, texts
from hipcv.desk import review_state
from hipcv.store.people import People, Person
from hipcv.store.place import DATA, DATABASE
from hipcv.store.reviews import Outcome, Verdict
from hipcv.store.settings import DESK, remember
from hipcv.web.server.service import service
from tests.test_app import html_of, opened, written
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
