"""Evaluate a Program on balls, for many samples at once, with both Wirtinger derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import ONE, Balls, as_array, to_balls, to_signed
from argand.exact.careful import points
from argand.exact.dual import Dual, dual_partials
from argand.exact.edges.jumps import edges_undecided, jumps_are_edges, jumps_kept, jumps_undecided
from argand.exact.edges.kinks import UNDEFINED, Token
from argand.exact.edges.ties import settled_choice, settled_edges
from argand.exact.edges.truth import Edge
from argand.exact.partials import (
    along_real,
    conjugate,
    left_padded,
    product,
    real_parts,
    total,
    unless_zero,
)
from argand.exact.refused import refusal
from argand.exact.rules.composed import ALIASES, COMPOSED, Expression
from argand.exact.rules.rule import Rule
from argand.exact.rules.shaped import SHAPED
from argand.exact.rules.structural import STRUCTURAL, structural
from argand.exact.rules.table import RULES
from argand.frontend.flattening import STOP
from argand.program import Operation, Program
from argand.subject import TargetError

Columns = list[list[Any]]  # of each operand its elements, broadcast
Derivatives = tuple[np.ndarray | None, ...]  # one for each direction, as in Balls
Mend = Callable[[int, Balls], Balls]  # a value of the Program by its index, and what it becomes

_TO_REAL = {"Real", "Imag", "ComplexAbs", "AbsOfExp", "Angle"}


class Unsupported(TargetError):
    """Balls cannot follow an operation."""


def unsupported(program: Program) -> str:
    """Why balls cannot follow the first operation that they cannot, naming it and its source line:
    one without a rule, or whose result is an integer that depends on the input; or a result whose
    length does. Else empty."""
    reasons = (refusal(program, op) for op in program.operations)
    return next(filter(None, reasons), "") or _unknown_length(program)


def _unknown_length(program: Program) -> str:
    shapes = [program.shapes[o] for o in program.outputs if o is not None]
    if not any(None in shape for shape in shapes):
        return ""
    told = next(list(shape) for shape in shapes if None in shape)
    return (
        f"the result has the shape {told}: how many numbers it has depends on the input; give all "
        "branches results of one shape"
    )


def refuse_unsupported(program: Program) -> None:
    """Raise Unsupported with what ``unsupported`` says, where it says anything."""
    reason = unsupported(program)
    if reason:
        raise Unsupported(reason)


def evaluate(
    program: Program,
    inputs: Sequence[np.ndarray],
    derivatives: bool,
    careful: bool = False,
    order: int = 1,
) -> list[Balls | None]:
    """The Program's outputs at the current precision (flint's ``ctx.prec``).

    ``inputs`` are object arrays of balls, shape (samples, *core); each feeds one sample.
    ``careful`` takes and gives Signed values, follows signed zeros through branch cuts, and
    proves where the function is undefined; ``order=2`` makes the derivatives Duals.
    Raises TargetError for an operation without a rule.
    """
    values = values_of(program, inputs, Evaluation(program, derivatives, careful, order))
    return [None if o is None else values[o] for o in program.outputs]


def evaluate_output(
    program: Program,
    inputs: Sequence[np.ndarray],
    careful: bool,
    order: int,
    mend: Mend | None = None,
) -> Balls:
    """The first output with its derivatives, as ``evaluate`` gives it; ``mend`` is asked of each
    value for better derivatives before others are made of it.

    Raises ValueError for a Program without output, TargetError for an operation without a rule.
    """
    values = values_of(program, inputs, Evaluation(program, True, careful, order), mend)
    return values[program.output]


def values_of(
    program: Program, inputs: Sequence[np.ndarray], run: Evaluation, mend: Mend | None = None
) -> dict[int, Balls]:
    """Of each output its Balls in the pass ``run``, for as many samples as the inputs have."""
    refuse_unsupported(program)
    samples = len(inputs[0])
    values: dict[int, Any] = {i: run.given(c) for i, c in program.constants.items()}
    first = 0  # direction
    for index, balls in zip(program.inputs, inputs, strict=True):
        balls = balls.reshape(samples, *program.shapes[index])
        values[index] = Balls(balls, run.seeds(balls, first), run.none)
        first += int(np.prod(program.shapes[index]))
    for op in program.operations:
        outs = run.operation(op, [values[i] for i in op.inputs])
        if mend is not None:
            outs = list(map(mend, op.outputs, outs))
        values.update(zip(op.outputs, outs, strict=True))
    return {
        o: values[o].each(lambda a: np.broadcast_to(a, (samples, *a.shape[1:])))
        for o in program.outputs
        if o is not None
    }


class Evaluation:
    """One pass over a Program: which derivatives are taken, and how carefully."""

    def __init__(self, program: Program, derivatives: bool, careful: bool, order: int) -> None:
        self.program, self.careful, self.order = program, careful, order
        self.real: list[bool] = []  # for each direction, whether ∂ and ∂̄ are one
        if derivatives:
            for index in program.inputs:
                one = not program.dtypes[index].startswith("complex") and order == 1
                self.real += [one] * int(np.prod(program.shapes[index]))
        self.none: tuple[None, ...] = (None,) * len(self.real)
        self.whole = False  # whether the operation in progress takes complex operands

    def operation(self, op: Operation, operands: list[Any]) -> list[Balls]:
        """The outputs of one operation."""
        self.whole = any(self.program.dtypes[i].startswith("complex") for i in op.inputs)
        name = ALIASES.get(op.type, op.type)
        if name == STOP:  # in a Traced's ``stopped`` alone, which no series is made of
            return [Balls(operands[0].value, self.none, self.none)]
        if name in STRUCTURAL:
            return structural(self, op, operands)
        if name in SHAPED:
            return [SHAPED[name](self, op, operands)]
        if name in COMPOSED:
            terms = [Expression(self, o) for o in operands]
            return [COMPOSED[name](op, *terms).balls]
        return [self.elementwise(name, *operands)]

    def seeds(self, balls: np.ndarray, first: int) -> Derivatives:
        """The derivatives of an input by itself; its elements are the directions from ``first``."""
        if not self.none:
            return ()
        dz: list[np.ndarray | None] = list(self.none)
        samples, size = len(balls), int(np.prod(balls.shape[1:]))
        for k in range(size):
            seed = np.full((samples, size), None, object)
            seed[:, k] = ONE if self.order == 1 else Dual(ONE)
            dz[first + k] = seed.reshape(balls.shape)
        return tuple(dz)

    def given(self, constant: np.ndarray) -> Any:
        """A constant of the Program, or balls in its place, for one sample; integers stay an
        array."""
        if constant.dtype == object:
            return Balls(constant[None], self.none, self.none)
        if constant.dtype.kind == "b":
            return Balls(constant.astype(object)[None], self.none, self.none)
        return self._fixed(constant) if constant.dtype.kind in "fc" else constant

    def constant(self, like: Balls, values: np.ndarray) -> Balls:
        """A constant of the kind (real or complex) of ``like``."""
        return self._fixed(np.asarray(values, "complex128" if self.is_complex(like) else "float64"))

    def _fixed(self, values: np.ndarray) -> Balls:
        if not self.careful:
            return Balls(to_balls(values)[None], self.none, self.none)
        balls = to_signed(values)
        balls[np.isnan(values)] = UNDEFINED
        return Balls(balls[None], self.none, self.none)

    def is_complex(self, x: Balls) -> bool:
        """Whether the tensor's elements are complex."""
        for v in x.value.flat:
            if isinstance(v, Token):  # of either kind
                continue
            ball = getattr(v, "ball", v)
            if type(ball) in (arb, acb):
                return type(ball) is acb
        return self.whole

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name`` on operands that broadcast together."""
        rule = RULES[name]
        rank = max(o.value.ndim for o in operands)
        operands = tuple(o.each(lambda a: left_padded(a, rank)) for o in operands)
        arrays = np.broadcast_arrays(*(o.value for o in operands))
        shape = arrays[0].shape
        columns = [a.ravel().tolist() for a in arrays]
        results, partials = self._apply(rule, columns, any(o.moves for o in operands))
        if rule.ties == "compare":
            return self._compared(rule, results, operands, shape)
        out = Balls(as_array(results, shape), self.none, self.none)
        if partials is not None:
            if self.order == 2:
                partials = dual_partials(rule, results, partials, operands, columns, shape)
            if self.careful:
                operands = tuple(jumps_kept(name, o, self.is_complex(o)) for o in operands)
            out = Balls(out.value, *self._chain(partials, operands, shape, name in _TO_REAL))
            out = jumps_undecided(out, partials, operands, shape) if rule.needs_all else out
        if rule.ties != "choose":
            return out
        if self.careful:
            return settled_choice(self.real, rule, out, operands)
        return edges_undecided(out, columns[0])

    def _apply(
        self, rule: Rule, columns: Columns, moving: bool
    ) -> tuple[list[Any], list[Any] | None]:
        """The rule's results, and its partial derivatives if it has some and anything moves."""
        if self.careful:
            return points(rule, columns, moving)
        results = list(map(rule.value, *columns))
        if not moving or rule.partials is None:
            return results, None
        return results, list(map(rule.partials, results, *columns))

    def _compared(
        self, rule: Rule, truths: list[Any], operands: Sequence[Balls], shape: tuple[int, ...]
    ) -> Balls:
        """The truth values of a comparison; a tie of what does not move is no Edge."""
        if not any(o.moves for o in operands):
            held = [t.holds if isinstance(t, Edge) else t for t in truths]
            return Balls(as_array(held, shape), self.none, self.none)
        if self.careful:
            truths = settled_edges(self.real, rule, truths, operands, shape)
        out = Balls(as_array(truths, shape), self.none, self.none)
        return jumps_are_edges(out, operands, len(self.real) if self.careful else 0)

    def _chain(
        self,
        partials: list[Any],
        operands: Sequence[Balls],
        shape: tuple[int, ...],
        to_real: bool,
    ) -> tuple[Derivatives, Derivatives]:
        """dz and dzbar of the result: ∂g = Σ ∂g/∂v·∂v + ∂g/∂v̄·conj(∂̄v), and so for ∂̄."""
        dz: list[np.ndarray | None] = list(self.none)
        dzbar: list[np.ndarray | None] = list(self.none)
        along = along_real if self.careful else product
        for k, operand in enumerate(operands):
            if not operand.moves:
                continue
            by = unless_zero([p[k][0] for p in partials], shape)
            by_conj = unless_zero([p[k][1] for p in partials], shape)
            for i, real in enumerate(self.real):
                d, dbar = operand.dz[i], operand.dzbar[i]
                if real:
                    dz[i] = total(dz[i], along(by, d), along(by_conj, conjugate(d)))
                else:
                    dz[i] = total(dz[i], product(by, d), product(by_conj, conjugate(dbar)))
                    dzbar[i] = total(dzbar[i], product(by, dbar), product(by_conj, conjugate(d)))
        if to_real:
            dz = [real_parts(d) if r else d for r, d in zip(self.real, dz, strict=True)]
        return tuple(dz), tuple(dzbar)
