"""A record as one file: packed here, unpacked there; and every way in which such a file may be damaged or meant to do harm."""

import hashlib
import json
import os
import pickle
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import hipcv
from hipcv.errors import OutputError, RecordError
from hipcv.landmarks import Side
from hipcv.records import record, sealed_file
from hipcv.records.document import to_csv, to_json
from tests.builders import a_measurement

FACTS = {"title": "Woche drei", "measured_on": "2026-03-02", "kind": "before", "note": "links besser\n😀"}
PICTURES = {"figure.png": b"\x89PNG figure", "right-0.jpg": b"\xff\xd8 still", "left-12.jpg": b"\xff\xd8 still"}
LEGS = {"legs.mp4": b"a film", "legs.json": b"{}"}
PRIVATE = {
    "video": b"the clip itself",
    ".overlay-x.mp4": b"half a video",
    "notes.txt": b"mine",
    "right-0.jpg.bak": b"",
    "right-1234.jpg": b"",
}


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """A record with pictures, its video, and things that are nobody's business."""
    folder = tmp_path_factory.mktemp("kept")
    record.write(a_measurement(), folder)
    for name, data in {**PICTURES, **PRIVATE, "overlay.mp4": bytes(1000)}.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def packed(kept, tmp_path_factory):
    """The same as a file."""
    file = tmp_path_factory.mktemp("packed") / "visit.hipcv"
    sealed_file.pack(kept, file, FACTS)
    return file


@pytest.fixture
def sent(packed, tmp_path):
    """A copy of it, for a test to alter."""
    (tmp_path / "sent").mkdir()
    file = tmp_path / "sent" / "visit.hipcv"
    file.write_bytes(packed.read_bytes())
    return file


def parts_of(file):
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def repacked(file, parts, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(file, "w", compression) as opened:
        for name, data in parts.items():
            opened.writestr(zipfile.ZipInfo(name), data, compression)
    return file


def sealed(manifest):
    """With the seal that docs/record.md describes."""
    content = {name: value for name, value in manifest.items() if name != "sha256"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(", ", ": "))
    return {**content, "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def forged(file, changes=(), compression=zipfile.ZIP_DEFLATED, **altered):
    """As somebody makes it who knows the format and means harm: parts changed or added (None = left out), hashes and seal in order."""
    parts = {name: data for name, data in {**parts_of(file), **dict(changes)}.items() if data is not None}
    manifest = json.loads(parts.pop("manifest.json"))
    manifest["parts"] = {name: {"n_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in parts.items()}
    manifest = sealed({**manifest, **altered})
    return repacked(file, {"manifest.json": json.dumps(manifest).encode(), **parts}, compression)


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def refused(file, within):
    """The sentence about a file that is not opened; nothing may be written outside the folder that it was to be laid into."""
    folder = within / "deep" / "er" / "laid-out"
    folder.mkdir(parents=True)
    before = tree(within)
    with pytest.raises(RecordError) as problem:
        sealed_file.unpack(file, folder)
    outside = [name for name in tree(within) if not name.startswith("deep/er/laid-out/")]
    assert outside == before
    sentence = str(problem.value)
    assert sentence.startswith("visit.hipcv: ")
    assert sentence.endswith(".")
    assert len(sentence) < 300
    assert sentence.isprintable()
    return sentence


# ---------------------------------------------------------------- there and back
def test_what_was_packed_is_unpacked(packed, tmp_path):
    received, facts = sealed_file.unpack(packed, tmp_path)
    assert facts == FACTS
    assert to_json(received.measurement) == to_json(a_measurement())
    assert to_csv(received.measurement) == to_csv(a_measurement())
    assert {name: (tmp_path / name).read_bytes() for name in PICTURES} == PICTURES
    assert (received.folder, received.still(Side.RIGHT, 0), received.overlay) == (tmp_path, tmp_path / "right-0.jpg", None)


def test_only_what_belongs_to_a_record_is_packed(packed):
    assert sorted(parts_of(packed)) == sorted(["manifest.json", "measurement.json", "arrays.npz", *PICTURES])


def test_the_video_goes_along_if_it_is_wanted(kept, tmp_path):
    sealed_file.pack(kept, tmp_path / "visit.hipcv", FACTS, with_video=True)
    (tmp_path / "out").mkdir()
    received, _ = sealed_file.unpack(tmp_path / "visit.hipcv", tmp_path / "out")
    assert received.overlay is not None
    assert received.overlay.read_bytes() == bytes(1000)
    assert not (tmp_path / "out" / "video").exists()


@pytest.fixture(scope="session")
def with_legs(kept, tmp_path_factory):
    """The same record with a film of the legs, as a file."""
    folder = tmp_path_factory.mktemp("legs") / "kept"
    shutil.copytree(kept, folder)
    for name, data in LEGS.items():
        (folder / name).write_bytes(data)
    return folder


def test_the_film_of_the_legs_goes_along_and_the_schema_says_so(with_legs, tmp_path):
    sealed_file.pack(with_legs, tmp_path / "visit.hipcv", FACTS)
    parts = parts_of(tmp_path / "visit.hipcv")
    assert json.loads(parts["manifest.json"])["schema"] == "hipcv-record/2"
    assert sorted(parts) == sorted(["manifest.json", "measurement.json", "arrays.npz", *PICTURES, *LEGS])
    (tmp_path / "out").mkdir()
    received, facts = sealed_file.unpack(tmp_path / "visit.hipcv", tmp_path / "out")
    assert facts == FACTS
    assert {name: (tmp_path / "out" / name).read_bytes() for name in LEGS} == LEGS
    assert (received.leg_film, received.leg_film_facts) == (tmp_path / "out" / "legs.mp4", tmp_path / "out" / "legs.json")


def test_the_film_of_the_legs_can_be_left_out_and_then_the_file_is_as_before(with_legs, packed, tmp_path):
    sealed_file.pack(with_legs, tmp_path / "visit.hipcv", FACTS, with_legs=False)
    assert parts_of(tmp_path / "visit.hipcv") == parts_of(packed)


@pytest.mark.parametrize("name", ["legs.mp4", "legs.json"])
def test_half_a_film_of_the_legs_stays_at_home(with_legs, packed, name, tmp_path):
    shutil.copytree(with_legs, tmp_path / "kept")
    (tmp_path / "kept" / name).unlink()
    sealed_file.pack(tmp_path / "kept", tmp_path / "visit.hipcv", FACTS)
    assert parts_of(tmp_path / "visit.hipcv") == parts_of(packed)


def test_a_film_of_the_legs_in_a_file_of_the_first_schema_is_told(sent, tmp_path):
    assert "its list of parts does not fit" in refused(forged(sent, LEGS), tmp_path)


@pytest.mark.parametrize("lacking", [["legs.mp4"], ["legs.json"], ["legs.mp4", "legs.json"]], ids=str)
def test_a_file_of_the_second_schema_is_opened_without_the_whole_film(sent, lacking, tmp_path):
    forged(sent, {name: data for name, data in LEGS.items() if name not in lacking}, schema="hipcv-record/2")
    (tmp_path / "out").mkdir()
    received, facts = sealed_file.unpack(sent, tmp_path / "out")
    assert (received.leg_film, facts) == (None, FACTS)


def test_a_record_without_pictures_can_be_sent(tmp_path):
    (tmp_path / "kept").mkdir()
    record.write(a_measurement(), tmp_path / "kept")
    sealed_file.pack(tmp_path / "kept", tmp_path / "visit.hipcv", {})
    (tmp_path / "out").mkdir()
    received, facts = sealed_file.unpack(tmp_path / "visit.hipcv", tmp_path / "out")
    assert dict(facts) == {}
    assert not (received.folder / "figure.png").exists()


def test_the_manifest_is_as_it_is_documented(packed):
    manifest = json.loads(parts_of(packed)["manifest.json"])
    assert set(manifest) == {"schema", "hipcv", "visit", "parts", "sha256"}
    assert (manifest["schema"], manifest["hipcv"], manifest["visit"]) == ("hipcv-record/1", hipcv.__version__, FACTS)
    assert manifest["parts"]["right-0.jpg"] == {"n_bytes": 8, "sha256": hashlib.sha256(PICTURES["right-0.jpg"]).hexdigest()}
    assert sealed(manifest) == manifest


def test_a_file_forged_in_order_is_opened(sent, tmp_path):
    """What the tests below alter is what they say, and nothing else."""
    (tmp_path / "out").mkdir()
    assert sealed_file.unpack(forged(sent), tmp_path / "out")[1] == FACTS


def test_what_a_person_wrote_cannot_steer_the_terminal_of_the_reader(kept, tmp_path):
    sealed_file.pack(kept, tmp_path / "visit.hipcv", {"title": "\x1b[2Jnew\x00\x9b", "note": "two\nlines\tand\ud800"})
    (tmp_path / "out").mkdir()
    _, facts = sealed_file.unpack(tmp_path / "visit.hipcv", tmp_path / "out")
    assert facts == {"title": "�[2Jnew��", "note": "two\nlines\tand�"}


def test_a_file_can_be_called_otherwise_in_sentences(tmp_path):
    (tmp_path / "0123").write_bytes(b"no zip")
    with pytest.raises(RecordError, match=r"^from Ada\.hipcv: this is not a whole \.hipcv file\."):
        sealed_file.unpack(tmp_path / "0123", tmp_path, "from Ada.hipcv")


def test_a_folder_in_which_nothing_can_be_written_is_told(kept, tmp_path):
    with pytest.raises(OutputError):
        sealed_file.pack(kept, tmp_path / "nowhere" / "visit.hipcv", FACTS)


# ---------------------------------------------------------------- not such a file
@pytest.mark.parametrize(
    "content",
    [b"", b"no zip at all", bytes(100_000), b"PK\x03\x04", b"PK\x05\x06" + bytes(18)],
    ids=["empty", "text", "zeros", "head", "bare"],
)
def test_what_is_no_zip_is_told(sent, content, tmp_path):
    sent.write_bytes(content)
    refused(sent, tmp_path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert "there is no such file" in refused(tmp_path / "visit.hipcv", tmp_path)


def test_a_folder_is_told(tmp_path):
    (tmp_path / "visit.hipcv").mkdir()
    assert "there is no such file" in refused(tmp_path / "visit.hipcv", tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "visit.hipcv")
    refused(tmp_path / "visit.hipcv", tmp_path)


def test_another_zip_is_told(sent, tmp_path):
    assert "none that hipcv wrote" in refused(repacked(sent, {"word/document.xml": b"<xml/>"}), tmp_path)


@pytest.mark.parametrize(
    "manifest", [{"manifest_version": 3}, {"schema": "other/1"}, {"schema": "hipcv-record/1\x1b[2J"}, {"schema": []}, [], 7]
)
def test_a_zip_with_another_manifest_is_told(sent, manifest, tmp_path):
    refused(repacked(sent, {"manifest.json": json.dumps(manifest).encode()}), tmp_path)


@pytest.mark.parametrize("schema", ["hipcv-record/3", "hipcv-record/10"])
def test_a_newer_format_is_told(sent, schema, tmp_path):
    sentence = refused(forged(sent, schema=schema), tmp_path)
    assert sentence == f'visit.hipcv: it was written in the format "{schema}" of a newer hipcv. Update hipcv, then open it again.'


# ---------------------------------------------------------------- damaged
@pytest.mark.parametrize("share_left", [0.999, 0.9, 0.5, 0.1, 0.01])
def test_a_file_cut_short_is_told(sent, share_left, tmp_path):
    sent.write_bytes(sent.read_bytes()[: round(share_left * sent.stat().st_size)])
    assert "not a whole .hipcv file" in refused(sent, tmp_path)


@pytest.mark.parametrize("name", ["manifest.json", "measurement.json", "arrays.npz", *PICTURES])
@pytest.mark.parametrize("bit", [0, 7])
def test_one_bit_astray_in_a_part_is_told(sent, name, bit, tmp_path):
    parts = {part: bytearray(data) for part, data in parts_of(sent).items()}
    parts[name][len(parts[name]) // 2] ^= 1 << bit
    refused(repacked(sent, parts), tmp_path)


def test_a_part_altered_with_its_sum_in_order_is_named(sent, tmp_path):
    parts = parts_of(sent)
    parts["measurement.json"] = parts["measurement.json"].replace(b'"value": 30.0', b'"value": 45.0', 1)
    assert "measurement.json in it is damaged or was altered" in refused(repacked(sent, parts), tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda manifest: manifest["visit"].update(measured_on="2026-04-02"), id="another day"),
        pytest.param(lambda manifest: manifest.update(hipcv="9.9"), id="another version"),
        pytest.param(lambda manifest: manifest["parts"]["figure.png"].update(n_bytes=1), id="another size"),
        pytest.param(lambda manifest: manifest["parts"]["figure.png"].update(sha256="0" * 64), id="another hash"),
        pytest.param(lambda manifest: manifest.update(sha256="0" * 64), id="another seal"),
        pytest.param(lambda manifest: manifest.update(more=1), id="one thing more"),
    ],
)
def test_an_altered_manifest_is_told(sent, change, tmp_path):
    parts = parts_of(sent)
    manifest = json.loads(parts["manifest.json"])
    change(manifest)
    assert "altered" in refused(repacked(sent, {**parts, "manifest.json": json.dumps(manifest).encode()}), tmp_path)


def is_told_or_whole(file, folder):
    """Whether there is one sentence about a file, or nothing of what it says has changed."""
    try:
        received, facts = sealed_file.unpack(file, folder)
    except RecordError as problem:
        return str(problem).startswith("visit.hipcv: ") and len(str(problem).splitlines()) == 1
    return (to_json(received.measurement), facts) == (to_json(a_measurement()), FACTS)


@settings(max_examples=300)
@given(data=st.data())
def test_whatever_the_damage_it_is_told_or_did_not_matter(packed, data):
    """Bytes changed, cut out and put in, anywhere in the file."""
    content = bytearray(packed.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    with tempfile.TemporaryDirectory() as within:
        file, folder = Path(within, "visit.hipcv"), Path(within, "out")
        folder.mkdir()
        file.write_bytes(content)
        assert is_told_or_whole(file, folder)
        assert {name for name in tree(Path(within)) if not name.startswith("out/")} == {"visit.hipcv", "out"}


@settings(max_examples=150)
@given(data=st.data())
def test_whatever_the_table_of_contents_says_it_is_told_or_did_not_matter(packed, data):
    """The numbers at the end of a zip file say where its parts lie, how large they are and how they are packed."""
    content = bytearray(packed.read_bytes())
    start = content.index(b"PK\x01\x02")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(start, len(content) - 4))
        struct.pack_into("<I", content, at, data.draw(st.sampled_from([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF])))
    with tempfile.TemporaryDirectory() as within:
        file, folder = Path(within, "visit.hipcv"), Path(within, "out")
        folder.mkdir()
        file.write_bytes(content)
        assert is_told_or_whole(file, folder)


# ---------------------------------------------------------------- meant to do harm
@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "../right-9.jpg",
        "../../../x.jpg",
        "/tmp/hipcv-escaped.jpg",
        "C:\\x.jpg",
        "..\\x.jpg",
        "sub/right-9.jpg",
        "right-9.jpg/",
        "",
        ".",
        "video",
        "right-9.JPG",
        "right-9.jpg\n",
        "right-٣.jpg",
        "RIGHT-9.jpg",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("is_named", [True, False], ids=["in the manifest", "not in the manifest"])
def test_a_part_that_belongs_to_no_record_is_told(sent, name, is_named, tmp_path):
    if is_named:
        forged(sent, {name: b"harm"})
    else:
        repacked(sent, {**parts_of(sent), name: b"harm"})
    assert "its list of parts does not fit" in refused(sent, tmp_path)
    assert not Path("/tmp/hipcv-escaped.jpg").exists()


def test_a_part_more_than_the_manifest_names_is_told(sent, tmp_path):
    assert "its list of parts does not fit" in refused(repacked(sent, {**parts_of(sent), "right-9.jpg": b"more"}), tmp_path)


def test_a_part_twice_is_told(sent, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(sent, "a") as opened:
        opened.writestr("figure.png", b"another")
    assert "its list of parts does not fit" in refused(sent, tmp_path)


@pytest.mark.parametrize("name", ["measurement.json", "arrays.npz", "figure.png", "manifest.json"])
def test_a_missing_part_is_told(sent, name, tmp_path):
    refused(repacked(sent, {part: data for part, data in parts_of(sent).items() if part != name}), tmp_path)


@pytest.mark.parametrize("name", ["measurement.json", "arrays.npz"])
def test_a_file_that_never_had_a_part_is_told(sent, name, tmp_path):
    assert "damaged" in refused(forged(sent, {name: None}), tmp_path)


@pytest.mark.parametrize(
    "altered",
    [
        pytest.param({"parts": []}, id="a list of parts"),
        pytest.param({"parts": None}, id="no parts"),
        pytest.param({"parts": {"measurement.json": 7}}, id="a part that is a number"),
        pytest.param({"visit": ["title"]}, id="a list for what was said"),
        pytest.param({"visit": {"title": {"a": 1}}}, id="more than text for what was said"),
        pytest.param({"visit": {"title": "\x1b[2J"}}, id="a title that clears the screen"),
        pytest.param({"visit": {"title": "\ud800"}}, id="half a letter"),
        pytest.param({"visit": {"title": float("nan")}}, id="NaN"),
        pytest.param({"hipcv": float("inf")}, id="Infinity"),
        pytest.param({"visit": {"title": "x" * 1_100_000}}, id="a manifest without end"),
        pytest.param({"more": json.loads("[" * 500 + "]" * 500)}, id="nested deeply"),
    ],
)
def test_a_manifest_that_hipcv_would_not_write_is_told(sent, altered, tmp_path):
    refused(forged(sent, **altered), tmp_path)


@pytest.mark.parametrize("n_bytes", [-5, 0, 7, 9, 8.5, "8", None, [], True, 10**30, 1e300], ids=str)
def test_a_size_that_is_not_that_of_the_part_is_told(sent, n_bytes, tmp_path):
    manifest = json.loads(parts_of(sent)["manifest.json"])
    manifest["parts"]["right-0.jpg"]["n_bytes"] = n_bytes
    refused(repacked(sent, {**parts_of(sent), "manifest.json": json.dumps(sealed(manifest)).encode()}), tmp_path)


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


def test_a_manifest_nested_without_end_is_told(sent, tmp_path):
    refused(repacked(sent, {**parts_of(sent), "manifest.json": DEEP}), tmp_path)


def test_a_document_nested_without_end_is_told(sent, tmp_path):
    refused(forged(sent, {"measurement.json": DEEP}), tmp_path)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 5000])
def test_a_number_that_is_none_is_told(sent, number, tmp_path):
    document = parts_of(sent)["measurement.json"]
    assert b'"duration_s": 15.0' in document
    refused(forged(sent, {"measurement.json": document.replace(b'"duration_s": 15.0', b'"duration_s": ' + number)}), tmp_path)


class Trap:
    """What would be run if it were unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("code in a file was run",))


def npz_with(file, **arrays):
    """The arrays of a file with some of them replaced, as numpy packs them."""
    (scratch := file.with_name("arrays.npz")).write_bytes(parts_of(file)["arrays.npz"])
    with np.load(scratch) as loaded:
        np.savez(scratch, **{**loaded, **{name.replace("__", "."): array for name, array in arrays.items()}})
    data = scratch.read_bytes()
    scratch.unlink()
    return data


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.array([Trap()] * 4, dtype=object), id="objects"),
        pytest.param(np.zeros(3), id="too few"),
        pytest.param(np.zeros((4, 2)), id="another shape"),
        pytest.param(np.array(1.0), id="a single number"),
        pytest.param(np.zeros(4, complex), id="other numbers"),
        pytest.param(np.array(["a"] * 4), id="letters"),
    ],
)
def test_arrays_that_do_not_fit_are_told(sent, array, tmp_path):
    refused(forged(sent, {"arrays.npz": npz_with(sent, body__pelvis_tilt_deg=array)}), tmp_path)


@pytest.mark.parametrize("data", [pickle.dumps({"a": Trap()}), b"no arrays"], ids=["a pickle", "text"])
def test_arrays_that_are_none_are_told(sent, data, tmp_path):
    refused(forged(sent, {"arrays.npz": data}), tmp_path)


def test_a_file_that_unfolds_without_end_is_told_and_not_unfolded(sent, tmp_path):
    """700 MB of zeros, said so in the table of contents."""
    with zipfile.ZipFile(sent, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as opened, opened.open("right-9.jpg", "w") as part:
        for _ in range(70):
            part.write(bytes(10_000_000))
    assert sent.stat().st_size < 10_000_000
    assert "it unfolds to more than 600 MB" in refused(sent, tmp_path)
    assert not list(tmp_path.rglob("right-9.jpg"))


def test_a_part_larger_than_it_says_is_told_and_not_unfolded(sent, tmp_path):
    """The table of contents speaks of 9 bytes, there are 20 million."""
    repacked(sent, {**parts_of(sent), "figure.png": bytes(20_000_000)})
    data = bytearray(sent.read_bytes())
    for head, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = next(i for i in range(len(data)) if data[i : i + 4] == head and b"figure.png" in data[i : i + 60])
        struct.pack_into("<I", data, start + at, 9)
    sent.write_bytes(data)
    refused(sent, tmp_path)
    assert all(path.stat().st_size < 1_000_000 for path in (tmp_path / "deep").rglob("*"))


def test_a_file_of_more_parts_than_any_has_is_told(sent, tmp_path):
    refused(forged(sent, {f"{side}-{i}.jpg": b"" for side in ("left", "right") for i in range(600)}), tmp_path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_file_packed_as_hipcv_packs_none_is_told(sent, compression, tmp_path):
    refused(forged(sent, compression=compression), tmp_path)


def test_a_file_under_lock_is_told(sent, tmp_path):
    data = bytearray(sent.read_bytes())
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + at] |= 1
    sent.write_bytes(data)
    refused(sent, tmp_path)


def test_a_link_in_a_file_becomes_no_link(sent, tmp_path):
    parts = parts_of(forged(sent, {"right-9.jpg": b"/etc/passwd"}))
    with zipfile.ZipFile(sent, "w") as opened:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 << 16) if name == "right-9.jpg" else 0
            opened.writestr(info, data)
    (tmp_path / "out").mkdir()
    sealed_file.unpack(sent, tmp_path / "out")
    assert not (tmp_path / "out" / "right-9.jpg").is_symlink()
    assert (tmp_path / "out" / "right-9.jpg").read_bytes() == b"/etc/passwd"
