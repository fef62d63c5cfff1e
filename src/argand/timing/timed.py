"""What is timed of a function: value and gradient, either alone, the gradient's own gradient."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import tensorflow as tf

from argand.frontend.runner import in_mode

Timed = Literal["value and gradient", "forward", "gradient", "second order"]
TIMED: tuple[Timed, ...] = get_args(Timed)
VALUE: Timed = "value and gradient"


@dataclass(frozen=True)
class Prepared:
    """A function that is ready to be timed.

    ``act`` does once what is timed, with all operands on the device; ``results`` are the tensors
    (or None) that it gave. ``trace`` and ``compile`` are seconds, NaN in eager mode: compiling is
    what the first call took beyond a later one (XLA's compilation, else the graph's optimisation).
    """

    act: Callable[[], Any]
    results: list[Any]
    trace: float
    compile: float


def prepare(
    fn: Callable[..., Any],
    timed: Timed,
    mode: str,
    inputs: Sequence[np.ndarray | tf.Tensor],
    upstream: np.ndarray | tf.Tensor,
    second: np.ndarray | None = None,
    synchronise: Callable[[], None] = lambda: None,
) -> Prepared:
    """Trace and compile what is ``timed`` of ``fn``, and call it, on the current device.

    ``inputs`` and ``upstream`` have shape (rows, *core) each; ``second`` is the upstream of the
    gradient, for second order. Raises whatever ``fn`` does.
    """
    z, u = [tf.constant(x) for x in inputs], tf.constant(upstream)
    if timed == "gradient":
        return _backward(in_mode(_forward(fn), mode), z, u, synchronise)
    function: Any
    if timed == "forward":
        function, operands = in_mode(_forward(fn), mode), z
    elif timed == "second order":
        assert second is not None
        function = in_mode(_second_order(fn), mode)
        operands = [u, tf.constant(second), *z]
    else:
        function, operands = in_mode(_both(fn), mode), [u, *z]
    eager, trace = mode == "eager", np.nan
    if not eager:
        trace, _ = _seconds(lambda: function.get_concrete_function(*operands), synchronise)
    return _called(lambda: function(*operands), trace, eager, synchronise)


def _forward(fn: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *z: fn(*z)  # by position, as TensorFlow demands of a custom gradient


def _both(fn: Callable[..., Any]) -> Callable[..., Any]:
    def value_and_gradient(u: tf.Tensor, *z: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(z)
            value = fn(*z)
        return value, *tape.gradient(value, z, output_gradients=u)

    return value_and_gradient


def _second_order(fn: Callable[..., Any]) -> Callable[..., Any]:
    def gradient_and_its_gradient(u: tf.Tensor, v: tf.Tensor, z: tf.Tensor) -> Any:
        with tf.GradientTape() as outer:
            outer.watch(z)
            with tf.GradientTape() as inner:
                inner.watch(z)
                value = fn(z)
            gradient = inner.gradient(value, z, output_gradients=u)
        return gradient, outer.gradient(gradient, z, output_gradients=v)

    return gradient_and_its_gradient


def _backward(
    function: Callable[..., Any], z: list[tf.Tensor], u: tf.Tensor, synchronise: Callable[[], None]
) -> Prepared:
    """The backward pass alone, again and again, of one forward pass that was recorded."""
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        value = function(*z)
    return _called(lambda: tape.gradient(value, z, output_gradients=u), np.nan, True, synchronise)


def _called(
    act: Callable[[], Any], trace: float, eager: bool, synchronise: Callable[[], None]
) -> Prepared:
    first, results = _seconds(act, synchronise)
    later = first if eager else _seconds(act, synchronise)[0]
    found = list(results) if isinstance(results, (list, tuple)) else [results]
    return Prepared(act, found, trace, np.nan if eager else max(0.0, first - later))


def _seconds(act: Callable[[], Any], synchronise: Callable[[], None]) -> tuple[float, Any]:
    start = time.perf_counter()
    results = act()
    synchronise()
    return time.perf_counter() - start, results
