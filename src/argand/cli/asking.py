"""The commands that ask of functions: each reads its options, calls what does the work, and shows
what that returns.

TensorFlow is imported inside the commands, so that help is immediate.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from argand.cli.application import Format, app, quiet
from argand.cli.shown import show_answers, show_json, show_point, show_subjects, subject_row
from argand.cli.tracing import show_why
from argand.subject import Target, TargetError
from argand.verdict import MAX_ULP

if TYPE_CHECKING:  # it needs TensorFlow, and help does not
    from argand.check.report import Report

TargetName = Annotated[
    str,
    typer.Argument(help="catalogue name, package.module:name, path/file.py:name or tf.math.xlogy"),
]
Core = Annotated[
    list[int] | None,
    typer.Option(
        help="1: along the last axis, such as a softmax; 0: each entry by itself; repeat for each "
        "input. Found by itself where [n, k] goes to [n]",
    ),
]
Dtypes = Annotated[list[str] | None, typer.Option("--dtype", help="repeat for several")]


@app.command("list")
def list_subjects(format: Format = "text") -> None:
    """List the catalogue: each subject, its formula, dtypes and variants."""
    with quiet():
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
    with quiet():
        from argand.replay import replay
        from argand.targets import resolve

        rows = replay(resolve(target), at, upstream, dtype, order, _core(core))
    if format == "json":
        show_json({"target": target, "points": rows})
        return
    for row in rows:
        show_point(target, row)


@app.command()
def why(
    target: TargetName,
    at: Annotated[
        list[str], typer.Option(help="the point: a number for each input, or the entries of a row")
    ],
    upstream: Annotated[
        str | None, typer.Option(help="1 if it is not given: 1+2j, or a row 1,0,2j")
    ] = None,
    mode: Annotated[str, typer.Option(help="eager, graph, xla")] = "eager",
    dtype: Annotated[str | None, typer.Option(help="dtype of the inputs")] = None,
    core: Core = None,
    max_ulp: Annotated[float, typer.Option(help="the error that passes, in ulp")] = MAX_ULP,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="every operation")] = False,
    format: Format = "text",
) -> None:
    """Say where a NaN, an infinity or a lost digit comes from: each operation at one point.

    Forward and backward, exact and as computed, with the first that goes wrong and what mends it.
    """
    with quiet():
        from argand.targets import resolve
        from argand.why import why as run

        answer = run(resolve(target), at, upstream, mode, dtype, _core(core), max_ulp)
        answer.target = target
    if format == "json":
        show_json(answer.to_json())
    else:
        show_why(answer, verbose)


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
    quick: Annotated[bool, typer.Option(help="few samples, eagerly, no search")] = False,
    strict: Annotated[bool, typer.Option(help="every finding is a defect")] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(help="file of known limits, written when absent: what is worse exits 1"),
    ] = None,
    update: Annotated[bool, typer.Option(help="write what is there now to --baseline")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="limits and advice too")] = False,
    format: Format = "text",
) -> None:
    """Check value and gradient; exit 0 without a defect, 1 with one, 2 if unusable."""
    if update and baseline is None:
        raise TargetError("--update is of a baseline: give --baseline FILE too")
    pairs = _domain(domain)
    console = Console(stderr=True)
    reports: dict[str, Report] = {}
    refused: dict[str, str] = {}
    with quiet(), console.status("importing TensorFlow") as status:
        from argand.check import check as run
        from argand.check.baseline import compared
        from argand.targets import resolve, resolve_all

        found = resolve_all(target)
        for name, one in found.items():
            said = _declared(name, one)
            try:
                reports[name] = run(
                    one,
                    dtypes=dtype or said.get("dtypes"),
                    modes=mode,
                    domain=pairs or said.get("domain"),
                    reference=_named(reference or said.get("reference"), resolve),
                    surrogate=_named(surrogate or said.get("surrogate"), resolve),
                    core=_core(core) if core else said.get("core"),
                    max_ulp=max_ulp,
                    thorough=thorough,
                    quick=quick,
                    strict=strict,
                    progress=lambda step: status.update(escape(step)),
                )
                reports[name].target = name
                _refuse_empty(name, reports[name])
                if baseline is not None:
                    reports[name].changes = compared(baseline, reports[name], max_ulp, update)
            except TargetError as error:
                if len(found) == 1:
                    raise
                reports.pop(name, None)
                refused[name] = str(error)
    show_answers(reports, refused, format, verbose, single=len(found) == 1)
    defect = any(not report.ok for report in reports.values())
    raise typer.Exit(1 if defect else 2 if refused else 0)


def _declared(name: str, target: Target) -> dict[str, Any]:
    """What the project's pyproject.toml says, where the function itself says nothing."""
    from argand.declared import declared_in_project, declared_of

    return {} if declared_of(target) else declared_in_project(name, Path())


def _named(given: Any, resolve: Callable[[str], Target]) -> Any:
    """A function that is given by its name, or as itself; None for none."""
    return resolve(given) if isinstance(given, str) else given


def _refuse_empty(name: str, report: Report) -> None:
    if report.decided == 0 and not report.of("defect"):
        raise TargetError(
            f"none of {report.samples} results of {name} could be certified: is it defined there?"
        )
