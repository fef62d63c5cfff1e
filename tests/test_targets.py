"""How a name becomes a function under study, and which names are refused."""

import sys

import pytest

from argand.subject import Subject, TargetError
from argand.targets import catalogue, catalogue_names, from_catalogue, resolve, resolve_all


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
        ("", "names nothing"),
        (":", "names nothing"),
        ("argand.subject:", "names nothing"),
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


def test_subjects_come_sorted_by_name_and_are_imported_when_asked_for():
    names = [subject.name for subject in catalogue()]
    assert names == sorted(catalogue_names()) == list(catalogue_names())
    assert all(isinstance(from_catalogue(name), Subject) for name in names)


def test_an_unknown_subject_is_refused_with_those_there_are():
    with pytest.raises(TargetError, match=r"no subject 'cosine' in the catalogue; it has complex_"):
        from_catalogue("cosine")


def test_an_attribute_of_an_attribute_is_a_target():
    assert resolve("argand.catalogue.z_exp_z:z_exp_z.stable").name == "stable"


def test_a_file_imports_what_lies_beside_it_and_leaves_the_path_as_it_was(tmp_path):
    (tmp_path / "beside_mine.py").write_text("TWO = 2\n")
    (tmp_path / "mine_too.py").write_text(
        "from beside_mine import TWO\ndef f(z):\n    return TWO * z\n"
    )
    before = list(sys.path)
    assert resolve(f"{tmp_path}/mine_too.py:f")(3) == 6
    assert sys.path == before


@pytest.mark.parametrize("raised", ["SystemExit(3)", "KeyError()", "BaseException()"])
def test_an_import_that_raises_is_one_line(tmp_path, raised):
    (tmp_path / "leaves.py").write_text(f"raise {raised}\n")
    with pytest.raises(TargetError, match=raised.partition("(")[0]):
        resolve(f"{tmp_path}/leaves.py:f")


def test_a_dotted_name_is_a_target():
    import tensorflow as tf

    assert resolve("tf.math.xlogy") is tf.math.xlogy
    assert resolve("tensorflow.exp") is tf.exp
    assert resolve("argand.catalogue.z_exp_z.stable").name == "stable"
    with pytest.raises(TargetError, match=r"tensorflow.math has no 'absent'"):
        resolve("tf.math.absent")
    with pytest.raises(TargetError, match="no module 'no_such'"):
        resolve("no_such.thing")


MODULE = """
import tensorflow as tf
from tensorflow import exp

@tf.custom_gradient
def own(x):
    return x * x, lambda u: 2 * u * x

def inside(x):
    @tf.custom_gradient
    def inner(x):
        return x, lambda u: u
    return inner(x)

def plain(x):
    return own(x) + 1
"""


def test_a_file_is_each_of_its_functions_with_a_gradient(tmp_path):
    path = tmp_path / "several_of_mine.py"
    path.write_text(MODULE)
    assert list(resolve_all(str(path))) == [f"{path}:own", f"{path}:inside"]
    with pytest.raises(TargetError, match=r"is a module: name one of .*own"):
        resolve(str(path))
    bare = tmp_path / "bare_of_mine.py"
    bare.write_text("def f(x):\n    return x\n")
    with pytest.raises(TargetError, match="no function with a custom gradient"):
        resolve_all(str(bare))
