"""What all cells share: one process measures the whole suite, paired and interleaved
(``setup_cache``), and the cells only read it, so that none of them imports TensorFlow.

ARGAND_SIZES="1000 10000000" measures at other sizes, ARGAND_SECONDS=600 for as long.
"""

import os
import pickle
from pathlib import Path

from asv_runner.benchmarks.mark import SkipNotImplemented

from argand.targets import catalogue_names
from argand.timing.machine import devices
from argand.timing.plan import FULL, all_sizes, asked, quick_run

SUBJECTS = list(catalogue_names())
VARIANTS = ["auto", "custom", "stable"]
FLOORS = ["exp_copy", "stream"]
PRECISIONS = ["single", "double"]
MODES = ["eager", "graph", "xla"]
SIZES = all_sizes()
LONG = [size for size in SIZES if size >= 100_000]  # below, dispatch is all there is
PARTS = ["forward", "gradient", "second order"]
PARTS_SIZES = list(FULL.parts)
TRANSFERS = ["to device", "from device"]
DEVICES = devices()


def setup_cache():
    """Measure the suite; leave the machine's passport beside asv's results. The cells run in
    the folder that this does, and each reads a file of its subject and quantity alone."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from argand.timing.machine import record_passport
    from argand.timing.suite import Suite

    results = Path(os.environ["ASV_CONF_DIR"], ".asv", "results")
    record_passport(results, os.environ["ASV_COMMIT"])
    suite = Suite(asked(quick_run()), DEVICES, _tell)
    suite.measure(SUBJECTS)
    for subject, quantities in suite.quantities.items():
        for quantity, values in quantities.items():
            _file(subject, quantity).write_bytes(pickle.dumps(values))
        _file(subject, "refused").write_bytes(pickle.dumps(suite.refused.get(subject, {})))
        _file(subject, "skipped").write_bytes(pickle.dumps(suite.skipped.get(subject, {})))
        _file(subject, "complex").write_bytes(pickle.dumps(suite.complex.get(subject)))


setup_cache.timeout = 3600


def _file(subject, quantity):
    return Path(f"{subject}-{quantity}.pickle")


def _tell(notice):
    """Pass a Notice on to whoever watches: asv shows nothing of what setup_cache prints."""
    if "ARGAND_PROGRESS" in os.environ:
        with open(os.environ["ARGAND_PROGRESS"], "a") as file:
            file.write(notice.line())


class NoTime(Exception):
    """The variant's gradient is wrong, or its function raised: it gets no time."""


def found(subject, quantity):
    """What was measured of a subject, by key; of the machine where it has no name."""
    return pickle.loads(_file(subject, quantity).read_bytes())


def read(quantity, subject, *key):
    """A cell's value. Raises NoTime where the variant is wrong, SkipNotImplemented where there
    is no such cell in this run."""
    values = found(subject, quantity)
    if key in values:
        return values[key]
    refused = found(subject, "refused")
    if key in refused:
        raise NoTime(f"{subject} {' '.join(map(str, key))}: {refused[key]}")
    why = found(subject, "skipped").get(key[1:])
    raise SkipNotImplemented(why or f"{subject} {key[0]}: no such {quantity} in this run")


def samples(quantity, subject, *key):
    """Samples as asv wants them: it computes the median and its 99 % interval."""
    return {"samples": read(quantity, subject, *key), "number": 1}
