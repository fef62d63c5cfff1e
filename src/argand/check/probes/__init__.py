"""The probes: one question about a gradient a file.

A file of this folder is a probe by being here. It has

- ``KINDS``: the kinds of finding that it gives, each with the advice that goes with it; and
- ``probe(asked, rng)``: the question itself, which yields its findings.

``argand.verdict.KINDS`` ranks the kinds. Probes of graver kinds are asked first, so that a probe
may look at what they found. Each has a random generator of its own, seeded by its name: adding or
removing one moves no other's points.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Protocol

import numpy as np

from argand.check.asked import Asked
from argand.trial.finding import Finding
from argand.verdict import KINDS

SEED = 20
EXPLAINED = "Nothing to mend; if the input is exact as it is, compute in a wider dtype."


class Probe(Protocol):
    """What a file of this folder has."""

    KINDS: Mapping[str, str]

    def probe(self, asked: Asked, rng: np.random.Generator) -> Iterator[Finding]:
        """The findings of one Problem."""


@cache
def probes() -> dict[str, Probe]:
    """Each probe by its name, those of the gravest kinds first."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    found = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return dict(sorted(found.items(), key=lambda pair: min(map(KINDS.index, pair[1].KINDS))))


def advised(name: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """``findings`` of the probe ``name`` with its advice; of a kind that it does not have, and of
    no probe, with that of the probe which has it; of an error that conditioning explains there is
    nothing to mend."""
    own = {name: probes()[name]} if name else {}
    for finding in findings:
        having = (p for p in {**own, **probes()}.values() if finding.kind in p.KINDS)
        advice = EXPLAINED if finding.explained else next(having).KINDS[finding.kind]
        yield replace(finding, advice=advice)


def generator(name: str) -> np.random.Generator:
    """The random numbers of the probe ``name``: the same whatever other probes there are."""
    return np.random.default_rng([SEED, *name.encode()])
