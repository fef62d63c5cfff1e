"""What every variant computes at fixed points, on each device."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from argand.compare.measured import POINT, RESULT
from argand.frontend.runner import RunError
from argand.subject import MODES, Subject
from argand.trial.domain import window_of
from argand.trial.judged import Judged, judged
from argand.trial.points.drawn import draw_inputs, draw_upstreams
from argand.trial.problem import Problem
from argand.trial.problems import problems
from argand.trial.written import pairs
from argand.verdict import MAX_ULP, VERDICTS

POINTS = 64  # in the window, and as many over the whole domain
SEED = 11


@dataclass
class Computed:
    """What was computed: ``points`` and ``results`` are rows of Measured's tables.

    ``formulas`` has for each subject and dtype a hash of the plain formula's graph, ``digests`` one
    of the points and of what is exact there.
    """

    points: list[dict[str, Any]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Points and results, the columns POINT and RESULT."""
        return pd.DataFrame(self.points, columns=POINT), pd.DataFrame(self.results, columns=RESULT)


def compute(
    subjects: Sequence[Subject],
    devices: Sequence[str],
    progress: Callable[[str], None] = lambda step: None,
) -> Computed:
    """What every variant of ``subjects`` computes on ``devices``, in both precisions and all modes.

    The points are the same on every machine. What raises is left out, and told to ``progress``.
    """
    made = Computed()
    for subject in subjects:
        for dtype in subject.dtypes:
            progress(f"digits of {subject.name}, {dtype}")
            _add(made, subject, dtype, devices, progress)
    return made


def _add(
    made: Computed,
    subject: Subject,
    dtype: str,
    devices: Sequence[str],
    progress: Callable[[str], None],
) -> None:
    found, _ = problems(subject, [dtype])
    first = found[0]
    inputs, upstream = _points(first, subject)
    exact = first.exact(inputs, upstream)
    key = f"{subject.name} {dtype}"
    made.formulas[key] = hashlib.sha256(first.truth.fingerprint().encode()).hexdigest()[:16]
    digest = hashlib.sha256()
    for array in (*inputs, upstream, exact.value, *exact.gradients):
        digest.update(array.tobytes())
    made.digests[key] = digest.hexdigest()[:16]
    of_subject = {"subject": subject.name, "dtype": dtype}
    for k in range(len(upstream)):
        at = "; ".join(_written(x[k]) for x in inputs)
        point = {"point": k, "input": at, "upstream": _written(upstream[k])}
        made.points.append(of_subject | point)
    for each in found:
        for mode in MODES:
            for device in devices:
                place = of_subject | {"variant": each.variant, "mode": mode, "device": device}
                names = [i.name for i in subject.inputs]
                try:
                    result = each.run(mode, device)(inputs, upstream)
                except RunError as error:
                    where = f"{subject.name} {each.variant} {dtype} {mode} {device}"
                    progress(f"no result: {where}: {error}")
                    continue
                for (quantity, by), of in judged(each, result, exact, MAX_ULP).items():
                    part = place | {"quantity": quantity, "by": names[by] if by >= 0 else ""}
                    made.results += [part | row for row in _rows(of)]


def _points(problem: Problem, subject: Subject) -> tuple[list[np.ndarray], np.ndarray]:
    """Inputs and upstreams (2 * POINTS, *core): the window's points, then the domain's."""
    rng = np.random.default_rng(SEED)
    parts = [
        draw_inputs(problem.input_dtypes, domain, POINTS, rng, problem.cores)
        for domain in (window_of(subject), problem.domain)
    ]
    inputs = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    numbers = 2 * POINTS * int(np.prod(problem.core))  # the same points as in kept measurements
    upstream = draw_upstreams(problem.output_dtype, numbers, rng)
    return inputs, upstream.reshape(2 * POINTS, *problem.core)


def _rows(of: Judged) -> Iterator[dict[str, Any]]:
    """A row a point; where a sample is a row, its gravest verdict and the largest error."""
    for k in range(len(of.codes)):
        row = {"point": k, "computed": _written(of.computed[k]), "ulp": float(of.error[k])}
        yield row | {"verdict": VERDICTS[of.codes[k]].name}


def _written(sample: np.ndarray) -> str:
    """The numbers of a sample in hexadecimal, with blanks between them."""
    return " ".join(pairs(sample))
