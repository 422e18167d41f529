"""Compares measured angles with true ones, or with a goniometer.

In: clips, each with a `NAME.truth.json` next to it, or saved results and a table of readings.
Out: errors, agreement and their tables, as text, Markdown, JSON and figure.
"""
