"""40 functions, each with a point of a kind at which TensorFlow often errs, and here does not.

As in ``special_wrong``: plain form in mpmath, the point, the derivative, a domain around the point.
They are simple enough that no other place of their domain loses digits or range.
"""

import keras
import mpmath as mp
import tensorflow as tf

from benchmarks.strangers.special_point import Special, special

COMPLEX = "complex128"


def relu(x):
    """max(x, 0) in mpmath."""
    return x if x > 0 else mp.mpf(0)


def quotient(top, bottom, limit):
    """top / bottom in mpmath, ``limit`` where both are 0."""
    return top / bottom if bottom != 0 else mp.mpmathify(limit)


# Kinks whose sides agree.


@special(lambda x: x * abs(x), at=0.0, right=0.0)
def times_size(x):
    return x * tf.abs(x)


@special(lambda x: relu(x) ** 2, at=0.0, right=0.0)
def relu_squared(x):
    return tf.nn.relu(x) ** 2


@special(lambda x: x**2 / 2 if abs(x) <= 1 else abs(x) - 0.5, at=1.0, right=1.0, domain=(-2.0, 3.0))
def huber(x):
    size = tf.abs(x)
    return tf.where(size <= 1, x * x / 2, size - 0.5)


@special(lambda x: x**2 / 2 if abs(x) <= 1 else abs(x) - 0.5, at=-1.0, right=-1.0, domain=(-3, 2))
def huber_by_minimum(x):
    size = tf.abs(x)
    within = tf.minimum(size, 1.0)
    return within * (size - within / 2)


@special(lambda x: min(max(x, -1), 1) ** 2, at=0.0, right=0.0, domain=(-0.75, 0.75))
def clipped_squared(x):
    return tf.clip_by_value(x, -1.0, 1.0) ** 2


@special(lambda x: x, at=1.0, right=1.0, domain=(0.5, 2.0))
def clipped_and_rest(x):
    return tf.clip_by_value(x, -1.0, 1.0) + tf.nn.relu(x - 1)


@special(lambda x: mp.sign(x) * x**2, at=0.0, right=0.0)
def sign_times_square(x):
    return tf.sign(x) * x * x


@special(lambda x: mp.mpf(0), at=0.0, right=0.0)
def relus_multiplied(x):
    return tf.nn.relu(x) * tf.nn.relu(-x)


@special(lambda x: x**2, at=0.0, right=0.0)
def size_squared(x):
    return tf.abs(x) ** 2


@special(lambda x: abs(x) ** 3, at=0.0, right=0.0)
def size_cubed(x):
    return tf.abs(x) ** 3


@special(lambda x: abs(x) ** 1.5, at=0.0, right=0.0)
def size_to_three_halves(x):
    return tf.pow(tf.abs(x), 1.5)


@special(lambda x: x**2, at=0.0, right=0.0)
def larger_squared(x):
    return tf.maximum(x, -x) ** 2


@special(lambda x: relu(1 - x) ** 2, at=1.0, right=0.0, domain=(0.0, 3.0))
def squared_hinge(x):
    return tf.nn.relu(1 - x) ** 2


@special(lambda x: x * relu(x), at=0.0, right=0.0)
def relu_times(x):
    return x * tf.nn.relu(x)


@special(lambda x: mp.sin(x) * relu(x), at=0.0, right=0.0)
def relu_times_sine(x):
    return tf.sin(x) * tf.nn.relu(x)


@special(lambda x: x if x > 0 else mp.sin(x), at=0.0, right=1.0)
def linear_beside_sine(x):
    return tf.where(x > 0, x, tf.sin(x))


@special(lambda x: x**2 if x < 0 else x**3, at=0.0, right=0.0)
def square_beside_cube(x):
    return tf.where(x < 0, x**2, x**3)


@special(lambda x: x if x >= 0 else mp.expm1(x), at=0.0, right=1.0)
def linear_beside_expm1(x):
    return tf.where(x >= 0, x, tf.math.expm1(x))


@special(
    lambda x: mp.mpf(0) if x <= -1 else (x if x >= 1 else (x + 1) ** 2 / 4),
    at=1.0, right=1.0, domain=(0.0, 2.0),
)  # fmt: skip
def keras_sparse_plus(x):
    return keras.activations.sparse_plus(x)


@special(lambda x: (x + mp.sqrt(x**2 + 4)) / 2, at=0.0, right=0.5)
def keras_squareplus(x):
    return keras.activations.squareplus(x)


@special(lambda x: x / (1 + abs(x)), at=0.0, right=1.0)
def softsign(x):
    return tf.nn.softsign(x)


@special(lambda x: mp.log1p(mp.exp(x)), at=0.0, right=0.5)
def softplus(x):
    return tf.math.softplus(x)


@special(lambda x: x * abs(x), at=0.0, right=0.0)
def root_of_square_times(x):
    return tf.sqrt(x * x) * x


# Ties whose sides agree.


@special(lambda x: x if x > 0 else mp.sin(x), at=0.0, right=1.0)
def larger_of_tangents(x):
    return tf.where(x > 0, tf.maximum(x, tf.sin(x)), tf.sin(x))


@special(lambda x, y: x + y, at=[1.0, 1.0], right=[1.0, 1.0], domain=(0.5, 2.0))
def larger_and_smaller_of_rows(x, y):
    both = tf.stack([x, y], -1)
    return tf.reduce_max(both, -1) + tf.reduce_min(both, -1)


@special(lambda x, y: (x - y) ** 2, at=[1.0, 1.0], right=[0.0, 0.0], domain=(0.0, 2.0))
def distance_squared(x, y):
    return tf.abs(x - y) ** 2


@special(lambda r: mp.log(sum(mp.exp(v) for v in r)), at=(0.5, 0.5), right=(0.5, 0.5))
def logsumexp(x):
    return tf.reduce_logsumexp(x, axis=-1)


# Guarded singularities, norms and powers.


@special(lambda x: quotient(mp.sin(x), x, 1), at=0.0, right=0.0)
def double_where_sine(x):
    s = tf.where(tf.equal(x, 0), tf.ones_like(x), x)
    return tf.where(tf.equal(x, 0), tf.ones_like(x), tf.sin(s) / s)


@special(lambda x: x**2, at=0.0, right=0.0)
def no_nan_of_cube(x):
    return tf.math.divide_no_nan(x**3, x)


@special(lambda x, y: x * y, at=[2.0, 0.0], right=[0.0, 2.0], domain=[(1, 3), (-1, 1)])
def multiply_no_nan(x, y):
    return tf.math.multiply_no_nan(x, y)


@special(lambda x: x * mp.sqrt(x) if x > 0 else mp.mpf(0), at=0.0, right=0.0)
def where_beside_root(x):
    return tf.where(x > 0, x * tf.sqrt(tf.abs(x)), tf.zeros_like(x))


@special(lambda x, y: x * mp.log(y), at=[1.5, 1.0], right=[0.0, 1.5], domain=[(1, 2), (0.5, 2)])
def xlogy_at_one(x, y):
    return tf.math.xlogy(x, y)


@special(lambda x: x**2, at=0.0, right=0.0)
def power_two(x):
    return tf.pow(x, 2.0)


@special(lambda x: x, at=0.0, right=1.0)
def power_one(x):
    return tf.pow(x, 1.0)


@special(lambda x, y: x**2 + y**2, at=[0.0, 0.0], right=[0.0, 0.0])
def length_squared(x, y):
    return tf.sqrt(x * x + y * y) ** 2


# Products with zeros.


@special(lambda x: x * (x + 2), at=0.0, right=2.0, domain=(-0.5, 0.5))
def product_of_two(x):
    return tf.reduce_prod(tf.stack([x, x + 2], -1), axis=-1)


@special(lambda r: r[0] * r[1] * r[2], at=(0.0, 2.0, 0.5), right=(1.0, 0.0, 0.0), domain=(-3, 3))
def product_of_rows(x):
    return tf.reduce_prod(x, axis=-1)


# Complex.


@special(lambda z: abs(z) ** 2, at=0j, right=0.0, dtype=COMPLEX)
def modulus_squared(z):
    return tf.math.real(z) ** 2 + tf.math.imag(z) ** 2


@special(lambda z: z**2, at=0j, right=0.0, dtype=COMPLEX)
def square_complex(z):
    return tf.square(z)


@special(lambda z: z * mp.conj(z), at=0j, right=0.0, dtype=COMPLEX)
def times_conjugate(z):
    return z * tf.math.conj(z)


ALL = [v for v in list(globals().values()) if isinstance(v, Special)]
