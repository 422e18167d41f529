"""Every text that a person reads, one folder a language: adding a language is adding a folder.

In: the key of a text, and the values that go into it.
Out: the text, with numbers, plurals and the forms of words as the language writes them.
"""
