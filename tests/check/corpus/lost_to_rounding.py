"""Formulas that are right in exact arithmetic and fail in floats, in a mode or at a length."""

import tensorflow as tf

from .entry import PLANE, defect

OWN = dict.fromkeys(("PyTorch", "JAX"), "a defect of TensorFlow's own operation")

# --- range -----------------------------------------------------------------------------------


@defect("spurious_overflow", dtypes=("float32", "float64"))
@tf.custom_gradient
def softplus(x):
    """log(1 + eˣ) as written: infinite from x = 89 (float32)."""
    return tf.math.log(1 + tf.exp(x)), lambda u: u / (1 + tf.exp(-x))


@defect("spurious_overflow")
@tf.custom_gradient
def hypotenuse(x, y):
    """√(x² + y²): the squares overflow."""
    r = tf.sqrt(x * x + y * y)
    return r, lambda u: (u * (x / r), u * (y / r))


@defect("spurious_underflow", dtypes=PLANE)
@tf.custom_gradient
def z_exp(z):
    """z·eᶻ: eᶻ vanishes before the product does."""
    e = tf.exp(z)
    return z * e, lambda u: u * tf.math.conj(e + z * e)


@defect("spurious_underflow", dtypes=("float32", "float64"))
@tf.custom_gradient
def logistic(x):
    """The logistic function with s(1 − s), which is 0 from x = 37."""
    s = 1 / (1 + tf.exp(-x))
    return s, lambda u: u * s * (1 - s)


@defect("spurious_nan")
@tf.custom_gradient
def logistic_quotient(x):
    """eˣ/(1 + eˣ): ∞/∞ from x = 710."""
    e = tf.exp(x)
    return e / (1 + e), lambda u: u * e / ((1 + e) * (1 + e))


@defect("spurious_nan", dtypes=("float32", "float64"))
@tf.custom_gradient
def half_stable_softplus(x):
    """log(1 + eˣ), shifted in the forward pass; the backward pass is ∞/∞ on the right."""
    value = tf.maximum(x, 0.0) + tf.math.log1p(tf.exp(-tf.abs(x)))

    def grad(u):
        e = tf.exp(x)
        return u * e / (1 + e)

    return value, grad


@defect("spurious_nan", dtypes=PLANE)
@tf.custom_gradient
def tanh_of_exponentials(z):
    """(e²ᶻ − 1)/(e²ᶻ + 1): ∞/∞ on the right."""
    e = tf.exp(2 * z)
    value = (e - 1) / (e + 1)
    return value, lambda u: u * tf.math.conj(4 * e / ((e + 1) * (e + 1)))


@defect("spurious_nan", dtypes=PLANE)
@tf.custom_gradient
def polar_upstream(z):
    """exp z: the upstream is taken apart into size and phase, which zero does not have."""
    value = tf.exp(z)

    def grad(u):
        size = tf.cast(tf.abs(u), u.dtype)
        return size * (u / size) * tf.math.conj(value)

    return value, grad


@defect("spurious_overflow", dtypes=PLANE)
@tf.custom_gradient
def upstream_from_squares(z):
    """2z: the upstream's size as √(Re² + Im²), which leaves the range before u does."""

    def grad(u):
        re, im = tf.math.real(u), tf.math.imag(u)
        twice, phase = 2 * tf.sqrt(re * re + im * im), tf.math.angle(u)
        return tf.complex(twice * tf.cos(phase), twice * tf.sin(phase))

    return 2 * z, grad


@defect("missed_overflow")
@tf.custom_gradient
def clipped_exp(x):
    """eˣ whose gradient is clipped so that it stays finite."""
    value = tf.exp(x)
    return value, lambda u: u * tf.clip_by_value(value, 0.0, 1e300)


@defect("missed_overflow", dtypes=("float32",))
@tf.custom_gradient
def clipped_sinh(x):
    """sinh x whose gradient is clipped so that it stays finite."""
    return tf.sinh(x), lambda u: u * tf.minimum(tf.cosh(x), 3e38)


# --- digits ----------------------------------------------------------------------------------


@defect("wrong", domain=(1e-9, 1e-6))
@tf.custom_gradient
def sinc(x):
    """sin(x)/x: (x cos x − sin x)/x² has no digit left near zero."""
    return tf.sin(x) / x, lambda u: u * (x * tf.cos(x) - tf.sin(x)) / (x * x)


@defect("wrong", dtypes=PLANE, domain=((1e-14, 1.0), (1e-14, 1.0)))
@tf.custom_gradient
def divided_difference(z):
    """(eᶻ − 1)/z: cancels near zero, in value and gradient."""
    e = tf.exp(z)
    value = (e - 1) / z
    return value, lambda u: u * tf.math.conj((e - value) / z)


@defect("inaccurate", domain=(1e-8, 1.0))
@tf.custom_gradient
def versine(x):
    """1 − cos x: digits are lost below 1e-4."""
    return 1 - tf.cos(x), lambda u: u * tf.sin(x)


@defect("inaccurate", domain=(1e-3, 10.0))
@tf.custom_gradient
def tanh_by_square(x):
    """tanh x with 1 − y², which cancels as y nears 1."""
    y = tf.tanh(x)
    return y, lambda u: u * (1 - y * y)


@defect("inaccurate", dtypes=PLANE, domain=((-1e-3, 1e-3), (-1e-3, 1e-3)))
@tf.custom_gradient
def log_near_one(z):
    """log(1 + z) as written, for small z."""
    return tf.math.log(1 + z), lambda u: u / (1 + tf.math.conj(z))


# --- TensorFlow's own, by mode and by length -------------------------------------------------


@defect("conjugated", dtypes=PLANE, modes=("xla",), unported=OWN)
def square_root(z):
    """tf.sqrt, whose compiled gradient is conjugated."""
    return tf.sqrt(z)


@defect("conjugated", dtypes=PLANE, modes=("xla",), unported=OWN)
def reciprocal(z):
    """tf.math.reciprocal, whose compiled gradient is conjugated."""
    return tf.math.reciprocal(z)


@defect("mode_disagreement", dtypes=PLANE, modes=("eager", "graph", "xla"), unported=OWN)
def square_root_by_mode(z):
    """tf.sqrt: eager and graph give the gradient, XLA its conjugate."""
    return tf.sqrt(z)


@defect("mode_disagreement", dtypes=PLANE, modes=("eager", "xla"), unported=OWN)
def inverse_root_by_mode(z):
    """tf.math.rsqrt: conjugated when compiled, like tf.sqrt."""
    return tf.math.rsqrt(z)


@defect("length_dependent", dtypes=("complex64",), unported=OWN)
def logarithm(z):
    """tf.math.log: the vector path turns NaN at 1e30+1e30j, from length 4."""
    return tf.math.log(z)


@defect("length_dependent", dtypes=("complex64",), unported=OWN)
def log_of_square(z):
    """2·log z, built on the same kernel."""
    return 2 * tf.math.log(z)


@defect("length_dependent")
@tf.custom_gradient
def averaged(x):
    """x², its gradient averaged over the batch as the loss will be."""
    return x * x, lambda u: u * 2 * x / tf.cast(tf.size(x), x.dtype)
