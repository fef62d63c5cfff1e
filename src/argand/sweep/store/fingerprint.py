"""What a kept result depends on, as hashes: argand's own code, library versions, the machine that
computes in floats, the functions."""

from __future__ import annotations

import hashlib
import inspect
from functools import lru_cache
from pathlib import Path

from argand.passport import passport
from argand.subject import Subject, TargetError

_HERE = Path(__file__).resolve().parents[2]
_REFERENCE = ("frontend/trace.py", "frontend/flattening.py", "program.py", "exact", "floats.py")
_JUDGEMENT = ("frontend", "verdict.py", "sweep")
# Of which these change no tile: who hands out the work, and what is made of tiles.
_BESIDE = ("engine", "schedule", "processes", "cluster", "commit", "results", "proof", "worst")
_SEARCH = ("check", "trial", "sweep/jobs/worst.py")
_PROOF = ("check", "trial", "sweep/jobs/proof.py")


@lru_cache(maxsize=1)
def reference_code() -> str:
    """A hash of all that a certified reference depends on beside the function and samples."""
    return _code(_REFERENCE, ("python-flint",))


def reference_version() -> str:
    """The folder of the references that this code can find again."""
    return reference_code()[:16]


@lru_cache(maxsize=1)
def code() -> str:
    """A hash of all the code that a result may depend on, argand's own and libraries'."""
    return reference_code() + _code(_JUDGEMENT + _SEARCH + _PROOF, ("tensorflow", "numpy"))


@lru_cache(maxsize=1)
def engine() -> str:
    """A hash of all that a tile depends on beside the subject and the study."""
    return reference_code() + _code(_JUDGEMENT, ("tensorflow", "numpy")) + _machine()


@lru_cache(maxsize=1)
def prover() -> str:
    """A hash of all that a check depends on beside the subject."""
    return engine() + _code(_PROOF, ())


@lru_cache(maxsize=1)
def searcher() -> str:
    """A hash of all that a worst case depends on beside its plane."""
    return engine() + _code(_SEARCH, ())


def _machine() -> str:
    """A hash of what in the passport decides which kernels run: another processor may round
    otherwise. A reference is certified, so it is the same everywhere."""
    of = passport()
    parts = (
        of["cpu"]["model"], of["cpu"]["vector_flags"], of["gpus"], of["cuda_packages"],
        of["environment"],
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _code(places: tuple[str, ...], packages: tuple[str, ...]) -> str:
    found = hashlib.sha256()
    for place in places:
        path = _HERE / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if place != "sweep" or file.stem not in _BESIDE:
                found.update(file.read_bytes())
    versions = passport()["versions"]
    found.update(repr([versions[package] for package in packages]).encode())
    return found.hexdigest()


def of_subject(subject: Subject, dtype: str) -> str:
    """A hash of what every variant of ``subject`` computes in ``dtype``: its traced graphs, and
    the text of its file, since eager mode may branch where no graph shows it."""
    from argand.frontend.trace import trace_gradient, trace_value  # TensorFlow: in workers only

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
