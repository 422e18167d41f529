"""The page on filming the test: drawings, reasons, a checklist, and a PDF to print."""

import streamlit as st

from hipcv.rendering import guide_pdf
from hipcv.web.parts import session

words = session.words()


def steps(group: str, names: tuple[str, ...], picture: str) -> None:
    """Show the drawings in two columns (one on a phone), each with its text."""
    for pair in (names[:2], names[2:]):
        for column, name in zip(st.columns(2), pair, strict=True):
            key = f"guide.{group}.{name}"
            with column:
                st.image(guide_pdf.picture_svg(picture.format(name)), alt=words(f"{key}.alt"), width="stretch")
                st.markdown(f"**{words(f'{key}.title')}**  \n{words(f'{key}.text')}")
                if words.has(f"{key}.why"):
                    st.caption(words(f"{key}.why"))


st.title(words("guide.page.title"))
st.write(words("guide.page.intro"))
steps("steps", guide_pdf.RIGHT, "{}")
st.error(
    f"**{words('guide.first.stop')}** {words('guide.first.danger')} {words('guide.first.ask')} {words('guide.first.seat')}",
    icon=":material/front_hand:",
)
st.header(words("guide.wrong.heading"))
steps("wrong", guide_pdf.WRONG, "wrong_{}")
for heading, names in (("heading", guide_pdf.BEFORE), ("during", guide_pdf.DURING)):
    st.header(words(f"guide.check.{heading}"))
    for name in names:
        st.checkbox(words(f"guide.check.{name}"), key=f"check-{name}")
st.header(words("guide.first.use_heading"))
st.write(" ".join(words(f"guide.first.{name}") for name in ("use", "not_for", "show")))
st.download_button(
    words("guide.page.print"),
    lambda: guide_pdf.guide_pdf(words),
    file_name=words("guide.page.file"),
    mime="application/pdf",
    on_click="ignore",
    icon=":material/print:",
)
st.page_link(session.page("measure"), label=words("result.to_measure"), icon=":material/videocam:")
