"""Whether the number can be trusted, and whether there can be one at all.

In: the captured clip and its assessment.
Out: `Finding`s that stand beside the number, or a `MeasurementError` in its place; published norms.
"""
