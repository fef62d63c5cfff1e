"""Certified points per second, against mpmath at 113 bits computing the same numbers.

Both give the value and both Wirtinger derivatives; argand also proves the rounding. One process,
one thread; rounds of argand and mpmath alternate, and medians are compared. By hand:
``python benchmarks/bench_exact.py``.
"""

import os
import statistics
import time

import numpy as np

from argand.timing.plan import quick_run

DTYPES = ["complex64", "complex128"]
SAMPLES = ["normal", "float_line"]
FUNCTIONS = ["z*exp(z)", "exp(-z^2)", "1/(1+exp(-z))", "log(1+exp(z))"]
ROUNDS, POINTS, MPMATH_POINTS = 5, 200_000, 1_000
QUICK = 1, 20_000, 100  # the same of a quick run

version = "1"


def setup_cache():
    """Everything, measured once: {(function, dtype, samples): figures}."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    much = QUICK if quick_run() else (ROUNDS, POINTS, MPMATH_POINTS)
    return {(f, d, s): measure(f, d, s, *much) for f in FUNCTIONS for d in DTYPES for s in SAMPLES}


setup_cache.timeout = 600


def measure(function, dtype, samples, rounds, points, mpmath_points):
    """Points per second of argand and of mpmath, their ratio, and what was certified how."""
    from argand.exact.fast import BITS
    from argand.exact.reference import certify
    from argand.frontend.trace import trace_value

    program = trace_value(_tensorflow()[function], [dtype])
    z = draw(samples, dtype, points)
    certify(program, [z], None, dtype)  # kernels are compiled, or loaded, once
    reference = z
    if function == "log(1+exp(z))":  # GMP aborts when mpmath's log adds numbers too far apart
        reference = z[np.abs(z.real) < 1e6]
    reference = reference[:mpmath_points].tolist()
    ours, theirs = [], []
    for _ in range(rounds):
        begin = time.perf_counter()
        exact = certify(program, [z], None, dtype)
        ours.append(points / (time.perf_counter() - begin))
        theirs.append(mpmath_rate(function, reference))
    rate, mpmath = statistics.median(ours), statistics.median(theirs)
    return {
        "rate": rate,
        "mpmath": mpmath,
        "ratio": rate / mpmath,
        "certified": float(exact.certified.mean()),
        "fast": float((exact.bits == BITS).mean()),
    }


def draw(samples, dtype, n):
    """3·normal in each component, or uniform over the float line."""
    from argand.floats import draw_float_line, real_dtype

    rng, real = np.random.default_rng(0), real_dtype(dtype)
    z = np.empty(n, dtype)
    for part in (z.real, z.imag):
        part[:] = 3 * rng.normal(size=n) if samples == "normal" else draw_float_line(rng, n, real)
    return z


def _tensorflow():
    import tensorflow as tf

    return {
        "z*exp(z)": lambda z: z * tf.exp(z),
        "exp(-z^2)": lambda z: tf.exp(-z * z),
        "1/(1+exp(-z))": lambda z: 1 / (1 + tf.exp(-z)),
        "log(1+exp(z))": lambda z: tf.math.log(1 + tf.exp(z)),
    }


def mpmath_rate(function, points):
    """Points per second of value and derivatives by hand; ∂/∂z̄ is zero for all of these."""
    import mpmath

    exp, log, mpc, zero = mpmath.exp, mpmath.log, mpmath.mpc, mpmath.mpc(0)

    def z_exp_z(z):
        e = exp(z)
        f = z * e
        return f, f + e, zero

    def gauss(z):
        f = exp(-z * z)
        return f, -2 * z * f, zero

    def logistic(z):
        f = 1 / (1 + exp(-z))
        return f, f * (1 - f), zero

    def softplus(z):
        e = exp(z)
        return log(1 + e), e / (1 + e), zero

    by_hand = dict(zip(FUNCTIONS, (z_exp_z, gauss, logistic, softplus), strict=True))[function]
    with mpmath.workprec(113):
        begin = time.perf_counter()
        for z in points:
            by_hand(mpc(z))
        return len(points) / (time.perf_counter() - begin)


class Certified:
    """Points per second, the ratio to mpmath, and the share that did not need Arb."""

    params = (FUNCTIONS, DTYPES, SAMPLES)
    param_names = ("function", "dtype", "samples")

    def track_points_per_second(self, cache, *key):
        return cache[key]["rate"]

    def track_ratio_to_mpmath(self, cache, *key):
        return cache[key]["ratio"]

    def track_share_without_arb(self, cache, *key):
        return cache[key]["fast"]


Certified.track_points_per_second.unit = "points/s"


def main():
    print(f"{'function':14} {'dtype':10} {'samples':10} {'argand/s':>9} {'mpmath/s':>9} "
          f"{'ratio':>6} {'certified':>9} {'fast':>7}")  # fmt: skip
    for (function, dtype, samples), m in setup_cache().items():
        print(f"{function:14} {dtype:10} {samples:10} {m['rate']:9.0f} {m['mpmath']:9.0f} "
              f"{m['ratio']:6.0f} {m['certified']:9.5f} {m['fast']:7.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
