"""A key changes with every source that a result depends on, and with no other."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from argand.subject import real, subject
from argand.sweep.jobs.job import MODULES
from argand.sweep.store import fingerprint
from argand.sweep.store.fingerprint import BESIDE, SRC, code, of_function, of_problems
from argand.trial.problems import problems

TILE, FRONTIERS, WORST, PROOF = MODULES
REFERENCE = ("argand.exact.reference", "argand.frontend.trace")


@pytest.fixture
def tree(tmp_path):
    """A copy of argand's sources, of which ``key(*modules)`` is never remembered."""
    shutil.copytree(SRC / "argand", tmp_path / "argand", ignore=shutil.ignore_patterns("*.pyc"))

    class Tree:
        @staticmethod
        def key(*modules):
            return code.__wrapped__(*modules, src=tmp_path)

        @staticmethod
        def changed(name, *modules):
            """Whether the key of ``modules`` changes when the file does, to the same size."""
            before, path = Tree.key(*modules), tmp_path / "argand" / name
            whole = path.read_bytes()
            path.write_bytes(whole + b"#")
            after = Tree.key(*modules)
            path.write_bytes(whole)
            assert Tree.key(*modules) == before
            return after != before

    return Tree


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    "name",
    ["frontend/placement.py", "verdict.py", "exact/rules/functions.py", "exact/__init__.py",
     "frontend/flattening.py", "sweep/store/store.py", "program.py", "floats.py"],
)  # fmt: skip
def test_what_is_on_the_way_of_imports_changes_the_key(tree, module, name):
    assert tree.changed(name, module)


@pytest.mark.parametrize("name", ["trial/search.py", "sweep/jobs/extremes.py"])
def test_a_tile_depends_on_the_measure_by_which_starts_are_chosen(tree, name):
    """The search was not in its key as long as that was a list made by hand."""
    assert tree.changed(name, TILE)
    assert not tree.changed(name, FRONTIERS)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    "name",
    ["sweep/store/results.py", "report/maps.py", "cli/__init__.py", "sweep/run/engine.py",
     "sweep/run/worker.py", "timing/paired.py", "catalogue/softmax.py",
     *(name.removeprefix("argand/") for name in BESIDE)],
)  # fmt: skip
def test_who_reads_or_carries_results_changes_no_key(tree, module, name):
    assert not tree.changed(name, module)


def test_each_kind_of_result_depends_on_its_own_code(tree):
    assert tree.changed("check/repeatable.py", PROOF)
    assert not tree.changed("check/repeatable.py", TILE)
    assert not tree.changed("sweep/jobs/worst_cases.py", TILE)
    assert tree.changed("sweep/jobs/tile.py", WORST)  # which starts from tiles
    assert not tree.changed("sweep/jobs/worst_cases.py", FRONTIERS)


def test_every_probe_is_in_the_key_of_a_check(tree):
    for path in (SRC / "argand" / "check" / "probes").glob("*.py"):
        assert tree.changed(f"check/probes/{path.name}", PROOF), path.name


def test_a_reference_depends_on_exact_and_the_trace_only(tree):
    for name in ("exact/edges/ties.py", "exact/fast/kernels.py", "frontend/trace.py", "program.py"):
        assert tree.changed(name, *REFERENCE), name
    for name in ("verdict.py", "trial/search.py", "sweep/jobs/tile.py", "frontend/runner.py"):
        assert not tree.changed(name, *REFERENCE), name


def test_a_file_that_is_moved_changes_the_key(tree, tmp_path):
    before = tree.key(TILE)
    (tmp_path / "argand" / "floats").mkdir()
    (tmp_path / "argand" / "floats.py").rename(tmp_path / "argand" / "floats" / "__init__.py")
    assert tree.key(TILE) != before


def test_what_is_left_out_exists_and_has_its_reason():
    assert all((SRC / name).is_file() and reason for name, reason in BESIDE.items())


def test_the_library_versions_and_the_machine_are_in_the_key(monkeypatch):
    def keys():
        return fingerprint.software(TILE), fingerprint.computing.__wrapped__(TILE)

    of, before = fingerprint.passport(), keys()
    newer = of | {"versions": of["versions"] | {"tensorflow": "99"}}
    monkeypatch.setattr(fingerprint, "passport", lambda: newer)
    assert all(a != b for a, b in zip(keys(), before, strict=True))
    other = of | {"cpu": of["cpu"] | {"model": "another"}}
    monkeypatch.setattr(fingerprint, "passport", lambda: other)
    assert keys()[0] == before[0]
    assert keys()[1] != before[1]


MINE = """
import numpy
from . import near
def f(x):
    from helpers.deep import scale
    return scale(x)
"""


@pytest.fixture
def project(tmp_path):
    """A project with a package, whose module ``ops`` imports a neighbour, a package beside it,
    and from there a module of the project's src."""
    files = {
        "pyproject.toml": "",
        "mine/__init__.py": "",
        "mine/ops.py": MINE,
        "mine/near.py": "",
        "mine/unused.py": "",
        "helpers/deep.py": "import under\nscale = abs\n",
        "src/under.py": "",
        "numpy.txt": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def key_of_function(project: Path):
    fingerprint._of_file.cache_clear()
    namespace = {}
    path = project / "mine" / "ops.py"
    source = path.read_text().replace("from . import near", "")
    exec(compile(source, str(path), "exec"), namespace)
    return of_function(namespace["f"])


@pytest.mark.parametrize(
    ("name", "counts"),
    [("mine/ops.py", True), ("mine/near.py", True), ("helpers/deep.py", True),
     ("src/under.py", True), ("mine/__init__.py", True), ("mine/unused.py", False),
     ("numpy.txt", False)],
)  # fmt: skip
def test_a_users_function_depends_on_what_its_file_imports_from_its_project(project, name, counts):
    before = key_of_function(project)
    path = project / name
    path.write_text(path.read_text() + "# changed\n")
    assert (key_of_function(project) != before) == counts


def key(subject, dtype):
    return of_problems(problems(subject, [dtype])[0])


def test_a_subjects_key_changes_with_a_module_that_its_file_imports(tmp_path):
    from argand.targets import resolve

    (tmp_path / "helper_of_mine.py").write_text("FACTOR = 2\n")
    (tmp_path / "mine.py").write_text(
        "import argand\nimport helper_of_mine\n"
        "@argand.subject('2x', argand.real('x', 0.0, 1.0))\n"
        "def double(x):\n    return 2 * x\n"
    )
    double = resolve(f"{tmp_path}/mine.py:double")
    before = key(double, "float32")
    fingerprint._of_file.cache_clear()
    assert key(double, "float32") == before
    (tmp_path / "helper_of_mine.py").write_text("FACTOR = 2.0\n")
    fingerprint._of_file.cache_clear()
    assert key(double, "float32") != before


def test_a_function_of_a_library_or_of_no_file_has_no_sources():
    import tensorflow as tf

    assert of_function(tf.exp) == ""
    assert of_function(eval("lambda x: x")) == ""


def test_partial_and_callable_objects_have_the_sources_of_what_they_call():
    class Twice:
        def __call__(self, x):
            return 2 * x

    def twice(x):
        return 2 * x

    assert of_function(twice) != ""
    assert of_function(partial(twice)) == of_function(twice) == of_function(Twice())


def test_a_subject_of_two_dtypes_has_two_keys():
    @subject("x^2", real("x", 0.0, 1.0))
    def square(x):
        return x * x

    assert key(square, "float32") == key(square, "float32")
    assert key(square, "float32") != key(square, "float64")
