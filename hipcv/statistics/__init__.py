"""Statistics shared by study and validation: agreement, and estimates with their intervals.

In: rows of measured and reference angles, one value per subject.
Out: bias, limits of agreement, ICC, means and slopes with 95 % intervals; tables and numbers as text.
"""
