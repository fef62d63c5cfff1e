"""``python -m benchmarks.strangers.altered``: writes ``altered.txt``, gradients to be spoiled.

Of the 300 functions those that act on each number alone, and whose TensorFlow gradient is right at
ordinary points by difference quotients, are shuffled with a fixed seed and dealt to the kinds of
alteration. The 60 that are tried are the first 12 of each kind that argand judges right unaltered.
A line is: kind, tab, number of inputs, tab, source.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.strangers.listing import elementwise, evaluated, read
from benchmarks.strangers.route import RIGHT, WRONG, Witness, by_quotients, tape, tensor_scalar

SEED = 60
KINDS = ("double", "hundredths", "sign", "branch", "conjugate")
EACH, SPARE = 12, 12
LIST = Path(__file__).parent / "altered.txt"
POINTS = ((0.7, 0.4), (0.3, 1.1), (1.9, 0.6))
PLANE = ((0.7, 0.4, 0.5, -0.3), (0.3, 0.6, 1.1, 0.8))  # (re, im) of each input


def spoiled(kind: str, gradient: Any, x: Any) -> Any:
    """``gradient`` by ``x`` with one thing wrong; "conjugate" is made of the upstream too."""
    import tensorflow as tf

    if kind == "double":
        return 2 * gradient
    if kind == "hundredths":
        return tf.constant(0.98, gradient.dtype) * gradient
    if kind == "sign":
        return -gradient
    if kind == "branch":
        return tf.where(tf.math.real(x) > 0.5, gradient, 2 * gradient)
    return tf.math.conj(gradient)


def altered(fn: Callable[..., Any], kind: str, inputs: int) -> Callable[..., Any]:
    """``fn`` with a custom gradient: TensorFlow's own, with one thing wrong by each input."""
    import tensorflow as tf

    def both(*xs: Any) -> Any:
        def grad(upstream: Any) -> Any:
            u = tf.math.conj(upstream) if kind == "conjugate" else upstream
            with tf.GradientTape() as record:
                record.watch(xs)
                y = fn(*xs)
            grads = record.gradient(y, xs, output_gradients=u)
            wrong = tuple(spoiled(kind, g, x) for g, x in zip(grads, xs, strict=True))
            return wrong if inputs > 1 else wrong[0]

        return fn(*xs), grad

    if inputs == 1:

        @tf.custom_gradient
        def of_one(x):
            return both(x)

        return of_one

    @tf.custom_gradient
    def of_two(x, y):
        return both(x, y)

    return of_two


def is_right(fn: Callable[..., Any], points: list[Witness]) -> bool:
    """Whether TensorFlow's gradient is the difference quotients' at all ``points``, and not 0."""
    for at in points:
        try:
            gave, scalar = tape(fn, at), tensor_scalar(fn, at)
            found = [by_quotients(scalar, at, k) for k in range(len(at.components))]
        except Exception:
            return False  # TensorFlow does not take this dtype
        want = np.array([d for d, _, _ in found])
        slack = max(RIGHT, 10 * max(e for _, e, _ in found))
        if not (np.isfinite(gave).all() and np.abs(gave).min() > 0.01 and slack < 100 * WRONG):
            return False
        if np.abs(gave - want).max() > slack * (1 + np.abs(want).max()):
            return False
    return True


def suits(source: str, inputs: int, kind: str) -> bool:
    """Whether the gradient is right, and with ``kind`` wrong; the conjugate's in the plane."""
    fn = evaluated(source)
    if kind == "conjugate":
        points = [Witness(p[: 2 * inputs], inputs, True, (1.0,)) for p in PLANE]
    else:
        points = [Witness(p[:inputs], inputs, False, (1.0,)) for p in POINTS]
    if not is_right(fn, points):
        return False
    wrong = altered(fn, kind, inputs)
    return any(np.abs(tape(wrong, at) / tape(fn, at) - 1).max() > 0.01 for at in points)


def lines() -> list[str]:
    """The list; the conjugate has the first choice, for fewer suit it."""
    rows = [row for row in read() if elementwise(evaluated(row[1]), row[0])]
    random.Random(SEED).shuffle(rows)
    dealt: dict[str, list[tuple[int, str]]] = {kind: [] for kind in KINDS}
    for inputs, source in rows:
        kind = "conjugate"
        if len(dealt[kind]) == EACH + SPARE or not suits(source, inputs, kind):
            kind = min(KINDS[:-1], key=lambda k: len(dealt[k]))
            if len(dealt[kind]) == EACH + SPARE or not suits(source, inputs, kind):
                continue
        dealt[kind].append((inputs, source))
    return [f"{kind}\t{inputs}\t{source}" for kind in KINDS for inputs, source in dealt[kind]]


def candidates() -> list[tuple[str, int, str]]:
    """(kind, number of inputs, source) of each line."""
    rows = [line.split("\t") for line in LIST.read_text().splitlines()]
    return [(kind, int(inputs), source) for kind, inputs, source in rows]


if __name__ == "__main__":
    LIST.write_text("\n".join(lines()) + "\n")
