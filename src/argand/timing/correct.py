"""Is a variant's gradient right? This is asked before it is timed: a wrong result has no speed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from argand.check.formula import refute
from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact, certify
from argand.subject import TargetError
from argand.timing.timed import Timed
from argand.trial.problem import Problem
from argand.trial.second_order import exact_second_order
from argand.verdict import MAX_ULP, fails, judge, of_entries

SEED = 7
POINTS = 64  # of the rows that are timed, so many are compared with the certified results


def wrong_formulas(problems: Iterable[Problem]) -> dict[str, str]:
    """Why the gradient of a variant is wrong in exact arithmetic, or cannot be computed.

    Returns the reason by variant; a variant that is not named has no proof against it. The points
    are those of the problems' domain. The timed points lie in the subject's window, so that is the
    domain to give; elsewhere ``argand check`` looks.
    """
    found = {p.variant: _refuted(p) for p in problems}
    return {variant: why for variant, why in found.items() if why}


def _refuted(problem: Problem) -> str:
    try:
        backward = problem.backward
    except TargetError as error:
        return str(error)
    for i, (output, wanted) in enumerate(zip(backward.outputs, problem.input_dtypes, strict=True)):
        given = "None" if output is None else backward.dtypes[output]
        if given != wanted:
            return f"the gradient by input {i} is {given}, the input {wanted}"
    try:
        refuse_unsupported(backward)
    except TargetError:
        return ""  # no proof either way: the certified points decide
    proofs, _ = refute(problem, MAX_ULP, np.random.default_rng(SEED))
    return f"the formula of the gradient is wrong: {proofs[0].diagnosis.words}" if proofs else ""


@dataclass(frozen=True)
class Worth:
    """What a variant's results are worth.

    ``why`` says why they are wrong, "" where they are not; ``ulp`` is the gradient's largest
    error; ``failing`` counts the samples whose value or gradient has a failing verdict.
    """

    why: str
    ulp: float = np.nan
    failing: int | None = None


@dataclass(frozen=True)
class Expected:
    """The certified value and gradient of a subject at some of the samples that are timed.

    ``problem`` is any variant's, for all have the same truth. ``inputs`` and ``upstream`` are
    what is timed, shape (rows, *core) each; ``second`` is the upstream of the gradient where its
    own gradient is timed. ``places`` index the rows that are certified.
    """

    problem: Problem
    inputs: Sequence[np.ndarray]
    upstream: np.ndarray
    places: np.ndarray
    second: np.ndarray | None = None

    @cached_property
    def exact(self) -> Exact:
        """The reference at ``places``, shape (len(places), *core)."""
        inputs, upstream = [x[self.places] for x in self.inputs], self.upstream[self.places]
        if self.second is None:
            return self.problem.exact(inputs, upstream)
        truth, dtype = self.problem.truth, self.problem.output_dtype
        return certify(truth, inputs, upstream, dtype, order=2)

    def results(self, timed: Timed) -> list[tuple[str, np.ndarray]]:
        """The name of each result of ``timed``, and what it is at ``places``."""
        value = [("value", self.exact.value)]
        vjp = [(f"gradient by input {i}", g) for i, g in enumerate(self.exact.gradients)]
        if timed == "second order":
            assert self.second is not None
            u, v = self.upstream[self.places], self.second[self.places]
            own = ("gradient of the gradient", exact_second_order(self.exact, u, v)[0])
            return [*vjp, own]
        return {"value and gradient": value + vjp, "forward": value, "gradient": vjp}[timed]

    def worth(self, timed: Timed, results: Sequence[Any]) -> Worth:
        """What ``results``, the tensors that ``timed`` gives, are worth.

        A sample is wrong where its result is not finite though the exact one is, or where it
        differs by more than half of the digits of a usual result at these samples. Rounding and
        cancellation lose fewer.
        """
        if not self.exact.certified.any():
            return Worth("no point could be certified")
        worst, failing = 0.0, np.zeros(len(self.places), bool)
        for (name, exact), tensor in zip(self.results(timed), results, strict=True):
            if tensor is None:
                return Worth(f"the {name} is None")
            shape = [len(self.upstream), *exact.shape[1:]]
            if tensor.dtype.name != exact.dtype.name or list(tensor.shape) != shape:
                return Worth(
                    f"the {name} is {tensor.dtype.name}{list(tensor.shape)}, not "
                    f"{exact.dtype.name}{shape}"
                )
            computed = tensor.numpy()[self.places]
            certified = of_entries(self.exact.certified, exact)
            wrong = _wrong(computed, exact, certified)
            if wrong.any():
                k = int(np.flatnonzero(wrong)[0])
                row = self.places[k // int(np.prod(exact.shape[1:], initial=1))]
                point = ", ".join(repr(x[row].tolist()) for x in self.inputs)
                return Worth(
                    f"the {name} is wrong at {int(wrong.sum())} of {wrong.size} points: "
                    f"{computed.flat[k].item()!r} at ({point}), exact {exact.flat[k].item()!r}"
                )
            codes, error = judge(computed.ravel(), exact.ravel(), certified.ravel())
            failing |= fails(codes).reshape(len(failing), -1).any(1)
            if name != "value":
                worst = max(worst, float(np.max(error[certified.ravel()])))
        return Worth("", np.nan if timed == "forward" else worst, int(failing.sum()))


def _wrong(computed: np.ndarray, exact: np.ndarray, certified: np.ndarray) -> np.ndarray:
    size = np.abs(exact)
    comparable: np.ndarray = certified & np.isfinite(size)
    if not comparable.any():
        return np.zeros(exact.shape, bool)
    usual = np.maximum(size, np.median(size[comparable]))
    half_the_digits = np.sqrt(np.finfo(exact.dtype).eps)
    with np.errstate(invalid="ignore", over="ignore"):
        right = np.abs(computed - exact) <= half_the_digits * usual  # NaN is not right
    wrong: np.ndarray = comparable & ~right
    return wrong
