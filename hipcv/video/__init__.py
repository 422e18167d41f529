"""From an untrusted file to upright frames with their times.

In: the path of a clip.
Out: `VideoInfo`, then one `Frame` at a time in constant memory; a `ClipError` for files that are not accepted.
"""
