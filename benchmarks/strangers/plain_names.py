"""TensorFlow's and Keras's names as mpmath functions, by which a list's source is evaluated again.

Definitions are the documentation's, not the kernels'. A name that is not here has no independent
value: ``Unknown`` is raised, and who asks takes difference quotients instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp


class Unknown(Exception):
    """A name without a form in mpmath."""


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + mp.exp(-x))


def softplus(x: Any) -> Any:
    """log(1 + exp(x))."""
    return mp.log1p(mp.exp(x))


def elu(x: Any) -> Any:
    """x, or exp(x) - 1 below 0."""
    return x if x > 0 else mp.expm1(x)


def clip(x: Any, low: Any, high: Any) -> Any:
    """x within [low, high]."""
    return min(max(x, mp.mpf(low)), mp.mpf(high))


def relu(x: Any) -> Any:
    """max(x, 0)."""
    return max(x, mp.mpf(0))


def selu(x: Any) -> Any:
    """With the two constants of Klambauer et al. 2017."""
    alpha = mp.mpf("1.6732632423543772848170429916717")
    scale = mp.mpf("1.05070098735548049341933498529")
    return scale * (x if x > 0 else alpha * mp.expm1(x))


def gelu(x: Any) -> Any:
    """x Φ(x)."""
    return x * mp.ncdf(x)


def gelu_tanh(x: Any) -> Any:
    """Its form with tanh, which keras.ops takes unless told otherwise."""
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))


def sparse_plus(x: Any) -> Any:
    """0, (x + 1)²/4, x."""
    return mp.mpf(0) if x <= -1 else (x if x >= 1 else (x + 1) ** 2 / 4)


def nought(first: Any, value: Callable[[], Any]) -> Any:
    """``value()``, and 0 where ``first`` is 0."""
    return mp.mpf(0) if first == 0 else value()


def logaddexp(x: Any, y: Any) -> Any:
    """log(exp(x) + exp(y))."""
    return mp.log(mp.exp(x) + mp.exp(y))


def digamma(x: Any) -> Any:
    """ψ(x)."""
    return mp.digamma(x)


def same(x: Any) -> Any:
    """x."""
    return x


NAMES: dict[str, Callable[..., Any]] = {
    "abs": abs, "absolute": abs, "acos": mp.acos, "acosh": mp.acosh, "arccos": mp.acos,
    "arcsinh": mp.asinh, "arctan": mp.atan, "arctanh": mp.atanh, "asin": mp.asin,
    "asinh": mp.asinh, "atan": mp.atan, "atanh": mp.atanh, "arcsin": mp.asin,
    "arccosh": mp.acosh, "add": lambda x, y: x + y, "array": same,
    "bessel_i0": lambda x: mp.besseli(0, x), "bessel_i1": lambda x: mp.besseli(1, x),
    "bessel_i0e": lambda x: mp.besseli(0, x) * mp.exp(-abs(x)),
    "bessel_i1e": lambda x: mp.besseli(1, x) * mp.exp(-abs(x)),
    "i0": lambda x: mp.besseli(0, x), "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "celu": elu, "ceil": mp.ceil, "conj": mp.conj, "conjugate": mp.conj, "copy": same,
    "convert_to_tensor": same, "cos": mp.cos, "cosh": mp.cosh, "deg2rad": mp.radians,
    "digamma": digamma, "divide": lambda x, y: x / y, "true_divide": lambda x, y: x / y,
    "truediv": lambda x, y: x / y, "divide_no_nan": lambda x, y: nought(y, lambda: x / y),
    "elu": elu, "erf": mp.erf, "erfc": mp.erfc, "erfinv": mp.erfinv,
    "erfcinv": lambda x: mp.erfinv(1 - x), "exp": mp.exp, "exp2": lambda x: mp.mpf(2) ** x,
    "exponential": mp.exp, "expm1": mp.expm1, "floor": mp.floor, "fmax": max, "fmin": min,
    "gelu": gelu, "hard_shrink": lambda x: x if abs(x) > 0.5 else mp.mpf(0),
    "hard_sigmoid": lambda x: clip(x / 6 + mp.mpf(1) / 2, 0, 1),
    "hard_silu": lambda x: x * clip(x / 6 + mp.mpf(1) / 2, 0, 1),
    "hard_tanh": lambda x: clip(x, -1, 1), "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "igamma": lambda a, x: mp.gammainc(a, 0, x, regularized=True),
    "igammac": lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True), "imag": mp.im,
    "leaky_relu": lambda x: x if x > 0 else mp.mpf("0.2") * x,
    "lgamma": lambda x: mp.re(mp.loggamma(x)),
    "log": mp.log, "log10": mp.log10, "log2": lambda x: mp.log(x, 2), "log1p": mp.log1p,
    "log_sigmoid": lambda x: -softplus(-x), "logaddexp": logaddexp,
    "logaddexp2": lambda x, y: mp.log(mp.mpf(2) ** x + mp.mpf(2) ** y, 2),
    "log_poisson_loss": lambda t, x: mp.exp(x) - x * t, "maximum": max, "minimum": min,
    "mish": lambda x: x * mp.tanh(softplus(x)), "multiply": lambda x, y: x * y,
    "multiply_no_nan": lambda x, y: nought(y, lambda: x * y), "nan_to_num": same,
    "ndtri": lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1), "negative": lambda x: -x,
    "polygamma": lambda n, x: mp.mpf(-1) ** (n + 1) * mp.gamma(n + 1) * mp.zeta(n + 1, x),
    "pow": lambda x, y: x**y, "power": lambda x, y: x**y, "rad2deg": mp.degrees,
    "real": mp.re, "reciprocal": lambda x: 1 / x,
    "reciprocal_no_nan": lambda x: nought(x, lambda: 1 / x), "relu": relu,
    "relu6": lambda x: clip(x, 0, 6), "rsqrt": lambda x: 1 / mp.sqrt(x), "selu": selu,
    "sigmoid": sigmoid, "silu": lambda x: x * sigmoid(x), "sin": mp.sin, "sinh": mp.sinh,
    "sigmoid_cross_entropy_with_logits": lambda t, x: softplus(x) - x * t,
    "sinc": mp.sincpi, "soft_shrink": lambda x: mp.sign(x) * relu(abs(x) - mp.mpf("0.5")),
    "softplus": softplus, "softsign": lambda x: x / (1 + abs(x)), "sparse_plus": sparse_plus,
    "sparse_sigmoid": lambda x: clip((x + 1) / 2, 0, 1), "sqrt": mp.sqrt,
    "square": lambda x: x * x, "squared_difference": lambda x, y: (x - y) ** 2,
    "squareplus": lambda x: (x + mp.sqrt(x * x + 4)) / 2, "subtract": lambda x, y: x - y,
    "tan": mp.tan, "tanh": mp.tanh, "tanh_shrink": lambda x: x - mp.tanh(x),
    "transpose": same, "where": lambda c, x, y: x if c else y,
    "xdivy": lambda x, y: nought(x, lambda: x / y),
    "xlog1py": lambda x, y: nought(x, lambda: x * mp.log1p(y)),
    "xlogy": lambda x, y: nought(x, lambda: x * mp.log(y)), "zeta": mp.zeta,
}  # fmt: skip
BY_FULL_NAME = {"keras.ops.gelu": gelu_tanh}


class Module:
    """``tf`` or ``keras`` of a source, with functions of mpmath."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        full = f"{self._name}.{attribute}"
        if full in ("tf.math", "tf.nn", "keras.ops", "keras.activations"):
            return Module(full)
        found = BY_FULL_NAME.get(full) or NAMES.get(attribute)
        if found is None:
            raise Unknown(full)
        return found


def plain(source: str) -> Callable[..., Any]:
    """The function of a list's source in mpmath. Raises Unknown where it, or what it calls, has
    no form here."""
    found: Callable[..., Any] = eval(source, {"tf": Module("tf"), "keras": Module("keras")})
    return found
