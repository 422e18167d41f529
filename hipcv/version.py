"""Which hipcv this is: what documents and reports are signed with."""

from importlib import metadata

__version__ = metadata.version("hipcv")
