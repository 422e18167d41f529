"""The version of hipcv, as stated in documents and reports."""

from importlib import metadata

__version__ = metadata.version("hipcv")
