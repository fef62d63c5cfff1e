"""Every finite case of CPython's cmath_testcases.txt: branch cuts, axes and signed zeros."""

import importlib.util
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import argand


def find_testfile():
    spec = importlib.util.find_spec("test")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for name in ("mathdata/cmath_testcases.txt", "cmath_testcases.txt"):
            if (Path(folder) / name).is_file():
                return Path(folder) / name
    return None


FILE = find_testfile()


def log10(z):
    w = tf.math.log(z)  # part by part: dividing by a complex number makes +0 of −0
    ten = tf.math.log(tf.constant(10.0, tf.float64))
    return tf.complex(tf.math.real(w) / ten, tf.math.imag(w) / ten)


FUNCTIONS = {
    "acos": tf.acos, "acosh": tf.acosh, "asin": tf.asin, "asinh": tf.asinh, "atan": tf.atan,
    "atanh": tf.atanh, "cos": tf.cos, "cosh": tf.cosh, "exp": tf.exp, "log": tf.math.log,
    "log10": log10, "sin": tf.sin, "sinh": tf.sinh, "sqrt": tf.sqrt, "tan": tf.tan,
    "tanh": tf.tanh,
}  # fmt: skip


def cases():
    """(id, input, expected output, flags) with finite inputs, by function."""
    found = defaultdict(list)
    for line in FILE.read_text().splitlines() if FILE else ():
        if not line.strip() or line.startswith("--"):
            continue
        left, right = line.split("->")
        name, function, *z = left.split()
        w, flags = right.split()[:2], right.split()[2:]
        z, w = (complex(*map(float, v)) for v in (z, w))
        if function in FUNCTIONS and np.isfinite(z):
            found[function].append((name, z, w, flags))
    return found


def agree(mine, want, ignore_sign):
    if ignore_sign:
        mine, want = abs(mine), abs(want)
    return mine == want and np.signbit(mine) == np.signbit(want)


@pytest.mark.skipif(FILE is None, reason="this Python ships without its own tests")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_finite_case_has_the_tabulated_value(function):
    rows = cases()[function]
    assert len(rows) >= 20
    got = argand.exact(FUNCTIONS[function], np.array([z for _, z, _, _ in rows]))
    wrong = []
    for k, (name, z, want, flags) in enumerate(rows):
        mine = got.value[k]
        if "divide-by-zero" in flags or "invalid" in flags:
            if not got.undefined[k]:
                wrong.append((name, z, mine, "a pole"))
            continue
        # A value is given at the ends of cuts too, where there is no derivative.
        assert got.certified[k] or got.undefined[k], (name, z)
        if not (
            agree(mine.real, want.real, "ignore-real-sign" in flags)
            and agree(mine.imag, want.imag, "ignore-imag-sign" in flags)
        ):
            wrong.append((name, z, mine, want))
    assert not wrong, f"{len(wrong)} of {len(rows)}: {wrong[:12]}"
