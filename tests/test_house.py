"""The order of the house, read from the files of src: who may import whom, and how large they are.

A file is named by its path in src/argand, without .py.
"""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "argand"

# Data flows one way: a file imports from its own floor and from those above it in this list.
FLOORS = (
    ("subject", "authored", "declared", "watchdog", "commits", "floats"),
    ("targets", "program", "passport", "verdict"),
    ("catalogue",),
    ("frontend",),
    ("exact",),
    ("trial",),
    ("replay",),
    ("why",),
    ("check",),
    ("sweep",),
    ("timing",),
    ("report",),
    ("compare",),
    ("testing", "cli", "__init__"),
)
# Imported by name: a subject, argand's own functions, the probes and the page's sections that lie
# in their folders, and what carries out a job, which needs TensorFlow.
IMPORTS_BY_NAME = {
    "targets", "__init__", "check/probes/__init__", "report/sections/__init__", "sweep/run/worker",
}  # fmt: skip
TENSORFLOW = ("frontend", "catalogue", "timing")
MOST_FILES, MOST_LINES = 14, 300
STEMS_TWICE = {
    "page": "the report's, and that of a comparison",
    "functions": "the rules of TensorFlow's, and the exact ones that are named",
}  # and those of probes, which are named by what they ask for


@cache
def trees():
    """Each file's syntax tree, by the file's name."""
    return {
        file.relative_to(SRC).with_suffix("").as_posix(): ast.parse(file.read_text())
        for file in sorted(SRC.rglob("*.py"))
    }


def imports(tree):
    """(module, name) of each import in ``tree``, in functions and under TYPE_CHECKING too; the
    name is "" for ``import module``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((node.module, alias.name) for alias in node.names)


def file_of(module, name=""):
    """The file that an import of ``name`` from argand's ``module`` reads."""
    place = module.replace(".", "/").removeprefix("argand").removeprefix("/")
    for path in (f"{place}/{name}", f"{place}/{name}/__init__", place, f"{place}/__init__"):
        if path.strip("/") in trees():
            return path.strip("/")
    raise AssertionError(f"no file for {module} {name}")


def ours(tree):
    """Those of its imports that are from argand."""
    return [(m, n) for m, n in imports(tree) if m.split(".")[0] == "argand"]


def graph():
    """The files that each file imports."""
    return {
        file: {file_of(*pair) for pair in ours(tree)} - {file} for file, tree in trees().items()
    }


def room(file):
    """The folder of src/argand, or the file in it, that ``file`` belongs to."""
    return file.partition("/")[0]


def floor(file):
    """The number of the floor on which ``file`` stands."""
    return next(i for i, rooms in enumerate(FLOORS) if room(file) in rooms)


def in_circles():
    edges = graph()

    def reached(file):
        seen, todo = set(), [file]
        while todo:
            new = edges[todo.pop()] - seen
            seen |= new
            todo += new
        return seen

    return {file for file in edges if file in reached(file)}


def importers_of_tensorflow():
    return {
        file
        for file, tree in trees().items()
        if room(file) not in TENSORFLOW
        and any(module.split(".")[0] == "tensorflow" for module, _ in imports(tree))
    } - {"frontend/start"}


def full_folders():
    counts = defaultdict(int)
    for file in trees():
        folder, _, stem = file.rpartition("/")
        counts[folder] += stem != "__init__"
    return {f for f, count in counts.items() if count > MOST_FILES} - {"catalogue"}


def long_files():
    return {
        file for file in trees() if len((SRC / f"{file}.py").read_text().splitlines()) > MOST_LINES
    }


def classes_twice():
    places = defaultdict(list)
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(file)
    return {name for name, files in places.items() if len(files) > 1}


def stems_twice():
    places = defaultdict(list)
    for file in trees():
        if not file.startswith("check/probes/"):
            places[file.rpartition("/")[2]].append(file)
    return {s for s, files in places.items() if len(files) > 1} - {"__init__", *STEMS_TWICE}


def taken_from_inside():
    """What a file takes from another though its name begins with _: imported, or read of a
    module."""
    for file, tree in trees().items():
        yield from (f"{file} imports {m}.{n}" for m, n in ours(tree) if n.startswith("_"))
        modules = {n for m, n in ours(tree) if n and file_of(m, n) != file_of(m)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                of = node.value.id if isinstance(node.value, ast.Name) else None
                if of in modules:
                    yield f"{file} reads {of}.{node.attr}"


RULES = {
    "circle": (in_circles, "these files import one another in a circle"),
    "tensorflow": (importers_of_tensorflow, "TensorFlow is imported by the front end only"),
    "files": (full_folders, f"a folder has at most {MOST_FILES} files beside __init__"),
    "lines": (long_files, f"a file has at most {MOST_LINES} lines"),
    "class": (classes_twice, "a class's name stands once in src"),
    "stem": (stems_twice, "a file's name stands once, but for those in STEMS_TWICE"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_is_kept(rule):
    found, words = RULES[rule]
    assert sorted(found()) == [], words


def test_no_file_imports_from_a_later_floor():
    later = [
        f"{file} imports {other}"
        for file, others in graph().items()
        for other in others
        if floor(other) > floor(file)
    ]
    assert later == []


def test_each_room_stands_on_one_floor():
    rooms = [name for rooms in FLOORS for name in rooms]
    assert sorted(rooms) == sorted({room(file) for file in trees()})


def test_the_catalogue_is_asked_for_by_name_only():
    outside = {f for f, others in graph().items() if "catalogue" in map(room, others)}
    assert {room(file) for file in outside} <= {"catalogue"}
    by_name = {
        file
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and (getattr(node, "attr", None) or getattr(node, "id", None))
        in ("import_module", "__import__")
    }
    assert by_name == IMPORTS_BY_NAME


def test_what_begins_with_an_underscore_stays_in_its_file():
    assert sorted(taken_from_inside()) == []


def test_a_folder_that_begins_with_an_underscore_serves_the_one_around_it():
    outside = [
        f"{file} imports {other}"
        for file, others in graph().items()
        for other in others
        if "/_" in other.removesuffix("/__init__") and not file.startswith(other.partition("/_")[0])
    ]
    assert outside == []


BROKEN = {
    "exact/a": "from argand.exact import b\nfrom argand.trial.c import _d\nb._e\nclass One: pass",
    "exact/b": "def f():\n    from argand.exact.a import x",
    "exact/__init__": "",
    "trial/a": "import tensorflow.python\nclass One:\n    class One: pass",
    "trial/c": "from argand.exact.a import One",
    "__init__": "",
}


def test_each_rule_sees_what_breaks_it(monkeypatch):
    monkeypatch.setitem(globals(), "trees", lambda: {f: ast.parse(s) for f, s in BROKEN.items()})
    assert in_circles() == {"exact/a", "exact/b", "trial/c"}
    assert importers_of_tensorflow() == {"trial/a"}
    assert classes_twice() == {"One"}
    assert stems_twice() == {"a"}
    assert list(taken_from_inside()) == ["exact/a imports argand.trial.c._d", "exact/a reads b._e"]
    with pytest.raises(AssertionError, match="exact/a imports trial/c"):
        test_no_file_imports_from_a_later_floor()
