"""The Problem: one variant in one dtype, with its truth. Whatever judges a gradient takes one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from argand.exact.evaluate import refuse_unsupported
from argand.exact.reference import Exact, certify
from argand.frontend.runner import Runner
from argand.frontend.trace import Traced
from argand.program import Program
from argand.subject import TargetError, input_names
from argand.trial.components import component_dtypes, join, split
from argand.trial.domain import Domain
from argand.trial.finding import Finding
from argand.trial.meant.combined import combined
from argand.trial.meant.gradient import Meant


@dataclass(frozen=True, eq=False)
class Problem:
    """One variant in one dtype.

    ``dtype`` names the precision under study, and real or complex. ``traced`` is the variant and
    ``plain`` the formula whose derivatives are the right ones: each is traced when it is first
    asked for, once. ``surrogate`` is whose gradient is meant where that is not ``plain``'s own.
    ``domain`` is None for the whole float line in every component. ``bounds``
    say where a search may go, for each real component of a sample; without them the domain does.
    ``auto`` is a subject's own plain formula; None of a bare function.
    """

    variant: str
    dtype: str
    traced: Traced
    plain: Traced
    domain: Domain | None
    bounds: Domain | None = None
    surrogate: Meant | None = None
    auto: Traced | None = None
    _runners: dict[tuple[str, str], Runner] = field(default_factory=dict, repr=False)

    @property
    def fn(self) -> Callable[..., Any]:
        """The function itself."""
        return self.traced.fn

    @cached_property
    def names(self) -> list[str]:
        """What the inputs are called."""
        given = input_names(self.fn)
        numbered = [f"input {i}" for i in range(len(self.input_dtypes))]
        return given if len(given) == len(numbered) else numbered

    @property
    def input_dtypes(self) -> tuple[str, ...]:
        """The dtype of each input."""
        return self.traced.dtypes

    @property
    def cores(self) -> tuple[tuple[int, ...], ...]:
        """The shape of one sample of each input: () for a number, (k,) for a row."""
        return self.traced.cores

    @property
    def forward(self) -> Program:
        """The variant's value. Raises TargetError where it cannot be traced."""
        return self.traced.forward

    @property
    def backward(self) -> Program:
        """The variant's gradient, of (upstream, *inputs). Raises TargetError as above."""
        return self.traced.backward

    @property
    def truth(self) -> Program:
        """The plain formula's value."""
        return self.plain.forward

    @cached_property
    def meant(self) -> Meant:
        """The gradient that is right: that of the plain formula, or the surrogate's."""
        return self.surrogate or Meant(self.plain)

    @property
    def output_dtype(self) -> str:
        """The dtype of the true value."""
        return self.truth.output_dtype

    @property
    def core(self) -> tuple[int, ...]:
        """The shape of one sample of the value."""
        return self.truth.core

    @property
    def rows(self) -> bool:
        """Whether a sample is more than one number, of an input or of the value."""
        return any((self.core, *self.cores))

    def run(self, mode: str, device: str = "CPU:0") -> Runner:
        """What computes value and gradient in ``mode`` on ``device``: one, kept, so that each
        shape is traced and compiled once. Raises TargetError for a mode or device not there."""
        if (mode, device) not in self._runners:
            self._runners[mode, device] = Runner(self.fn, mode, device)
        return self._runners[mode, device]

    def exact(self, inputs: Sequence[np.ndarray], upstream: np.ndarray) -> Exact:
        """The certified value and gradient at samples (n, *core).

        Without the derivatives of rows, which are many, and without the signs of zeros, which no
        verdict asks for.
        """
        many = max(math.prod(core) for core in (self.core, *self.cores)) > 1
        truth, dtype = self.truth, self.output_dtype
        if self.surrogate is not None:
            return combined(truth, self.surrogate, inputs, upstream, dtype, jacobian=not many)
        return certify(truth, inputs, upstream, dtype, jacobian=not many, signs=False)

    def finding(self, kind: str, mode: str, quantity: str, message: str, **fields: Any) -> Finding:
        """A finding of this variant and dtype; ``fields`` as those of Finding."""
        return Finding(self.variant, mode, self.dtype, quantity, kind, message, **fields)

    def of_entries(self, k: int) -> Problem:
        """The same in rows of ``k`` entries.

        Raises TargetError where the function or its plain formula do not take them, or its rows are
        not all of one length.
        """
        if len({core for core in self.cores if core}) != 1:
            raise TargetError("rows of several lengths")
        cores = tuple((k,) if core else () for core in self.cores)
        own, plain = (replace(t, cores=cores) for t in (self.traced, self.plain))
        refuse_unjudgeable(plain)
        own.forward  # noqa: B018  # a function that is made for one length refuses others
        surrogate = self.surrogate and self.surrogate.of_cores(cores, plain.forward.core)
        return replace(self, traced=own, plain=plain, surrogate=surrogate)

    def by_input(self, by: int) -> str:
        """A clause that says which input's gradient is meant, where there are several."""
        return f" (gradient by input {by})" if by >= 0 and len(self.input_dtypes) > 1 else ""

    def in_entry(self, by: int, entry: int) -> str:
        """A clause that says which entry of the value (``by`` −1) or gradient is meant, where a
        sample has several."""
        return f" in entry {entry}" if (self.core if by < 0 else self.cores[by]) else ""

    # A sample as the numbers that it is made of.

    @cached_property
    def entry_dtypes(self) -> tuple[str, ...]:
        """The dtype of each number of a sample, inputs in order."""
        pairs = zip(self.input_dtypes, self.cores, strict=True)
        return tuple(d for d, core in pairs for _ in range(math.prod(core)))

    @cached_property
    def entry_domain(self) -> Domain | None:
        """(low, high) of each real component of each number of a sample, inputs in order."""
        if self.bounds is not None or self.domain is None:
            return self.bounds
        pairs, found = iter(self.domain), []
        for dtype, core in zip(self.input_dtypes, self.cores, strict=True):
            own = [next(pairs) for _ in range(2 if dtype.startswith("complex") else 1)]
            found += own * math.prod(core)
        return tuple(found)

    @cached_property
    def component_dtypes(self) -> list[np.dtype]:
        """The dtype of each real component of a sample."""
        return component_dtypes(self.entry_dtypes)

    def components(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Each real component of the samples, arrays (n,), in order."""
        return split(self.entries(inputs))

    def of_components(self, rows: Sequence[Sequence[float]]) -> list[np.ndarray]:
        """The inputs, arrays (n, *core), whose real components are the n ``rows``."""
        columns = zip(*rows, strict=True) if rows else [()] * len(self.component_dtypes)
        pairs = zip(columns, self.component_dtypes, strict=True)
        return self.inputs(join([np.array(c, d) for c, d in pairs], self.entry_dtypes))

    def entries(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Each number of the samples, arrays (n,), inputs in order."""
        flat = [x.reshape(len(x), math.prod(x.shape[1:])) for x in inputs]
        return [x[:, j] for x in flat for j in range(x.shape[1])]

    def inputs(self, entries: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The inputs, arrays (n, *core), that have these entries."""
        rest, made = iter(entries), []
        for core in self.cores:
            columns = [next(rest) for _ in range(math.prod(core))]
            made.append(np.stack(columns, axis=-1).reshape(len(columns[0]), *core))
        return made


def refuse_unjudgeable(plain: Traced) -> None:
    """Raise TargetError where ``plain`` cannot be a truth: balls cannot follow it, its value does
    not keep the axis of samples, or is no float."""
    program = plain.forward
    refuse_unsupported(program)
    shape = program.output_shape
    whole = shape[:1] == (1,) and 0 not in shape
    if not (whole if any(plain.cores) else shape == (1,)):
        given = ", ".join(str(["n", *core]).replace("'", "") for core in plain.cores)
        raise TargetError(
            f"the function maps tensors of shape {given} to one of shape {list(shape)} for n = 1; "
            "argand checks functions of each entry, or along the last axis (core=1), whose value "
            "keeps the first axis"
        )
    if not program.output_dtype.startswith(("float", "complex")):
        raise TargetError(
            f"the function returns {program.output_dtype}, which has no gradient; "
            "return a float or complex tensor"
        )
