"""The page Open a file: a `.hipcv` file is checked, laid out, shown, and forgotten."""

import shutil
import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from hipcv import share
from hipcv.container import shown_name
from hipcv.errors import RecordError
from hipcv.record import Record
from hipcv.store import new_id
from hipcv.web import downloads, result_view, session, uploads
from hipcv.web.service import Service
from hipcv.words import Words

_OPENED = "opened"
_KEPT_S = 3600


def show(service: Service, words: Words) -> None:
    """The control, and what is in the file."""
    upload = st.file_uploader(words("open.upload"), type=[share.ENDING.lstrip(".")], key="open")
    if upload is None:
        _forget(service)
        return
    if st.session_state.get(_OPENED, ("",))[0] != upload.file_id:
        _forget(service)
        try:
            st.session_state[_OPENED] = (upload.file_id, *_opened(service, upload))
        except RecordError as problem:
            st.error(session.plain(session.say(str(problem), words)), icon=":material/error:")
            return
    _, record, facts = st.session_state[_OPENED]
    _show(record, facts, words)


def _opened(service: Service, upload: Any) -> tuple[Record, Mapping[str, Any]]:
    """Laid out in a folder of its own; what older pages left there goes."""
    for left in service.opened.iterdir():
        if time.time() - left.stat().st_mtime > _KEPT_S:
            shutil.rmtree(left, ignore_errors=True)
    file = uploads.received(upload, service.uploads)
    folder = service.opened / new_id()
    folder.mkdir(mode=0o700)
    try:
        return share.unpack(file, folder, shown_name(upload.name))
    except RecordError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        file.unlink(missing_ok=True)


def _forget(service: Service) -> None:
    _, record, _ = st.session_state.pop(_OPENED, ("", None, None))
    if record is not None and record.folder.parent == service.opened:
        shutil.rmtree(record.folder, ignore_errors=True)


def _show(record: Record, facts: Mapping[str, Any], words: Words) -> None:
    software = record.document["software"]
    st.success(
        words("open.whole", **{name: session.plain(str(software[name])) for name in ("hipcv", "mediapipe", "model")}),
        icon=":material/verified:",
    )
    st.caption(words("open.altered_note"))
    said = [str(facts[name]) for name in ("title", "measured_on", "note") if facts.get(name)]
    st.caption(session.plain(" · ".join([record.measurement.clip.name, *said])))
    result_view.show(record, words)
    downloads.show(record, None, words)
