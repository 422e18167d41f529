"""What the results section of a paper says of many clips.

In: the tables that a batch run left.
Out: reliability, asymmetry, agreement and group means, as text, Markdown, JSON and figure.
"""
