"""Corrections by a reviewer: a list of edits on top of a measurement, which itself stays as it was made.

In: a `Measurement`, and edits in the order in which they were made.
Out: the corrected `Measurement`, by the same functions as the measurement, without the pose network; a sentence for each edit.
"""
