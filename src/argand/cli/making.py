"""The commands that make results and pages: each reads its options and calls what does the work.

TensorFlow is imported inside the commands that need it, so that help is immediate.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from argand.cli.application import app, quiet
from argand.cli.shown import progress
from argand.subject import TargetError

SWEEP, TIMINGS = Path("reports/sweep"), Path(".asv/results")
PAGE = Path("reports/html/index.html")
MACHINES, COMPARISON = Path("reports/results"), Path("reports/html/compare.html")


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
    with quiet():
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
