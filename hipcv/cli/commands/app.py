"""The command `hipcv app`: opens the app in the browser."""

from pathlib import Path
from typing import Annotated

import typer

from hipcv.cli.commands.common import errors, in_plain_words


@in_plain_words
def open_app(
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where measurements are kept; by default the system's user data folder.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="A PostgreSQL database for the numbers, instead of a file in that folder.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8501,
    address: Annotated[
        str,
        typer.Option(metavar="IP", help="This machine's address in a network you trust, to open the app on a phone; there is no password."),
    ] = "127.0.0.1",
    desk: Annotated[
        bool | None,
        typer.Option(help="Show the desk of a practice: people, inbox, review. It is remembered in the data folder.", show_default=False),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A certificate (PEM), to serve over https: phones open their camera only then (docs/deploy.md)."),
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The private key of the certificate (PEM).")] = None,
    browser: Annotated[bool, typer.Option(help="Open the app in the browser.")] = True,
) -> None:
    """Open the app in the browser: upload a video, see the result."""
    from hipcv.web.server import server  # late: loads Streamlit
    from hipcv.web.server.certificate import Certificate  # late: beside the one above

    secure = Certificate.of(certificate, key)
    server.check_place(address, port)
    server.choose_store(data, database, desk)
    if address != server.HERE:
        errors.print(f"Warning: everybody in the network of {address} can open this page, see what is stored and delete it.")
    errors.print(f"hipcv is at {'https' if secure else 'http'}://{address}:{port}; stop it with Ctrl-C.")
    server.run(address, port, secure, open_browser=browser)
