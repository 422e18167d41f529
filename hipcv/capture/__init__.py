"""From frames to landmarks, and the few images that are kept for registration.

In: frames from `video`, and the pose model (`bundles/`).
Out: `Capture`: landmarks of the person on the plinth, images of the legs, light and camera.
"""
