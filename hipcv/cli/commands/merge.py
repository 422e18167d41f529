"""The command `hipcv merge`: merges the parts of a run into one dataset."""

from pathlib import Path
from typing import Annotated

import typer

from hipcv.batch.study_key import key_folder
from hipcv.cli import terminal
from hipcv.cli.commands.common import STATUS_NOT_MEASURED, in_plain_words
from hipcv.system import stopping


@in_plain_words
def merge(
    shards: Annotated[list[Path], typer.Argument(metavar="SHARD…", help="The folders written by hipcv batch --shard.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="The folder for the whole dataset.", show_default=False)],
) -> None:
    """Merge the parts of a run into one dataset."""
    from hipcv.batch.merge import merge as join  # late: loads Arrow

    stopping.tidily()
    home, counts = join(shards, out)
    terminal.print_dataset(home, counts, key_folder(out))
    if counts.failed:
        raise typer.Exit(STATUS_NOT_MEASURED)
