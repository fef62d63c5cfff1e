"""Operations written in others: TensorFlow's formulas, its gradient operations included.

So these need no derivatives of their own, and kinks and branch cuts are decided in one place.
In the gradient operations `y` is the forward result and `u` the upstream. Conjugates stand where
TensorFlow's kernels on the CPU have them; XLA compiles SqrtGrad, RsqrtGrad and ReciprocalGrad
without them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from argand.exact.balls import Balls
from argand.exact.rules.run import Run

# Names under which TensorFlow has the same operation.
ALIASES: dict[str, str] = {
    "Add": "AddV2",
    "Div": "RealDiv",
    "Inv": "Reciprocal",
    "InvGrad": "ReciprocalGrad",
    "Select": "SelectV2",
}


class Expression:
    """Balls with operators; ``x("Exp")`` applies a rule by its name."""

    def __init__(self, run: Run, balls: Balls) -> None:
        self.run, self.balls = run, balls

    def __call__(self, name: str, *others: Any) -> Expression:
        operands = [self._like(o) for o in others]
        return Expression(self.run, self.run.elementwise(name, self.balls, *operands))

    def _like(self, other: Any) -> Balls:
        if isinstance(other, Expression):
            return other.balls
        return self.run.constant(self.balls, np.asarray(other))

    def like(self, number: float) -> Expression:
        """A number as a constant of this expression's kind."""
        return Expression(self.run, self._like(number))

    def zeros(self) -> Expression:
        """Zeros of this expression's kind and shape."""
        shape = self.balls.value.shape[1:]
        return Expression(self.run, self.run.constant(self.balls, np.zeros(shape)))

    def __add__(self, other: Any) -> Expression:
        return self("AddV2", other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Expression:
        return self("Sub", other)

    def __rsub__(self, other: Any) -> Expression:
        return self.like(other)("Sub", self)

    def __mul__(self, other: Any) -> Expression:
        return self("Mul", other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Expression:
        return self("RealDiv", other)

    def __rtruediv__(self, other: Any) -> Expression:
        return self.like(other)("RealDiv", self)

    def __neg__(self) -> Expression:
        return self("Neg")

    def conj(self) -> Expression:
        """The conjugate, itself if real."""
        return self("Conj")

    def where(self, a: Any, b: Any) -> Expression:
        """``a`` where this truth value holds, else ``b``."""
        return self("SelectV2", a, b)


def _cast(op: Any, x: Expression) -> Expression:
    source, target = op.attributes["SrcT"], op.attributes["DstT"]
    if target.is_bool:
        return x("NotEqual", x.zeros())
    if source.is_bool:
        one = Expression(x.run, x.run.constant(x.balls, np.asarray(1.0)))
        number = x.where(one, one.like(0.0))
        return number("Complex", number.like(0.0)) if target.is_complex else number
    if source.is_complex and not target.is_complex:
        return x("Real")
    if target.is_complex and not source.is_complex:
        return x("Complex", x.zeros())
    return x  # between precisions: exact arithmetic has one


def _positive(x: Expression) -> Expression:
    return x("Greater", x.like(0.0))


def _elu(x: Expression, scale: float = 1.0, alpha: float = 1.0) -> Expression:
    return scale * _positive(x).where(x, alpha * x("Expm1"))


def _elu_grad(u: Expression, y: Expression, scale: float = 1.0, alpha: float = 1.0) -> Expression:
    # The product is not rounded: y comes near to its negative.
    return y("Less", y.like(0.0)).where(u * (y + y.like(scale) * alpha), u * scale)


# Klambauer et al. 2017, with the digits of TensorFlow's kernel.
_SELU = (1.0507009873554804934193349852946, 1.6732632423543772848170429916717)


def _broadcast_sum(op: Any, *terms: Expression) -> Expression:
    return reduce(lambda a, b: a + b, terms)


Compose = Callable[..., Expression]

COMPOSED: dict[str, Compose] = {
    "AddN": _broadcast_sum,
    "Atan2": lambda op, y, x: x("Complex", y)("Angle"),
    "BiasAdd": lambda op, x, b: x + b,
    "Cast": _cast,
    "Elu": lambda op, x: _elu(x),
    "Selu": lambda op, x: _elu(x, *_SELU),
    "LeakyRelu": lambda op, x: _positive(x).where(x, op.attributes["alpha"] * x),
    "OnesLike": lambda op, x: x.zeros() + 1.0,
    "Softsign": lambda op, x: x / (1.0 + x("Abs")),
    "ZerosLike": lambda op, x: x.zeros(),
    # gradients
    "EluGrad": lambda op, u, y: _elu_grad(u, y),
    "LeakyReluGrad": lambda op, u, x: _positive(x).where(u, op.attributes["alpha"] * u),
    "ReciprocalGrad": lambda op, y, u: -(y.conj() * y.conj() * u),
    "Relu6Grad": lambda op, u, x: _positive(x)("LogicalAnd", x("Less", x.like(6.0))).where(
        u, u.zeros()),
    "ReluGrad": lambda op, u, x: _positive(x).where(u, u.zeros()),
    "RsqrtGrad": lambda op, y, u: -0.5 * u * y.conj() * (y.conj() * y.conj()),
    "SeluGrad": lambda op, u, y: _elu_grad(u, y, *_SELU),
    "SigmoidGrad": lambda op, y, u: u * y * (1.0 - y),
    "SoftplusGrad": lambda op, u, x: u * x("Sigmoid"),
    "SoftsignGrad": lambda op, u, x: u / (1.0 + x("Abs"))("Square"),
    "SqrtGrad": lambda op, y, u: 0.5 * u / y.conj(),
    "TanhGrad": lambda op, y, u: u * (1.0 - y("Square")),
}  # fmt: skip
