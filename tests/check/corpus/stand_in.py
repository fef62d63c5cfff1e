"""PyTorch and JAX under TensorFlow's names, so that the corpus itself is what they are given.

A module of the corpus is executed once more with a stand-in as ``tensorflow``: the same source, the
same defect. ``custom_gradient`` becomes torch.autograd.Function or jax.custom_vjp. What a framework
has no equal for raises NotPorted.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from .entry import Entry, entries


class NotPorted(Exception):
    """A defect that cannot exist in the framework; the message says why."""


class StandIn(ModuleType):
    """A module of the names given; any other name is not ported."""

    def __init__(self, framework: str, names: dict[str, Any]) -> None:
        super().__init__("tensorflow")
        self.__dict__.update(names, framework=framework)
        self.math = _Names(framework, "math.", names)

    def __getattr__(self, name: str) -> Any:
        raise NotPorted(f"no tf.{name} in {self.framework}")


class _Names(SimpleNamespace):
    def __init__(self, framework: str, prefix: str, names: dict[str, Any]) -> None:
        super().__init__(**names)
        self.__dict__["why"] = f"in {framework}: tf.{prefix}"

    def __getattr__(self, name: str) -> Any:
        raise NotPorted(f"none {self.why}{name}")


def ported(module: ModuleType, stand_in: StandIn) -> dict[str, Entry]:
    """The entries of ``module`` executed with ``stand_in`` in TensorFlow's place."""
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.loader is not None
    twin = importlib.util.module_from_spec(spec)
    with mock.patch.dict(sys.modules, {"tensorflow": stand_in}):
        spec.loader.exec_module(twin)
    return entries(vars(twin))


def _as_tuple(gradients: Any) -> tuple[Any, ...]:
    return tuple(gradients) if isinstance(gradients, (tuple, list)) else (gradients,)


def torch_stand_in() -> StandIn:
    """PyTorch under TensorFlow's names. Its convention is TensorFlow's: u·conj(∂f/∂z) + …"""
    import torch

    def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
        class Function(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, *inputs: Any) -> Any:
                ctx.save_for_backward(*inputs)
                return f(*inputs)[0]

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                # Again from the saved inputs, so that the backward pass has a gradient too.
                return _as_tuple(f(*ctx.saved_tensors)[1](upstream))

        def function(*inputs: Any) -> Any:
            return Function.apply(*inputs)

        return _documented(function, f)

    def tensor(x: Any, like: Any) -> Any:
        return x if torch.is_tensor(x) else torch.tensor(x, dtype=like.dtype)

    def reduced(act: Callable[..., Any]) -> Callable[..., Any]:
        def reduce(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
            axes = tuple(range(x.ndim)) if axis is None else axis
            return act(x, dim=axes, keepdim=keepdims)

        return reduce

    same = "exp sin cos tanh sinh cosh atan sqrt abs sign zeros_like ones_like where complex"
    same += " real imag conj angle log log1p reciprocal rsqrt float32 float64 complex64 complex128"
    names = {name: getattr(torch, name) for name in same.split()}
    names |= {
        "custom_gradient": custom_gradient,
        "cast": lambda x, dtype: x.to(dtype),
        "constant": lambda x, dtype: torch.tensor(x, dtype=dtype),
        "maximum": lambda x, y: torch.maximum(x, tensor(y, x)),
        "minimum": lambda x, y: torch.minimum(x, tensor(y, x)),
        "clip_by_value": torch.clamp,
        "reduce_sum": reduced(torch.sum),
        "reduce_mean": reduced(torch.mean),
        "reduce_max": reduced(torch.amax),
        "shape": lambda x: torch.tensor(x.shape),
        "size": lambda x: torch.tensor(x.numel()),
        "stop_gradient": lambda x: x.detach(),
    }
    return StandIn("PyTorch", names)


def jax_stand_in() -> StandIn:
    """JAX under TensorFlow's names. Its convention is the conjugate of TensorFlow's, on both the
    upstream and the gradient, so a gradient is translated by conjugating both."""
    import jax
    import jax.numpy as jnp

    def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
        @jax.custom_vjp
        def function(*inputs: Any) -> Any:
            return f(*inputs)[0]

        def backward(inputs: Any, upstream: Any) -> Any:
            gradients = _as_tuple(f(*inputs)[1](jnp.conj(upstream)))
            return tuple(None if g is None else jnp.conj(g) for g in gradients)

        function.defvjp(lambda *inputs: (f(*inputs)[0], inputs), backward)
        return _documented(lambda *inputs: function(*inputs), f)

    same = "exp sin cos tanh sinh cosh sqrt abs sign zeros_like ones_like where real imag conj"
    same += " angle log log1p reciprocal float32 float64 complex64 complex128 maximum minimum"
    names = {name: getattr(jnp, name) for name in same.split()}
    names |= {
        "custom_gradient": custom_gradient,
        "atan": jnp.arctan,
        "cast": lambda x, dtype: x.astype(dtype),
        "clip_by_value": jnp.clip,
        "complex": jax.lax.complex,
        "constant": lambda x, dtype: jnp.array(x, dtype),
        "reduce_sum": jnp.sum,
        "reduce_mean": jnp.mean,
        "reduce_max": jnp.max,
        "shape": lambda x: jnp.array(x.shape),
        "rsqrt": jax.lax.rsqrt,
        "size": lambda x: jnp.array(x.size),
        "stop_gradient": jax.lax.stop_gradient,
    }
    return StandIn("JAX", names)


def _documented(function: Callable[..., Any], source: Callable[..., Any]) -> Callable[..., Any]:
    function.__name__, function.__doc__ = source.__name__, source.__doc__
    return function


STAND_INS: dict[str, Callable[[], StandIn]] = {"PyTorch": torch_stand_in, "JAX": jax_stand_in}
