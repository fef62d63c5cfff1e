"""Folds along axes, and operations on the bits of floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from flint import acb

from argand.exact.balls import Balls, as_array
from argand.exact.edges.zeros import Signed
from argand.exact.partials import NO_DERIVATIVE
from argand.exact.rules.bits import bitcast, shift
from argand.exact.rules.run import Run
from argand.program import Operation
from argand.subject import TargetError

Shaped = Callable[[Run, Operation, list[Any]], Balls]


def _pieces(x: Balls, axis: int) -> list[Balls]:
    """The slices along ``axis`` (of the sample), each of length one there."""
    shape = x.value.shape[1:]

    def piece(k: int) -> Balls:
        return x.each(lambda a: np.take(np.broadcast_to(a, (len(a), *shape)), [k], axis=axis + 1))

    return [piece(k) for k in range(shape[axis])]


def _axes(operand: np.ndarray, rank: int) -> list[int]:
    return sorted({int(a) % rank for a in np.atleast_1d(operand)}, reverse=True)


def fold(name: str, empty: float = 0.0) -> Shaped:
    """The reduction that combines elements with the rule ``name``, two by two."""

    def act(run: Run, op: Operation, operands: list[Any]) -> Balls:
        x: Balls = operands[0]
        axes = _axes(operands[1], x.value.ndim - 1) if x.value.ndim > 1 else []
        for axis in axes:
            pieces = _pieces(x, axis)
            if not pieces:
                shape = list(x.value.shape[1:])
                shape[axis] = 1
                pieces = [run.constant(x, np.full(shape, empty))]
            x = reduce(lambda a, b: run.elementwise(name, a, b), pieces)
        if op.attributes.get("keep_dims"):
            return x
        kept = [n for k, n in enumerate(x.value.shape[1:]) if k not in axes]
        return x.each(lambda a: a.reshape(a.shape[0], *kept))

    return act


def _mean(run: Run, op: Operation, operands: list[Any]) -> Balls:
    shape = operands[0].value.shape[1:]
    count = int(np.prod([shape[a] for a in _axes(operands[1], len(shape))]))
    total = fold("AddV2")(run, op, operands)
    return run.elementwise("RealDiv", total, run.constant(total, np.asarray(float(count))))


def _cumulative(name: str, empty: float) -> Shaped:
    def act(run: Run, op: Operation, operands: list[Any]) -> Balls:
        x = operands[0]
        if x.value.ndim == 1:
            raise TargetError(
                f"the operation {op.type} ({op.name}, {op.source}) takes a number: it has no axis"
            )
        axis = int(operands[1]) % (x.value.ndim - 1)
        pieces = _pieces(x, axis)
        if op.attributes["reverse"]:
            pieces.reverse()
        sums: list[Balls] = []
        for piece in pieces:
            sums.append(run.elementwise(name, sums[-1], piece) if sums else piece)
        if op.attributes["exclusive"]:
            start = run.constant(x, np.full(pieces[0].value.shape[1:], empty))
            sums = [start, *sums[:-1]]
        if op.attributes["reverse"]:
            sums.reverse()
        return _joined(sums, axis)

    return act


def _joined(pieces: list[Balls], axis: int) -> Balls:
    """The pieces one after the other along ``axis`` of the sample."""
    samples = max(len(p.value) for p in pieces)
    shapes = [(samples, *p.value.shape[1:]) for p in pieces]

    def join(parts: Sequence[np.ndarray]) -> np.ndarray:
        full = [np.broadcast_to(p, s) for p, s in zip(parts, shapes, strict=True)]
        return np.concatenate(full, axis=axis + 1)

    def joined(parts: tuple[np.ndarray | None, ...]) -> np.ndarray | None:
        if all(p is None for p in parts):
            return None
        return join([NO_DERIVATIVE if p is None else p for p in parts])

    return Balls(
        join([p.value for p in pieces]),
        tuple(map(joined, zip(*(p.dz for p in pieces), strict=True))),
        tuple(map(joined, zip(*(p.dzbar for p in pieces), strict=True))),
    )


def _segment_sum(run: Run, op: Operation, operands: list[Any]) -> Balls:
    """Sum the slices with the same constant index: the gradient of Gather."""
    x, ids, count = operands
    flat = x.each(lambda a: a.reshape(a.shape[0], ids.size, *x.value.shape[1 + ids.ndim :]))
    pieces = _pieces(flat, 0)
    out = []
    for k in range(int(count)):
        mine = [p for p, i in zip(pieces, ids.ravel(), strict=True) if i == k]
        zero = run.constant(x, np.zeros(pieces[0].value.shape[1:]))
        out.append(reduce(lambda a, b: run.elementwise("AddV2", a, b), mine) if mine else zero)
    return _joined(out, 0)


def _matmul(run: Run, op: Operation, operands: list[Any]) -> Balls:
    """The sums of products of rows and columns, two by two."""

    def spread(x: Balls, transposed: bool, axis: int) -> Balls:
        shape = x.value.shape[1:]

        def act(a: np.ndarray) -> np.ndarray:
            full = np.broadcast_to(a, (len(a), *shape))
            return np.expand_dims(full.swapaxes(1, 2) if transposed else full, axis)

        return x.each(act)

    left = spread(operands[0], op.attributes["transpose_a"], 3)
    right = spread(operands[1], op.attributes["transpose_b"], 1)
    pieces = _pieces(run.elementwise("Mul", left, right), 1)
    total = reduce(lambda a, b: run.elementwise("AddV2", a, b), pieces)
    shape = total.value.shape
    return total.each(lambda a: np.broadcast_to(a, (len(a), *shape[1:]))[:, :, 0])


def _softmax(run: Run, op: Operation, operands: list[Any]) -> Balls:
    exps = run.elementwise("Exp", operands[0])
    return run.elementwise("RealDiv", exps, _along_last(run, "AddV2", exps))


def _log_softmax(run: Run, op: Operation, operands: list[Any]) -> Balls:
    x = operands[0]
    total = _along_last(run, "AddV2", run.elementwise("Exp", x))
    return run.elementwise("Sub", x, run.elementwise("Log", total))


def _along_last(run: Run, name: str, x: Balls) -> Balls:
    return reduce(lambda a, b: run.elementwise(name, a, b), _pieces(x, x.value.ndim - 2))


BITS = frozenset({"Bitcast", "LeftShift", "RightShift"})  # integers are let through here only


def _on_bits(act: Callable[[Operation, np.ndarray, Any], np.ndarray]) -> Shaped:
    """An operation on the bits of floats: constant between jumps, so without derivative."""

    def shaped(run: Run, op: Operation, operands: list[Any]) -> Balls:
        x = operands[0].value
        plain = as_array([acb(getattr(v, "ball", v)) for v in x.flat], x.shape)
        out = [v.real for v in act(op, plain, operands).flat]
        return Balls(
            as_array([Signed(v) for v in out] if run.careful else out, x.shape), run.none, run.none
        )

    return shaped


SHAPED: dict[str, Shaped] = {
    "Bitcast": _on_bits(
        lambda op, x, _: bitcast(x, op.attributes["T"].name, op.attributes["type"].name)
    ),
    "LeftShift": _on_bits(lambda op, x, o: shift(x, o[1], op.attributes["T"].name, left=True)),
    "RightShift": _on_bits(lambda op, x, o: shift(x, o[1], op.attributes["T"].name, left=False)),
    "All": fold("LogicalAnd", empty=1.0),
    "Any": fold("LogicalOr"),
    "Cumprod": _cumulative("Mul", 1.0),
    "Cumsum": _cumulative("AddV2", 0.0),
    "LogSoftmax": _log_softmax,
    "MatMul": _matmul,
    "Max": fold("Maximum", empty=-np.inf),
    "Mean": _mean,
    "Min": fold("Minimum", empty=np.inf),
    "Prod": fold("Mul", empty=1.0),
    "Softmax": _softmax,
    "Sum": fold("AddV2"),
    "UnsortedSegmentSum": _segment_sum,
}
