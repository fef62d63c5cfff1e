"""Finding subjects and targets, and refusing what is none."""

import pytest

from argand.subject import TargetError, count_inputs, plane, real, subject
from argand.targets import catalogue, catalogue_names, resolve


def test_the_catalogue_is_found_by_file_name():
    assert {"z_exp_z", "complex_paraboloid"} <= set(catalogue_names())
    for found in catalogue():
        assert found.variants["auto"].fn is found.plain


@pytest.mark.parametrize("target", ["z_exp_z", "argand.catalogue.z_exp_z:z_exp_z"])
def test_a_catalogue_name_and_a_module_path_name_the_same_subject(target):
    assert resolve(target).name == "z_exp_z"


def test_a_file_path_names_a_function(tmp_path):
    (tmp_path / "mine.py").write_text("def f(z):\n    return z * z\n")
    assert resolve(f"{tmp_path}/mine.py:f")(3) == 9


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("nothing", "neither a subject of the catalogue"),
        ("no_such_module:f", "no module 'no_such_module'"),
        ("no/such/file.py:f", "no file"),
        ("argand.subject:absent", "has no 'absent'"),
        ("argand.subject:DTYPES", "not callable"),
    ],
)
def test_an_unusable_target_is_refused_in_one_line(target, part):
    with pytest.raises(TargetError, match=part) as refusal:
        resolve(target)
    assert "\n" not in str(refusal.value)


def test_a_module_that_raises_at_import_is_refused(tmp_path):
    (tmp_path / "broken.py").write_text("raise RuntimeError('boom\\nbang')\n")
    with pytest.raises(TargetError, match="raised RuntimeError: boom bang"):
        resolve(f"{tmp_path}/broken.py:f")


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
