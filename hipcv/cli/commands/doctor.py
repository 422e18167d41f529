"""The command `hipcv doctor`: checks whether this installation is complete."""

import typer

from hipcv.cli import doctor as checkup
from hipcv.cli.commands.common import STATUS_NOT_MEASURED, in_plain_words


@in_plain_words
def doctor() -> None:
    """Check this installation."""
    from hipcv.cli import terminal  # late: loads SciPy

    checks = checkup.examine()
    terminal.print_checks(checks)
    if not all(check.passed for check in checks):
        raise typer.Exit(STATUS_NOT_MEASURED)
