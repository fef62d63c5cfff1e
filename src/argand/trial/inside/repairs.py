"""What mends an operation that goes wrong: the usual repairs, a row for each cause."""

from __future__ import annotations

from collections.abc import Callable

from argand.program import Operation, Program
from argand.trial.inside.blame import RANGED
from argand.trial.inside.fault import Fault, has_one, operands, path, square, used_by


def repair(fault: Fault) -> str:
    """What would mend it, in a sentence; "" where no row of the table says."""
    return next((said for row in _ROWS if (said := row(fault))), "")


def of_formula(conjugated: bool) -> str:
    """What would mend a gradient whose formula is not the derivative."""
    if conjugated:
        return (
            "take tf.math.conj of the derivative: TensorFlow's gradient of a holomorphic f is "
            "u * conj(f'(z))"
        )
    return "derive the gradient anew: argand check looks for what the formula confuses"


_SUMS = frozenset({"Sum", "AddV2", "Add", "AddN", "Mean"})
_QUOTIENTS = frozenset({"RealDiv", "Div"})
_INVERSES = frozenset({"Reciprocal", "Inv"})


def _unused(f: Fault) -> str:
    if not f.unused:
        return ""
    return (
        "guard the operand, not the result, where inside and outside: safe = tf.where(condition, "
        "x, 1.0), then tf.where(condition, f(safe), other), with a number in place of 1.0 that "
        "does f no harm. The gradient of tf.where multiplies the slope of the branch that it does "
        "not take by 0, and 0 times inf or NaN is NaN"
    )


def _atan2(f: Fault) -> str:
    if f.of != "Atan2" or not f.lost:
        return ""
    return (
        "guard the operand, where inside and outside: ok = (x != 0) | (y != 0), "
        "tf.where(ok, tf.atan2(y, tf.where(ok, x, 1.0)), 0.0)"
    )


def _norm(f: Fault) -> str:
    """A square root of a sum of squares at 0."""
    if f.of not in ("Sqrt", "Rsqrt") or not f.lost or not _of_squares(f.forward, f.parent):
        return ""
    if f.of == "Rsqrt":
        return "tf.math.rsqrt(s + eps), s the sum of the squares; tf.math.l2_normalize does so"
    return (
        "add a small number inside, tf.sqrt(s + eps) with s the sum of the squares, or guard the "
        "operand, where inside and outside: tf.where(s > 0, tf.sqrt(tf.where(s > 0, s, 1.0)), 0.0)"
    )


def _of_squares(program: Program, root: Operation | None) -> bool:
    """Whether a root's operand is a sum of squares, or one square."""
    inner = next(iter(operands(program, root)), None)
    terms = operands(program, inner) if inner is not None and inner.type in _SUMS else [inner]
    return any(map(square, terms))


def _slope_of_root(f: Fault) -> str:
    if f.of != "Sqrt" or not f.lost or f.own:
        return ""
    return (
        "the slope of a square root at 0 is infinite: add a small number inside, tf.sqrt(x + eps), "
        "or guard the operand, where inside and outside: "
        "tf.where(x > 0, tf.sqrt(tf.where(x > 0, x, 1.0)), 0.0)"
    )


# Where a real function has a value, where the value has a finite slope, and a number inside.
_DOMAINS = {
    "Log": ("x > 0", "x > 0", "1.0"),
    "Log1p": ("x > -1", "x > -1", "0.0"),
    "Sqrt": ("x >= 0", "x > 0", "1.0"),
    "Rsqrt": ("x > 0", "x > 0", "1.0"),
    "Acos": ("abs(x) <= 1", "abs(x) < 1", "0.0"),
    "Asin": ("abs(x) <= 1", "abs(x) < 1", "0.0"),
    "Acosh": ("x >= 1", "x > 1", "2.0"),
    "Atanh": ("abs(x) < 1", "abs(x) < 1", "0.0"),
    "Erfinv": ("abs(x) < 1", "abs(x) < 1", "0.0"),
    "Ndtri": ("0 < x < 1", "0 < x < 1", "0.5"),
}
_OF_COMPLEX = {"Log": "x != 0", "Log1p": "x != -1", "Sqrt": "x != 0", "Rsqrt": "x != 0"}


def _entropy(f: Fault) -> str:
    """x·log x."""
    if f.parent is None or f.of != "Log" or not f.lost:
        return ""
    x = f.parent.inputs[0]
    for op in used_by(f.forward, f.parent):
        if op.type == "Mul" and x in op.inputs:
            return "tf.math.xlogy(x, x) for x * log(x): it is 0 where x is 0"
    return ""


def _outside(f: Fault) -> str:
    """A function beside its domain, or its slope at the end of it."""
    if f.parent is None or f.of not in _DOMAINS or not f.lost:
        return ""
    value, slope, inside = _DOMAINS[f.of]
    if f.forward.dtypes[f.parent.inputs[0]].startswith("complex"):
        if f.of not in _OF_COMPLEX:
            return ""
        value = slope = _OF_COMPLEX[f.of]
        inside = "1.0"
    what, domain = ("value", value) if f.own else ("finite slope", slope)
    name = f.of.lower()
    clip = f.of in ("Acos", "Asin", "Atanh", "Erfinv")
    rounded = "tf.clip_by_value where only rounding takes x out of it, else " if clip else ""
    return (
        f"{name}(x) has a {what} where {domain}: guard the operand, {rounded}where inside "
        f"and outside: ok = {domain}, tf.where(ok, {name}(tf.where(ok, x, {inside})), other)"
    )


def _power(f: Fault) -> str:
    if f.of != "Pow" or not f.lost:
        return ""
    return (
        "pow(x, y) of a negative x has a value for whole y only, and at x = 0 none for y < 0 and "
        "no slope for y < 1. For a fixed whole y write the product, x * x; else guard the base, "
        "where inside and outside: tf.where(x > 0, tf.pow(tf.where(x > 0, x, 1.0), y), other)"
    )


def _xlogy(f: Fault) -> str:
    if f.of not in ("Xlogy", "Xlog1py") or not f.lost:
        return ""
    return f"{f.of.lower()}(x, y) has a logarithm of y in its slope: keep y away from the end of it"


def _no_nan(f: Fault) -> str:
    if f.of != "DivNoNan":
        return ""
    return (
        "divide_no_nan leaps to 0 where the divisor is 0, and its gradient there is 0 whatever the "
        "quotient does: guard the divisor, tf.where(y != 0, y, 1.0), and set the limit outside"
    )


def _quotient(f: Fault) -> str:
    of = f.op.type if f.parent is None else f.of  # without a parent it is the author's own gradient
    if not f.lost or of not in _QUOTIENTS | _INVERSES:
        return ""
    return (
        "guard the divisor, not the quotient, where inside and outside: "
        "tf.where(y != 0, x / tf.where(y != 0, y, 1.0), limit), with the limit of the quotient "
        "there, or tf.math.divide_no_nan(x, y) where 0 is meant"
    )


def _log_of_exp(f: Fault) -> str:
    """What leaves the range on its way into a logarithm."""
    if f.kind not in RANGED or not f.own:
        return ""
    after = list(path(f.forward, f.op))
    if not any(op.type == "Log" for op in after):
        return ""
    if f.of in ("Softmax", "Sigmoid"):
        inner = "nn.log_softmax" if f.of == "Softmax" else "math.log_sigmoid"
        return f"write tf.{inner}(x) for the logarithm of it: that has no exponential to lose"
    if f.of == "Cosh":
        return "log(cosh(x)) is abs(x) + log1p(exp(-2 * abs(x))) - log(2)"
    if f.of in ("Prod", "Cumprod"):
        return "the logarithm of a product is the sum of the logarithms"
    if f.of != "Exp":
        return ""
    sums = [op for op in after if op.type in _SUMS]
    if any(op.type in _QUOTIENTS for op in after):
        return (
            "write the logarithm of a softmax as tf.nn.log_softmax(x), that of a sigmoid as "
            "tf.math.log_sigmoid(x): no exponential leaves the range there"
        )
    if any(has_one(f.forward, op) for op in sums):
        return "tf.math.softplus(x) for log(1 + exp(x)): no exponential leaves the range there"
    if sums:
        return "tf.reduce_logsumexp(x) for log(sum(exp(x))): it takes the largest x out first"
    return "log(exp(x)) is x: take the logarithm of what is multiplied, and add"


def _exponential(f: Fault) -> str:
    """An exponential that leaves the range on its way into a quotient or a product."""
    if f.kind not in RANGED or not f.own or f.of not in ("Exp", "Sinh", "Cosh"):
        return ""
    after = list(path(f.forward, f.op))
    divided = [op for op in after if op.type in _QUOTIENTS | _INVERSES]
    around = after + [o for op in divided for o in operands(f.forward, op) if o is not None]
    sums = [op for op in around if op.type in _SUMS]
    if divided:
        if f.of != "Exp":
            return "write it with exp(-abs(x)), which is at most 1; sinh(x) / cosh(x) is tf.tanh(x)"
        if any(has_one(f.forward, op) for op in sums):
            return "tf.sigmoid(x) for exp(x) / (1 + exp(x)) and for 1 / (1 + exp(-x))"
        if sums:
            return (
                "tf.nn.softmax(x), or exp(x - m) / sum(exp(x - m)) with m = tf.reduce_max(x): a "
                "softmax does not change when all x are moved alike"
            )
    if any(op.type == "Mul" for op in after):
        return (
            "keep the size in the exponent: exp(a) * exp(b) as exp(a + b), and x * exp(a) as "
            "sign(x) * exp(a + log(abs(x)))"
        )
    return ""


def _hypotenuse(f: Fault) -> str:
    if f.kind not in RANGED or not f.own or not (square(f.op) or f.of in _SUMS):
        return ""
    after = path(f.forward, f.op)
    if not any(op.type in ("Sqrt", "Rsqrt") and _of_squares(f.forward, op) for op in after):
        return ""
    return (
        "scale before squaring: m * tf.sqrt(tf.reduce_sum((x / m)**2)) with m the largest abs(x), "
        "and 1 for an m of 0; of two numbers tf.abs(tf.complex(x, y))"
    )


def _log_near_one(f: Fault) -> str:
    """The logarithm of a sum that has lost the digits of its small term."""
    inner = next(iter(operands(f.program, f.op)), None)
    if f.kind != "amplified" or f.op.type != "Log" or inner is None:
        return ""
    if not has_one(f.program, inner):
        return ""
    if inner.type in _SUMS:
        return "tf.math.log1p(x) for log(1 + x)"
    return "tf.math.log1p(-x) for log(1 - x)" if inner.type == "Sub" else ""


def _difference(f: Fault) -> str:
    if f.kind != "amplified" or f.op.type not in {"Sub", "SquaredDifference"} | _SUMS:
        return ""
    terms = [o for o in operands(f.program, f.op) if o is not None]
    types = [o.type for o in terms]
    one = f.op.type == "Sub" and has_one(f.program, f.op)
    if one and len(types) == 1 and types[0] in _BESIDE_ONE:
        return _BESIDE_ONE[types[0]]
    if one and len(types) == 1 and square(terms[0]):
        return "factorise: 1 - x**2 is (1 - x) * (1 + x)"
    if f.op.type == "Sub" and types in (["Log", "Log"], ["Sqrt", "Sqrt"]):
        return _OF_TWO[types[0]]
    if f.op.type == "Sub" and len(types) == 2 and all(map(square, terms)):
        return "factorise: a**2 - b**2 is (a - b) * (a + b)"
    return (
        "two terms cancel, and what is left of them is their rounding: rewrite the formula so that "
        "the large equal part is never computed (expm1, log1p, a factorised difference, a series)"
    )


_BESIDE_ONE = {
    "Cos": "2 * tf.sin(x / 2)**2 for 1 - cos(x)",
    "Cosh": "2 * tf.sinh(x / 2)**2 for cosh(x) - 1",
    "Exp": "tf.math.expm1(x) for exp(x) - 1",
    "Sigmoid": "tf.sigmoid(-x) for 1 - sigmoid(x)",
    "Erf": "tf.math.erfc(x) for 1 - erf(x)",
    "Sqrt": "x / (tf.sqrt(1 + x) + 1) for sqrt(1 + x) - 1",
}
_OF_TWO = {
    "Log": "tf.math.log1p((a - b) / b) for log(a) - log(b), with a - b written out",
    "Sqrt": "(a - b) / (tf.sqrt(a) + tf.sqrt(b)) for sqrt(a) - sqrt(b), with a - b written out",
}

# The more special come first.
_ROWS: tuple[Callable[[Fault], str], ...] = (
    _unused, _atan2, _norm, _slope_of_root, _entropy, _outside, _power, _xlogy, _no_nan, _quotient,
    _log_of_exp, _exponential, _hypotenuse, _log_near_one, _difference,
)  # fmt: skip
