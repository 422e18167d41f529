"""A process gives up, for good, what it does not need: before it reads the first byte that a stranger has sent.

`layers.py` puts on what this system has: limits (POSIX), no new files (Landlock), few system calls (seccomp). None needs root, a
namespace, or a library beyond Python's own.
"""
