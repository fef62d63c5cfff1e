"""The application: what its commands share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Annotated, Literal

import typer

from argand import watchdog
from argand.frontend.start import start_tensorflow, stdout_to_stderr

app = typer.Typer(
    help="Tell whether the gradient of a TensorFlow function is right, fast and safe.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it would take [n, k] for a tag, and leave it out
    context_settings={"help_option_names": ["-h", "--help"]},
)
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json")]


@contextmanager
def quiet() -> Iterator[None]:
    """TensorFlow is started. Within it, what the code under study prints goes to standard error,
    and code that never returns ends the process."""
    start_tensorflow()
    with redirect_stdout(sys.stderr), stdout_to_stderr(), watchdog.watched():
        yield
