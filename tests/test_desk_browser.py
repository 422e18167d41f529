"""The desk in a real browser, used by mouse, finger and keyboard."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from hipcv.catalogues.words import texts
from hipcv.desk import review_state
from hipcv.landmarks import Side
from hipcv.records.sealed_file import ENDING
from hipcv.review.edits import PelvisRating, RatePelvis, measured_key
from hipcv.store import audit
from hipcv.store.inbox import every
from hipcv.store.people import People
from hipcv.store.reviews import Outcome, Reviews, Verdict
from hipcv.store.store import Store
from hipcv.web.parts.typing_pause import PAUSE_MS
from tests.browser import DESKTOP, PHONE, browser, needs_browser, serve, settle, window
from tests.desk_walk import dragged_as_predicted, go_to_review, make_person, morning, put, sign, unfold_what_takes_files
from tests.hands import Finger, Keys, Mouse
from tests.sent_files import sent_file

EN = texts("en")
TABLET = {"width": 820, "height": 1180}
TALL = {**DESKTOP, "height": 1400}
pytestmark = [needs_browser, pytest.mark.pose, pytest.mark.slow]


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def desk(tmp_path):
    """A server with a new desk."""
    with serve(tmp_path, "127.0.0.1", "--desk") as running:
        yield running
        assert running.process.poll() is None, running.output.read_text()
        assert running.foreign_contacts() == ""
        assert "Traceback" not in running.output.read_text()


@pytest.fixture
def hand(chromium, desk, request):
    """A mouse at a desk, or what a test asks for: the kind of hand and the size of its window."""
    kind, size = getattr(request, "param", (Mouse, TALL))
    asked = []
    with window(chromium, size, asked, **kind.options) as page:
        page.goto(desk.url)
        settle(page)
        yield kind(page)
    assert {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in {"data", "blob"}} == {"127.0.0.1"}


with_each_hand = pytest.mark.parametrize(
    "hand",
    [
        pytest.param((Mouse, TALL), id="mouse"),
        *(
            pytest.param(value, id=name, marks=pytest.mark.release)
            for name, value in {
                "finger on a phone": (Finger, PHONE),
                "finger on a tablet": (Finger, TABLET),
                "keyboard": (Keys, TALL),
            }.items()
        ),
    ],
    indirect=True,
)
in_the_hand = pytest.mark.parametrize(
    "hand", [pytest.param((Finger, PHONE), id="phone"), pytest.param((Finger, TABLET), id="tablet")], indirect=True
)


@with_each_hand
def test_a_morning_at_the_desk(hand, desk, kept_record, tmp_path):
    morning(hand, desk, kept_record, tmp_path)


@pytest.mark.release
@in_the_hand
def test_a_finger_moves_a_point(hand, desk, kept_record, tmp_path):
    go_to_review(hand.page, desk, put(desk.data, kept_record, tmp_path))
    dragged_as_predicted(hand, 30, 0)
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= hand.page.viewport_size["width"]


@pytest.mark.release
@pytest.mark.parametrize("hand", [pytest.param((Keys, TALL), id="keyboard")], indirect=True)
def test_the_keyboard_alone_moves_a_point_chooses_and_signs(hand, desk, kept_record, tmp_path):
    visit_id, page = put(desk.data, kept_record, tmp_path), hand.page
    go_to_review(page, desk, visit_id)
    dragged_as_predicted(hand, 12, 0)
    heading = page.locator(".stage h2").inner_text()
    page.keyboard.press("n")
    expect(page.locator(".stage h2")).not_to_have_text(heading)
    hand.write("review.sign.name", "Dr. Vogel")
    sign(hand)
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    store = Store(desk.data)
    assert [one.verdict.reviewer for one in Reviews(store).signatures(visit_id)] == ["Dr. Vogel"]
    store.engine.dispose()


@pytest.mark.release
def test_what_is_typed_last_is_signed_and_a_double_click_signs_nothing_that_was_not_shown(hand, desk, kept_record, tmp_path):
    visit_id, page = put(desk.data, kept_record, tmp_path), hand.page
    go_to_review(page, desk, visit_id)
    hand.write("review.sign.name", "Dr. Vogel")
    comment = page.get_by_role("textbox", name=EN["review.sign.comment_record"])
    comment.click()
    comment.press_sequentially("Seen twice")
    page.wait_for_timeout(PAUSE_MS + 1000)
    page.get_by_role("link", name=EN["review.to_inbox"]).click()  # the press itself leaves the field
    page.get_by_role("heading", name=EN["inbox.title"]).wait_for()
    page.go_back()
    expect(comment).to_have_value("Seen twice", timeout=60_000)
    settle(page)

    store = Store(desk.data)
    seen_elsewhere = RatePelvis(measured_key(Side.LEFT, 0), PelvisRating.STILL)
    review_state.add(store, review_state.open_review(store, visit_id), seen_elsewhere)
    page.get_by_test_id("stBaseButton-primary").filter(has_text=EN["review.sign.sign"]).dblclick()
    page.get_by_text(EN["errors.review_changed"][:30]).wait_for()
    settle(page)
    assert Reviews(store).signatures(visit_id) == []

    patient = page.get_by_role("textbox", name=EN["review.sign.comment_patient"])
    patient.click()
    patient.press_sequentially("Keep on")
    sign(hand)
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    (signed,) = Reviews(store).signatures(visit_id)
    assert signed.verdict == Verdict(Outcome.CORRECTED, "Dr. Vogel", "Keep on", "Seen twice")
    store.engine.dispose()


@pytest.mark.release
def test_what_was_chosen_stays_chosen_where_its_text_changes(hand, desk, kept_record, tmp_path):
    """A browser knows what is chosen by its text, which a correction and another language change."""
    visit_id, page = put(desk.data, kept_record, tmp_path), hand.page
    go_to_review(page, desk, visit_id)
    german = texts("de")

    def chosen(of):
        """The verdict that is marked as chosen."""
        verdicts = page.get_by_test_id("stRadio").filter(has_text=of["review.outcome.not_usable"])
        return expect(verdicts.locator("label:has(input:checked)"))

    chosen(EN).to_have_text(EN["review.outcome.accepted"])
    store = Store(desk.data)
    review_state.add(store, review_state.open_review(store, visit_id), RatePelvis(measured_key(Side.LEFT, 0), PelvisRating.STILL))
    page.get_by_role("radio", name="Deutsch").click()
    chosen(german).to_have_text(german["review.outcome.corrected"])
    page.get_by_test_id("stRadio").get_by_text(german["review.outcome.not_usable"]).click()
    page.get_by_text(german["review.sign.film_again"]).wait_for()
    page.get_by_role("radio", name="English").click()
    chosen(EN).to_have_text(EN["review.outcome.not_usable"])
    settle(page)
    hand.write("review.sign.name", "Dr. Vogel")
    sign(hand)
    page.get_by_text(EN["review.sign.film_again_missing"]).wait_for()
    chosen(EN).to_have_text(EN["review.outcome.not_usable"])
    assert Reviews(store).signatures(visit_id) == []
    store.engine.dispose()


@pytest.mark.release
def test_a_review_speaks_the_language_that_is_chosen_in_the_middle(hand, desk, kept_record, tmp_path):
    go_to_review(hand.page, desk, put(desk.data, kept_record, tmp_path))
    hand.page.get_by_role("radio", name="Deutsch").click()
    expect(hand.page.get_by_role("button", name=texts("de")["review.stage.play"], exact=True)).to_be_visible()
    assert hand.page.locator(".stage").count() == 1


def test_a_whole_folder_is_taken_in(hand, desk, kept_record, tmp_path):
    folder = tmp_path / "from a stick"
    (folder / "more").mkdir(parents=True)
    for number, place in enumerate((folder, folder / "more")):
        sent_file(kept_record, place / f"week{number}.hipcv", number)
    (folder / "notes.txt").write_text("not one of ours")
    unfold_what_takes_files(hand)
    hand.page.get_by_text(EN["inbox.whole_folder"]).click()
    settle(hand.page)
    hand.give(folder)
    hand.page.locator(".row").nth(1).wait_for()
    store = Store(desk.data)
    assert len(every(store)) == 2
    store.engine.dispose()


@pytest.mark.release
@with_each_hand
def test_two_visits_are_compared_at_their_end_ranges_and_in_step(hand, desk, kept_record, tmp_path):
    make_person(hand, "Adler, A.")
    store, page = Store(desk.data), hand.page
    (line,) = People(store).lines()
    visits = [put(desk.data, kept_record, tmp_path, number) for number in (1, 2)]
    for visit_id in visits:
        People(store).give_visit(visit_id, line.person.id)
    store.engine.dispose()
    go_to_review(page, desk, visits[1])
    hand.unfold("compare.heading")
    angles = page.locator(".compare .angle")
    angles.nth(1).wait_for()
    first, second = angles.all_inner_texts()
    assert first == second != ""
    share = page.locator(".compare .share")
    share.scroll_into_view_if_needed()
    share.focus()
    share.press("Home")
    at_start = angles.all_inner_texts()
    assert at_start[0] == at_start[1] != first
    hand.press(page.locator(".compare").get_by_role("button", name=EN["compare.end_range"]))
    assert angles.all_inner_texts() == [first, second]
    assert page.locator(".compare .shank").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.release
def test_not_usable_tells_the_patient_what_to_film_again_in_their_own_app(chromium, hand, desk, kept_record, tmp_path):
    page = hand.page
    go_to_review(page, desk, put(desk.data, kept_record, tmp_path))
    page.get_by_text(EN["review.outcome.not_usable"], exact=True).click()
    sign(hand)
    page.get_by_text(EN["review.sign.name_missing"]).wait_for()
    hand.write("review.sign.name", "Dr. Vogel")
    sign(hand)
    page.get_by_text(EN["review.sign.film_again_missing"]).wait_for()
    hand.choose(EN["review.sign.film_again"], EN["review.film_again.feet"])
    page.keyboard.press("Escape")
    sign(hand)
    page.get_by_role("button", name=EN["review.sign.reopen"]).wait_for()
    answer = tmp_path / f"answer{ENDING}"
    answer.write_bytes(hand.download("review.out.reply"))
    (tmp_path / "home").mkdir()
    with serve(tmp_path / "home") as home, window(chromium, PHONE, []) as phone:
        phone.goto(f"{home.url}/open")
        settle(phone)
        phone.locator("input[type=file]").set_input_files(answer)
        phone.get_by_text(EN["open.answer.heading"]).wait_for()
        text = phone.get_by_test_id("stMain").inner_text()
        assert EN["review.film_again.feet"] in text
        assert "Dr. Vogel" in text


def test_a_patient_at_home_sees_nothing_of_a_desk(chromium, tmp_path):
    with serve(tmp_path) as home, window(chromium, DESKTOP, []) as page:
        page.goto(home.url)
        settle(page)
        menu = page.get_by_test_id("stTopNavLink").all_inner_texts()
        assert [name.splitlines()[-1] for name in menu] == [
            EN[f"app.page.{name}"] for name in ("measure", "guide", "result", "visits", "open", "stored", "about")
        ]


@pytest.mark.release
def test_a_person_is_erased_with_everything(hand, desk, kept_record, tmp_path):
    make_person(hand, "Adler, A.")
    store, page = Store(desk.data), hand.page
    (line,) = People(store).lines()
    visit_id = put(desk.data, kept_record, tmp_path)
    People(store).give_visit(visit_id, line.person.id)
    page.goto(f"{desk.url}/person?person={line.person.id}")
    hand.unfold("person.erase")
    hand.button("person.erase_now")
    hand.button("person.erase_yes")
    page.get_by_text(EN["errors.person_gone"]).wait_for()
    assert every(store) == []
    assert list((desk.data / "visits").iterdir()) == []
    assert audit.audit(store).faults == []
    store.engine.dispose()
