"""1/z in two parts, for where an exponent or a phase multiplies its error."""

from __future__ import annotations

import tensorflow as tf

from argand.catalogue._numerics.scaled import Scaled
from argand.catalogue._numerics.scaling import exact_product, two_sum


def reciprocal(a: Scaled) -> tuple[Scaled, Scaled]:
    """(q, rest) with 1/a = q + rest to twice the digits of q.

    ``rest`` is q times the remainder 1 − a·q, which is exact (Dekker 1971).
    """
    size = a.norm()
    q = Scaled(a.re / size, -a.im / size, -a.n)
    # Only differences are chained, for Grappler reorders a sum of more than two terms.
    (xr, e_xr), (yi, e_yi) = exact_product(a.re, q.re), exact_product(-a.im, q.im)
    (xi, e_xi), (yr, e_yr) = exact_product(a.re, q.im), exact_product(-a.im, q.re)
    less, minus_rest = two_sum(tf.ones_like(xr), -tf.maximum(xr, yi))
    re = (less - tf.minimum(xr, yi)) - minus_rest - e_xr - e_yi
    im = (yr - xi) - e_xi + e_yr
    return q, Scaled(re * q.re - im * q.im, re * q.im + im * q.re, q.n)
