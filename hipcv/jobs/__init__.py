"""The job queue of the app, and the processes that measure clips.

In: a job from the store's queue; a clip and a request for one child process.
Out: progress and results, even if a clip crashes its process; jobs left by a killed server are resumed at the next start.
"""
