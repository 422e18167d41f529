"""How well the numbers agree with the practice's own instrument: sentences, a chart, the readings to take along."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from hipcv.catalogues.words import Words
from hipcv.desk.agreement import ENOUGH, Agreement, Pair, agreement, pairs, readings_zip
from hipcv.language.sentences import whole
from hipcv.store import inbox
from hipcv.store.access import Action
from hipcv.store.reviews import Reviews
from hipcv.web.parts import drawn
from hipcv.web.parts.charts import GREY, PURPLE, AnyChart
from hipcv.web.server.service import Service


def show(service: Service, words: Words) -> None:
    """Show what there is: from ten readings on the agreement, and all readings as a table."""
    visits = inbox.every(service.store)
    found = pairs(service.store, visits)
    result = agreement(found)
    if result is None:
        st.info(words("agreement.too_few", n=len(found), enough=ENOUGH), icon=":material/straighten:")
    else:
        st.markdown(f"## {_sentence(result, words)}")
        st.write(words("agreement.inside", n=result.n, inside=result.n_inside))
        drawn.chart(chart(found, result, words), alt=words("agreement.alt", values=_text(found)))
        st.caption(words("agreement.help"))
    if not Reviews(service.store).all_readings():
        return

    def packed() -> bytes:
        made = readings_zip(service.store, visits)
        service.store.gate.note(Action.EXPORTED, "", {"format": "readings"})
        return made

    st.download_button(words("agreement.zip"), packed, file_name="readings.zip", mime="application/zip", on_click="ignore")
    st.caption(words("agreement.zip_help"))


def _sentence(result: Agreement, words: Words) -> str:
    bias = whole(abs(result.bias_deg))
    return words(
        "agreement.sentence",
        case="equal" if bias == "0" else "more" if result.bias_deg > 0 else "less",
        bias=bias,
        low=whole(result.lower.value, signed=True),
        high=whole(result.upper.value, signed=True),
        n=result.n,
        people=result.n_people,
    )


def chart(found: Sequence[Pair], result: Agreement, words: Words) -> AnyChart:
    """Difference over the mean of both (Bland and Altman), with bias and limits of agreement."""
    frame = pd.DataFrame(
        {
            "mean": (one.measured_deg + one.read_deg) / 2,
            "difference": one.difference_deg,
            "what": f"{words(f'app.side.{one.side.value}')} {words(f'app.short.{one.quantity}')}",
        }
        for one in found
    )
    lines = pd.DataFrame({"at": [result.lower.value, result.bias_deg, result.upper.value], "line": ["limit", "bias", "limit"]})
    y: dict[str, Any] = {"title": words("agreement.difference")}
    points = (
        alt.Chart(frame)
        .mark_point(filled=True, size=90, color=PURPLE, opacity=0.9)
        .encode(
            x=alt.X("mean:Q", title=words("agreement.mean"), scale=alt.Scale(zero=False)),
            y=alt.Y("difference:Q", **y),
            tooltip=["what", "difference"],
        )
    )
    dash = alt.condition("datum.line == 'limit'", alt.value([6, 4]), alt.value([1, 0]))
    rules = alt.Chart(lines).mark_rule(color=GREY, strokeWidth=2).encode(y=alt.Y("at:Q", **y), strokeDash=dash)
    return alt.layer(rules, points).properties(height=320)


def _text(found: Sequence[Pair]) -> str:
    return "; ".join(f"{whole(one.read_deg)}° – {whole(one.measured_deg)}°" for one in found)
