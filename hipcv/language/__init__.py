"""From numbers to sentences, in the reader's language.

In: codes and values of a measurement, or the key of a text of the app.
Out: sentences and table cells; every text is in a catalogue (`hipcv/catalogues`), none in code.
"""
