import pytest
from streamlit.testing.v1 import AppTest

from hipcv import report
from tests.conftest import ROOT


@pytest.fixture
def page():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()


def test_the_page_opens_and_says_what_it_is_for(page):
    assert not page.exception
    assert any(report.INTENDED_USE in text.value for text in page.markdown)


@pytest.mark.pose
def test_the_sample_shows_the_numbers_of_the_command_line(page, measured_sample):
    page.button[0].click().run()
    assert not page.exception
    shown = page.table[0].value
    expected = report.table_rows(measured_sample("p06_asym"))
    assert [tuple(row) for row in shown.itertuples(index=False)] == expected


def test_a_bad_upload_is_a_sentence_with_the_name_of_the_file(page):
    page.file_uploader[0].upload("../../holiday.mp4", b"not a video", "video/mp4").run()
    assert not page.exception
    assert [error.value.split(":")[0] for error in page.error] == ["holiday.mp4"]
