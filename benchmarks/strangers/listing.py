"""``python -m benchmarks.strangers.listing``: writes ``functions.txt``, 300 functions by a rule.

The rule: of tf.math, tf.nn, keras.activations and keras.ops every public callable (``dir``, sorted)
that gives one tensor at ordinary values, called with one or with two tensors, a vector or a matrix.
With a fixed seed 200 of those with a floating value are drawn, 10 of the others, and 90
compositions of those that act on each number alone. A line is: number of inputs, tab, source.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20
FLOATING, OTHERS, COMPOSED = 200, 10, 90
LIST = Path(__file__).parent / "functions.txt"
MODULES = ("tf.math", "tf.nn", "keras.activations", "keras.ops")
CONSTANTS = ("0.5", "2.0", "-1.0", "3.0", "0.25", "1.5")
SHAPES = (  # of compositions: f, g, h act on one number, b on two
    "lambda x: {f}({g}(x))", "lambda x: {f}({g}({h}(x)))", "lambda x: {f}(x) * {g}(x)",
    "lambda x: {f}({c} * {g}(x))", "lambda x: {f}(x) / (1.0 + {g}(x) ** 2)",
    "lambda x: tf.where(x > {c}, {f}(x), {g}(x))", "lambda x: {f}(x) - {c} * {g}(x)",
    "lambda x, y: {b}({f}(x), {g}(y))", "lambda x, y: {f}({b}(x, y))",
    "lambda x, y: {f}(x * y) + {g}(x)",
)  # fmt: skip


def namespace() -> dict[str, Any]:
    """What a source of the list may name."""
    import keras
    import tensorflow as tf

    return {"tf": tf, "keras": keras}


def evaluated(source: str) -> Callable[..., Any]:
    """The function of a line's source."""
    found: Callable[..., Any] = eval(source, namespace())
    return found


def ordinary(inputs: int) -> list[Any]:
    """One or two vectors of ordinary numbers, inside (0, 1) too, where most functions are."""
    import tensorflow as tf

    numbers = ([0.7, 0.3, 1.9], [0.4, 1.1, 0.6])
    return [tf.constant(v, tf.float64) for v in numbers[:inputs]]


def called(fn: Callable[..., Any], inputs: list[Any]) -> Any:
    """The one tensor that ``fn`` gives, or None."""
    import tensorflow as tf

    try:
        value = fn(*inputs)
    except Exception:
        return None  # it is not called like this
    return value if isinstance(value, tf.Tensor) else None


def callables() -> Iterator[tuple[str, Callable[..., Any], int, bool]]:
    """(dotted name, callable, number of inputs, whether its value is floating) by the rule, each
    callable under the first of its names."""
    import tensorflow as tf

    matrix = tf.constant([[0.9, 0.2, 0.1], [0.2, 0.8, 0.3], [0.1, 0.3, 0.7]], tf.float64)
    ways = (ordinary(1), ordinary(2), [matrix], [matrix, matrix])
    seen: set[int] = set()
    for module in MODULES:
        place = evaluated(module)
        for name in sorted(dir(place)):
            fn = getattr(place, name)
            if name.startswith("_") or not callable(fn) or inspect.isclass(fn) or id(fn) in seen:
                continue
            seen.add(id(fn))
            for way in ways:
                value = called(fn, way)
                if value is not None:
                    floating = value.dtype.is_floating or value.dtype.is_complex
                    yield f"{module}.{name}", fn, len(way), floating
                    break


def elementwise(fn: Callable[..., Any], inputs: int) -> bool:
    """Whether ``fn`` acts on each number alone and TensorFlow has a gradient that is finite and
    not 0."""
    import tensorflow as tf

    xs = ordinary(inputs)
    with tf.GradientTape() as tape:
        tape.watch(xs)
        whole = called(fn, xs)
    if whole is None or whole.shape != xs[0].shape or whole.dtype != xs[0].dtype:
        return False
    try:
        grads = tape.gradient(whole, xs)
    except LookupError:
        return False  # an operation without a gradient
    if any(g is None or not np.isfinite(g).all() or not np.any(g) for g in grads):
        return False
    parts = [called(fn, [x[k : k + 1] for x in xs]) for k in range(3)]
    same = all(p is not None and p.shape == (1,) for p in parts)
    return bool(same and np.array_equal(np.concatenate(parts), whole))


def composed(one: list[str], two: list[str], number: int, rng: random.Random) -> Iterator[str]:
    """``number`` different compositions, each finite and with a gradient at ordinary values."""
    made: set[str] = set()
    while len(made) < number:
        shape = rng.choice(SHAPES)
        f, g, h = (rng.choice(one) for _ in range(3))
        source = shape.format(f=f, g=g, h=h, b=rng.choice(two), c=rng.choice(CONSTANTS))
        if source not in made and elementwise(evaluated(source), 1 + ("x, y" in shape)):
            made.add(source)
            yield source


def lines() -> list[str]:
    """The list."""
    rng = random.Random(SEED)
    found = list(callables())
    drawn = []
    for floating, number in ((True, FLOATING), (False, OTHERS)):
        of_kind = [(name, inputs) for name, _, inputs, kind in found if kind is floating]
        drawn += sorted(rng.sample(of_kind, number))
    alone = [(name, inputs) for name, fn, inputs, _ in found if elementwise(fn, inputs)]
    one, two = ([name for name, inputs in alone if inputs == k] for k in (1, 2))
    sources = composed(one, two, COMPOSED, rng)
    return [f"{inputs}\t{name}" for name, inputs in drawn] + [
        f"{2 if s.startswith('lambda x, y') else 1}\t{s}" for s in sources
    ]


def read(file: Path = LIST) -> list[tuple[int, str]]:
    """(number of inputs, source) of each line."""
    rows = [line.split("\t") for line in file.read_text().splitlines()]
    return [(int(inputs), source) for inputs, source in rows]


if __name__ == "__main__":
    LIST.write_text("\n".join(lines()) + "\n")
