"""The command `hipcv`, with one file per command in `commands/`.

In: arguments and options.
Out: results on stdout, everything else on stderr, and an exit status.
"""
