"""Where the app keeps its data, for the app itself and for the commands that work on the same data."""

import os
from pathlib import Path

import platformdirs

DATA, DATABASE = "HIPCV_DATA", "HIPCV_DATABASE"
"""Environment variables: the data folder, and the address of the database if it is not a file in that folder."""


def data_folder(given: Path | None = None) -> Path:
    """The folder that was given, or the one in the environment, or the system's user data folder."""
    return given or Path(os.environ.get(DATA) or platformdirs.user_data_dir("hipcv"))


def database_address(given: str | None = None) -> str | None:
    """The address that was given, or the one in the environment; None = a file in the data folder."""
    return given or os.environ.get(DATABASE) or None
