"""Images, videos and printable pages.

In: a `Measurement` or a saved record, and the clip it came from.
Out: figure, overlay, film of the legs, stills, and PDFs typeset with `typst/`; faces are blurred here.
"""
