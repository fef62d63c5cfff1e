"""A traced formula in another framework's functions: NumPy's stand in, which the tests have."""

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from argand.frontend.trace import trace_value
from argand.subject import TargetError
from argand.targets import catalogue
from argand.trial.points.drawn import generic_points
from benchmarks.scripts import against
from benchmarks.scripts.peers import Framework, ported

EXTRA = SimpleNamespace(
    complex=lambda a, b: a + 1j * b, sigmoid=lambda x: 1 / (1 + np.exp(-x))
)  # fmt: skip
NUMPY = Framework("NumPy", (np, EXTRA), np.asarray, lambda x, dtype: x.astype(dtype))


def computed(fn, *inputs, cores=None):
    program = trace_value(fn, [x.dtype.name for x in inputs], cores)
    return ported(program, NUMPY)(*inputs)


@pytest.mark.parametrize("subject", list(catalogue()), ids=lambda s: s.name)
def test_every_subject_of_the_catalogue_is_the_same_function_there(subject):
    dtypes = subject.input_dtypes(subject.dtypes[1])
    window = [pair for i in subject.inputs for pair in i.window]
    inputs = generic_points(dtypes, window, 7, np.random.default_rng(1), subject.cores)
    got = computed(subject.plain, *inputs, cores=subject.cores)
    np.testing.assert_allclose(got, subject.plain(*map(tf.constant, inputs)), rtol=1e-10)


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: tf.math.log(tf.reduce_sum(tf.exp(x), axis=-1)),
        lambda x: tf.reduce_max(x, axis=-1, keepdims=True) - tf.reduce_mean(x, -1, keepdims=True),
        lambda x: tf.exp(x) / tf.expand_dims(tf.reduce_sum(tf.exp(x), -1), -1),
        lambda x: tf.where(x > 0, tf.sigmoid(x), tf.cast(tf.cast(x, tf.float32), tf.float64)),
        lambda x: tf.math.real(tf.cast(x, tf.complex128) ** 2) - tf.minimum(x, 0.5),
    ],
)
def test_rows_reductions_and_casts(fn):
    x = np.random.default_rng(2).normal(size=(5, 3))
    np.testing.assert_allclose(computed(fn, x, cores=[(3,)]), fn(tf.constant(x)), rtol=1e-6)


def test_an_operation_without_a_counterpart_is_named():
    with pytest.raises(TargetError, match=r"Cumsum .* has no counterpart"):
        computed(lambda x: tf.cumsum(x, axis=-1), np.ones((2, 3)), cores=[(3,)])
    with pytest.raises(TargetError, match="NumPy has no erf, which Erf would be"):
        computed(tf.math.erf, np.ones(2))


def test_a_wrong_peer_gets_no_time_and_a_right_one_is_compared(monkeypatch):
    def acts(factor):
        def made(program, inputs, upstream):
            (z,) = inputs
            f = ported(program, NUMPY)
            gradient = upstream * np.conj((1 + factor * z) * np.exp(z))
            return {f"peer {factor}": lambda: (f(z), gradient)}

        return made

    monkeypatch.setattr(against, "jax_acts", acts(1))
    monkeypatch.setattr(against, "torch_acts", acts(2))
    subject = next(s for s in catalogue() if s.name == "z_exp_z")
    seconds, refused = against.measured(subject, "complex128", 50, 0.0)
    assert "peer 1" in seconds
    assert "custom xla" in seconds
    assert "wrong at" in refused["peer 2"]
    assert "peer 2" not in seconds


def test_the_table_has_the_fastest_first_and_ratios_to_floor_and_peers():
    times = {"auto xla": 3.0, "exp_copy xla": 1.0, "exp_copy eager": 2.0, "stream xla": 0.5,
             "JAX jit": 2.0, "PyTorch eager": 4.0}  # fmt: skip
    shown = against.table({name: np.full(20, t) for name, t in times.items()}, "title")
    cells = [list(column.cells) for column in shown.columns]
    assert cells[0] == ["stream xla", "exp_copy xla", "JAX jit", "auto xla", "PyTorch eager"]
    assert [str(c.header) for c in shown.columns[2:]] == [
        "÷ exp_copy xla", "÷ JAX jit", "÷ PyTorch eager",
    ]  # fmt: skip
    assert cells[2][3] == "3.00 [3.00 3.00] +"
    assert cells[4][3] == "0.75 [0.75 0.75] −"


def test_a_peer_that_is_not_installed_is_one_line(monkeypatch):
    def absent(*_):
        raise ModuleNotFoundError("No module named 'jax'", name="jax")

    monkeypatch.setattr(against, "jax_acts", absent)
    subject = next(s for s in catalogue() if s.name == "z_exp_z")
    with pytest.raises(TargetError, match="jax is not installed: use `make compare-peers`"):
        against.measured(subject, "complex64", 5, 0.0)
