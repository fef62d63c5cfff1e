"""``python -m benchmarks.scripts.against``: a subject's variants, JAX and PyTorch, in one run."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import psutil

with suppress(ImportError):  # after TensorFlow, torch.compile's library would crash the process
    import triton  # noqa: F401
import tensorflow as tf
from rich import box
from rich.table import Table

from argand.frontend.trace import describe
from argand.program import Program
from argand.subject import MODES, Subject, TargetError
from argand.targets import from_catalogue
from argand.timing.cell import FLOORS, Operands, Workload, floors
from argand.timing.paired import measure
from argand.timing.statistics import compare, ratio_interval
from argand.timing.terminal import GLYPHS, console
from argand.timing.timed import prepare
from benchmarks.scripts.peers import jax_acts, torch_acts

KINDS = (*FLOORS, "JAX", "PyTorch")


def main(arguments: Sequence[str]) -> int:
    """Print a table for each dtype of the subjects named. Raises TargetError for an unknown one."""
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks.scripts.against", description=__doc__
    )
    asked.add_argument("subjects", nargs="+", help="names of the catalogue")
    asked.add_argument("--size", type=int, default=1_000_000, help="numbers in the tensor")
    asked.add_argument("--seconds", type=float, default=30.0, help="of timing, for each dtype")
    given = asked.parse_args(arguments)
    if given.size < 1:
        raise TargetError(f"--size is {given.size}: give 1 or more")
    subjects = [from_catalogue(name) for name in given.subjects]
    for subject in subjects:
        for dtype in subject.dtypes:
            _print(subject, dtype, given.size, given.seconds)
    return 0


def _print(subject: Subject, dtype: str, size: int, budget: float) -> None:
    seconds, refused = measured(subject, dtype, size, budget)
    screen = console()
    title = f"value and gradient of {subject.name}, {dtype}, {size:,} numbers"
    screen.print(table(seconds, title))
    for name, why in refused.items():
        screen.print(f"no time: {name}: {why}", markup=False)
    rounds = len(next(iter(seconds.values())))
    load, cores = psutil.getloadavg()[0], psutil.cpu_count()
    screen.print(f"{rounds} rounds; load of the machine {load:.1f} on {cores} cores")


def measured(
    subject: Subject, dtype: str, size: int, budget: float
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Seconds per call, shape (rounds,), of each variant in each mode, each peer and each floor;
    and of what is wrong, or raised, the reason."""
    work = Workload(subject, dtype)
    on, expected = work.certified(size)
    acts: dict[str, Callable[[], Any]] = {}
    refused = dict(work.refused)

    def add(name: str, act: Callable[[], Any], results: Sequence[Any]) -> None:
        worth = expected.worth("value and gradient", results)
        if worth.why:
            refused[name] = worth.why
        else:
            acts[name] = act

    for mode in MODES:
        for variant in work.right:
            fn = work.problems[variant].fn
            made = prepare(fn, "value and gradient", mode, on.inputs, on.upstream)
            add(f"{variant} {mode}", made.act, made.results)
        acts |= {f"{name} {mode}": act for name, act in floors(on.numbers, mode).items()}
    for name, act in _peers(work.plain.truth, on, refused).items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Inductor leaves complex numbers to eager mode
                results = [tf.constant(_host(x)) for x in act()]
            add(name, act, results)
        except Exception as error:  # whatever a framework raises
            refused[name] = describe(error)
    return measure(acts, baseline=next(iter(acts)), budget=budget).seconds, refused


def _peers(program: Program, on: Operands, refused: dict[str, str]) -> dict[str, Callable[[], Any]]:
    acts: dict[str, Callable[[], Any]] = {}
    for name, made in (("JAX", jax_acts), ("PyTorch", torch_acts)):
        try:
            acts |= made(program, on.inputs, on.upstream)
        except ImportError as error:
            raise TargetError(f"{error.name} is not installed: use `make compare-peers`") from error
        except TargetError as error:
            refused[name] = str(error)
    return acts


def _host(x: Any) -> np.ndarray:
    return np.asarray(x.resolve_conj() if hasattr(x, "resolve_conj") else x)


def table(seconds: dict[str, np.ndarray], title: str) -> Table:
    """The medians, the fastest first, each with its ratio to the fastest floor, to JAX and to the
    fastest of PyTorch. Floors differ by mode; only the fastest of each kind is shown."""
    order = sorted(seconds, key=lambda name: float(np.median(seconds[name])))
    fastest = {kind: next((n for n in order if n.startswith(kind)), "") for kind in KINDS}
    against = [name for kind in KINDS if kind != "stream" and (name := fastest[kind])]
    shown = Table(
        title=title, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0),
        caption="ratio of the rounds' times [99.9 % interval]: − faster, + slower, = same within "
        "5 %, ? cannot tell",
    )  # fmt: skip
    shown.add_column("", no_wrap=True)
    for heading in ("ms", *(f"÷ {name}" for name in against)):
        shown.add_column(heading, justify="right", no_wrap=True)
    for name in order:
        if name.startswith(FLOORS) and name not in fastest.values():
            continue
        ratios = [ratio_interval(seconds[name], seconds[other]) for other in against]
        words = [
            "1"
            if name == other
            else f"{r.value:.2f} [{r.low:.2f} {r.high:.2f}] {GLYPHS[compare(r).judgement]}"
            for r, other in zip(ratios, against, strict=True)
        ]
        shown.add_row(name, f"{1e3 * float(np.median(seconds[name])):.3g}", *words)
    return shown


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TargetError as error:
        print(f"argand: {error}", file=sys.stderr)
        sys.exit(2)
