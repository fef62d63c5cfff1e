"""Operations on whole tensors: those that move elements, and folds along axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.balls import Balls, as_array
from argand.exact.edges.zeros import Signed
from argand.exact.rules.bits import bitcast, shift
from argand.frontend.operation import run_operation
from argand.program import Operation

# These put each element somewhere, or zero: TensorFlow itself says where, on numbered elements.
STRUCTURAL = frozenset({
    "BroadcastTo", "Concat", "ConcatV2", "DeepCopy", "Diag", "DiagPart", "ExpandDims", "Fill",
    "Gather", "GatherNd", "GatherV2", "InvertPermutation", "MatrixDiag", "MatrixDiagPart",
    "MirrorPad", "Pack", "Pad", "ParallelConcat", "Reshape", "Reverse", "ReverseV2", "Roll",
    "Slice", "Split", "SplitV", "Squeeze", "StridedSlice", "StridedSliceGrad", "Tile",
    "Transpose", "Unpack",
})  # fmt: skip


def structural(run: Any, op: Operation, operands: list[Any]) -> list[Balls]:
    """The outputs of an operation that moves elements; element 0 of the table is zero."""
    numbered, first = [], 1
    for x in operands:
        if isinstance(x, Balls):
            shape = x.value.shape[1:]
            size = int(np.prod(shape))
            numbered.append(np.arange(first, first + size, dtype=np.int32).reshape(shape))
            first += size
        else:
            numbered.append(x)
    places = run_operation(op, numbered)
    data = [x for x in operands if isinstance(x, Balls)]
    samples = max(x.value.shape[0] for x in data)
    zero = _zero(run, run.program.dtypes[op.outputs[0]])
    value = _table([x.value for x in data], zero, samples)
    dz = [_derivatives([x.dz[i] for x in data], data, samples) for i in range(len(run.none))]
    dzbar = [_derivatives([x.dzbar[i] for x in data], data, samples) for i in range(len(run.none))]

    def pick(table: np.ndarray | None, where: np.ndarray) -> np.ndarray | None:
        if table is None:
            return None
        out = table[:, where.ravel()].reshape(samples, *where.shape)
        return None if all(v is None for v in out.flat) else out

    outs = []
    for where in places:
        chosen = value[:, where.ravel()].reshape(samples, *where.shape)
        outs.append(
            Balls(chosen, tuple(pick(d, where) for d in dz), tuple(pick(d, where) for d in dzbar))
        )
    return outs


def _zero(run: Any, dtype: str) -> Any:
    if dtype == "bool":
        return False
    zero = acb(0) if dtype.startswith("complex") else arb(0)
    return Signed(zero) if run.careful else zero


def _table(parts: list[np.ndarray], zero: Any, samples: int) -> np.ndarray:
    columns = [as_array([zero] * samples, (samples, 1))]
    for part in parts:
        flat = part.reshape(part.shape[0], int(np.prod(part.shape[1:])))
        columns.append(np.broadcast_to(flat, (samples, flat.shape[1])))
    return np.concatenate(columns, axis=1)


def _derivatives(
    parts: list[np.ndarray | None], data: list[Balls], samples: int
) -> np.ndarray | None:
    if all(p is None for p in parts):
        return None
    full = []
    for part, x in zip(parts, data, strict=True):
        shape = x.value.shape
        full.append(
            np.full(shape, None, object) if part is None
            else np.broadcast_to(part, (part.shape[0], *shape[1:]))
        )  # fmt: skip
    return _table(full, None, samples)


# --- folds ----------------------------------------------------------------------------------

Shaped = Callable[[Any, Operation, list[Any]], Balls]


def _pieces(x: Balls, axis: int) -> list[Balls]:
    """The slices along ``axis`` (of the sample), each of length one there."""
    count = x.value.shape[axis + 1]
    x = x.each(lambda a: np.broadcast_to(a, (a.shape[0], *x.value.shape[1:])))
    return [x.each(lambda a, k=k: np.take(a, [k], axis=axis + 1)) for k in range(count)]  # type: ignore[misc]


def _axes(operand: np.ndarray, rank: int) -> list[int]:
    return sorted({int(a) % rank for a in np.atleast_1d(operand)}, reverse=True)


def fold(name: str, empty: float = 0.0) -> Shaped:
    """The reduction that combines elements with the rule ``name``, two by two."""

    def act(run: Any, op: Operation, operands: list[Any]) -> Balls:
        x = operands[0]
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


def _mean(run: Any, op: Operation, operands: list[Any]) -> Balls:
    shape = operands[0].value.shape[1:]
    count = int(np.prod([shape[a] for a in _axes(operands[1], len(shape))]))
    total = fold("AddV2")(run, op, operands)
    return run.elementwise("RealDiv", total, run.constant(total, np.asarray(float(count))))


def _cumulative(name: str, empty: float) -> Shaped:
    def act(run: Any, op: Operation, operands: list[Any]) -> Balls:
        x = operands[0]
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
        return _joined(run, sums, axis)

    return act


def _joined(run: Any, pieces: list[Balls], axis: int) -> Balls:
    samples = max(p.value.shape[0] for p in pieces)

    def join(parts: list[np.ndarray | None]) -> np.ndarray | None:
        if all(p is None for p in parts):
            return None
        full = [
            np.broadcast_to(
                np.full((1, 1), None, object).reshape((1,) * q.value.ndim) if p is None else p,
                (samples, *q.value.shape[1:]),
            )
            for p, q in zip(parts, pieces, strict=True)
        ]
        return np.concatenate(full, axis=axis + 1)

    value = join([p.value for p in pieces])
    assert value is not None
    each = range(len(run.none))
    return Balls(
        value,
        tuple(join([p.dz[i] for p in pieces]) for i in each),
        tuple(join([p.dzbar[i] for p in pieces]) for i in each),
    )


def _segment_sum(run: Any, op: Operation, operands: list[Any]) -> Balls:
    """Sum the slices with the same constant index: the gradient of Gather."""
    x, ids, count = operands
    flat = x.each(lambda a: a.reshape(a.shape[0], ids.size, *x.value.shape[1 + ids.ndim :]))
    pieces = _pieces(flat, 0)
    out = []
    for k in range(int(count)):
        mine = [p for p, i in zip(pieces, ids.ravel(), strict=True) if i == k]
        zero = run.constant(x, np.zeros(pieces[0].value.shape[1:]))
        out.append(reduce(lambda a, b: run.elementwise("AddV2", a, b), mine) if mine else zero)
    return _joined(run, out, 0)


def _softmax(run: Any, op: Operation, operands: list[Any]) -> Balls:
    exps = run.elementwise("Exp", operands[0])
    return run.elementwise("RealDiv", exps, _along_last(run, "AddV2", exps))


def _log_softmax(run: Any, op: Operation, operands: list[Any]) -> Balls:
    x = operands[0]
    total = _along_last(run, "AddV2", run.elementwise("Exp", x))
    return run.elementwise("Sub", x, run.elementwise("Log", total))


def _along_last(run: Any, name: str, x: Balls) -> Balls:
    return reduce(lambda a, b: run.elementwise(name, a, b), _pieces(x, x.value.ndim - 2))


BITS = frozenset({"Bitcast", "LeftShift", "RightShift"})  # integers are let through here only


def _on_bits(act: Callable[[Operation, np.ndarray, Any], np.ndarray]) -> Shaped:
    """An operation on the bits of floats: constant between jumps, so without derivative."""

    def shaped(run: Any, op: Operation, operands: list[Any]) -> Balls:
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
    "Max": fold("Maximum", empty=-np.inf),
    "Mean": _mean,
    "Min": fold("Minimum", empty=np.inf),
    "Prod": fold("Mul", empty=1.0),
    "Softmax": _softmax,
    "Sum": fold("AddV2"),
    "UnsortedSegmentSum": _segment_sum,
}
