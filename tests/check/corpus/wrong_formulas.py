"""Gradients that are wrong before any rounding: each kind of wrong that argand tells by name."""

import math

import tensorflow as tf

from .entry import PLANE, defect

BOTH = ("complex64", "complex128")


def magnitude(u):
    """|u| in the dtype of u."""
    return tf.cast(tf.abs(u), u.dtype)


# --- the conjugate of ∂f/∂z ------------------------------------------------------------------


@defect("formula", says="conjugate of ∂f/∂z is missing", dtypes=BOTH)
@tf.custom_gradient
def gaussian(z):
    """exp(−z²) with the textbook derivative."""
    value = tf.exp(-z * z)

    def grad(u):
        return u * (-2 * z * value)

    return value, grad


@defect("formula", says="conjugate of ∂f/∂z is missing", dtypes=PLANE)
@tf.custom_gradient
def resonance(w):
    """1/(1 − w² + iw/4), a driven oscillator at a complex frequency; conjugate forgotten."""
    detuned = 1 - w * w + tf.constant(0.25j, w.dtype) * w
    response = 1 / detuned

    def grad(u):
        return u * (2 * w - tf.constant(0.25j, w.dtype)) * response * response

    return response, grad


@defect("formula", dtypes=("float32", "float64"))
@tf.custom_gradient
def phasor(x):
    """exp(3ix) of a real x: the real part of u·f′ where u·conj(f′) is meant."""
    value = tf.exp(tf.complex(tf.zeros_like(x), 3 * x))

    def grad(u):
        return tf.math.real(u * tf.constant(3j, u.dtype) * value)

    return value, grad


@defect("formula", says="whole gradient is conjugated", dtypes=PLANE)
@tf.custom_gradient
def cubic(z):
    """z³ in the convention of another library: conj(u)·f′."""
    return z * z * z, lambda u: tf.math.conj(u) * 3 * z * z


@defect("formula", says="whole gradient is conjugated", dtypes=PLANE)
@tf.custom_gradient
def mobius(z):
    """(z − 2)/(z + 2): the right expression, conjugated once too often."""
    below = z + 2

    def grad(u):
        return tf.math.conj(u * tf.math.conj(4 / (below * below)))

    return (z - 2) / below, grad


@defect("formula", says="upstream is conjugated", dtypes=PLANE)
@tf.custom_gradient
def rotated(z):
    """sin z with the conjugate put on the upstream too."""
    return tf.sin(z), lambda u: tf.math.conj(u) * tf.math.conj(tf.cos(z))


@defect("formula", says="upstream is conjugated", dtypes=BOTH)
@tf.custom_gradient
def quadratic_phase(z):
    """exp(iz²/2), the upstream conjugated."""
    value = tf.exp(tf.constant(0.5j, z.dtype) * z * z)

    def grad(u):
        return tf.math.conj(u) * tf.math.conj(tf.constant(1j, z.dtype) * z * value)

    return value, grad


# --- half of the gradient --------------------------------------------------------------------


@defect("formula", says="half with ∂f/∂z̄ is missing", dtypes=PLANE)
@tf.custom_gradient
def kerr(z):
    """|z|²z, the Kerr nonlinearity, differentiated as if conj(z) were a constant."""
    power = z * tf.math.conj(z)
    return power * z, lambda u: u * 2 * power


@defect("formula", says="half with ∂f/∂z̄ is missing", dtypes=BOTH)
@tf.custom_gradient
def soft_modulus(z):
    """z/(1 + |z|²), an activation that is not holomorphic; only ∂f/∂z is used."""
    scale = 1 / (1 + z * tf.math.conj(z))
    return z * scale, lambda u: u * scale * scale


@defect("formula", says="half with ∂f/∂z is missing", dtypes=PLANE)
@tf.custom_gradient
def phase_conjugate(z):
    """conj(z)·exp(z): only the conjugated half."""
    e = tf.exp(z)
    return tf.math.conj(z) * e, lambda u: tf.math.conj(u) * e


@defect("formula", says="half with ∂f/∂z is missing", dtypes=PLANE)
@tf.custom_gradient
def widely_linear(z):
    """(2 + i)z + 3z̄ with the gradient of its second term alone."""
    a = tf.constant(2 + 1j, z.dtype)
    return a * z + 3 * tf.math.conj(z), lambda u: 3 * tf.math.conj(u)


# --- factor and sign -------------------------------------------------------------------------


# Of a real function both halves are the same: one of them is half of the gradient.
@defect("formula", says="half with ∂f/∂z̄ is missing", dtypes=BOTH)
@tf.custom_gradient
def intensity(z):
    """|z|² as a real number, with the Wirtinger derivative u·z where TensorFlow has 2u·z."""
    return tf.math.real(z * tf.math.conj(z)), lambda u: tf.cast(u, z.dtype) * z


@defect("formula", says="factor 0.159155", dtypes=("float32", "float64"))
@tf.custom_gradient
def tone(t):
    """sin(2πt) with the inner derivative 2π forgotten."""
    angle = 2 * math.pi * t
    return tf.sin(angle), lambda u: u * tf.cos(angle)


@defect("formula", says=r"factor .*j", dtypes=PLANE)
@tf.custom_gradient
def propagator(z):
    """exp(iz) with the inner derivative i forgotten."""
    value = tf.exp(tf.constant(1j, z.dtype) * z)
    return value, lambda u: u * tf.math.conj(value)


@defect("formula", says="sign is reversed")
@tf.custom_gradient
def softminus(x):
    """log(1 + exp(−x)) with the sign of its slope forgotten."""
    return tf.math.log1p(tf.exp(-x)), lambda u: u / (1 + tf.exp(x))


@defect("formula", says="sign is reversed", dtypes=PLANE)
@tf.custom_gradient
def inverse_square(z):
    """1/z² with +2/z³."""
    inverse = 1 / z
    return inverse * inverse, lambda u: u * tf.math.conj(2 * inverse * inverse * inverse)


@defect("formula", says="sign is reversed")
@tf.custom_gradient
def squared_distance(x, y):
    """(x − y)² with the same gradient for both."""
    d = x - y
    return d * d, lambda u: (u * 2 * d, u * 2 * d)


# --- the upstream ----------------------------------------------------------------------------


@defect("formula", says="ignores the upstream")
@tf.custom_gradient
def unit_loss(x):
    """x⁴ as if it were the loss itself."""
    return x * x * x * x, lambda u: 4 * x * x * x


@defect("formula", says="ignores the upstream", dtypes=PLANE)
@tf.custom_gradient
def last_layer(z):
    """sinh z as if it were the loss itself."""
    return tf.sinh(z), lambda u: tf.math.conj(tf.cosh(z))


@defect("formula", says="ignores the upstream's size")
@tf.custom_gradient
def sign_descent(x):
    """tanh x with the sign of the upstream."""
    y = tf.tanh(x)
    return y, lambda u: tf.sign(u) * (1 - y * y)


@defect("formula", says="ignores the upstream's size", dtypes=PLANE)
@tf.custom_gradient
def normalised(z):
    """z² with the upstream divided by its size, against exploding gradients."""
    return z * z, lambda u: u / magnitude(u) * tf.math.conj(2 * z)


@defect("formula", says="ignores the upstream's phase", dtypes=PLANE)
@tf.custom_gradient
def power_only(z):
    """exp z with the size of the upstream."""
    value = tf.exp(z)
    return value, lambda u: magnitude(u) * tf.math.conj(value)


@defect("formula", says="ignores the upstream's phase")
@tf.custom_gradient
def positive(x):
    """cosh x with the size of the upstream."""
    return tf.cosh(x), lambda u: tf.abs(u) * tf.sinh(x)


@defect("formula", says="size counts twice", dtypes=PLANE)
@tf.custom_gradient
def weighted(z):
    """cos z: the upstream already weighs, and is weighed again."""
    return tf.cos(z), lambda u: u * magnitude(u) * tf.math.conj(-tf.sin(z))


@defect("formula", says="size counts twice")
@tf.custom_gradient
def weighted_real(x):
    """x³, weighed by the upstream's size."""
    return x * x * x, lambda u: u * tf.abs(u) * 3 * x * x


@defect("formula", says="multiplied twice", dtypes=PLANE)
@tf.custom_gradient
def chained_twice(z):
    """exp(2z): the upstream is multiplied once here and once in a helper."""
    value = tf.exp(2 * z)

    def chain(u, derivative):
        return u * tf.math.conj(derivative)

    return value, lambda u: u * chain(u, 2 * value)


@defect("formula", says="multiplied twice", dtypes=PLANE)
@tf.custom_gradient
def chained_product(z, w):
    """z·w, both gradients multiplied twice."""
    return z * w, lambda u: (u * u * tf.math.conj(w), u * u * tf.math.conj(z))


# --- zero, swapped, in a region, and none of these -------------------------------------------


@defect("formula", says="it is zero")
@tf.custom_gradient
def not_written_yet(x):
    """x·sin x with zeros for the time being."""
    return x * tf.sin(x), lambda u: tf.zeros_like(x)


@defect("formula", says="it is zero", dtypes=PLANE)
@tf.custom_gradient
def frozen(z, w):
    """z·w²: the second input is thought to be fixed."""
    return z * w * w, lambda u: (u * tf.math.conj(w * w), tf.zeros_like(w))


@defect("formula", says="gradient by input 1, not 0")
@tf.custom_gradient
def area(x, y):
    """x²·y, the gradients in the wrong order."""
    return x * x * y, lambda u: (u * x * x, u * 2 * x * y)


@defect("formula", says="gradient by input 1, not 0", dtypes=PLANE)
@tf.custom_gradient
def quotient(z, w):
    """z/w, the gradients in the wrong order."""
    ratio = z / w
    return ratio, lambda u: (u * tf.math.conj(-ratio / w), u * tf.math.conj(1 / w))


@defect("formula", says="region")
@tf.custom_gradient
def clipped_square(x):
    """x² whose gradient is clipped far out."""
    return x * x, lambda u: u * tf.clip_by_value(2 * x, -1000.0, 1000.0)


@defect("formula", says="region")
@tf.custom_gradient
def flat_tail(x):
    """atan x, its gradient cut off where it is thought to be zero."""
    slope = 1 / (1 + x * x)
    return tf.atan(x), lambda u: u * tf.where(tf.abs(x) < 50.0, slope, tf.zeros_like(x))


@defect("formula", says="region .* there it is off by the factor 2", domain=(-3.0, 3.0))
@tf.custom_gradient
def huber(x):
    """Huber's loss with x²'s slope in its quadratic part."""
    size = tf.abs(x)
    inside = size < 1.0
    value = tf.where(inside, x * x / 2, size - 0.5)
    return value, lambda u: u * tf.where(inside, 2 * x, tf.sign(x))


@defect("formula", says="none of the usual mistakes")
@tf.custom_gradient
def swish(x):
    """x/(1 + exp(−x)): the product rule's second term is forgotten."""
    s = 1 / (1 + tf.exp(-x))
    return x * s, lambda u: u * s


@defect("formula", says="none of the usual mistakes", dtypes=PLANE)
@tf.custom_gradient
def cardioid(z):
    """(1 + cos arg z)·z/2 of Virtue et al. (2017), its gate taken for a constant."""
    gate = tf.cast((1 + tf.cos(tf.math.angle(z))) / 2, z.dtype)
    return gate * z, lambda u: u * gate
