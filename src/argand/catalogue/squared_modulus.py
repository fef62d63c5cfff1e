"""f(z) = |eᶻ|² = e^(2·Re z): a real value of a complex input, as probabilities and energies are."""

import tensorflow as tf

from argand.catalogue._numerics.exponential import reduced_exp
from argand.catalogue._numerics.fast_path import either, within
from argand.catalogue._numerics.scaling import halves, quartered, scaled_by
from argand.subject import plane, subject


@subject(
    r"f(z) = \left|e^{z}\right|^2",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "Re z = 354.89 (complex128) or 44.36 (complex64): overflow",
        "Re z = -354 … -372 (complex128) or -43.7 … -51.9 (complex64): f is subnormal",
        "Re z = 400 with upstream 1e-300: the gradient is in range, f is not",
    ),
)
def squared_modulus(z):
    """∂f/∂z = ∂f/∂z̄ = f; the gradient is 2u·f, real, twice ∂f/∂z̄."""
    return tf.square(tf.abs(tf.exp(z)))


@squared_modulus.variant
@tf.custom_gradient
def published(z):
    """u·∂f/∂z̄, the complex gradient operator of Brandwood 1983 and Kreutz-Delgado 2009: half of
    TensorFlow's gradient, which is that by the real and the imaginary part."""
    value = tf.square(tf.abs(tf.exp(z)))

    def grad(upstream):
        return tf.complex(upstream * value, tf.zeros_like(value))

    return value, grad


@squared_modulus.variant
@tf.custom_gradient
def custom(z, /):
    """2u·f, with f as one real exponential; f does not depend on Im z."""
    value = tf.exp(2 * tf.math.real(z))

    def grad(upstream):
        return tf.complex(2 * upstream * value, tf.zeros_like(value))

    return value, grad


@squared_modulus.variant
@tf.custom_gradient
def stable(z, /):
    """Ordinarily ``custom``'s algebra. Else e^(2x) = e·4ʰ with e in [1/2, 2]: only the last step,
    the scaling of u·e, overflows or vanishes. In complex64 the product is formed in float64.
    f does not depend on Im z."""
    small, careful = (40.0, _in_double) if z.dtype == tf.complex64 else (350.0, _scaled)
    ordinary = within(small, tf.math.real(z))
    value = either(ordinary, lambda: tf.exp(2 * tf.math.real(z)), lambda: careful(z)[0])

    def grad(upstream):
        def plain():
            by_x = 2 * upstream * value
            return tf.complex(by_x, tf.zeros_like(by_x))

        return either(ordinary & within(2.0**100, upstream), plain, lambda: careful(z)[1](upstream))

    return value, grad


def _in_double(z):
    x = tf.cast(tf.math.real(z), tf.float64)
    value = tf.exp(2 * tf.clip_by_value(x, -150.0, 150.0))

    def grad(upstream):
        by_x = tf.cast(2 * tf.cast(upstream, tf.float64) * value, tf.float32)
        return tf.complex(by_x, tf.zeros_like(by_x))

    return tf.cast(value, tf.float32), grad


def _scaled(z):
    x = tf.math.real(z)
    # Beyond ±1450 no upstream brings the gradient back into range.
    e, h = reduced_exp(2 * tf.clip_by_value(x, -1450.0, 1450.0))
    half = halves(h)

    def grad(upstream):
        unit, k = quartered(tf.abs(upstream))
        # Grappler would move a factor 2 to where it overflows.
        by_x = scaled_by(upstream * unit * e, 2 * (h + k) + 1)
        return tf.complex(by_x, tf.zeros_like(by_x))

    return e * half * half, grad
