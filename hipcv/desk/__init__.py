"""The therapist's desk: measurements asked for, and handed on.

In: a measurement that a reviewer has signed; a person from whom a measurement is wanted.
Out: FHIR resources for another clinical system, the page for the record, and the code by which the file that comes back is known.
"""
