"""Measured angles against true ones, or against a goniometer.

In: clips with a `NAME.truth.json` beside them, or kept results and a table of readings.
Out: errors, agreement and their tables, as text, Markdown, JSON and figure.
"""
