"""The command `hipcv`, also as `python -m hipcv`. It can be stopped from the first moment, while libraries still load."""

from hipcv.system import stopping


def main() -> None:
    """Entry point of the command."""
    stopping.at_once()
    from hipcv.cli.main import main as run  # late: a stop takes effect while it loads

    run()


if __name__ == "__main__":
    main()
