"""The files of an npm package, whose hash is checked first."""

import hashlib
import io
import subprocess
import tarfile
import tempfile
from pathlib import Path


def files_of(package: str, sha256: str, fetched: Path | None = None) -> dict[str, bytes]:
    """Content of every file by its path in the package (`name@version`), from the registry that npm is configured for.

    Parameters
    ----------
    sha256 : of the package as npm packs it
    fetched : the package, if it was fetched before; then npm is not needed
    """
    packed = fetched.read_bytes() if fetched else _fetched(package)
    if (found := hashlib.sha256(packed).hexdigest()) != sha256:
        raise SystemExit(f"This is not the {package} that this script was written for: its SHA-256 is {found}.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}


def _fetched(package: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True)
        return (Path(folder) / run.stdout.strip().splitlines()[-1]).read_bytes()
