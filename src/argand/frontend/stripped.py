"""A function without its custom gradients: its own forward pass, with TensorFlow's gradient."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any
from weakref import WeakKeyDictionary

import tensorflow as tf
from tensorflow.python.ops import custom_gradient as decorators

# Their custom gradients are how they compute what they promise, and stay.
FRAMEWORKS = frozenset({"tensorflow", "keras", "tf_keras"})
# TensorFlow's too, but it replaces the gradient of what somebody gives it, and goes.
_PASS_THROUGH = "_grad_pass_through_op"


class Stripped:
    """``fn`` called without the custom gradients in it, at any depth and in every mode; those of
    TensorFlow and Keras stay, but for ``tf.grad_pass_through``. ``taken`` are the names of the
    functions whose gradients were taken out by now, which is known once it has been called.

    What happens is of this thread alone. A tf.function inside is traced afresh. What was traced
    before, a concrete function or a SavedModel, keeps its gradients.
    """

    def __init__(self, fn: Callable[..., Any]) -> None:
        self.fn, self.taken = fn, set[str]()
        self.__name__ = str(getattr(fn, "__name__", type(fn).__name__))
        self._functions: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with _stripping(self):
            return self.fn(*args, **kwargs)

    def afresh(self, function: Any) -> Any:
        """The tf.function's like that has been traced for nobody else."""
        if function not in self._functions:
            self._functions[function] = function._clone(function.python_function)
        return self._functions[function]


def stripped(fn: Callable[..., Any]) -> Stripped:
    """``fn`` without its custom gradients."""
    return Stripped(fn)


class _Active(threading.local):
    """Who takes custom gradients out in this thread."""

    owner: Stripped | None = None


_active, _lock = _Active(), threading.Lock()
_entered = 0  # how often it is entered now, in all threads
_PATCHED: list[tuple[Any, str, Any, Any]] = []  # where, name, TensorFlow's own, ours


@contextmanager
def _stripping(owner: Stripped) -> Iterator[None]:
    """Within it ``owner`` takes custom gradients out; TensorFlow is as it was after the last."""
    global _entered
    before = _active.owner
    with _lock:
        _entered += 1
        if _entered == 1:
            _patch()
    _active.owner = owner
    try:
        yield
    finally:
        _active.owner = before
        with _lock:
            _entered -= 1
            if _entered == 0:
                for place, name, own, _ in _PATCHED:
                    setattr(place, name, own)


def _patch() -> None:
    if not _PATCHED:
        function = type(tf.function(lambda: None))
        for name in ("_eager_mode_decorator", "_graph_mode_decorator"):
            own = getattr(decorators, name)
            _PATCHED.append((decorators, name, own, partial(_decorated, own)))
        for name in ("__call__", "get_concrete_function"):
            own = getattr(function, name)
            _PATCHED.append((function, name, own, _retraced(own)))
    for place, name, _, ours in _PATCHED:
        setattr(place, name, ours)


def _decorated(
    own: Callable[..., Any], fn: Callable[..., Any], args: Any, kwargs: dict[str, Any]
) -> Any:
    """What a call of the tf.custom_gradient of ``fn`` gives; ``own`` is TensorFlow's way."""
    owner = _active.owner
    if owner is None:
        return own(fn, args, kwargs)
    name = getattr(fn, "__name__", type(fn).__name__)
    if _module(fn).partition(".")[0] in FRAMEWORKS and name != _PASS_THROUGH:
        return own(_inside(owner, fn), args, kwargs)
    owner.taken.add(name)
    if not tf.executing_eagerly():  # as TensorFlow does
        args = tf.nest.map_structure(tf.convert_to_tensor, args, expand_composites=True)
    value, _ = fn(*args, **kwargs)
    return tf.nest.map_structure(tf.identity, value, expand_composites=True)


def _module(fn: Any) -> str:
    """Where the function itself is written, under tf.functions and other decorators."""
    return str(getattr(tf.__internal__.decorator.unwrap(fn)[1], "__module__", "") or "")


def _inside(owner: Stripped, fn: Callable[..., Any]) -> Callable[..., Any]:
    """``fn`` whose gradient is stripped too: tf.recompute_grad calls what it is given again, when
    the call of ``owner`` has long returned."""

    @wraps(fn)
    def both(*args: Any, **kwargs: Any) -> Any:
        value, gradient = fn(*args, **kwargs)

        def later(*upstreams: Any, **variables: Any) -> Any:
            with _stripping(owner):
                return gradient(*upstreams, **variables)

        return value, tf.__internal__.decorator.make_decorator(gradient, later)

    return both


def _retraced(own: Callable[..., Any]) -> Callable[..., Any]:
    """The method ``own`` of a tf.function, of one traced afresh where gradients are taken out."""

    @wraps(own)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        owner = _active.owner
        return own(self if owner is None else owner.afresh(self), *args, **kwargs)

    return call
