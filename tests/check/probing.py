"""What the tests of the probes share: a check with one dtype and few samples, and its kinds."""

import argand
from argand.check import ask


def checked(fn, dtype="float64", modes=("eager",), samples=128, **options):
    """The report of a quick check."""
    return argand.check(fn, dtypes=[dtype], modes=list(modes), samples=samples, **options)


def of_kind(report, kind):
    """The findings of one kind."""
    return [f for f in report.findings if f.kind == kind]


def found_by(probe, fn, dtype="float64", modes=("eager",), samples=64, **options):
    """The findings of one probe, and nobody else's."""
    report = ask([probe], fn, dtypes=[dtype], modes=modes, samples=samples, **options)
    return report.findings
