"""A subject's plain formula in JAX and PyTorch: its traced operations, one by one, in theirs."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from argand.program import Operation, Program
from argand.subject import TargetError

# TensorFlow's operation → the function's name, which JAX, PyTorch and NumPy share.
FUNCTIONS: dict[str, str] = {
    "Abs": "abs", "Acos": "arccos", "Acosh": "arccosh", "Angle": "angle", "Asin": "arcsin",
    "Asinh": "arcsinh", "Atan": "arctan", "Atan2": "arctan2", "Atanh": "arctanh", "Ceil": "ceil",
    "Complex": "complex", "ComplexAbs": "abs", "Conj": "conj", "Cos": "cos", "Cosh": "cosh",
    "Digamma": "digamma", "Erf": "erf", "Erfc": "erfc", "Exp": "exp", "Expm1": "expm1",
    "Floor": "floor", "Imag": "imag", "Lgamma": "lgamma", "Log": "log", "Log1p": "log1p",
    "LogicalAnd": "logical_and", "LogicalNot": "logical_not", "LogicalOr": "logical_or",
    "Maximum": "maximum", "Minimum": "minimum", "OnesLike": "ones_like", "Real": "real",
    "Reciprocal": "reciprocal", "Relu": "relu", "Rsqrt": "rsqrt", "SelectV2": "where",
    "Sigmoid": "sigmoid", "Sign": "sign", "Sin": "sin", "Sinh": "sinh", "Softplus": "softplus",
    "Sqrt": "sqrt", "Square": "square", "Tan": "tan", "Tanh": "tanh", "ZerosLike": "zeros_like",
}  # fmt: skip
OPERATORS: dict[str, Callable[..., Any]] = {
    "Add": operator.add, "AddV2": operator.add, "Sub": operator.sub, "Mul": operator.mul,
    "RealDiv": operator.truediv, "Div": operator.truediv, "Pow": operator.pow,
    "Neg": operator.neg, "Less": operator.lt, "LessEqual": operator.le,
    "Greater": operator.gt, "GreaterEqual": operator.ge, "Equal": operator.eq,
    "NotEqual": operator.ne,
}  # fmt: skip
REDUCTIONS: dict[str, str] = {
    "Sum": "sum", "Mean": "mean", "Prod": "prod", "Max": "amax", "Min": "amin"
}  # fmt: skip


@dataclass(frozen=True)
class Framework:
    """Where a framework keeps its functions, in the order in which they are looked up."""

    name: str
    modules: tuple[Any, ...]
    array: Callable[[np.ndarray], Any]
    cast: Callable[[Any, str], Any]
    axis: str = "axis"
    keep: str = "keepdims"

    def function(self, name: str, of: str) -> Callable[..., Any]:
        """The function ``name``. Raises TargetError where there is none for operation ``of``."""
        for module in self.modules:
            if hasattr(module, name):
                return getattr(module, name)
        raise TargetError(f"{self.name} has no {name}, which {of} would be")


def ported(program: Program, framework: Framework) -> Callable[..., Any]:
    """The function that ``program`` computes, on the framework's arrays of any length.

    Raises TargetError for an operation without a counterpart, naming it.
    """
    constants = {
        i: framework.array(c) if c.dtype.kind in "fc" else c for i, c in program.constants.items()
    }
    steps = [(op, _step(op, framework, program.constants)) for op in program.operations]
    (output,) = program.outputs
    assert output is not None

    def function(*inputs: Any) -> Any:
        values: dict[int, Any] = {**constants, **dict(zip(program.inputs, inputs, strict=True))}
        for op, step in steps:
            values[op.outputs[0]] = step(*(values[i] for i in op.inputs))
        return values[output]

    return function


def _step(
    op: Operation, framework: Framework, constants: Mapping[int, np.ndarray]
) -> Callable[..., Any]:
    if op.type in OPERATORS:
        return OPERATORS[op.type]
    if op.type in FUNCTIONS:
        return framework.function(FUNCTIONS[op.type], op.type)
    if op.type == "Cast":
        return partial(_cast, framework, op.attributes["DstT"].name)
    if op.type in REDUCTIONS and op.inputs[1] in constants:
        reduce = framework.function(REDUCTIONS[op.type], op.type)
        axes = tuple(int(a) for a in np.ravel(constants[op.inputs[1]]))
        where = {framework.axis: axes[0] if len(axes) == 1 else axes}
        where[framework.keep] = bool(op.attributes["keep_dims"])
        return lambda x, _: reduce(x, **where)
    if op.type == "ExpandDims" and op.inputs[1] in constants:
        axis = int(constants[op.inputs[1]])
        return lambda x, _: x[(..., *[slice(None)] * (-1 - axis), None)] if axis < 0 else (
            x[(*[slice(None)] * axis, None)]
        )  # fmt: skip
    raise TargetError(f"the operation {op.type} ({op.source}) has no counterpart among peers")


def _cast(framework: Framework, dtype: str, x: Any) -> Any:
    real = not dtype.startswith("complex") and "complex" in str(x.dtype)
    return framework.cast(x.real if real else x, dtype)


# --- each framework, imported when it is asked for ------------------------------------------

Act = Callable[[], tuple[Any, ...]]


def jax_acts(
    program: Program, inputs: Sequence[np.ndarray], upstream: np.ndarray
) -> dict[str, Act]:
    """Value and gradient as ``jax.jit`` computes them, in TensorFlow's convention for u."""
    import jax
    import jax.numpy as jnp
    from jax.scipy import special

    jax.config.update("jax_enable_x64", True)
    framework = Framework(
        "JAX", (jnp, jax.nn, jax.lax, special), jnp.asarray, lambda x, d: x.astype(d)
    )
    f = ported(program, framework)

    @jax.jit
    def value_and_gradient(u: Any, *z: Any) -> Any:
        value, back = jax.vjp(f, *z)
        return value, *(jnp.conj(g) for g in back(jnp.conj(u)))  # TensorFlow's convention

    operands = [jnp.asarray(x) for x in (upstream, *inputs)]
    return {"JAX jit": lambda: jax.block_until_ready(value_and_gradient(*operands))}


def torch_acts(
    program: Program, inputs: Sequence[np.ndarray], upstream: np.ndarray
) -> dict[str, Act]:
    """Value and gradient in PyTorch, eager and compiled; its convention is TensorFlow's."""
    import torch

    framework = Framework(
        "PyTorch", (torch, torch.special, torch.nn.functional), torch.from_numpy,
        lambda x, d: x.to(getattr(torch, d)), "dim", "keepdim",
    )  # fmt: skip
    f = ported(program, framework)
    z = [torch.from_numpy(x).requires_grad_() for x in inputs]
    u = torch.from_numpy(upstream)

    def value_and_gradient(f: Callable[..., Any]) -> tuple[Any, ...]:
        value = f(*z)
        return value.detach(), *torch.autograd.grad(value, z, grad_outputs=u)

    return {
        "PyTorch eager": partial(value_and_gradient, f),
        "PyTorch compiled": partial(value_and_gradient, torch.compile(f)),
    }
