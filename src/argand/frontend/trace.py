"""From a TensorFlow function, or its gradient, to a Program."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import tensorflow as tf

from argand import watchdog
from argand.frontend.converted import converted, functions
from argand.frontend.flattening import flattened
from argand.frontend.source import raised_at
from argand.program import Program, Untraced
from argand.subject import TargetError

SEVERAL = 67  # samples: as many as no row has entries
Quantity = Literal["value", "gradient"]
Reason = Literal["", "dtype", "variables"]


class Untraceable(TargetError):
    """The ``quantity`` of a function raises while it is traced for ``dtypes``; TensorFlow's words
    are about ``reason``: a dtype, the variables of a custom gradient, or neither."""

    def __init__(self, quantity: Quantity, dtypes: Sequence[str], error: BaseException) -> None:
        told = describe(error)
        super().__init__(
            f"the {quantity} cannot be traced for {', '.join(dtypes)}: {told}{raised_at(error)}"
        )
        self.quantity, self.dtypes, self.reason = quantity, tuple(dtypes), _reason(told)


_ABOUT_DTYPES = re.compile(r"dtype|float32|float64|complex64|complex128|type .* does not match")


def _reason(told: str) -> Reason:
    """What TensorFlow's own words are about."""
    if "accept keyword argument 'variables'" in told:
        return "variables"
    return "dtype" if _ABOUT_DTYPES.search(told) else ""


@dataclass(frozen=True, eq=False)
class Traced:
    """A function for inputs of ``dtypes``, one sample of each of the shapes ``cores``: () for a
    number. Its value and its gradient are traced when they are first asked for, and kept."""

    fn: Callable[..., Any]
    dtypes: tuple[str, ...]
    cores: tuple[tuple[int, ...], ...]

    @cached_property
    def forward(self) -> Program:
        """Its value; a custom gradient's body is inlined. Raises TargetError where the function
        refuses these dtypes."""
        if isinstance(self.fn, Untraced):
            return self.fn.program(self.dtypes, self.cores)
        return _trace(converted(self.fn), self.dtypes, self.cores, "value")

    @cached_property
    def stopped(self) -> Program:
        """``forward`` in which tf.stop_gradient is an operation, whose derivative is zero."""
        concrete, _ = _concrete(converted(self.fn), self.dtypes, self.cores, "value", samples=1)
        return flattened(concrete, stopped=True)

    @cached_property
    def shape_of_several(self) -> tuple[int | None, ...] | None:
        """The shape of its value at SEVERAL samples, where it is of a known rank. Raises
        TargetError where the function takes one only."""
        if isinstance(self.fn, Untraced):
            return (SEVERAL, *self.forward.core)
        fn = converted(self.fn)
        concrete, _ = _concrete(fn, self.dtypes, self.cores, "value", samples=SEVERAL)
        shape = concrete.output_shapes
        return None if shape.rank is None else tuple(shape.as_list())

    @cached_property
    def backward(self) -> Program:
        """Its gradient: inputs (upstream, *inputs), one output per input, None where TensorFlow
        gives no gradient. Raises TargetError as above."""
        forward, fn = self.forward, converted(self.fn)
        if isinstance(self.fn, Untraced):
            raise TargetError(
                f"{getattr(self.fn, '__name__', self.fn)} is exact, and has no gradient of "
                "TensorFlow's: give it as the reference of a function that has"
            )

        def backward(upstream: tf.Tensor, *inputs: tf.Tensor) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                value = fn(*inputs)
            return tape.gradient(value, inputs, output_gradients=upstream)

        dtypes = (forward.output_dtype, *self.dtypes)
        return _trace(backward, dtypes, (forward.core, *self.cores), "gradient")


def traced(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]] | None = None
) -> Traced:
    """``fn`` for inputs of ``dtypes``, numbers where no ``cores`` are given; nothing is traced
    yet."""
    return Traced(fn, tuple(dtypes), tuple(cores or [()] * len(dtypes)))


def trace_value(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]] | None = None
) -> Program:
    """``traced(…).forward``."""
    return traced(fn, dtypes, cores).forward


def trace_gradient(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]] | None = None
) -> Program:
    """``traced(…).backward``."""
    return traced(fn, dtypes, cores).backward


def trace_backward(
    fn: Callable[..., Any], dtypes: Sequence[str], cores: Sequence[tuple[int, ...]]
) -> Program:
    """What ``fn`` gives, a backward of (upstream, *inputs) with these ``dtypes`` and shapes: one
    gradient, or several, None where there is none. Raises TargetError where it gives neither."""
    concrete, returned = _concrete(converted(fn), dtypes, cores, "gradient", samples=1)
    several = returned if isinstance(returned, (tuple, list)) else [returned]
    odd = next((g for g in several if g is not None and not tf.is_tensor(g)), None)
    if odd is not None:
        raise TargetError(
            f"the backward returns {type(odd).__name__} for a gradient; return a tensor, or a "
            "tuple with one for each input"
        )
    return flattened(concrete)


def lengths_inside(
    fn: Callable[..., Any], dtypes: Sequence[str], counts: Sequence[int]
) -> set[int]:
    """The lengths of the axes of constants inside ``fn``, traced for inputs [1, …] whose ``counts``
    last axes may have any length; none where it cannot be traced so."""
    cores = [(None,) * count for count in counts]
    try:
        concrete, _ = _concrete(converted(fn), dtypes, cores, "value", samples=1)
    except TargetError:
        return set()
    graph = concrete.graph
    held = [o for op in graph.get_operations() if op.type == "Const" for o in op.outputs]
    held += [outer for outer, _ in graph.captures if outer.dtype != tf.resource]
    held += list(graph.variables)
    return {n for t in held for n in t.shape.as_list() or () if n}


def _trace(
    fn: Callable[..., Any],
    dtypes: Sequence[str],
    cores: Sequence[tuple[int, ...]],
    quantity: Quantity,
) -> Program:
    concrete, returned = _concrete(fn, dtypes, cores, quantity, samples=1)
    if quantity == "value" and not tf.is_tensor(returned):
        raise TargetError(
            f"the function returns {type(returned).__name__}, not one tensor; return one tensor"
        )
    return flattened(concrete)


def _concrete(
    fn: Callable[..., Any],
    dtypes: Sequence[str],
    cores: Sequence[tuple[int | None, ...]],
    quantity: Quantity,
    samples: int,
) -> tuple[Any, Any]:
    """``fn`` as a concrete function of so many samples, and what it returned when it was traced."""
    specs = [
        tf.TensorSpec([samples, *core], dtype, name=f"argand_input_{i}")
        for i, (dtype, core) in enumerate(zip(dtypes, cores, strict=True))
    ]
    returned: list[Any] = []

    def kept(*args: Any) -> Any:
        returned.append(fn(*args))
        return returned[-1]

    watched = watchdog.call(f"the {quantity} of the function, as it is traced,")
    try:
        with functions(eagerly=True), watched:  # a tf.function called inside is inlined
            concrete = tf.function(kept, autograph=False).get_concrete_function(*specs)
    except TargetError:
        raise
    except tf.errors.OperatorNotAllowedInGraphError as error:
        raise TargetError(
            f"the {quantity} branches or loops in Python on a tensor{raised_at(error)}, and "
            "TensorFlow's AutoGraph does not convert it; write it with tf.where, or in a def"
        ) from error
    except (Exception, SystemExit) as error:
        raise Untraceable(quantity, dtypes, error) from error
    return concrete, returned[-1]


_WHERE = ("Detected at node", "File ", "Node: ", "<stack traces unavailable>", "[[")


def describe(error: BaseException) -> str:
    """The error on one line: its type and the message's first informative line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else "no message"
    if text.startswith(("in user code", "Exception encountered")) and len(lines) > 1:
        text = lines[-1]
    if text.startswith("Graph execution error"):  # where it was defined comes before what it is
        told = [line for line in lines[1:] if not line.startswith(_WHERE)]
        text = told[0] if told else text
    return f"{type(error).__name__}: {text}"
