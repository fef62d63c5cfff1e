"""A function that branches or loops in Python on a tensor, as tf.function converts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf


def converted(fn: Callable[..., Any]) -> Callable[..., Any]:
    """``fn`` for a graph: where it asks a traced tensor for a Python truth, it is called again as
    its own tf.function, or one made of it, has it: converted by AutoGraph.

    Raises what ``fn`` raises; OperatorNotAllowedInGraphError where AutoGraph cannot convert it.
    """

    def call(*inputs: Any) -> Any:
        try:
            return fn(*inputs)
        except tf.errors.OperatorNotAllowedInGraphError:
            whole = fn if hasattr(fn, "get_concrete_function") else tf.function(fn)
            with functions(eagerly=False):
                return whole(*inputs)

    return call


@contextmanager
def functions(*, eagerly: bool) -> Iterator[None]:
    """Within it a tf.function that is called is inlined, or ``eagerly=False`` a call of a graph."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(eagerly)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)
