"""Jobs in progress: stage, progress, time left, the clip check and a cancel button; failed jobs stay until they are dismissed."""

from collections.abc import Sequence

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.errors import HipcvError, JobNotFound
from hipcv.store.job import ACTIVE, STAGE_SHARES, Job, State, seconds_to_wait
from hipcv.web.parts import session
from hipcv.web.server.service import Service

_JOB = "job"
"""Key of the job that this page follows, in the page's address and in the session. The address keeps it over a refresh, the session over
a request that was sent just before the address changed."""
_NEW = "job_is_new"
"""Whether the followed job was asked for just now, so that its progress has to come into view."""
_CANCELLED = "jobs_cancelled"
"""Jobs that were cancelled in this session, which is told until it is dismissed."""
_SEEN = "jobs_seen"
"""Jobs whose result was already opened in this session: coming back to such an address must not open it again."""
_GO = """<script>{
let looks = 0;
const go = () => {
  const link = document.querySelector(".st-key-go-by-itself a");
  link?.click();
  if (link || ++looks < 20) setTimeout(go, link ? 5000 : 100);
};
go();
}</script>"""
"""Follows the link to the result. The browser has to change the page: while a timed redraw is on its way, a change that the server makes
leaves an empty page (Streamlit 1.67 takes the redraw's old page for the new one)."""


_TO_THE_TOP = "<script>document.querySelector('[data-testid=stMain]').scrollTo({ top: 0 });</script>"


def follow_from_now(job_id: str) -> None:
    """Follow a job: this browser tab will open its result when it is ready."""
    st.session_state[_JOB] = st.query_params[_JOB] = job_id
    st.session_state[_NEW] = True


def beside(service: Service, words: Words) -> None:
    """Show all active and failed jobs on a page about something else, which none of them leaves by itself."""
    with st.container():
        shown = service.queue.jobs(*ACTIVE, State.FAILED)
        if shown or _cancelled(service):
            _shown_beside(service, [job.id for job in shown if not job.visit_id], words)


@st.fragment(run_every=0.5)
def _shown_beside(service: Service, without_visit: Sequence[str], words: Words) -> None:
    """`without_visit`: jobs whose visit the page does not show, as it came after the page was drawn."""
    ready = [job for job_id in without_visit if (job := _known(service, job_id)) and job.state is State.DONE]
    shown = service.queue.jobs(*ACTIVE, State.FAILED)  # asked for last, or a job that ends just now would be shown as both
    for job in ready:
        _show_ready(job, service, words)
    _show_cancelled(service, words)
    _show_failures(shown, service, words, None)
    _show_active(shown, service, words)


def follow(service: Service, words: Words, *, stays: bool) -> bool:
    """Show all active and failed jobs; the one started in this tab opens its result when ready, or says so where the person `stays`, as they
    are at another video. Returns whether that job is shown.
    """
    asked = st.query_params.get(_JOB, "")
    if asked and asked not in st.session_state.get(_SEEN, ()):
        st.session_state[_JOB] = asked
    own = _own(service)
    with st.container():  # even if empty, so that the form below keeps its place and does not lose a file just chosen there
        if own or service.queue.jobs(*ACTIVE, State.FAILED) or _cancelled(service):
            _live(service, words, stays=stays)
    if st.session_state.pop(_NEW, False):
        st.html(_TO_THE_TOP, unsafe_allow_javascript=True)
    return own is not None and (own.state in ACTIVE or bool(stays and own.visit_id))


@st.fragment(run_every=0.5)
def _live(service: Service, words: Words, *, stays: bool) -> None:
    own = _own(service)
    shown = service.queue.jobs(*ACTIVE, State.FAILED)  # asked for last, as above
    if own is not None and own.visit_id and not stays:
        _go(own, words)
        return
    if own is not None and own.visit_id and own.state not in ACTIVE:
        _show_ready(own, service, words)
    _show_cancelled(service, words)
    _show_failures(shown, service, words, own)
    if own is not None and own.state not in ACTIVE and not own.visit_id:
        _leave()
    _show_active(shown, service, words)


def _cancelled(service: Service) -> list[Job]:
    """Jobs that were cancelled in this session, or that this tab follows, and that have ended."""
    own = {st.session_state.get(_JOB)}
    return [job for job in service.queue.jobs(State.CANCELLED) if job.id in st.session_state.get(_CANCELLED, set()) | own]


def _show_cancelled(service: Service, words: Words) -> None:
    for job in _cancelled(service):
        st.info(session.plain(words("measure.job.cancelled", name=job.name)), icon=":material/cancel:")
        _dismiss(job, service, words)


def _show_ready(job: Job, service: Service, words: Words) -> None:
    """Say that a result is there, to somebody who is at something else; its name is the visit's, as a job that is done keeps none."""
    try:
        visit = service.store.visit(job.visit_id or "")
    except HipcvError:  # deleted since
        return
    with st.container(border=True):
        st.success(session.plain(words("measure.job.ready", name=session.name_of(visit, job.name, words))), icon=":material/check_circle:")
        _result_link(job, words, job.id)


def _result_link(job: Job, words: Words, key: str) -> None:
    to = session.page("review" if session.at_desk() else "result")
    with st.container(key=f"go-{key}"):
        st.page_link(to, label=words("measure.job.result"), query_params={"visit": job.visit_id or ""})


def _show_failures(shown: Sequence[Job], service: Service, words: Words, own: Job | None) -> None:
    """Show the jobs without a result, in every tab, as the one that a job was sent from may be closed."""
    for job in shown:
        if job.state is State.FAILED:
            _show_failed(job, service, words, own=own is not None and own.id == job.id)


def _show_active(shown: Sequence[Job], service: Service, words: Words) -> None:
    jobs = [job for job in shown if job.state in ACTIVE]
    if not jobs:
        return
    st.header(words("measure.job.heading"))
    at_work = [job for job in jobs if job.state is not State.WAITING]
    for job in jobs:
        with st.container(border=True):
            _show(job, service, words, seconds_to_wait(at_work, job.ahead))
    if any(job.state is not State.STOPPING for job in jobs):
        st.caption(words("measure.job.safe"))


def _leave() -> None:
    """The job started here has ended without a result: the page stops following it."""
    if _JOB in st.query_params:
        st.query_params.pop(_JOB)
        st.rerun()  # the whole page, which offers the form again


def _own(service: Service) -> Job | None:
    """The job that this tab follows, if there is one."""
    job_id = st.session_state.get(_JOB)
    return _known(service, job_id) if job_id else None


def _known(service: Service, job_id: str) -> Job | None:
    try:
        return service.queue.job(job_id)
    except JobNotFound:
        return None


def _go(job: Job, words: Words) -> None:
    """Open the result of a job."""
    _result_link(job, words, "by-itself")
    st.html(_GO, unsafe_allow_javascript=True)


def result_reached(visit_id: str) -> None:
    """The page with the result of a visit is open, by itself or by a press: this tab follows the job that led there no longer."""
    own = _own(session.service())
    if own is not None and own.visit_id and own.visit_id == visit_id:
        st.session_state[_SEEN] = {*st.session_state.get(_SEEN, ()), own.id}
        st.session_state[_JOB] = ""


def _show(job: Job, service: Service, words: Words, waits_s: float | None) -> None:
    st.markdown(f"**{session.plain(session.name_of(job.request, job.name, words))}**")
    st.progress(_share(job), _stage(job, words, waits_s))
    _show_glance(job, words)
    columns = st.columns(2)
    if job.visit_id:
        with columns[0]:
            _result_link(job, words, job.id)
    else:
        columns[0].button(
            words("measure.job.cancel"),
            key=f"cancel-{job.id}",
            disabled=job.state is State.STOPPING,
            on_click=_cancel,
            args=(service, job.id),
        )


def _cancel(service: Service, job_id: str) -> None:
    st.session_state[_CANCELLED] = {*st.session_state.get(_CANCELLED, ()), job_id}
    service.queue.cancel(job_id)


def _show_failed(job: Job, service: Service, words: Words, *, own: bool) -> None:
    """Show why it has no result, and the way on: from the page where it was asked for, to the next try."""
    why = job.problem.said(words.language) if job.problem else ""
    told = why if why.startswith(f"{job.name}: ") else f"{job.name}: {why}"
    st.error(f"**{words('measure.job.failed')}.** {session.plain(told)}", icon=":material/error:")
    _dismiss(job, service, words, "again" if own else "dismiss")


def _dismiss(job: Job, service: Service, words: Words, name: str = "dismiss") -> None:
    st.button(words(f"measure.job.{name}"), key=f"dismiss-{job.id}", on_click=service.queue.forget, args=(job.id,))


def _share(job: Job) -> float:
    if job.stage is None:
        return 0.0
    start, end = STAGE_SHARES[job.stage]
    return start + (end - start) * min(1.0, job.done / job.total if job.total else 0.0)


def _stage(job: Job, words: Words, waits_s: float | None) -> str:
    if job.state is State.WAITING:
        return _waiting(job, words, waits_s)
    if job.state is State.STOPPING:
        return words("measure.job.stopping")
    stage = words(f"measure.job.{job.stage.value if job.stage else 'starting'}")
    left_s = job.seconds_left()
    return f"{stage} …" if left_s is None else words("measure.job.left", stage=stage, time=_time(left_s, words))


def _waiting(job: Job, words: Words, waits_s: float | None) -> str:
    if waits_s is not None:
        return words("measure.job.waiting_about", time=_time(waits_s, words))
    return words("measure.job.waiting", ahead=job.ahead) if job.ahead else words("measure.job.waiting_next")


def _time(left_s: float, words: Words) -> str:
    return words("measure.job.minutes", n=round(left_s / 60)) if left_s > 90 else words("measure.job.seconds", n=max(1, round(left_s)))


def _show_glance(job: Job, words: Words) -> None:
    """Show what the first look found amiss; the whole list folds."""
    told = [(one.fine, words(f"measure.glance.{one.item.value}{'_' * bool(one.seen)}{one.seen}")) for one in job.glance]
    for fine, sentence in told:
        if not fine:
            st.warning(sentence, icon=":material/warning:")
    if told:
        n_fine = sum(fine for fine, _ in told)
        with st.expander(words("measure.glance.fold", n=n_fine, of=len(told)), key=f"glance-{job.id}"):
            for fine, sentence in told:
                st.markdown(f":material/{'check_circle' if fine else 'warning'}: {sentence}")
