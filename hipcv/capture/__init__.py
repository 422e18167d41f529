"""Frames to landmarks, and the few pictures that are kept for a second look.

In: frames from `video`, and the pose model (`bundles/`).
Out: `Capture`: landmarks of the person on the plinth, pictures of the legs, what light and camera were like.
"""
