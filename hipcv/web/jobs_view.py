"""What is in work: stage, progress, time left, the first look, and a button that ends it."""

import streamlit as st

from hipcv.errors import JobNotFound
from hipcv.glance import Glance
from hipcv.job import ACTIVE, Job, Stage, State
from hipcv.web import session
from hipcv.web.service import Service
from hipcv.words import Words

JOB = "job"
"""In the address of the page: the job that it follows, so that a refresh loses nothing."""
_STAGES = {Stage.LOOKING: (0.0, 0.04), Stage.MEASURING: (0.04, 0.9), Stage.DRAWING: (0.9, 1.0)}
"""Which part of the bar each stage fills."""


def follow(service: Service, words: Words) -> None:
    """All jobs in work; the one that was started here leads to its result."""
    active = service.queue.jobs(*ACTIVE)
    mine = st.query_params.get(JOB, "")
    if not active and not mine:
        return
    _live(service, words, mine)


@st.fragment(run_every=0.5)
def _live(service: Service, words: Words, mine: str) -> None:
    jobs = service.queue.jobs(*ACTIVE)
    own = _job(service, mine)
    if own is not None and own.visit_id:
        _leave(own.visit_id)
    if own is not None and own.state in {State.FAILED, State.CANCELLED}:
        _show_ended(own, service, words)
    if jobs:
        st.subheader(words("measure.job.heading"))
    for job in jobs:
        with st.container(border=True):
            _show(job, service, words)
    if any(job.state is not State.STOPPING for job in jobs):
        st.caption(words("measure.job.safe"))


def _job(service: Service, job_id: str) -> Job | None:
    try:
        return service.queue.job(job_id) if job_id else None
    except JobNotFound:
        return None


def _leave(visit_id: str) -> None:
    st.switch_page(session.page("result"), query_params={"visit": visit_id})


def _show(job: Job, service: Service, words: Words) -> None:
    st.markdown(f"**{session.plain(job.request.title or job.name)}**")
    st.progress(_share(job), _stage(job, words))
    for one in job.glance:
        _show_glance(one, words)
    columns = st.columns(2)
    if job.visit_id and columns[0].button(words("measure.job.result"), key=f"result-{job.id}", type="primary"):
        _leave(job.visit_id)
    if not job.visit_id:
        columns[0].button(
            words("measure.job.cancel"),
            key=f"cancel-{job.id}",
            disabled=job.state is State.STOPPING,
            on_click=service.queue.cancel,
            args=(job.id,),
        )


def _show_ended(job: Job, service: Service, words: Words) -> None:
    if job.state is State.FAILED:
        st.error(f"**{words('measure.job.failed')}.** {session.plain(session.say(job.sentence, words))}", icon=":material/error:")
    else:
        st.info(session.plain(words("measure.job.cancelled", name=job.name)), icon=":material/cancel:")
    if st.button(words("measure.job.dismiss"), key="dismiss", on_click=service.queue.forget, args=(job.id,)):
        del st.query_params[JOB]
        st.rerun()


def _share(job: Job) -> float:
    if job.stage is None:
        return 0.0
    start, end = _STAGES[job.stage]
    return start + (end - start) * min(1.0, job.done / job.total if job.total else 0.0)


def _stage(job: Job, words: Words) -> str:
    if job.state is State.WAITING:
        return words("measure.job.waiting", ahead=job.ahead) if job.ahead else words("measure.job.waiting_next")
    if job.state is State.STOPPING:
        return words("measure.job.stopping")
    stage = words(f"measure.job.{job.stage.value if job.stage else 'starting'}")
    left_s = job.seconds_left()
    return f"{stage} …" if left_s is None else words("measure.job.left", stage=stage, time=_time(left_s, words))


def _time(left_s: float, words: Words) -> str:
    return words("measure.job.minutes", n=round(left_s / 60)) if left_s > 90 else words("measure.job.seconds", n=max(1, round(left_s)))


def _show_glance(one: Glance, words: Words) -> None:
    if one.fine and not words.has(f"measure.glance.{one.item.value}_{one.seen}"):
        st.markdown(f":material/check_circle: {words(f'measure.glance.{one.item.value}')}")
    else:
        sentence = words(f"measure.glance.{one.item.value}_{one.seen}")
        (st.info if one.fine else st.warning)(sentence, icon=":material/info:" if one.fine else ":material/warning:")
