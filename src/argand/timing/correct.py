"""Is a variant's gradient right? Asked before it is timed: a wrong result has no speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from argand.check.case import Case, cases
from argand.check.formula import refute
from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact, certify
from argand.subject import Subject, TargetError
from argand.trace import trace_gradient
from argand.verdict import MAX_ULP, judge

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
        backward = trace_gradient(case.fn, case.input_dtypes)
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
class Reference:
    """Certified value and gradient of a subject at some of the inputs that are timed.

    ``places`` index the inputs, which have shape (n,).
    """

    subject: Subject
    dtype: str
    inputs: Sequence[np.ndarray]
    upstream: np.ndarray
    places: np.ndarray

    @cached_property
    def exact(self) -> Exact:
        """The reference at ``places``, shape (len(places),)."""
        case = cases(self.subject, [self.dtype], None, None)[0][0]
        return certify(
            case.truth,
            [x[self.places] for x in self.inputs],
            self.upstream[self.places],
            case.output_dtype,
        )

    def compare(self, value: Any, gradients: Sequence[Any]) -> tuple[str, float]:
        """Why (value, gradients), tensors of shape (n,), are wrong ("" if they are not), and
        the gradient's largest error in ulp.

        Wrong at a point: not finite where the exact result is, or off by more than half of the
        digits of what is usual at these points, so that rounding and cancellation are not.
        """
        assert self.exact.vjp is not None
        if not self.exact.certified.any():
            return "no point could be certified", np.nan
        worst = 0.0
        parts = [("value", value, self.exact.value)]
        parts += [
            (f"gradient by input {i}", g, e)
            for i, (g, e) in enumerate(zip(gradients, self.exact.vjp, strict=True))
        ]
        for name, tensor, exact in parts:
            if tensor is None:
                return f"the {name} is None", np.nan
            if tensor.dtype.name != exact.dtype.name or tensor.shape != self.upstream.shape:
                return (
                    f"the {name} is {tensor.dtype.name}{list(tensor.shape)}, not "
                    f"{exact.dtype.name}{list(self.upstream.shape)}"
                ), np.nan
            computed = tensor.numpy()[self.places]
            wrong = _wrong(computed, exact, self.exact.certified)
            if wrong.any():
                k = int(np.flatnonzero(wrong)[0])
                point = ", ".join(repr(x[self.places[k]].item()) for x in self.inputs)
                return (
                    f"the {name} is wrong at {int(wrong.sum())} of {len(wrong)} points: "
                    f"{computed[k].item()!r} at ({point}), exact {exact[k].item()!r}"
                ), np.nan
            if name != "value":
                _, error = judge(computed, exact, self.exact.certified)
                worst = max(worst, float(np.max(error[self.exact.certified])))
        return "", worst


def _wrong(computed: np.ndarray, exact: np.ndarray, certified: np.ndarray) -> np.ndarray:
    size = np.abs(exact)
    comparable = certified & np.isfinite(size)
    if not comparable.any():
        return np.zeros(len(exact), bool)
    usual = np.maximum(size, np.median(size[comparable]))
    half_the_digits = np.sqrt(np.finfo(exact.dtype).eps)
    with np.errstate(invalid="ignore", over="ignore"):
        right = np.abs(computed - exact) <= half_the_digits * usual  # NaN is not right
    return comparable & ~right
