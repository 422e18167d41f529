"""One measurement as a folder: written whole, read back, and refused in a sentence when something is wrong with it."""

import io
import json
import warnings
import zipfile

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from hipcv.errors import OutputError, RecordError
from hipcv.landmarks import Side
from hipcv.records import record
from hipcv.records.document import to_csv, to_json
from tests.builders import a_clip, a_measurement


@pytest.fixture
def folder(tmp_path):
    """A record."""
    record.write(a_measurement(), tmp_path)
    return tmp_path


def refused(folder):
    """The one sentence or two about a record that cannot be read."""
    with pytest.raises(RecordError) as problem:
        record.read(folder)
    assert len(str(problem.value).splitlines()) == 1
    assert len(str(problem.value)) < 300
    return str(problem.value)


def parts_of(npz):
    with zipfile.ZipFile(npz) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(npz, parts, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(npz, "w", compression) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)


def as_npy(array, **options):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), **options)
    return out.getvalue()


# ---------------------------------------------------------------- writing and reading
def test_what_was_written_is_read(folder):
    kept = record.read(folder)
    assert to_json(kept.measurement) == to_json(a_measurement()) == (folder / record.DOCUMENT).read_text(encoding="utf-8")
    assert to_csv(kept.measurement) == to_csv(a_measurement())
    assert kept.document == json.loads(to_json(a_measurement()))


def test_a_folder_holds_document_and_arrays_and_nothing_else(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["arrays.npz", "measurement.json"]


def test_arrays_in_rows_and_in_columns_come_back_alike(tmp_path):
    series = a_measurement().landmarks
    turned = np.asfortranarray(series.image_px)
    assert not turned.flags.c_contiguous
    object.__setattr__(series, "image_px", turned)
    record.write(a_measurement(landmarks=series), tmp_path)
    assert b"'fortran_order': True" in parts_of(tmp_path / record.ARRAYS)["landmarks.image_px.npy"]
    np.testing.assert_array_equal(record.read(tmp_path).measurement.landmarks.image_px, turned)


def test_writing_again_replaces(folder):
    record.write(a_measurement(clip=a_clip(name="other.mp4")), folder)
    assert record.read(folder).measurement.clip.name == "other.mp4"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OutputError):
        record.write(a_measurement(), tmp_path / "nowhere")


def test_pictures_are_there_when_they_have_been_drawn(folder):
    kept = record.read(folder)
    assert (kept.overlay, kept.still(Side.RIGHT, 0)) == (None, None)
    for name in ("overlay.mp4", "right-0.jpg"):
        (folder / name).touch()
    assert kept.overlay == folder / "overlay.mp4"
    assert (kept.still(Side.RIGHT, 0), kept.still(Side.LEFT, 0)) == (folder / "right-0.jpg", None)


def test_a_film_of_the_legs_is_there_when_its_facts_are(folder):
    kept = record.read(folder)
    (folder / "legs.mp4").touch()
    assert (kept.leg_film, kept.leg_film_facts) == (None, None)
    (folder / "legs.json").touch()
    assert (kept.leg_film, kept.leg_film_facts) == (folder / "legs.mp4", folder / "legs.json")


# ---------------------------------------------------------------- the document
@pytest.mark.parametrize("name", [record.DOCUMENT, record.ARRAYS])
def test_a_missing_part_is_told(folder, name):
    (folder / name).unlink()
    assert "damaged" in refused(folder)


def test_a_folder_with_nothing_in_it_is_told(tmp_path):
    assert "damaged" in refused(tmp_path)


DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"duration_s": 15.0', '"duration_s": NaN', id="NaN"),
        pytest.param('"duration_s": 15.0', '"duration_s": Infinity', id="Infinity"),
        pytest.param('"duration_s": 15.0', '"duration_s": -Infinity', id="-Infinity"),
        pytest.param('"duration_s": 15.0', '"duration_s": 1e999', id="a number that is infinite when it is read"),
        pytest.param('"n_frames": 450', f'"n_frames": {"9" * 400}', id="a number of 400 digits"),
        pytest.param('"n_frames": 450', f'"n_frames": {"9" * 9000}', id="a number of 9000 digits"),
        pytest.param('"n_frames": 450', f'"more": {DEEP}, "n_frames": 450', id="nested without end"),
        pytest.param('"n_frames": 450', f'"more": {"[" * 900}{"]" * 900}, "n_frames": 450', id="nested deeply"),
        pytest.param("clip.mp4", "\\u001b[2Jclip.mp4", id="a name that clears the screen"),
        pytest.param("clip.mp4", "\\u009b2Jclip.mp4", id="a name that clears the screen in another way"),
        pytest.param("clip.mp4", "\\ud800", id="half a letter"),
        pytest.param("clip.mp4", "clip\\u0000", id="a name that ends early"),
        pytest.param('"n_frames"', '"\\u001b[2J": 1, "n_frames"', id="a field that clears the screen"),
        pytest.param('"schema"', "schema", id="no JSON"),
        pytest.param("{", "", id="no beginning"),
        pytest.param('"name": "clip.mp4"', f'"name": "{"x" * 6_000_000}"', id="too large"),
    ],
)
def test_a_document_that_hipcv_would_not_write_is_told(folder, old, new):
    document = folder / record.DOCUMENT
    text = document.read_text(encoding="utf-8")
    assert old in text
    document.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused(folder)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"7", b'"text"', b"null", bytes(1000)])
def test_a_document_that_is_none_is_told(folder, content):
    (folder / record.DOCUMENT).write_bytes(content)
    refused(folder)


# ---------------------------------------------------------------- the arrays
FRAMES = np.arange(4.0)


class Trap:
    """What would be run if it were unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("code in a file was run",))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(as_npy(np.array([Trap(), 1, 2, 3], dtype=object)), id="objects"),
        pytest.param(as_npy(FRAMES.astype(">f8")), id="another order of bytes"),
        pytest.param(as_npy(FRAMES.astype("f4")), id="other numbers"),
        pytest.param(as_npy(np.zeros(4, dtype=[("a", "f8")])), id="records"),
        pytest.param(as_npy(FRAMES, version=(2, 0)), id="another version"),
        pytest.param(as_npy(FRAMES)[:-1], id="cut"),
        pytest.param(as_npy(FRAMES) + b"\0", id="with more behind it"),
        pytest.param(as_npy(FRAMES)[:60], id="cut in its head"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x93NUMPY\x01\x00\xff\xff", id="a head that ends behind it"),
        pytest.param(as_npy(FRAMES).replace(b"(4,)", b"(9,)"), id="more promised than there is"),
        pytest.param(as_npy(FRAMES).replace(b"(4,)", b"(-4,"), id="a size below zero"),
        pytest.param(as_npy(FRAMES).replace(b"(4,), }" + b" " * 20, b"(99999999999999999999,), }", 1), id="a size without end"),
        pytest.param(as_npy(FRAMES).replace(b"'<f8'", b"'|O' "), id="objects in the head alone"),
        pytest.param(as_npy(FRAMES).replace(b"(4,)", b"(4L)"), id="as Python 2 wrote it"),
        pytest.param(as_npy(FRAMES[:3]), id="a frame too few"),
        pytest.param(as_npy(FRAMES.reshape(2, 2)), id="another shape"),
    ],
)
def test_an_array_that_hipcv_would_not_write_is_told(folder, data):
    parts = parts_of(folder / record.ARRAYS)
    repacked(folder / record.ARRAYS, {**parts, "body.pelvis_tilt_deg.npy": data})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refused(folder)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_arrays_packed_as_hipcv_packs_none_are_told(folder, compression):
    repacked(folder / record.ARRAYS, parts_of(folder / record.ARRAYS), compression)
    refused(folder)


def test_arrays_that_unfold_without_end_are_told(folder):
    """450 MB of zeros in a few hundred kilobytes."""
    with zipfile.ZipFile(folder / record.ARRAYS, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for i in range(9):
            packed.writestr(f"more{i}.npy", bytes(50_000_000))
    assert "damaged" in refused(folder)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "an empty zip"])
def test_arrays_that_are_none_are_told(folder, content):
    (folder / record.ARRAYS).write_bytes(content)
    refused(folder)


# ---------------------------------------------------------------- any damage
def is_told_or_shown(folder):
    """Whether there is one sentence about a record, or document and table can be made of it."""
    try:
        kept = record.read(folder)
    except RecordError as problem:
        return len(str(problem).splitlines()) == 1
    return to_csv(kept.measurement).endswith("\n") and to_json(kept.measurement).endswith("}\n")


def damages(n_bytes):
    """A few bytes changed, anywhere in so many."""
    return st.lists(st.tuples(st.integers(0, n_bytes - 1), st.integers(0, 255)), min_size=1, max_size=4)


@pytest.mark.parametrize("name", [record.DOCUMENT, record.ARRAYS])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_a_damaged_record_is_read_or_told(name, folder, data):
    """Nobody has checked it by a hash before; whatever is still a record can be shown."""
    whole = bytearray((folder / name).read_bytes())
    damaged = bytearray(whole)
    for at, value in data.draw(damages(len(whole))):
        damaged[at] = value
    (folder / name).write_bytes(damaged)
    try:
        assert is_told_or_shown(folder)
    finally:
        (folder / name).write_bytes(whole)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_damaged_arrays_in_a_whole_file_are_read_or_told(folder, data):
    """As somebody would pack them who means harm: the zip file around them is in order."""
    whole = (folder / record.ARRAYS).read_bytes()
    parts = parts_of(folder / record.ARRAYS)
    name = data.draw(st.sampled_from(sorted(parts)))
    damaged = bytearray(parts[name])
    for at, value in data.draw(damages(min(len(damaged), 200))):
        damaged[at] = value
    repacked(folder / record.ARRAYS, {**parts, name: bytes(damaged)}, zipfile.ZIP_STORED)
    try:
        assert is_told_or_shown(folder)
    finally:
        (folder / record.ARRAYS).write_bytes(whole)
