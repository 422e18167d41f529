"""Numbers to sentences, in the language of the reader.

In: codes and values of a measurement, or the key of a text of the app.
Out: sentences and table cells; every text stands in a catalogue of `texts/`, none in the code of a language.
"""
