"""Storage, exchange and export of a measurement.

In: a `Measurement`, or a document, folder or `.hipcv` file that holds one.
Out: JSON documents, arrays, folders and sealed files, and back; `.mot`, `.trc`, `.nc` and tidy `.csv`.
"""
