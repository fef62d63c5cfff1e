"""What a user imports works as the plain formula does: any shape, in graphs, twice derived."""

import numpy as np
import pytest
import tensorflow as tf
from probing import found_by

from argand.subject import DTYPES, MODES
from argand.targets import catalogue_names, from_catalogue
from argand.trial.points.drawn import generic_points

RIGHT = ("custom", "stable")
EACH = [(name, variant) for name in catalogue_names() for variant in RIGHT]


def example(subject, shape=(6,)):
    """Ordinary inputs of this batch shape."""
    rng = np.random.default_rng(11)
    inputs = []
    for i in subject.inputs:
        dtype = DTYPES[i.kind, 64]
        core = () if i.entries is None else (i.entries,)
        n = int(np.prod((*shape, *core)))
        pairs = tuple((0.3 + 0.1 * low, 0.4 + 0.1 * high) for low, high in i.window)
        inputs.append(generic_points([dtype], pairs, n, rng)[0].reshape((*shape, *core)))
    return inputs


def gradients(fn, inputs):
    with tf.GradientTape() as tape:
        inputs = [tf.convert_to_tensor(x) for x in inputs]
        tape.watch(inputs)
        value = fn(*inputs)
    return [value, *tape.gradient(value, inputs)]


def close(found, expected):
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", catalogue_names())
def test_a_subject_is_whole(name):
    subject = from_catalogue(name)
    assert {"auto", *RIGHT} <= {*subject.variants}
    assert subject.formula
    assert subject.note
    assert all(v.note for v in subject.variants.values())
    assert subject.hard_points
    assert any(character.isdigit() for character in "".join(subject.hard_points))


@pytest.mark.parametrize(("name", "variant"), EACH)
@pytest.mark.parametrize("shape", [(), (2, 3)])
def test_any_shape_is_taken(name, variant, shape):
    subject = from_catalogue(name)
    inputs = example(subject, shape)
    close(gradients(subject.variants[variant], inputs), gradients(subject, inputs))


@pytest.mark.parametrize(("name", "variant"), EACH)
def test_no_entry_is_taken(name, variant):
    subject = from_catalogue(name)
    inputs = example(subject, (0,))
    value, *by = gradients(subject.variants[variant], inputs)
    assert value.shape[0] == 0
    assert [b.shape for b in by] == [x.shape for x in inputs]


@pytest.mark.parametrize(("name", "variant"), EACH)
def test_a_graph_of_unknown_shape_is_taken(name, variant):
    subject = from_catalogue(name)
    inputs = example(subject)
    fn = subject.variants[variant].fn
    signature = [tf.TensorSpec(None, x.dtype) for x in inputs]
    traced = tf.function(lambda *x: gradients(fn, x), input_signature=signature)
    close(traced(*inputs), gradients(subject, inputs))
    shorter = [x[:2] for x in inputs]
    close(traced(*shorter), gradients(subject, shorter))


@pytest.mark.parametrize(("name", "variant"), EACH)
def test_inputs_of_several_shapes_have_gradients_of_their_own(name, variant):
    subject = from_catalogue(name)
    if len(subject.inputs) == 1:
        return
    inputs = example(subject, (3, 2))
    inputs = [x if k == 0 else x[:1] if k % 2 else x[:, :1] for k, x in enumerate(inputs)]
    close(gradients(subject.variants[variant], inputs), gradients(subject, inputs))


@pytest.mark.parametrize(("name", "variant"), EACH)
@pytest.mark.parametrize("mode", [*MODES[:2], pytest.param("xla", marks=pytest.mark.slow)])
def test_the_gradient_has_a_gradient(name, variant, mode):
    subject = from_catalogue(name)
    if mode == "graph" and not any(subject.cores):
        return  # test_second_derivatives_are_certified tells, by certified ones
    inputs = example(subject)
    fn = subject.variants[variant].fn

    def twice(fn):
        def second(*x):
            return gradients(lambda *x: gradients(fn, x)[1], x)[1:]

        return second

    run = twice(fn)
    if mode != "eager":
        run = tf.function(run, jit_compile=mode == "xla", autograph=False)
    expected = twice(subject.plain)(*map(tf.constant, inputs))
    found = run(*map(tf.constant, inputs))
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-11)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "variant"), EACH)
def test_second_derivatives_are_certified(name, variant):
    subject = from_catalogue(name)
    if any(subject.cores):
        return  # what argand certifies of second order is of each number
    # One dtype here, by turns: `make corpus` asks both.
    dtype = subject.dtypes[(catalogue_names().index(name) + RIGHT.index(variant)) % 2]
    assert found_by("second_order", subject.variants[variant], dtype, ["graph"]) == []


@pytest.mark.parametrize(("name", "variant"), EACH)
def test_no_gradient_is_lost_by_keyword(name, variant):
    subject = from_catalogue(name)
    if any(subject.cores):
        return
    assert found_by("keyword", subject.variants[variant], None, ["eager", "graph"]) == []
