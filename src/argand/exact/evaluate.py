"""Evaluate a Program on balls, for many samples at once, with both Wirtinger derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls, as_array, to_balls, to_signed
from argand.exact.composed import ALIASES, COMPOSED, Expression
from argand.exact.dual import Dual, maybe_conj, plus, times
from argand.exact.rule import ONE, UNDECIDED, Edge, OneSided, Rule, Token, conj
from argand.exact.rules import RULES
from argand.exact.shaped import BITS, SHAPED, STRUCTURAL, structural
from argand.exact.ties import points, settle
from argand.subject import TargetError
from argand.trace import Operation, Program

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
        operands = tuple(o.each(lambda a: _left_pad(a, rank)) for o in operands)
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
            _jumps_undecided(out, partials, operands, shape)
        if rule.ties and self.careful:
            out = settle(self, rule, out, operands)
        if rule.ties == "compare" and moving:
            return _jumps_are_edges(out, operands, len(self.real) if self.careful else 0)
        if rule.ties and self.careful:
            return out
        return _edges_undecided(out, columns[0]) if rule.ties == "choose" else out

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
            by = _unless_zero([p[k][0] for p in partials], shape)
            by_conj = _unless_zero([p[k][1] for p in partials], shape)
            for i, real in enumerate(self.real):
                d, dbar = operands[k].dz[i], operands[k].dzbar[i]
                if real:
                    along = _along_real if self.careful else _times
                    dz[i] = _sum(dz[i], along(by, d), along(by_conj, _conj(d)))
                    continue
                dz[i] = _sum(dz[i], _times(by, d), _times(by_conj, _conj(dbar)))
                dzbar[i] = _sum(dzbar[i], _times(by, dbar), _times(by_conj, _conj(d)))
        if to_real:
            dz = [
                _real_parts(d) if real and d is not None else d
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


def _no_limit(d: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray | None:
    """Where a derivative is not finite: what it belongs to may jump; None for nowhere."""
    if d is None:
        return None
    flags = [
        v is not None and not getattr(v, "ball", v).is_finite()
        for v in np.broadcast_to(d, shape).ravel().tolist()
    ]
    return np.array(flags, bool) if any(flags) else None


def _jumps_undecided(
    out: Balls, partials: Any, operands: Sequence[Balls], shape: tuple[int, ...]
) -> None:
    """A constant of what may jump may jump too: floor(floor(x)), or the lesser of a maximum."""
    for k, operand in enumerate(operands):
        flat = np.array([p[k][0] is None and p[k][1] is None for p in partials], bool)
        if not (operand.moves and flat.any()):
            continue
        for name in ("dz", "dzbar"):
            derivatives = list(getattr(out, name))
            for i, d in enumerate(getattr(operand, name)):
                where = _no_limit(d, shape)
                if where is not None and (where & flat).any():
                    here = (where & flat).reshape(shape)
                    derivatives[i] = np.asarray(np.where(here, UNDECIDED, derivatives[i]), object)
            object.__setattr__(out, name, tuple(derivatives))


def _jumps_are_edges(out: Balls, operands: Sequence[Balls], directions: int) -> Balls:
    """A comparison of what may jump may change beside the point, though nothing is equal."""
    shape = out.value.shape
    found = [
        [_no_limit(o.dz[i], shape) for o in operands]
        + [_no_limit(o.dzbar[i], shape) for o in operands]
        for i in range(len(out.dz))
    ]
    if all(w is None for ws in found for w in ws):
        return out
    jumps = np.array(
        [
            np.any([w for w in ws if w is not None], axis=0)
            if any(w is not None for w in ws)
            else np.zeros(out.value.size, bool)
            for ws in found
        ]
    )
    value = out.value.copy().ravel()
    for k in np.flatnonzero(jumps.any(axis=0)):
        if isinstance(value[k], bool):
            sides = tuple(None if j else value[k] for j in jumps[:directions, k])
            value[k] = Edge(
                value[k], sides, sides, tuple(False if j else None for j in jumps[:directions, k])
            )
    return Balls(value.reshape(shape), out.dz, out.dzbar)


def _edges_undecided(out: Balls, conditions: list[Any]) -> Balls:
    """A selection at an Edge is left to the careful pass: no derivative is known here, not even
    that of constants."""
    edges = [k for k, c in enumerate(conditions) if isinstance(c, Edge)]
    if not edges:
        return out

    def undecided(d: np.ndarray | None) -> np.ndarray:
        shape = out.value.shape
        full = np.full(shape, None, object) if d is None else np.broadcast_to(d, shape).copy()
        full.flat[edges] = UNDECIDED
        return full

    return Balls(out.value, tuple(map(undecided, out.dz)), tuple(map(undecided, out.dzbar)))


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


def _left_pad(a: np.ndarray, rank: int) -> np.ndarray:
    """Axis 0 counts samples; TensorFlow broadcasts the others from the right."""
    return a.reshape(a.shape[0], *([1] * (rank - a.ndim)), *a.shape[1:])


_products = np.frompyfunc(times, 2, 1)
_sums = np.frompyfunc(plus, 2, 1)
_conjugates = np.frompyfunc(lambda v: None if v is None else conj(v), 1, 1)
_reals = np.frompyfunc(lambda v: v.real if type(v) in (acb, OneSided) else v, 1, 1)
_alongs = np.frompyfunc(lambda p, d: p.along(d) if isinstance(p, Token) else times(p, d), 2, 1)


def _real_parts(a: np.ndarray) -> np.ndarray:
    return np.asarray(_reals(a), object)


def _unless_zero(flat: list[Any], shape: tuple[int, ...]) -> np.ndarray | None:
    return None if all(v is None for v in flat) else as_array(flat, shape)


def _conj(a: np.ndarray | None) -> np.ndarray | None:
    return None if a is None else _conjugates(a)


def _times(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    if a is None or b is None:
        return None
    product = _products(a, b)
    return None if all(v is None for v in product.flat) else product


def _along_real(by: np.ndarray | None, d: np.ndarray | None) -> np.ndarray | None:
    if by is None or d is None:
        return None
    product = np.asarray(_alongs(by, d), object)
    return None if all(v is None for v in product.flat) else product


def _sum(*terms: np.ndarray | None) -> np.ndarray | None:
    present = [t for t in terms if t is not None]
    return reduce(_sums, present) if present else None
