"""Is a variant's gradient right? Asked before it is timed: a wrong result has no speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from argand.check.formula import refute
from argand.check.probes.second_order import exact_second_order
from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact, certify
from argand.frontend.trace import trace_gradient, trace_value
from argand.subject import Subject, TargetError
from argand.timing.timed import Timed
from argand.trial.problem import Case, cases
from argand.verdict import MAX_ULP, VERDICTS, judge, of_entries

FAILING = [v.code for v in VERDICTS if v.failing]
SEED = 7
POINTS = 64  # of a cell's own inputs, evenly spread, compared with the certified results


def wrong_formulas(subject: Subject, dtype: str, variants: Sequence[str]) -> dict[str, str]:
    """Why a variant's gradient is wrong in exact arithmetic, or cannot be computed, by variant;
    those not named have no proof against them.

    Asked of the window only, whence the timed points are: the rest is for ``argand check``.
    """
    window = tuple(pair for i in subject.inputs for pair in i.window)
    made = {c.variant: c for c in cases(subject, [dtype], window, None)[0]}
    found = {v: _refuted(made[v]) for v in variants}
    return {v: words for v, words in found.items() if words}


def _refuted(case: Case) -> str:
    try:
        backward = trace_gradient(case.fn, case.input_dtypes, case.cores)
    except TargetError as error:
        return str(error)
    for i, (output, wanted) in enumerate(zip(backward.outputs, case.input_dtypes, strict=True)):
        given = "None" if output is None else backward.dtypes[output]
        if given != wanted:
            return f"the gradient by input {i} is {given}, the input {wanted}"
    try:
        refuse_unsupported(backward)
    except TargetError:
        return ""  # no proof either way: the certified points decide
    witnesses, _ = refute(case, backward, MAX_ULP, np.random.default_rng(SEED))
    return f"the formula of the gradient is wrong: {witnesses[0].diagnosis}" if witnesses else ""


@dataclass(frozen=True)
class Judged:
    """``why`` the results are wrong ("" if they are not); the gradient's largest error in
    ``ulp``; and how many of the samples have a value or gradient of a ``failing`` verdict."""

    why: str
    ulp: float = np.nan
    failing: int | None = None


@dataclass(frozen=True)
class Reference:
    """Certified value and gradient of a subject at some of the samples that are timed.

    ``inputs`` and ``upstream`` are what is timed, shape (rows, *core) each, ``second`` the
    upstream of the gradient where second order is; ``places`` index the rows.
    """

    subject: Subject
    dtype: str
    inputs: Sequence[np.ndarray]
    upstream: np.ndarray
    places: np.ndarray
    second: np.ndarray | None = None

    @cached_property
    def exact(self) -> Exact:
        """The reference at ``places``, shape (len(places),)."""
        truth = trace_value(
            self.subject.plain, self.subject.input_dtypes(self.dtype), self.subject.cores
        )
        return certify(
            truth,
            [x[self.places] for x in self.inputs],
            self.upstream[self.places],
            self.upstream.dtype.name,
            order=1 if self.second is None else 2,
        )

    def expected(self, timed: Timed) -> list[tuple[str, np.ndarray]]:
        """What each result of ``timed`` is called, and what it is at ``places``."""
        assert self.exact.vjp is not None
        value = [("value", self.exact.value)]
        vjp = [(f"gradient by input {i}", g) for i, g in enumerate(self.exact.vjp)]
        if timed == "second order":
            assert self.second is not None
            u, v = self.upstream[self.places], self.second[self.places]
            own = ("gradient of the gradient", exact_second_order(self.exact, u, v)[0])
            return [*vjp, own]
        return {"value and gradient": value + vjp, "forward": value, "gradient": vjp}[timed]

    def judge(self, timed: Timed, results: Sequence[Any]) -> Judged:
        """What ``results``, tensors as ``timed`` gives them, are worth.

        Wrong at a sample: not finite where the exact result is, or off by more than half of the
        digits of what is usual at these samples, so that rounding and cancellation are not.
        """
        if not self.exact.certified.any():
            return Judged("no point could be certified")
        worst, failing = 0.0, np.zeros(len(self.places), bool)
        for (name, exact), tensor in zip(self.expected(timed), results, strict=True):
            if tensor is None:
                return Judged(f"the {name} is None")
            shape = [len(self.upstream), *exact.shape[1:]]
            if tensor.dtype.name != exact.dtype.name or list(tensor.shape) != shape:
                return Judged(
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
                return Judged(
                    f"the {name} is wrong at {int(wrong.sum())} of {wrong.size} points: "
                    f"{computed.flat[k].item()!r} at ({point}), exact {exact.flat[k].item()!r}"
                )
            codes, error = judge(computed.ravel(), exact.ravel(), certified.ravel())
            failing |= np.isin(codes, FAILING).reshape(len(failing), -1).any(1)
            if name != "value":
                worst = max(worst, float(np.max(error[certified.ravel()])))
        return Judged("", np.nan if timed == "forward" else worst, int(failing.sum()))


def _wrong(computed: np.ndarray, exact: np.ndarray, certified: np.ndarray) -> np.ndarray:
    size = np.abs(exact)
    comparable = certified & np.isfinite(size)
    if not comparable.any():
        return np.zeros(exact.shape, bool)
    usual = np.maximum(size, np.median(size[comparable]))
    half_the_digits = np.sqrt(np.finfo(exact.dtype).eps)
    with np.errstate(invalid="ignore", over="ignore"):
        right = np.abs(computed - exact) <= half_the_digits * usual  # NaN is not right
    return comparable & ~right
