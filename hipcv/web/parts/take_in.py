"""The page Measure: a video is chosen first, then asked about, with a picture of it in view."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.errors import UploadGone
from hipcv.jobs.peek import Glance, peek
from hipcv.records.visit import OWN_KINDS, Kind
from hipcv.rendering import guide_pdf
from hipcv.rendering.turned_picture import as_it_may_be
from hipcv.settings import Turn
from hipcv.store.job import Camera, Request
from hipcv.video import limits
from hipcv.video.container import shown_name
from hipcv.web.parts import jobs_view, session, style, typing_pause
from hipcv.web.server import uploads
from hipcv.web.server.open_tabs import this_tab
from hipcv.web.server.service import Service

_SAMPLES = [Path(__file__).parents[n] / "samples" / "p06_asym.mp4" for n in (2, 3)]
"""The sample clip in an installed package, and in a checkout."""
_UPLOADS = "uploads_so_far"
"""A new number makes Streamlit build a new, empty control."""
_CHOSEN = "chosen_video"
_UNFOLDED = "form_unfolded"
"""Whether the person asked for the form while a job is active."""
_FIELDS = ("camera", "kind", "title", "day", "note", "keep")
_PROBLEM = "upload_problem"
"""Why the last video was not accepted, to be shown once."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A video that has come and waits for its questions."""

    file: Path
    name: str
    glance: Glance
    turn: Turn = Turn.NONE
    """How the person has turned the picture."""

    @property
    def needed(self) -> Turn:
        """How the picture, as it is now, has to be turned to be upright, as far as that is sure."""
        return self.glance.needed + -self.turn if self.glance.needed is not Turn.NONE else Turn.NONE


def in_use() -> bool:
    """Whether somebody describes a video here, or has asked for the form to send one."""
    return _CHOSEN in st.session_state or bool(st.session_state.get(_UNFOLDED))


def offer(service: Service, words: Words, *, folded: bool) -> None:
    """Show the form; while the page follows a job, only on request, or a phone would show nothing but the form."""
    if not folded:
        st.session_state[_UNFOLDED] = False
    chosen = st.session_state.get(_CHOSEN)
    if chosen is not None and not chosen.file.is_file():
        chosen, st.session_state[_PROBLEM] = None, words("measure.upload_gone")
        _forget_chosen()
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(session.plain(problem), icon=":material/error:")
    if chosen is not None:
        service.tabs.hold(chosen.file, this_tab())
        _ask_about(service, chosen, words)
    elif folded and not st.session_state.get(_UNFOLDED):
        st.button(words("measure.another"), icon=":material/add:", on_click=st.session_state.update, args=({_UNFOLDED: True},))
    else:
        _choose(service, words)


# ---------------------------------------------------------------------- which video
def _choose(service: Service, words: Words) -> None:
    """Show the two ways to a video, and the sample."""
    drawing, ways = st.columns(2, gap="medium", vertical_alignment="center")
    with drawing:
        st.image(guide_pdf.picture_svg(guide_pdf.AT_A_GLANCE), alt=words("measure.test_alt"), width="stretch")
    with ways:
        st.write(f"{words('measure.intro')} **{words('measure.safety')}**")
        _ways_to_a_video(service, words)
        st.page_link(session.page("guide"), label=words("measure.guide"), icon=":material/directions:")
        _sample(service, words)
    allowed = words("measure.limits", minutes=round(limits.MAX_DURATION_S / 60), megabytes=limits.MAX_MEGABYTES)
    with st.expander(words("measure.about_video")):
        st.caption(f"{allowed} {words('measure.privacy')}")
        st.caption(words("measure.from_phone"))


def _ways_to_a_video(service: Service, words: Words) -> None:
    """Show the two large buttons; a video that has come is looked at at once."""
    number = st.session_state.setdefault(_UPLOADS, 0)
    film = f'<a class="hipcv-button hipcv-main" href="/film/?lang={words.language}" target="_self">{words("measure.film_now")}</a>'
    st.html(style.choosing(words("measure.choose")))
    st.html(film + f'<p class="hipcv-small">{words("measure.film_now_help")}</p>')
    with st.container(key="large-choose"):
        upload = st.file_uploader(words("measure.upload"), type=["video"], key=f"upload-{number}", label_visibility="collapsed")
    if upload is not None:
        st.session_state[_UPLOADS] += 1  # even if it cannot be kept: the same upload must not come twice
        with st.spinner(words("measure.looking")):
            _try(lambda: _receive(service, uploads.received(upload, service.store.uploads), shown_name(upload.name)), words)


def _sample(service: Service, words: Words) -> None:
    """Show the way to a result without a video of one's own."""
    if st.button(words("measure.sample"), icon=":material/play_circle:", type="tertiary"):
        clip = next(path for path in _SAMPLES if path.is_file())
        sample = Request(Camera.BACK, kind=Kind.SAMPLE)
        _try(lambda: jobs_view.follow_from_now(service.queue.add(clip, clip.name, sample, copy=True)), words)


def _receive(service: Service, file: Path, name: str) -> None:
    """Keep a video for its questions; one that cannot be looked at goes to the measurement at once, which says why."""
    if glance := peek(file):
        st.session_state[_CHOSEN] = _Chosen(file, name, glance)
        return
    try:
        jobs_view.follow_from_now(service.queue.add(file, name, Request(Camera.UNKNOWN)))
    finally:
        file.unlink(missing_ok=True)


def _try(act: Callable[[], None], words: Words) -> None:
    """Do it and draw the page anew, or show why it could not be done."""
    try:
        act()
    except UploadGone:
        st.session_state[_PROBLEM] = words("measure.upload_gone")
    except OSError as problem:
        st.session_state[_PROBLEM] = words("measure.not_kept", why=problem.strerror or type(problem).__name__)
    else:
        st.session_state[_UNFOLDED] = False
    st.rerun()


# ---------------------------------------------------------------------- what about it
def _ask_about(service: Service, chosen: _Chosen, words: Words) -> None:
    """Ask which picture is right, where the file does not tell, and which visit it is; then measure."""
    st.header(words("measure.ask.heading"))
    st.caption(session.plain(chosen.name))
    _pictures(chosen, words)
    camera = _camera(chosen.glance, words)
    kind = _kind(words)
    with st.expander(words("measure.ask.more"), key="about-video"):
        title = st.text_input(
            words("measure.ask.title"),
            max_chars=200,
            placeholder=words("measure.ask.title_hint"),
            key=_field("title"),
            live=typing_pause.LIVE,
            persist_state="session",
        )
        day = st.date_input(words("measure.ask.day"), None, max_value="today", key=_field("day"), persist_state="session")
        note = st.text_area(words("measure.ask.note"), max_chars=2000, key=_field("note"), persist_state="session")
        keep = st.checkbox(words("measure.ask.keep"), key=_field("keep"), persist_state="session")
    # Its key names the language: a press that arrives with choices worded in another one is ignored.
    measure = st.button(words("measure.ask.measure"), icon=":material/straighten:", type="primary", key=f"measure-{words.language}")
    if chosen.needed is Turn.NONE:  # an upright one only in case that the eye knows better
        _turning(chosen, Turn.RIGHT, words)
    if st.button(words("measure.ask.other"), type="tertiary"):
        _forget_chosen()
        chosen.file.unlink(missing_ok=True)
        st.rerun()
    if measure and camera is None:
        st.error(words("measure.ask.which_missing"), icon=":material/error:")
    elif measure and camera:
        request = Request(camera, title.strip(), kind or Kind.SINGLE, note.strip(), keep, day, turn=chosen.turn)
        _try(lambda: _measure(service, chosen, request), words)


def _measure(service: Service, chosen: _Chosen, request: Request) -> None:
    """Put it into the queue; if there is no room for it, it is still chosen."""
    st.session_state.pop(_CHOSEN)  # at once, or a second press would find its file gone
    try:
        job_id = service.queue.add(chosen.file, chosen.name, request)
    except OSError:
        st.session_state[_CHOSEN] = chosen
        raise
    jobs_view.follow_from_now(job_id)
    session.forget(*map(_field, _FIELDS))


def _forget_chosen() -> None:
    session.forget(_CHOSEN, *map(_field, _FIELDS))


def _field(name: str) -> str:
    """The key of a question about the video that was chosen last."""
    return f"{name}-{st.session_state[_UPLOADS]}"


def _pictures(chosen: _Chosen, words: Words) -> None:
    """Show the picture, also mirrored where the file does not tell; one in which the person lies can be turned at once."""
    if chosen.needed is not Turn.NONE:
        st.warning(words("measure.ask.lies"), icon=":material/screen_rotation:")
        _turning(chosen, chosen.needed, words)
    plain, mirrored = as_it_may_be(chosen.glance.picture, chosen.turn)
    if chosen.glance.mirrored is not None:
        st.image(plain, width=240)
    else:
        st.markdown(f"**{words('measure.ask.which')}**")
        with st.container(horizontal=True):
            for name, picture in (("first", plain), ("second", mirrored)):
                st.image(picture, caption=words(f"measure.ask.{name}"), width=160)


def _turning(chosen: _Chosen, by: Turn, words: Words) -> None:
    kind: Literal["primary", "tertiary"] = "tertiary" if chosen.needed is Turn.NONE else "primary"
    st.button(words("measure.ask.turn"), icon=":material/rotate_right:", type=kind, on_click=_turn, args=(chosen, by))


def _turn(chosen: _Chosen, by: Turn) -> None:
    st.session_state[_CHOSEN] = replace(chosen, turn=chosen.turn + by)


def _kind(words: Words) -> Kind | None:
    texts = {kind: words(f"app.kind.{kind.value}") for kind in OWN_KINDS}
    session.keep_choice(_field("kind"), list(texts.values()))
    return st.selectbox(words("measure.ask.kind"), OWN_KINDS, format_func=texts.__getitem__, key=_field("kind"), persist_state="session")


def _camera(glance: Glance, words: Words) -> Camera | None:
    """Which camera filmed, as the file says or as the person sees it; None until they have chosen."""
    if glance.mirrored is not None:
        return Camera.FRONT if glance.mirrored else Camera.BACK
    ways = {"first": Camera.BACK, "second": Camera.FRONT, "unknown": Camera.UNKNOWN}
    texts = {name: words(f"measure.ask.{name}") for name in ways}
    session.keep_choice(_field("camera"), list(texts.values()))
    chosen = st.radio(
        words("measure.ask.which"),
        list(ways),
        index=None,
        format_func=texts.__getitem__,
        help=words("measure.ask.which_help"),
        horizontal=True,
        label_visibility="collapsed",
        key=_field("camera"),
        persist_state="session",
    )
    return ways.get(chosen or "")
