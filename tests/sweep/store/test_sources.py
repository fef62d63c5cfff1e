"""The files that a file reaches by its imports are found without running any of them."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argand.sweep.store.sources import Sources, project_of


def write(folder: Path, **files: str) -> Sources:
    """``files`` by dotted name, with a package wherever one holds another, and their sources."""
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Sources((folder,), folder)


def reached(sources: Sources, name: str) -> set[str]:
    folder = sources.within
    return {str(p.relative_to(folder)) for p in sources.reached([folder / name])}


@pytest.mark.parametrize(
    "text",
    ["import pkg.b", "import pkg.b as c", "from pkg import b", "from pkg.b import anything",
     "from pkg.b import *", "def f():\n    if 1:\n        import pkg.b",
     "try:\n    import absent\nexcept ImportError:\n    from pkg import b"],
)  # fmt: skip
def test_every_form_of_import_is_followed(tmp_path, text):
    sources = write(tmp_path, a=text, pkg__b="", pkg__c="")
    (tmp_path / "pkg" / "__init__.py").write_text("")
    assert reached(sources, "a.py") == {"a.py", "pkg/__init__.py", "pkg/b.py"}


@pytest.mark.parametrize("text", ["from . import b", "from .b import x", "from ..pkg import b"])
def test_relative_imports_are_followed(tmp_path, text):
    sources = write(tmp_path, top__pkg__a=text, top__pkg__b="")
    assert reached(sources, "top/pkg/a.py") == {"top/pkg/a.py", "top/pkg/b.py"}


def test_a_package_that_lists_its_folder_imports_what_is_there(tmp_path):
    listed = "import pkgutil\nfor m in pkgutil.iter_modules(__path__): ..."
    sources = write(tmp_path, a="import pkg", pkg__b="", pkg__c="")
    (tmp_path / "pkg" / "__init__.py").write_text(listed)
    assert reached(sources, "a.py") == {"a.py", "pkg/__init__.py", "pkg/b.py", "pkg/c.py"}


def test_what_is_left_out_is_not_followed_either(tmp_path):
    made = write(tmp_path, a="import b", b="import c", c="")
    sources = Sources(made.roots, made.within, {tmp_path / "b.py"})
    assert reached(sources, "a.py") == {"a.py"}


def test_a_file_that_is_no_python_is_still_hashed(tmp_path):
    sources = write(tmp_path, a="def")
    before = sources.hash([tmp_path / "a.py"])
    write(tmp_path, a="def ")
    assert sources.hash([tmp_path / "a.py"]) != before


def test_an_installed_package_is_a_project_of_its_own(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    place = tmp_path / "venv" / "site-packages"
    write(place, mine__ops="import mine.near\nimport other", mine__near="", other="")
    found = project_of(place / "mine" / "ops.py").reached([place / "mine" / "ops.py"])
    assert [p.name for p in found] == ["near.py", "ops.py"]


def test_without_a_project_a_file_has_its_neighbours(tmp_path):
    write(tmp_path, a="import b\nimport json", b="")
    found = project_of(tmp_path / "a.py").reached([tmp_path / "a.py"])
    assert [p.name for p in found] == ["a.py", "b.py"]


@st.composite
def graphs(draw):
    """For each of some files the numbers of those that it imports, circles included."""
    n = draw(st.integers(1, 7))
    return draw(st.lists(st.sets(st.integers(0, n - 1), max_size=3), min_size=n, max_size=n))


def closure(graph):
    found, left = {0}, [0]
    while left:
        for k in graph[left.pop()] - found:
            found.add(k)
            left.append(k)
    return found


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_a_key_changes_exactly_with_the_files_that_are_reached(graph, data):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = {f"m{k}": "".join(f"import m{j}\n" for j in own) for k, own in enumerate(graph)}
        sources = write(folder, **texts)
        first = folder / "m0.py"
        assert reached(sources, "m0.py") == {f"m{k}.py" for k in closure(graph)}
        before = sources.hash([first])
        changed = data.draw(st.integers(0, len(graph) - 1))
        write(folder, **{f"m{changed}": texts[f"m{changed}"] + "pass\n"})
        assert (sources.hash([first]) != before) == (changed in closure(graph))
        write(folder, **texts)
        assert sources.hash([first]) == before
