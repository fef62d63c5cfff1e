"""Evaluate a Program on balls, for many samples at once, with both Wirtinger derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls, as_array, to_balls, to_signed
from argand.exact.composed import ALIASES, COMPOSED, Expression
from argand.exact.dual import Dual, maybe_conj, plus, times
from argand.exact.edges.jumps import edges_undecided, jumps_are_edges, jumps_undecided
from argand.exact.edges.ties import points, settle
from argand.exact.partials import (
    along_real,
    conjugate,
    left_padded,
    product,
    real_parts,
    total,
    unless_zero,
)
from argand.exact.rule import ONE, UNDECIDED, Edge, Rule, Token
from argand.exact.rules import RULES
from argand.exact.shaped import BITS, SHAPED, STRUCTURAL, structural
from argand.program import Operation, Program
from argand.subject import TargetError

_CONTROL_FLOW = {
    "Case", "Enter", "Exit", "For", "If", "Merge", "StatelessCase", "StatelessIf",
    "StatelessWhile", "Switch", "While",
}  # fmt: skip
_RANDOM = ("Random", "StatelessRandom", "Multinomial", "TruncatedNormal", "ParameterizedTruncated")
_TO_REAL = {"Real", "Imag", "ComplexAbs", "AbsOfExp", "Angle"}


def refuse_unsupported(program: Program) -> None:
    """Raise TargetError naming the first operation that balls cannot follow, and its source
    line: one without a rule, or whose result is an integer that depends on the input."""
    for op in program.operations:
        if op.type in _CONTROL_FLOW:
            raise TargetError(
                f"the control flow {op.type} ({op.name}, {op.source}) is not followed: write the "
                "branches out with tf.where, and loops over a fixed number of steps in Python"
            )
        if op.type.startswith(_RANDOM):
            raise TargetError(
                f"the function draws random numbers ({op.type}, {op.source}): give them as an "
                "input, or fix them, so that it has one value at each input"
            )
        if op.type.startswith("Assign") and op.type.endswith("VariableOp"):
            raise TargetError(
                f"the function changes a variable ({op.type}, {op.source}): its value depends on "
                "earlier calls; give what it keeps as an input"
            )
        whole = any(program.dtypes[o].startswith(("int", "uint")) for o in op.outputs)
        if whole and op.type not in BITS:
            raise TargetError(
                f"the operation {op.type} ({op.name}, {op.source}) makes an integer out of an "
                "input: nothing is differentiable through it; keep it a float"
            )
        bits = any(
            program.dtypes[i].startswith(("int", "uint")) and i not in program.constants
            for i in op.inputs
        )
        if bits and op.type not in BITS | STRUCTURAL | {"Cast"}:
            raise TargetError(
                f"the operation {op.type} ({op.name}, {op.source}) computes with integers made out "
                "of an input: cast them to a float first"
            )
        name = ALIASES.get(op.type, op.type)
        if not (name in RULES or name in COMPOSED or name in SHAPED or name in STRUCTURAL):
            raise TargetError(
                f"the operation {op.type} ({op.name}, {op.source}) has no rule on balls; rewrite "
                "it with elementwise operations, or add a line as argand/exact/rules.py shows"
            )


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
    refuse_unsupported(program)
    samples = len(inputs[0])
    run = Evaluation(program, derivatives, careful, order)
    values: dict[int, Any] = {}
    direction = 0
    for index, balls in zip(program.inputs, inputs, strict=True):
        balls = balls.reshape(samples, *program.shapes[index])
        dz: list[np.ndarray | None] = list(run.none)
        if derivatives:
            for k in range(balls[0].size):
                seed = np.full((samples, balls[0].size), None, object)
                seed[:, k] = ONE if order == 1 else Dual(ONE)
                dz[direction] = seed.reshape(balls.shape)
                direction += 1
        values[index] = Balls(balls, tuple(dz), run.none)
    for index, constant in program.constants.items():
        if constant.dtype.kind in "fc":
            balls = (to_signed if careful else to_balls)(constant)[None]
            values[index] = Balls(balls, run.none, run.none)
        elif constant.dtype.kind == "b":
            values[index] = Balls(constant.astype(object)[None], run.none, run.none)
        else:
            values[index] = constant
    for op in program.operations:
        outs = run.operation(op, [values[i] for i in op.inputs])
        values.update(zip(op.outputs, outs, strict=True))
    return [
        None if o is None else values[o].each(lambda a: np.broadcast_to(a, (samples, *a.shape[1:])))
        for o in program.outputs
    ]


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

    def operation(self, op: Operation, operands: list[Any]) -> list[Balls]:
        """The outputs of one operation."""
        name = ALIASES.get(op.type, op.type)
        if name in STRUCTURAL:
            return structural(self, op, operands)
        if name in SHAPED:
            return [SHAPED[name](self, op, operands)]
        if name in COMPOSED:
            terms = [Expression(self, o) for o in operands]
            return [COMPOSED[name](op, *terms).balls]
        return [self.elementwise(name, *operands)]

    def constant(self, like: Balls, values: np.ndarray) -> Balls:
        """A constant of the kind (real or complex) of ``like``."""
        kind = "complex128" if self.is_complex(like) else "float64"
        balls = (to_signed if self.careful else to_balls)(np.asarray(values, kind))
        return Balls(balls[None], self.none, self.none)

    def is_complex(self, x: Balls) -> bool:
        """Whether the tensor's elements are complex."""
        for v in x.value.flat:
            if isinstance(v, Token):  # of either kind
                continue
            ball = getattr(v, "ball", v)
            if type(ball) in (arb, acb):
                return type(ball) is acb
        return False

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name`` on operands that broadcast together."""
        rule = RULES[name]
        rank = max(o.value.ndim for o in operands)
        operands = tuple(o.each(lambda a: left_padded(a, rank)) for o in operands)
        arrays = np.broadcast_arrays(*(o.value for o in operands))
        shape = arrays[0].shape
        columns = [a.ravel().tolist() for a in arrays]
        moving = [k for k, o in enumerate(operands) if o.moves]
        if self.careful:
            results, partials = points(rule, columns, bool(moving))
        else:
            results = list(map(rule.value, *columns))
            partials = self._partials(rule, results, columns) if moving else None
        if rule.ties == "compare" and not moving:
            results = [r.holds if isinstance(r, Edge) else r for r in results]
        value = as_array(results, shape)
        if not moving or rule.partials is None:
            out = Balls(value, self.none, self.none)
        else:
            if self.order == 2:
                partials = self._dual_partials(rule, results, partials, operands, columns, shape)
            assert partials is not None
            out = Balls(value, *self._chain(partials, operands, moving, shape, name in _TO_REAL))
        if rule.partials is not None and moving and rule.needs_all:
            jumps_undecided(out, partials, operands, shape)
        if rule.ties and self.careful:
            out = settle(self, rule, out, operands)
        if rule.ties == "compare" and moving:
            return jumps_are_edges(out, operands, len(self.real) if self.careful else 0)
        if rule.ties and self.careful:
            return out
        return edges_undecided(out, columns[0]) if rule.ties == "choose" else out

    def _partials(self, rule: Rule, results: list[Any], columns: list[list[Any]]) -> Any:
        return None if rule.partials is None else list(map(rule.partials, results, *columns))

    def _chain(
        self,
        partials: list[Any],
        operands: Sequence[Balls],
        moving: list[int],
        shape: tuple[int, ...],
        to_real: bool,
    ) -> tuple[tuple[np.ndarray | None, ...], tuple[np.ndarray | None, ...]]:
        """dz and dzbar of the result: ∂g = Σ ∂g/∂v·∂v + ∂g/∂v̄·conj(∂̄v), and so for ∂̄."""
        dz: list[np.ndarray | None] = list(self.none)
        dzbar: list[np.ndarray | None] = list(self.none)
        for k in moving:
            by = unless_zero([p[k][0] for p in partials], shape)
            by_conj = unless_zero([p[k][1] for p in partials], shape)
            for i, real in enumerate(self.real):
                d, dbar = operands[k].dz[i], operands[k].dzbar[i]
                if real:
                    along = along_real if self.careful else product
                    dz[i] = total(dz[i], along(by, d), along(by_conj, conjugate(d)))
                    continue
                dz[i] = total(dz[i], product(by, d), product(by_conj, conjugate(dbar)))
                dzbar[i] = total(dzbar[i], product(by, dbar), product(by_conj, conjugate(d)))
        if to_real:
            dz = [
                real_parts(d) if real and d is not None else d
                for real, d in zip(self.real, dz, strict=True)
            ]
        return tuple(dz), tuple(dzbar)

    def _dual_partials(
        self,
        rule: Rule,
        results: list[Any],
        partials: Any,
        operands: Sequence[Balls],
        columns: list[list[Any]],
        shape: tuple[int, ...],
    ) -> list[Any]:
        """The partial derivatives as Duals: the rule's formulas on operands that carry theirs."""
        firsts = [_duals(columns[k], o, shape) for k, o in enumerate(operands)]
        out = []
        for j, (g, plain) in enumerate(zip(results, partials, strict=True)):
            given = [first[j] for first in firsts]
            dz = dzbar = None
            for (by, by_conj), v in zip(plain, given, strict=True):
                if isinstance(v, Dual):
                    dz = plus(dz, plus(times(by, v.dz), times(by_conj, maybe_conj(v.dzbar))))
                    dzbar = plus(dzbar, plus(times(by, v.dzbar), times(by_conj, maybe_conj(v.dz))))
            ball = getattr(g, "ball", g)
            if type(ball) not in (arb, acb):
                out.append(plain)  # no value
                continue
            again = rule.partials(Dual(ball, dz, dzbar), *given)  # type: ignore[misc]
            pairs = zip(plain, again, strict=True)
            out.append(tuple(tuple(map(_smooth, first, second)) for first, second in pairs))
        return out


def _smooth(first: Any, second: Any) -> Any:
    """The partial that carries its own derivative; a Token stays, and an interval, at a kink,
    has none."""
    if isinstance(first, Token):
        return first
    inexact = type(second) in (arb, acb) and not second.is_exact()
    return UNDECIDED if inexact else second


def _duals(column: list[Any], operand: Balls, shape: tuple[int, ...]) -> list[Any]:
    def first(d: np.ndarray | None) -> list[Any]:
        if d is None:
            return [None] * len(column)
        flat = np.broadcast_to(d, shape).ravel().tolist()
        return [v.ball if isinstance(v, Dual) else v for v in flat]

    duals: list[Any] = []
    for v, dz, dzbar in zip(column, first(operand.dz[0]), first(operand.dzbar[0]), strict=True):
        ball = getattr(v, "ball", v)
        duals.append(Dual(ball, dz, dzbar) if type(ball) in (arb, acb) else ball)
    return duals
