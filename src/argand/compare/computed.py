"""What every variant computes at fixed points, on each device: whose digits are whose."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from argand.compare.measured import POINT, RESULT
from argand.exact.reference import Exact
from argand.frontend.runner import MODES, Result, RunError, Runner
from argand.subject import Subject
from argand.trial.points import draw_inputs, draw_upstreams
from argand.trial.problem import Case, cases
from argand.verdict import VERDICTS, judge, of_samples

POINTS = 64  # in the window, and as many over the whole domain
SEED = 11


@dataclass
class Computed:
    """``points`` and ``results`` as Measured has them; ``formulas`` and ``digests``: by subject
    and dtype a hash of the plain formula's graph, and of the points and what is exact there."""

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
    """Every variant of ``subjects`` in both precisions and all modes on ``devices``, at points
    that are the same everywhere. What raises is left out, and told to ``progress``."""
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
    found, _ = cases(subject, [dtype], None, None)
    case = found[0]
    inputs, upstream = _points(case, subject)
    exact = case.exact(inputs, upstream)
    key = f"{subject.name} {dtype}"
    made.formulas[key] = hashlib.sha256(case.truth.fingerprint().encode()).hexdigest()[:16]
    digest = hashlib.sha256()
    assert exact.vjp is not None
    for array in (*inputs, upstream, exact.value, *exact.vjp):
        digest.update(array.tobytes())
    made.digests[key] = digest.hexdigest()[:16]
    of_subject = {"subject": subject.name, "dtype": dtype}
    for k in range(len(upstream)):
        at = "; ".join(_hex(x[k]) for x in inputs)
        made.points.append(of_subject | {"point": k, "input": at, "upstream": _hex(upstream[k])})
    for each in found:
        for mode in MODES:
            for device in devices:
                place = of_subject | {"variant": each.variant, "mode": mode, "device": device}
                names = [i.name for i in subject.inputs]
                try:
                    result = Runner(each.fn, mode, device)(inputs, upstream)
                except RunError as error:
                    where = f"{subject.name} {each.variant} {dtype} {mode} {device}"
                    progress(f"no result: {where}: {error}")
                    continue
                for quantity, by, computed, right in _pairs(result, exact):
                    rows = _rows(computed, right, exact)
                    of = place | {"quantity": quantity, "by": names[by] if by >= 0 else ""}
                    made.results += [of | row for row in rows]


def _points(case: Case, subject: Subject) -> tuple[list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(SEED)
    window = tuple(pair for i in subject.inputs for pair in i.window)
    parts = [
        draw_inputs(case.input_dtypes, domain, POINTS, rng, case.cores)
        for domain in (window, case.domain)
    ]
    inputs = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    upstream = draw_upstreams(case.output_dtype, 2 * POINTS * int(np.prod(case.core)), rng)
    return inputs, upstream.reshape(2 * POINTS, *case.core)


def _pairs(result: Result, exact: Exact) -> Iterator[tuple[str, int, np.ndarray, np.ndarray]]:
    """(quantity, input by which, computed, exact), where it has the exact one's shape."""
    assert exact.vjp is not None
    pairs = [(result.value, exact.value), *zip(result.gradients, exact.vjp, strict=True)]
    for by, (computed, right) in enumerate(pairs, -1):
        if computed is not None and (computed.dtype, computed.shape) == (right.dtype, right.shape):
            yield "value" if by < 0 else "gradient", by, computed, right


def _rows(computed: np.ndarray, right: np.ndarray, exact: Exact) -> Iterator[dict[str, Any]]:
    """A row a point; of a row's entries, as one text, the worst error and the gravest verdict."""
    codes, ulp = judge(computed, right, exact.certified, undefined=exact.undefined)
    if codes.ndim > 1:
        codes, ulp = of_samples(codes, ulp, codes.shape[1:])
    for k in range(len(computed)):
        row = {"point": k, "computed": _hex(computed[k]), "ulp": float(ulp[k])}
        yield row | {"verdict": VERDICTS[codes[k]].name}


def _hex(numbers: Any) -> str:
    """The components in hex with commas between them, entries of a row with blanks."""
    return " ".join(
        f"{float(z.real).hex()},{float(z.imag).hex()}" if np.iscomplexobj(z) else float(z).hex()
        for z in np.ravel(numbers)
    )
