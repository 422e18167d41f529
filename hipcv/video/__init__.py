"""A file from a stranger becomes upright frames with their times.

In: the path of a clip.
Out: `VideoInfo`, then one `Frame` at a time in constant memory; a `ClipError` for what is not opened.
"""
