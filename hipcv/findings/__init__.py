"""Can the number be trusted, and can there be one at all?

In: what was captured and what it was assessed to.
Out: `Finding`s that stand beside the number, or a `MeasurementError` in its place; published norms.
"""
