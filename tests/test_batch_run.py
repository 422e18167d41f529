"""A run as a whole, with a stand-in for the measuring: what is done again and what is not, what the dataset holds."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hipcv.batch import columns, dataset, fingerprint
from hipcv.batch.extra_files import EXTRAS
from hipcv.batch.merge import merge
from hipcv.batch.messages import Method
from hipcv.batch.plan import Part
from hipcv.batch.run import RunRequest, run
from hipcv.errors import BadShards, NothingToMeasure, OutputError, RunInUse
from hipcv.study.read_tables import read_cohort
from tests.batches import FAILS, everything, stand_in, write_files

TABLES = {
    "measurements": columns.MEASUREMENTS,
    "reps": columns.REPS,
    "asymmetry": columns.ASYMMETRY,
}


@pytest.fixture
def clips(tmp_path):
    folder = write_files(tmp_path / "clips", "a.mp4", "b.mp4", "sub/c.mp4", "sub/d.mp4")
    (folder / "b.mp4").write_bytes(FAILS)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_clip_has_its_rows_or_its_reason(clips, tmp_path):
    out = tmp_path / "out"
    _, counts = run(RunRequest(clips, out), stand_in())
    assert counts == dataset.Counts(3, {"no_person": 1})
    measured = rows(out / "measurements.csv")
    assert [(row["clip"], row["side"], row["direction"]) for row in measured[:4]] == [
        ("a.mp4", "right", "internal"),
        ("a.mp4", "right", "external"),
        ("a.mp4", "left", "internal"),
        ("a.mp4", "left", "external"),
    ]
    assert len(measured) == 3 * 4
    assert len(rows(out / "asymmetry.csv")) == 3 * 3
    (failure,) = rows(out / "failures.csv")
    assert failure == {
        "clip": "b.mp4",
        "subject": "",
        "session": "",
        "group": "",
        "date": "",
        "code": "no_person",
        "sentence": "b.mp4: nobody was found.",
    }
    for row in measured:
        document = json.loads((out / row["result"]).read_text(encoding="utf-8"))
        span = document["hips"][row["side"]][f"{row['direction']}_rotation_deg"]
        assert row["value_deg"] == ("" if span is None else str(span["value"]))


@pytest.mark.parametrize("name", TABLES)
def test_parquet_holds_what_csv_holds(clips, tmp_path, name):
    out = tmp_path / "out"
    run(RunRequest(clips, out), stand_in())
    table = pq.read_table(out / f"{name}.parquet")
    assert [(field.name, field.type) for field in table.schema] == [(column.name, column.type) for column in TABLES[name]]
    written = [{key: tables_cell(value) for key, value in row.items()} for row in table.to_pylist()]
    assert written == rows(out / f"{name}.csv")
    assert written


def tables_cell(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_the_readme_tells_every_column_and_every_file(clips, tmp_path):
    out = tmp_path / "out"
    run(RunRequest(clips, out), stand_in())
    text = (out / "README.md").read_text(encoding="utf-8")
    for name in ("measurements", "reps", "asymmetry", "failures"):
        part = text.split(f"## {name}\n")[1].split("\n## ")[0]
        header = (out / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert [line.split("`")[1] for line in part.splitlines()[3:] if line.startswith("| `")] == header
    for path in out.iterdir():
        assert path.name == ".hipcv" or path.suffix == ".parquet" or path.name in text or path.name == "README.md"


def test_a_name_that_would_run_as_a_formula_is_escaped_in_csv_alone_and_read_back(clips, tmp_path):
    formula = '=HYPERLINK("http://x")'
    manifest = clips / "list.csv"
    manifest.write_text('clip,subject,session,group,@note\na.mp4,"=HYPERLINK(""http://x"")",+1,-x,=1\n')
    out = tmp_path / "out"
    run(RunRequest(manifest, out), stand_in())
    first, *_ = rows(out / "measurements.csv")
    assert (first["subject"], first["session"], first["group"], first["'@note"]) == (f"'{formula}", "'+1", "'-x", "'=1")
    kept = pq.read_table(out / "measurements.parquet").to_pylist()[0]
    assert (kept["subject"], kept["session"], kept["group"], kept["@note"]) == (formula, "+1", "-x", "=1")
    for angle in (*(read := read_cohort(out)).angles, *read.differences):
        assert (angle.subject, angle.session, angle.group) == (formula, "+1", "-x")


def test_columns_of_the_manifest_reach_the_tables(clips, tmp_path):
    manifest = clips / "list.csv"
    manifest.write_text(
        "clip,subject,session,group,age,reference_right_internal_deg,reference_left_internal_deg\na.mp4,Ana,2,control,41,34.5,30\n"
    )
    out = tmp_path / "out"
    run(RunRequest(manifest, out), stand_in())
    first, *_ = rows(out / "measurements.csv")
    assert (first["subject"], first["session"], first["group"], first["age"], first["reference_deg"]) == (
        "Ana",
        "2",
        "control",
        "41",
        "34.5",
    )
    differences = {row["quantity"]: row["reference_deg"] for row in rows(out / "asymmetry.csv")}
    assert differences == {"internal": "4.5", "external": "", "total": ""}
    assert "| `age` |" in (out / "README.md").read_text(encoding="utf-8")


# ---------------------------------------------------------------- going on
def test_what_is_done_is_not_done_again_and_two_runs_are_the_same(clips, tmp_path):
    out, other, asked = tmp_path / "out", tmp_path / "other", []
    run(RunRequest(clips, out), stand_in(asked))
    first = everything(out)
    run(RunRequest(clips, out), stand_in(asked))
    assert asked == ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]
    assert everything(out) == first
    assert json.loads((out / "run.json").read_text())["time"]["measured_in_this_call"] == 0
    run(RunRequest(clips, other), stand_in())
    assert everything(other) == first


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"retry_failed": True}, ["b.mp4"]),
        ({"force": True}, ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]),
        ({"method": Method(changes=("notice_total_deg=15",))}, ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]),
        ({"method": Method(model="lite")}, ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]),
    ],
)
def test_what_has_to_be_done_again_is(clips, tmp_path, change, expected):
    out, asked = tmp_path / "out", []
    run(RunRequest(clips, out), stand_in())
    run(RunRequest(clips, out, **change), stand_in(asked))
    assert asked == expected


def test_a_clip_that_changed_or_whose_result_is_gone_is_measured_again(clips, tmp_path):
    out, asked = tmp_path / "out", []
    run(RunRequest(clips, out), stand_in())
    write_files(clips, "new.mp4")
    (clips / "a.mp4").write_bytes(b"\0\0\0\x18ftypmp42 another")
    next((out / "clips").glob("c.mp4-*")).unlink()
    run(RunRequest(clips, out), stand_in(asked))
    assert asked == ["a.mp4", "new.mp4", "c.mp4"]


@pytest.mark.parametrize("extras", [(), EXTRAS])
def test_a_clip_that_fails_now_keeps_no_result_of_what_it_was(clips, tmp_path, extras):
    out, fresh, method = tmp_path / "out", tmp_path / "fresh", Method(extras=extras)
    run(RunRequest(clips, out, method), stand_in())
    (clips / "a.mp4").write_bytes(FAILS)
    run(RunRequest(clips, out, method), stand_in())
    run(RunRequest(clips, fresh, method), stand_in())
    assert everything(out) == everything(fresh)
    assert not list((out / "clips").glob("a.mp4-*"))


def test_angles_over_time_are_never_those_of_other_settings(clips, tmp_path):
    out, other, asked = tmp_path / "out", ("notice_total_deg=15",), []
    run(RunRequest(clips, out, Method(extras=EXTRAS)), stand_in())
    run(RunRequest(clips, out, Method(changes=other)), stand_in())
    run(RunRequest(clips, out, Method(changes=other, extras=EXTRAS)), stand_in(asked))
    assert asked == ["a.mp4", "c.mp4", "d.mp4"]


def test_the_dataset_holds_the_clips_of_the_list_and_the_others_come_back_with_it(clips, tmp_path):
    out, fresh, asked = tmp_path / "out", tmp_path / "fresh", []
    run(RunRequest(clips, out, Method(extras=EXTRAS)), stand_in())
    whole = everything(out)
    run(RunRequest(clips / "sub", fresh, Method(extras=EXTRAS)), stand_in())
    run(RunRequest(clips / "sub", out, Method(extras=EXTRAS)), stand_in())
    assert everything(out) == everything(fresh)
    run(RunRequest(clips, out, Method(extras=EXTRAS)), stand_in(asked))
    assert asked == []
    assert everything(out) == whole


@pytest.mark.parametrize("text", ["", "\0\0\0", '{"half', "[]"])
def test_a_result_that_lost_its_content_is_measured_again(clips, tmp_path, text):
    out, asked = tmp_path / "out", []
    run(RunRequest(clips, out), stand_in())
    whole = everything(out)
    next((out / "clips").glob("a.mp4-*")).write_text(text)
    run(RunRequest(clips, out), stand_in(asked))
    assert asked == ["a.mp4"]
    assert everything(out) == whole


def test_a_call_that_was_stopped_between_a_result_and_its_record_leaves_nothing_that_stands(clips, tmp_path):
    """Its settings were others; the record is still that of the first call."""
    out, extras, asked = tmp_path / "out", ("series",), []
    run(RunRequest(clips, out, Method(extras=extras)), stand_in())
    whole = everything(out)

    def stopped(pairs):
        for number, pair in enumerate(pairs):
            list(stand_in()([pair]))  # its files are there, its record is not
            if number == 2:
                raise OutputError("cannot_write", reason="stopped")
        yield

    with pytest.raises(OutputError, match="stopped"):
        run(RunRequest(clips, out, Method(changes=("notice_total_deg=15",), extras=extras)), stopped)
    run(RunRequest(clips, out, Method(extras=extras)), stand_in(asked))
    assert asked == ["a.mp4", "c.mp4"]
    assert everything(out) == whole


def test_further_files_that_are_no_longer_asked_for_leave_the_dataset(clips, tmp_path):
    out, fresh, asked = tmp_path / "out", tmp_path / "fresh", []
    run(RunRequest(clips, out, Method(extras=EXTRAS)), stand_in())
    whole = everything(out)
    run(RunRequest(clips, out), stand_in(asked))
    run(RunRequest(clips, fresh), stand_in())
    assert everything(out) == everything(fresh)
    assert not (out / "series").exists()
    run(RunRequest(clips, out, Method(extras=EXTRAS)), stand_in(asked))
    assert asked == []
    assert everything(out) == whole


def test_what_was_put_aside_does_not_come_back_beside_a_failure(clips, tmp_path):
    out = tmp_path / "out"
    merge(in_parts(clips, tmp_path / "first", 2), out)
    lost = (clips / "a.mp4").rename(tmp_path / "a.mp4")
    merge(in_parts(clips, tmp_path / "second", 2), out)
    lost.rename(clips / "a.mp4").write_bytes(FAILS)
    merge(in_parts(clips, tmp_path / "third", 2), out)
    run(RunRequest(clips, out), stand_in())
    assert not list((out / "clips").glob("a.mp4-*"))


def test_what_was_measured_with_another_library_is_measured_again(clips, tmp_path, monkeypatch):
    out, asked = tmp_path / "out", []
    run(RunRequest(clips, out), stand_in())
    monkeypatch.setattr("hipcv.batch.messages.of_numbers", lambda: {"numpy": "99"})
    run(RunRequest(clips, out), stand_in(asked))
    assert asked == ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]


def test_a_run_that_was_killed_while_it_made_its_folders_goes_on(clips, tmp_path, monkeypatch):
    request, real, left = RunRequest(clips, tmp_path / "out", Method(extras=EXTRAS)), Path.mkdir, 0

    def killed(self, *arguments, **choices):
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        real(self, *arguments, **choices)

    for n_folders in range(4):
        left = n_folders
        with monkeypatch.context() as patched:
            patched.setattr(Path, "mkdir", killed)
            with pytest.raises(KeyboardInterrupt):
                run(request, stand_in())
    assert run(request, stand_in())[1].measured == 3


def test_what_a_killed_run_left_is_cleared_away(clips, tmp_path):
    out = tmp_path / "out"
    run(RunRequest(clips, out), stand_in())
    expected = everything(out)
    (out / "clips" / ".a.mp4-1234-x.json").write_text("half")
    (out / ".measurements-xyz.csv").write_text("half")
    next((out / ".hipcv" / "records").glob("a.mp4-*")).write_text('{"half')
    run(RunRequest(clips, out), stand_in())
    assert everything(out) == expected


def test_a_folder_with_other_files_is_left_alone(clips, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.md").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        run(RunRequest(clips, out), stand_in())
    assert (out / "README.md").read_text() == "mine"
    assert [path.name for path in out.iterdir()] == ["README.md"]


def test_a_hidden_file_of_somebody_else_stays(clips, tmp_path):
    out = tmp_path / "out"
    run(RunRequest(clips, out), stand_in())
    (out / ".pre-commit-config.yaml").write_text("mine")
    run(RunRequest(clips, out), stand_in())
    assert (out / ".pre-commit-config.yaml").read_text() == "mine"


def test_two_runs_do_not_work_in_the_same_folder(clips, tmp_path):
    out = tmp_path / "out"

    def second(pairs):
        with pytest.raises(RunInUse, match="another hipcv is at work"):
            run(RunRequest(clips, out), stand_in())
        yield from stand_in()(pairs)

    run(RunRequest(clips, out), second)
    assert rows(out / "measurements.csv")


def test_results_that_cannot_be_written_end_the_run_and_lose_nothing(clips, tmp_path):
    out = tmp_path / "out"

    def disk_gets_full(pairs):
        yield from list(stand_in()(iter([next(pairs)])))
        raise OutputError("cannot_write", reason="full")

    with pytest.raises(OutputError, match="full"):
        run(RunRequest(clips, out), disk_gets_full)
    asked = []
    run(RunRequest(clips, out), stand_in(asked))
    assert asked == ["b.mp4", "c.mp4", "d.mp4"]


def test_a_source_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NothingToMeasure, match="no such file or folder"):
        run(RunRequest(tmp_path / "nowhere", tmp_path / "out"), stand_in())


# ---------------------------------------------------------------- parts
def in_parts(clips, out, n_parts, **choices):
    return [run(RunRequest(clips, out, part=Part(number + 1, n_parts), **choices), stand_in())[0].out for number in range(n_parts)]


@pytest.mark.parametrize("deidentified", [False, True])
def test_merged_parts_are_the_dataset_of_one_run(clips, tmp_path, deidentified):
    whole = tmp_path / "whole"
    run(RunRequest(clips, whole, deidentified=deidentified), stand_in())
    out = tmp_path / "out"
    if deidentified:  # the same study, so the same secret
        (tmp_path / "out.key").mkdir()
        (tmp_path / "out.key" / "salt").write_text((tmp_path / "whole.key" / "salt").read_text())
    parts = in_parts(clips, out, 3, deidentified=deidentified)
    assert sum(len(list((part / "clips").iterdir())) for part in parts) == 3
    _, counts = merge(parts, out)
    assert counts == dataset.Counts(3, {"no_person": 1})
    assert everything(out) == everything(whole)


def test_after_merging_the_same_command_without_parts_goes_on(clips, tmp_path):
    out, asked = tmp_path / "out", []
    merge(in_parts(clips, out, 2), out)
    run(RunRequest(clips, out), stand_in(asked))
    assert asked == []


def test_parts_that_do_not_fit_are_told(clips, tmp_path):
    first, second, third = in_parts(clips, tmp_path / "out", 3)
    with pytest.raises(BadShards, match=r"1 of 3 shards are not there \(2/3\)"):
        merge([first, third], tmp_path / "merged")
    with pytest.raises(BadShards, match="Name each once"):
        merge([first, second, third, third], tmp_path / "merged")
    with pytest.raises(BadShards, match="not what hipcv batch --shard leaves"):
        merge([tmp_path], tmp_path / "merged")
    other = in_parts(clips, tmp_path / "other", 3, method=Method(model="lite"))
    with pytest.raises(BadShards, match="another model"):
        merge([first, second, other[2]], tmp_path / "merged")
    with pytest.raises(BadShards, match="another list"):
        merge([first, *in_parts(clips / "sub", tmp_path / "sub", 2)], tmp_path / "merged")
    next((third / ".hipcv" / "records").iterdir()).unlink()
    with pytest.raises(BadShards, match=r"1 of its 1 clips are not done. Run hipcv batch --shard 3/3 again"):
        merge([first, second, third], tmp_path / "merged")


def test_parts_of_another_version_are_told(clips, tmp_path, monkeypatch):
    first, _ = in_parts(clips, tmp_path / "out", 2)
    monkeypatch.setattr(fingerprint, "__version__", "9.9")
    _, second = in_parts(clips, tmp_path / "newer", 2)
    with pytest.raises(BadShards, match="it was measured with another hipcv than"):
        merge([first, second], tmp_path / "merged")


def test_what_an_older_call_left_in_a_part_is_not_taken_for_done(clips, tmp_path):
    """Its plan says how the clips are to be measured; it was stopped before it had measured one so."""
    out, other = tmp_path / "out", Method(changes=("notice_total_deg=15",))
    parts = in_parts(clips, out, 2)
    in_parts(clips, out, 2, method=other)
    merge(parts, tmp_path / "merged")

    def stopped(_):
        raise OutputError("cannot_write", reason="stopped")
        yield

    with pytest.raises(OutputError, match="stopped"):
        run(RunRequest(clips, out, part=Part(1, 2)), stopped)
    run(RunRequest(clips, out, part=Part(2, 2)), stand_in())
    with pytest.raises(BadShards, match="shard-1-of-2: 2 of its 2 clips are not done"):
        merge(parts, tmp_path / "merged")


def test_the_whole_does_not_go_into_one_of_its_parts(clips, tmp_path):
    parts = in_parts(clips, tmp_path / "out", 2)
    before = (parts[1] / ".hipcv" / "plan.jsonl").read_bytes()
    with pytest.raises(BadShards, match="this is one of the shards"):
        merge(parts, parts[1])
    assert (parts[1] / ".hipcv" / "plan.jsonl").read_bytes() == before


def test_parts_are_merged_from_within_their_folder(clips, tmp_path, monkeypatch):
    parts = in_parts(clips, tmp_path / "out", 2)
    monkeypatch.chdir(tmp_path / "out")
    merge([Path(part.name) for part in parts], Path("../whole"))
    monkeypatch.chdir(parts[0])
    with pytest.raises(BadShards, match="1 of 2 shards are not there"):
        merge([Path()], Path("../../another"))


def test_merged_parts_have_their_angles_over_time(clips, tmp_path):
    method = Method(extras=EXTRAS)
    merge(in_parts(clips, tmp_path / "out", 2, method=method), tmp_path / "merged")
    run(RunRequest(clips, tmp_path / "whole", method), stand_in())
    assert everything(tmp_path / "merged") == everything(tmp_path / "whole")


def test_parts_may_lie_beside_a_folder_named_clips(clips, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(RunRequest(Path("clips"), Path(), part=Part(1, 2)), stand_in())[1].measured == 2


def test_a_part_without_clips_is_told(clips, tmp_path):
    with pytest.raises(NothingToMeasure, match="Shard 5 of 9 holds no clip of 4"):
        run(RunRequest(clips, tmp_path / "out", part=Part(5, 9)), stand_in())
