"""What the tests of the probes share: a quick check, or one probe asked of a function."""

import numpy as np

import argand
from argand.check.asked import Asked
from argand.check.probes import generator, probes
from argand.check.report import Report
from argand.check.samples import Samples
from argand.trial.points.ordinary import ordinary
from argand.trial.problems import problems


def checked(fn, dtype="float64", modes=("eager",), samples=128, **options):
    """The report of a quick check."""
    return argand.check(fn, dtypes=[dtype], modes=list(modes), samples=samples, **options)


def of_kind(report, kind):
    """The findings of one kind."""
    return [f for f in report.findings if f.kind == kind]


def found_by(probe, target, dtypes="float64", modes=("eager",), **options):
    """The findings of one probe, and nobody else's, with ordinary points as samples.

    ``dtypes`` is one dtype, or None for all that the target takes.
    """
    found = []
    made, _ = problems(target, dtypes and [dtypes], **options)
    for problem in made:
        inputs, upstream = ordinary(problem, 16, np.random.default_rng(5))
        samples = Samples(problem, inputs, upstream)
        asked = Asked(problem, tuple(modes), samples, 4.0, 0, False, Report(""))
        found += probes()[probe].probe(asked, generator(probe))
    return found
