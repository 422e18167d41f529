"""What hipcv writes holds pictures and numbers of a clip, and nothing else of the file: no place, device, date, serial number or sound."""

import io
import zipfile
import zlib
from pathlib import Path

import av
import pytest
from pypdf import PdfReader

from hipcv.catalogues.words import Words
from hipcv.jobs.worker import measure_and_draw
from hipcv.records import record, sealed_file
from hipcv.records.document import to_csv
from hipcv.rendering.report_pdf import report_pdf
from hipcv.store.job import Camera
from tests.media import write_silence

TOLD = {
    "location": "+48.1371+011.5754/",
    "location-eng": "+48.1371+011.5754/",
    "com.apple.quicktime.make": "Obstfirma",
    "com.apple.quicktime.model": "Telefon 99",
    "com.apple.quicktime.software": "99.1.2",
    "serial": "SN-8675309",
    "artist": "Anna Beispiel",
    "title": "Hueftpraxis Raum 3",
    "creation_time": "2019-05-06T07:08:09.000000Z",
}
SECRETS = ["48.1371", "11.5754", "Obstfirma", "Telefon 99", "SN-8675309", "Anna Beispiel", "Raum 3", "2019-05-06", "07:08:09"]


@pytest.fixture(scope="module")
def written(short_clip, tmp_path_factory):
    """The folder of a visit, measured from a clip that tells all of that and has sound, with what can be taken out of it."""
    folder = tmp_path_factory.mktemp("telling")
    clip = telling(short_clip, folder / "upload.mov")
    news = []
    measure_and_draw({"clip": str(clip), "out": str(folder / "out"), "name": "clip.mov", "camera": Camera.BACK.value}, news.append)
    assert news[-1] == {"news": "done"}, news
    out = folder / "out"
    kept = record.read(out)
    (out / "angles.csv").write_text(to_csv(kept.measurement), encoding="utf-8")
    (out / "report.pdf").write_bytes(report_pdf(kept, None, Words("en")))
    sealed_file.pack(out, folder / "out.hipcv", {}, with_video=True)
    (folder / "out.hipcv").rename(out / "sent.hipcv")
    return out


def telling(source: Path, target: Path) -> Path:
    """The same pictures in a file that tells a lot, with sound."""
    with av.open(source) as clip, av.open(target, "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata.update(TOLD)
        pictures = out.add_stream_from_template(clip.streams.video[0])
        pictures.metadata.update(TOLD)
        voice = out.add_stream("aac", rate=16000, layout="mono")
        for packet in clip.demux(video=0):
            if packet.dts is not None:
                packet.stream = pictures
                out.mux(packet)
        write_silence(out, voice, 1.0)
    content = target.read_bytes()
    assert all(secret.encode() in content for secret in ("48.1371", "Telefon 99", "SN-8675309"))
    return target


def unfolded(path: Path) -> bytes:
    """The bytes of a file, and of what is packed inside it."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            content += b"".join(packed.read(name) for name in packed.namelist())
    for start in range(len(content)):
        if content.startswith((b"stream\r\n", b"stream\n"), start):  # of a PDF
            try:
                content += zlib.decompressobj().decompress(content[start + 7 :].lstrip(b"\r\n"), 1 << 24)
            except zlib.error:
                continue
    return content


@pytest.mark.pose
def test_nothing_of_what_the_file_told_is_in_anything_that_is_written(written):
    names = {path.name for path in written.iterdir()}
    assert names >= {record.DOCUMENT, record.ARRAYS, record.FIGURE, record.OVERLAY, "angles.csv", "report.pdf", "sent.hipcv"}
    for path in written.iterdir():
        content = path.read_bytes() if path.suffix in {".mp4", ".png", ".jpg"} else unfolded(path)
        assert [secret for secret in SECRETS if secret.encode() in content or secret.encode("utf-16-le") in content] == [], path.name


@pytest.mark.pose
def test_films_have_no_sound_and_tell_nothing(written):
    films = [path for path in written.iterdir() if path.suffix == ".mp4"]
    assert films
    for path in films:
        with av.open(path) as film:
            assert [stream.type for stream in film.streams] == ["video"]
            assert {*film.metadata, *film.streams[0].metadata} <= {
                *("major_brand", "minor_version", "compatible_brands", "encoder", "language", "handler_name", "vendor_id"),
            }


@pytest.mark.pose
def test_a_report_names_no_device_and_no_person(written):
    facts = PdfReader(io.BytesIO((written / "report.pdf").read_bytes())).metadata or {}
    assert not {"/Author", "/Keywords"} & {key for key, value in facts.items() if value}
