"""Visits and jobs of this computer: rows in a database, images in folders beside it.

In: the visits that a person keeps, renames or deletes.
Out: current `Visit`s and `Job`s; changes between two visits. Deleted data are gone.
"""
