"""f(z) = z·eᶻ, holomorphic: the gradient needs a conjugate that is easy to forget."""

import tensorflow as tf

from argand.catalogue._exponential import exp_factors, quartered, scale
from argand.subject import plane, subject


@subject(
    r"f(z) = z\,e^{z}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0 (zero of f)",
        "z = -1 (zero of the gradient)",
        "Re z = 709.78 (complex128) or 88.72 (complex64): overflow",
        "Re z = -708 … -716: eᶻ is subnormal, z·eᶻ is not",
    ),
)
def z_exp_z(z):
    """∂f/∂z = (1 + z)·eᶻ, ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return z * tf.exp(z)


@z_exp_z.variant
@tf.custom_gradient
def published(z):
    """u·(eᶻ + z·eᶻ), as printed: the conjugate is forgotten."""
    exp_z = tf.exp(z)

    def grad(upstream):
        return upstream * (exp_z + z * exp_z)

    return z * exp_z, grad


@z_exp_z.variant
@tf.custom_gradient
def custom(z):
    """u·conj((1 + z)·eᶻ): one exponential, shared by value and gradient."""
    exp_z = tf.exp(z)

    def grad(upstream):
        return upstream * tf.math.conj((1 + z) * exp_z)

    return z * exp_z, grad


@z_exp_z.variant
@tf.custom_gradient
def stable(z):
    """eᶻ = cis(y)·e^x, and e^x is kept in factors that stay in range.

    Products of z (or 1 + z) with cis(y) come first, real scalings last, so that only a result
    that is itself out of range overflows or vanishes: |z·eᶻ| may be in range though eᶻ is not.
    """
    e = exp_factors(z)

    def times_exp(a, upstream=None):
        a, four = quartered(a)
        product = scale(a * e.cis, e.shrink)
        if upstream is not None:
            product = upstream * tf.math.conj(product)
        return scale(product, four, e.grow, e.rest)

    def grad(upstream):
        return times_exp(1 + z, upstream)

    return times_exp(z), grad
