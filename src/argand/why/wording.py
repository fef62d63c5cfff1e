"""Numbers, operands and causes in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import ctx

from argand.exact.balls import as_array
from argand.exact.rounding import round_balls
from argand.program import Operation
from argand.trial.inside.blame import short
from argand.why.origin import Origin
from argand.why.values import PRECISIONS, Compared, Values


def exact_text(compared: Compared, dtype: str) -> str:
    """The exact result: rounded to ``dtype`` where that is in range, else a short decimal."""
    if compared.kind == "undefined":
        return "no value"
    if compared.kind == "undecided":
        return "?"
    if compared.kind in ("overflow", "underflow", "missed_overflow"):
        return short(compared.ball)
    with ctx.workprec(PRECISIONS[-1]):
        rounded, _ = round_balls(as_array([compared.ball], (1,)), dtype)
    vanished = not np.any(rounded) and not compared.ball.contains(0)
    if vanished or not np.all(np.isfinite(rounded)):
        return short(compared.ball)
    return number(rounded[0])


def number(x: Any) -> str:
    """A float as Python writes it, in its own precision: an integer without its point."""
    if isinstance(x, (np.bool_, bool)):
        return str(bool(x))
    if np.iscomplexobj(x):
        sign = "-" if np.signbit(x.imag) else "+"
        return f"{number(x.real)}{sign}{number(abs(x.imag))}j"
    text = np.format_float_positional(x, trim="-") if 1e-4 <= abs(x) < 1e7 or x == 0 else str(x)
    return text.removesuffix(".0")


def numbers(x: np.ndarray) -> str:
    """A number, or the entries of a row, the first few of a long one."""
    flat = x.reshape(-1)
    if flat.size == 1:
        return number(flat[0])
    shown = [number(v) for v in flat[:4]] + ["…"] * (flat.size > 4)
    return f"[{', '.join(shown)}]"


def operands(values: Values, op: Operation, entry: int) -> str:
    """The operands as computed, of rows the ``entry`` where both are alike."""
    size = max(values.computed[o].size for o in op.outputs)
    told = []
    for i in op.inputs:
        x = values.computed.get(i)
        if x is None or x.dtype.kind not in "fcb":
            continue
        told.append(number(x.reshape(-1)[entry]) if entry >= 0 and x.size == size else numbers(x))
    return ", ".join(told)


def reason(values: Values, found: Origin, of: str) -> str:
    """Why the operation goes wrong, in words; ``of`` names what it belongs to."""
    if found.kind == "branch":
        return found.reason.replace(found.op.type, f"{found.op.type}{of}", 1)
    compared = values.compared(found.value)
    computed = number(compared.computed)
    given = operands(values, found.op, compared.entry)
    if found.kind == "undefined":
        told = f"{found.op.type}{of} has no value at ({given}), and TensorFlow computes {computed}"
    elif found.kind == "unknown":
        told = f"{found.op.type}{of} makes {computed} of ({given})"
    else:
        told = found.reason.replace(found.op.type, f"{found.op.type}{of}", 1)
    if found.turned is not None:
        told += f"; {found.turned.type} then makes NaN of it"
    return told
