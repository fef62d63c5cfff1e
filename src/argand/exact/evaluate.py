"""Evaluate a Program on balls, for many samples at once, with both Wirtinger derivatives."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from flint import acb

from argand.exact.bits import bitcast, shift
from argand.exact.rules import ONE, RULES, conj
from argand.subject import TargetError
from argand.trace import Operation, Program


@dataclass(frozen=True)
class Balls:
    """A tensor of balls: ``value`` has shape (samples, *sample_shape).

    ``dz[i]`` and ``dzbar[i]`` are the derivatives by input i, None where identically zero.
    """

    value: np.ndarray
    dz: tuple[np.ndarray | None, ...] = ()
    dzbar: tuple[np.ndarray | None, ...] = ()

    def each(self, act: Callable[[np.ndarray], np.ndarray]) -> Balls:
        """Apply ``act``, linear over the reals and blind to values, to value and derivatives."""
        return Balls(
            act(self.value),
            tuple(None if d is None else act(d) for d in self.dz),
            tuple(None if d is None else act(d) for d in self.dzbar),
        )


def to_balls(values: np.ndarray) -> np.ndarray:
    """Exact balls of floats (real or complex), as an object array of the same shape."""
    flat = np.asarray(values).reshape(-1).tolist()
    out = np.empty(len(flat), object)
    out[:] = [acb(v) for v in flat]
    return out.reshape(np.shape(values))


def refuse_unsupported(program: Program) -> None:
    """Raise TargetError naming the first operation without a rule, and its source line."""
    for op in program.operations:
        if op.type not in RULES and op.type not in SHAPED:
            raise TargetError(
                f"the operation {op.type} ({op.name}, {op.source}) has no rule on balls; "
                "rewrite it with elementwise operations, or add a line to argand/exact/rules.py"
            )


def evaluate(
    program: Program, inputs: Sequence[np.ndarray], derivatives: bool
) -> list[Balls | None]:
    """The Program's outputs at the current precision (flint's ``ctx.prec``).

    ``inputs`` are object arrays of balls, shape (samples,); each feeds a tensor of one element.
    Raises TargetError for an operation without a rule.
    """
    refuse_unsupported(program)
    samples = len(inputs[0])
    wanted = len(inputs) if derivatives else 0
    none = (None,) * wanted
    values: dict[int, Balls] = {}
    for k, (index, balls) in enumerate(zip(program.inputs, inputs, strict=True)):
        one = np.full((samples, 1), ONE, object)
        dz = tuple(one if i == k else None for i in range(wanted))
        values[index] = Balls(balls.reshape(samples, 1), dz, none)
    for index, constant in program.constants.items():
        if constant.dtype.kind in "fc":
            values[index] = Balls(to_balls(constant)[None], none, none)
        else:
            values[index] = Balls(constant.astype(object)[None], none, none)
    for op in program.operations:
        operands = [values[i] for i in op.inputs]
        shaped = SHAPED.get(op.type)
        values[op.outputs[0]] = (
            _elementwise(op, operands, wanted) if shaped is None else shaped(op, operands)
        )
    return [
        None if o is None else values[o].each(lambda a: np.broadcast_to(a, (samples, *a.shape[1:])))
        for o in program.outputs
    ]


def _elementwise(op: Operation, operands: list[Balls], wanted: int) -> Balls:
    rule = RULES[op.type]
    rank = max(o.value.ndim for o in operands)
    operands = [o.each(lambda a: _left_pad(a, rank)) for o in operands]
    arrays = np.broadcast_arrays(*(o.value for o in operands))
    shape = arrays[0].shape
    columns = [a.ravel().tolist() for a in arrays]
    results = list(map(rule.value, *columns))
    value = _array(results, shape)
    moving = [k for k, o in enumerate(operands) if any(d is not None for d in (*o.dz, *o.dzbar))]
    if not moving or rule.partials is None:
        return Balls(value, (None,) * wanted, (None,) * wanted)
    partials = list(map(rule.partials, results, *columns))
    dz: list[np.ndarray | None] = [None] * wanted
    dzbar: list[np.ndarray | None] = [None] * wanted
    for k in moving:
        by = _array([p[k][0] for p in partials], shape)
        by_conj = _array([p[k][1] for p in partials], shape)
        for i in range(wanted):
            d, dbar = operands[k].dz[i], operands[k].dzbar[i]
            dz[i] = _sum(dz[i], _times(by, d), _times(by_conj, _conj(dbar)))
            dzbar[i] = _sum(dzbar[i], _times(by, dbar), _times(by_conj, _conj(d)))
    return Balls(value, tuple(dz), tuple(dzbar))


def _array(flat: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    out = np.empty(len(flat), object)
    out[:] = flat
    return out.reshape(shape)


def _left_pad(a: np.ndarray, rank: int) -> np.ndarray:
    """Axis 0 counts samples; TensorFlow broadcasts the others from the right."""
    return a.reshape(a.shape[0], *([1] * (rank - a.ndim)), *a.shape[1:])


def _product(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return None
    return b if a is ONE else a if b is ONE else a * b


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


_products = np.frompyfunc(_product, 2, 1)
_sums = np.frompyfunc(_plus, 2, 1)
_conjugates = np.frompyfunc(lambda v: None if v is None else conj(v), 1, 1)


def _conj(a: np.ndarray | None) -> np.ndarray | None:
    return None if a is None else _conjugates(a)


def _times(a: np.ndarray, b: np.ndarray | None) -> np.ndarray | None:
    if b is None:
        return None
    product = _products(a, b)
    return None if all(v is None for v in product.flat) else product


def _sum(*terms: np.ndarray | None) -> np.ndarray | None:
    present = [t for t in terms if t is not None]
    return reduce(_sums, present) if present else None


# --- operations on whole tensors --------------------------------------------------------------


def _axes(operands: list[Balls], rank: int) -> tuple[int, ...]:
    axes = np.atleast_1d(operands[1].value[0]).tolist()
    return tuple(int(a) % rank + 1 for a in axes)


def _reduction(combine: Callable[[Any, Any], Any]) -> Callable[[Operation, list[Balls]], Balls]:
    def act(op: Operation, operands: list[Balls]) -> Balls:
        x = operands[0]
        axes = _axes(operands, x.value.ndim - 1)
        keep = bool(op.attributes.get("keep_dims"))

        def fold(a: np.ndarray) -> np.ndarray:
            ufunc = np.frompyfunc(combine, 2, 1)
            for axis in sorted(axes, reverse=True):
                a = np.asarray(ufunc.reduce(a, axis=axis, keepdims=keep), object)
            return a

        return x.each(fold)

    return act


def _reduce_extremum(combine: Callable[[acb, acb], acb]) -> Callable[..., Balls]:
    reduction = _reduction(combine)

    def act(op: Operation, operands: list[Balls]) -> Balls:
        x = operands[0]
        axes = _axes(operands, x.value.ndim - 1)
        moving = any(d is not None for d in (*x.dz, *x.dzbar))
        if moving and any(x.value.shape[a] != 1 for a in axes):
            raise TargetError(
                f"the derivative of {op.type} over several elements ({op.name}, {op.source}) "
                "is not supported; take pairwise tf.maximum or tf.minimum"
            )
        return reduction(op, operands)

    return act


def _reshape(op: Operation, operands: list[Balls]) -> Balls:
    shape = [int(n) for n in operands[1].value[0]]
    return operands[0].each(lambda a: a.reshape(a.shape[0], *shape))


def _cast(op: Operation, operands: list[Balls]) -> Balls:
    if op.attributes["DstT"].is_integer:
        raise TargetError(f"a cast to an integer ({op.name}, {op.source}) has no rule on balls")
    if op.attributes["SrcT"].is_complex and not op.attributes["DstT"].is_complex:
        return _elementwise(
            Operation("Real", op.name, op.inputs, op.outputs, {}, op.source),
            operands,
            len(operands[0].dz),
        )
    return operands[0]


def _constant(x: Balls, value: np.ndarray) -> Balls:
    """``value`` with no derivative, however ``x``, from which it is made, moves."""
    none = (None,) * len(x.dz)
    return Balls(value, none, none)


def _bitcast(op: Operation, operands: list[Balls]) -> Balls:
    source, target = op.attributes["T"].name, op.attributes["type"].name
    return _constant(operands[0], bitcast(operands[0].value, source, target))


def _shift(left: bool) -> Callable[[Operation, list[Balls]], Balls]:
    def act(op: Operation, operands: list[Balls]) -> Balls:
        values, by = operands[0].value, operands[1].value
        return _constant(operands[0], shift(values, by, op.attributes["T"].name, left))

    return act


def _add_n(op: Operation, operands: list[Balls]) -> Balls:
    wanted = len(operands[0].dz)
    add = Operation("AddV2", op.name, op.inputs, op.outputs, {}, op.source)
    return reduce(lambda a, b: _elementwise(add, [a, b], wanted), operands)


def _like(number: int) -> Callable[[Operation, list[Balls]], Balls]:
    def act(op: Operation, operands: list[Balls]) -> Balls:
        x = operands[0]
        return _constant(x, np.full(x.value.shape, acb(number), object))

    return act


SHAPED: dict[str, Callable[[Operation, list[Balls]], Balls]] = {
    "AddN": _add_n,
    "Bitcast": _bitcast,
    "Cast": _cast,
    "LeftShift": _shift(left=True),
    "Max": _reduce_extremum(lambda a, b: acb(a.real.max(b.real))),
    "Min": _reduce_extremum(lambda a, b: acb(a.real.min(b.real))),
    "OnesLike": _like(1),
    "Reshape": _reshape,
    "RightShift": _shift(left=False),
    "Sum": _reduction(operator.add),
    "ZerosLike": _like(0),
}
