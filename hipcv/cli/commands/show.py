"""The command `hipcv show`: checks a received measurement and prints it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from hipcv.catalogues.message import Message
from hipcv.cli import terminal
from hipcv.cli.commands.common import STDOUT, CsvFile, JsonFile, check_outputs, in_plain_words, write_texts
from hipcv.records import sealed_file
from hipcv.records.document import as_text, to_csv
from hipcv.system import stopping


@in_plain_words
def show(
    file: Annotated[Path, typer.Argument(help="A .hipcv file, as the app writes it for a therapist.", show_default=False)],
    json_file: JsonFile = None,
    csv_file: CsvFile = None,
) -> None:
    """Check a received measurement and print it."""
    check_outputs({file: Message("errors.output_taken_by.sent")}, {"--json": json_file, "--csv": csv_file})
    stopping.tidily()
    with TemporaryDirectory() as folder:
        received, facts = sealed_file.unpack(file, Path(folder))
    write_texts((json_file, lambda: as_text(received.document)), (csv_file, lambda: to_csv(received.measurement)))
    if STDOUT not in (json_file, csv_file):
        terminal.print_visit(facts, received.document)
        terminal.print_measurement(received.measurement)
