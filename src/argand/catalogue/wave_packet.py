"""f(x, k, s) = exp(ikx − x²/2s²): a Gaussian wave packet, complex, of three real inputs."""

import tensorflow as tf

from argand.catalogue._numerics.broadcast import reduced_to
from argand.catalogue._numerics.exponential import FARTHEST, cis, cis_of_sum, reduced_exp
from argand.catalogue._numerics.scaled import scaled_complex
from argand.catalogue._numerics.scaling import (
    SUBNORMAL_LIMIT,
    Term,
    apart,
    minus,
    parts,
    power,
    product,
    scaled_by,
    sum_of,
    term,
)
from argand.subject import real, subject


@subject(
    r"f(x, k, s) = e^{ikx - x^2/2s^2}",
    real("x", -10.0, 10.0),
    real("k", -10.0, 10.0),
    real("s", 0.25, 4.0),
    hard_points=(
        "|s| < 1e-154 (float32: 1e-19): s² vanishes, x/s may be ordinary",
        "|x| > 1e154 (float32: 1e19): x² overflows",
        "|kx| large: the rounding of kx is that of the phase",
        "s = 0 (pole)",
    ),
)
def wave_packet(x, k, s):
    """∂f/∂x = (ik − x/s²)·f, ∂f/∂k = ix·f, ∂f/∂s = x²/s³·f; the gradients are real."""
    return tf.exp(tf.complex(-x * x / (2 * s * s), k * x))


@wave_packet.variant
@tf.custom_gradient
def custom(x, k, s, /):
    """With g = u·conj(f): k·Im g − x/s²·Re g, x·Im g, x²/s³·Re g."""
    value = tf.exp(tf.complex(-x * x / (2 * s * s), k * x))

    def grad(upstream):
        g = upstream * tf.math.conj(value)
        re, im = tf.math.real(g), tf.math.imag(g)
        by_x, by_s = k * im - x / (s * s) * re, x * x / (s * s * s) * re
        return reduced_to(by_x, x), reduced_to(x * im, k), reduced_to(by_s, s)

    return value, grad


@wave_packet.variant(
    limits=(
        "float64: where |kx| is beyond 1.8e308 the modulus is right and the phase is noise: it "
        "would need more than 1,024 bits of kx.",
        "float64: the gradients are real parts of u·conj(∂f/∂x); where that is nearly imaginary "
        "digits are lost, for cosine and sine are known to 53 bits: off by up to 310000 ulp in "
        "a million samples, beyond 4 in three of 100, and without bound where the terms of the "
        "gradient by x cancel wholly (float32 there too: it is formed in float64).",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(x, k, s, /):
    """x/s and kx as exact quotient and product in two parts (Dekker 1971): a rounded exponent
    or phase would cost x²/s² and kx ulp. exp(−x²/2s²) = e·4ʰ, and no factor of the gradients
    is multiplied out of range before the others. In float32 the same is formed in float64."""
    return _in_double(x, k, s) if x.dtype == tf.float32 else _scaled(x, k, s)


def _in_double(x, k, s):
    wide_x, wide_k, wide_s = (tf.cast(v, tf.float64) for v in (x, k, s))
    t = wide_x / wide_s
    e = tf.exp(-0.5 * tf.square(tf.clip_by_value(t, -38.0, 38.0)))
    cos, sin = cis(wide_k * wide_x)
    value = tf.complex(e * cos, e * sin)

    def grad(upstream):
        g = tf.cast(upstream, tf.complex128) * tf.math.conj(value)
        re, im = tf.math.real(g), tf.math.imag(g)
        # Beyond 38 the exponential vanishes; t² would not.
        u = tf.clip_by_value(t, -38.0, 38.0)
        by_x, by_k, by_s = wide_k * im - u / wide_s * re, wide_x * im, u * u / wide_s * re
        return tuple(
            reduced_to(tf.cast(by, tf.float32), v) for by, v in ((by_x, x), (by_k, k), (by_s, s))
        )

    return tf.cast(value, tf.complex64), grad


def _scaled(x, k, s):
    x_parts, k_parts, s_parts = parts(x), parts(k), parts(s)
    # t = x/s = (q + rest)·2ⁿ; beyond 256 the exponential is 0 whatever the other factors.
    q = x_parts.mantissa / s_parts.mantissa
    zero = tf.zeros_like(q)
    of_q = product(parts(q), s_parts._replace(n=zero))
    rest = -sum_of(of_q, minus(x_parts._replace(n=zero))) / s_parts.mantissa
    n = tf.minimum(x_parts.n - s_parts.n, 8.0)
    unit = power(tf.maximum(n, -1000.0))
    t, rest = q * unit, rest * unit
    high = tf.round(t * 2.0**20) * 2.0**-20
    exponent = tf.clip_by_value(-0.5 * high * high, -FARTHEST, 0.0)
    e, h = reduced_exp(exponent, -0.5 * (t + high) * (t - high) - t * rest)
    phase = product(k_parts, x_parts)
    angle, rest = (scaled_by(part, phase.n) for part in (phase.value, phase.error))
    known = tf.math.is_finite(angle)
    cos, sin = cis_of_sum(*(tf.where(known, part, zero) for part in (angle, rest)))
    # A product with the sine of a tiny phase may be in range though the phase is not.
    tiny = phase.n < -200.0
    of_sin = term(sin, zero)
    sine = Term(*(tf.where(tiny, p, s) for p, s in zip(phase, of_sin, strict=True)))

    def grad(upstream):
        u = scaled_complex(upstream)
        m = 2 * (u.n + h)
        # Re and Im of u·conj(f), as v·2ⁿ
        re, im = (
            apart(
                term(p * e * cos, m), sine._replace(value=r * e * sine.value / 8, n=sine.n + m + 3)
            )
            for p, r in ((u.re, u.im), (u.im, -u.re))
        )
        q_s = q / s_parts.mantissa
        of_k = term(im[0] * k_parts.mantissa, im[1] + k_parts.n)
        of_s = term(-re[0] * q_s, re[1] + n - s_parts.n)
        by_k = scaled_by(im[0] * x_parts.mantissa, im[1] + x_parts.n)
        by_s = scaled_by(re[0] * q * q_s, re[1] + 2 * n - s_parts.n)
        return reduced_to(sum_of(of_k, of_s), x), reduced_to(by_k, k), reduced_to(by_s, s)

    half = power(tf.maximum(h, -1020.0))
    return tf.complex(cos * e * half * half, sin * e * half * half), grad
