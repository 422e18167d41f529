"""Every page, run without a browser: opened empty, with results, and with bad input."""

import errno
import json
import re
import time

import pytest
from streamlit.testing.v1 import AppTest

from hipcv.catalogues.words import Words, languages, texts
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.records import sealed_file
from hipcv.records.record import LEG_FILM
from hipcv.records.visit import Kind
from hipcv.store.job import Camera, Request, State
from hipcv.store.place import DATA, DATABASE
from hipcv.web.server import server
from hipcv.web.server.service import service
from tests.conftest import ROOT, SAMPLES
from tests.visits import add_visit

PAGES = ("measure", "guide", "result", "visits", "open", "stored", "about")
pytestmark = pytest.mark.pose


@pytest.fixture
def running(tmp_path, monkeypatch):
    """The service behind the pages, on a folder of its own."""
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    monkeypatch.delenv(DATABASE, raising=False)
    yield service()
    service().supervisor.close()


def opened(page="measure", **query):
    window = AppTest.from_file(str(server.SCRIPT), default_timeout=60)
    window.query_params.update(query)
    window.run()
    if page != "measure":
        window.switch_page(f"{page}.py").run()
    assert not window.exception, [problem.value for problem in window.exception]
    return window


def unfold(window, *names):
    """Unfold parts of the result, whose content is made only then."""
    for name in names:
        window.session_state[f"fold-{name}"] = True
    return window.run()


def html_of(window):
    return "\n".join(one.proto.body for one in window.get("html"))


def written(window):
    parts = [
        *window.title,
        *window.header,
        *window.markdown,
        *window.caption,
        *window.error,
        *window.warning,
        *window.info,
        *window.success,
    ]
    return "\n".join(part.value for part in parts)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_empty_in_every_language_and_says_what_it_is_for(page, language, running):
    window = opened(page, lang=language)
    assert texts(language)[f"{page}.title" if page != "guide" else "guide.page.title"] in written(window)
    assert sentences.intended_use(Words(language)) in written(window)


def test_app_py_shows_the_same_pages(running):
    window = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not window.exception
    assert window.title[0].value == texts("en")["measure.title"]


def test_the_result_shows_the_numbers_of_the_command_line(running, kept_record, measured_sample):
    visit = add_visit(running.store, kept_record, title="Week <b>1</b> *")
    window = opened("result", visit=visit.id)
    cells = re.findall(r'class="value">([^<]+)</span><small>([^<]+)', html_of(window))
    shown = [f"{value} ({interval.replace(' … ', ' to ')})" for value, interval in cells]
    assert shown == [cell for row in sentences.table_rows(measured_sample("p06_asym"))[:3] for cell in row[1:]]
    assert "Week" in written(window)
    assert "<b>1</b>" not in html_of(window)


def test_the_result_shows_a_still_of_each_end_range_and_the_video(running, kept_record):
    visit = add_visit(running.store, kept_record)
    page = html_of(unfold(opened("result", visit=visit.id), "video"))
    pictures = re.findall(r'src="/files/(\w+)/([\w-]+)\.(jpg|mp4)"', page)
    assert len({name for _, name, kind in pictures if kind == "jpg"}) == 4
    assert {folder for folder, *_ in pictures} == {visit.id}
    assert (visit.id, "overlay", "mp4") in pictures


def test_a_repetition_that_is_chosen_shows_its_frame(running, kept_record):
    visit = add_visit(running.store, kept_record)
    window = opened("result", visit=visit.id)
    unfold(window, "over-time")
    before = html_of(window).count("right-1.jpg")
    window.selectbox(key="rep").select("right-1").run()
    assert html_of(window).count("right-1.jpg") == before + 1


def test_the_film_of_the_legs_is_sent_unless_it_is_unticked_and_the_button_says_so(running, kept_record):
    visit = add_visit(running.store, kept_record, title="Week 3")
    window = opened("result", visit=visit.id)
    assert [box.label for box in window.checkbox] == [texts("en")[f"result.share_{name}"] for name in ("words", "legs", "video")]
    assert [box.value for box in window.checkbox] == [False, True, False]
    assert "Download the file with the film of the legs (.hipcv)" in labels(window)
    window.checkbox[1].uncheck().run()
    assert "Download the file (.hipcv)" in labels(window)
    for index in range(3):
        window.checkbox[index].check().run()
    assert "Download the file with title, note, the film of the legs and the video (.hipcv)" in labels(window)


def labels(window):
    return [button.proto.label for button in window.get("download_button")]


def test_what_is_not_to_be_sent_stays_so(running, kept_record):
    visit = add_visit(running.store, kept_record)
    window = opened("result", visit=visit.id)
    legs = next(box for box in window.checkbox if box.label == texts("en")["result.share_legs"])
    legs.uncheck().run()
    window.session_state["language"] = "de"
    window.run()
    legs = next(box for box in window.checkbox if box.label == texts("de")["result.share_legs"])
    assert not legs.value


def test_a_visit_without_a_film_of_the_legs_offers_none(running, kept_record):
    visit = add_visit(running.store, kept_record)
    (running.store.folder_of(visit.id) / LEG_FILM).unlink()
    window = opened("result", visit=visit.id)
    assert [box.label for box in window.checkbox] == [texts("en")["result.share_video"]]
    assert "Download the file (.hipcv)" in labels(window)
    assert texts("en")["stored.legs"] not in stored_of(opened("stored"))


def test_the_film_of_the_legs_is_named_among_what_is_stored(running, kept_record):
    add_visit(running.store, kept_record)
    assert texts("en")["stored.legs"] in stored_of(opened("stored"))


def stored_of(window):
    """What the line of the one visit names."""
    (line,) = (caption.value for caption in window.caption if texts("en")["stored.numbers"] in caption.value)
    return line


def test_an_address_of_nothing_is_a_sentence(running):
    for address in ("0" * 32, "../../etc/passwd", "x"):
        window = opened("result", visit=address)
        assert len(window.error) == 1


def test_a_bad_upload_is_a_sentence_with_the_name_of_the_file(running):
    window = opened()
    window.file_uploader[0].upload("../../holiday.mp4", b"not a video", "video/mp4").run()
    window = wait(window, lambda: window.error)
    assert "holiday.mp4" in window.error[0].value.replace("\\", "")
    assert "etc" not in written(window)
    assert list((running.store.folder / "jobs").iterdir()) == []


def chosen_video(window):
    """The sample, sent as somebody's own video."""
    data = (SAMPLES / "p07_oneleg.mp4").read_bytes()
    return window.file_uploader[0].upload("../mine.mp4", data, "video/mp4").run()


def test_a_video_is_shown_both_ways_and_measured_only_after_the_answer(running):
    window = chosen_video(opened())
    assert window.radio[0].value is None
    assert "mine.mp4" in written(window).replace("\\", "")
    button_of(window, texts("en")["measure.ask.measure"]).click().run()
    assert window.error[0].value == texts("en")["measure.ask.which_missing"]
    assert running.queue.jobs() == []
    window.radio[0].set_value("second")
    button_of(window, texts("en")["measure.ask.measure"]).click().run()
    (job,) = running.queue.jobs()
    assert (job.name, job.request.camera) == ("mine.mp4", Camera.FRONT)


def described(window):
    """What was answered about a chosen video, by the start of the key."""
    fields = (*window.radio, *window.selectbox, *window.text_input, *window.date_input, *window.text_area, *window.checkbox)
    return {field.key.split("-")[0]: field.value for field in fields if field.key and field.key.endswith("-1")}


def test_what_was_told_of_a_video_outlives_another_language_and_another_page(running):
    window = chosen_video(opened())
    window.radio[0].set_value("second")
    window.text_input[0].set_value("Week 3")
    window.text_area[0].set_value("After the stairs")
    window.checkbox[0].check().run()
    told = described(window)
    assert (told["camera"], told["title"], told["note"], told["keep"]) == ("second", "Week 3", "After the stairs", True)
    window.session_state["language"] = "de"
    assert described(window.run()) == told
    window.switch_page("guide.py").run()
    window.switch_page("measure.py").run()
    assert window.title[0].value == texts("de")["measure.title"]
    assert described(window) == told
    button_of(window, texts("de")["measure.ask.measure"]).click().run()
    (job,) = running.queue.jobs()
    assert (job.request.title, job.request.note, job.request.keep_video) == ("Week 3", "After the stairs", True)


@pytest.mark.slow
def test_who_describes_another_video_is_told_of_a_result_and_not_taken_away(running, kept_record):
    visit = add_visit(running.store, kept_record, title="Week 1")
    job_id = running.queue.add(SAMPLES / "p07_oneleg.mp4", "first.mp4", Request(title="Week 1"), copy=True)
    window = opened(job=job_id)
    button_of(window, texts("en")["measure.another"]).click().run()
    chosen_video(window)
    window.text_area[0].set_value("The second one").run()
    running.queue.progress(job_id, visit_id=visit.id)
    running.queue.finish(job_id, State.DONE)
    window.run()
    assert window.title[0].value == texts("en")["measure.title"]
    assert "Week 1" in window.success[0].value
    assert window.text_area[0].value == "The second one"
    assert visit.id in str(links(window, texts("en")["measure.job.result"]))
    assert "go-by-itself" not in html_of(window)
    window.query_params["visit"] = visit.id  # they follow the link
    window.switch_page("result.py").run()
    window.query_params.clear()
    window.switch_page("measure.py").run()
    assert [*window.success] == []
    button_of(window, texts("en")["measure.ask.other"]).click().run()
    assert "go-by-itself" not in html_of(window)


def test_a_result_that_nobody_waits_for_elsewhere_opens_by_itself(running, kept_record):
    visit = add_visit(running.store, kept_record)
    job_id = running.queue.add(SAMPLES / "p07_oneleg.mp4", "first.mp4", Request(), copy=True)
    window = opened(job=job_id)
    running.queue.progress(job_id, visit_id=visit.id)
    assert "go-by-itself" in html_of(window.run())


def test_another_video_instead_leaves_nothing_of_the_first(running):
    window = chosen_video(opened())
    button_of(window, texts("en")["measure.ask.other"]).click().run()
    assert window.file_uploader
    assert (running.queue.jobs(), list(running.store.uploads.iterdir())) == ([], [])


def test_a_chosen_video_that_is_gone_is_a_sentence_and_the_form_comes_back(running):
    window = chosen_video(opened())
    (file,) = running.store.uploads.iterdir()
    file.unlink()
    button_of(window, texts("en")["measure.ask.measure"]).click().run()
    assert window.error[0].value.replace("\\", "") == texts("en")["measure.upload_gone"]
    assert window.file_uploader


def test_a_video_that_cannot_be_taken_in_is_a_sentence_and_the_next_one_can(running, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    window = opened()
    with monkeypatch.context() as patch:
        patch.setattr("hipcv.web.server.uploads.received", full)
        window.file_uploader[0].upload("a.mp4", b"film", "video/mp4").run()
    assert "No space left on device" in window.error[0].value
    assert running.queue.jobs() == []
    assert window.file_uploader


def test_who_comes_back_to_the_address_of_a_job_whose_result_was_open_stays_there(running, kept_record):
    visit = add_visit(running.store, kept_record)
    job_id = running.queue.add(SAMPLES / "p07_oneleg.mp4", "mine.mp4", Request(), copy=True)
    running.queue.progress(job_id, visit_id=visit.id)
    running.queue.finish(job_id, State.DONE)
    window = opened(job=job_id)
    assert visit.id in str(links(window, texts("en")["measure.job.result"]))
    window.query_params["visit"] = visit.id
    window.switch_page("result.py").run()  # as the page's script does
    assert window.title[0].value == texts("en")["result.title"]
    window.query_params["job"] = job_id
    window.switch_page("measure.py").run()
    assert window.title[0].value == texts("en")["measure.title"]
    assert links(window, texts("en")["measure.job.result"]) == []


def test_a_result_that_was_not_reached_is_tried_again(running, kept_record):
    visit = add_visit(running.store, kept_record)
    job_id = running.queue.add(SAMPLES / "p07_oneleg.mp4", "mine.mp4", Request(), copy=True)
    running.queue.progress(job_id, visit_id=visit.id)
    window = opened(job=job_id)
    window.switch_page("guide.py").run()
    window.switch_page("measure.py").run()
    assert visit.id in str(links(window, texts("en")["measure.job.result"]))


def links(window, label):
    """The links to other pages with that label."""
    return [link.proto for link in window.get("page_link") if link.proto.label == label]


def wait(window, done, seconds=60):
    """Run the page again and again, as its fragment would."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.3)
        window.run()
    assert not window.exception
    return window


def test_one_click_on_the_sample_starts_a_job_that_a_second_tab_sees_and_can_cancel(running):
    window = opened()
    button_of(window, texts("en")["measure.sample"]).click().run()
    assert len(running.queue.jobs()) == 1
    second = opened()
    button_of(second, texts("en")["measure.job.cancel"]).click().run()
    wait(window, lambda: running.queue.jobs()[0].state.value == "cancelled")
    assert len(running.queue.jobs()) == 1
    assert running.store.visits() == []


def test_while_the_own_video_is_in_work_the_form_is_one_click_away(running):
    another = texts("en")["measure.another"]
    job_id = running.queue.add(SAMPLES / "p07_oneleg.mp4", "mine.mp4", Request(), copy=True)
    window = opened(job=job_id)
    assert not window.file_uploader
    button_of(window, another).click().run()
    assert window.file_uploader
    running.queue.cancel(job_id)
    window = wait(window, lambda: texts("en")["measure.job.cancelled"].format(name="mine.mp4") in written(window).replace("\\", ""))
    assert window.file_uploader
    assert another not in [button.label for button in window.button]


def test_a_visit_that_comes_meanwhile_takes_no_press_from_another(running, kept_record):
    first = add_visit(running.store, kept_record)
    window = opened("visits")
    window.text_input[0].set_value("Before the holidays")
    add_visit(running.store, kept_record, 1)
    button_of(window, texts("en")["visits.save"]).click().run()
    assert running.store.visit(first.id).title == "Before the holidays"


def test_who_cancels_on_visits_is_told_there(running):
    running.queue.add(SAMPLES / "p07_oneleg.mp4", "mine.mp4", Request(), copy=True)
    window = opened("visits")
    button_of(window, texts("en")["measure.job.cancel"]).click().run()
    told = texts("en")["measure.job.cancelled"].format(name="mine.mp4")
    window = wait(window, lambda: told in written(window).replace("\\", ""))
    button_of(window, texts("en")["measure.job.dismiss"]).click().run()
    assert told not in written(window).replace("\\", "")
    assert running.queue.jobs() == []


def test_a_failure_is_told_in_every_window_until_somebody_has_read_it(running):
    for name in ("one", "two"):
        (running.store.folder / name).write_bytes(b"no video")
        job_id = running.queue.add(running.store.folder / name, f"{name}.mp4", Request(title="after the fall"))
    window = wait(opened(), lambda: all(job.state is State.FAILED for job in running.queue.jobs()))
    window = wait(window, lambda: len(window.error) == 2)
    assert "one.mp4" in window.error[0].value.replace("\\", "")
    assert "one.mp4" in written(opened("stored")).replace("\\", "")
    window.button(key=f"dismiss-{job_id}").click().run()
    assert len(window.error) == 1
    assert [job.name for job in running.queue.jobs()] == ["one.mp4"]

    stored = opened("stored")
    button_of(stored, texts("en")["stored.delete"]).click().run()
    assert running.queue.jobs() == []
    assert texts("en")["stored.none"] in written(stored)


def button_of(window, label):
    return next(button for button in window.button if button.label == label)


def test_a_sample_that_cannot_be_copied_is_a_sentence(running, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    window = opened()
    monkeypatch.setattr("hipcv.jobs.queue.shutil.copyfile", full)
    button_of(window, texts("en")["measure.sample"]).click().run()
    assert "No space left on device" in window.error[0].value


def test_the_language_that_was_chosen_stands_in_the_address(running):
    window = opened("about")
    assert "lang" not in window.query_params
    window.button_group[0].set_value("de").run()
    assert window.query_params["lang"] == "de"
    assert texts("de")["about.title"] in written(window)


@pytest.mark.slow
def test_visits_are_listed_compared_and_judged(running, kept_record):
    add_visit(running.store, kept_record, 0, "First", Kind.BEFORE)
    later = add_visit(running.store, kept_record, 0.1, "Second", Kind.AFTER)
    window = unfold(opened("visits"), "compare")
    titles = [one.label for one in window.expander]
    assert any("First" in title for title in titles)
    assert any("Second" in title for title in titles)
    assert html_of(window).count(texts("en")["visits.verdict.within_error"]) == 9
    changed = json.loads(json.dumps(later.document))
    changed["software"]["model_sha256"] = "another"
    running.store.delete(later.id)
    running.store.add(type(later)(later.id, later.measured_at, "Third", later.kind, "", changed))
    assert texts("en")["visits.obstacle.model"] in written(opened("visits"))


def test_delete_everything_asks_first_and_leaves_nothing(running, kept_record):
    add_visit(running.store, kept_record, title="Gone soon")
    window = opened("stored")
    window.button(key="delete-all").click().run()
    assert running.store.visits()
    window.button(key="delete-yes").click().run()
    assert running.store.visits() == []
    assert list((running.store.folder / "visits").iterdir()) == []
    assert texts("en")["stored.none"] in written(opened("stored"))


def test_what_cannot_be_deleted_is_told_and_stays_listed(running, kept_record, monkeypatch):
    add_visit(running.store, kept_record, title="Still here")
    monkeypatch.setattr("hipcv.store.store.shutil.rmtree", lambda _path: None)
    monkeypatch.setattr("hipcv.store.store._PATIENCE_S", 0.1)
    window = opened("stored")
    window.button(key="delete-all").click().run()
    window.button(key="delete-yes").click().run()
    assert "Not everything could be deleted" in window.error[0].value
    assert "Still here" in written(window)


def test_a_file_that_was_sent_shows_the_same_numbers_and_is_not_kept(running, kept_record, tmp_path, measured_sample):
    sent = tmp_path / "a.hipcv"
    sealed_file.pack(kept_record, sent, {"title": "From Ana", "note": "hello"})
    window = opened("open")
    window.file_uploader(key="open").upload("a.hipcv", sent.read_bytes(), "application/zip").run()
    assert not window.exception
    total = measured_sample("p06_asym").hips[Side.RIGHT].total_deg
    assert f'class="value">{sentences.whole(total.value)}°' in html_of(window)
    assert "From Ana" in written(window)
    assert running.store.visits() == []
    assert list(running.store.uploads.iterdir()) == []
    assert len(list(running.store.opened.iterdir())) == 1
    window.switch_page("about.py").run()
    assert list(running.store.opened.iterdir()) == []


def test_a_file_that_was_altered_is_a_sentence(running, kept_record, tmp_path):
    sent = tmp_path / "a.hipcv"
    sealed_file.pack(kept_record, sent, {})
    data = bytearray(sent.read_bytes())
    data[len(data) // 2] ^= 1
    window = opened("open")
    window.file_uploader(key="open").upload("a.hipcv", bytes(data), "application/zip").run()
    assert not window.exception
    assert [error.value.replace("\\", "").split(":")[0] for error in window.error] == ["a.hipcv"]
    assert list(running.store.opened.iterdir()) == []
