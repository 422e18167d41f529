"""Visits and jobs of this machine: rows in a database, pictures in folders beside it.

In: what a person keeps, renames or deletes.
Out: `Visit`s and `Job`s as they stand; what changed between two visits. Deleted is gone.
"""
