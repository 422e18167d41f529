"""Rotation of the shank, measured on the image itself by fitting rigid pieces of the leg over the background.

In: images of the legs, and the landmarks' account of where each leg went.
Out: rotation in space, knee extension and their uncertainty, frame by frame.
"""
