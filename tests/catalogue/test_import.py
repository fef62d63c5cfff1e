"""``from argand.catalogue import name`` gives the Subject, however its file came to be loaded."""

import copy
import subprocess
import sys

import pytest

import argand.catalogue
from argand.subject import Subject
from argand.targets import catalogue_names, from_catalogue


def test_a_name_stands_for_the_subject():
    from argand.catalogue import z_exp_z

    assert isinstance(z_exp_z, Subject)
    assert z_exp_z is from_catalogue("z_exp_z")
    assert z_exp_z.stable is z_exp_z.variants["stable"]
    assert {*catalogue_names()} <= {*dir(argand.catalogue)}


def test_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(ImportError):
        from argand.catalogue import nothing_such  # noqa: F401
    with pytest.raises(AttributeError, match=r"no subject 'nothing_such'; there are .*z_exp_z"):
        argand.catalogue.nothing_such  # noqa: B018
    with pytest.raises(AttributeError, match=r"no variant 'absent'; there are auto, .*stable"):
        from_catalogue("z_exp_z").absent  # noqa: B018


def test_a_copy_of_a_subject_has_its_variants():
    assert copy.copy(from_catalogue("z_exp_z")).stable.name == "stable"


AFTER_ANY_IMPORT = """
import sys
from argand.subject import Subject
from argand.targets import catalogue_names
import argand.catalogue
assert "tensorflow" not in sys.modules
import argand.catalogue.z_exp_z
from argand.catalogue.exp_squared import exp_squared as direct
from argand.catalogue import z_exp_z, exp_squared, complex_paraboloid
assert isinstance(z_exp_z, Subject) and isinstance(complex_paraboloid, Subject)
assert exp_squared is direct
from argand.catalogue._numerics import scaling as _scaling
assert _scaling.power
"""


def test_a_name_stands_for_the_subject_after_any_import():
    subprocess.run([sys.executable, "-c", AFTER_ANY_IMPORT], check=True, timeout=120)
