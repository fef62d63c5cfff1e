"""Value and gradient of every operation, traced and evaluated in balls on both sides."""

import numpy as np
import pytest
import tensorflow as tf
from flint import ctx
from operations import ALONG_AXIS, ELEMENTWISE, cores, draw, dtypes

import argand
from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.parts import value_and_derivatives, vector_jacobian
from argand.frontend.trace import trace_gradient, trace_value

CASES = [
    pytest.param(fn, kinds, id=f"{name}-{kinds}")
    for name, (fn, several) in (ELEMENTWISE | ALONG_AXIS).items()
    for kinds in several
]
# TensorFlow's own formula is wrong there: the conjugate is missing, or (squared_difference,
# a real function) the imaginary part of the upstream counts.
WRONG = {
    "mul_no_nan-cc", "xdivy-cc", "xlogy-cc", "xlog1py-cc", "squared_difference-cc", "silu-c",
    "cumprod-c3",
}  # fmt: skip
ROUNDED_CONSTANTS = 1e-15  # TensorFlow writes 2/√π, √2 and SELU's scale as floats


@pytest.mark.parametrize(("fn", "kinds"), CASES)
def test_the_backward_graph_in_balls_is_the_gradient(fn, kinds, request):
    name = request.node.callspec.id
    rng = np.random.default_rng(3)
    inputs, shapes, types = draw(rng, kinds, 4), cores(kinds), dtypes(kinds)
    complex_inputs = [t.startswith("complex") for t in types]
    program = trace_value(fn, types, shapes)
    out = program.outputs[0]
    u = rng.normal(size=(4, *program.shapes[out][1:]))
    if program.dtypes[out].startswith("complex"):
        u = u + 1j * rng.normal(size=u.shape)
    with ctx.workprec(200):
        forward = value_and_derivatives(program, inputs, complex_inputs)
        truth = vector_jacobian(forward, to_balls(u), complex_inputs)
        backward = trace_gradient(fn, types, shapes)
        ours = evaluate(backward, [to_balls(u), *map(to_balls, inputs)], derivatives=False)
        worst = 0.0
        for o, t in zip(ours, truth, strict=True):
            if o is None:
                assert all(v == 0 for v in t.flat)
                continue
            for a, b in zip(o.value.reshape(t.shape).flat, t.flat, strict=True):
                assert a.is_finite()
                assert b.is_finite()
                if not a.overlaps(b):
                    worst = max(worst, float((abs(a - b) / abs(b)).mid()))
    if name in WRONG:
        assert worst > 0.01, "TensorFlow has corrected it: take it off the list"
    else:
        assert worst < ROUNDED_CONSTANTS
    value = fn(*map(tf.constant, inputs)).numpy()
    tolerance = 1e-6 if "narrow" in name else 1e-12
    np.testing.assert_allclose(rounded(forward[0]), value, rtol=tolerance, atol=tolerance)


def rounded(balls):
    return np.array([complex(b.mid()) for b in balls.flat]).reshape(balls.shape)


@pytest.mark.parametrize(("fn", "kinds"), CASES)
def test_every_operation_is_certified_at_ordinary_points(fn, kinds):
    inputs = draw(np.random.default_rng(4), kinds, 3)
    core = [len(c) for c in cores(kinds)]
    assert argand.exact(fn, *inputs, core=core, upstream=1.0).certified.all()


@pytest.mark.parametrize(
    "name", ["TanhGrad", "SigmoidGrad", "SqrtGrad", "RsqrtGrad", "ReciprocalGrad"]
)
def test_gradient_operations_conjugate_where_the_kernel_does(name):
    act = getattr(tf.raw_ops, name)
    y, u = np.array([0.3 + 0.4j, -2 + 0.1j]), np.array([0.7 - 0.2j, 1 + 3j])
    got = argand.exact(lambda y, u: act(y=y, dy=u), y, u)
    np.testing.assert_allclose(got.value, act(y=y, dy=u).numpy(), rtol=1e-12)
