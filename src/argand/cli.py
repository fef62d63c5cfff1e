"""The command line: argand list | exact | check | sweep | report | compare.

TensorFlow is imported inside the commands that need it, so that help is immediate.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from argand.subject import TargetError

app = typer.Typer(
    help="Tell whether the gradient of a TensorFlow function is right, fast and safe.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json")]
TargetName = Annotated[
    str, typer.Argument(help="catalogue name, package.module:name or path/file.py:name")
]
Dtypes = Annotated[list[str] | None, typer.Option("--dtype", help="repeat for several")]


def main() -> None:
    """Run the command line; what is unusable is one line on stderr and exit code 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        app()
    except TargetError as error:
        print(f"argand: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("argand: interrupted", file=sys.stderr)
        sys.exit(130)


@contextmanager
def _quiet() -> Iterator[None]:
    """Standard output stays ours, whatever the code under study prints; TensorFlow's advice on
    retracing is for other programs than this one."""
    with _start_up_messages_kept():
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")
        tf.config.list_logical_devices()
    with redirect_stdout(sys.stderr):
        yield


@contextmanager
def _start_up_messages_kept() -> Iterator[None]:
    """TensorFlow's libraries write to standard error before any log level holds; it is shown
    only if starting fails."""
    sys.stderr.flush()
    screen = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.seek(0)
            os.write(screen, kept.read())
            raise
        finally:
            os.dup2(screen, 2)
            os.close(screen)


@app.command("list")
def list_subjects(format: Format = "text") -> None:
    """List the catalogue: each subject, its formula, dtypes and variants."""
    with _quiet():
        from argand.subject import catalogue

        subjects = list(catalogue())
    if format == "json":
        rows = [
            {
                "name": s.name,
                "formula": s.formula,
                "inputs": [{"name": i.name, "kind": i.kind} for i in s.inputs],
                "dtypes": list(s.dtypes),
                "variants": list(s.variants),
            }
            for s in subjects
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("subject", "formula (TeX)", "dtypes", "variants")
    for s in subjects:
        table.add_row(s.name, s.formula, ", ".join(s.dtypes), ", ".join(s.variants))
    Console().print(table)


_QUANTITIES = (
    "value", "dz", "dzbar", "vjp", "dzdz", "dzdzbar", "dzbardzbar", "condition",
    "condition_gradient",
)  # fmt: skip


@app.command()
def exact(
    target: TargetName,
    at: Annotated[
        list[str],
        typer.Option(help="a point: 1+2j, or hex components 0x1p0,0x1p1; one for each input"),
    ],
    upstream: Annotated[str | None, typer.Option(help="also give the gradient for it")] = None,
    dtype: Annotated[str | None, typer.Option(help="dtype of the inputs")] = None,
    order: Annotated[int, typer.Option(help="2 adds second derivatives and conditions")] = 1,
    format: Format = "text",
) -> None:
    """Print the certified value and derivatives at points, correctly rounded.

    Each point says how many bits it took, and whether it is certified, undefined or undecided.
    """
    with _quiet():
        from argand.replay import replay
        from argand.subject import resolve

        rows = replay(resolve(target), at, upstream, dtype, order)
    if format == "json":
        print(json.dumps({"target": target, "points": rows}))
        return
    for row in rows:
        state = f"{row['state']}, {row['bits']} bits" if row["bits"] else row["state"]
        Console().print(f"{target} at {', '.join(row['at'])} ({state})", highlight=False)
        table = Table("quantity", "correctly rounded")
        for name in _QUANTITIES:
            numbers = row[name] if isinstance(row[name], list) else [row[name]]
            for i, number in enumerate(numbers):
                suffix = f"[{i}]" if isinstance(row[name], list) and len(numbers) > 1 else ""
                if number is not None:
                    table.add_row(f"{name}{suffix}", number)
        Console().print(table)


@app.command()
def check(
    target: TargetName,
    dtype: Dtypes = None,
    mode: Annotated[list[str] | None, typer.Option(help="eager, graph, xla")] = None,
    format: Format = "text",
) -> None:
    """Check value and gradient; exit 0 without finding, 1 with findings, 2 if unusable."""
    console = Console(stderr=True)
    with _quiet(), console.status("importing TensorFlow") as status:
        from argand.check import check as run
        from argand.probe import MODES
        from argand.subject import resolve

        found = resolve(target)
        report = run(found, dtypes=dtype, modes=mode or MODES, progress=status.update)
    report.target = target
    if format == "json":
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        _print_report(report)
    raise typer.Exit(0 if report.ok else 1)


def _print_report(report: Any) -> None:
    for group in report.grouped():
        print(f"✗ {group}\n")
    for note in report.notes:
        print(f"note: {note}")
    verdict = "no finding" if report.ok else f"{len(report.findings)} findings"
    print(
        f"{report.target}: {verdict}; {report.samples} results judged, {report.undecided} undecided"
    )


if __name__ == "__main__":
    main()
