"""Measure many clips into one dataset.

In: a folder or a table of clips.
Out: tables, one JSON per clip, and a record of how they were made. An interrupted run resumes, and shards can be merged.
"""
