"""Run one function in one mode, dtype and device, and hand back value and gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from argand import watchdog
from argand.frontend.placement import left_to_processor
from argand.frontend.trace import describe
from argand.subject import MODES, TargetError


class RunError(Exception):
    """The function under study raised; the message is its error on one line."""


@dataclass(frozen=True)
class Result:
    """Value and gradients as TensorFlow gave them; a gradient is None where it gave none."""

    value: np.ndarray
    gradients: tuple[np.ndarray | None, ...]


class Runner:
    """Value and gradient of ``fn`` in one mode on one device; tracing happens once a shape.

    Raises TargetError for a mode or device that is not there.
    """

    def __init__(self, fn: Callable[..., Any], mode: str, device: str = "CPU:0") -> None:
        if mode not in MODES:
            raise TargetError(f"mode {mode!r} is not one of {', '.join(MODES)}")
        devices = [d.name for d in tf.config.list_logical_devices()]
        if not any(name.endswith(device) for name in devices):
            raise TargetError(f"no device {device!r}; TensorFlow has {', '.join(devices)}")
        self.fn, self.mode, self.device = fn, mode, device
        self._elsewhere: str | None = None

        def value_and_gradient(upstream: Any, *inputs: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                value = fn(*inputs)
            return value, tape.gradient(value, inputs, output_gradients=upstream)

        self._both = in_mode(value_and_gradient, mode)
        self._forward = in_mode(lambda *inputs: fn(*inputs), mode)

    def value(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """The value alone. Raises RunError with what ``fn`` raised."""
        with tf.device(self.device), watchdog.call(f"the function in mode {self.mode}"):
            try:
                return _traced(self._forward, map(tf.constant, inputs)).numpy()
            except (Exception, SystemExit) as error:
                raise RunError(describe(error)) from error

    def __call__(self, inputs: Sequence[np.ndarray], upstream: np.ndarray | None = None) -> Result:
        """Value and gradients at ``inputs`` with ``upstream``; copying to the host synchronises.

        Without ``upstream`` the gradients are those of the sum of the values, as tf.GradientTape
        has it: all ones.

        Raises RunError with what ``fn`` or its gradient raised, and where TensorFlow would leave
        a part to another device.
        """
        with tf.device(self.device), watchdog.call(f"the function in mode {self.mode}"):
            try:
                if self._elsewhere is None:
                    self._elsewhere = left_to_processor(self.fn, self.mode, inputs, self.device)
                if self._elsewhere:
                    raise RunError(self._elsewhere)
                u = None if upstream is None else tf.constant(upstream)
                value, gradients = _traced(self._both, (u, *map(tf.constant, inputs)))
                return Result(
                    value.numpy(), tuple(None if g is None else g.numpy() for g in gradients)
                )
            except RunError:
                raise
            except (Exception, SystemExit) as error:
                raise RunError(describe(error)) from error


def in_mode(fn: Callable[..., Any], mode: str) -> Callable[..., Any]:
    """``fn`` as ``mode`` calls it; in graph and xla, traced once a shape."""
    if mode == "eager":
        return fn
    return tf.function(fn, jit_compile=mode == "xla", autograph=False)


def _traced(fn: Callable[..., Any], operands: Iterable[Any]) -> Any:
    """Call ``fn``; a tf.function through its concrete function, since TensorFlow would advise its
    user against as many shapes and functions as a check tries on purpose."""
    operands = list(operands)
    concrete = getattr(fn, "get_concrete_function", None)
    return fn(*operands) if concrete is None else concrete(*operands)(*operands)
