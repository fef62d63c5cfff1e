"""Which gradient is meant: the derivatives of a function, or what a backward gives."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from argand.exact.balls import UNDECIDED, to_balls
from argand.exact.evaluate import evaluate, refuse_unsupported
from argand.exact.parts import value_and_derivatives, vector_jacobian
from argand.exact.raw import ZERO
from argand.frontend.flattening import STOP
from argand.frontend.trace import Traced, trace_backward
from argand.program import Program
from argand.subject import Subject, Target, TargetError, Variant, count_inputs


@dataclass(frozen=True, eq=False)
class Meant:
    """``traced`` is a "function" of the inputs whose gradient is meant, or a "backward" (upstream,
    *inputs) -> gradients, which need not be the gradient of any function; or a function on a
    "tape": its gradient is what TensorFlow makes of it, with what is in tf.stop_gradient held."""

    traced: Traced
    kind: Literal["function", "backward", "tape"] = "function"

    @cached_property
    def program(self) -> Program:
        """The function's value; where it is ``given``, the gradient, of (upstream, *inputs). Raises
        TargetError where it cannot be traced."""
        t = self.traced
        if self.kind == "backward":
            return trace_backward(t.fn, t.dtypes, t.cores)
        return t.backward if self.given else t.forward

    @property
    def given(self) -> bool:
        """Whether the gradient itself is there, not a function whose derivatives it is."""
        return self.kind != "function"

    @property
    def backward(self) -> Program:
        """The gradient, of (upstream, *inputs). Raises TargetError as above."""
        return self.program if self.given else self.traced.backward

    @property
    def slope(self) -> Program | None:
        """The function whose derivatives are meant; None where the gradient is that of none."""
        return None if self.given else self.program

    def of_cores(self, cores: tuple[tuple[int, ...], ...], core: tuple[int, ...]) -> Meant:
        """The same for samples of other shapes: ``cores`` of the inputs, ``core`` of the value."""
        own = (core, *cores) if self.kind == "backward" else cores
        return replace(self, traced=replace(self.traced, cores=own))


def surrogate_of(fn: Target | None, plain: Traced, gradient_of: Callable[..., Any]) -> Meant | None:
    """What ``fn`` says of the gradient of ``gradient_of``, whose true value is ``plain``; None for
    None.

    Raises TargetError where it takes other inputs, cannot be traced or followed in balls, or gives
    what is of another shape or dtype.
    """
    if fn is None:
        return None
    if isinstance(fn, Subject | Variant):
        fn = fn.plain if isinstance(fn, Subject) else fn.fn
    n, value = len(plain.dtypes), plain.forward
    made = Meant(Traced(fn, plain.dtypes, plain.cores))
    if _is_backward(fn, n):
        dtypes, cores = (value.output_dtype, *plain.dtypes), (value.core, *plain.cores)
        made = Meant(Traced(fn, dtypes, cores), "backward")
    try:
        _refuse_misfit(made.program, made.given, value)
        if not made.given and STOP in made.traced.stopped.op_types():
            made = replace(made, kind="tape")
        refuse_unsupported(made.program)
    except TargetError as error:
        name = getattr(gradient_of, "__name__", "the function")
        raise TargetError(f"the surrogate of {name} cannot be used: {error}") from error
    return made


def _refuse_misfit(program: Program, given: bool, value: Program) -> None:
    """Raise TargetError where what the surrogate gives has not the dtype and shape that it has to
    have: that of the ``value``, or where it gives gradients those of the inputs."""
    wanted = [*value.inputs] if given else [value.output]
    if len(program.outputs) != len(wanted):
        raise TargetError(
            f"it gives {len(program.outputs)} gradients, not one for each of the "
            f"{len(wanted)} input(s)"
        )
    for i, (index, output) in enumerate(zip(wanted, program.outputs, strict=True)):
        own, like = (None if o is None else _described(p, o)
                     for p, o in ((program, output), (value, index)))  # fmt: skip
        if own not in (None, like):
            what = f"for input {i}" if given else "a value"
            raise TargetError(
                f"it gives {what} {own} where {like} is wanted; give it the dtype and shape of the "
                "function's own"
            )


def _is_backward(fn: Callable[..., Any], n: int) -> bool:
    """Whether ``fn`` takes (upstream, *inputs), not the ``n`` inputs alone. Raises TargetError
    where it takes neither."""
    try:
        kinds = [p.kind for p in inspect.signature(fn).parameters.values()]
    except (TypeError, ValueError):
        kinds = []
    taken = count_inputs(fn)
    open_ended = inspect.Parameter.VAR_POSITIONAL in kinds
    if open_ended and kinds.index(inspect.Parameter.VAR_POSITIONAL) > 0 and taken <= n + 1:
        return True  # written (u, *inputs)
    if taken not in (n, n + 1):
        raise TargetError(
            f"the surrogate takes {taken} input(s), the function {n}: give a function of the same "
            "inputs whose gradient is meant, or a backward (u, *inputs) -> gradients"
        )
    return taken == n + 1


def _described(program: Program, value: int) -> str:
    """The dtype and shape of a value for one sample, n of which are a batch."""
    first, *core = program.shapes[value] or ("",)
    shown = ["n" if first == 1 else first, *core] if first else []
    return f"{program.dtypes[value]} of shape {shown!s}".replace("'", "")


def in_balls(
    program: Program,
    given: bool,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    complex_inputs: Sequence[bool],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The gradients that are meant, balls (samples, entries) at the current precision, and the
    value with its derivatives by all inputs, ∂ then ∂̄, (samples, entries of the value, of the
    input), of which nothing is known where the gradients are ``given``.

    ``program`` is a Meant's, or the same with other constants.
    """
    u, n = to_balls(upstream), len(upstream)
    size = upstream.size // n
    if given:
        out = evaluate(program, [u, *map(to_balls, inputs)], derivatives=False)
        gradients = [
            np.full(x.shape, ZERO, object) if o is None else o.value
            for o, x in zip(out, inputs, strict=True)
        ]
        derivatives = [np.full((n, size, 1), UNDECIDED, object)]
        derivatives += [np.full((n, size, x.size // n), UNDECIDED, object) for x in inputs] * 2
    else:
        derivatives = value_and_derivatives(program, inputs, complex_inputs)
        gradients = vector_jacobian(derivatives, u, complex_inputs)
    flat = [np.asarray(g, object).reshape(n, -1).copy() for g in gradients]
    return flat, [d.reshape(n, size, -1) for d in derivatives]
