"""CSS beyond Streamlit's theme: the results table, pictures and videos; all colours follow the theme.

What Streamlit itself writes in English is replaced or left out: its upload button, the toolbar of its charts, hints below fields.
"""

from hipcv.catalogues.words import Words
from hipcv.rendering.colours import SIDE_COLOURS
from hipcv.video import limits

CSS = (
    "<style> "
    + " ".join(f".hipcv-{side.value} {{ background: {colour}; }}" for side, colour in SIDE_COLOURS.items())
    + """
  .hipcv-table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
  .hipcv-table th, .hipcv-table td { text-align: right; padding: .5rem .35rem; border: none; border-bottom: 1px solid rgba(127,127,127,.35); vertical-align: baseline; }
  .hipcv-table th:first-child { text-align: left; font-weight: 600; }
  .hipcv-table thead th { font-weight: 600; white-space: nowrap; }
  .hipcv-table thead th:last-child { white-space: normal; }
  .hipcv-table .value { font-size: 1.45em; font-weight: 700; white-space: nowrap; }
  .hipcv-table .hipcv-unjudged { font-weight: 400; font-style: italic; } .hipcv-table th small { font-weight: 400; white-space: normal; }
  .hipcv-table small { display: block; font-size: .85em; white-space: nowrap; }
  .hipcv-changes thead th { white-space: normal; } .hipcv-changes th[scope=row] { font-weight: 400; } .hipcv-changes th[scope=rowgroup] { padding-top: 1rem; }
  .hipcv-changes th:last-child, .hipcv-changes td:last-child { text-align: left; padding-left: .8rem; width: 60%; }
  .hipcv-changes th[scope=rowgroup]:last-child { padding-left: .35rem; }
  .hipcv-mark { display: inline-block; width: .75em; height: .75em; margin-right: .35em; border-radius: 2px; }
  .hipcv-left { border-radius: 50%; }
  .hipcv-figure { margin: 0; } .hipcv-figure img, .hipcv-figure video { width: 100%; border-radius: .5rem; display: block; background: #222; }
  .hipcv-figure figcaption { font-size: .9em; padding-top: .25rem; } .hipcv-figure small { display: block; font-size: .8em; }
  .hipcv-stills { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
  @media (min-width: 60rem) { .hipcv-stills-wide { grid-template-columns: repeat(4, 1fr); } }
  .hipcv-crop { position: relative; overflow: hidden; aspect-ratio: 1; border-radius: .5rem; background: #222; }
  .hipcv-figure .hipcv-crop img { position: absolute; max-width: none; border-radius: 0; }
  .hipcv-arcs { margin: 0; } .hipcv-arcs figcaption { font-size: .875em; padding-top: .5rem; }
  .hipcv-arcs-drawing { position: relative; max-width: 34rem; margin: 0 auto; } .hipcv-arcs img { width: 100%; display: block; }
  .hipcv-arcs span { position: absolute; transform: translate(-50%, -50%); white-space: nowrap; font-weight: 700; }
  .hipcv-video video { max-height: 75vh; }
  [data-testid="stWidgetLabel"][disabled] { color: inherit; } /* what a control is for can be read before it can be used */
  [data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * { color: inherit; opacity: .93; }
  .hipcv-button { font-size: .875rem; display: inline-flex; align-items: center; min-height: 44px; padding: .25rem .75rem; border: 1px solid #7A848C; border-radius: .5rem; color: inherit !important; text-decoration: none !important; }
  .hipcv-main { width: 100%; justify-content: center; font-size: 1.25rem; font-weight: 700; min-height: 4rem; background: light-dark(#00567F, #6CB8E6); color: light-dark(#FFFFFF, #10171E) !important; border: none; }
  .hipcv-strong { font-size: 1.05rem; font-weight: 700; border-width: 2px; border-color: currentColor; }
  .hipcv-small { font-size: .9rem; margin: .25rem 0 0; text-align: center; }
  .st-key-large-choose section { padding: 0; background: none; border: none; } .st-key-large-choose section > span, .st-key-large-choose button { width: 100%; }
  .st-key-large-choose section button { min-height: 4rem !important; border-width: 2px; border-color: currentColor; } .st-key-large-choose button::after { font-size: 1.25rem; font-weight: 700; }
  @media (pointer: coarse), (max-width: 40rem) { /* a finger needs 44 px */
    html { font-size: 17.7px !important; } /* Streamlit makes fields 2.5 of it high */
    button, summary, a[data-testid="stPageLink-NavLink"], [data-testid="stSidebarNavLink"], input:not([type="checkbox"]):not([type="radio"]):not([type="file"]), [data-testid="stCheckbox"] label, [data-testid="stRadio"] label { min-height: 44px !important; }
    button { min-width: 44px !important; }
    a[data-testid="stPageLink-NavLink"], [data-testid="stCheckbox"] label, [data-testid="stRadio"] label { align-items: center; }
  }
  :is(h1, h2, h3) a[href^="#"] { display: none; } /* links to headings, named in English */
  [class*="st-key-go-"] a { background: light-dark(#00567F, #6CB8E6) !important; border-radius: .5rem; padding: .25rem .75rem; min-height: 2.5rem; align-items: center; } [class*="st-key-go-"] a * { color: light-dark(#FFFFFF, #10171E) !important; }
  .hipcv-button:hover { outline: 2px solid currentColor; }
  a:focus-visible, button:focus-visible, label:has(input:focus-visible) { outline: 2px solid currentColor !important; outline-offset: 2px; }
  .stMainBlockContainer { padding-top: 4rem; max-width: 76rem; margin: 0 auto; }
  @media (max-width: 40rem) { .stMainBlockContainer { padding-top: 3.25rem; } h1 { font-size: 2.1rem !important; } }
  [data-testid="stFileUploaderDropzoneInstructions"] { display: none; } /* the page states the limits itself */
  [data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] { display: none; }
  [data-testid="stFileUploaderDropzone"] button:not([data-testid="stFileChip"] *)::after { content: var(--hipcv-choose); } [data-testid="stFileUploaderDropzone"] button > div { width: auto; flex: none; margin-right: .5rem; }
  [data-testid="stFileChip"][aria-invalid="true"] { flex-wrap: wrap; height: auto; max-width: 100%; } [data-testid="stFileChip"][aria-invalid="true"]::after { content: attr(data-told) / ""; flex-basis: 100%; padding: .25rem .5rem; }
  [data-testid="stExpandSidebarButton"] { width: auto; padding: 0 .75rem; color: inherit; } [data-testid="stExpandSidebarButton"] span { display: none; }
  [data-testid="stExpandSidebarButton"]::after { content: "☰ hipcv"; font-size: 1.25rem; font-weight: 700; }
  [data-testid="InputInstructions"], [data-testid="stElementToolbar"], .vega-embed details { display: none; }
  [class*="st-key-delete"] button, [class*="st-key-delete"] button p { color: light-dark(#8A1420, #FFB4B4); } [class*="st-key-delete"] button { border-color: light-dark(#B3261E, #FFB4B4); }
  .st-key-delete-yes button, .st-key-delete-yes button p { color: light-dark(#FFFFFF, #10171E); } .st-key-delete-yes button { background: light-dark(#B3261E, #FFB4B4); }
  .st-key-delete-no button, .st-key-delete-no button p { color: inherit; } .st-key-delete-no button { border-color: #7A848C; }
  [data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * { color: light-dark(#FFFFFF, #10171E); } /* a dark page needs light blue buttons */
  h2 { font-size: 1.6rem !important; } [data-testid="stMarkdownContainer"] h2 { font-size: 1.35rem !important; padding: .25rem 0; }
  [data-stale="true"] { opacity: 1 !important; transition: none !important; } /* fading what is about to be replaced repaints the page for nothing */
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
</style>
"""
)


def css(words: Words) -> str:
    """All of it, with the text of the button that chooses a file, which a page may set otherwise, and why a file was not taken (naming.py)."""
    refused = {
        "too-large": words("app.too_large", megabytes=limits.MAX_MEGABYTES),
        "wrong-kind": words("app.wrong_kind"),
        "not-sent": words("app.not_sent"),
    }
    return CSS + choosing(words("app.choose")) + "".join(_text(name, text) for name, text in refused.items())


def choosing(text: str) -> str:
    """The text of the button that chooses a file."""
    return _text("choose", text)


def _text(name: str, text: str) -> str:
    letters = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f'<style> :root {{ --hipcv-{name}: "{letters}"; }} </style>'
