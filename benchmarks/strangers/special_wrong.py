"""40 functions, each with a point where its derivative exists and TensorFlow's gradient is another.

Each names its plain form in mpmath, the point, the right derivative and a domain around the point.
``python -m benchmarks.scripts.special --verify`` holds the derivatives against difference quotients
on both sides, and measures TensorFlow's. The names say what kind of point it is.
"""

import keras
import mpmath as mp
import tensorflow as tf

from benchmarks.strangers.special_point import Special, special

E = float(mp.e)
LOG2 = float(mp.log(2))
COMPLEX = "complex128"


def quotient(top, bottom, limit):
    """top / bottom in mpmath, ``limit`` where both are 0."""
    return top / bottom if bottom != 0 else mp.mpmathify(limit)


# Zeros of xlogy's kind.


@special(lambda x: x * mp.log(2), at=0.0, right=LOG2)
def xlogy_constant(x):
    return tf.math.xlogy(x, tf.constant(2.0, x.dtype))


@special(lambda x: x * mp.log(3), at=0.0, right=float(mp.log(3)), domain=(-3.0, 3.0))
def xlog1py_constant(x):
    return tf.math.xlog1py(x, tf.constant(2.0, x.dtype))


@special(lambda x: x / 4, at=0.0, right=0.25, domain=(-2.0, 1.0))
def xdivy_constant(x):
    return tf.math.xdivy(x, tf.constant(4.0, x.dtype))


@special(lambda x, y: x * mp.log(y), at=[0.0, 2.0], right=[LOG2, 0.0], domain=[(-1, 1), (1, 3)])
def xlogy_both(x, y):
    return tf.math.xlogy(x, y)


@special(lambda z: z * mp.log(2), at=0j, right=LOG2, dtype=COMPLEX)
def xlogy_complex(z):
    return tf.math.xlogy(z, tf.constant(2.0, z.dtype))


@special(lambda z: z / 2j, at=0j, right=0.5j, dtype=COMPLEX)
def xdivy_complex(z):
    return tf.math.xdivy(z, tf.constant(2j, z.dtype))


@special(lambda x: (x - 1) * mp.log(x + 1), at=1.0, right=LOG2, domain=(0.0, 2.0))
def xlogy_shifted(x):
    return tf.math.xlogy(x - 1, x + 1)


# Quotients that are 0 where the divisor is 0.


@special(lambda x: x, at=0.0, right=1.0)
def no_nan_of_square(x):
    return tf.math.divide_no_nan(x * x, x)


@special(lambda x: quotient(mp.sin(x) ** 2, x, 0), at=0.0, right=1.0)
def no_nan_of_sine(x):
    return tf.math.divide_no_nan(tf.sin(x) ** 2, x)


@special(lambda x, y: x * y, at=[2.0, 0.0], right=[0.0, 2.0], domain=[(1, 3), (-1, 1)])
def no_nan_both(x, y):
    return tf.math.divide_no_nan(x * y * y, y)


@special(lambda z: z, at=0j, right=1.0, dtype=COMPLEX)
def no_nan_complex(z):
    return tf.math.divide_no_nan(z * z, z)


@special(lambda x: x, at=0.0, right=1.0)
def reciprocal_no_nan(x):
    return tf.math.reciprocal_no_nan(x) * x * x


@special(lambda x: x, at=0.0, right=1.0)
def multiply_no_nan(x):
    return tf.math.multiply_no_nan(1 / x, x * x)


# Guarded singularities.


@special(lambda x: quotient(mp.expm1(x), x, 1), at=0.0, right=0.5)
def double_where_expm1(x):
    s = tf.where(tf.equal(x, 0), tf.ones_like(x), x)
    return tf.where(tf.equal(x, 0), tf.ones_like(x), tf.math.expm1(s) / s)


@special(lambda x: quotient(mp.log1p(x), x, 1), at=0.0, right=-0.5, domain=(-0.5, 0.5))
def double_where_log1p(x):
    s = tf.where(tf.equal(x, 0), tf.ones_like(x), x)
    return tf.where(tf.equal(x, 0), tf.ones_like(x), tf.math.log1p(s) / s)


@special(lambda x: quotient(1 - mp.cos(x), x, 0), at=0.0, right=0.5, domain=(-2.0, 2.0))
def double_where_cosine(x):
    s = tf.where(tf.equal(x, 0), tf.ones_like(x), x)
    return tf.where(tf.equal(x, 0), tf.zeros_like(x), (1 - tf.cos(s)) / s)


@special(lambda x: quotient(mp.expm1(x), x, 1), at=0.0, right=0.5)
def single_where_expm1(x):
    return tf.where(tf.equal(x, 0), tf.ones_like(x), tf.math.expm1(x) / x)


@special(lambda x: quotient(mp.sin(x), x, 1), at=0.0, right=0.0, domain=(-3.0, 3.0))
def single_where_sine(x):
    return tf.where(tf.equal(x, 0), tf.ones_like(x), tf.sin(x) / x)


@special(lambda z: quotient(mp.exp(z) - 1, z, 1), at=0j, right=0.5, dtype=COMPLEX)
def double_where_complex(z):
    s = tf.where(tf.equal(z, 0), tf.ones_like(z), z)
    return tf.where(tf.equal(z, 0), tf.ones_like(z), (tf.exp(s) - 1) / s)


@special(mp.log, at=1.0, right=1.0, domain=(0.5, 2.0))
def guarded_logarithm(x):
    return tf.where(tf.equal(x, 1), tf.zeros_like(x), tf.math.log(x))


@special(
    lambda x, k: quotient(x**k - 1, k, mp.log(x)),
    at=[2.0, 0.0], right=[0.5, LOG2**2 / 2], domain=[(1, 3), (-1, 1)],
)  # fmt: skip
def box_cox(x, k):
    s = tf.where(tf.equal(k, 0), tf.ones_like(k), k)
    return tf.where(tf.equal(k, 0), tf.math.log(x), (x**s - 1) / s)


@special(
    lambda x, y: quotient(mp.exp(x) - mp.exp(y), x - y, mp.exp(x)),
    at=[1.0, 1.0], right=[E / 2, E / 2], domain=(0.0, 2.0),
)  # fmt: skip
def divided_difference(x, y):
    s = tf.where(tf.equal(x, y), tf.ones_like(x), x - y)
    return tf.where(tf.equal(x, y), tf.exp(x), (tf.exp(x) - tf.exp(y)) / s)


# Kinks whose sides agree.


@special(lambda x: x, at=0.0, right=1.0)
def two_relus(x):
    return tf.nn.relu(x) - tf.nn.relu(-x)


@special(lambda x: x + 1, at=1.0, right=1.0, domain=(-1.0, 3.0))
def clipped_and_rest(x):
    return tf.maximum(x, 1.0) + tf.minimum(x, 1.0)


@special(lambda x: max(x, mp.mpf(0)), at=6.0, right=1.0, domain=(5.0, 7.0))
def relu6_and_rest(x):
    return tf.nn.relu6(x) + tf.nn.relu(x - 6)


@special(lambda x: mp.sign(x) * mp.log1p(abs(x)), at=0.0, right=1.0, domain=(-3.0, 3.0))
def symlog(x):
    return tf.sign(x) * tf.math.log1p(tf.abs(x))


@special(
    lambda x: mp.sign(x) * (mp.sqrt(abs(x) + 1) - 1) + x / 1000, at=0.0, right=0.501, domain=(-2, 2)
)
def value_rescaling(x):
    return tf.sign(x) * (tf.sqrt(tf.abs(x) + 1) - 1) + 0.001 * x


@special(lambda x: mp.log1p(mp.exp(x)), at=0.0, right=0.5, domain=(-2.0, 2.0))
def softplus_by_relu(x):
    return tf.nn.relu(x) + tf.math.log1p(tf.exp(-tf.abs(x)))


@special(
    lambda x: 3 * mp.log1p(mp.exp(-x)) / 2 + mp.log1p(mp.exp(x)) / 2,
    at=0.0, right=-0.5, domain=(-1.0, 1.0),
)  # fmt: skip
def weighted_cross_entropy(x):
    half = 0.5 * tf.ones_like(x)
    return tf.nn.weighted_cross_entropy_with_logits(half, x, 3.0)


# Ties whose sides agree.


@special(lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), at=[1.0, 1.0], right=[0.5, 0.5], domain=(0, 2))
def keras_logaddexp(x, y):
    return keras.ops.logaddexp(x, y)


@special(lambda x, y: x * y, at=[1.5, 1.5], right=[1.5, 1.5], domain=(1.0, 2.0))
def larger_times_smaller(x, y):
    return tf.maximum(x, y) * tf.minimum(x, y)


@special(lambda x, y: x + y, at=[1.0, 1.0], right=[1.0, 1.0], domain=(0.0, 2.0))
def distance_and_smaller(x, y):
    return tf.abs(x - y) + 2 * tf.minimum(x, y)


# Roots of squares, norms, powers.


@special(lambda x: x**2, at=0.0, right=0.0)
def root_of_fourth_power(x):
    return tf.sqrt(x**4)


@special(lambda x: abs(x) ** 1.5, at=0.0, right=0.0)
def power_of_square(x):
    return tf.pow(x * x, 0.75)


# Products with zeros.


@special(lambda x: x * (x + 2), at=0.0, right=2.0)
def cumprod_of_two(x):
    return tf.math.cumprod(tf.stack([x, x + 2], -1), axis=-1)[..., -1]


@special(lambda r: r[0] * r[1] * r[2], at=(0.0, 2.0, 0.5), right=(1.0, 0.0, 0.0), domain=(-3, 3))
def cumprod_of_rows(x):
    return tf.math.cumprod(x, axis=-1)[:, -1]


@special(lambda x: x**2 * mp.log(x) if x > 0 else mp.mpf(0), at=0.0, right=0.0)
def where_beside_logarithm(x):
    return tf.where(x > 0, x * x * tf.math.log(x), tf.zeros_like(x))


@special(lambda x: mp.mpf(1), at=0.0, right=0.0)
def power_nought(x):
    return tf.pow(x, 0.0)


@special(lambda r: mp.sqrt(sum(v**4 for v in r)), at=(0.0, 0.0, 0.0), right=(0.0, 0.0, 0.0))
def norm_of_squares(x):
    return tf.norm(x * x, axis=-1)


@special(lambda z: z * (z + 2), at=0j, right=2.0, dtype=COMPLEX)
def cumprod_complex(z):
    return tf.math.cumprod(tf.stack([z, z + 2], -1), axis=-1)[..., -1]


ALL = [v for v in list(globals().values()) if isinstance(v, Special)]
