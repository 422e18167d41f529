"""Every text that a person reads, one folder per language: to add a language, add a folder.

In: the key of a text, and the values for it.
Out: the text, with numbers, plurals and word forms as in that language.
"""
