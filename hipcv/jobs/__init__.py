"""Clips that wait, and the processes that measure them.

In: a job in the queue of the store; a clip and a request for one child process.
Out: progress and results, whatever the clip does to its process; a killed server takes up what was left.
"""
