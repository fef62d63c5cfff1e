"""What a kept result depends on, as hashes: argand's code, the libraries, the machine, the user's
functions."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argand.passport import passport
from argand.subject import TargetError
from argand.sweep.store.sources import Sources, project_of

if TYPE_CHECKING:  # the parent of the workers has no TensorFlow
    from argand.trial.problem import Problem

SRC = Path(__file__).resolve().parents[3]
# Files that the computing code imports, and that change no result; nor do files that only they
# import.
BESIDE = {
    "argand/__init__.py": "gives users' names a home, and would reach every file",
    "argand/passport.py": "reads the machine: what it reads of it is in the keys",
    "argand/watchdog.py": "ends a process that hangs: what it ends leaves no result",
    "argand/sweep/store/fingerprint.py": "makes the keys themselves",
    "argand/sweep/store/sources.py": "likewise",
}
_REFERENCE = ("argand.exact.reference", "argand.frontend.trace")
_COMPUTING = ("python-flint", "tensorflow", "numpy")


@cache
def code(*modules: str, src: Path = SRC) -> str:
    """A hash of every source of argand's, in the folder ``src``, that ``modules`` reach by their
    imports, less those ``BESIDE``."""
    files = [src.joinpath(*module.split(".")).with_suffix(".py") for module in modules]
    return Sources((src,), src, _beside(src)).hash(files)


def _beside(src: Path) -> frozenset[Path]:
    return frozenset(src / name for name in BESIDE)


@lru_cache(maxsize=1)
def reference_code() -> str:
    """A hash of all that a certified reference depends on beside the function and samples. It is
    certified, so it is the same on every machine."""
    return _hash(code(*_REFERENCE), _versions("python-flint"))


def reference_version() -> str:
    """The folder of the references that this code can find again."""
    return reference_code()[:16]


def software(*modules: str) -> str:
    """A hash of all the code that a result of ``modules`` depends on, argand's and libraries'."""
    return _hash(code(*modules), _versions(*_COMPUTING))


@cache
def computing(module: str) -> str:
    """A hash of all that a result of ``module`` depends on beside the subject and the study: the
    code, and what in the passport decides which kernels run, since another processor may round
    otherwise."""
    of = passport()
    machine = (
        of["cpu"]["model"], of["cpu"]["vector_flags"], of["gpus"], of["cuda_packages"],
        of["environment"],
    )  # fmt: skip
    return _hash(software(module), machine)


def _versions(*packages: str) -> list[str]:
    versions = passport()["versions"]
    return [versions[package] for package in packages]


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def of_problems(problems: Iterable[Problem]) -> str:
    """A hash of what ``problems``, the variants of one subject in one dtype, compute: their traced
    graphs, and their files with what those import from their own project, since eager mode may
    branch where no graph shows it."""
    parts = []
    for problem in problems:
        parts += [problem.variant, problem.truth.fingerprint()]
        for quantity in ("forward", "backward"):
            try:
                parts.append(getattr(problem, quantity).fingerprint())
            except TargetError as error:
                parts.append(str(error))
        parts.append(of_function(problem.fn))
    return _hash(*parts)


def of_function(fn: Callable[..., Any]) -> str:
    """A hash of the file that defines ``fn`` and of what it imports from its own project; empty
    where no file does, or a library whose version is in every key."""
    home = inspect.unwrap(fn)
    while isinstance(home, partial):
        home = inspect.unwrap(home.func)
    module = getattr(home, "__module__", None) or type(home).__module__
    if module.partition(".")[0] in _COMPUTING:
        return ""  # its version is in the key
    file = getattr(getattr(home, "__code__", None), "co_filename", None) or getattr(
        sys.modules.get(module), "__file__", None
    )
    if file is None or not Path(file).is_file():
        return ""
    return _of_file(Path(file).resolve())


@cache
def _of_file(file: Path) -> str:
    return project_of(file, _beside(SRC)).hash([file])
