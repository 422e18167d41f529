"""What https needs, tried before a server starts: phones open their camera only over a secure address."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from hipcv.errors import BadCertificate


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its private key, each a PEM file."""

    file: Path
    key: Path

    @classmethod
    def of(cls, file: Path | None, key: Path | None) -> "Certificate | None":
        """Both, tried early; None if neither is given.

        Raises
        ------
        BadCertificate
            One of them is missing, cannot be read, or they do not belong together.
        """
        if file is None and key is None:
            return None
        if file is None or key is None:
            raise BadCertificate("certificate_alone", case="key" if file is None else "certificate")
        for path in (file, key):
            if not path.is_file():
                raise BadCertificate("certificate_missing", about=path)
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file, key, password=lambda: "")
        except ssl.SSLError:
            raise BadCertificate("certificate_wrong", about=file, key=key) from None
        except OSError as problem:
            raise BadCertificate("certificate_unreadable", about=file, reason=problem.strerror) from None
        return cls(file.absolute(), key.absolute())
