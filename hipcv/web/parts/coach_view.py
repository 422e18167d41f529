"""What the coach saw while a clip was filmed with hipcv, and where the measurement disagrees: it alone decides what counts."""

import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.findings.of_coach import Disagreement, disagreements
from hipcv.measurement import Measurement
from hipcv.web.parts import session


def show(measurement: Measurement, words: Words) -> None:
    """Show who filmed it, and each leg and direction in which the two disagree; nothing where no coach watched."""
    if measurement.filmed is None:
        return
    counted = sum(one.counts for one in measurement.filmed.movements)
    st.caption(words("result.coach.filmed", camera=words(f"result.coach.{measurement.filmed.camera.value}"), n=counted))
    for one in disagreements(measurement):
        for sentence in told(one, words):
            st.markdown(f"- {session.plain(sentence)}")


def told(one: Disagreement, words: Words) -> list[str]:
    """One sentence for what only the coach counted, and one for what only the measurement did."""
    name = words(f"film.count.{one.side.value}.{one.direction.value}")
    both = (("coach_only", one.coach_only_s), ("measured_only", one.measured_only_s))
    return [words(f"result.coach.{key}", movement=name, n=len(times), at=list(times)) for key, times in both if times]
