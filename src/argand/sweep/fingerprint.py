"""What a kept result depends on, as hashes: argand's own code, library versions, the functions."""

from __future__ import annotations

import hashlib
import inspect
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from argand.subject import Subject, TargetError
from argand.trace import trace_gradient, trace_value

_HERE = Path(__file__).resolve().parents[1]
_REFERENCE = ("trace.py", "exact", "floats.py")
_JUDGEMENT = (
    "probe.py",
    "verdict.py",
    "sweep/tile.py",
    "sweep/grid.py",
    "sweep/components.py",
    "sweep/upstream.py",
    "sweep/judged.py",
    "sweep/extremes.py",
    "sweep/frontier.py",
)
_SEARCH = ("check", "sweep/worst.py")
_PROOF = ("check", "sweep/proof.py")


@lru_cache(maxsize=1)
def reference_code() -> str:
    """A hash of all that a certified reference depends on beside the function and samples."""
    return _code(_REFERENCE, ("python-flint",))


@lru_cache(maxsize=1)
def engine() -> str:
    """A hash of all that a tile depends on beside the subject and the study."""
    return reference_code() + _code(_JUDGEMENT, ("tensorflow", "numpy"))


@lru_cache(maxsize=1)
def prover() -> str:
    """A hash of all that a check depends on beside the subject."""
    return engine() + _code(_PROOF, ())


@lru_cache(maxsize=1)
def searcher() -> str:
    """A hash of all that a worst case depends on beside its plane."""
    return engine() + _code(_SEARCH, ())


def _code(places: tuple[str, ...], packages: tuple[str, ...]) -> str:
    found = hashlib.sha256()
    for place in places:
        path = _HERE / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.update(file.read_bytes())
    for package in packages:
        found.update(version(package).encode())
    return found.hexdigest()


def of_subject(subject: Subject, dtype: str) -> str:
    """A hash of what every variant of ``subject`` computes in ``dtype``: its traced graphs, and
    the text of its file, since eager mode may branch where no graph shows it."""
    dtypes = subject.input_dtypes(dtype)
    cores = subject.cores
    found = hashlib.sha256(trace_value(subject.plain, dtypes, cores).fingerprint().encode())
    for name, variant in subject.variants.items():
        found.update(name.encode())
        for trace in (trace_value, trace_gradient):
            try:
                found.update(trace(variant.fn, dtypes, cores).fingerprint().encode())
            except TargetError as error:
                found.update(str(error).encode())
        file = inspect.getsourcefile(inspect.unwrap(variant.fn))
        if file is not None and Path(file).is_file():
            found.update(Path(file).read_bytes())
    return found.hexdigest()
