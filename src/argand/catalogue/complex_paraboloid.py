"""f(x, y) = (x² − y) + i·x·y: a complex value of two real inputs."""

import tensorflow as tf

from argand.catalogue._numerics.broadcast import reduced_to
from argand.catalogue._numerics.compensated import difference, split, sum_of_two
from argand.catalogue._numerics.fast_path import UP, either, within
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, minus, parts, product, sum_of
from argand.subject import real, subject


@subject(
    r"f(x, y) = (x^2 - y) + i\,x y",
    real("x", -10.0, 10.0),
    real("y", -10.0, 10.0),
    hard_points=("y = x² (the real part cancels)", "|x| > 2⁵¹² (x² out of range)"),
)
def complex_paraboloid(x, y):
    """The gradient of a real input is real: Re(u·conj ∂f/∂x), Re(u·conj ∂f/∂y)."""
    return tf.complex(x * x - y, x * y)


@complex_paraboloid.variant
@tf.custom_gradient
def published(x, y):
    """As printed: a complex gradient for real inputs, and 1j times a real tensor raises."""

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)
        by_x = a * 2 * x + b * y + 1j * (a * y + b * x)
        by_y = -a + b * x + 1j * (a * x + b * y)
        return by_x, by_y

    return tf.complex(x * x - y, x * y), grad


@complex_paraboloid.variant
@tf.custom_gradient
def custom(x, y, /):
    """(Re u·2x + Im u·y, −Re u + Im u·x), real."""

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)
        return reduced_to(a * 2 * x + b * y, x), reduced_to(b * x - a, y)

    return tf.complex(x * x - y, x * y), grad


@complex_paraboloid.variant(
    limits=(f"{SUBNORMAL_LIMIT}: at x = 5e-324 with upstream 1e300 the gradient by x lacks 1e-23.",)
)
@tf.custom_gradient
def stable(x, y, /):
    """The same sums of products, each product exact in two parts and apart from its power of
    two: cancellation (y near x², or Re u·2x near −Im u·y) costs no digit, and only a sum that
    is itself out of range overflows or vanishes. Ordinarily one power of two serves all, so that
    no part vanishes. In float32, products are exact in float64."""
    return _in_double(x, y) if x.dtype == tf.float32 else _in_parts(x, y)


def _in_double(x, y):
    wide_x, wide_y = tf.cast(x, tf.float64), tf.cast(y, tf.float64)

    def grad(upstream):
        a, b = (tf.cast(p(upstream), tf.float64) for p in (tf.math.real, tf.math.imag))
        by_x = tf.cast(a * 2 * wide_x + b * wide_y, tf.float32)
        by_y = tf.cast(b * wide_x - a, tf.float32)
        return reduced_to(by_x, x), reduced_to(by_y, y)

    return tf.complex(tf.cast(wide_x * wide_x - wide_y, tf.float32), x * y), grad


def _in_parts(x, y):
    ordinary = within(2.0**200, x, y)

    def plain_re():
        up_x = split(x * UP)
        return difference(up_x, up_x, y * UP**2) * UP**-2

    def grad(upstream):
        a, b = tf.math.real(upstream), tf.math.imag(upstream)

        def plain():
            up_x, up_y, up_a, up_b = (split(t * UP) for t in (x, y, a + a, b))
            by_x = sum_of_two(up_a, up_x, up_b, up_y)
            return by_x * UP**-2, difference(up_b, up_x, a * UP**2) * UP**-2

        by_x, by_y = either(
            ordinary & within(2.0**200, a, b), plain, lambda: _scaled_gradient(x, y, a, b)
        )
        return reduced_to(by_x, x), reduced_to(by_y, y)

    return tf.complex(either(ordinary, plain_re, lambda: _scaled_re(x, y)), x * y), grad


def _scaled_re(x, y):
    x_parts = parts(x)
    return sum_of(product(x_parts, x_parts), minus(parts(y)))


def _scaled_gradient(x, y, a, b):
    x, y, a, b = (parts(t) for t in (x, y, a, b))
    by_x = sum_of(product(a._replace(n=a.n + 1), x), product(b, y))
    return by_x, sum_of(product(b, x), minus(a))
