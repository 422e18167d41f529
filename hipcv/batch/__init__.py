"""Many clips, one dataset.

In: a folder or a table of clips.
Out: tables, one JSON per clip, and what made them; a run that is stopped goes on, and shards merge.
"""
