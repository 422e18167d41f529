"""What Streamlit's theme cannot say: the table of results, pictures and videos; all colours follow the theme."""

CSS = """
<style>
  .hipcv-table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
  .hipcv-table th, .hipcv-table td { text-align: right; padding: .5rem .35rem; border: none; border-bottom: 1px solid rgba(127,127,127,.35); vertical-align: baseline; }
  .hipcv-table th:first-child { text-align: left; font-weight: 600; }
  .hipcv-table thead th { font-weight: 600; }
  .hipcv-table thead th { white-space: nowrap; }
  .hipcv-table thead th:last-child { white-space: normal; }
  .hipcv-table .value { font-size: 1.45em; font-weight: 700; white-space: nowrap; }
  .hipcv-table small { display: block; font-size: .85em; white-space: nowrap; }
  .hipcv-mark { display: inline-block; width: .75em; height: .75em; margin-right: .35em; border-radius: 2px; }
  .hipcv-right { background: #0072B2; } .hipcv-left { background: #D55E00; border-radius: 50%; }
  .hipcv-figure { margin: 0; } .hipcv-figure img, .hipcv-figure video { width: 100%; border-radius: .5rem; display: block; background: #222; }
  .hipcv-figure figcaption { font-size: .9em; padding-top: .25rem; }
  .hipcv-stills { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .75rem; }
  .hipcv-video video { max-height: 75vh; }
  [data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * { color: inherit; opacity: .93; }
  .hipcv-button { font-size: .95rem; display: inline-block; padding: .45rem .8rem; border: 1px solid rgba(127,127,127,.6); border-radius: .5rem; color: inherit !important; text-decoration: none !important; }
  .hipcv-button:hover, .hipcv-button:focus-visible { outline: 2px solid currentColor; }
  .stMainBlockContainer { padding-top: 4rem; }
  [data-testid="stFileUploaderDropzoneInstructions"] { display: none; } /* the page states the limits itself */
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
</style>
"""

ON_DARK = "<style> [data-testid='stBaseButton-primary'], [data-testid='stBaseButton-primary'] * { color: #10171E; } </style>"
"""Letters on the light blue that stands out from a dark page."""
