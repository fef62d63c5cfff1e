"""f(z, w) = z^w, the principal power: the errors of log z are multiplied by w."""

import tensorflow as tf

from argand.catalogue._numerics.angle import angle
from argand.catalogue._numerics.broadcast import reduced_to
from argand.catalogue._numerics.exponential import FARTHEST, cis_of_sum, reduced_exp
from argand.catalogue._numerics.log_size import log_size
from argand.catalogue._numerics.scaled import Scaled, scaled, scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, exact_product, two_sum
from argand.subject import plane, subject

_DOWN, _LARGE = 2.0**64, 2.0**1020


@subject(
    r"f(z, w) = z^{w}",
    plane("z", (-4.0, 4.0), (-4.0, 4.0)),
    plane("w", (-4.0, 4.0), (-4.0, 4.0)),
    hard_points=(
        "Im z = ±0 with Re z < 0 (branch cut: the sign of the zero is the side)",
        "z = 0 (no value, or none but 0)",
        "|w·log z| large: each ulp of log z counts |w·log z| times",
        "Re(w·log z) = 709.78 (complex128) or 88.72 (complex64): overflow",
        "z = 1e-300, w = 1.5: z^w vanishes, the gradient w·z^(w−1) is 1.5e-150",
    ),
)
def power(z, w):
    """∂f/∂z = w·f/z, ∂f/∂w = f·log z; the gradients are u·conj of these."""
    return tf.pow(z, w)


@power.variant
@tf.custom_gradient
def custom(z, w, /):
    """u·conj(w·f/z) and u·conj(f·log z), with Pow's own value."""
    value = tf.pow(z, w)

    def grad(upstream):
        by_z = upstream * tf.math.conj(w * value / z)
        by_w = upstream * tf.math.conj(value * tf.math.log(z))
        return reduced_to(by_z, z), reduced_to(by_w, w)

    return value, grad


@power.variant(
    limits=(
        "Where |w·log z| is beyond 2^60 the phase is noise, and digits go from 2^10 (complex64: "
        "2^36) on: log z is known to some 60 bits. There value and gradients are wrong.",
        "The gradients in complex128 are off by up to 6.4 ulp, beyond 4 in one of some 1,500 "
        "samples: two complex products follow the value's own error.",
        "Where Im(w·log z) is subnormal it counts as zero, even if times f it overflows.",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(z, w, /):
    """exp(w·log z) with log z in two parts (artanh and arctan series about their nearest
    constants, Muller 2016) and products in two (Dekker 1971); e^Re = e·4ʰ, and z and w apart from
    their powers of four, so that only the last step, a scaling, overflows or vanishes.
    In complex64 all is formed in complex128."""
    wide_z, wide_w = tf.cast(z, tf.complex128), tf.cast(w, tf.complex128)
    a, b = scaled_complex(wide_z), scaled_complex(wide_w)
    zero = tf.equal(a.norm(), 0.0)
    size, size_rest = log_size(a)
    size = tf.where(zero, tf.zeros_like(size), size)
    arg, arg_rest = angle(a, tf.math.imag(wide_z))
    # The products of the largest w must not overflow before they cancel.
    u, v = tf.math.real(wide_w) / _DOWN, tf.math.imag(wide_w) / _DOWN
    re, re_rest = _sum_of_products(u, size, size_rest, -v, arg, arg_rest)
    im, im_rest = _sum_of_products(u, arg, arg_rest, v, size, size_rest)
    far = tf.abs(re) > FARTHEST / _DOWN
    re = tf.clip_by_value(re, -FARTHEST / _DOWN, FARTHEST / _DOWN) * _DOWN
    e, h = reduced_exp(re, tf.where(far, tf.zeros_like(re), re_rest * _DOWN))
    e = tf.where(zero & (u > 0), tf.zeros_like(e), e)
    im = tf.clip_by_value(im, -_LARGE / _DOWN, _LARGE / _DOWN) * _DOWN
    cos, sin = cis_of_sum(im, tf.clip_by_value(im_rest, -_LARGE / _DOWN, _LARGE / _DOWN) * _DOWN)
    value = Scaled(e * cos, e * sin, h)

    def grad(upstream):
        product = scaled_complex(tf.cast(upstream, tf.complex128)).times_conj(value)
        # conj(w/z) = conj(w)·z/|z|²
        quotient = a.times_conj(b).over(tf.where(zero, tf.ones_like(size), a.norm()), a.n)
        by_z = tf.cast(product.times(quotient).number(), z.dtype)
        by_w = product.times_conj(scaled(size + size_rest, arg + arg_rest)).number()
        # Of the powers, z^1 alone has a slope at 0 that is not 0.
        by_z = tf.where(zero & tf.equal(w, 1), upstream, by_z)
        return (
            reduced_to(by_z, z),
            reduced_to(tf.cast(by_w, z.dtype), w),
        )

    return tf.cast(value.number(), z.dtype), grad


def _sum_of_products(a, b, b_rest, c, d, d_rest):
    """a·(b + b_rest) + c·(d + d_rest) in two parts."""
    (ab, e_ab), (cd, e_cd) = exact_product(a, b), exact_product(c, d)
    total, minus_rest = two_sum(ab, cd)
    return total, ((e_ab + a * b_rest) + (e_cd + c * d_rest)) - minus_rest
