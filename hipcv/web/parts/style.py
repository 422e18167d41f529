"""CSS beyond Streamlit's theme: the results table, pictures and videos; all colours follow the theme."""

from hipcv.rendering.colours import SIDE_COLOURS

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
  .hipcv-table small { display: block; font-size: .85em; white-space: nowrap; }
  .hipcv-changes thead th { white-space: normal; } .hipcv-changes th[scope=row] { font-weight: 400; } .hipcv-changes th[scope=rowgroup] { padding-top: 1rem; }
  .hipcv-changes th:last-child, .hipcv-changes td:last-child { text-align: left; padding-left: .8rem; width: 60%; }
  .hipcv-changes th[scope=rowgroup]:last-child { padding-left: .35rem; }
  .hipcv-mark { display: inline-block; width: .75em; height: .75em; margin-right: .35em; border-radius: 2px; }
  .hipcv-left { border-radius: 50%; }
  .hipcv-figure { margin: 0; } .hipcv-figure img, .hipcv-figure video { width: 100%; border-radius: .5rem; display: block; background: #222; }
  .hipcv-figure figcaption { font-size: .9em; padding-top: .25rem; }
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
  .hipcv-button { font-size: .875rem; display: inline-flex; align-items: center; min-height: 2.5rem; padding: .25rem .75rem; border: 1px solid #7A848C; border-radius: .5rem; color: inherit !important; text-decoration: none !important; }
  .hipcv-main { font-size: 1.15rem; font-weight: 700; min-height: 3.6rem; padding: .4rem 1.6rem; border-width: 2px; border-color: currentColor; }
  .hipcv-button:hover { outline: 2px solid currentColor; }
  a:focus-visible, button:focus-visible, label:has(input:focus-visible) { outline: 2px solid currentColor !important; outline-offset: 2px; }
  .stMainBlockContainer { padding-top: 4rem; max-width: 76rem; margin: 0 auto; }
  [data-testid="stFileUploaderDropzoneInstructions"] { display: none; } /* the page states the limits itself */
  [data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * { color: light-dark(#FFFFFF, #10171E); } /* a dark page needs light blue buttons */
  [data-stale="true"] { opacity: 1 !important; transition: none !important; } /* fading what is about to be replaced repaints the page for nothing */
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
</style>
"""
)
