"""Run one function in one mode, dtype and device, and hand back value and gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf
from numpy.typing import NDArray

from argand import watchdog
from argand.frontend.converted import converted
from argand.frontend.placement import left_to_processor
from argand.frontend.trace import describe
from argand.subject import MODES, TargetError


class RunError(Exception):
    """The function under study raised; the message is its error on one line."""


@dataclass(frozen=True)
class Result:
    """Value and gradients as TensorFlow gave them; a gradient is None where it gave none."""

    value: NDArray[Any]
    gradients: tuple[NDArray[Any] | None, ...]


class Runner:
    """Value and gradient of ``fn`` in one mode on one device; in graph and xla it is traced once
    for each shape.

    Raises TargetError for a mode or device that is not there.
    """

    def __init__(self, fn: Callable[..., Any], mode: str, device: str = "CPU:0") -> None:
        if mode not in MODES:
            raise TargetError(f"mode {mode!r} is not one of {', '.join(MODES)}")
        devices = [d.name for d in tf.config.list_logical_devices()]
        if not any(name.endswith(device) for name in devices):
            raise TargetError(f"no device {device!r}; TensorFlow has {', '.join(devices)}")
        self.fn, self.mode, self.device = fn, mode, device
        if mode != "eager":
            fn = converted(fn)
        self._elsewhere: str | None = None

        def value_and_gradient(upstream: Any, *inputs: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                value = fn(*inputs)
            return value, tape.gradient(value, inputs, output_gradients=upstream)

        self._both = in_mode(value_and_gradient, mode)
        self._forward = in_mode(lambda *inputs: fn(*inputs), mode)

    def value(self, inputs: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The value alone at ``inputs``. Raises RunError with what ``fn`` raised."""
        with tf.device(self.device), watchdog.call(f"the function in mode {self.mode}"):
            try:
                value: NDArray[Any] = _call(self._forward, map(tf.constant, inputs)).numpy()
            except (Exception, SystemExit) as error:
                raise RunError(describe(error)) from error
        return value

    def __call__(
        self, inputs: Sequence[NDArray[Any]], upstream: NDArray[Any] | None = None
    ) -> Result:
        """Value and gradients at ``inputs`` for ``upstream``, which has the value's shape.

        Without ``upstream`` they are the gradients of the sum of the values, as tf.GradientTape
        gives them. They are copied to the host, so the device has finished. Raises RunError with
        what ``fn`` or its gradient raised, and where TensorFlow would leave an operation to
        another device.
        """
        with tf.device(self.device), watchdog.call(f"the function in mode {self.mode}"):
            try:
                if self._elsewhere is None:
                    self._elsewhere = left_to_processor(self.fn, self.mode, inputs, self.device)
                if self._elsewhere:
                    raise RunError(self._elsewhere)
                u = None if upstream is None else tf.constant(upstream)
                value, gradients = _call(self._both, (u, *map(tf.constant, inputs)))
                return Result(
                    value.numpy(), tuple(None if g is None else g.numpy() for g in gradients)
                )
            except RunError:
                raise
            except (Exception, SystemExit) as error:
                raise RunError(describe(error)) from error


def in_mode(fn: Callable[..., Any], mode: str) -> Callable[..., Any]:
    """``fn`` as ``mode`` calls it; in graph and xla it is traced once for each shape."""
    if mode == "eager":
        return fn
    compiled: Callable[..., Any] = tf.function(fn, jit_compile=mode == "xla", autograph=False)
    return compiled


def _call(fn: Callable[..., Any], operands: Iterable[Any]) -> Any:
    """``fn`` of ``operands``. A tf.function is called through its concrete function, since
    TensorFlow would warn of the many shapes that a check tries on purpose."""
    operands = list(operands)
    concrete = getattr(fn, "get_concrete_function", None)
    return fn(*operands) if concrete is None else concrete(*operands)(*operands)
