"""Nothing in a de-identified dataset leads to a person, a file or a day; the key beside it leads back."""

import csv
import hashlib
import json
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hipcv.batch import extra_files
from hipcv.batch.deidentify import check
from hipcv.batch.entry import Entry
from hipcv.batch.extra_files import EXTRAS
from hipcv.batch.merge import merge
from hipcv.batch.messages import Method, Result
from hipcv.batch.plan import Part
from hipcv.batch.run import RunRequest, run
from hipcv.batch.study_key import key_folder, salt_of
from hipcv.errors import BadManifest, OutputError, RunInUse
from hipcv.study.read_tables import read_cohort
from hipcv.study.study import study
from tests.batches import FAILS, stand_in, write_files
from tests.builders import a_clip, a_measurement

MANIFEST = """clip,subject,session,group,date,address,reference_right_internal_deg
annabel_2026-03-02.mp4,Annabel Lopezino,2026-03-02,control,,Elmhurst Street,31
annabel_2026-03-16.mp4,Annabel Lopezino,2026-03-16,control,,Elmhurst Street,
visits/benedikt first.mp4,Benedikt Itoyama,before,treated,2025-12-30,Oakwood Lane,
visits/benedikt second.mp4,Benedikt Itoyama,after,treated,2026-01-06,Oakwood Lane,
visits/benedikt third.mp4,Benedikt Itoyama,,treated,2026-01-13,Oakwood Lane,
nobody.mp4,Annabel Lopezino,2026-03-01,control,,Elmhurst Street,
"""
NAMES = (
    "Annabel",
    "Lopezino",
    "Benedikt",
    "Itoyama",
    "Elmhurst",
    "Oakwood",
    "annabel_",
    "benedikt ",
    "nobody.mp4",
    "visits/",
    "2025-12",
    "2026-0",
)
"""Too long to turn up by chance in a packed file, as three letters can."""


@pytest.fixture
def manifest(tmp_path):
    clips = tmp_path / "private place"
    write_files(clips, *(line.split(",")[0] for line in MANIFEST.splitlines()[1:]))
    (clips / "nobody.mp4").write_bytes(FAILS)
    path = clips / "list.csv"
    path.write_text(MANIFEST)
    return path


@pytest.fixture
def out(manifest, tmp_path):
    out = tmp_path / "study"
    run(RunRequest(manifest, out, Method(extras=EXTRAS), deidentified=True), really_written())
    return out


def really_written():
    """A stand-in for the measuring only: what comes of it is written as a child does."""

    def measure(pairs):
        for tag, task in pairs:
            results = list(stand_in()([(tag, replace(task, extras={}))]))
            if results[0][1].result is Result.MEASURED and task.extras:
                files = extra_files.write(replace(a_measurement(), clip=a_clip(name=task.name)), task.extras)
                results = [(tag, replace(results[0][1], files={**results[0][1].files, **files}))]
            yield from results

    return measure


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_file_of_the_dataset_holds_a_name_a_path_a_date_or_a_hash(out, manifest):
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in manifest.parent.rglob("*.mp4")]
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) == 5 * 6 + 9  # of five clips JSON and every further file; seven tables, run.json, README.md
    for path in files:
        said = (
            path.name
            + "\n"
            + (str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_bytes().decode("utf-8", "replace"))
        )
        for secret in (*NAMES, *hashes, "private place"):
            assert secret not in said, f"{secret} in {path.name}"
    assert "address" not in rows(out / "measurements.csv")[0]


def test_subjects_and_sessions_can_still_be_told_apart(out):
    found = {(row["subject"], row["session"], row["group"]) for row in rows(out / "measurements.csv") + rows(out / "failures.csv")}
    ana, ben = ({subject for subject, _, group in found if group == name} for name in ("control", "treated"))
    assert (len(ana), len(ben)) == (1, 1)
    assert ana != ben
    assert {(session, group) for _, session, group in found} == {
        ("day 0", "control"),
        ("day 1", "control"),
        ("day 15", "control"),
        ("before", "treated"),
        ("after", "treated"),
        ("day 14", "treated"),
    }
    assert {row["reference_deg"] for row in rows(out / "measurements.csv")} == {"31.0", ""}


@pytest.mark.parametrize(
    "text",
    """31.03.2026|3/31/26|visit 20260331|T20260331|2026-03|3/2026|31. März|March 31|31st March|31Mar2026|31MAR26|2026_03_31|31_March_2026
    March_2026|31 03 2026|31032026|310326|31–03–2026|31-03-26|03-31-26|31 mars 2026|2026-03-31 10:15|pre-op 3.5.21|KW 33/2026|2026-KW33|Ana Lopez first|of ana lopez
    ana_lopez""".replace("\n", "|").split("|"),
)
@pytest.mark.parametrize("column", ["session", "group"])
def test_a_session_or_group_that_tells_a_day_or_a_person_is_refused(tmp_path, column, text):
    write_files(tmp_path, "a.mp4", "b.mp4")
    manifest = tmp_path / "list.csv"
    manifest.write_text(f"clip,subject,{column}\na.mp4,Ana Lopez,1\nb.mp4,Ben,{text.strip()}\n", encoding="utf-8")
    with pytest.raises(BadManifest, match=f'nothing was measured.\n  the {column} "{text.strip()}" names (a date|a subject)'):
        run(RunRequest(manifest, tmp_path / "out", deidentified=True), stand_in())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4", "list.csv"]


@pytest.mark.parametrize(
    "text",
    """|before|2|week 12|T1|10 marathons|1-2-3|control 2026|cohort 2026-1|season 2025/26|v1.2.10|A-01-02-03|0-6-12 weeks|3-6-12 months
    protocol 10-20-30|SEP 2|OCT 3|MAR 1|visit 2 (May)|6-12 months|12-05|1/2|visit 1010|sleep|Al 2""".replace("\n", "|").split("|"),
)
def test_other_names_of_sessions_and_groups_stand(text):
    check([Entry(0, "a.mp4", "a.mp4", subject=subject, session=text.strip(), group=text.strip()) for subject in ("Al", "101", "Lee")])


def test_reliability_is_the_same_with_codes_in_the_place_of_names(tmp_path):
    days = {"ana": ("2026-03-02", "2026-03-11"), "ben": ("2026-01-05", "2026-01-10"), "cy": ("2026-02-01", "2026-02-07")}
    lines = [f"{name}{n}.mp4,{name},{day}" for name, pair in days.items() for n, day in enumerate(pair)]
    write_files(tmp_path, *(line.split(",")[0] for line in lines))
    for column in ("session", "date"):
        (tmp_path / "list.csv").write_text(f"clip,subject,{column}\n" + "\n".join(lines) + "\n")
        named, coded = tmp_path / f"named {column}", tmp_path / f"coded {column}"
        run(RunRequest(tmp_path / "list.csv", named), stand_in())
        run(RunRequest(tmp_path / "list.csv", coded, deidentified=True), stand_in())
        assert json.loads((coded / "run.json").read_text())["sessions_are_days"]
        of_both = [study(read_cohort(folder)) for folder in (named, coded)]
        assert [one.sessions for one in of_both] == [("1", "2"), ("1", "2")]
        assert of_both[0].retest[0].n_subjects == of_both[1].retest[0].n_subjects == 3


def test_the_names_of_sessions_keep_their_order(tmp_path):
    write_files(tmp_path, "a.mp4", "b.mp4", "c.mp4")
    (tmp_path / "list.csv").write_text("clip,subject,session\na.mp4,Ana,pre\nb.mp4,Ana,post\nc.mp4,Ben,late\n")
    run(RunRequest(tmp_path / "list.csv", tmp_path / "out", deidentified=True), stand_in())
    run_json = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (run_json["sessions"], run_json["sessions_are_days"]) == (["pre", "post", "late"], False)
    assert read_cohort(tmp_path / "out").session_names == ("pre", "post", "late")


def test_the_order_of_the_rows_tells_nothing(out):
    clips = list(dict.fromkeys(row["clip"] for row in rows(out / "measurements.csv")))
    assert clips == sorted(clips)


def test_a_document_keeps_its_numbers_and_loses_its_origin(out, manifest):
    document = json.loads(next((out / "clips").iterdir()).read_text())
    assert document["clip"]["n_bytes"] is None
    assert len(document["clip"]["sha256"]) == 64
    assert document["clip"]["name"].startswith("clip-")
    assert document["hips"]["right"]["internal_rotation_deg"]["value"] == 30.0
    assert document["clip"]["duration_s"] == 15.0


def test_the_key_leads_back_and_is_for_its_owner_only(out):
    key = out.with_name("study.key")
    back = {row["clip_code"]: row["clip"] for row in rows(key / "key.csv")}
    coded = {row["clip"] for row in rows(out / "measurements.csv")}
    assert {back[code] for code in coded} == {line.split(",")[0] for line in MANIFEST.splitlines()[1:-1]}
    assert stat.S_IMODE(key.stat().st_mode) == 0o700
    for name in ("salt", "key.csv"):
        assert stat.S_IMODE((key / name).stat().st_mode) == 0o600


def test_the_same_study_gives_the_same_codes_and_another_one_others(manifest, tmp_path):
    out, asked = tmp_path / "study", []
    run(RunRequest(manifest, out, deidentified=True), stand_in())
    before = (out / "measurements.csv").read_bytes()
    run(RunRequest(manifest, out, deidentified=True), stand_in(asked))
    assert (out / "measurements.csv").read_bytes() == before
    assert asked == []
    other = tmp_path / "other"
    run(RunRequest(manifest, other, deidentified=True), stand_in())
    assert {row["clip"] for row in rows(other / "measurements.csv")}.isdisjoint(row["clip"] for row in rows(out / "measurements.csv"))


def test_a_dataset_with_names_does_not_become_one_without(manifest, tmp_path):
    out = tmp_path / "out"
    run(RunRequest(manifest, out, deidentified=True), stand_in())
    shutil.rmtree(out)  # its key and its state stay
    run(RunRequest(manifest, out), stand_in())
    with pytest.raises(OutputError, match="holds a dataset with names"):
        run(RunRequest(manifest, out, deidentified=True), stand_in())
    with pytest.raises(OutputError, match="holds a dataset with names"):
        run(RunRequest(manifest, out, deidentified=True, part=Part(1, 2)), stand_in())


def test_parts_with_names_and_parts_without_do_not_mix(manifest, tmp_path):
    for first, second in ((True, False), (False, True)):
        out = tmp_path / f"first {first}"
        run(RunRequest(manifest, out, deidentified=first, part=Part(1, 2)), stand_in())
        for part in (Part(2, 2), None):
            with pytest.raises(OutputError, match=r"shard-1-of-2: this folder holds a dataset with"):
                run(RunRequest(manifest, out, deidentified=second, part=part), stand_in())


def test_merged_parts_take_the_key_of_their_study_along(manifest, tmp_path):
    parts = [run(RunRequest(manifest, tmp_path / "out", deidentified=True, part=Part(n, 2)), stand_in())[0].out for n in (1, 2)]
    merge(parts, tmp_path / "whole")
    for name in ("salt", "key.csv"):
        copy = tmp_path / "whole.key" / name
        assert copy.read_bytes() == (tmp_path / "out.key" / name).read_bytes()
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "whole.key").stat().st_mode) == 0o700
    asked = []
    run(RunRequest(manifest, tmp_path / "whole", deidentified=True), stand_in(asked))
    assert asked == []
    run(RunRequest(manifest, tmp_path / "other", deidentified=True), stand_in())
    with pytest.raises(OutputError, match="key of another study"):
        merge(parts, tmp_path / "other")


def test_a_run_that_is_refused_leaves_the_key_alone(manifest, tmp_path):
    def second(pairs):
        other = write_files(tmp_path / "others", "other.mp4")
        with pytest.raises(RunInUse):
            run(RunRequest(other, tmp_path / "study", deidentified=True), stand_in())
        yield from stand_in()(pairs)

    run(RunRequest(manifest, tmp_path / "study", deidentified=True), second)
    assert "annabel_2026-03-02.mp4" in {row["clip"] for row in rows(tmp_path / "study.key" / "key.csv")}
    run(RunRequest(manifest, tmp_path / "named"), stand_in())
    with pytest.raises(OutputError, match="holds a dataset with names"):
        run(RunRequest(manifest, tmp_path / "named", deidentified=True), stand_in())
    assert not (tmp_path / "named.key").exists()


def test_a_lost_secret_is_not_replaced(out, manifest):
    (out.with_name("study.key") / "salt").unlink()
    with pytest.raises(OutputError, match="secret of the study cannot be used"):
        run(RunRequest(manifest, out, deidentified=True), stand_in())


def test_many_that_begin_a_study_at_once_have_one_secret(tmp_path):
    for number in range(200):
        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(salt_of, [tmp_path / str(number)] * 4))) == 1


@pytest.mark.parametrize("out", [".", "..", "sub/.."])
def test_the_key_lies_beside_the_dataset_however_that_is_named(tmp_path, monkeypatch, out):
    (tmp_path / "a" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a")
    where = (tmp_path / "a" / out).resolve()
    assert key_folder(Path(out)).resolve() == where.with_name(where.name + ".key")


@pytest.mark.parametrize("text", ["", "abcd", "not a number"])
def test_a_spoiled_secret_is_told_and_not_replaced(tmp_path, text):
    (tmp_path / "salt").write_text(text)
    with pytest.raises(OutputError, match="secret of the study"):
        salt_of(tmp_path)
    assert (tmp_path / "salt").read_text() == text
