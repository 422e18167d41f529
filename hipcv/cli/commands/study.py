"""The command `hipcv study`: the statistics for a paper's results section, from the dataset of hipcv batch."""

from pathlib import Path
from typing import Annotated

import typer

from hipcv.batch.extra_files import EXPORTS, SERIES
from hipcv.batch.folders import CLIPS, FILES
from hipcv.catalogues.message import Message
from hipcv.cli.commands.common import STATUS_NOT_MEASURED, STDOUT, check_outputs, in_plain_words, write_texts
from hipcv.system import stopping


@in_plain_words
def study(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="The dataset folder written by hipcv batch.", show_default=False)],
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE|-", help="Write the statistics as JSON; - is stdout.")] = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE|-", help="Write a methods paragraph and the tables; - is stdout.")
    ] = None,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.png", help="Draw agreement, test–retest and asymmetry.")] = None,
    with_serious: Annotated[bool, typer.Option("--with-serious", help="Also include clips with a serious finding.")] = False,
) -> None:
    """Compute reliability, asymmetry and agreement of a dataset."""
    outputs = {"--json": json_file, "--markdown": markdown_file, "--figure": figure}
    from hipcv.cli import research  # late: loads SciPy
    from hipcv.study import json_report, markdown, read_tables  # late: loads SciPy
    from hipcv.study.study import study as study_of  # late: loads SciPy
    from hipcv.validation.markdown import picture_beside  # late: loads SciPy

    check_outputs(_files_of(folder), outputs)
    stopping.tidily()
    found = study_of(read_tables.read_cohort(folder), with_serious=with_serious)
    write_texts(
        (json_file, lambda: json_report.to_json(found)),
        (markdown_file, lambda: markdown.to_markdown(found, picture_beside(markdown_file, figure))),
    )
    if figure:
        from hipcv.study.figure import write_figure  # late: loads Matplotlib, SciPy

        write_figure(found, figure)
    if STDOUT not in outputs.values():
        research.print_study(found, [path for path in outputs.values() if path])
    if found.cohort.faults:
        raise typer.Exit(STATUS_NOT_MEASURED)


def _files_of(folder: Path) -> dict[Path, Message]:
    """Every file of the dataset, so that no output overwrites one."""
    deeper = [path for name in (CLIPS, SERIES, EXPORTS) for path in (folder / name).glob("*")]
    return dict.fromkeys([*(folder / name for name in FILES), *deeper], Message("errors.output_taken_by.dataset"))
