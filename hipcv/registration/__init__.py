"""The turn of the shank measured on the picture itself, as rigid pieces laid over the room.

In: pictures of the legs, and where the landmarks say the leg went.
Out: rotation in space, knee extension and their uncertainty, frame by frame.
"""
