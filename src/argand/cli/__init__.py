"""The command line: argand list | exact | why | check | sweep | report | measure | compare.

TensorFlow is imported inside the commands that need it, so that help is immediate.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import NoReturn

import typer

from argand.cli import asking, making
from argand.cli.application import app
from argand.subject import TargetError

__all__ = ["app", "asking", "main", "making"]  # the commands are there by being imported


def main() -> None:
    """Run the command line. Its exit codes are 0, and

    1 for findings, 2 where the call or the target is unusable, told in one line on stderr, 3 for
    a failure of argand's own, with its traceback, and 130 where the user interrupts it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except TargetError as error:
        _refuse(str(error))
    except (KeyboardInterrupt, typer.Abort):
        print("argand: interrupted", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        usage = getattr(error, "format_message", None)  # a command that typer cannot read
        if usage is None:
            traceback.print_exc()
            sys.exit(3)
        if not usage():  # no command at all: the help has been shown
            sys.exit(2)
        _refuse(f"{usage()} See argand --help.")


def _refuse(message: str) -> NoReturn:
    print(f"argand: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(2)
