"""The window: choose a clip, see the measurement. Run it with `streamlit run app.py`."""

import tempfile
from pathlib import Path

import streamlit as st

import hipcv
from hipcv import report
from hipcv.measurement import Measurement, Severity
from hipcv.settings import Mirrored, Settings

SAMPLE = Path(__file__).parent / "samples" / "p06_asym.mp4"
ALERTS = {Severity.SERIOUS: st.error, Severity.WARNING: st.warning, Severity.INFO: st.info}


def measure(clip: Path, mirrored: Mirrored) -> Measurement:
    """The measurement of a clip, with a bar while it runs."""
    with st.spinner("Measuring"):
        bar = st.progress(0.0)
        result = hipcv.measure(clip, settings=Settings(mirrored=mirrored), on_progress=lambda done, total: bar.progress(done / total))
        bar.empty()
    return result


def measure_upload(name: str, data: bytes, mirrored: Mirrored) -> Measurement:
    """The same for an upload, which lies on disk only meanwhile, under a name of our own."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip"
        clip.write_bytes(data)
        try:
            return measure(clip, mirrored)
        except hipcv.HipcvError as problem:
            raise type(problem)(str(problem).replace("clip:", f"{Path(name).name}:", 1)) from None


def show(result: Measurement) -> None:
    """The table, the verdicts, the findings."""
    header = ("Hip rotation", "Right", "Left", "Right minus left")
    st.table({column: [row[i] for row in report.table_rows(result)] for i, column in enumerate(header)})
    st.caption("In brackets: 95 % interval.")
    for sentence in report.verdict_sentences(result.asymmetry):
        st.write(sentence)
    for finding in result.findings:
        ALERTS[finding.severity](finding.message)
    st.download_button("Result as JSON", hipcv.to_json(result), file_name="hip-rotation.json", mime="application/json")


st.set_page_config(page_title="hipcv", page_icon="🦵")
st.title("Hip rotation from a video")
st.write("Stop if it hurts. " + report.INTENDED_USE)
upload = st.file_uploader("Video of the seated test", type=["mp4", "mov", "m4v", "3gp", "webm", "mkv", "avi", "ts"])
selfie = st.checkbox("The video is a mirrored selfie (writing in the picture reads backwards)")
use_sample = st.button("Try it with a sample clip")
mirrored = Mirrored.YES if selfie else Mirrored.AUTO

try:
    if use_sample:
        show(measure(SAMPLE, Mirrored.NO))
    elif upload is not None:
        show(measure_upload(upload.name, upload.getvalue(), mirrored))
except hipcv.HipcvError as problem:
    st.error(str(problem))
