"""`audit-bot`, also `python -m bot`."""

import sys


def main() -> None:
    from bot.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
