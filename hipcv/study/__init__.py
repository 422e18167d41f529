"""Computes the statistics of a paper's results section from many clips.

In: the tables of a batch run.
Out: reliability, asymmetry, agreement and group means, as text, Markdown, JSON and figure.
"""
