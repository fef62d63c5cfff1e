"""Gradients that are right: holomorphic and not, several inputs, variables, second order.

Their inputs are positional-only, for tf.custom_gradient ignores keywords or raises; or a plain
function passes them on by position.
"""

import math

import tensorflow as tf

from argand.catalogue._numerics.broadcast import reduced_to

from .entry import PLANE, right

BOTH = ("complex64", "complex128")
ALL_MODES = ("eager", "graph", "xla")
# TensorFlow's complex division, from length 2 on, is NaN where its squares leave the range: 1/z at
# 1e260 (complex128) is right alone and NaN in a batch.
DIVIDES = ("length_dependent",)


def conj(z):
    """The conjugate."""
    return tf.math.conj(z)


def like(g, x):
    """``g`` summed to the shape of ``x``."""
    return g if g.shape == x.shape else reduced_to(g, x)


# --- holomorphic -----------------------------------------------------------------------------


@right(BOTH, ALL_MODES)
@tf.custom_gradient
def gaussian(z, /):
    """exp(−z²)."""
    value = tf.exp(-z * z)
    return value, lambda u: u * conj(-2 * z * value)


@right(PLANE, tolerated=DIVIDES)
@tf.custom_gradient
def resonance(w, /):
    """1/(1 − w² + iw/4)."""
    quarter = tf.constant(0.25j, w.dtype)
    response = 1 / (1 - w * w + quarter * w)
    return response, lambda u: u * conj((2 * w - quarter) * response * response)


@right(PLANE, tolerated=DIVIDES)
@tf.custom_gradient
def mobius(z, /):
    """(z − 2)/(z + 2)."""
    below = z + 2
    return (z - 2) / below, lambda u: u * conj(4 / (below * below))


@right(BOTH)
@tf.custom_gradient
def propagator(z, /):
    """exp(iz)."""
    value = tf.exp(tf.constant(1j, z.dtype) * z)
    return value, lambda u: u * conj(tf.constant(1j, z.dtype) * value)


@right(PLANE)
@tf.custom_gradient
def sine(z, /):
    """sin z."""
    return tf.sin(z), lambda u: u * conj(tf.cos(z))


@right(PLANE, tolerated=DIVIDES)
@tf.custom_gradient
def root(z, /):
    """√z, through the principal root itself."""
    r = tf.sqrt(z)
    return r, lambda u: u * conj(1 / (2 * r))


@right(PLANE)
@tf.custom_gradient
def horner(z, /):
    """z³ − 2z + i by Horner's rule."""
    value = (z * z - 2) * z + tf.constant(1j, z.dtype)
    return value, lambda u: u * conj(3 * z * z - 2)


@right(PLANE, domain=((0.5, 4.0), (-3.0, 3.0)))
@tf.custom_gradient
def log_of_square(z, /):
    """log(z²) as 2·log z, in the right half plane."""
    return 2 * tf.math.log(z), lambda u: u * conj(2 / z)


@right(PLANE)
def plain_sinh(z):
    """sinh z with TensorFlow's own gradient."""
    return tf.sinh(z)


# --- neither holomorphic nor real ------------------------------------------------------------


@right(BOTH)
@tf.custom_gradient
def kerr(z, /):
    """|z|²z: both halves."""
    power = z * conj(z)
    return power * z, lambda u: u * 2 * power + conj(u) * z * z


@right(PLANE, ALL_MODES, tolerated=DIVIDES)
@tf.custom_gradient
def soft_modulus(z, /):
    """z/(1 + |z|²): ∂f/∂z is real, ∂f/∂z̄ = −z²s²."""
    s = 1 / (1 + z * conj(z))
    return z * s, lambda u: u * s * s - conj(u) * z * z * s * s


@right(PLANE)
@tf.custom_gradient
def phase_conjugate(z, /):
    """conj(z)·exp(z)."""
    e = tf.exp(z)
    return conj(z) * e, lambda u: u * conj(conj(z) * e) + conj(u) * e


@right(PLANE)
@tf.custom_gradient
def widely_linear(z, /):
    """(2 + i)z + 3z̄."""
    a = tf.constant(2 + 1j, z.dtype)
    return a * z + 3 * conj(z), lambda u: u * conj(a) + 3 * conj(u)


@right(PLANE)
@tf.custom_gradient
def intensity(z, /):
    """|z|², real: 2u·z."""
    return tf.math.real(z * conj(z)), lambda u: tf.cast(2 * u, z.dtype) * z


@right(PLANE, tolerated=DIVIDES)
@tf.custom_gradient
def modulus(z, /):
    """|z|, real: u·z/|z|."""
    r = tf.abs(z)
    return r, lambda u: tf.cast(u, z.dtype) * (z / tf.cast(r, z.dtype))


@right(PLANE)
@tf.custom_gradient
def log_power(z, /):
    """log(1 + |z|²), real."""
    power = tf.math.real(z * conj(z))
    return tf.math.log1p(power), lambda u: z * tf.cast(2 * u / (1 + power), z.dtype)


@right(PLANE, domain=((0.2, 3.0), (0.2, 3.0)))
@tf.custom_gradient
def cardioid(z, /):
    """(1 + cos arg z)·z/2 of Virtue et al. (2017), both halves."""
    angle = tf.math.angle(z)
    gate, bend = (1 + tf.cos(angle)) / 2, tf.sin(angle) / 4
    turn = tf.complex(tf.cos(2 * angle), tf.sin(2 * angle))

    def grad(u):
        half = tf.complex(tf.zeros_like(bend), bend)
        return u * conj(tf.cast(gate, z.dtype) + half) - conj(u) * half * turn

    return tf.cast(gate, z.dtype) * z, grad


# --- real ------------------------------------------------------------------------------------


@right(("float32", "float64"), ALL_MODES)
@tf.custom_gradient
def softplus(x, /):
    """log(1 + eˣ), shifted so that nothing overflows; the logistic function on both sides."""
    e = tf.exp(-tf.abs(x))
    large = 1 / (1 + e)
    return tf.maximum(x, 0.0) + tf.math.log1p(e), lambda u: u * tf.where(x >= 0, large, e * large)


@right(("float32", "float64"))
@tf.custom_gradient
def tone(t, /):
    """sin(2πt)."""
    angle = 2 * math.pi * t
    return tf.sin(angle), lambda u: u * 2 * math.pi * tf.cos(angle)


@right()
@tf.custom_gradient
def phasor(x, /):
    """exp(3ix) of a real x: the real part of u·conj(f′)."""
    value = tf.exp(tf.complex(tf.zeros_like(x), 3 * x))
    return value, lambda u: tf.math.real(u * conj(tf.constant(3j, u.dtype) * value))


@right()
@tf.custom_gradient
def huber(x, /):
    """Huber's loss: x²/2 inside, |x| − 1/2 outside."""
    size = tf.abs(x)
    value = tf.where(size < 1.0, x * x / 2, size - 0.5)
    return value, lambda u: u * tf.clip_by_value(x, -1.0, 1.0)


@right()
@tf.custom_gradient
def arctangent(x, /):
    """atan x; its slope rounds to zero where it should."""
    return tf.atan(x), lambda u: u / (1 + x * x)


@right()
@tf.custom_gradient
def swish(x, /):
    """x·s(x) with both terms of the product rule."""
    s = 1 / (1 + tf.exp(-x))
    return x * s, lambda u: u * (s + x * s * (1 - s))


# --- several inputs --------------------------------------------------------------------------


@right(modes=ALL_MODES)
@tf.custom_gradient
def product(x, y, /):
    """x·y, each gradient summed over the axes along which its input was broadcast."""
    return x * y, lambda u: (like(u * y, x), like(u * x, y))


@right(BOTH, tolerated=DIVIDES)
def quotient(z, w):
    """z/w, by keyword too."""
    return _quotient(z, w)


@tf.custom_gradient
def _quotient(z, w):
    ratio = z / w
    return ratio, lambda u: (like(u * conj(1 / w), z), like(u * conj(-ratio / w), w))


@right(PLANE)
@tf.custom_gradient
def tilted(z, w, /):
    """z·exp(w), broadcast."""
    e = tf.exp(w)
    value = z * e
    return value, lambda u: (like(u * conj(e), z), like(u * conj(value), w))


@right()
@tf.custom_gradient
def affine(x, slope, offset, /):
    """slope·x + offset, all three broadcast."""

    def grad(u):
        return like(u * slope, x), like(u * x, slope), like(u, offset)

    return slope * x + offset, grad


@right(PLANE)
@tf.custom_gradient
def inner(z, w, /):
    """z·conj(w): holomorphic in z, antiholomorphic in w."""
    return z * conj(w), lambda u: (like(u * w, z), like(conj(u) * z, w))


@right()
@tf.custom_gradient
def wave_packet(x, k, s, /):
    """exp(ikx − x²/2s²) of real inputs: each gradient is real."""
    r = x / s
    value = tf.exp(tf.complex(-r * r / 2, k * x))

    def grad(u):
        v = u * conj(value)
        re, im = tf.math.real(v), tf.math.imag(v)
        return like(im * k - re * r / s, x), like(im * x, k), like(re * r * r / s, s)

    return value, grad


@right()
@tf.custom_gradient
def hypotenuse(x, y, /):
    """√(x² + y²), scaled by the larger so that no square leaves the range."""
    large = tf.maximum(tf.abs(x), tf.abs(y))
    scale = tf.where(large > 0.0, large, tf.ones_like(large))
    a, b = x / scale, y / scale
    r = tf.sqrt(a * a + b * b)
    return scale * r, lambda u: (like(u * (a / r), x), like(u * (b / r), y))


# --- variables -------------------------------------------------------------------------------

_GAINS = {}


def _gain(x):
    # One variable a dtype, made on first use: a layer's weight.
    if x.dtype not in _GAINS:
        with tf.init_scope():
            _GAINS[x.dtype] = tf.Variable(tf.constant(1.5, x.dtype))
    return _GAINS[x.dtype]


@right()
@tf.custom_gradient
def layer(x, /):
    """gain·x², gain a Variable with its own gradient."""
    gain = _gain(x)

    def grad(u, variables=None):
        return u * 2 * gain * x, [tf.reduce_sum(u * x * x)]

    return gain * x * x, grad


@right(PLANE)
@tf.custom_gradient
def complex_layer(z, /):
    """gain·exp z, gain a complex Variable."""
    gain = _gain(z)
    e = tf.exp(z)

    def grad(u, variables=None):
        return u * conj(gain * e), [tf.reduce_sum(u * conj(e))]

    return gain * e, grad


# --- second order ----------------------------------------------------------------------------


@tf.custom_gradient
def _slope_of_cube(x, /):
    return 3 * x * x, lambda u: u * 6 * x


@right()
@tf.custom_gradient
def cube(x, /):
    """x³, whose slope has a custom gradient of its own, right too."""
    return x * x * x, lambda u: u * _slope_of_cube(x)


@tf.custom_gradient
def _exp_with_second(z, /):
    value = tf.exp(z)
    return value, lambda u: u * conj(_exp_with_second(z))


@right(PLANE)
def exponential(z):
    """exp z, whose backward pass calls itself: right to every order."""
    return _exp_with_second(z)
