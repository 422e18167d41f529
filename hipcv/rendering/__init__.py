"""Pictures, videos and pages to print.

In: a `Measurement` or a kept record, and the clip it came from.
Out: figure, overlay, stills, and PDFs set with `typst/`; faces are blurred here.
"""
