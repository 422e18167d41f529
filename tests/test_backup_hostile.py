"""Backups that were damaged on their way, or made to do harm: restored as they were written, or refused in one sentence."""

import json
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcv.errors import BackupError
from hipcv.store import backup, restore
from hipcv.store.backup_format import MANIFEST, TABLES, row_of
from hipcv.store.existing import existing_store
from hipcv.store.store import Store
from tests.backups import before_restore, content, full_desk, rewritten
from tests.command import quick
from tests.desks import a_visit
from tests.test_backup import refusal

ID = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small backup of a full desk, and what it must bring back."""
    folder = tmp_path_factory.mktemp("made")
    store = full_desk(folder / "data")
    for path in (folder / "data" / "visits").glob("*/[rov][ivi][gde]*"):  # the images are large and all alike
        path.write_bytes(path.name.encode())
    expected = content(store)
    backup.write(store, folder / "b.zip")
    store.engine.dispose()
    return folder / "b.zip", expected


@pytest.fixture
def target(tmp_path):
    return tmp_path / "changed.zip"


def refused(file, folder):
    """Whether it is refused, in one sentence and with no folder left; otherwise it is restored."""
    said = ""
    try:
        restore.restore(file, folder)
    except BackupError as problem:
        said = str(problem)
    assert bool(said) != folder.exists()
    assert len(said.splitlines()) == bool(said)
    return bool(said)


def restored_rows(folder):
    store = existing_store(folder)
    found = before_restore(store)
    store.engine.dispose()
    return found


# ---------------------------------------------------------------- damage
@pytest.mark.slow
@settings(max_examples=150)
@given(data=st.data())
def test_a_flipped_bit_is_found_or_does_no_harm(made, tmp_path_factory, data):
    file, expected = made
    whole = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] ^= 1 << data.draw(st.integers(0, 7))
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "b.zip").write_bytes(whole)
    assert refused(folder / "b.zip", folder / "new") or restored_rows(folder / "new") == expected


@pytest.mark.release
@settings(max_examples=150)
@given(data=st.data())
def test_a_flipped_bit_in_what_zip_says_of_its_parts_is_found_or_does_no_harm(made, tmp_path_factory, data):
    """At the end of the file, and in the head of each part, where most bits mean something."""
    file, expected = made
    whole = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        heads = [byte for part in packed.infolist() for byte in range(part.header_offset, part.header_offset + 50)]
        at_the_end = range(packed.start_dir, len(whole))
    place = data.draw(st.sampled_from([*heads, *at_the_end]))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "b.zip").write_bytes(whole)
    assert refused(folder / "b.zip", folder / "new") or restored_rows(folder / "new") == expected


@settings(max_examples=60)
@given(data=st.data())
def test_a_part_that_is_cut_out_or_put_in_is_found(made, tmp_path_factory, data):
    file, expected = made
    whole = file.read_bytes()
    place, n = data.draw(st.integers(0, len(whole))), data.draw(st.integers(1, 5000))
    other = data.draw(st.sampled_from([b"", bytes(n), whole[:n]]))
    folder = tmp_path_factory.mktemp("cut")
    (folder / "b.zip").write_bytes(whole[:place] + other + whole[place + n :])
    assert refused(folder / "b.zip", folder / "new") or restored_rows(folder / "new") == expected


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no zip file " * 99, b"PK\x05\x06" + bytes(18)], ids=["empty", "short", "text", "no parts"]
)
def test_what_is_no_backup_is_told(target, tmp_path, content):
    target.write_bytes(content)
    assert "this is no backup of hipcv, or not to its end" in refusal(restore.restore, target, tmp_path / "new", kind=BackupError)
    assert [path.name for path in tmp_path.iterdir()] == ["changed.zip"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert "there is no such file" in refusal(restore.restore, tmp_path / "none.zip", tmp_path / "new", kind=BackupError)
    assert "there is no such file" in refusal(restore.restore, tmp_path, tmp_path / "new", kind=BackupError)
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_record_is_no_backup(made, target, tmp_path):
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(MANIFEST, json.dumps({"schema": "hipcv-record/1", "hipcv": "1", "sha256": "", "parts": {}}))
    assert "this is no backup of hipcv" in refusal(restore.restore, target, tmp_path / "new", kind=BackupError)


# ---------------------------------------------------------------- harm
def damaged(file, folder):
    """That it is refused as damaged, and leaves nothing."""
    before = {path.name for path in folder.iterdir()}
    said = refusal(restore.restore, file, folder / "new", kind=BackupError)
    assert {path.name for path in folder.iterdir()} == before
    return "it is damaged, or was altered" in said


NAMES = [
    "../out.txt",
    "/out.txt",
    "visits/../../out.txt",
    f"visits/{ID}/../../../out.txt",
    f"visits/{ID}/..",
    f"visits/{ID}/.",
    f"visits/{ID}/",
    f"visits/{ID}",
    f"visits/{ID}/a/b.jpg",
    f"visits/{ID}/.hidden",
    f"visits/{ID}/a\\..\\..\\out.txt",
    f"visits/{ID}/C:out.txt",
    f"visits/{ID}/two words.jpg",
    f"visits/{ID}/a\n.jpg",
    f"visits/{ID}/{'x' * 101}",
    f"visits/{ID.upper()}/a.jpg",
    f"visits/{ID[:-1]}/a.jpg",
    "visits/../hipcv.sqlite3",
    "hipcv.sqlite3",
    "rows/job.jsonl",
    "rows/sqlite_master.jsonl",
    "rows/../rows/log.jsonl",
    "in-use.lock",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_part_of_any_other_name_is_refused(made, target, tmp_path, name):
    assert damaged(rewritten(made[0], target, {name: b"out"}), tmp_path)


def test_a_folder_without_a_row_and_a_row_without_a_folder_are_refused(made, target, tmp_path):
    names = zipfile.ZipFile(made[0]).namelist()
    visit = next(name for name in names if name.endswith("measurement.json"))
    assert damaged(rewritten(made[0], target, {f"visits/{ID}/measurement.json": b"{}"}), tmp_path)
    assert damaged(rewritten(made[0], target, {visit: None}), tmp_path)
    assert damaged(rewritten(made[0], target, {name: None for name in names if name.startswith(visit.rpartition("/")[0])}), tmp_path)
    assert damaged(rewritten(made[0], target, {"rows/visit.jsonl": b""}), tmp_path)
    assert damaged(rewritten(made[0], target, {"rows/visit.jsonl": None}), tmp_path)


def unzipped(file):
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_name_that_stands_there_twice_is_refused(made, target, tmp_path):
    parts = unzipped(made[0])
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            packed.writestr("rows/person.jsonl", parts["rows/person.jsonl"])
    assert damaged(target, tmp_path)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_unfolds_is_refused_before_it_does(made, target, tmp_path, method):
    with zipfile.ZipFile(target, "w", method) as packed:
        for name, data in unzipped(made[0]).items():
            packed.writestr(name, data)
        with packed.open("rows/bomb.jsonl", "w") as part:
            for _ in range(200):
                part.write(bytes(1_000_000))
    assert target.stat().st_size < 5_000_000
    assert damaged(target, tmp_path)


def test_parts_that_lie_over_each_other_are_refused(made, target, tmp_path):
    """As in a bomb without compression: the list says a thousand times that the same bytes are a part."""
    n, size = 1000, 100_000
    body = b"PK\x03\x04" + struct.pack("<5H3L2H", 10, 0, 0, 0, 33, 0, size, size, 5, 0) + b"a.jpg" + bytes(size)
    listed = b"".join(
        b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, 10, 0, 0, 0, 33, 0, size, size, 9, 0, 0, 0, 0, 0, 0) + f"{k:05}.jpg".encode()
        for k in range(n)
    )
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, n, n, len(listed), len(body), 0)
    target.write_bytes(body + listed + end)
    assert len(zipfile.ZipFile(target).infolist()) == n
    assert damaged(target, tmp_path)


def test_a_link_becomes_no_link(made, target, tmp_path):
    """Zip can mark a part as a link; its content, a path, would then decide where others are written."""
    parts = unzipped(rewritten(made[0], target))
    (visit,) = [name for name in parts if name.endswith("/video")][:1]
    parts[visit] = str(tmp_path / "secret").encode()
    rewritten(made[0], target, {visit: parts[visit]})
    told = unzipped(target)
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in told.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name == visit else 0o600 << 16
            packed.writestr(info, data)
    restore.restore(target, tmp_path / "new")
    assert not any(path.is_symlink() for path in (tmp_path / "new").rglob("*"))
    assert (tmp_path / "new" / visit).read_bytes() == parts[visit]


def test_a_locked_zip_is_refused(made, target, tmp_path):
    whole = bytearray(made[0].read_bytes())
    with zipfile.ZipFile(made[0]) as packed:
        at = packed.start_dir
    whole[at + 8] |= 1  # says that the first part is encrypted
    whole[6] |= 1
    target.write_bytes(whole)
    assert damaged(target, tmp_path)


MANIFESTS = {
    "no version": {"hipcv": None},
    "a version that controls the terminal": {"hipcv": "\x1b[2J1"},
    "a version that is a text": {"hipcv": "1 <script>"},
    "a revision that is none": {"revision": None},
    "no time": {"made_at": "yesterday"},
    "a time without a zone": {"made_at": "2026-03-02T12:00:00"},
    "a time that is a number": {"made_at": 5},
    "ids that are none": {"left_out": [1]},
    "no list of ids": {"left_out": None},
    "a head that is none": {"log_head": ["a", 1]},
    "a head that is a number": {"log_head": 5},
    "a head of one": {"log_head": [1]},
    "parts that are none": {"parts": []},
    "parts that are a number": {"parts": 7},
    "parts without sizes": {"parts": {"rows/log.jsonl": None}},
    "a number beyond all bounds": {"n": 10**400},
    "nested too deeply": {"more": json.loads("[" * 500 + "]" * 500)},
}


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_says_nonsense_is_refused(made, target, tmp_path, manifest):
    before = {path.name for path in tmp_path.iterdir()}
    file = rewritten(made[0], target, **manifest)
    said = refusal(restore.restore, file, tmp_path / "new", kind=BackupError)
    assert "\x1b" not in said
    assert {path.name for path in tmp_path.iterdir()} == before | {"changed.zip"}


@pytest.mark.parametrize(
    "manifest", [b"[]", b"7", b"null", b"{", b'{"schema": "hipcv-backup/1"}', b'{"schema": ["hipcv-backup/1"]}', b"\xff"]
)
def test_a_manifest_of_another_shape_is_refused(made, target, tmp_path, manifest):
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in (unzipped(made[0]) | {MANIFEST: manifest}).items():
            packed.writestr(name, data)
    refusal(restore.restore, target, tmp_path / "new", kind=BackupError)
    assert not (tmp_path / "new").exists()


def test_a_seal_that_was_not_made_anew_tells_of_the_change(made, target, tmp_path):
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in unzipped(made[0]).items():
            packed.writestr(name, data.replace(b'"left_out": []', b'"left_out": ["x"]') if name == MANIFEST else data)
    assert damaged(target, tmp_path)


def test_a_backup_of_a_later_form_names_its_version(made, target, tmp_path):
    said = refusal(restore.restore, rewritten(made[0], target, schema="hipcv-backup/2", hipcv="4.0"), tmp_path / "new", kind=BackupError)
    assert "written by hipcv 4.0" in said


# ---------------------------------------------------------------- rows
LINES = [
    b"no JSON",
    b"[]",
    b"{}",
    b"null",
    b"7",
    b'{"name": "desk"}',
    b'{"name": "desk", "value": 1, "more": 2}',
    b'{"name": 5, "value": 1}',
]
LINES += [
    b'{"name": null, "value": 1}',
    b"[" * 100_000,
    b'{"name": "a", "value": ' + b"[" * 5000,
    b"\xff",
    b'{"name": "a", "value": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:30].decode(errors="replace"))
def test_a_line_that_is_no_row_is_refused(made, target, tmp_path, line):
    assert damaged(rewritten(made[0], target, {"rows/setting.jsonl": line}), tmp_path)


WRONG = [None, True, 1, 1.5, "x", [], {}, "2026-03-02", "2026-03-02T12:00:00", 2**70, "\x00", "\ud800", float("inf")]


@pytest.mark.release
@settings(max_examples=150)
@given(data=st.data())
def test_a_cell_of_another_kind_is_refused_or_restored_as_it_is(made, tmp_path_factory, data):
    parts, (expected, images) = unzipped(made[0]), made[1]
    table = data.draw(st.sampled_from([table for table in TABLES if parts[f"rows/{table.name}.jsonl"]]))
    first, *others = parts[f"rows/{table.name}.jsonl"].splitlines(keepends=True)
    column = data.draw(st.sampled_from(list(table.columns)))
    changed = json.dumps(json.loads(first) | {column.name: data.draw(st.sampled_from(WRONG))}).encode() + b"\n"
    folder = tmp_path_factory.mktemp("cell")
    file = rewritten(made[0], folder / "b.zip", {f"rows/{table.name}.jsonl": b"".join([changed, *others])})
    if not refused(file, folder / "new"):
        found, kept = restored_rows(folder / "new")
        assert kept == images
        row = tuple(row_of(table, changed).values())
        mine = found.pop(table.name)
        assert row in mine
        assert [one for one in mine if one != row] == [one for one in expected[table.name][1:] if one != row]
        assert found == {name: lines for name, lines in expected.items() if name != table.name}


def test_the_same_row_twice_is_refused(made, target, tmp_path):
    people = unzipped(made[0])["rows/person.jsonl"]
    said = refusal(restore.restore, rewritten(made[0], target, {"rows/person.jsonl": people * 2}), tmp_path / "new", kind=BackupError)
    assert "the database does not take what is in it (UNIQUE constraint failed: person.id)" in said
    assert [path.name for path in tmp_path.iterdir()] == ["changed.zip"]


def test_what_fits_one_kind_of_database_only_is_told(tmp_path, postgres):
    """SQLite takes any length; a server does not."""
    from tests.postgres import fresh_database

    store = Store(tmp_path / "data")
    a_visit(store, asked_code="longer than twelve letters")
    backup.write(store, tmp_path / "b.zip")
    said = refusal(restore.restore, tmp_path / "b.zip", tmp_path / "new", fresh_database(postgres), kind=BackupError)
    assert "value too long" in said
    assert "without --database" in said
    assert not (tmp_path / "new").exists()
    restore.restore(tmp_path / "b.zip", tmp_path / "new")
    back = existing_store(tmp_path / "new")
    assert content(back) == content(store)
    for one in (store, back):
        one.engine.dispose()


def test_the_command_says_it_in_one_sentence(made, target, tmp_path):
    target.write_bytes(made[0].read_bytes()[:-30])
    done = quick("restore", target, "--data", tmp_path / "new")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["changed.zip"]
