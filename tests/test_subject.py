"""Inputs, variants and subjects, and what they refuse."""

import pytest

from argand.subject import Input, TargetError, count_inputs, plane, real, subject
from argand.targets import resolve


def test_an_empty_window_is_refused():
    with pytest.raises(TargetError, match="empty window"):
        real("x", 1.0, 1.0)


def test_an_input_has_entries_along_the_last_axis_or_none():
    @subject(r"\sum_k z_k w", plane("z", (-1, 1), (-1, 1), entries=3), plane("w", (-1, 1), (-1, 1)))
    def weighted(z, w):
        return z * w

    assert weighted.cores == ((3,), ())
    with pytest.raises(TargetError, match="'x' has 0 entries"):
        real("x", 0, 1, entries=0)


def test_inputs_and_signature_must_agree():
    with pytest.raises(TargetError, match=r"takes 2 input\(s\) but 1 are declared"):
        subject("xy", real("x", 0.0, 1.0))(lambda x, y: x * y)


def test_a_variant_name_is_given_once():
    @subject("z", plane("z", (0.0, 1.0), (0.0, 1.0)))
    def identity(z):
        return z

    def custom(z):
        return z

    identity.variant(custom)
    with pytest.raises(TargetError, match="already"):
        identity.variant(custom)


def test_a_dtype_of_the_other_kind_is_refused():
    with pytest.raises(TargetError, match="does not take float32"):
        resolve("z_exp_z").input_dtypes("float32")


def test_inputs_are_counted_through_a_custom_gradient():
    assert count_inputs(resolve("z_exp_z").variants["custom"].fn) == 1


def test_a_function_without_inputs_is_refused():
    with pytest.raises(TargetError, match="takes no tensor"):
        count_inputs(lambda: 1)


def test_a_subject_says_what_its_inputs_are_in_each_dtype():
    @subject("xyz", real("x", 0, 1), plane("z", (0, 1), (0, 1)))
    def product(x, z, scale=1.0):
        """What it is.

        And its gradient.
        """
        return scale * x * z

    assert (product.kind, product.dtypes) == ("complex", ("complex64", "complex128"))
    assert product.input_dtypes("complex64") == ("float32", "complex64")
    assert product.note == "What it is.\n\nAnd its gradient."
    assert product.variants["auto"].subject is product
    assert product(2, 3) == product.auto(2, 3) == 6


def test_a_variant_is_declared_with_limits_or_without():
    @subject("z", plane("z", (0, 1), (0, 1)))
    def identity(z):
        return z

    @identity.variant(limits=("too short",))
    def custom(z):
        """The algebra."""
        return z

    assert identity.custom is custom
    assert (custom.limits, custom.note, custom.subject) == (
        ("too short",),
        "The algebra.",
        identity,
    )
    with pytest.raises(AttributeError, match="no variant 'stable'; there are auto, custom"):
        identity.stable  # noqa: B018


@pytest.mark.parametrize("window", [((0.0, 1.0),), ((0.0, 1.0),) * 3])
def test_a_complex_input_has_two_pairs(window):
    with pytest.raises(TargetError, match=r"is complex and needs 2 \(low, high\) pair"):
        Input("z", "complex", window)


def test_a_signature_that_cannot_be_read_is_refused():
    with pytest.raises(TargetError, match="cannot be read: wrap it in a def"):
        count_inputs(type("Opaque", (), {"__signature__": 3, "__call__": print})())


def test_only_positional_arguments_without_a_default_are_inputs():
    assert count_inputs(lambda x, y, /, z, scale=1, *rest, flag=True: x) == 3
