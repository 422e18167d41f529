"""Downloads of a result: the report, the tables, the video, and the file for the therapist."""

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.take_in import ASKED
from hipcv.records import sealed_file
from hipcv.records.document import as_text, to_csv
from hipcv.records.record import OVERLAY, Record
from hipcv.records.visit import Visit
from hipcv.rendering.report_pdf import report_pdf
from hipcv.web.parts import asked_code, session
from hipcv.web.server import media_routes


def show(record: Record, visit: Visit | None, words: Words) -> None:
    """Show the download buttons; each file is created on request."""
    st.header(words("result.downloads"))
    name = file_label(record, visit)
    with st.container(horizontal=True):
        _button(words("result.pdf"), lambda: report_pdf(record, visit, words), f"{name}.pdf", "application/pdf")
        if record.overlay:
            source = media_routes.address(record.folder, OVERLAY)
            st.html(f'<a class="hipcv-button" href="{source}" download="{name}.mp4">{words("result.overlay")}</a>', width="content")
    with st.expander(words("result.for_programs")), st.container(horizontal=True):
        _button(words("result.csv"), lambda: to_csv(record.measurement), f"{name}.csv", "text/csv")
        _button(words("result.json"), lambda: as_text(record.document), f"{name}.json", "application/json")
    if visit is not None:
        _share(record, visit, words)


def _button(label: str, make: object, file_name: str, mime: str) -> None:
    st.download_button(label, make, file_name=file_name, mime=mime, on_click="ignore")  # type: ignore[arg-type]


def _share(record: Record, visit: Visit, words: Words) -> None:
    st.header(words("result.share"))
    st.write(words("result.share_help", clip=session.plain(record.measurement.clip.name)))
    code = asked_code.ask(words)
    with_words = bool(visit.title or visit.note) and _ticked("words", visit, words)
    with_legs = record.leg_film is not None and _ticked("legs", visit, words, at_first=True)
    with_video = record.overlay is not None and _ticked("video", visit, words)

    def pack(out: Path) -> None:
        facts = {**visit.facts(with_words=with_words), ASKED: code}
        sealed_file.pack(record.folder, out, facts, with_video=with_video, with_legs=with_legs)

    name = file_label(record, visit, with_words=with_words)
    # The label says what is included: a tick that has not reached the server yet does not count.
    shared = [*(["title", "note"] if with_words else []), *(["legs"] if with_legs else []), *(["video"] if with_video else [])]
    label = words("result.share_file_with", shared=shared) if shared else words("result.share_file")
    _button(label, lambda: written(pack), f"{name}{sealed_file.ENDING}", "application/zip")


def _ticked(name: str, visit: Visit, words: Words, *, at_first: bool = False) -> bool:
    """What a person wants to send of a visit, or not, they say once while the tab is open."""
    return st.checkbox(words(f"result.share_{name}"), at_first, key=f"share-{name}-{visit.id}", persist_state="session")


def written(write: Callable[[Path], None]) -> bytes:
    """What a function writes into a file, for a download."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "written"
        write(out)
        return out.read_bytes()


def file_label(record: Record, visit: Visit | None, *, with_words: bool = True) -> str:
    """The file name of downloads: the title (if the person's own words may be shared) or the clip, then the day.

    It uses only characters that every system accepts, and reveals no more about the person than they wrote themselves.
    """
    said = (visit.title if visit and with_words else "") or Path(record.measurement.clip.name).stem
    label = re.sub(r"[^\w-]+", "-", said).strip("-")[:40] or "hip-rotation"
    return f"{label}-{visit.day.isoformat()}" if visit else label
