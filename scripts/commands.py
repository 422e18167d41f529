"""Write docs/commands.md: the output of `--help` for hipcv and every command.

`python scripts/commands.py` writes the page; a test fails if it is out of date, or if a command or an option has no help.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from hipcv.cli.main import app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
WIDTH = 100
"""Columns of the text, whatever the terminal's width."""
_INTRODUCTION = """\
<!-- Made by scripts/commands.py from the --help of every command. Change the help in hipcv/cli/commands. -->
# Commands

What `hipcv COMMAND --help` prints. [measure.md](measure.md), [batch.md](batch.md),
[study.md](study.md), [accuracy.md](accuracy.md) and [app.md](app.md) say how to use them.
"""
Command = TyperCommand | TyperGroup


def commands() -> dict[str, Command]:
    """Every command by the words that call it, `hipcv` itself first."""
    whole = get_group(app)
    parts = cast(Mapping[str, Command], whole.commands)
    return {"hipcv": whole, **{f"hipcv {name}": command for name, command in parts.items()}}


def without_help() -> list[str]:
    """Commands, arguments and options without a help text."""
    return [line for call, command in commands().items() for line in _silent(call, command)]


def _silent(call: str, command: Command) -> Iterator[str]:
    if not command.help:
        yield call
    yield from (f"{call} {parameter.name}" for parameter in command.params if not getattr(parameter, "help", None))


def page() -> str:
    """The page as it should be."""
    return "\n".join([_INTRODUCTION, *(f"## {call}\n```text\n{_help(call, command)}\n```\n" for call, command in commands().items())])


def _help(call: str, command: Command) -> str:
    return command.get_help(command.context_class(command, info_name=call, terminal_width=WIDTH, color=False)).rstrip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
