"""The page Open a file: a `.hipcv` file is checked, unpacked, shown, and deleted again."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.errors import RecordError, StoreError, UploadGone
from hipcv.records import sealed_file
from hipcv.records.record import Record
from hipcv.store.store import new_id, remove
from hipcv.video.container import shown_name
from hipcv.web.parts import answer_view, downloads, result_view, session
from hipcv.web.server import uploads
from hipcv.web.server.open_tabs import this_tab
from hipcv.web.server.service import Service

_OPENED = "opened"


def show(service: Service, words: Words) -> None:
    """Show the file control and the content of the file."""
    upload = st.file_uploader(words("open.upload"), type=[sealed_file.ENDING.lstrip(".")], key="open")
    if upload is None:
        forget()
        return
    if st.session_state.get(_OPENED, ("",))[0] != upload.file_id:
        forget()
        try:
            st.session_state[_OPENED] = (upload.file_id, *_opened(service, upload))
        except UploadGone:
            st.session_state[_OPENED] = (upload.file_id, None, words("measure.upload_gone"))
        except RecordError as problem:
            st.session_state[_OPENED] = (upload.file_id, None, problem.said(words.language))
    _, record, said = st.session_state[_OPENED]
    if record is None:
        st.error(session.plain(said), icon=":material/error:")
    elif not record.folder.is_dir():
        st.error(words("open.gone"), icon=":material/error:")
    else:
        service.tabs.hold(record.folder, this_tab())
        _show(record, said, words)


def forget() -> None:
    """Delete the opened file's data: the page was left, or another file was chosen."""
    _, record, _ = st.session_state.pop(_OPENED, ("", None, None))
    if record is not None:
        with suppress(StoreError):  # the supervisor tries again
            remove(record.folder)


def _opened(service: Service, upload: Any) -> tuple[Record, Mapping[str, Any]]:
    """Unpack the file into a folder of its own."""
    file = uploads.received(upload, service.store.uploads)
    folder = service.store.opened / new_id()
    folder.mkdir(mode=0o700)
    service.tabs.hold(folder, this_tab())
    try:
        return sealed_file.unpack(file, folder, shown_name(upload.name))
    except RecordError:
        remove(folder)
        raise
    finally:
        file.unlink(missing_ok=True)


def _show(record: Record, facts: Mapping[str, Any], words: Words) -> None:
    software = record.document["software"]
    st.success(
        words("open.whole", **{name: session.plain(str(software[name])) for name in ("hipcv", "mediapipe", "model")}),
        icon=":material/verified:",
    )
    st.caption(words("open.altered_note"))
    said = [str(facts[name]) for name in ("title", "measured_on", "note") if facts.get(name)]
    st.caption(session.plain(" · ".join([record.measurement.clip.name, *said])))
    answer_view.show(record.document, words)
    result_view.show(record, words, own=False)
    downloads.show(record, None, words)
