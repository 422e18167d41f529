"""The list of clips: what a table may say, and that all its faults come in one message."""

import errno
import os

import pytest

from hipcv.batch import folder, manifest
from hipcv.errors import BadManifest, NothingToMeasure
from tests.batches import write_files


def manifest_of(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "clips.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.fixture
def place(tmp_path):
    return write_files(tmp_path, "a.mp4", "b.mp4", "sub/c.mp4")


def test_known_columns_are_understood_and_others_are_carried(place):
    entries = manifest.entries(
        manifest_of(
            place,
            "clip,subject,session,group,date,mirrored,turn,reference_right_internal_deg,Age\n"
            "a.mp4,Ana,1,control,2026-03-31,no,270,34.5,41\n"
            "sub/c.mp4,Ben,,,,,,,\n",
        )
    )
    first, second = entries
    assert (first.number, first.clip, first.subject, first.session, first.group, first.date, first.mirrored) == (
        0,
        "a.mp4",
        "Ana",
        "1",
        "control",
        "2026-03-31",
        "no",
    )
    assert first.references == {"reference_right_internal_deg": 34.5}
    assert first.extra == {"Age": "41"}
    assert first.path == str(place / "a.mp4")
    assert (first.turn, second.turn) == (270, 0)
    assert len({first.picture_key, second.picture_key}) == 2
    assert (second.number, second.mirrored, second.references, second.extra) == (1, "auto", {}, {"Age": ""})


def test_a_table_as_a_german_spreadsheet_saves_it(place):
    (entry,) = manifest.entries(manifest_of(place, "Clip;Subject;Reference_Left_External_deg\na.mp4;Änne;−12,5°\n", encoding="utf-8-sig"))
    assert (entry.subject, entry.references) == ("Änne", {"reference_left_external_deg": -12.5})


def test_all_faults_come_in_one_message(place):
    path = manifest_of(
        place,
        "clip,mirrored,date,reference_left_internal_deg,turn\n"
        "a.mp4,perhaps,,,\n"
        "nowhere.mp4,,31.3.2026,,\n"
        ",,,,\n"
        "b.mp4,,,steep,45\n"
        "./a.mp4,yes,,400,\n"
        "b.mp4,,,1,,2\n"
        "sub,,,,\n",
    )
    with pytest.raises(BadManifest) as told:
        manifest.entries(path)
    text = str(told.value)
    assert text.splitlines()[0] == f"{path}: 10 faults; nothing was measured."
    for part in (
        'line 2: mirrored is "perhaps". Write yes, no or auto.',
        'line 3: there is no file "nowhere.mp4"',
        'line 3: the date is "31.3.2026". Write it as 2026-03-31.',
        'line 5: reference_left_internal_deg is "steep"',
        'line 5: turn is "45". Write 0, 90, 180 or 270 (degrees clockwise).',
        'line 6: reference_left_internal_deg is "400"',
        "line 6: the same clip as in line 2",
        "line 7: 6 cells, but the header has 5",
        "line 7: the same clip as in line 5",
        'line 8: there is no file "sub"',
    ):
        assert part in text


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("file,subject", 'the column "clip" is missing'),
        ("clip,subject,subject", 'the column "subject" stands there 2 times'),
        ("clip,side", 'the column "side" has the name of a column of the results'),
        ("clip,,age", "column 2 has no name"),
        ("clip,reference_right_internal", 'the column "reference_right_internal" is none of reference_right_internal_deg, '),
    ],
)
def test_a_header_that_cannot_be_is_told(place, header, part):
    with pytest.raises(BadManifest, match=part):
        manifest.entries(manifest_of(place, f"{header}\na.mp4,,\n"))


@pytest.mark.parametrize(("text", "part"), [("", "the table is empty"), ("clip,subject\n", "names no clip")])
def test_an_empty_list_is_told(place, text, part):
    with pytest.raises(BadManifest, match=part):
        manifest.entries(manifest_of(place, text))


def test_a_list_that_is_no_text_is_told(place):
    path = place / "clips.csv"
    path.write_bytes(b"clip\n\xff\xfe\xff")
    with pytest.raises(BadManifest, match="not a text in UTF-8"):
        manifest.entries(path)


def test_an_open_quotation_mark_does_not_swallow_the_clips_after_it(place):
    with pytest.raises(BadManifest, match="no table from line 3 on"):
        manifest.entries(manifest_of(place, 'clip,subject\na.mp4,Ana\nb.mp4,"Ben\nsub/c.mp4,Cy\n'))


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nclip;subject\na.mp4;Ana\nb.mp4;Ben\n",
        'clip,subject,"a;b"\na.mp4,Ana,1\nb.mp4,Ben,2\n',
        "clip,subject,,\na.mp4,Ana,,\nb.mp4,Ben\n",
        "clip,subject\r\na.mp4,Ana\r\n\r\nb.mp4,Ben\r\n",
        "clip,subject\ra.mp4,Ana\rb.mp4,Ben\r",
    ],
)
def test_what_spreadsheets_make_of_a_table_does_no_harm(place, text):
    path = place / "clips.csv"
    path.write_bytes(text.encode())
    assert [(entry.clip, entry.subject) for entry in manifest.entries(path)] == [("a.mp4", "Ana"), ("b.mp4", "Ben")]


def test_signs_that_only_look_like_the_end_of_a_line_stay_in_their_cell(place):
    (entry,) = manifest.entries(manifest_of(place, "clip,note\na.mp4,one\u2028two\x0bthree\n"))
    assert entry.extra == {"note": "one\u2028two\x0bthree"}


def test_external_references_that_count_the_other_way_round_are_told(place):
    header = "clip,reference_right_external_deg,reference_left_external_deg"
    with pytest.raises(BadManifest, match="most references of external rotation are negative"):
        manifest.entries(manifest_of(place, f"{header}\na.mp4,-40,-38\nb.mp4,-41,39\n"))
    assert len(manifest.entries(manifest_of(place, f"{header}\na.mp4,-4,38\nb.mp4,41,39\n"))) == 2


def test_a_name_in_two_unicode_forms_or_with_odd_spaces_is_one(place):
    text = "clip,subject,session,group\na.mp4,J\u00f6rg,pre op,A\u0308\nb.mp4,Jo\u0308rg\u200b,pre\u00a0op,\u00c4\n"
    first, second = manifest.entries(manifest_of(place, text))
    assert (
        (first.subject, first.session, first.group) == (second.subject, second.session, second.group) == ("J\u00f6rg", "pre op", "\u00c4")
    )


def test_subjects_that_look_alike_are_told_before_anything_is_measured(place):
    with pytest.raises(BadManifest, match=r'1 fault; .*\n  the subjects "P01" and "p01", "P01" and "p1" look like one person'):
        manifest.entries(manifest_of(place, "clip,subject\na.mp4,P01\nb.mp4,p01\nsub/c.mp4,p1\n"))


def test_a_date_is_told_in_one_way(place):
    first, second = manifest.entries(manifest_of(place, "clip,session,date\na.mp4,20260331,20260331\nb.mp4,2026-03-31,\n"))
    assert first.session == second.session == first.date == "2026-03-31"


@pytest.mark.parametrize("blank", ["", "n/a", "NA", "-", "–", "#NV"])
def test_a_word_for_nothing_is_no_reference_and_no_date(place, blank):
    header = "clip,date,reference_right_internal_deg,reference_left_internal_deg"
    (entry,) = manifest.entries(manifest_of(place, f"{header}\na.mp4,{blank},{blank},-1\n"))
    assert (entry.date, entry.references) == ("", {"reference_left_internal_deg": -1.0})


@pytest.mark.skipif(os.name == "nt", reason="There they are paths of this machine.")
@pytest.mark.parametrize("path", ["C:\\clips\\a.mp4", "d:/clips/a.mp4", "\\\\server\\clips\\a.mp4", "sub\\c.mp4"])
def test_a_path_of_windows_is_told_for_what_it_is(place, path):
    with pytest.raises(BadManifest) as told:
        manifest.entries(manifest_of(place, f"clip\n{path}\n"))
    assert f'there is no file "{path}", which is a Windows path. Write the path that the file has on this machine.' in str(told.value)


def test_other_columns_may_begin_with_reference(place):
    (entry,) = manifest.entries(manifest_of(place, "clip,reference_device,reference_examiner\na.mp4,goniometer,KM\n"))
    assert entry.extra == {"reference_device": "goniometer", "reference_examiner": "KM"}


def test_the_same_clip_by_its_full_path_is_told(place):
    with pytest.raises(BadManifest, match="line 3: the same clip as in line 2"):
        manifest.entries(manifest_of(place, f"clip\na.mp4\n{place / 'a.mp4'}\n"))


def test_a_name_that_is_too_long_for_a_file_is_told(place):
    with pytest.raises(BadManifest, match="there is no file"):
        manifest.entries(manifest_of(place, f"clip\n{'x' * 300}\n"))


def test_hundreds_of_faults_are_cut_short(place):
    with pytest.raises(BadManifest, match=r"150 faults(.|\n)*and 100 more") as told:
        manifest.entries(manifest_of(place, "clip\n" + "".join(f"no{number}.mp4\n" for number in range(150))))
    assert len(str(told.value).splitlines()) == 52


# ---------------------------------------------------------------- a folder
def test_a_folder_is_searched_by_what_the_files_are(place):
    write_files(place, "film without ending", "out/old.mp4", ".hidden.mp4", ".git/x.mp4")
    (place / "broken.MOV").write_bytes(b"no video at all")
    (place / "notes.txt").write_text("text")
    (place / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    found = folder.entries(place, leave_out=place / "out")
    assert [entry.clip for entry in found] == ["a.mp4", "b.mp4", "broken.MOV", "film without ending", "sub/c.mp4"]
    assert [entry.number for entry in found] == list(range(5))
    assert len({entry.key for entry in found}) == 5


def test_a_folder_without_videos_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("text")
    with pytest.raises(NothingToMeasure, match=r"no video in this folder \(files looked at: 1\)"):
        folder.entries(tmp_path, leave_out=tmp_path / "out")


def test_a_link_in_a_circle_does_no_harm(place):
    (place / "sub" / "round").symlink_to(place)
    (place / "lost.mp4").symlink_to(place / "gone.mp4")
    assert [entry.clip for entry in folder.entries(place, leave_out=place / "out")] == ["a.mp4", "b.mp4", "lost.mp4", "sub/c.mp4"]


def test_a_linked_folder_is_searched_once(place, tmp_path_factory):
    elsewhere = write_files(tmp_path_factory.mktemp("elsewhere"), "d.mp4", "deep/e.mp4")
    (elsewhere / "deep" / "round").symlink_to(elsewhere)
    (elsewhere / "deep" / "again").symlink_to(elsewhere / "deep")
    write_files(place, "lost+found/x.mp4")
    (place / "link").symlink_to(elsewhere)
    (place / "sub" / "again").symlink_to(elsewhere)
    found = [entry.clip for entry in folder.entries(place, leave_out=place / "out")]
    assert found == ["a.mp4", "b.mp4", "link/d.mp4", "link/deep/e.mp4", "sub/c.mp4"]


def test_a_folder_that_cannot_be_read_is_told_and_not_passed_over(place, monkeypatch):
    """The tests may run as root, which may read everything."""
    real = os.scandir

    def refused(path):
        if str(path).endswith("sub"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(NothingToMeasure, match=r"sub: this folder cannot be read \(Permission denied\)"):
        folder.entries(place, leave_out=place / "out")


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif", b"M4A "])
def test_photos_and_sound_are_no_clips(place, brand):
    (place / "IMG_0001").write_bytes(b"\0\0\0\x18ftyp" + brand + bytes(100))
    assert [entry.clip for entry in folder.entries(place, leave_out=place / "out")] == ["a.mp4", "b.mp4", "sub/c.mp4"]
