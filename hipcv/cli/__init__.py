"""The command `hipcv`, one file a command in `commands/`.

In: arguments and options.
Out: results on stdout, everything else on stderr, and an exit status.
"""
