"""Files, streams and signals of the machine. Knows nothing of anatomy or video.

In: paths, and texts or bytes to be written; spreadsheets as people save them; Ctrl-C and SIGTERM.
Out: files written whole or not at all, rows of cells, clean standard streams, a tidy stop.
"""
