"""The commands: each reads its options, calls the function that does the work, and shows what it
returns.

TensorFlow is imported inside the commands that need it, so that help is immediate.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape

from argand import watchdog
from argand.cli.shown import (
    progress,
    show_json,
    show_point,
    show_report,
    show_subjects,
    subject_row,
)
from argand.frontend.start import start_tensorflow, stdout_to_stderr
from argand.subject import MODES, TargetError
from argand.verdict import MAX_ULP

app = typer.Typer(
    help="Tell whether the gradient of a TensorFlow function is right, fast and safe.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it would take [n, k] for a tag, and leave it out
    context_settings={"help_option_names": ["-h", "--help"]},
)
SWEEP, TIMINGS = Path("reports/sweep"), Path(".asv/results")
PAGE = Path("reports/html/index.html")
MACHINES, COMPARISON = Path("reports/results"), Path("reports/html/compare.html")
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="text or json")]
TargetName = Annotated[
    str, typer.Argument(help="catalogue name, package.module:name or path/file.py:name")
]
Core = Annotated[
    list[int] | None,
    typer.Option(
        help="1: along the last axis, such as a softmax; 0: each entry by itself; repeat for each "
        "input. Found by itself where [n, k] goes to [n]",
    ),
]
Dtypes = Annotated[list[str] | None, typer.Option("--dtype", help="repeat for several")]


@contextmanager
def _quiet() -> Iterator[None]:
    """TensorFlow is started. Within it, what the code under study prints goes to standard error,
    and code that never returns ends the process."""
    start_tensorflow()
    with redirect_stdout(sys.stderr), stdout_to_stderr(), watchdog.watched():
        yield


@app.command("list")
def list_subjects(format: Format = "text") -> None:
    """List the catalogue: each subject, its formula, dtypes and variants."""
    with _quiet():
        from argand.targets import catalogue

        subjects = list(catalogue())
    if format == "json":
        show_json([subject_row(s) for s in subjects])
    else:
        show_subjects(subjects)


def _core(given: list[int] | None) -> int | list[int] | None:
    """One number for all inputs, or one for each."""
    return given[0] if given and len(given) == 1 else given or None


def _domain(given: list[str] | None) -> list[tuple[float, float]] | None:
    """The pairs of texts LO:HI. Raises TargetError for what is none."""
    pairs = []
    for text in given or ():
        low, _, high = text.partition(":")
        try:
            pairs.append((float(low), float(high)))
        except ValueError as error:
            raise TargetError(f"--domain {text!r} is not LO:HI, such as -1:1") from error
    return pairs or None


@app.command()
def exact(
    target: TargetName,
    at: Annotated[
        list[str],
        typer.Option(
            help="a point: 1+2j, or hex components 0x1p0,0x1p1; one for each input. Along the last "
            "axis its entries: 1+2j,3+0j, or the components of all of them re,im,re,im"
        ),
    ],
    upstream: Annotated[
        str | None, typer.Option(help="also give the gradient for it: 1+2j, or a row 1,0,2j")
    ] = None,
    dtype: Annotated[str | None, typer.Option(help="dtype of the inputs")] = None,
    order: Annotated[int, typer.Option(help="2 adds second derivatives and conditions")] = 1,
    core: Core = None,
    format: Format = "text",
) -> None:
    """Print the certified value and derivatives at points, correctly rounded.

    Each point says how many bits it took, and whether it is certified, undefined or undecided.
    """
    with _quiet():
        from argand.replay import replay
        from argand.targets import resolve

        rows = replay(resolve(target), at, upstream, dtype, order, _core(core))
    if format == "json":
        show_json({"target": target, "points": rows})
        return
    for row in rows:
        show_point(target, row)


@app.command()
def check(
    target: TargetName,
    dtype: Dtypes = None,
    mode: Annotated[list[str] | None, typer.Option(help="eager, graph, xla")] = None,
    domain: Annotated[
        list[str] | None,
        typer.Option(help="LO:HI, for all real components; repeat it, one for each of them"),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="the plain formula, where the forward pass is no truth")
    ] = None,
    surrogate: Annotated[
        str | None, typer.Option(help="the function whose gradient is meant: tf.identity")
    ] = None,
    core: Core = None,
    max_ulp: Annotated[float, typer.Option(help="the error that passes, in ulp")] = MAX_ULP,
    thorough: Annotated[bool, typer.Option(help="16 times the samples, a longer search")] = False,
    quick: Annotated[bool, typer.Option(help="few samples and no search")] = False,
    strict: Annotated[bool, typer.Option(help="every finding is a defect")] = False,
    format: Format = "text",
) -> None:
    """Check value and gradient; exit 0 without a defect, 1 with one, 2 if unusable."""
    pairs = _domain(domain)
    console = Console(stderr=True)
    with _quiet(), console.status("importing TensorFlow") as status:
        from argand.check import check as run
        from argand.targets import resolve

        found = resolve(target)
        report = run(
            found,
            dtypes=dtype,
            modes=mode or MODES,
            domain=pairs,
            reference=None if reference is None else resolve(reference),
            surrogate=None if surrogate is None else resolve(surrogate),
            core=_core(core),
            max_ulp=max_ulp,
            thorough=thorough,
            quick=quick,
            strict=strict,
            progress=lambda step: status.update(escape(step)),
        )
    report.target = target
    if not report.ok and not report.of("defect"):
        raise TargetError(
            f"none of {report.samples} results of {target} could be certified: is it defined there?"
        )
    if format == "json":
        show_json(report.to_json())
    else:
        show_report(report)
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def sweep(
    studies: Annotated[
        list[str] | None, typer.Argument(help="names of studies in ./stability; all without")
    ] = None,
    points: Annotated[
        int | None, typer.Option(help="points along each axis, instead of the study's own")
    ] = None,
    out: Annotated[Path, typer.Option(help="folder of the results")] = SWEEP,
    workers: Annotated[int | None, typer.Option(min=1, help="processes; one a core")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="address of a dask.distributed scheduler, for its workers")
    ] = None,
) -> None:
    """Sweep studies; what is there already for the same code is kept, so run it again to go on."""
    if workers is not None and scheduler is not None:
        raise TargetError("--workers and --scheduler exclude each other; give one of them")
    from argand.sweep.run.engine import sweep as run
    from argand.sweep.study import find_studies

    found = find_studies(Path("stability"), studies or ())
    if points is not None:
        found = [replace(study, resolution=points) for study in found]
    with progress("sweeping") as told:
        count = run(found, out, workers, told, scheduler)
    print(f"{out}: {count['made']} results made, {count['kept']} kept")


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="the page to write")] = PAGE,
    swept: Annotated[Path, typer.Option("--sweep", help="results of argand sweep")] = SWEEP,
    timed: Annotated[Path, typer.Option("--timings", help="results of asv")] = TIMINGS,
) -> None:
    """Write one HTML page from results of sweep and asv; no TensorFlow is needed."""
    from argand.report.page import report as run

    with progress("drawing") as told:
        size = run(swept, timed, out, told)
    print(f"{out}: {size / 1e6:.2f} MB")


@app.command()
def measure(
    out: Annotated[Path, typer.Option(help="the machine's folder is made in here")] = MACHINES,
    name: Annotated[
        str | None, typer.Option(help="of the folder, instead of the machine's")
    ] = None,
) -> None:
    """Measure the catalogue on this machine, speed and digits, for argand compare."""
    with _quiet():
        from argand.compare.measure import measure as run

        found = run(progress=lambda line: print(line, file=sys.stderr, flush=True))
        folder = out / (name or found.name)
        found.keep(folder)
    print(f"{folder}: {len(found.times)} times, {len(found.results)} results")


@app.command()
def compare(
    measured: Annotated[
        list[str],
        typer.Argument(help="folders of argand measure, machines of reports/results, or commits"),
    ],
    out: Annotated[Path, typer.Option(help="the page to write")] = COMPARISON,
    timed: Annotated[Path, typer.Option("--timings", help="results of asv")] = TIMINGS,
) -> None:
    """Write one HTML page that sets measurements side by side; the first is the measure.

    COMMIT@2.20.0 names a commit's timings with that version of TensorFlow.
    """
    from argand.compare.operand import operands
    from argand.compare.page import compare as run

    size = run(operands(measured, MACHINES, timed), out)
    print(f"{out}: {size / 1e6:.2f} MB")
