"""Files, streams and signals of the computer. No anatomy or video.

In: paths, and texts or bytes to write; spreadsheets as people save them, with numbers, names and dates as they type them; Ctrl-C and
SIGTERM.
Out: files written whole or not at all, rows of cells, clean standard streams, an orderly stop.
"""
